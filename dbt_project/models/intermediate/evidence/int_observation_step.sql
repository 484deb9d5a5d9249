-- Grain: observation row of yearly data. Where it lies in its series, and by how much it changed since the row before.
-- Rates and ratios lie as they stand, all else by its decimal logarithm. Figures of an area before and after a change of
-- its ground are on different lines.
--
-- A table of its own, since all lines at once do not fit into memory.
with observation as (
    select
        observation.cell_id,
        observation.series_no,
        observation.ref_area,
        observation.ref_year,
        observation.edition_no,
        observation.obs_value,
        coalesce(ground.ground_no, 0) as ground_no,
        indicator.quantity not in ('rate', 'ratio') as is_logarithm,
        indicator.is_additive,
        area.level || case when area.level in ('prefecture', 'county') then left(observation.ref_area, 2) else '' end
            as peer_group,
        case
            when indicator.quantity in ('rate', 'ratio') then observation.obs_value
            when observation.obs_value > 0 then log10(observation.obs_value)
        end as position
    from {{ ref('int_observation') }} as observation
    inner join {{ ref('int_series') }} as series on observation.series_no = series.series_no
    inner join {{ ref('stg_indicator') }} as indicator on series.indicator = indicator.indicator
    inner join {{ ref('int_ref_area_by_year') }} as area
        on observation.ref_area = area.ref_area and observation.ref_year = area.ref_year
    left join {{ ref('int_area_ground') }} as ground
        on
            observation.ref_area = ground.ref_area and observation.ref_year = ground.ref_year
            and series.source = ground.source and series.indicator = ground.indicator
            and series.area_type = ground.area_type
    where series.freq = 'A'
)

select
    *,
    ref_year - lag(ref_year) over line as gap,
    position - lag(position) over line as change
from observation
window line as (partition by series_no, ref_area, ground_no, edition_no order by ref_year)
