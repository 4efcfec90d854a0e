"""Files that people hand in, read as rows of text."""

from __future__ import annotations

import contextlib
import datetime as dt
import io
import random
import string
import time
import tracemalloc
import warnings
import zipfile
from pathlib import Path

import openpyxl
import pytest
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont

from nevbook.common.errors import DataError
from nevbook.data.ingest.columns import Package
from nevbook.data.ingest.encodings import decoded
from nevbook.data.ingest.grids import Grid
from nevbook.data.ingest.readers import read
from nevbook.data.ingest.spreadsheets import number_text
from tests.conftest import DATA

ROWS = [["名称", "value"], ["重庆, west", "95.30"], ["", ""], ['say "so"', "1,296,000"]]


def text(delimiter: str) -> str:
    def cell(one: str) -> str:
        return '"' + one.replace('"', '""') + '"' if delimiter in one or '"' in one else one

    return "".join(delimiter.join(map(cell, row)) + "\r\n" for row in ROWS)


def one(path: Path, **more: object) -> Grid:
    (found,) = read(path, **more)
    return found


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
def test_csv_of_any_usual_kind(tmp_path: Path, delimiter: str, encoding: str) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(text(delimiter).encode(encoding))
    grid = one(path, vocabulary=set("名称重庆"))
    assert grid.rows == [(1, ROWS[0]), (2, ROWS[1]), (4, ROWS[3])] and not grid.issues
    assert grid.remarks == (
        [] if encoding.startswith("utf-8") else [f"a.csv: read as {encoding.upper()[:7].rstrip('-')}."]
    )


@pytest.mark.parametrize(
    ("encoding", "words"),
    [
        ("gb18030", "2025年重庆市汽车产量情况,重庆市统计局"),
        ("big5", "臺灣汽車產量統計,經濟部統計處"),
        ("cp932", "自動車の生産台数について,日本自動車工業会"),
        ("cp949", "자동차 생산 통계,한국자동차산업협회"),
        ("cp1252", "Zulassungszahlen für Elektroautos,Österreichische Übersicht"),
        ("cp1251", "Производство автомобилей,Росстат"),
        ("cp1250", "Výroba vozidel v České republice,Sdružení automobilového průmyslu"),
        ("cp1254", "Türkiye otomobil üretimi ve ihracatı,Otomotiv Sanayii Derneği"),
        ("cp1253", "Πωλήσεις αυτοκινήτων,ΣΕΑΑ"),
        ("cp1256", "سوق السيارات الكهربائية في السعودية,هيئة"),
        ("cp874", "การส่งออกรถยนต์ของจีน,กรมการขนส่ง"),
    ],
)
def test_an_encoding_is_told_by_what_comes_out(encoding: str, words: str) -> None:
    vocabulary = Package(DATA).vocabulary()
    content = f"id,title,publisher\nx,{words}\n".encode(encoding)
    found, called = decoded(content, "a.csv", None, vocabulary)
    assert words in found and called.casefold().replace("-", "") in (encoding, "shiftjis", "euckr")


@pytest.mark.parametrize(
    ("encoding", "words"),
    [
        *[(e, "Größe des Marktes für Elektroautos") for e in ("mac_roman", "cp437", "cp850")],
        *[(e, "Výroba vozidel v České republice") for e in ("cp852", "iso8859_2")],
        ("gb18030", "“十四五”规划——汽车,人民网"),
        *[(e, "Экспорт автомобилей из Китая") for e in ("koi8_r", "cp866", "mac_cyrillic")],
        *[(e, "香港嘅電動車市場,運輸署") for e in ("big5hkscs", "gb18030")],
        *[(e, "日本自動車工業会") for e in ("cp932", "euc_jp", "iso2022_jp")],
        ("cp949", "현대자동차 판매"),
        ("cp1255", "שוק הרכב החשמלי"),
        ("cp1252", "“EVs”, 5 € a kWh; modèle"),
        ("utf-32", "重庆"),
    ],
)
def test_a_text_is_read_as_it_was_written_or_refused(encoding: str, words: str) -> None:
    content = f"id,title\nx,{words}\n".encode(encoding)
    with contextlib.suppress(DataError):
        assert words in decoded(content, "a.csv", None, Package(DATA).vocabulary())[0]


