"""Files that people hand in, read as rows of text."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import openpyxl
import pytest

from nevbook.common.errors import DataError
from nevbook.data.ingest.readers import Sheet, number_text, read

ROWS = [["名称", "value"], ["重庆, west", "95.30"], ["", ""], ['say "so"', "1,296,000"]]


def text(delimiter: str) -> str:
    def cell(one: str) -> str:
        return '"' + one.replace('"', '""') + '"' if delimiter in one or '"' in one else one

    return "".join(delimiter.join(map(cell, row)) + "\r\n" for row in ROWS)


def one(path: Path, **more: str) -> Sheet:
    (found,) = read(path, **more)
    return found


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
def test_csv_of_any_usual_kind(tmp_path: Path, delimiter: str, encoding: str) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(text(delimiter).encode(encoding))
    sheet = one(path)
    assert sheet.head == ROWS[0] and sheet.rows == {2: ROWS[1], 4: ROWS[3]} and not sheet.issues


def test_a_spreadsheet_shows_its_numbers_as_text(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    page = book.active
    page.append(["period", "value", "day", "month"])
    page.append([2026, 95.3, dt.date(2026, 1, 5), dt.datetime(2026, 12, 1)])
    page["B2"].number_format, page["D2"].number_format = "0.00", "mmm-yy"
    book.save(tmp_path / "a.xlsx")
    assert one(tmp_path / "a.xlsx").rows == {2: ["2026", "95.30", "2026-01-05", "2026-12"]}


@pytest.mark.parametrize(
    ("value", "form", "shown"),
    [
        (95.32, "General", "95.32"),
        (95.3, "0.00", "95.30"),
        (95.32, "0", "95.32"),  # what a format hides was typed in all the same
        (0.1 + 0.2, "General", "0.3"),
        (1296000, "#,##0", "1296000"),
        (0.36, "0%", "36%"),
        (0.36, "0.0%", "36.0%"),
        (0.365, "0%", "36.5%"),
        (95.32, '0.00"万辆"', "95.32万辆"),
        (431.1, "[$¥-804]#,##0.00", "¥431.10"),
        (12.5, '"$"#,##0.00_);\\("$"#,##0.00\\)', "$12.50"),
        (12.5, "_-* #,##0.00_-", "12.50"),
        (1500000, '0.0,,"m"', "1500000"),
        (-8.5, "0.0;[Red]-0.0", "-8.5"),
        (953200, "0.00E+00", "953200"),
    ],
)
def test_the_text_of_a_number(value: float, form: str, shown: str) -> None:
    assert number_text(value, form) == shown


def test_formulas_and_errors_are_issues_of_their_cells(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    page = book.active
    for row in (["a", "b"], ["=1+1", 2], [3, "#N/A"]):
        page.append(row)
    page["B3"].data_type = "e"
    book.save(tmp_path / "a.xlsx")
    issues = one(tmp_path / "a.xlsx").issues
    assert [(f.row, f.column, f.value) for f in issues] == [(2, "a", "=1+1"), (3, "b", "#N/A")]
    assert "paste its value" in issues[0].remedy


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "empty"),
        (b"\n \n", "empty"),
        (b"\x80\x81\xff\xfe\xfd", "no text in UTF-8"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "old or locked spreadsheet"),
        (b"PK\x03\x04 no zip", "cannot be read as a spreadsheet"),
        (b"%PDF-1.7\x00\x1b", "no text in"),
    ],
)
def test_what_is_no_table_is_refused(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(content)
    with pytest.raises(DataError, match=said):
        read(path)


def test_rows_of_another_length_and_quotes_that_do_not_close(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text('a,b\n1\n1,2,3\n1,2,,\n1,"2\n3,4\n', encoding="utf-8")
    sheet = one(path)
    assert [(f.row, f.problem.split(" (")[0]) for f in sheet.issues] == [
        (2, "1 cells where the header has 2"),
        (3, "3 cells where the header has 2"),
        (5, "the quotes of a cell do not close where it ends"),
    ]
    assert sheet.rows == {4: ["1", "2"]}


def test_sheets_are_named(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for name in ("one", "two"):
        book.create_sheet(name).append(["a"])
    book.save(tmp_path / "a.xlsx")
    assert [s.name for s in read(tmp_path / "a.xlsx")] == ["one", "two"]
    assert one(tmp_path / "a.xlsx", sheet="two").file == "a.xlsx (two)"
    with pytest.raises(DataError, match="Did you mean two"):
        read(tmp_path / "a.xlsx", "twoo")
    (tmp_path / "a.csv").write_text("a\n1\n", encoding="utf-8")
    with pytest.raises(DataError, match="has no sheets"):
        read(tmp_path / "a.csv", "two")
    with pytest.raises(DataError, match="no such file"):
        read(tmp_path / "b.csv")
