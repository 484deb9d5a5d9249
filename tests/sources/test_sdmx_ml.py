"""SDMX-ML by messages written out after the standard; every cell is found again by its XPath in the bytes."""

import random
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from sources.cell import Reading, Reject
from sources.declared.sdmx_layout import SdmxLayout
from sources.declared.source import Declaration
from sources.reading import read
from sources.records.sdmx import read_sdmx

ROOT = "http://www.sdmx.org/resources/sdmxml/schemas/{version}/"
REFERENCE = {
    "v2_1": '<com:StructureUsage><Ref agencyID="BUREAU" id="{id}" version="1.0"/></com:StructureUsage>',
    "v3_0": "<com:StructureUsage>urn:sdmx:org.sdmx.infomodel.datastructure.Dataflow=BUREAU:{id}(1.0)"
    "</com:StructureUsage>",
}
VERSIONS = pytest.mark.parametrize("version", ["v2_1", "v3_0"])


def message(
    kind: str, version: str, body: str, at: str = "TIME_PERIOD", ids: tuple[str, ...] = ("REGION",)
) -> str:
    root = ROOT.format(version=version)
    structures = "".join(
        f'<mes:Structure structureID="{name}" namespace="urn:{name}" dimensionAtObservation="{at}">'
        f"{REFERENCE[version].format(id=name)}</mes:Structure>"
        for name in ids
    )
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<mes:{kind} xmlns:mes="{root}message" xmlns:com="{root}common"'
        f' xmlns:gen="{root}data/generic" xmlns:ss="{root}data/structurespecific"'
        ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:ns1="urn:REGION">'
        "<mes:Header><mes:ID>M1</mes:ID><mes:Test>false</mes:Test><mes:Prepared>2026-01-01T00:00:00</mes:Prepared>"
        f'<mes:Sender id="BUREAU"/>{structures}</mes:Header>{body}</mes:{kind}>'
    )


def specific(content: str, attributes: str = "", name: str = "REGION", action: str = "Replace") -> str:
    return (
        f'<mes:DataSet ss:structureRef="{name}" ss:dataScope="DataStructure" ss:action="{action}"'
        f' xsi:type="ns1:DataSetType" {attributes}>{content}</mes:DataSet>'
    )


def values(**codes: str) -> str:
    return "".join(f'<gen:Value id="{name}" value="{code}"/>' for name, code in codes.items())


