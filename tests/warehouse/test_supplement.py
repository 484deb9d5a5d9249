"""What a bureau adds to the registers of policy: read as people save tables, refused by name where it is not one."""

from pathlib import Path

import pytest

from warehouse.errors import WarehouseError
from warehouse.home import Home
from warehouse.supplement import added, columns

HEADER = "target_id,ref_area,indicator,area_type,comparator,value,unit,kind,commitment,target_year"
ROW = "t1,330400,gdp,total,>=,9000,亿元,target,stated,2025"


def put(home: Home, content: bytes, name: str = "target.csv") -> Path:
    home.registers.mkdir(parents=True, exist_ok=True)
    path = home.registers / name
    path.write_bytes(content)
    return path


def test_without_files_nothing_is_added(home: Home) -> None:
    assert added(home, "target") == []


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_file_is_read_as_it_was_saved(home: Home, encoding: str) -> None:
    put(home, f"{HEADER}\r\n{ROW}\r\n\r\n".encode(encoding))
    (row,) = added(home, "target")
    assert (row["target_id"], row["unit"], row["departments"]) == ("t1", "亿元", "")
    assert list(row) == columns("target")


def test_columns_stand_in_any_order_and_case_and_blank_rows_say_nothing(home: Home) -> None:
    put(home, b"Indicator,TARGET_ID\ngdp , t1\n,\n")
    ((row),) = added(home, "target")
    assert (row["indicator"], row["target_id"]) == ("gdp", "t1")


@pytest.mark.parametrize(
    ("content", "name", "code", "details"),
    [
        (b"\xff\xff\x00", "target.csv", "register.unreadable", {}),
        (b"target_id,colour\nt1,red\n", "target.csv", "register.unknown_column", {"column": "colour"}),
        (b"target_id\nt1,too,much\n", "target.csv", "register.too_many_fields", {"row": 2, "columns": 1}),
        (
            b"target_id,unit,target_id\nt1,,t2\n",
            "target.csv",
            "register.column_twice",
            {"column": "target_id"},
        ),
        (b"target_id;unit\nt1;CNY\n", "target.csv", "register.no_commas", {"separator": ";"}),
        (b"target_id\tunit\nt1\tCNY\n", "target.csv", "register.no_commas", {"separator": "TAB"}),
        (
            "target_id，unit\nt1，元\n".encode("gb18030"),
            "target.csv",
            "register.no_commas",
            {"separator": "，"},
        ),
        (b'target_id,unit\nt1,"CNY\nt2,CNY\n', "target.csv", "register.quotation_mark", {"row": 2}),
        (b'target_id,unit\nt1,"a "text" of"\n', "target.csv", "register.quotation_mark", {"row": 2}),
        (b"target_id\nt1\n", "targets.csv", "register.unknown_file", {}),
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
