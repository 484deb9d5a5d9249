"""SDMX-CSV against the csv module; the address, the unit and what is refused hold for every format."""

import csv
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sources.cell import CELL_COLUMNS, Reading, Reject
from sources.declared.sdmx_layout import SdmxLayout
from sources.declared.source import Declaration
from sources.errors import SourceError
from sources.parsing import parse
from sources.records.sdmx import read_sdmx

HEADER = "STRUCTURE,STRUCTURE_ID,ACTION,FREQ,REF_AREA,INDICATOR,TIME_PERIOD,OBS_VALUE,UNIT_MEASURE,UNIT_MULT"
STEM = "dataflow,BUREAU:REGION(1.0)"
ROW = f"{STEM},I,A,000000,I01,2020,1.50,CNY,0"
Read = Callable[..., Reading]
CORPUS = {
    "csv_keys_both.csv": {"ref_area": "DIM1", "indicator": ["DIM1", "DIM2"], "ignore": ["ATT1", "ATT2"]},
    "csv_labels_both.csv": {"ref_area": "DIM1", "indicator": ["DIM1", "DIM2"], "ignore": ["ATT1", "ATT2"]},
    "csv_labels_name.csv": {"ref_area": "DIM1", "indicator": ["DIM1", "DIM2"], "ignore": ["ATT1", "ATT2"]},
    "data_v2.csv": {
        "ref_area": "DER_REP_CTY",
        "indicator": ["DER_TYPE", "DER_INSTR", "DER_CURR_LEG2"],
        "conf_status": "OBS_CONF",
        "ignore": [
            "DER_RISK",
            "DER_SECTOR_CPY",
            "DER_CPC",
            "DER_SECTOR_UDL",
            "DER_CURR_LEG1",
            "DER_ISSUE_MAT",
            "DER_RATING",
            "DER_EX_METHOD",
            "DER_BASIS",
        ],
    },
    "data_v2_datetime.csv": {"ref_area": {"text": "000000"}, "indicator": {"text": "rate"}},
    "data_v2_merge_action.csv": {
        "ref_area": "Id_1",
        "indicator": "Id_2",
        "time_period": {"text": "2020"},
        "value": "Me_1",
    },
    "data_v2_no_freq_cols.csv": {"indicator": ["INDICATOR", "SUB_INDICATOR"]},
    "data_v2_structures.csv": {
        "structure": "ESTAT:DF_A",
        "value": "MEAS_A1B1C1",
        "ref_area": "DIM_A1B1",
        "indicator": "DIM_A2",
        "time_period": "DIM_A3C2",
        "ignore": ["ATTR_A1"],
    },
    "data_v2_structures_uppercase.csv": {
        "structure": "ESTAT:DSD_B(1.7.0)",
        "value": "MEAS_A1B1C1",
        "ref_area": "DIM_A1B1",
        "indicator": "DIM_B2",
        "ignore": ["ATTR_B1"],
        "time_period": {"text": "2020"},
    },
    "data_v2_three_actions.csv": {
        "ref_area": "Id_1",
        "indicator": "Id_2",
        "time_period": {"text": "2020"},
        "value": "Me_1",
    },
    "data_v2_two_actions.csv": {
        "ref_area": "Id_1",
        "indicator": "Id_2",
        "time_period": {"text": "2020"},
        "value": "Me_1",
    },
}
"""What a source.yml has to say for each file that holds data."""


@pytest.fixture
def read_message(tmp_path: Path) -> Read:
    def read_message(content: str | bytes, name: str = "f.csv", **layout: Any) -> Reading:
        path = tmp_path / "archived"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return read_sdmx(path, SdmxLayout.model_validate({"kind": "sdmx", **layout}), name)

    return read_message


def codes(reading: Reading) -> list[str]:
    return [reject.code for reject in reading.rejects]


def test_a_source_yml_alone_reads_a_message(declare: Callable[..., Declaration], tmp_path: Path) -> None:
    path = tmp_path / "f.csv"
    path.write_text(f"{HEADER}\n{ROW}\n")
    reading = parse(path, declare(layout={"kind": "sdmx"}), path.name)
    assert reading.rejects == []
    assert (reading.sheets, reading.address) == ([""], "A1")
    assert dict(reading.cells.schema) == {name: kind() for name, kind in CELL_COLUMNS.items()}
    assert {name: text for name, text in reading.cells.row(0, named=True).items() if text is not None} == {
        "sheet_no": 1,
        "row_no": 2,
        "col_no": 8,
        "value_text": "1.50",
        "unit_text": "CNY",
        "ref_area_label": "000000",
        "time_label": "2020",
        "indicator_label": "I01",
        "freq": "A",
    }


