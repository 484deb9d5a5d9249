-- Grain: cell that a label or comment stands beside in which characters were lost or replaced: U+FFFD, question marks for
-- characters, ideographs that only a font maps (compatibility forms, radicals, private use), GBK read as UTF-8 or the
-- reverse. Few labels stand in many cells, so each is looked at once.
with cell as (
    select * from {{ ref('stg_cell') }}
),

label as (
    select distinct ref_area_label as text from cell
    union
    select distinct parent_area_label from cell
    union
    select distinct indicator_label from cell
    union
    select distinct definition from cell
    union
    select distinct obs_comment from cell
),

damaged as (
    select list(text) as texts
    from label
    where
        regexp_matches(
            text,
            '[\x{FFFD}\x{2E80}-\x{2FDF}\x{E000}-\x{F8FF}\x{F900}-\x{FAFF}\x{2F800}-\x{2FA1F}]|\?\?|？？|锟斤拷|烫烫'
            || '|\p{Han}[?？][,，;；、\p{Han}A-Z]|[ÃÂ][\x{80}-\x{BF}]|â€'
        )
),

labelled as (
    select
        cell.cell_id,
        list_intersect(
            [cell.indicator_label, cell.ref_area_label, cell.parent_area_label, cell.definition, cell.obs_comment],
            damaged.texts
        ) as texts
    from cell
    cross join damaged
)

select
    cell_id,
    array_to_string(list_sort(texts), ' / ') as damaged_label
from labelled
where len(texts) > 0
