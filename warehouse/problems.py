"""What is wrong with what the sources sent, one row a problem, as whoever sent it can look it up and answer it.

Here: open flags, rejects and gaps brought into one form, amounts in the unit that the cell was printed in. Not here:
which values are implausible (`expectations/`), how the list looks (`orchestration/quality_site.py`).
"""

from __future__ import annotations

from collections.abc import Mapping

import duckdb
import polars as pl

# A column of another concept is one problem, however many areas stand in it.
WHOLE_COLUMN = ("another_concept", "copied_column", "shifted_column", "shifted_rows")
# What reorders or hides other text has no place in a list that people mail around.
UNSEEN = r"[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]"

# A value that was suggested is shown as it would be printed; a bound was computed, and is rounded to be read.
_PRINTED = "round({} / unit_multiplier, 9)"
_ROUNDED = """round(
    {0} / unit_multiplier,
    case when abs({0} / unit_multiplier) >= 100 then 1 when abs({0} / unit_multiplier) >= 10 then 2 else 4 end
)"""

_OPEN = f"""
with flag as (
    select
        flag.*,
        indicator.name_en as indicator_en,
        indicator.name_zh as indicator_zh,
        coalesce(area.name_en, flag.ref_area_name) as ref_area_en,
        list_position(['error', 'warning', 'information'], severity) as gravity,
        diagnosis in {WHOLE_COLUMN} and count(distinct flag.ref_area) over (
            partition by rule, source, file_name, sheet, indicator, area_type, freq, time_period, accumulation
        ) > 1 as is_column
    from marts.mart_quality_flag as flag
    inner join marts.dim_indicator as indicator using (indicator)
    left join marts.dim_ref_area as area
        on flag.ref_area = area.ref_area
        and flag.ref_year >= area.valid_from and flag.ref_year < coalesce(area.valid_to, 9999)
    where disposition in ('open', 'queried', 'pending')
),

-- What is one problem: a value, or under a rule the column that it stands in.
keyed as (
    select
        *,
        struct_pack(
            source, file_name, sheet, indicator, area_type, freq, time_period, accumulation, is_column,
            place := if(is_column, rule, cell), area := if(is_column, null, ref_area),
            value := if(is_column, null, obs_value)
        ) as about
    from flag
),

marked as (
    select *, min_by(severity, gravity) over (partition by about) as gravest
    from keyed
),

finding as (
    select
        any_value(gravest) as kind,
        source,
        file_name,
        sheet,
        min_by(cell, length(cell) || cell) as cell,
        max_by(cell, length(cell) || cell) as last_cell,
        count(distinct ref_area) as areas,
        any_value(ref_area) as ref_area,
        any_value(ref_area_en) as ref_area_en,
        any_value(ref_area_name) as ref_area_zh,
        time_period,
        indicator_en,
        indicator_zh,
        area_type,
        if(is_column, null, any_value(raw_text)) as raw_text,
        coalesce(any_value(unit_text), any_value(unit_measure) || if(any_value(unit_multiplier) = 1, '', format(
            ' × {{:.10g}}', any_value(unit_multiplier)
        ))) as unit,
        -- What all rules would let pass; where nothing would, what the gravest would.
        case
            when is_column then null
            when max(expected_low) > min(expected_high)
                then arg_min({_ROUNDED.format("expected_low")}, (gravity, flag_id))
            else max({_ROUNDED.format("expected_low")})
        end as expected_low,
        case
            when is_column then null
            when max(expected_low) > min(expected_high)
                then arg_min({_ROUNDED.format("expected_high")}, (gravity, flag_id))
            else min({_ROUNDED.format("expected_high")})
        end as expected_high,
        if(is_column, null, min_by({_PRINTED.format("suggested_value")}, gravity) filter (suggested_value is not null))
            as suggested,
        min_by(confidence, gravity) filter (suggested_value is not null) as confidence,
        if(is_column, [min_by(message_en, length(cell) || cell)], list(message_en order by gravity, flag_id))
            as message_en,
        if(is_column, [min_by(message_zh, length(cell) || cell)], list(message_zh order by gravity, flag_id))
            as message_zh,
        list(flag_id order by gravity, length(cell) || cell, flag_id) as flag_ids,
        count(*) filter (severity = gravest) as grave
    from marked
    group by
        about, source, file_name, sheet, time_period, indicator_en, indicator_zh, area_type, is_column
),

reject as (
    select 'rejected' as kind, source, file_name, sheet, coalesce(cell, row_no::varchar) as cell, raw_text,
        [message_en] as message_en, [message_zh] as message_zh
    from marts.mart_reject
    -- What was damaged in scanning is a flag as well, which says more.
    where disposition = 'open' and diagnosis is null
),

gap as (
    select
        'missing' as kind,
        coverage.source,
        count(*) as areas,
        any_value(coverage.ref_area) as ref_area,
        any_value(area.name_en) as ref_area_en,
        any_value(area.name_zh) as ref_area_zh,
        ref_year::varchar as time_period,
        indicator.name_en as indicator_en,
        indicator.name_zh as indicator_zh,
        area_type,
        [replace(
            $missing_en, '{{areas}}',
            string_agg(coalesce(area.name_en, coverage.ref_area), ', ' order by coverage.ref_area)
        )] as message_en,
        [replace(
            $missing_zh, '{{areas}}',
            string_agg(coalesce(area.name_zh, coverage.ref_area), '、' order by coverage.ref_area)
        )] as message_zh
    from marts.mart_coverage as coverage
    inner join marts.dim_indicator as indicator using (indicator)
    left join marts.dim_ref_area as area
        on coverage.ref_area = area.ref_area
        and coverage.ref_year >= area.valid_from and coverage.ref_year < coalesce(area.valid_to, 9999)
    where coverage.state = 'missing'
    group by coverage.source, ref_year, indicator.name_en, indicator.name_zh, area_type
),

problem as (
    from finding union all by name from reject union all by name from gap
)

select
    row_number() over (
        partition by source
        order by
            file_name nulls last, sheet, try_cast(regexp_extract(cell, '[0-9]+$') as bigint), length(cell), cell,
            time_period, indicator_en, area_type, ref_area, flag_ids
    ) as number,
    * exclude (grave, message_en, message_zh),
    message_en[:coalesce(grave, 1)] as message_en,
    message_zh[:coalesce(grave, 1)] as message_zh,
    coalesce(message_en[grave + 1:], []) as more_en,
    coalesce(message_zh[grave + 1:], []) as more_zh
from problem
where kind <> 'information'
order by source, number
"""


def open_problems(connection: duckdb.DuckDBPyConnection, missing: Mapping[str, str]) -> pl.DataFrame:
    """What nobody has decided about or mended: by source, file, sheet and cell, numbered within each source.

    Flags that only inform are left out, but told where a value has graver ones. Amounts are in the unit that the cell
    was printed in. Texts hold no unseen signs.

    Args:
        connection: of a database with the public relations.
        missing: by language, how observations that a source must hold and lacks are worded, with the place `{areas}`.
    """
    worded = {f"missing_{name}": text for name, text in missing.items()}
    # A cursor, since a connection that was asked something else may still hold rows of the answer.
    with connection.cursor() as cursor:
        found = pl.from_arrow(cursor.sql(_OPEN, params=worded).to_arrow_table())
    assert isinstance(found, pl.DataFrame)
    texts = [name for name, kind in found.schema.items() if kind == pl.String]
    lists = [name for name, kind in found.schema.items() if kind == pl.List(pl.String)]
    return found.with_columns(
        *(pl.col(name).str.replace_all(UNSEEN, "�") for name in texts),
        *(pl.col(name).list.eval(pl.element().str.replace_all(UNSEEN, "�")) for name in lists),
    )