SERIES = (
    '<Series FREQ="A" REF_AREA="330000" INDICATOR="GDP" UNIT_MEASURE="CNY" UNIT_MULT="8">'
    '<Obs TIME_PERIOD="2021" OBS_VALUE="74040.80" OBS_STATUS="A"/>'
    '<Obs TIME_PERIOD="2020" OBS_VALUE="0064689.1"/></Series>'
    '<Series FREQ="A" REF_AREA="110000" INDICATOR="GDP" UNIT_MEASURE="CNY" UNIT_MULT="8">'
    '<Obs TIME_PERIOD="2020" OBS_VALUE="NaN" OBS_STATUS="M" CONF_STATUS="F"/><Obs TIME_PERIOD="2019"/></Series>'
)
SERIES_CELLS = [
    (1, "74040.80", "10^8 CNY", "330000", "2021", "GDP", "A", None),
    (2, "0064689.1", "10^8 CNY", "330000", "2020", "GDP", None, None),
    (3, "", "10^8 CNY", "110000", "2020", "GDP", "M", "F"),
    (4, "", "10^8 CNY", "110000", "2019", "GDP", None, None),
]
SHOWN = (
    "row_no",
    "value_text",
    "unit_text",
    "ref_area_label",
    "time_label",
    "indicator_label",
    "obs_status",
    "conf_status",
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "archived"


def read_ml(path: Path, content: str, **layout: Any) -> Reading:
    path.write_text(content, encoding="utf-8")
    return read_sdmx(path, SdmxLayout.model_validate({"kind": "sdmx", **layout}), "f.xml")


def rows(reading: Reading) -> list[tuple[Any, ...]]:
    return reading.cells.select(SHOWN).rows()


def test_a_source_yml_alone_reads_a_message(declare: Callable[..., Declaration], path: Path) -> None:
    path.write_text(message("StructureSpecificData", "v3_0", specific(SERIES)), encoding="utf-8")
    reading = read(path, declare(layout={"kind": "sdmx"}), "2021.XML")
    assert reading.rejects == []
    assert rows(reading) == SERIES_CELLS


@VERSIONS
def test_a_structure_specific_message_in_series_is_read(version: str, path: Path) -> None:
    reading = read_ml(path, message("StructureSpecificData", version, specific(SERIES)))
    assert reading.rejects == []
    assert rows(reading) == SERIES_CELLS


@VERSIONS
def test_a_dimension_that_nobody_named_is_not_passed_over(version: str, path: Path) -> None:
    by_sex = SERIES.replace("<Series ", '<Series SEX="F" DECIMALS="1" ')
    content = message("StructureSpecificData", version, specific(by_sex))
    assert read_ml(path, content).rejects == [Reject("file.sdmx_unnamed_concept", text="SEX")]
    joined = read_ml(path, content, indicator=["INDICATOR", "SEX"])
    assert joined.rejects == []
    assert set(joined.cells["indicator_label"]) == {"GDP.F"}


@VERSIONS
def test_a_flat_structure_specific_message_is_read(version: str, path: Path) -> None:
    flat = "".join(
        f'<Obs FREQ="A" REF_AREA="{area}" INDICATOR="GDP" TIME_PERIOD="{year}" OBS_VALUE="{value}" UNIT_MEASURE="CNY"/>'
        for area, year, value in [
            ("330000", "2021", "1.50"),
            ("110000", "2020", "2"),
            ("330000", "2019", "3.0"),
        ]
    )
    reading = read_ml(path, message("StructureSpecificData", version, specific(flat), "AllDimensions"))
    assert reading.rejects == []
    assert reading.cells.select(
        "row_no", "ref_area_label", "time_label", "value_text", "unit_text"
    ).rows() == [
        (1, "330000", "2021", "1.50", "CNY"),
        (2, "110000", "2020", "2", "CNY"),
        (3, "330000", "2019", "3.0", "CNY"),
    ]


def test_a_generic_message_in_series_is_read(path: Path) -> None:
    body = (
        '<mes:DataSet structureRef="REGION" action="Append"><gen:Series><gen:SeriesKey>'
        f"{values(FREQ='A', REF_AREA='330000', INDICATOR='GDP')}</gen:SeriesKey>"
        f"<gen:Attributes>{values(UNIT_MEASURE='CNY', UNIT_MULT='8')}</gen:Attributes>"
        '<gen:Obs><gen:ObsDimension value="2021"/><gen:ObsValue value="74040.80"/>'
        f"<gen:Attributes>{values(OBS_STATUS='P')}</gen:Attributes></gen:Obs>"
        '<gen:Obs><gen:ObsDimension value="2020"/></gen:Obs></gen:Series></mes:DataSet>'
    )
    reading = read_ml(path, message("GenericData", "v2_1", body))
    assert reading.rejects == []
    assert rows(reading) == [
        (1, "74040.80", "10^8 CNY", "330000", "2021", "GDP", "P", None),
        (2, "", "10^8 CNY", "330000", "2020", "GDP", None, None),
    ]


def test_a_flat_generic_message_is_read(path: Path) -> None:
    key = values(FREQ="A", REF_AREA="330000", INDICATOR="GDP", TIME_PERIOD="2021")
    body = (
        f'<mes:DataSet structureRef="REGION"><gen:Obs><gen:ObsKey>{key}</gen:ObsKey><gen:ObsValue value="1.50"/>'
        f"<gen:Attributes>{values(UNIT_MEASURE='CNY')}</gen:Attributes></gen:Obs></mes:DataSet>"
    )
    reading = read_ml(path, message("GenericData", "v2_1", body, "AllDimensions"))
    assert reading.rejects == []
    assert rows(reading) == [(1, "1.50", "CNY", "330000", "2021", "GDP", None, None)]


@VERSIONS
@pytest.mark.parametrize(
    ("attributes", "group"),
    [
        ('UNIT_MEASURE="CNY" UNIT_MULT="8"', ""),
        ("", '<Group xsi:type="ns1:Sibling" REF_AREA="330000" UNIT_MEASURE="CNY" UNIT_MULT="8"/>'),
    ],
    ids=["data set", "group"],
)
def test_an_attribute_of_many_observations_reaches_each(
    attributes: str, group: str, version: str, path: Path
) -> None:
    series = (
        '<Series FREQ="A" REF_AREA="330000" INDICATOR="GDP"><Obs TIME_PERIOD="2020" OBS_VALUE="1"/></Series>'
    )
    reading = read_ml(path, message("StructureSpecificData", version, specific(group + series, attributes)))
    assert reading.rejects == []
    assert reading.cells["unit_text"].to_list() == ["10^8 CNY"]


@pytest.mark.parametrize(
    "content",
    [
        (
            '<Group xsi:type="ns1:S" REF_AREA="330000" UNIT_MULT="4"/>'
            '<Series REF_AREA="330000" INDICATOR="GDP"><Obs TIME_PERIOD="2020" OBS_VALUE="1"/></Series>'
            '<Series REF_AREA="110000" INDICATOR="GDP" UNIT_MULT="8"><Obs TIME_PERIOD="2020" OBS_VALUE="1"/></Series>'
        ),
        (
            '<Series REF_AREA="330000" INDICATOR="GDP"><Obs TIME_PERIOD="2020" OBS_VALUE="1">'
            '<Comp id="OBS_STATUS"><Value>P</Value></Comp></Obs><Obs TIME_PERIOD="2021" OBS_VALUE="2"/></Series>'
        ),
    ],
    ids=["at two levels", "several values"],
)
def test_an_attribute_that_would_reach_the_wrong_observations_refuses_the_file(
    content: str, path: Path
) -> None:
    reading = read_ml(path, message("StructureSpecificData", "v3_0", specific(content)))
    assert [reject.code for reject in reading.rejects] == ["file.sdmx_unreadable"]
    assert reading.cells.is_empty()


def test_an_attribute_of_a_generic_data_set_reaches_each_observation(path: Path) -> None:
    body = (
        '<mes:DataSet structureRef="REGION">'
        f"<gen:Attributes>{values(UNIT_MEASURE='CNY', UNIT_MULT='8')}</gen:Attributes>"
        f"<gen:Series><gen:SeriesKey>{values(REF_AREA='330000', INDICATOR='GDP')}</gen:SeriesKey>"
        '<gen:Obs><gen:ObsDimension value="2020"/><gen:ObsValue value="1"/></gen:Obs></gen:Series></mes:DataSet>'
    )
    reading = read_ml(path, message("GenericData", "v2_1", body))
    assert reading.rejects == []
    assert reading.cells["unit_text"].to_list() == ["10^8 CNY"]


@VERSIONS
def test_the_address_finds_the_observation_in_the_bytes(version: str, path: Path) -> None:
    numbers = random.Random(7).sample(range(10**6), 60)
    series = "".join(
        f'<Series REF_AREA="{area}" INDICATOR="GDP">'
        + "".join(
            f'<Obs TIME_PERIOD="{2000 + year}" OBS_VALUE="{numbers[area * 6 + year]}"/>' for year in range(6)
        )
        + "</Series>"
        for area in range(10)
    )
    reading = read_ml(path, message("StructureSpecificData", version, specific(series)))
    tree = etree.parse(path)
    for row_no, text, year in reading.cells.select("row_no", "value_text", "time_label").iter_rows():
        (found,) = tree.xpath(reading.address.format(row=row_no))
        assert (found.get("OBS_VALUE"), found.get("TIME_PERIOD")) == (text, year)
    assert reading.cells.height == 60


def test_structures_are_told_apart(path: Path) -> None:
    body = specific(SERIES) + specific(SERIES.replace("GDP", "POP"), name="CITY")
    content = message("StructureSpecificData", "v2_1", body, ids=("REGION", "CITY"))
    mixed = read_ml(path, content)
    assert mixed.rejects == [
        Reject("file.sdmx_several_structures", text="BUREAU:REGION(1.0), BUREAU:CITY(1.0)")
    ]
    assert mixed.cells.is_empty()
    chosen = read_ml(path, content, structure="BUREAU:CITY")
    assert chosen.cells["indicator_label"].unique().to_list() == ["POP"]
    assert chosen.cells["row_no"].to_list() == [5, 6, 7, 8]


def test_a_data_set_to_delete_is_no_figure(path: Path) -> None:
    deleting = message("StructureSpecificData", "v2_1", specific(SERIES, action="Delete"))
    by_header = deleting.replace(' ss:action="Delete"', "").replace(
        "</mes:Header>", "<mes:DataSetAction>Delete</mes:DataSetAction></mes:Header>"
    )
    for content in (deleting, by_header):
        reading = read_ml(path, content)
        assert [reject.code for reject in reading.rejects] == ["cell.sdmx_delete"] * 4
        assert reading.cells.is_empty()


LAUGHS = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))