def test_an_ambiguous_encoding_is_refused_and_may_be_named() -> None:
    content = "id,title\nx,自動車の生産台数について\n".encode("euc_jp")
    with pytest.raises(DataError, match="--encoding (cp949|euc_jp)"):
        decoded(content, "a.csv")
    assert "自動車" in decoded(content, "a.csv", "euc_jp")[0]
    with pytest.raises(DataError, match="no encoding is called so"):
        decoded(content, "a.csv", "euc-xx")
    with pytest.raises(DataError, match="is not ascii"):
        decoded(content, "a.csv", "ascii")


@pytest.mark.parametrize("character", ["\ufffd", "\x07", "\u202e", "\u200b", "\ue000", "\x85x\x9f", "\x7f"])
def test_characters_that_nobody_sees_are_refused_with_their_place(tmp_path: Path, character: str) -> None:
    path = tmp_path / "a.csv"
    path.write_text(f"a,b\n1,x{character}y\n", encoding="utf-8", newline="")
    ((number, place, issue),) = one(path).issues
    assert (number, place, issue.row, issue.column) == (2, 1, 2, "B") and "U+" in issue.problem


def test_a_line_break_in_a_cell_is_a_blank(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text('a,"b\n(万辆)"\r\n1,"x\r\ny"\r\n', encoding="utf-8", newline="")
    assert one(path).rows == [(1, ["a", "b (万辆)"]), (2, ["1", "x y"])]


def workbook(path: Path, *rows: list, **formats: str) -> Path:
    """A workbook of one sheet; formats by cell."""
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    for cell, form in formats.items():
        book.active[cell].number_format = form
    book.save(path)
    return path


def test_a_spreadsheet_shows_its_numbers_as_text(tmp_path: Path) -> None:
    cells = [2026, 95.3, dt.date(2026, 1, 5), dt.datetime(2026, 12, 1), dt.date(2026, 11, 30), dt.date(2026, 1, 31)]
    grid = one(
        workbook(
            tmp_path / "a.xlsx",
            cells,
            B1="0.00",
            D1="mmm-yy",
            E1='[DBNum1][$-804]yyyy"年"m"月";@',
            F1="[$-804]yyyy\\年m\\月d\\日;@",
        )
    )
    assert grid.rows == [(1, ["2026", "95.30", "2026-01-05", "2026-12", "2026-11", "2026-01-31"])]
    assert grid.locator(1, 1) == "Sheet!B1"


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
        (-8.5, "0.0;[Red]-0.0", "-8.5"),
        (953200, "0.00E+00", "953200"),
        (-8.5, "0.0_);(0.0)", "-8.5"),
    ],
)
def test_the_text_of_a_number(value: float, form: str, shown: str) -> None:
    assert number_text(value, form) == (shown, "")


@pytest.mark.parametrize(
    ("value", "form", "stored", "named"),
    [
        (2317900, '0"万"0000', "2317900", '0"万"0000'),
        (4.5, "0.0‰", "4.5", "‰"),
        (249, '0"¹"', "249", "¹"),
        (249, '0"①"', "249", "①"),
        (249, '0.0"*"', "249.0", "*"),
        (1500000, '0.0,,"m"', "1500000", '0.0,,"m"'),
        (-8.5, "0.0;0.0", "-8.5", "0.0"),
        (12, '"Stand "0', "12", "Stand"),
        (6.05, '0.00"9"', "6.05", "9"),  # digits that the value has not
        (6.05, '0"0"', "6.05", "0"),
        (6.05, '[=6.05]"7.77"', "6.05", '[=6.05]"7.77"'),
        (0, '0;-0;"—"', "0", '0;-0;"—"'),
        (6.05, ";;;", "6.05", ";;;"),
    ],
)
def test_a_format_that_shows_another_number_is_named(
    tmp_path: Path, value: float, form: str, stored: str, named: str
) -> None:
    assert number_text(value, form) == (stored, named)
    grid = one(workbook(tmp_path / "a.xlsx", [value], A1=form))
    assert grid.rows == [(1, [stored])] and f"A1: read as {stored}, the value stored" in grid.remarks[0]


