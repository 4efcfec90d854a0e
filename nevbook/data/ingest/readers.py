"""Files that people hand in, as rows of text: CSV of any usual kind, and XLSX.

A number of a spreadsheet becomes the text that its cell shows, with two differences: digits that its
format hides are kept, for they were typed in; and only noughts that the format adds count as stated.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from nevbook.common.errors import DataError, unknown
from nevbook.common.files import read_regular
from nevbook.data.ingest.numbers import plain
from nevbook.data.issues import Issue

_ZIP, _OLD = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_DELIMITERS = (",", ";", "\t")
_ADDED = re.compile(r'"([^"]*)"|\\(.)|\[\$([^\]-]*)(?:-[^\]]*)?\]')  # text that a format puts beside a number


@dataclass
class Sheet:
    """One table of a file, as text.

    Attributes
    ----------
    file : str
        As messages name it; with the sheet's name where the file has sheets.
    name : str
        Of the sheet; empty for CSV.
    head : list of str
        The first row that is not empty.
    rows : dict
        The cells of each further row that is not empty, as many as `head`, by row number as a
        spreadsheet counts.
    issues : list of Issue
        Rows and cells that cannot be read.
    """

    file: str
    name: str
    head: list[str] = field(default_factory=list)
    rows: dict[int, list[str]] = field(default_factory=dict)
    issues: list[Issue] = field(default_factory=list)

    def add(self, number: int, cells: list[str]) -> None:
        """Take in a row: the first that is not empty is the header."""
        if not any(c.strip() for c in cells):
            return
        if not self.head:
            self.head = [c.strip() for c in cells]
            while not self.head[-1]:
                self.head.pop()
            return
        width = len(self.head)
        if len(cells) < width or any(c.strip() for c in cells[width:]):
            hint = "put a cell with a comma in double quotes" if len(cells) > width else "fill it up"
            problem = f"{len(cells)} cells where the header has {width}"
            self.issues.append(Issue(self.file, number, None, None, problem, hint))
            return
        self.rows[number] = [c.strip() for c in cells[:width]]


def read(file: Path, sheet: str | None = None) -> list[Sheet]:
    """Read a file.

    Raises DataError where the file is missing or none of these, or has no such sheet.
    """
    try:
        content = read_regular(file)
    except FileNotFoundError:
        raise DataError(f"{file}: no such file.") from None
    except OSError as error:
        raise DataError(f"{file}: cannot be read ({error.strerror}).") from None
    if content.startswith(_OLD):
        raise DataError(f"{file.name}: an old or locked spreadsheet; save it as XLSX without a password, or as CSV.")
    if content.startswith(_ZIP):
        found = list(_spreadsheet(file.name, content, sheet))
    elif sheet:
        raise DataError(f"{file.name}: has no sheets, it is CSV; leave out --sheet {sheet}.")
    else:
        found = [_csv(file.name, content)]
    found = [one for one in found if one.head]
    if not found:
        raise DataError(f"{file.name}: empty; write a header and a row for each figure.")
    return found


def decoded(content: bytes, name: str) -> str:
    """Decode a CSV file.

    Raises DataError where it is in none of the encodings known here, or no text.
    """
    guesses = ["utf-8-sig", "gb18030"]
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        guesses = ["utf-16"]
    elif b"\0" in content[:200]:
        high = content[:200:2].count(0)  # the first byte of ASCII in the one order, the second in the other
        guesses = ["utf-16-be" if high > content[1:200:2].count(0) else "utf-16-le"]
    for encoding in guesses:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text and "\x1b" not in text:
            return text
    raise DataError(f"{name}: no text in UTF-8, UTF-16 or GB18030. Save it as CSV in UTF-8, or as XLSX.")


def _csv(name: str, content: bytes) -> Sheet:
    text = decoded(content, name)
    first = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = max(_DELIMITERS, key=lambda d: len(next(csv.reader([first], delimiter=d), [])))
    sheet = Sheet(name, "")
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for number, cells in enumerate(reader, start=1):
            sheet.add(number, cells)
    except csv.Error as error:
        problem = f"the quotes of a cell do not close where it ends ({error})"
        number = max([1, *sheet.rows]) + 1
        sheet.issues.append(Issue(name, number, None, None, problem, "write each quote within a cell twice"))
    return sheet


def _spreadsheet(name: str, content: bytes, wanted: str | None) -> Iterator[Sheet]:
    import openpyxl  # half a second, which only who reads a spreadsheet should pay

    try:
        book = openpyxl.load_workbook(io.BytesIO(content))
    except Exception as error:  # openpyxl raises whatever its parsers raise
        raise DataError(f"{name}: cannot be read as a spreadsheet ({type(error).__name__}). Save it anew.") from None
    names = [page.title for page in book.worksheets]
    if wanted is not None and wanted not in names:
        raise DataError(f"{name}: {unknown('sheet', wanted, names)}")
    for page in book.worksheets:
        if wanted not in (None, page.title):
            continue
        sheet = Sheet(f"{name} ({page.title})", page.title)
        for number, cells in enumerate(page.iter_rows(), start=1):
            texts = [_text(cell) for cell in cells]
            sheet.add(number, texts)
            if number in sheet.rows:
                sheet.issues += _unreadable(sheet, number, cells)
        yield sheet


def _unreadable(sheet: Sheet, number: int, cells: tuple[Any, ...]) -> Iterator[Issue]:
    for column, cell in zip(sheet.head, cells, strict=False):
        if cell.data_type == "f":
            remedy = "paste its value, as the source states it"
            yield Issue(sheet.file, number, column, _text(cell), "is a formula", remedy)
        elif cell.data_type == "e":
            remedy = "write the figure, or leave the row out"
            yield Issue(sheet.file, number, column, _text(cell), "is an error of the spreadsheet", remedy)


def _text(cell: Any) -> str:
    value, form = cell.value, cell.number_format or "General"
    if value is None:
        return ""
    if cell.data_type == "f":
        return str(getattr(value, "text", value))
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, (dt.datetime, dt.date)):
        return _day(value, form)
    if isinstance(value, (int, float)):
        return number_text(value, form)
    return str(value)


def _day(value: dt.date, form: str) -> str:
    """Write a day no finer than its cell shows it: a typed 2025-12 is kept as the first of the month."""
    parts = _ADDED.sub("", form).lower()
    return value.strftime("%Y-%m-%d" if "d" in parts else "%Y-%m" if "m" in parts else "%Y")


def number_text(value: int | float, form: str) -> str:
    """Write a spreadsheet's number as its cell shows it, no digit lost."""
    exact = Decimal(value) if isinstance(value, int) else Decimal(f"{value:.15g}")
    first = re.sub(r"(?<!\\)[_*].", "", form.split(";")[0])  # blanks and fillings, which are no text
    if re.search(r"[0#?],+(?![0#?])", first):  # shown in thousands: its words go with another number
        return plain(exact)
    bare = _ADDED.sub("", first)
    if "%" in bare:
        exact = exact.scaleb(2)
    text = plain(exact)
    shown = re.search(r"[0#?]\.(0+)", bare)
    if shown and "E" not in bare:
        whole, _, fraction = text.partition(".")
        text = f"{whole}.{fraction.ljust(len(shown[1]), '0')}"
    digits = re.search(r"[0#?]", re.sub(r'"[^"]*"', lambda m: " " * len(m[0]), first))
    before = after = ""
    for found in _ADDED.finditer(first):
        said = next(g for g in found.groups() if g is not None)
        before, after = (before + said, after) if digits and found.start() < digits.start() else (before, after + said)
    if "$" in bare:
        before += "$"
    return f"{before}{text}{'%' if '%' in bare else ''}{after}".strip()
