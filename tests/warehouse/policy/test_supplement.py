"""What a bureau adds to the registers of policy: read as people save tables, refused by name where it is not one."""

from pathlib import Path

import pytest

from warehouse.errors import WarehouseError
from warehouse.home import Home
from warehouse.policy.supplement import Line, check_files, columns, read_register

HEADER = "target_id,ref_area,indicator,area_type,comparator,value,unit,kind,commitment,target_year"
ROW = "t1,330400,gdp,total,>=,9000,亿元,target,stated,2025"


def put(home: Home, content: bytes, name: str = "target.csv") -> Path:
    home.registers.mkdir(parents=True, exist_ok=True)
    path = home.registers / name
    path.write_bytes(content)
    return path


def added(home: Home, register: str) -> list[Line]:
    """The rows of the home's file, held to its name first."""
    check_files(home)
    return list(read_register(home.registers / f"{register}.csv", register).values())


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_any_delimiter_of_office_programs_is_read(home: Home, delimiter: str) -> None:
    put(home, f"{HEADER}\n{ROW}\n".replace(",", delimiter).encode())
    (row,) = added(home, "target")
    assert (row["target_id"], row["target_year"]) == ("t1", "2025")


def test_a_row_has_the_number_that_a_spreadsheet_shows(home: Home) -> None:
    path = put(home, b'target_id,note\nt1,"two\nlines"\n\n,\nt5,\n')
    assert [(number, row["target_id"]) for number, row in read_register(path, "target").items()] == [
        (2, "t1"),
        (5, "t5"),
    ]


def test_unicode_text_of_a_spreadsheet_is_read(home: Home) -> None:
    put(home, f"{HEADER}\r\n{ROW}\r\n".replace(",", "\t").encode("utf-16"))
    (row,) = added(home, "target")
    assert (row["target_id"], row["unit"]) == ("t1", "亿元")


@pytest.mark.parametrize(
    "name", ["~$target.xlsx", ".~lock.target.csv#", ".~target.csv", "README.md", "notes.txt", "draft.xlsx"]
)
def test_what_is_no_register_may_lie_beside_one(home: Home, name: str) -> None:
    put(home, b"target_id\nt1\n")
    put(home, b"\0", name)
    assert len(added(home, "target")) == 1


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("TARGET.CSV", "register.misnamed_file"),
        ("targets.csv", "register.misnamed_file"),
        ("target.txt", "register.misnamed_file"),
        ("target.xlsx", "register.workbook"),
        ("targets.et", "register.workbook"),
        ("colours.csv", "register.unknown_file"),
    ],
)
def test_a_register_under_another_name_is_told_its_own(home: Home, name: str, code: str) -> None:
    path = put(home, b"target_id\nt1\n", name)
    with pytest.raises(WarehouseError) as refused:
        added(home, "target")
    assert (refused.value.code, refused.value.details["file"]) == (code, path)
    assert refused.value.details.get("name", "target.csv") == "target.csv"


def test_the_workbook_that_a_register_was_saved_from_may_stay(home: Home) -> None:
    put(home, b"PK", "target.xlsx")
    put(home, b"target_id\nt1\n")
    assert len(added(home, "target")) == 1


def test_a_misspelt_column_is_told_those_near_it(home: Home) -> None:
    put(home, b"target_id,refarea\nt1,330400\n")
    with pytest.raises(WarehouseError) as refused:
        added(home, "target")
    assert (refused.value.code, refused.value.details["known"]) == ("register.near_column", "ref_area")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_file_is_read_as_it_was_saved(home: Home, encoding: str) -> None:
    put(home, f"{HEADER}\r\n{ROW}\r\n\r\n".encode(encoding))
    (row,) = added(home, "target")
    assert (row["target_id"], row["unit"], row["departments"]) == ("t1", "亿元", "")
    assert list(row) == columns("target")


def test_columns_stand_in_any_order_and_case_and_what_is_blank_says_nothing(home: Home) -> None:
    put(home, b"Indicator,TARGET_ID,,\ngdp , t1,,\n,\n")
    ((row),) = added(home, "target")
    assert (row["indicator"], row["target_id"]) == ("gdp", "t1")


@pytest.mark.parametrize(
    ("content", "name", "code", "details"),
    [
        (b"\xff\xff\x00", "target.csv", "register.unreadable", {}),
        (b"target_id,colour\nt1,red\n", "target.csv", "register.unknown_column", {"column": "colour"}),
        (b"target_id,VALUE,value\nt1,1,2\n", "target.csv", "register.repeated_column", {"column": "value"}),
        (b"target_id,,\nt1,stray,\n", "target.csv", "register.too_many_fields", {"row": 2, "columns": 1}),
        (b"target_id\nt1,too,much\n", "target.csv", "register.too_many_fields", {"row": 2, "columns": 1}),
        (b"\n \ntarget_id\nt1,too\n", "target.csv", "register.too_many_fields", {"row": 4, "columns": 1}),
        (b'target_id,unit\nt1,"CNY\nt2,CNY\n', "target.csv", "register.quotation_mark", {"row": 2}),
        (b'target_id,unit\nt1,"a "text" of"\n', "target.csv", "register.quotation_mark", {"row": 2}),
    ],
)
def test_what_is_no_such_table_is_refused(
    home: Home, content: bytes, name: str, code: str, details: dict[str, object]
) -> None:
    path = put(home, content, name)
    with pytest.raises(WarehouseError) as refused:
        added(home, "target")
    assert refused.value.code == code
    assert refused.value.details["file"] == path
    assert refused.value.details.items() >= details.items()
