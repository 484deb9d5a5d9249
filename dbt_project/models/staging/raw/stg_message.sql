select
    code,
    en as text_en,
    zh as text_zh
from {{ source('raw', 'message') }}
