{{ config(
    materialized='incremental',
    incremental_strategy='append',
    on_schema_change='fail',
    pre_hook="{% if is_incremental() %}
        delete from {{ this }} where (source, ref_year) in (select (source, ref_year) from {{ ref('stg_pending') }})
    {% endif %}"
) }}

-- The partitions to compute come through a table and not through variables: no text of a user's becomes SQL.
with cell as (
    select stg_cell.*
    from {{ ref('stg_cell') }} as stg_cell
    inner join {{ ref('stg_pending') }} as pending
        on stg_cell.source = pending.source and coalesce(stg_cell.ref_year, 0) = pending.ref_year
),

series as (
    select * from {{ ref('stg_series') }}
),

indicator_label as (
    select * from {{ ref('int_indicator_label') }}
),

area_label as (
    select * from {{ ref('int_ref_area_label') }}
),

unit as (
    select * from {{ ref('int_unit_text') }}
),

marked_text as (
    select * from {{ ref('int_marked_text') }}
),

series_break as (
    select * from {{ ref('stg_series_break') }}
),

indicator as (
    select * from {{ ref('stg_indicator') }}
),

missing_mark as (
    select * from {{ ref('missing_mark') }}
),

-- What stands in the file, brought together with what the source declares of it.
labelled as (
    select
        cell.*,
        area_label.ref_area,
        coalesce(area_label.candidates, 0) as area_candidates,
        area_label.candidate_list as area_candidate_list,
        coalesce(area_label.is_below, true) as area_is_below,
        coalesce(series.indicator, indicator_label.indicator) as indicator,
        coalesce(
            series.area_type,
            case
                when cell.area_type_label is not null then {{ area_type('cell.area_type_label') }}
                when series.indicator is not null then 'total'
            end
        ) as area_type,
        coalesce(cell.unit_text, series.unit_text) as stated_unit,
        coalesce(cell.definition, series.definition) as stated_definition,
        coalesce(cell.basis, series.basis) as stated_basis,
        cell.value_text = '' or missing_mark.text is not null as is_missing
    from cell
    left join area_label
        on
            cell.ref_area_label = area_label.ref_area_label
            and (cell.parent_area_label is not distinct from area_label.parent_area_label)
            and coalesce(cell.ref_year, 0) = area_label.ref_year
    left join indicator_label
        on cell.source = indicator_label.source and cell.indicator_label = indicator_label.indicator_label
    left join series
        on
            cell.source = series.source
            and indicator_label.declared_label = series.indicator_label
            and cell.ref_year between series.first_year and series.last_year
    left join missing_mark
        on missing_mark.text in (upper(cell.raw_text), upper({{ without_marks('cell.raw_text') }}))
),

interpreted as (
    select
        labelled.*,
        indicator.indicator is not null as indicator_known,
        indicator.unit_measure as registered_unit,
        unit.unit_measure,
        unit.multiplier,
        {{ printed_number('labelled.value_text', 'labelled.raw_text is null') }} as printed_value,
        {{ printed_decimals('labelled.value_text', 'labelled.raw_text is null') }} as printed_decimals,
        coalesce(labelled.stated_definition, indicator.default_definition) as in_definition,
        coalesce(
            lower(trim(labelled.stated_basis)),
            case when labelled.ref_year < indicator.basis_since then indicator.earlier_basis end,
            indicator.default_basis
        ) as in_basis,
        {{ vintage_date('labelled.vintage_text') }} as row_vintage,
        coalesce(labelled.obs_status, marked_text.obs_status) as in_obs_status
    from labelled
    left join indicator on labelled.indicator = indicator.indicator
    left join unit on labelled.source = unit.source and labelled.stated_unit = unit.unit_text
    left join marked_text on labelled.source = marked_text.source and labelled.raw_text = marked_text.raw_text
),

