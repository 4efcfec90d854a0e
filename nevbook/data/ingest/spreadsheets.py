"""Spreadsheets (XLSX) as grids of text: the value stored, written as its cell shows it if the two agree."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from decimal import Decimal
from typing import Any

from nevbook.common.errors import DataError, unknown
from nevbook.data.ingest import numbers
from nevbook.data.ingest.grids import MOST_COLUMNS, Grid
from nevbook.data.ingest.numbers import plain

ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
# text that a format puts beside a number
_ADDED = re.compile(r'"([^"]*)"|\\(.)|\[\$([^\]-]*)(?:-[^\]]*)?\]|(\$|[^\x00-\x7f]+)')
# blanks, fillings, colours and conditions, which are no text
_FILLING = re.compile(r'("[^"]*"|\\.)|[_*].|\[(?!\$)[^\]]*\]')
_MOST_MEMBERS, _MOST_BYTES, _MOST_RATIO = 2_000, 150_000_000, 100
_ANEW = "open it in Excel or LibreOffice and save it as XLSX, or as CSV in UTF-8"
_STRICT = b"http://purl.oclc.org/ooxml/spreadsheetml/main"
_OUTSIDE = ("xl/externalLinks/", "xl/connections.xml", "xl/queryTables/")


def what_it_is(content: bytes) -> str:
    """Name a file that is no table of ours, and say how to make one of it; empty where it may be one."""
    start = content[:2000].lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    if content.startswith(OLE):
        if "EncryptedPackage".encode("utf-16-le") in content:
            return "is locked with a password; open it with the password and save a copy without one"
        return f"is a spreadsheet in the old form (.xls); {_ANEW}"
    if start.startswith((b"<html", b"<!doctype html", b"<table", b"<head", b"<meta")) or b"<html" in start:
        return f"is a web page (HTML), whatever its name; {_ANEW}"
    if start.startswith(b"<?xml") or b"urn:schemas-microsoft-com:office:spreadsheet" in start:
        return f"is XML, not a workbook; {_ANEW}"
    if content.startswith(b"%PDF"):
        return "is a PDF; copy its table into a spreadsheet and save that as XLSX"
    if content.startswith((b"\x1f\x8b", b"BZh", b"7z\xbc\xaf", b"Rar!")):
        return "is an archive; unpack it and hand in the table"
    return ""


def _bounded(name: str, content: bytes) -> None:
    """Refuse an archive that is no workbook or would not stay in bounds, before any of it is parsed."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            refusal = _refusal(archive, len(content))
    except Exception as error:  # an archive fails in as many ways as it has parts
        raise DataError(f"{name}: cannot be read as a spreadsheet ({error}). Save it anew.") from None
    if refusal:
        raise DataError(f"{name}: {refusal}.")


def _refusal(archive: zipfile.ZipFile, size: int) -> str:
    members = archive.infolist()
    names = {m.filename for m in members}
    unpacked = sum(m.file_size for m in members)
    if len(members) > _MOST_MEMBERS:
        return f"holds {len(members):,} files, more than a workbook; copy the figures into a new workbook"
    if unpacked > _MOST_BYTES or unpacked > _MOST_RATIO * size:
        return f"unpacks from {size:,} to {unpacked:,} bytes; copy the figures into a new workbook"
    if any(m.flag_bits & 1 for m in members):
        return "is locked with a password; save a copy without one"
    if "content.xml" in names:
        return f"is an OpenDocument file (.ods); {_ANEW}"
    if "xl/workbook.bin" in names:
        return f"is a binary workbook (.xlsb); {_ANEW}"
    if "xl/workbook.xml" not in names:
        return f"is a ZIP archive without a workbook; {_ANEW}"
    if _STRICT in archive.read("xl/workbook.xml"):
        return "is a Strict Open XML workbook; save it in Excel as Excel Workbook (.xlsx), not Strict Open XML"
    if outside := next((n for n in sorted(names) if n.startswith(_OUTSIDE)), ""):
        return f"refers to other files or data ({outside}); copy the figures as values into a new workbook"
    for member in members:
        if member.filename.endswith((".xml", ".rels")) and _declares(archive, member):
            return f"declares entities ({member.filename}), as no workbook needs; {_ANEW}"
    return ""


