"""What holds of every table of incomes and residents, on the SQL of the models themselves."""

import math
from collections.abc import Iterable

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.dbt_project.rendered import query

STATUS = "'A' as obs_status, 'F' as conf_status, 'passed' as quality_status, date '2021-01-31' as vintage"
EMPTY = (
    "create table fct_observation (ref_area varchar, ref_year integer, freq varchar, accumulation varchar,"
    " indicator varchar, area_type varchar, obs_value double, basis varchar, obs_status varchar,"
    " conf_status varchar, quality_status varchar, vintage date, comparable_with_previous boolean)"
)
# Urban income, rural income, urban share, residents.
Area = tuple[float, float, float, float]
areas = st.lists(
    st.tuples(
        st.floats(100, 200_000),
        st.floats(100, 200_000),
        st.one_of(st.sampled_from([0.0, 1.0]), st.floats(0.001, 0.999)),
        st.integers(1_000, 100_000_000),
    ),
    min_size=1,
    max_size=8,
)


def measured(table: Iterable[tuple[str, Area]]) -> dict[str, float]:
    """The decomposition of one area that is made of the given ones, and `theil_t` of each of them."""
    rows = list(table)
    with duckdb.connect() as db:
        db.execute(
            "create table given (ref_area varchar, urban double, rural double, share double, residents double)"
        )
        db.executemany("insert into given values (?, ?, ?, ?, ?)", [[code, *area] for code, area in rows])
        db.execute(EMPTY)
        db.execute(
            "insert into fct_observation by name select ref_area, 2020 as ref_year, 'A' as freq,"
            " 'period' as accumulation, 'resident_population' as indicator, 'total' as area_type,"
            f" residents as obs_value, 'b' as basis, {STATUS} from given union all by name"
            " select ref_area, 2020 as ref_year, 'A' as freq, 'period' as accumulation,"
            " 'resident_urbanization_rate' as indicator, 'total' as area_type, 100 * share as obs_value,"
            f" 'b' as basis, {STATUS} from given"
        )
        db.execute(f"""
            create table mart_urban_rural_income as select ref_area, ref_area as ref_area_name, 2020 as ref_year,
                urban as income_urban_cny, rural as income_rural_cny, 'b' as basis, true as comparable_with_previous,
                'disposable_income_per_capita' as rural_income_indicator, {STATUS} from given;
            create table dim_ref_area_part as select 'whole' as parent, ref_area, 0 as since_year, 9999 as until_year
                from given;
            create table dim_ref_area as select 'whole' as ref_area, 'whole' as name_zh, 1949 as valid_from,
                null::integer as valid_to;
            create table mart_income_inequality as {query("mart_income_inequality")}""")
        found = db.execute(query("mart_inequality_decomposition"))
        names = [column[0] for column in found.description or ()]
        (row,) = found.fetchall()
        parts = db.execute("select ref_area, theil_t, theil_l, gini_between from mart_income_inequality")
        return dict(zip(names, row, strict=True)) | {
            f"{name} {code}": value
            for code, *values in parts.fetchall()
            for name, value in zip(("t", "l", "gini"), values, strict=True)
        }


def theil(groups: Iterable[tuple[float, float]]) -> tuple[float, float]:
    """Theil's T and L of groups (people, income per head), by the definition."""
    listed = [(people, income) for people, income in groups if people > 0]
    people = math.fsum(p for p, _ in listed)
    total = math.fsum(p * y for p, y in listed)
    shares = [(p / people, p * y / total) for p, y in listed]
    return math.fsum(s * math.log(s / p) for p, s in shares), math.fsum(
        p * math.log(p / s) for p, s in shares
    )


def coded(table: list[Area]) -> list[tuple[str, Area]]:
    return [(f"A{at}", area) for at, area in enumerate(table)]


@settings(max_examples=40)
@given(areas)
def test_between_and_within_add_up_to_the_whole(table: list[Area]) -> None:
    found = measured(coded(table))
    groups = [
        group
        for urban, rural, share, residents in table
        for group in ((residents * share, urban), (residents * (1 - share), rural))
    ]
    t, l = theil(groups)  # noqa: E741 - the name of the measure
    assert found["theil_t"] == pytest.approx(t, abs=1e-12)
    assert found["theil_l"] == pytest.approx(l, abs=1e-12)
    assert found["theil_t"] == pytest.approx(found["theil_t_between"] + found["theil_t_within"], abs=1e-12)
    assert found["theil_l"] == pytest.approx(found["theil_l_between"] + found["theil_l_within"], abs=1e-12)


@settings(max_examples=12)
@given(areas, st.sampled_from([0.01, 2.0, 7.3]))
def test_the_unit_of_income_does_not_matter(table: list[Area], factor: float) -> None:
    found, scaled = (
        measured(coded(one)) for one in (table, [(u * factor, r * factor, s, n) for u, r, s, n in table])
    )
    for name in ("theil_t", "theil_l", "t A0", "l A0", "gini A0"):
        assert scaled[name] == pytest.approx(found[name], abs=1e-11)


@settings(max_examples=12)
@given(areas, st.floats(100, 200_000))
def test_where_all_have_the_same_nothing_is_unequal(table: list[Area], income: float) -> None:
    found = measured(coded([(income, income, share, residents) for _, _, share, residents in table]))
    for name in ("theil_t", "theil_l", "theil_t_between", "theil_l_between", "t A0", "gini A0"):
        assert found[name] == pytest.approx(0, abs=1e-12)


@settings(max_examples=12)
@given(areas.flatmap(lambda table: st.tuples(st.just(table), st.permutations(range(len(table))))))
def test_the_order_of_rows_and_areas_does_not_matter(case: tuple[list[Area], list[int]]) -> None:
    table, order = case
    rows = coded(table)
    found, shuffled = measured(rows), measured([rows[at] for at in order])
    assert shuffled == found
    renamed = measured(coded([table[at] for at in order]))
    for name in ("theil_t", "theil_l", "theil_t_between", "theil_t_within"):
        assert renamed[name] == pytest.approx(found[name], abs=1e-13)
