-- Grain: source and indicator label as printed. The declared label that it stands for (the same, or the one that is left
-- when footnote signs and spaces are put aside), or else the registered indicator whose id or name it is. What a source
-- declares for some years means nothing in the others.
with stated as (
    select distinct
        source,
        indicator_label,
        {{ plain_label('indicator_label') }} as plain_label
    from {{ ref('stg_cell') }}
    where indicator_label is not null
),

series as (
    select distinct
        source,
        indicator_label,
        plain_label
    from {{ ref('stg_series') }}
),

declared as (
    select
        stated.source,
        stated.indicator_label,
        series.indicator_label as declared_label
    from stated
    inner join series on stated.source = series.source and stated.plain_label = series.plain_label
    qualify
        series.indicator_label = stated.indicator_label
        or count(*) over (partition by stated.source, stated.indicator_label) = 1
),

registered as (
    select
        stated.source,
        stated.indicator_label,
        any_value(indicator.indicator) as indicator
    from stated
    inner join {{ ref('stg_indicator') }} as indicator
        on
            lower({{ without_marks('trim(stated.indicator_label)') }})
            in (indicator.indicator, indicator.name_zh, lower(indicator.name_en))
    group by all
)

select
    stated.source,
    stated.indicator_label,
    declared.declared_label,
    if(declared.declared_label is null, registered.indicator, null) as indicator
from stated
left join declared on stated.source = declared.source and stated.indicator_label = declared.indicator_label
left join registered on stated.source = registered.source and stated.indicator_label = registered.indicator_label
