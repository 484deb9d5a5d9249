"""What is open comes as one row a problem: in the printed unit, in the order of the file, with nothing lost."""

from collections.abc import Iterator
from typing import Any

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from warehouse.problems import open_problems

MISSING = {"en": "missing: {areas}", "zh": "缺：{areas}"}
TABLES = """
create schema marts;
create table marts.dim_indicator as select 'income' as indicator, 'Income' as name_en, '收入' as name_zh;
create table marts.dim_ref_area as
    from (values ('110000', 1949, null::integer, 'Beijing', '北京市'), ('120000', 1949, null, 'Tianjin', '天津市'))
    as area(ref_area, valid_from, valid_to, name_en, name_zh);
create table marts.mart_quality_flag (
    flag_id varchar, rule varchar, severity varchar, ref_area varchar, ref_area_name varchar, ref_year integer,
    freq varchar, time_period varchar, accumulation varchar, indicator varchar, area_type varchar, source varchar,
    obs_value double, unit_measure varchar, expected_low double, expected_high double, suggested_value double,
    diagnosis varchar, confidence varchar, message_en varchar, message_zh varchar, disposition varchar,
    file_name varchar, sheet varchar, cell varchar, raw_text varchar, unit_text varchar, unit_multiplier double
);
create table marts.mart_reject (
    source varchar, file_name varchar, sheet varchar, cell varchar, row_no integer, raw_text varchar,
    message_en varchar, message_zh varchar, diagnosis varchar, disposition varchar
);
create table marts.mart_coverage (
    source varchar, indicator varchar, area_type varchar, ref_area varchar, ref_year integer, state varchar
);
"""
FLAG: dict[str, object] = {
    "flag_id": "a", "rule": "r", "severity": "error", "ref_area": "110000", "ref_area_name": "北京市", "ref_year": 2019,
    "freq": "A", "time_period": "2019", "accumulation": "period", "indicator": "income", "area_type": "total",
    "source": "s", "obs_value": 27170000.0, "unit_measure": "PERSONS", "disposition": "open", "file_name": "f.xlsx",
    "sheet": "表", "cell": "B2", "raw_text": "2717.00", "unit_text": "万人", "unit_multiplier": 10000.0,
    "message_en": "wrong", "message_zh": "错", "confidence": "high",
}  # fmt: skip


class Marts:
    """The public relations as far as problems are taken from them."""

    def __init__(self) -> None:
        self.connection = duckdb.connect()
        self.connection.execute(TABLES)

    def add(self, relation: str, **row: object) -> None:
        places = ", ".join("?" for _ in row)
        self.connection.execute(
            f"insert into marts.{relation} ({', '.join(row)}) values ({places})", list(row.values())
        )

    def flag(self, **fields: object) -> None:
        self.add("mart_quality_flag", **(FLAG | fields))

    def problems(self) -> list[dict[str, Any]]:
        return open_problems(self.connection, MISSING).to_dicts()


@pytest.fixture
def marts() -> Iterator[Marts]:
    made = Marts()
    yield made
    made.connection.close()


def test_amounts_are_in_the_unit_that_was_printed(marts: Marts) -> None:
    marts.flag(expected_low=21734567.8, expected_high=28000000.0, suggested_value=21710000.0)
    (problem,) = marts.problems()
    assert (problem["raw_text"], problem["unit"]) == ("2717.00", "万人")
    assert (problem["expected_low"], problem["expected_high"]) == (2173.5, 2800)
    assert problem["suggested"] == 2171
    assert problem["ref_area_en"] == "Beijing"


def test_a_unit_that_the_file_does_not_say_is_spelled_out(marts: Marts) -> None:
    marts.flag(unit_text=None)
    assert marts.problems()[0]["unit"] == "PERSONS × 10000"


def test_the_flags_of_a_value_are_one_problem_the_gravest_said_first(marts: Marts) -> None:
    marts.flag(flag_id="i", severity="information", message_en="unusual")
    marts.flag(flag_id="w", severity="warning", message_en="odd", expected_low=1e7)
    marts.flag(flag_id="e", expected_low=2e7)
    (problem,) = marts.problems()
    assert (problem["kind"], problem["flag_ids"]) == ("error", ["e", "w", "i"])
    assert (problem["message_en"], problem["more_en"]) == (["wrong"], ["odd", "unusual"])
    assert problem["expected_low"] == 2000, "what every rule would let pass"