def _declares(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bool:
    """Whether an XML file has a document type, or is in an encoding that would hide one."""
    tail = b""
    with archive.open(member) as handle:
        while block := handle.read(1 << 20):
            if b"<!DOCTYPE" in (both := tail + block) or b"<!ENTITY" in both or b"\0" in both:
                return True
            tail = block[-16:]
    return False


def grids(name: str, content: bytes, wanted: str | None) -> list[Grid]:
    """Read the sheets of a workbook, or the one that is wanted."""
    import openpyxl  # half a second, which only who reads a spreadsheet should pay

    _bounded(name, content)
    try:
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, rich_text=True)
        names = [page.title for page in book.worksheets]
        if wanted is not None and wanted not in names:
            raise DataError(f"{name}: {unknown('sheet', wanted, names)}")
        pages = [page for page in book.worksheets if wanted in (None, page.title)]
        return [_grid(f"{name} ({page.title})", book, page) for page in pages]
    except DataError:
        raise
    except Exception as error:  # openpyxl raises whatever its parsers raise
        raise DataError(f"{name}: cannot be read as a spreadsheet ({type(error).__name__}). Save it anew.") from None


def _grid(file: str, book: Any, page: Any) -> Grid:
    """Read a sheet cell by cell: neither blank rows nor blank columns take memory."""
    from openpyxl.worksheet._reader import WorkSheetParser

    grid = Grid(file, page.title)
    formats = [style.numFmtId for style in book._cell_styles]
    with page._get_source() as source:
        parser = WorkSheetParser(
            source, page._shared_strings, epoch=book.epoch, date_formats=book._date_formats,
            timedelta_formats=book._timedelta_formats, rich_text=True,
        )  # fmt: skip
        for number, cells in parser.parse():
            texts: list[str] = []
            for cell in cells:
                if cell["value"] is None:
                    continue
                place = cell["column"] - 1
                texts += [""] * (place + 1 - len(texts))
                form = _format(book, formats[int(cell["style_id"])])
                texts[place] = _text(grid, number, place, cell["value"], cell["data_type"], form)
            grid.add(number, texts)
    _fill_merged(grid, parser.merged_cells)
    filled = {number for number, _ in grid.rows}
    hidden = [int(n) for n, row in parser.row_dimensions.items() if row.get("hidden") in ("1", "true")]
    hidden = sorted(filled.intersection(hidden))
    if hidden:
        grid.remarks.append(f"{file}: {_ranges(hidden)} hidden there, and read all the same.")
    covered = [c for c, column in parser.column_dimensions.items() if column.get("hidden") in ("1", "true")]
    if covered and grid.rows:
        grid.remarks.append(f"{file}: column {', '.join(covered)} hidden there, and read all the same.")
    if page.sheet_state != "visible" and grid.rows:
        grid.remarks.append(f"{file}: the sheet is hidden there, and read all the same.")
    return grid


def _ranges(found: list[int]) -> str:
    listed = ", ".join(map(str, found[:10])) + (f" and {len(found) - 10} more" if len(found) > 10 else "")
    return f"row{'s' if len(found) > 1 else ''} {listed} {'are' if len(found) > 1 else 'is'}"


def _format(book: Any, number: int) -> str:
    from openpyxl.styles.numbers import BUILTIN_FORMATS, BUILTIN_FORMATS_MAX_SIZE

    if number < BUILTIN_FORMATS_MAX_SIZE:
        return BUILTIN_FORMATS.get(number, "General")
    return book._number_formats[number - BUILTIN_FORMATS_MAX_SIZE]


def _fill_merged(grid: Grid, merged: Any) -> None:
    """Let the words of merged cells stand in each of them; a number stays where it is."""
    rows = dict(grid.rows)
    for one in merged.mergeCell if merged else ():
        first = rows.get(one.min_row, [])
        text = first[one.min_col - 1] if len(first) >= one.min_col else ""
        if not text or re.fullmatch(r"[\d.,%\s-]+", text) or one.max_col > MOST_COLUMNS:
            continue
        for number, cells in grid.rows:
            if one.min_row <= number <= one.max_row:
                cells += [""] * (one.max_col - len(cells))
                cells[one.min_col - 1 : one.max_col] = [text] * (one.max_col - one.min_col + 1)


