-- A file's vintage is the one stated for it, else the one stated for its source; NULL when neither is.
with file as (
    select * from {{ source('raw', 'file') }}
),

source_file as (
    select * from {{ source('raw', 'source_file') }}
),

declared as (
    select * from {{ source('raw', 'source') }}
)

select
    file.file_id,
    file.source,
    file.file_name,
    file.sha256 as file_sha256,
    file.address,
    file.received_at,
    {{ day_in_china('file.received_at') }} as received_on,
    file.cells,
    file.rejects,
    cast(coalesce(source_file.vintage, declared.vintage) as date) as stated_vintage,
    -- The latest year in the name; NULL where there is none.
    list_max(list_transform(
        list_filter(regexp_split_to_array(file.file_name, '[^0-9]+'), lambda part: regexp_full_match(part, '(19|20)[0-9]{2}')),
        lambda part: part::integer
    )) as file_name_year
from file
inner join declared on file.source = declared.source
left join source_file on file.source = source_file.source and file.file_name = source_file.file_name
