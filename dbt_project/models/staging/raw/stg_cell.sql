with cell as (
    select * from {{ source('raw', 'cell') }}
),

file as (
    select * from {{ ref('stg_file') }}
),

-- A period as SDMX writes it (2020, 2020-S1, 2020-Q3, 2020-07) or as a table prints it (2020年, 2020年3季度,
-- 2020年第三季度, 2020年上半年, 2020年7月). Few labels stand in many cells, so each is read once.
time_label as (
    select
        time_label,
        regexp_extract(
            translate({{ plain_label('time_label') }}, '一二三四', '1234'),
            '^([12][0-9]{3})年?(?:-(S[12]|Q[1-4]|0[1-9]|1[0-2])|(?:第?([1-4])季度?)|([上下])半年|([1-9]|1[0-2])月)?$',
            ['year', 'part', 'quarter', 'half', 'month']
        ) as period
    from (select distinct time_label from cell) as stated
),

time_period as (
    select
        time_label,
        period['year'] as year,
        case
            when period['part'] <> '' then period['part']
            when period['quarter'] <> '' then 'Q' || period['quarter']
            when period['half'] <> '' then if(period['half'] = '上', 'S1', 'S2')
            when period['month'] <> '' then lpad(period['month'], 2, '0')
        end as part
    from time_label
)

select
    cell.*,
    file.source,
    file.received_on,
    file.stated_vintage,
    coalesce(cell.raw_text, raw.canonical_text(cell.value)) as value_text,
    try_cast(time_period.year as integer) as ref_year,
    nullif(concat_ws('-', time_period.year, time_period.part), '') as time_period,
    case
        when time_period.part is null then 'A'
        when time_period.part like 'S%' then 'S'
        when time_period.part like 'Q%' then 'Q'
        else 'M'
    end as period_freq
from cell
inner join file on cell.file_id = file.file_id
left join time_period on cell.time_label = time_period.time_label
