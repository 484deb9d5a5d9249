-- Grain: cell that should hold a number and does not. Where its text is a number with a letter for a digit, a percent sign
-- misread, a line break or a unit inside, what it may have meant; nothing is loaded in its place.
with cell as (
    select * from {{ ref('int_cell') }}
    where reject_reason = 'cell.not_a_number'
),

series as (
    select * from {{ ref('int_series') }}
),

observation as (
    select * from {{ ref('int_observation') }}
    where edition_no = 1
),

indicator as (
    select * from {{ ref('stg_indicator') }}
),

taken_apart as (
    select
        cell.*,
        {{ joined_lines('cell.reject_text') }} as text,
        {{ misread_percent('text') }} as misread_sign,
        if(misread_sign = '', {{ text_after_number('text') }}, misread_sign) as tail,
        left(text, length(text) - length(tail)) as body,
        regexp_matches(body, '[lLI|OoSsBZz]') as has_letter,
        regexp_matches(trim(cell.reject_text), '[\r\n]') as is_broken
    from cell
),

-- What stands behind the number must be a unit of its indicator. "1." is scanned as L: with no other point the point may
-- stand behind it.
readable as (
    select
        taken_apart.* exclude (multiplier),
        case
            when taken_apart.tail = '' then taken_apart.multiplier
            when taken_apart.misread_sign = '' then unit.multiplier
            when taken_apart.unit_measure = 'PCT' then 1
        end as multiplier,
        list_distinct([
            taken_apart.body,
            if(
                strpos(taken_apart.body, '.') = 0,
                regexp_replace(taken_apart.body, 'L([0-9OoSsBZz])', '1.\1'),
                taken_apart.body
            )
        ]) as bodies
    from taken_apart
    left join {{ ref('stg_unit') }} as unit
        on
            taken_apart.unit_measure = unit.unit_measure
            and upper({{ plain_unit('taken_apart.tail') }}) = upper(unit.plain_unit)
            and (unit.source is null or taken_apart.source = unit.source)
    where
        regexp_full_match(taken_apart.body, '[+-]?[0-9lLI|OoSsBZz]+([.][0-9lLI|OoSsBZz]+)?')
        and regexp_matches(taken_apart.body, '[0-9]')
        and (taken_apart.tail <> '' or taken_apart.has_letter or taken_apart.is_broken)
        and (taken_apart.tail = '' or taken_apart.misread_sign <> '' or unit.multiplier is not null)
    qualify row_number() over (partition by taken_apart.cell_id order by unit.source nulls last) = 1
),

reading as (
    select
        readable.cell_id,
        case
            when readable.misread_sign <> '' then 'misread_percent_sign'
            when readable.has_letter then 'letter_for_digit'
            when readable.tail <> '' then 'unit_in_value'
            else 'broken_line'
        end as misread_as,
        indicator.min_value,
        indicator.max_value,
        try_cast({{ letters_as_digits('readings.body') }} as decimal(38, 15))::double * readable.multiplier as value
    from readable
    cross join lateral (select unnest(readable.bodies) as body) as readings
    inner join indicator on readable.indicator = indicator.indicator
),

possible as (
    select
        cell_id,
        any_value(misread_as) as misread_as,
        list(distinct value order by value desc) filter (
            where value between coalesce(min_value, value) and coalesce(max_value, value)
        ) as readings
    from reading
    group by cell_id
),

-- The years around in the same area, else the other areas of the same level in the year.
around as (
    select
        cell.cell_id,
        median(observation.obs_value) as expected_value
    from cell
    inner join series
        on
            cell.source = series.source and cell.freq = series.freq and cell.accumulation = series.accumulation
            and cell.indicator = series.indicator and cell.area_type = series.area_type
            and cell.definition = series.definition and cell.basis = series.basis
    inner join observation
        on
            series.series_no = observation.series_no and cell.ref_area = observation.ref_area
            and abs(cell.ref_year - observation.ref_year) between 1 and 3
    group by all
),

area as (
    select
        cell.cell_id,
        area.level,
        area.name_zh,
        area.name_en
    from cell
    inner join {{ ref('int_ref_area') }} as area on cell.ref_area = area.ref_area
    qualify
        row_number() over (
            partition by cell.cell_id
            order by
                cell.ref_year between area.valid_from and coalesce(area.valid_to - 1, 9999) desc,
                abs(cell.ref_year - area.valid_from)
        ) = 1
),

