-- Grain: suspect that repeats, to the last of at least four digits, what stands in the same file for another area, another
-- year or another indicator: it was copied to a wrong place, and what belongs there is not known.
with suspect as (
    select * from {{ ref('int_slip_suspect') }}
    where is_outlier and not is_confirmed and length(ltrim(replace(printed, '.', ''), '0')) >= 4
),

repeated as (
    select
        suspect.cell_id,
        case
            when suspect.indicator = 'disposable_income_per_capita' and series.indicator = 'net_income_per_capita'
                then 'net_for_disposable'
            when observation.ref_year <> suspect.ref_year then 'wrong_year'
            when observation.ref_area <> suspect.ref_area then 'wrong_area'
            else 'wrong_indicator'
        end as slip
    from suspect
    inner join {{ ref('int_observation') }} as observation
        on suspect.file_id = observation.file_id and suspect.obs_value = observation.obs_value
    inner join {{ ref('int_series') }} as series on observation.series_no = series.series_no
    where
        suspect.cell_id <> observation.cell_id
        and (suspect.series_no <> observation.series_no)::integer + (suspect.ref_area <> observation.ref_area)::integer
        + (suspect.ref_year <> observation.ref_year)::integer = 1
)

select
    cell_id,
    min(slip) as slip
from repeated
group by all
