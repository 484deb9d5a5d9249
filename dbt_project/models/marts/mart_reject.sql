with rejected as (
    select
        file_id,
        sheet_no,
        row_no,
        col_no,
        reason,
        raw_text,
        cast(null as bigint) as cell_id
    from {{ ref('stg_reject') }}
    union all
    select
        file_id,
        sheet_no,
        row_no,
        col_no,
        reject_reason as reason,
        reject_text as raw_text,
        cell_id
    from {{ ref('int_cell') }}
    where reject_reason is not null
),

latest as (
    select
        source,
        file_name,
        max(file_id) as file_id
    from {{ ref('stg_file') }}
    group by all
),

-- Of a file that was sent again each place stands once, as it was read last.
addressed as (
    select
        file.source,
        file.file_name,
        file.file_sha256,
        sheet.sheet_name as sheet,
        case
            when rejected.col_no is not null
                then {{ cell_address('file.address', 'rejected.row_no', 'rejected.col_no') }}
        end as cell,
        rejected.row_no::integer as row_no,
        rejected.reason,
        rejected.raw_text,
        coalesce(message.text_en, rejected.reason) as text_en,
        coalesce(message.text_zh, rejected.reason) as text_zh,
        unreadable.misread_candidate as suggested_value,
        unreadable.misread_as as diagnosis,
        file.received_at,
        -- Sent again under the same name, or the figure itself by another file.
        if(file.file_id < latest.file_id or not coalesce(unreadable.is_in_force, true), 'superseded', 'open')
            as disposition
    from rejected
    inner join {{ ref('stg_file') }} as file on rejected.file_id = file.file_id
    inner join latest on file.source = latest.source and file.file_name = latest.file_name
    left join {{ ref('stg_sheet') }} as sheet on rejected.file_id = sheet.file_id and rejected.sheet_no = sheet.sheet_no
    left join {{ ref('stg_message') }} as message on rejected.reason = message.code
    left join {{ ref('int_unreadable_evidence') }} as unreadable on rejected.cell_id = unreadable.cell_id
    qualify
        rank() over (
            partition by
                file.source, file.file_name, file.file_sha256,
                sheet.sheet_name, rejected.row_no, rejected.col_no, rejected.reason
            order by file.file_id desc
        ) = 1
)

select
    source,
    file_name,
    file_sha256,
    sheet,
    cell,
    row_no,
    reason,
    raw_text,
    {{ filled_in('text_en') }} as message_en,
    {{ filled_in('text_zh') }} as message_zh,
    suggested_value,
    diagnosis,
    disposition,
    received_at
from addressed