peers as (
    select
        cell.cell_id,
        median(observation.obs_value) as expected_value
    from cell
    inner join area on cell.cell_id = area.cell_id
    inner join series
        on
            cell.source = series.source and cell.freq = series.freq and cell.accumulation = series.accumulation
            and cell.indicator = series.indicator and cell.area_type = series.area_type
            and cell.definition = series.definition and cell.basis = series.basis
    inner join observation
        on series.series_no = observation.series_no and cell.time_period = observation.time_period
    inner join {{ ref('int_ref_area_by_year') }} as peer
        on
            observation.ref_area = peer.ref_area and observation.ref_year = peer.ref_year
            and area.level = peer.level
    group by all
    having count(*) >= 5
),

expected as (
    select
        cell.*,
        area.name_zh,
        area.name_en,
        coalesce(around.expected_value, peers.expected_value) as expected_value
    from cell
    inner join area on cell.cell_id = area.cell_id
    left join around on cell.cell_id = around.cell_id
    left join peers on cell.cell_id = peers.cell_id
),

-- The reading nearest to the expectation, within half as much again of it.
nearest as (
    select
        expected.cell_id,
        arg_min(reading.value, abs(log10(reading.value / expected.expected_value))) as value
    from expected
    inner join reading on expected.cell_id = reading.cell_id
    where
        reading.value > 0 and expected.expected_value > 0
        and abs(log10(reading.value / expected.expected_value)) < log10(1.5)
    group by all
),

-- What is sent again under the same name, or as a number of the same period, takes its place.
later as (
    select distinct cell.cell_id
    from cell
    inner join {{ ref('stg_file') }} as file on cell.file_id = file.file_id
    inner join {{ ref('stg_file') }} as again
        on file.source = again.source and file.file_name = again.file_name and file.file_id < again.file_id
    union
    select distinct cell.cell_id
    from cell
    inner join series
        on
            cell.source = series.source and cell.freq = series.freq and cell.accumulation = series.accumulation
            and cell.indicator = series.indicator and cell.area_type = series.area_type
            and cell.definition = series.definition and cell.basis = series.basis
    inner join observation
        on
            series.series_no = observation.series_no and cell.ref_area = observation.ref_area
            and cell.time_period = observation.time_period and cell.file_id < observation.file_id
)

select
    expected.cell_id,
    expected.file_id,
    expected.sheet_no,
    expected.row_no,
    expected.col_no,
    expected.source,
    expected.ref_area,
    expected.name_zh as ref_area_name,
    coalesce(expected.name_en, expected.name_zh) as ref_area_name_en,
    expected.freq,
    expected.time_period,
    expected.accumulation,
    expected.ref_year,
    expected.indicator,
    expected.area_type,
    {{ series_in_words('indicator', 'expected.area_type') }},
    expected.definition,
    expected.basis,
    expected.vintage,
    expected.unit_measure,
    expected.unit_text,
    expected.multiplier,
    expected.reject_text as raw_text,
    file.file_name,
    sheet.sheet_name,
    {{ cell_address('file.address', 'expected.row_no', 'expected.col_no') }} as cell,
    expected.expected_value,
    possible.misread_as,
    array_to_string(list_transform(possible.readings, lambda reading: format('{:.10g}', reading)), ' / ') as readings,
    -- A ratio of two like amounts is of the order of one, so of two readings that nothing else tells apart it is the
    -- smaller; of other units either may be meant.
    case
        when len(possible.readings) = 1 then possible.readings[1]
        when nearest.value is not null then nearest.value
        when expected.expected_value is null and expected.unit_measure = 'RATIO' then possible.readings[-1]
    end as misread_candidate,
    later.cell_id is null as is_in_force
from expected
inner join indicator on expected.indicator = indicator.indicator
inner join {{ ref('stg_file') }} as file on expected.file_id = file.file_id
left join {{ ref('stg_sheet') }} as sheet on expected.file_id = sheet.file_id and expected.sheet_no = sheet.sheet_no
left join possible on expected.cell_id = possible.cell_id
left join nearest on expected.cell_id = nearest.cell_id
left join later on expected.cell_id = later.cell_id
