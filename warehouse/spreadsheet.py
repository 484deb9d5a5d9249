"""A sheet of texts as an XLSX workbook, for people to read and fill in.

Here: the least that a workbook needs, written with the standard library. Every cell is stored as a text, which no
spreadsheet program takes for a formula. Not here: what the sheet says.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator, Sequence
from html import escape
from pathlib import Path

from sources.address import column_letters

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
# What XML 1.0 cannot hold at all.
IMPOSSIBLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# Same rows, same bytes: the time of writing is no part of a sheet.
UNDATED = (1980, 1, 1, 0, 0, 0)

STYLES = (
    f'{HEAD}<styleSheet xmlns="{MAIN}"><fonts count="2"><font><sz val="11"/></font><font><b/><sz val="11"/></font>'
    '</fonts><fills count="3"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/>'
    '</fill><fill><patternFill patternType="solid"><fgColor rgb="FFFFF2CC"/></patternFill></fill></fills>'
    "<borders count=\"2\"><border/><border>{edges}</border></borders><cellStyleXfs count=\"1\"><xf/></cellStyleXfs>"
    '<cellXfs count="4"><xf/>{plain}{bold}{answer}</cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0"'
    ' builtinId="0"/></cellStyles></styleSheet>'
)  # fmt: skip


def write_sheet(
    path: Path, title: str, rows: Sequence[Sequence[str]], widths: Sequence[int], answers: int
) -> None:
    """Write a workbook with one sheet; nothing is left where it cannot be written whole.

    Args:
        path: the file, which appears in one step.
        title: name of the sheet.
        rows: the texts; the first row is set bold, and so is the first column.
        widths: of the columns, in characters.
        answers: how many of the last rows are left to be filled in, in their last column.

    Raises:
        OSError: it cannot be written.
    """
    unfinished = path.with_name(f".{path.name}.part")
    with zipfile.ZipFile(unfinished, "w", zipfile.ZIP_DEFLATED) as workbook:
        for name, content in _parts(title, rows, widths, answers):
            workbook.writestr(zipfile.ZipInfo(name, UNDATED), content, zipfile.ZIP_DEFLATED)
    unfinished.replace(path)


def _parts(
    title: str, rows: Sequence[Sequence[str]], widths: Sequence[int], answers: int
) -> Iterator[tuple[str, str]]:
    yield (
        "[Content_Types].xml",
        (
            f'{HEAD}<Types xmlns="{PACKAGE}/content-types"><Default Extension="rels"'
            ' ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{KIND}.sheet.main+xml"/>'
            f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{KIND}.worksheet+xml"/>'
            f'<Override PartName="/xl/styles.xml" ContentType="{KIND}.styles+xml"/></Types>'
        ),
    )
    yield "_rels/.rels", _relationships(("officeDocument", "xl/workbook.xml"))
    yield (
        "xl/workbook.xml",
        (
            f'{HEAD}<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>'
            f'<sheet name="{_text(title)}" sheetId="1" r:id="rId1"/></sheets></workbook>'
        ),
    )
    yield (
        "xl/_rels/workbook.xml.rels",
        _relationships(("worksheet", "worksheets/sheet1.xml"), ("styles", "styles.xml")),
    )
    yield "xl/styles.xml", _styles()
    columns = "".join(
        f'<col min="{number}" max="{number}" width="{width}" customWidth="1"/>'
        for number, width in enumerate(widths, start=1)
    )
    lines = "".join(
        _row(number, row, number > len(rows) - answers) for number, row in enumerate(rows, start=1)
    )
    yield (
        "xl/worksheets/sheet1.xml",
        (
            f'{HEAD}<worksheet xmlns="{MAIN}"><cols>{columns}</cols><sheetData>{lines}</sheetData>'
            '<pageSetup paperSize="9" orientation="portrait" fitToHeight="0"/></worksheet>'
        ),
    )


def _row(number: int, texts: Sequence[str], is_answer: bool) -> str:
    cells = []
    for position, content in enumerate(texts, start=1):
        style = 3 if is_answer and position == len(texts) else 1 + int(number == 1 or position == 1)
        kind, inner = "", ""
        if content:
            kind, inner = ' t="inlineStr"', f'<is><t xml:space="preserve">{_text(content)}</t></is>'
        cells.append(f'<c r="{column_letters(position)}{number}" s="{style}"{kind}>{inner}</c>')
    height = ' ht="42" customHeight="1"' if is_answer else ""
    return f'<row r="{number}"{height}>{"".join(cells)}</row>'


def _relationships(*targets: tuple[str, str]) -> str:
    links = "".join(
        f'<Relationship Id="rId{number}" Type="{OFFICE}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(targets, start=1)
    )
    return f'{HEAD}<Relationships xmlns="{PACKAGE}/relationships">{links}</Relationships>'


def _styles() -> str:
    """Plain, bold and to be filled in; all wrapped, framed and set to the top."""
    edges = "".join(f'<{side} style="thin"/>' for side in ("left", "right", "top", "bottom"))
    faces = {"plain": (0, 0), "bold": (1, 0), "answer": (0, 2)}
    formats = {
        name: f'<xf fontId="{font}" fillId="{fill}" borderId="1" numFmtId="49" applyFont="1" applyFill="1"'
        ' applyBorder="1" applyNumberFormat="1" applyAlignment="1"><alignment wrapText="1" vertical="top"/></xf>'
        for name, (font, fill) in faces.items()
    }
    return STYLES.format(edges=edges, **formats)


def _text(content: str) -> str:
    return escape(IMPOSSIBLE.sub("�", content))