def test_a_misspelt_key_of_the_layout_is_refused(declare: Callable[..., Declaration]) -> None:
    with pytest.raises(SourceError, match=r"source\.unknown_key.*layout\.indicater"):
        declare(layout={"kind": "sdmx", "indicater": "X"})
    with pytest.raises(SourceError, match=r"source\.wrong_value.*layout\.unit"):
        declare(layout={"kind": "sdmx", "unit": "万元"})


def independent(path: Path) -> list[dict[str, str]]:
    """The fields by the id of their concept, with the csv module; labels behind ': ' cut off where headed so."""
    with path.open(newline="", encoding="utf-8") as file:
        return [
            {
                heading.split(": ")[0]: field.split(": ")[0]
                for heading, field in row.items()
                if field is not None
            }
            for row in csv.DictReader(file)
        ]


@pytest.mark.corpus
@pytest.mark.parametrize(("name", "layout"), CORPUS.items(), ids=list(CORPUS))
def test_a_public_file_is_read_cell_by_cell(
    name: str, layout: dict[str, Any], shared: Path, declare: Callable[..., Declaration]
) -> None:
    path = shared / "corpus" / "sdmx_csv" / name
    reading = parse(path, declare(layout={"kind": "sdmx", **layout}), name)

    def text(row: dict[str, str], label: str, default: str) -> str:
        concept = layout.get(label, default)
        if isinstance(concept, dict):
            return str(concept["text"])
        return ".".join(row[one] for one in ([concept] if isinstance(concept, str) else concept))

    structure = layout.get("structure", "")
    expected = [
        (
            line,
            row[layout.get("value", "OBS_VALUE")],
            text(row, "ref_area", "REF_AREA"),
            text(row, "indicator", "INDICATOR"),
            text(row, "time_period", "TIME_PERIOD"),
        )
        for line, row in enumerate(independent(path), start=2)
        if row.get("ACTION") != "D" and row["STRUCTURE_ID"].startswith(structure)
    ]
    assert expected
    cells = reading.cells.select(
        "row_no", "value_text", "ref_area_label", "indicator_label", "time_label"
    ).rows()
    assert cells == expected
    deleted = sum(row.get("ACTION") == "D" for row in independent(path))
    assert codes(reading).count("cell.sdmx_delete") == deleted
    assert set(codes(reading)) <= {"cell.sdmx_delete", "file.sdmx_other_structures"}


@pytest.mark.corpus
@pytest.mark.parametrize(
    ("name", "reject"),
    [
        ("data_v2_exception.csv", Reject("file.sdmx_no_header", row_no=1)),
        (
            "data_v2_structures_exception.csv",
            Reject("file.sdmx_unknown_structure", 1, 4, text="dataTESTERROR"),
        ),
        ("data_v2_invalid_action.csv", Reject("cell.sdmx_unknown_action", 1, 2, text="E")),
    ],
)
def test_a_wrong_public_file_is_one_reject(
    name: str, reject: Reject, shared: Path, declare: Callable[..., Declaration]
) -> None:
    reading = parse(
        shared / "corpus" / "sdmx_csv" / name,
        declare(layout={"kind": "sdmx", **CORPUS["data_v2_two_actions.csv"]}),
        name,
    )
    assert reading.rejects == [reject]
    assert reading.cells.is_empty()


@pytest.mark.corpus
def test_rows_shorter_than_the_header_are_rejected_one_by_one(shared: Path, read_message: Read) -> None:
    path = shared / "corpus" / "sdmx_csv" / "data_v2_action_col.csv"
    reading = read_message(path.read_bytes(), ref_area="DER_REP_CTY", indicator="DER_TYPE")
    assert reading.cells.is_empty()
    assert reading.rejects == [Reject("cell.sdmx_short_row", 1, line) for line in range(2, 22)]


@pytest.mark.parametrize(
    "header",
    [
        "DATAFLOW,FREQ,REF_AREA,INDICATOR,TIME_PERIOD,OBS_VALUE",
        "DATAFLOW;FREQ;REF_AREA;INDICATOR;TIME_PERIOD;OBS_VALUE",
    ],
)
def test_sdmx_csv_1_is_read_with_either_delimiter(header: str, read_message: Read) -> None:
    row = header[8].join(["ESTAT:NAMA(1.0)", "A", "CN", "GDP", "2020", "0012.300"])
    reading = read_message(f"\ufeff{header}\r\n{row}\r\n")
    assert reading.rejects == []
    assert reading.cells.select("value_text", "ref_area_label", "row_no", "col_no").rows() == [
        ("0012.300", "CN", 2, 6)
    ]