@pytest.mark.parametrize(
    ("content", "reject"),
    [
        (f'<!DOCTYPE l [<!ENTITY a0 "ha">{LAUGHS}]><l>&a11;</l>', "file.sdmx_unsafe"),
        ('<!DOCTYPE l [<!ENTITY x SYSTEM "file:///etc/hostname">]><l>&x;</l>', "file.sdmx_unsafe"),
        ('<!DOCTYPE l SYSTEM "http://127.0.0.1:9/x.dtd"><l/>', "file.sdmx_unsafe"),
        ("<a>" * 100_000, "file.sdmx_unsafe"),
        (message("StructureSpecificData", "v2_1", specific(SERIES))[:-40], "file.sdmx_unreadable"),
        (message("StructureSpecificData", "v2_1", specific(SERIES, name="OTHER")), "file.sdmx_unreadable"),
        (message("Structure", "v2_1", ""), "file.sdmx_unreadable"),
        (message("StructureSpecificData", "v2_1", "").replace("/v2_1/", "/v9/"), "file.sdmx_unreadable"),
        ("<html/>", "file.sdmx_unreadable"),
        ("", "file.sdmx_unreadable"),
        (message("StructureSpecificData", "v2_1", specific("")), "file.no_data"),
        (message("StructureSpecificData", "v2_1", ""), "file.no_data"),
    ],
    ids=range(12),
)
def test_a_hostile_or_wrong_file_is_one_reject(content: str, reject: str, path: Path, capfd: Any) -> None:
    reading = read_ml(path, content)
    assert [found.code for found in reading.rejects] == [reject]
    assert reading.cells.is_empty()
    assert capfd.readouterr().out == ""


def test_the_library_is_imported_only_for_a_message_of_its_format(path: Path) -> None:
    code = "import sys, sources.reading; sys.exit(any(name in sys.modules for name in ('sdmx', 'lxml', 'pandas')))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
