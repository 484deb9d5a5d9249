"""What a bureau adds to the registers of policy is read in codes and held to all registers; so is what is bundled."""

from pathlib import Path

import pytest

from warehouse.errors import WarehouseError
from warehouse.home import DBT_PROJECT, Home
from warehouse.policy.registers import Registers, check_register, supplements
from warehouse.policy.supplement import REGISTERS, read_register
from warehouse.policy.target import check_targets

HEADER = "target_id,ref_area,indicator,comparator,value,unit,base_year,target_year"


def put(folder: Path, *rows: str, name: str = "target.csv", header: str = HEADER) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return path


def told(home: Home) -> list[tuple[str, object]]:
    with pytest.raises(WarehouseError) as refused:
        supplements(home, {})
    return [(one.code, one.details["known"]) for one in refused.value.details["problems"]]  # type: ignore[attr-defined]


def test_without_files_nothing_is_added(home: Home) -> None:
    assert supplements(home, {}) == {register: [] for register in REGISTERS}


def test_every_bundled_target_is_one_that_a_bureau_might_write() -> None:
    targets = read_register(DBT_PROJECT / "seeds" / "target.csv", "target")
    assert len(targets) > 200
    check_targets("target.csv", targets, Registers({}).for_targets([]), frozenset())


@pytest.mark.parametrize("area", ["330400", "嘉兴市", "浙江省嘉兴市", "Jiaxing", "jiaxing"])
@pytest.mark.parametrize("indicator", ["gdp", "GDP", "地区生产总值", "Gross domestic product"])
def test_a_name_that_means_one_code_is_read_as_it(home: Home, area: str, indicator: str) -> None:
    put(home.registers, f"t1,{area},{indicator},>=,9000,亿元,2020,2025")
    (row,) = supplements(home, {})["target"]
    assert (row["ref_area"], row["indicator"], row["area_type"]) == ("330400", "gdp", "total")


def test_a_name_of_several_areas_is_refused_with_their_codes(home: Home) -> None:
    put(home.registers, "t1,鼓楼区,gdp,>=,900,亿元,2020,2025")
    ((code, known),) = told(home)
    assert code == "target.several_areas"
    assert str(known).startswith("320106 (江苏省南京市鼓楼区), 320302 (江苏省徐州市鼓楼区), ")


def test_a_name_that_is_none_is_told_those_near_it(home: Home) -> None:
    put(home.registers, "t1,嘉兴,城乡收入比,<=,1.7,倍,2020,2025")
    (_, indicators), (_, areas) = told(home)
    assert str(indicators).startswith("urban_rural_income_ratio (城乡居民收入比)")
    assert str(areas).startswith("330400 (浙江省嘉兴市)")


def test_a_file_anywhere_is_held_to_the_documents_beside_it_or_else_of_the_home(
    home: Home, tmp_path: Path
) -> None:
    header = "target_id,document,ref_area,indicator,comparator,value,unit,target_year"
    file = put(tmp_path / "desk", "t1,ours,330400,gdp,>=,9000,亿元,2025", name="mine.csv", header=header)
    with pytest.raises(WarehouseError, match=r"target\.unknown_document"):
        check_register(home, {}, file, "target")
    put(home.registers, "ours,2020", name="document.csv", header="document,base_year")
    assert check_register(home, {}, file, "target") == 1
    put(file.parent, "ours,", name="document.csv", header="document,base_year")
    with pytest.raises(WarehouseError, match=r"target\.no_base"):
        check_register(home, {}, file, "target")