def test_where_nothing_would_pass_all_rules_the_range_of_the_gravest_stands(marts: Marts) -> None:
    marts.flag(flag_id="w", severity="warning", expected_low=30.9e6, expected_high=31.5e6)
    marts.flag(flag_id="e", expected_low=26.0e6, expected_high=28.0e6)
    (problem,) = marts.problems()
    assert (problem["expected_low"], problem["expected_high"]) == (2600, 2800)


def test_a_column_of_another_concept_is_one_problem(marts: Marts) -> None:
    for number, (area, cell) in enumerate((("110000", "F9"), ("120000", "F10"), ("130000", "F11"))):
        marts.flag(flag_id=f"c{number}", ref_area=area, cell=cell, diagnosis="another_concept")
    marts.flag(flag_id="own", ref_area="120000", cell="F10", severity="warning")
    column, value = sorted(marts.problems(), key=lambda problem: -problem["areas"])
    assert (column["cell"], column["last_cell"], column["areas"]) == ("F9", "F11", 3)
    assert column["flag_ids"] == ["c0", "c1", "c2"]
    assert (value["cell"], value["flag_ids"]) == ("F10", ["own"])


def test_what_only_informs_or_was_decided_or_superseded_asks_nobody(marts: Marts) -> None:
    marts.flag(severity="information")
    marts.flag(flag_id="b", cell="B3", disposition="accepted")
    marts.add("mart_reject", source="s", file_name="f", disposition="superseded")
    marts.add(
        "mart_coverage", source="s", indicator="income", ref_area="110000", ref_year=2019, state="published"
    )
    assert marts.problems() == []


def test_problems_stand_in_the_order_of_the_file(marts: Marts) -> None:
    for cell in ("B10", "AA2", "B2", "C2"):
        marts.flag(flag_id=cell, cell=cell)
    marts.flag(flag_id="first", file_name="a.csv", cell="Z99")
    marts.add(
        "mart_reject", source="s", file_name="f.xlsx", sheet="表", cell="B9", raw_text="x", disposition="open"
    )
    assert [(p["number"], p["cell"]) for p in marts.problems()] == [
        (1, "Z99"), (2, "B2"), (3, "C2"), (4, "AA2"), (5, "B9"), (6, "B10"),
    ]  # fmt: skip


def test_what_is_missing_is_one_problem_a_year_and_stands_last(marts: Marts) -> None:
    for area in ("120000", "110000"):
        marts.add(
            "mart_coverage", source="s", indicator="income", area_type="urban", ref_area=area, ref_year=2019,
            state="missing",
        )  # fmt: skip
    marts.flag()
    flag, gap = marts.problems()
    assert (flag["kind"], gap["kind"], gap["areas"], gap["time_period"]) == ("error", "missing", 2, "2019")
    assert gap["message_zh"] == ["缺：北京市、天津市"]
    assert gap["message_en"] == ["missing: Beijing, Tianjin"]
    assert gap["flag_ids"] is None


def test_signs_that_reorder_text_are_shown_as_such(marts: Marts) -> None:
    marts.flag(file_name="a\u202excsv.exe", raw_text="1\n2", message_en="a\x1b[2J")
    (problem,) = marts.problems()
    assert (problem["file_name"], problem["raw_text"]) == ("a�xcsv.exe", "1�2")
    assert problem["message_en"] == ["a�[2J"]


FLAGS = st.lists(
    st.fixed_dictionaries(
        {
            "severity": st.sampled_from(["error", "warning", "information"]),
            "disposition": st.sampled_from(["open", "open", "superseded"]),
            "ref_area": st.sampled_from(["110000", "120000"]),
            "cell": st.sampled_from(["A1", "B2", "B10"]),
            "rule": st.sampled_from(["r", "q"]),
            "diagnosis": st.sampled_from([None, "another_concept", "imputed"]),
            "source": st.sampled_from(["s", "t"]),
        }
    ),
    max_size=12,
)


@given(FLAGS)
def test_every_open_error_and_warning_stands_in_exactly_one_problem(flags: list[dict[str, object]]) -> None:
    marts = Marts()
    for number, flag in enumerate(flags):
        marts.flag(flag_id=f"{number:02}", **flag)
    told = [flag_id for problem in marts.problems() for flag_id in problem["flag_ids"]]
    marts.connection.close()
    grave = {
        f"{number:02}"
        for number, flag in enumerate(flags)
        if flag["disposition"] == "open" and flag["severity"] != "information"
    }
    assert len(told) == len(set(told))
    assert grave <= set(told)