def test_a_large_message_is_read_whole_and_in_order(read_message: Read) -> None:
    rows = [
        f"B:R(1.0),A,{number // 20:06d},GDP,{2000 + number % 20},{number}.10" for number in range(100_000)
    ]
    reading = read_message("\n".join(["DATAFLOW,FREQ,REF_AREA,INDICATOR,TIME_PERIOD,OBS_VALUE", *rows]))
    assert reading.rejects == []
    assert reading.cells["value_text"].to_list() == [f"{number}.10" for number in range(100_000)]
    assert reading.cells["row_no"].to_list() == list(range(2, 100_002))


def test_names_beside_the_codes_are_left_out(read_message: Read) -> None:
    header = (
        "STRUCTURE,STRUCTURE_ID,STRUCTURE_NAME,ACTION,REF_AREA,REF_AREA,INDICATOR,,TIME_PERIOD,,OBS_VALUE,V"
    )
    reading = read_message(f"{header}\ndataflow,B:R(1.0),Name,I,11,北京,GDP,Output,2020,,1.0,\n")
    assert reading.rejects == []
    assert reading.cells.select("ref_area_label", "indicator_label", "value_text").rows() == [
        ("11", "GDP", "1.0")
    ]


def with_sex(sex: str) -> str:
    return f"{HEADER},SEX,TITLE\n{ROW},{sex},a title\n"


def test_a_dimension_that_nobody_named_is_not_passed_over(read_message: Read) -> None:
    reading = read_message(with_sex("F"))
    assert reading.rejects == [Reject("file.sdmx_unnamed_concept", text="SEX")]
    assert reading.cells.is_empty()


@pytest.mark.parametrize(
    ("sex", "layout", "label"),
    [
        ("F", {"indicator": ["INDICATOR", "SEX"]}, "I01.F"),
        ("F", {"ignore": ["SEX"]}, "I01"),
        ("", {}, "I01"),
    ],
)
def test_a_dimension_is_joined_or_left_out_on_purpose(
    sex: str, layout: dict[str, Any], label: str, read_message: Read
) -> None:
    reading = read_message(with_sex(sex), **layout)
    assert reading.rejects == []
    assert reading.cells["indicator_label"].to_list() == [label]


@pytest.mark.parametrize("text", ["", "NaN", "#N/A"])
def test_a_missing_value_is_a_blank_cell(text: str, read_message: Read) -> None:
    reading = read_message(f"{HEADER}\n{STEM},I,A,000000,I01,2020,{text},CNY,0\n")
    assert reading.rejects == []
    assert reading.cells["value_text"].to_list() == [""]


@pytest.mark.parametrize(
    ("unit", "exponent", "text"),
    [
        ("PERSONS", "4", "10^4 PERSONS"),
        ("PERSONS", "+4", "10^4 PERSONS"),
        ("PERSONS", "-2", "10^-2 PERSONS"),
        ("PERSONS", "0", "PERSONS"),
        ("PERSONS", "", "PERSONS"),
        ("", "4", "10^4"),
    ],
)
def test_the_power_of_ten_stands_before_the_unit(
    unit: str, exponent: str, text: str, read_message: Read
) -> None:
    reading = read_message(f"{HEADER}\n{STEM},I,A,000000,I01,2020,1,{unit},{exponent}\n")
    assert reading.cells["unit_text"].to_list() == [text]


def test_the_power_of_ten_holds_for_a_unit_that_the_source_states(read_message: Read) -> None:
    content = f"{HEADER}\n{STEM},I,A,000000,I01,2020,1,,4\n"
    assert read_message(content, unit={"text": "CNY"}).cells["unit_text"].to_list() == ["10^4 CNY"]
    assert read_message(content, unit={"text": "万元"}, unit_mult={"text": "0"}).cells[
        "unit_text"
    ].to_list() == ["万元"]


@pytest.mark.parametrize(
    ("row", "reject"),
    [
        (f"{STEM},D,A,000000,I01,,,,", Reject("cell.sdmx_delete", 1, 3)),
        (f"{STEM},X,A,000000,I01,2021,1,CNY,0", Reject("cell.sdmx_unknown_action", 1, 3, text="X")),
        (f"{STEM},I,A,000000,I01,2021,1,CNY,many", Reject("cell.sdmx_unit_mult", 1, 3, text="many")),
        (
            f'{STEM},I,A,000000,I01,2021,"12,500",CNY,0',
            Reject("cell.sdmx_decimal_comma", 1, 3, text="12,500"),
        ),
        (f"{STEM},I,A,000000,I01,2021,1,CNY", Reject("cell.sdmx_short_row", 1, 3)),
        (f"{STEM},I,A,000000,I01,2021,1,CNY,0,x", Reject("cell.no_heading", 1, 3, 11, "x")),
    ],
)
def test_a_row_that_states_no_figure_is_rejected_and_the_others_load(
    row: str, reject: Reject, read_message: Read
) -> None:
    reading = read_message(f"{HEADER}\n{ROW}\n{row}\n")
    assert reading.rejects == [reject]
    assert reading.cells["row_no"].to_list() == [2]


