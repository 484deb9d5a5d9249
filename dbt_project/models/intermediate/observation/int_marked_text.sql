-- Grain: source and text as printed, where a footnote sign behind it is declared. Of several the worst status holds.
with mark as (
    select
        source,
        obs_status,
        {{ plain_mark('mark') }} as mark
    from {{ ref('stg_mark') }}
),

-- What is a bare number has no text beside it, and no sign.
printed as (
    select distinct
        cell.source,
        cell.raw_text
    from {{ ref('stg_cell') }} as cell
    semi join mark on cell.source = mark.source
    where cell.raw_text is not null
),

signed as (
    select
        source,
        raw_text,
        unnest({{ marks_of('raw_text') }}) as mark
    from printed
)

select
    signed.source,
    signed.raw_text,
    {{ worst_obs_status('mark.obs_status') }} as obs_status
from signed
inner join mark on signed.source = mark.source and signed.mark = mark.mark
group by signed.source, signed.raw_text