def test_raised_digits_of_rich_text_are_notes(tmp_path: Path) -> None:
    raised = TextBlock(InlineFont(vertAlign="superscript"), "1")
    grid = one(
        workbook(
            tmp_path / "a.xlsx", [CellRichText("249", raised), CellRichText("万", TextBlock(InlineFont(b=True), "辆"))]
        )
    )
    assert grid.rows == [(1, ["249", "万辆"])]
    assert grid.remarks == ["a.xlsx (Sheet), A1: read as '249', without its raised or lowered '1'."]


def test_formulas_and_errors_are_issues_of_their_cells(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", ["a", "b"], ["=1+1", 2], [3, "#N/A"])
    book = openpyxl.load_workbook(path)
    book.active["B3"].data_type = "e"
    book.save(path)
    issues = [issue for *_, issue in one(path).issues]
    assert [(f.row, f.column, f.value) for f in issues] == [(2, "A", "=1+1"), (3, "B", "#N/A")]
    assert "paste its value" in issues[0].remedy


def test_what_is_hidden_is_read_and_said(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(workbook(tmp_path / "a.xlsx", ["a", "b"], [1, 2], [3, 4]))
    book.active.row_dimensions[3].hidden = True
    book.active.column_dimensions["B"].hidden = True
    book.create_sheet("more").append(["x"])
    book["more"].sheet_state = "hidden"
    book.save(tmp_path / "a.xlsx")
    first, second = read(tmp_path / "a.xlsx")
    assert first.rows[-1] == (3, ["3", "4"]) and second.rows
    assert [r.split(": ")[1] for r in first.remarks] == [
        "row 3 is hidden there, and read all the same.",
        "column B hidden there, and read all the same.",
    ]
    assert "the sheet is hidden" in second.remarks[0]


def test_merged_words_stand_in_each_row_and_merged_numbers_once(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(workbook(tmp_path / "a.xlsx", ["重庆", 5], [None, None], [None, 7]))
    book.active.merge_cells("A1:A3")
    book.active.merge_cells("B1:B2")
    book.save(tmp_path / "a.xlsx")
    assert one(tmp_path / "a.xlsx").rows == [(1, ["重庆", "5"]), (3, ["重庆", "7"])]


ODS, DOCX, STRICT = "content.xml", "word/document.xml", "xl/workbook.xml"


def archive(**members: bytes | str) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in members.items():
            made.writestr(name, content)
    return held.getvalue()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "empty"),
        (b"\n \n", "empty"),
        (b"\x81\x98\xff\xfe\xfd", "no text in UTF-8"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1 Workbook", r"in the old form \(.xls\); open it"),
        (b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"), "locked with a password; open it with"),
        (b"PK\x03\x04 no zip", "cannot be read as a spreadsheet"),
        (b"%PDF-1.7\x00\x1b", "is a PDF"),
        (b"<html><meta charset=gb2312><table></table>", r"is a web page \(HTML\), whatever its name; open it"),
        (b"\xef\xbb\xbf<!DOCTYPE html>", "is a web page"),
        (b'<?xml version="1.0"?><Workbook/>', "is XML, not a workbook"),
        (b"\x1f\x8b\x08", "is an archive"),
        (archive(**{ODS: "x"}), r"OpenDocument file \(.ods\); open it"),
        (archive(**{"xl/workbook.bin": "x"}), "binary workbook"),
        (archive(**{DOCX: "x"}), "without a workbook"),
        (archive(**{STRICT: b'xmlns="http://purl.oclc.org/ooxml/spreadsheetml/main"'}), "Strict Open XML"),
        (archive(**{STRICT: "x", "xl/externalLinks/externalLink1.xml": "x"}), "refers to other files"),
        (archive(**{STRICT: "x", "xl/worksheets/sheet1.xml": '<!DOCTYPE a [<!ENTITY b "c">]>'}), "declares entities"),
        (archive(**{STRICT: "x", "xl/worksheets/sheet1.xml": b"0" * 5_000_000}), "unpacks from"),
        (archive(**{STRICT: "x"} | {f"{n}": "" for n in range(2_001)}), "more than a workbook"),
    ],
)
def test_what_is_no_table_is_named_for_what_it_is(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(content)
    with pytest.raises(DataError, match=said):
        read(path)


def sparse(path: Path, cell: str, rows: int = 0) -> Path:
    """A workbook whose last cell is far out, and so many rows that are formatted and blank."""
    workbook(path, ["a", "b"], [1, 2])
    with zipfile.ZipFile(path) as made:
        parts = {n: made.read(n) for n in made.namelist()}
    blank = "".join(f'<row r="{n}"><c r="A{n}" s="0"/></row>' for n in range(3, 3 + rows))
    last = f'<row r="{cell.lstrip(string.ascii_uppercase)}"><c r="{cell}" s="0"/></row></sheetData>'
    sheet = "xl/worksheets/sheet1.xml"
    parts[sheet] = (
        parts[sheet].replace(b"</sheetData>", (blank + last).encode()).replace(b'"A1:B2"', f'"A1:{cell}"'.encode())
    )
    parts["noise"] = random.Random(1).randbytes(len(parts[sheet]) // 80)  # a real one packs less well
    path.write_bytes(archive(**parts))
    return path


@pytest.mark.parametrize(("cell", "rows"), [("H1048576", 0), ("XFD1048576", 0), ("A300000", 200_000)])
def test_blank_cells_cost_nothing(tmp_path: Path, cell: str, rows: int) -> None:
    began, path = time.process_time(), sparse(tmp_path / "a.xlsx", cell, rows)
    tracemalloc.start()
    assert one(path).rows == [(1, ["a", "b"]), (2, ["1", "2"])]
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 200e6 and time.process_time() - began < 60


def test_a_file_that_no_table_can_be_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("a\n" + "1\n" * 100_001, encoding="utf-8")
    with pytest.raises(DataError, match="more than 100,000 filled rows; hand in a part"):
        read(path)
    path.write_text("a,b\n1," + "x" * 40_000 + "\n", encoding="utf-8")
    assert "holds 40,000 characters" in one(path).issues[0][2].problem
    path.write_text("a,b\n1," + "x" * 10_000_000 + "\n", encoding="utf-8")
    assert "characters" in one(path).issues[0][2].problem
    with path.open("wb") as handle:
        handle.truncate(200_000_000)
    with pytest.raises(DataError, match="200,000,000 bytes, more than"):
        read(path)
    with pytest.raises(DataError, match="keep to 500 columns"):
        read(workbook(tmp_path / "a.xlsx", [None] * 600 + [1]))
    path.write_text("a,b\n1" + "," * 100_000 + "\n" + "1," * 600 + "\n", encoding="utf-8")
    with pytest.raises(DataError, match="column SG; keep to 500 columns"):
        read(path)


def test_parts_of_a_workbook_that_hold_no_figure_are_passed_over(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", ["a", 1])
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    extension = b'<extLst><ext uri="{CCE6A557-97BC-4b89-ADB6-D9C93CAAB3DF}"/></extLst></worksheet>'
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content.replace(b"</worksheet>", extension))
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        openpyxl.load_workbook(path)
        assert len(said) == 1  # of a drop-down that it does not know
        assert one(path).rows == [(1, ["a", "1"])]
    assert len(said) == 1


def test_quotes_that_do_not_close(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text('a,b\n1,2\n1,"2\n3,4\n', encoding="utf-8")
    ((_, _, issue),) = one(path).issues
    assert issue.row == 3 and issue.problem.startswith("the quotes of a cell do not close")


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