@pytest.mark.parametrize(
    ("content", "layout", "code"),
    [
        (f"{HEADER}\n{ROW}\n", {"indicator": ["INDICATOR", "SECTOR"]}, "file.sdmx_missing_concept"),
        (f"{HEADER}\n{ROW}\n", {"conf_status": "OBS_CONF"}, "file.sdmx_missing_concept"),
        (f"{HEADER}\n{ROW}\n", {"structure": "BUREAU:OTHER"}, "file.sdmx_missing_structure"),
        (f"{HEADER}\n{ROW}\n{ROW.replace('REGION', 'CITY')}\n", {}, "file.sdmx_several_structures"),
        (f"{HEADER}\n{ROW}\n{STEM},I,A,000000,I01,,,PERSONS,4\n", {}, "file.sdmx_partial_key"),
        (f"{HEADER}\n{ROW}\n{STEM},I,A,~,I01,~,,PERSONS,4\n", {}, "file.sdmx_partial_key"),
        (f"{HEADER}\n{ROW.replace('dataflow', 'flow')}\n", {}, "file.sdmx_unknown_structure"),
        (f"{HEADER},OBS_VALUE\n{ROW},1\n", {}, "file.duplicate_column"),
        (f"{HEADER}\n", {}, "file.no_data"),
        ("", {}, "file.sdmx_no_header"),
        (f"STRUCTURE,ID\n{ROW}\n", {}, "file.sdmx_no_header"),
        (f"{HEADER}\n{ROW}\n".encode("utf-16"), {}, "file.sdmx_no_header"),
        (f"{HEADER}\n{ROW}地区\n".encode("gb18030"), {}, "file.wrong_encoding"),
    ],
)
def test_a_file_that_cannot_be_read_is_one_reject(
    content: str | bytes, layout: dict[str, Any], code: str, read_message: Read
) -> None:
    reading = read_message(content, **layout)
    assert codes(reading) == [code]
    assert reading.cells.is_empty()


def test_other_structures_are_named_and_left_out(read_message: Read) -> None:
    content = f"{HEADER}\n{ROW}\n{ROW.replace('REGION', 'CITY')}\n"
    reading = read_message(content, structure="BUREAU:CITY(1.0)")
    assert reading.rejects == [Reject("file.sdmx_other_structures", text="BUREAU:REGION(1.0)")]
    assert reading.cells["row_no"].to_list() == [3]


def test_a_file_of_another_type_is_told_what_is_read(read_message: Read) -> None:
    assert read_message("x", "f.xlsx").rejects == [Reject("file.sdmx_unknown_type", text=".xlsx")]


text = st.text(st.characters(codec="utf-8", exclude_characters="\0\r\ufeff"), min_size=1, max_size=8)
label = text.map(str.strip).filter(bool)
number = st.from_regex(r"-?[0-9]{1,12}(\.[0-9]{1,9})?([eE][+-]?[0-9])?", fullmatch=True)
CONCEPTS = ("FREQ", "REF_AREA", "INDICATOR", "TIME_PERIOD", "OBS_VALUE", "UNIT_MEASURE", "OBS_COMMENT")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    order=st.permutations(CONCEPTS),
    rows=st.lists(st.fixed_dictionaries(dict.fromkeys(CONCEPTS, label) | {"OBS_VALUE": number}), min_size=1),
    end=st.sampled_from(["\r\n", "\n"]),
    action=st.sampled_from(["I", "A", "R", "M"]),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
)
def test_what_is_written_as_sdmx_csv_comes_back(
    order: list[str],
    rows: list[dict[str, str]],
    end: str,
    action: str,
    quoting: int,
    read_message: Read,
) -> None:
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator=end, quoting=quoting)
    writer.writerow(["STRUCTURE", "STRUCTURE_ID", "ACTION", *order])
    lines = []
    for row in rows:
        lines.append(buffer.getvalue().count("\n") + 1)
        writer.writerow(["dataflow", "B:R(1.0)", action, *(row[name] for name in order)])
    reading = read_message(buffer.getvalue())
    assert reading.rejects == []
    assert reading.cells["row_no"].to_list() == lines
    assert set(reading.cells["col_no"]) == {4 + order.index("OBS_VALUE")}
    assert reading.cells.select(
        "freq", "ref_area_label", "indicator_label", "time_label", "value_text", "unit_text", "obs_comment"
    ).rows() == [tuple(row[name] for name in CONCEPTS) for row in rows]
