-- Grain: observation row. All that the rules look at; NULL says that it cannot be told.
with observation as (
    select * from {{ ref('int_observation') }}
),

indicator as (
    select * from {{ ref('stg_indicator') }}
),

-- What a message calls the series, in both languages.
series as (
    select
        series.*,
        {{ series_in_words('indicator', 'series.area_type') }}
    from {{ ref('int_series') }} as series
    inner join indicator on series.indicator = indicator.indicator
),

interpolation as (
    select * from {{ ref('int_interpolation') }}
)

select
    observation.cell_id,
    series.source,
    source.authority,
    observation.ref_area,
    area.name_zh as ref_area_name,
    coalesce(area.name_en, area.name_zh) as ref_area_name_en,
    area.level as ref_area_level,
    area.parent,
    series.freq,
    observation.time_period,
    series.accumulation,
    observation.ref_year,
    series.indicator,
    series.area_type,
    series.what_en,
    series.what_zh,
    series.definition,
    series.basis,
    observation.vintage,
    observation.revision_no,
    observation.obs_value,
    indicator.unit_measure,
    observation.multiplier,
    observation.unit_text,
    observation.decimals,
    observation.printed_decimals,
    cell.value_text as raw_text,
    file.file_name,
    sheet.sheet_name,
    {{ cell_address('file.address', 'cell.row_no', 'cell.col_no') }} as cell,
    indicator.quantity,
    indicator.min_value,
    indicator.max_value,
    observation.key_count,
    year(file.received_on)::integer as latest_year_allowed,
    trend.previous_value,
    trend.next_value,
    case
        when indicator.quantity not in ('rate', 'ratio') and trend.previous_value > 0
            then 100 * (observation.obs_value / trend.previous_value - 1)
    end as growth_pct,
    case when indicator.quantity = 'rate' then observation.obs_value - trend.previous_value end as change_pp,
    trend.expected_value,
    trend.neighbours,
    case when indicator.quantity not in ('rate', 'ratio') then trend.deviation end as deviation_log10,
    case when indicator.quantity = 'rate' then trend.deviation end as deviation_pp,
    trend.deviation_z,
    trend.peer_growth_z,
    trend.expectation,
    slip.slip,
    slip.suggested_value as slip_value,
    slip.share as slip_share,
    carrier.identity,
    carrier.residual as identity_residual,
    carrier.tolerance as identity_tolerance,
    against_parent.column_areas,
    against_parent.column_deviation_log10,
    100 * (pow(10, against_parent.column_deviation_log10) - 1) as column_deviation_pct,
    100 * (pow(10, against_parent.column_step_log10) - 1) as column_step_pct,
    against_parent.column_deviation_z,
    against_parent.parent_value,
    against_parent.ratio_to_parent,
    partner.urban_value,
    partner.rural_value,
    partner.total_value,
    partner.urban_rural_ratio,
    partner.pair_suspect,
    partner.implied_urban_weight_pct,
    partner.urbanization_recomputed_pct,
    -- Half a unit of the last printed place, and half of 10,000 persons in the two populations.
    case
        when partner.urbanization_recomputed_pct is not null
            then 0.5 / pow(10, observation.decimals) + 100 * 10000 / partner.residents
    end as urbanization_tolerance_pp,
    case
        when series.indicator = 'median_disposable_income_per_capita' and mean.income > 0
            then 100 * observation.obs_value / mean.income
    end as median_to_mean_pct,
    case
        when series.area_type = 'total' and series.indicator = 'disposable_income_per_capita' and observation.obs_value > 0
            then
                100 * (
                    (urban_share.share * partner.urban_value + (1 - urban_share.share) * partner.rural_value)
                    / observation.obs_value - 1
                )
    end as weighted_mean_difference_pct,
    observation.obs_value = trend.previous_value as same_as_previous,
    interpolation.interpolated,
    series.usual_decimals,
    observation.decimals - series.usual_decimals as extra_decimals,
    area.area_years_off,
    case when observation.ref_year >= 1981 then coalesce(ground.boundary_changes, 0) end as boundary_changes,
    ground.boundary_change,
    result.result_recomputed,
    result.result_tolerance,
    if(so_far.cell_id is null, null, trend.previous_value - observation.obs_value) as cumulative_fall,
    partner.registered_rate_pct,
    partner.resident_rate_pct,
    case
        when indicator.quantity not in ('rate', 'ratio') and revision.preceding_value > 0
            then 100 * (observation.obs_value / revision.preceding_value - 1)
        when indicator.quantity = 'rate' then observation.obs_value - revision.preceding_value
    end as revision_pct,
    revision.preceding_value,
    revision.preceding_vintage,
    misread.misread_as,
    misread.misread_candidate,
    damaged_label.damaged_label,
    file.file_name_year,
    twin.row_figures,
    twin.column_figures,
    twin.twin_row,
    twin.twin_column,
    rival.rival_source,
    rival.rival_authority,
    rival.rival_value,
    rival.rival_difference_pct,
    rival.rival_suspect,
    digits.cell_id is not null as speaks_for_series,
    digits.series_figures,
    digits.heaped_pct,
    digits.heaping_chi2,
    digits.first_digit_deviation,
    misplaced.placed_areas,
    misplaced.row_shift,
    misplaced.fits_column,
    children.children_asked,
    children.children_low,
    children.children_high,
    children.children_position,
    children.children_mean,
    children.children_mean_rounding,
    children_carrier.whole_area,
    children_carrier.whole_area_name,
    children_carrier.whole_area_name_en,
    children_carrier.whole_value,
    children_carrier.children_sum,
    children_carrier.children_difference_pct,
    children_carrier.children_rounding_pct,
    part.part_value,
    part.containing_value,
    part.part_ratio,
    registration.residents,
    registration.registrants,
    registration.resident_to_registered,
    census.census_step,
    case when trend.previous_value is not null then coalesce(repeated.repeated_indicators, 0) end as repeated_indicators,
    tooth.tooth_log10,
    declared_event.declared_event_en,
    declared_event.declared_event_zh
