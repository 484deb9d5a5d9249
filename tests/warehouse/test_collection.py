"""What a refresh takes in, and what it names instead of passing over."""

import pytest

from sources.declaration import Declaration
from tests.warehouse.conftest import write_submission
from warehouse.archive import receipts
from warehouse.collection import declared_sources, receive
from warehouse.errors import WarehouseError
from warehouse.home import Home
from warehouse.settings import Settings, load_settings


def test_a_file_in_the_inbox_is_received_once(home: Home, submission: Declaration) -> None:
    write_submission(home, "110000,2020,gdp,total,1,CNY")
    assert len(receive(home, {"submission": submission}).received) == 1
    assert receive(home, {"submission": submission}).received == []


@pytest.mark.parametrize("name", [".hidden.csv", "~$report.csv", "report.csv.part", "report.csv.TMP"])
def test_a_file_that_is_not_yet_whole_is_left_alone(home: Home, submission: Declaration, name: str) -> None:
    write_submission(home, name=name)
    assert receive(home, {"submission": submission}).received == []


def test_a_folder_of_no_declared_source_is_named(home: Home, submission: Declaration) -> None:
    (home.inbox / "elsewhere").mkdir()
    (home.inbox / "stray.csv").write_text("x", encoding="utf-8")
    codes = [code for code, _ in receive(home, {"submission": submission}).notices]
    assert codes == ["inbox.unknown_source", "inbox.file_outside_source"]
    assert list(receipts(home.archive)) == []


def test_a_source_that_lost_its_files_is_an_error(home: Home) -> None:
    national = declared_sources(home, Settings())["national"]
    lost = national.model_copy()
    lost._folder = home.root / "national"
    with pytest.raises(WarehouseError) as caught:
        receive(home, {"national": lost})
    assert caught.value.code == "source.files_missing"


def test_bundled_sources_can_be_switched_off_but_the_simplest_input_stays(home: Home) -> None:
    assert set(declared_sources(home, Settings())) >= {"national", "province_panel", "submission"}
    assert set(declared_sources(home, Settings(bundled=False))) == {"submission"}


@pytest.mark.parametrize(
    ("text", "field"),
    [("colour: red", "colour"), ("bundled: perhaps", "bundled"), ("threads: 0", "threads"), ("a: [", "-")],
)
def test_a_wrong_setting_is_refused_with_its_name(home: Home, text: str, field: str) -> None:
    home.config.write_text(text, encoding="utf-8")
    with pytest.raises(WarehouseError) as caught:
        load_settings(home)
    assert (caught.value.code, caught.value.details["field"]) == ("config.invalid", field)