def _text(grid: Grid, number: int, place: int, value: Any, kind: str, form: str) -> str:
    """Write what a cell holds."""
    from openpyxl.cell.rich_text import CellRichText, TextBlock

    if kind == "f":
        text = str(getattr(value, "text", value))
        grid.refuse(number, place, text, "is a formula", "paste its value, as the source states it")
        return text
    if kind == "e":
        grid.refuse(
            number, place, str(value), "is an error of the spreadsheet", "write the figure, or leave the row out"
        )
        return str(value)
    if isinstance(value, CellRichText):
        raised = [isinstance(b, TextBlock) and b.font.vertAlign in ("superscript", "subscript") for b in value]
        notes, kept = ("".join(str(b) for b, up in zip(value, raised, strict=True) if up is of) for of in (True, False))
        if notes and kept:
            grid.remark(number, place, f"read as {kept!r}, without its raised or lowered {notes!r}")
        return kept or notes
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, (dt.datetime, dt.date)):
        return _day(value, form)
    if isinstance(value, (int, float)):
        text, added = number_text(value, form)
        if added:
            grid.remark(number, place, f"read as {text}, the value stored; its format, {form}, shows another")
        return text
    return str(value)


def _day(value: dt.date, form: str) -> str:
    """Write a day no finer than its cell shows it: a typed 2025-12 is kept as the first of the month."""
    parts = re.sub(r"\[[^\]]*\]", "", _ADDED.sub("", form)).lower()
    written = "%Y-%m-%d" if "d" in parts else "%Y-%m" if "m" in parts else "%Y" if "y" in parts else "%Y-%m-%d"
    return value.strftime(written)


def number_text(value: int | float, form: str) -> tuple[str, str]:
    """Write a spreadsheet's number as its cell shows it, and return what else the format shows."""
    exact = Decimal(value) if isinstance(value, int) else Decimal(f"{value:.15g}")
    first, *others = (_FILLING.sub(lambda m: m[1] or "", part) for part in form.split(";"))
    shown = others[0] if value < 0 and others else others[1] if value == 0 and others[1:] else first
    if not re.search(r"[0#?@]|general", _ADDED.sub("", shown), re.IGNORECASE):  # shown as a word, or not at all
        return plain(exact), form
    if re.search(r"[0#?],+(?![0#?])", first):  # shown in thousands: its words go with another number
        return plain(exact), first
    if value < 0 and others and not re.search(r"[-(]", _ADDED.sub(lambda m: m[2] or m[1] or "", others[0])):
        return plain(exact), others[0]  # shown without its sign
    bare = _ADDED.sub("", first)
    if "%" in bare:
        exact = exact.scaleb(2)
    text = plain(exact)
    shown = re.search(r"[0#?]\.(0+)", bare)
    if shown and "E" not in bare:
        whole, _, fraction = text.partition(".")
        text = f"{whole}.{fraction.ljust(len(shown[1]), '0')}"
    parts = {"before": "", "within": "", "after": ""}
    digits = [m.start() for m in re.finditer(r"[0#?]", re.sub(r'"[^"]*"|\\.', lambda m: " " * len(m[0]), first))]
    for found in _ADDED.finditer(first):
        where = "before" if digits and found.start() < digits[0] else "after"
        if digits and digits[0] < found.start() < digits[-1]:
            where = "within"
        parts[where] += next(g for g in found.groups() if g is not None)
    if parts["within"]:
        return text, first
    before, after = (w if _says_unit(w) else "" for w in (parts["before"], parts["after"]))
    dropped = "".join(w for w, kept in ((parts["before"], before), (parts["after"], after)) if not kept).strip(" -()+")
    return f"{before}{text}{'%' if '%' in bare else ''}{after}".strip(), dropped


def _says_unit(words: str) -> bool:
    """Whether what a format puts beside a number is a unit or a qualifier, and no mark of a note."""
    word = numbers.folded(words)
    if re.search(r"\d", word):  # a digit that the value has not
        return False
    if not word or numbers.marks(words) or numbers.qualifier(word) != word:
        return bool(word) and not numbers.marks(words)
    try:
        numbers.unit(word)
    except numbers.NumberFormatError:
        return False
    return True