-- The last declared break of the series at or before the year.
broken as (
    select
        interpreted.cell_id,
        max(series_break.ref_year) as break_year
    from interpreted
    inner join series_break
        on
            interpreted.source = series_break.source
            and interpreted.indicator = series_break.indicator
            and interpreted.area_type = coalesce(series_break.area_type, interpreted.area_type)
            and interpreted.ref_area = coalesce(series_break.ref_area, interpreted.ref_area)
            and interpreted.ref_year >= series_break.ref_year
    group by all
),

judged as (
    select
        interpreted.*,
        broken.break_year,
        case
            when ref_year is null then 'cell.unreadable_time'
            when area_candidates = 0 then 'cell.unknown_area'
            when not area_is_below then 'cell.area_outside_parent'
            when area_candidates > 1 then 'cell.ambiguous_area'
            when not indicator_known then 'cell.unknown_indicator'
            when area_type is null then 'cell.unknown_area_type'
            when is_missing then null
            when coalesce(trim(stated_unit), '') = '' then 'cell.missing_unit'
            when unit_measure is null then 'cell.unknown_unit'
            when unit_measure <> registered_unit then 'cell.wrong_unit'
            when printed_value is null then 'cell.not_a_number'
            when abs(printed_value::double * multiplier) >= 1e17 then 'cell.too_large'
            when vintage_text is not null and row_vintage is null then 'cell.unreadable_vintage'
            when upper(freq) <> period_freq then 'cell.wrong_freq'
            when lower(accumulation) not in ('period', 'ytd') then 'cell.unknown_accumulation'
            when obs_status is not null and not regexp_full_match(obs_status, '[A-Z]') then 'cell.unknown_obs_status'
            when conf_status is not null and not regexp_full_match(conf_status, '[A-Z]') then 'cell.unknown_conf_status'
            when conf_status <> 'F' then 'cell.confidential'
        end as reject_reason
    from interpreted
    left join broken on interpreted.cell_id = broken.cell_id
)

select
    cell_id,
    file_id,
    sheet_no,
    row_no,
    col_no,
    source,
    coalesce(ref_year, 0) as ref_year,
    time_period,
    period_freq as freq,
    coalesce(lower(accumulation), 'period') as accumulation,
    ref_area,
    indicator,
    area_type,
    in_definition as definition,
    in_basis as basis,
    break_year,
    coalesce(row_vintage, stated_vintage, received_on) as vintage,
    row_vintage is null and stated_vintage is null as vintage_inferred,
    coalesce(in_obs_status, 'A') as obs_status,
    coalesce(conf_status, 'F') as conf_status,
    unit_measure,
    stated_unit as unit_text,
    multiplier,
    is_missing,
    reject_reason,
    case reject_reason
        when 'cell.unreadable_time' then time_label
        when 'cell.unknown_area' then ref_area_label || coalesce(' → ' || area_candidate_list || '?', '')
        when 'cell.area_outside_parent' then parent_area_label || ' / ' || ref_area_label || ' → ' || area_candidate_list
        when 'cell.ambiguous_area' then ref_area_label || ' → ' || area_candidate_list
        when 'cell.unknown_indicator' then indicator_label
        when 'cell.unknown_area_type' then area_type_label
        when 'cell.missing_unit' then indicator_label
        when 'cell.unknown_unit' then stated_unit
        when 'cell.wrong_unit' then stated_unit || ' → ' || registered_unit
        when 'cell.unreadable_vintage' then vintage_text
        when 'cell.unknown_obs_status' then obs_status
        when 'cell.wrong_freq' then freq || ' → ' || time_period
        when 'cell.unknown_accumulation' then accumulation
        when 'cell.unknown_conf_status' then conf_status
        when 'cell.confidential' then conf_status
        else value_text
    end as reject_text,
    case
        when reject_reason is not null or is_missing then null
        when multiplier = trunc(multiplier) then printed_value * multiplier::bigint
        -- Of a factor with a fraction, such as that of mu (1/15), a DOUBLE keeps fifteen digits.
        else cast(format('{:.15g}', printed_value::double * multiplier) as decimal(38, 15))
    end as exact_value,
    greatest(0, printed_decimals - coalesce(log10(multiplier), 0))::integer as decimals,
    printed_decimals::integer as printed_decimals
from judged
