with cell as (
    select * from {{ source('raw', 'cell') }}
),

file as (
    select * from {{ ref('stg_file') }}
),

-- A period as SDMX writes it: 2020, 2020-S1, 2020-Q3, 2020-07; a yearbook's 2020年 is the year. Few labels stand in
-- many cells, so each is read once.
time_label as (
    select
        time_label,
        regexp_extract(
            time_label,
            '^\s*([12][0-9]{3})\s*年?(?:-(S[12]|Q[1-4]|0[1-9]|1[0-2]))?\s*$',
            ['year', 'part']
        ) as period
    from (select distinct time_label from cell) as stated
)

select
    cell.*,
    file.source,
    file.received_on,
    file.stated_vintage,
    coalesce(cell.raw_text, raw.canonical_text(cell.value)) as value_text,
    try_cast(period['year'] as integer) as ref_year,
    nullif(period['year'] || if(period['part'] = '', '', '-' || period['part']), '') as time_period,
    case
        when period['part'] = '' then 'A'
        when period['part'] like 'S%' then 'S'
        when period['part'] like 'Q%' then 'Q'
        else 'M'
    end as period_freq
from cell
inner join file on cell.file_id = file.file_id
left join time_label on cell.time_label = time_label.time_label