from observation
inner join series on observation.series_no = series.series_no
inner join indicator on series.indicator = indicator.indicator
inner join {{ ref('stg_source') }} as source on series.source = source.source
inner join {{ ref('stg_cell') }} as cell on observation.cell_id = cell.cell_id
inner join {{ ref('stg_file') }} as file on observation.file_id = file.file_id
left join {{ ref('stg_sheet') }} as sheet on cell.file_id = sheet.file_id and cell.sheet_no = sheet.sheet_no
inner join {{ ref('int_ref_area_by_year') }} as area
    on observation.ref_area = area.ref_area and observation.ref_year = area.ref_year
left join {{ ref('int_area_ground') }} as ground
    on
        observation.ref_area = ground.ref_area and observation.ref_year = ground.ref_year
        and series.source = ground.source and series.indicator = ground.indicator
        and series.area_type = ground.area_type
left join {{ ref('int_observation_trend') }} as trend on observation.cell_id = trend.cell_id
left join {{ ref('int_observation_slip') }} as slip on observation.cell_id = slip.cell_id
left join {{ ref('int_identity_carrier') }} as carrier on observation.cell_id = carrier.cell_id
left join {{ ref('int_column_against_parent') }} as against_parent on observation.cell_id = against_parent.cell_id
left join {{ ref('int_observation_partner') }} as partner on observation.cell_id = partner.cell_id
left join {{ ref('int_reported_result') }} as result on observation.cell_id = result.cell_id
left join {{ ref('int_total_so_far') }} as so_far on observation.cell_id = so_far.cell_id
left join {{ ref('int_mean_income') }} as mean
    on
        series.source = mean.source and observation.vintage = mean.vintage
        and observation.ref_area = mean.ref_area and observation.ref_year = mean.ref_year
        and series.basis = mean.basis and series.area_type = mean.area_type
left join {{ ref('int_urban_share') }} as urban_share
    on
        series.source = urban_share.source and observation.ref_area = urban_share.ref_area
        and observation.ref_year = urban_share.ref_year
left join interpolation on observation.cell_id = interpolation.cell_id
left join {{ ref('int_observation_revision') }} as revision on observation.cell_id = revision.cell_id
left join {{ ref('int_observation_misread') }} as misread on observation.cell_id = misread.cell_id
left join {{ ref('int_damaged_label') }} as damaged_label on observation.cell_id = damaged_label.cell_id
left join {{ ref('int_observation_twin') }} as twin on observation.cell_id = twin.cell_id
left join {{ ref('int_observation_rival') }} as rival on observation.cell_id = rival.cell_id
left join {{ ref('int_series_digits') }} as digits on observation.cell_id = digits.cell_id
left join {{ ref('int_column_misplaced') }} as misplaced on observation.cell_id = misplaced.cell_id
left join {{ ref('int_children_by_parent') }} as children on observation.cell_id = children.cell_id
left join {{ ref('int_children_carrier') }} as children_carrier on observation.cell_id = children_carrier.cell_id
left join {{ ref('int_part_of_whole') }} as part on observation.cell_id = part.cell_id
left join {{ ref('int_resident_to_registered') }} as registration on observation.cell_id = registration.cell_id
left join {{ ref('int_census_step') }} as census on observation.cell_id = census.cell_id
left join {{ ref('int_repeated_row') }} as repeated on observation.cell_id = repeated.cell_id
left join {{ ref('int_tooth') }} as tooth on observation.cell_id = tooth.cell_id
left join {{ ref('int_declared_event') }} as declared_event on observation.cell_id = declared_event.cell_id
