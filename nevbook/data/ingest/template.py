"""A spreadsheet to fill in, which `add` reads back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from nevbook.common.errors import DataError, unknown
from nevbook.common.files import whole, writable_place
from nevbook.data.ingest.add import MAIN, SOURCES
from nevbook.data.ingest.columns import LOOKUP, Package, filled, needed

ROWS = 500  # how far down the drop-downs reach
_UNITS = "vehicles,万辆,辆,yuan,万元,亿元,million yuan,billion yuan,usd,亿美元,million US$,%,个百分点,个,倍,位"
_WIDTHS = {"indicator": 30, "entity": 18, "value": 14, "source": 34, "locator": 24, "note": 40, "title": 60, "url": 50}


def write(package: Package, file: Path, tables: Sequence[str] = (MAIN, SOURCES)) -> None:
    """Write a spreadsheet with a sheet for each table, and one of the ids that they refer to."""
    from openpyxl import Workbook

    for table in tables:
        if table not in package.resources:
            raise DataError(str(unknown("table", table, package.resources)))
    if file.suffix.lower() != ".xlsx":
        raise DataError(f"{file}: a template is a spreadsheet; write {file.stem}.xlsx.")
    file = writable_place(file, "file", package.folder)
    book = Workbook()
    book.remove(book.active)
    sheets = {table: book.create_sheet(table) for table in tables}
    ranges = _lookup(book.create_sheet(LOOKUP), package, tables)
    for table, sheet in sheets.items():
        _table(sheet, package, table, ranges)
    with whole(file) as part:
        book.save(part)


def _lookup(sheet: Any, package: Package, tables: Sequence[str]) -> dict[str, str]:
    """Fill the sheet of ids; return where the ids of each table stand, as a drop-down names them."""
    from openpyxl.styles import Font

    sheet.append(["table", "id", "name", "name in Chinese", "unit", "ways of counting"])
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    ranges = {}
    for target in _targets(package, tables):
        rows = package.rows(target)
        first = sheet.max_row + 1
        if target == "bases":  # one way of counting serves many indicators
            rows = list({r["id"]: {**r, "definition": ""} for r in rows}.values())
        for row in rows:
            bases = ", ".join(b["id"] for b in package.rows("bases") if b["indicator"] == row["id"]) \
                if target == "indicators" else ""  # fmt: skip
            name = row.get("name") or row.get("title", "")
            told = [target, row["id"], name, row.get("name_zh", ""), row.get("unit", ""), bases]
            sheet.append(told)
            for cell in sheet[sheet.max_row]:  # a name that begins with = is a name, and no formula
                cell.data_type = "s"
        if rows:
            ranges[target] = f"{LOOKUP}!$B${first}:$B${sheet.max_row}"
    sheet.freeze_panes = "A2"
    for letter, width in zip("ABCDEF", (14, 36, 40, 30, 18, 60), strict=True):
        sheet.column_dimensions[letter].width = width
    return ranges


def _targets(package: Package, tables: Sequence[str]) -> list[str]:
    """Tables that the tables refer to, in the order of the package."""
    linked = [link[0] for t in tables if (link := package.link(t))]
    named = {package.points_at(t, c) for t in (*tables, *linked) for c in package.fields(t)}
    return [name for name in package.resources if name in named and "id" in package.fields(name)]


def _table(sheet: Any, package: Package, table: str, ranges: dict[str, str]) -> None:
    """Write header, comments and drop-downs of one table."""
    from openpyxl.comments import Comment
    from openpyxl.styles import Font, PatternFill
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    may = filled(package, table)
    must = [c for c in needed(package, table) if c not in may]
    fields = package.fields(table)
    shown = [c for c in fields if c != "id" or "id" in must]
    if link := package.link(table):  # its sources stand in a table of their own
        fields, must = fields | {"source": package.fields(link[0])["source"]}, [*must, "source"]
        shown.append("source")
    for place, column in enumerate(shown, start=1):
        declared = fields[column]
        letter = get_column_letter(place)
        cell = sheet.cell(1, place, " ".join(filter(None, (column, declared.get("name_zh", "")))))
        cell.font = Font(bold=True)
        cell.fill = PatternFill("solid", fgColor="FFE9C8" if column in must else "EEEEEE")
        text = "\n".join(_help(column, declared, column in must))
        cell.comment = Comment(text, "nevbook", width=420, height=180)
        sheet.column_dimensions[letter].width = _WIDTHS.get(column, 14)
        sheet.column_dimensions[letter].number_format = "@"  # text: 2026-12 stays a month, 95.30 keeps its nought
        of = link[0] if link and column == "source" else table
        choices = _choices(package, of, column, declared, ranges)
        if choices:
            rule = DataValidation(type="list", formula1=choices, allow_blank=True, errorStyle="warning")
            rule.error = "Not in the list. Keep it if it is a name in English or Chinese, or stands in another sheet."
            rule.showErrorMessage = True
            sheet.add_data_validation(rule)
            rule.add(f"{letter}2:{letter}{ROWS + 1}")
    sheet.freeze_panes = "A2"


def _help(column: str, declared: dict, must: bool) -> Iterator[str]:
    yield declared.get("description", column)
    also = [f"{k}: {v if isinstance(v, str) else ' / '.join(v)}" for k, v in declared.get("enum_zh", {}).items()]
    if also:
        yield "; ".join(also)
    if column == "value":
        yield "As its source writes it: 95.32 with unit 万辆, 431.1 with 亿元, 1,296,000, 36%."
    yield "Must be filled in." if must else "May be left empty."


def _choices(package: Package, table: str, column: str, declared: dict, ranges: dict[str, str]) -> str:
    """Return the choices of a drop-down, as a spreadsheet writes them."""
    target = package.points_at(table, column)
    if target:
        return ranges.get(target, "")
    if column == "unit":
        return f'"{_UNITS}"'
    enum = declared.get("constraints", {}).get("enum")
    listed = ",".join(map(str, enum or ()))
    return f'"{listed}"' if listed and '"' not in listed else ""
