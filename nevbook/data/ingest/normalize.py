"""From a sheet that somebody filled in to rows of a table of the package, or to what is wrong with it.

What a column holds follows from the schema in ``datapackage.json``: its type, its choices, the table
that it refers to, and the Chinese names (``name_zh``, ``enum_zh``) that it goes by in spreadsheets.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from nevbook.common.errors import DataError, nearest
from nevbook.common.periods import parse
from nevbook.data.ingest import numbers
from nevbook.data.ingest.columns import DEFAULTS, Package, columns, filled, needed
from nevbook.data.ingest.readers import Sheet
from nevbook.data.issues import Issue, either

_HALVES = {"上半年": (1, 6), "下半年": (7, 12), "h1": (1, 6), "h2": (7, 12)}
_QUARTERS = {"q1": (1, 3), "q2": (4, 6), "q3": (7, 9), "q4": (10, 12)}
_QUARTERS |= dict(zip(("一季度", "二季度", "三季度", "四季度"), _QUARTERS.values(), strict=True))


@dataclass
class Row:
    """A row as the package writes it.

    Attributes
    ----------
    file, number
        Where it was read.
    cells : dict
        By column of the table.
    raw : dict
        What stood in the file, by column; of a unit that came with its value, the value.
    bad : set of str
        Columns that have their issue already, and those that rest on them.
    sources : tuple of str
        Ids, where a table of its own links the rows to their sources.
    """

    file: str
    number: int
    cells: dict[str, str]
    raw: dict[str, str]
    bad: set[str] = field(default_factory=set)
    sources: tuple[str, ...] = ()


@dataclass
class SheetRows:
    """The rows of a sheet, and what is wrong with it."""

    table: str
    file: str
    rows: list[Row] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)


def take(package: Package, table: str, sheet: Sheet, day: dt.date, linked: bool = False) -> SheetRows:
    """Turn the rows of a sheet into rows of a table.

    Raises DataError where the header is wrong: then no row can be read.
    """
    known, strange = columns(package, table, sheet.head)
    wrong: list[str] = []
    meant: set[str] = set()  # by the names that are not known
    choices = [f"{n} {f['name_zh']}" if f.get("name_zh") else n for n, f in package.fields(table).items()]
    for cell in strange:
        close = nearest(cell, [*package.fields(table), *(f.get("name_zh", "") for f in package.fields(table).values())])
        meant |= set(columns(package, table, close)[0])
        hint = f"did you mean {either(close)}?" if close else f"known: {', '.join(choices)}"
        wrong.append(f"{sheet.file}, row 1: {cell!r} — {table} has no such column; {hint}")
    for name in dict.fromkeys(c for c in known if c and known.count(c) > 1):
        wrong.append(f"{sheet.file}, row 1: {name!r} — stands twice in the header; keep one of the two")
    allowed = (*filled(package, table), *(("unit",) if "value" in known else ()))
    link = package.link(table)
    for name in [*needed(package, table), *(["source"] if link and not linked else [])]:
        if name not in {*known, *meant, *allowed}:
            declared = package.fields(link[0] if link and name == "source" else table)[name]
            also = f" or {declared['name_zh']}" if declared.get("name_zh") else ""
            about = str(declared.get("description", "")).rstrip(".")
            wrong.append(f"{sheet.file}, row 1: lacks the column {name}; add {name}{also}: {about}")
    if wrong:
        raise DataError("\n".join(wrong))
    taken = SheetRows(table, sheet.file, issues=list(sheet.issues))
    for number, texts in sheet.rows.items():
        raw = {name: text for name, text in zip(known, texts, strict=False) if name}
        unreadable = {
            known[sheet.head.index(f.column)] for f in sheet.issues if f.row == number and f.column in sheet.head
        }
        cells = {name: raw.get(name, "") for name in package.fields(table)}
        row = Row(sheet.file, number, cells, raw, unreadable)
        taken.rows.append(row)
        taken.issues += _fill(package, table, row, day)
        if link and not linked:
            taken.issues += _sources(package, link[0], row)
    return taken


def _fill(package: Package, table: str, row: Row, day: dt.date) -> Iterator[Issue]:
    """Write the cells of a row as the package does; tell of those that cannot be."""

    def issue(column: str, problem: str, remedy: str) -> Issue:
        row.bad.add(column)
        return Issue(row.file, row.number, column, row.raw.get(column, ""), problem, remedy)

    fields = package.fields(table)
    for column, declared in fields.items():
        text = row.cells[column]
        if column in row.bad:
            continue
        if not text:
            row.cells[column] = _derived(column, declared, row.cells, day)
        elif target := package.points_at(table, column):
            yield from _named(package, target, column, row, issue)
        elif column == "qualifier":
            row.cells[column] = numbers.qualifier(text)
        elif "enum" in declared.get("constraints", {}) and column != "unit":
            row.cells[column] = _choice(text, declared)
        elif declared.get("type") == "date":
            row.cells[column] = _day(text)
        elif declared.get("constraints", {}).get("pattern", "").startswith(r"^\d{4}(-"):
            row.cells[column] = period(text)
    if {"value", "unit", "resolution"} <= set(fields):
        yield from _measured(package, row, issue)
    else:
        for column, declared in fields.items():
            if declared.get("type") in ("number", "integer") and row.cells[column] and column not in row.bad:
                yield from _number(row, column, row.cells.get("unit", ""), issue)
    if "attribute" in fields and row.cells.get("value") and "value" not in row.bad:
        told = next((a for a in package.rows("attributes") if a["id"] == row.cells["attribute"]), None)
        if told and told["datatype"] == "number":
            yield from _number(row, "value", told["unit"], issue)


_Issue = Callable[[str, str, str], Issue]


def _number(row: Row, column: str, of: str, issue: _Issue) -> Iterator[Issue]:
    """Write a number without separators; a unit behind it must be the one in which the column stands."""
    text = numbers.folded(row.cells[column])
    if of and text.casefold().endswith(of.casefold()):
        text = text[: -len(of)]
    if of == "percent":
        text = text.removesuffix("%")
    try:
        found = numbers.read(text)
    except numbers.NumberFormatError as error:
        yield issue(column, error.problem, f"{error.remedy}; it stands in {of}" if of else error.remedy)
        return
    if found.unit:
        remedy = f"write the number alone, in {of}" if of else "write the number alone"
        yield issue(column, f"brings a unit, {found.unit}", remedy)
    else:
        row.cells[column] = numbers.plain(found.value)


def _sources(package: Package, table: str, row: Row) -> Iterator[Issue]:
    """Read the sources of a row that a table of their own links to it."""

    def issue(column: str, problem: str, remedy: str) -> Issue:
        row.bad.add(column)
        return Issue(row.file, row.number, column, row.raw.get(column, ""), problem, remedy)

    listed = [one.strip() for one in re.split("[;；]", row.raw.get("source", "")) if one.strip()]
    if not listed:
        yield issue("source", "must not be empty", "write the id of a source, several set apart by ;")
    found = []
    for one in dict.fromkeys(listed):
        cell = Row(row.file, row.number, {"source": one}, {"source": one})
        yield from _named(package, package.points_at(table, "source"), "source", cell, issue)
        found.append(cell.cells["source"])
    row.sources = tuple(found)


def _derived(column: str, declared: Mapping, cells: Mapping[str, str], day: dt.date) -> str:
    if column in ("recorded", "checked"):
        return day.isoformat()
    if column == "language" and cells.get("title"):
        return "zh" if re.search(r"[\u4e00-\u9fff]", cells["title"]) else "en"
    usual = DEFAULTS.get(column, "")
    measured = column == "qualifier" and "resolution" in cells  # there the value may bring it
    return usual if usual in declared.get("constraints", {}).get("enum", ()) and not measured else ""


def _named(package: Package, target: str, column: str, row: Row, issue: _Issue) -> Iterator[Issue]:
    """Put the id in the place of a name; what is not known at all is left to the check."""
    text = row.cells[column]
    if text in package.ids(target) or "id" not in package.fields(target):
        return
    names = package.names(target)
    word = numbers.folded(text).casefold()
    # an id with its name beside it, as a drop-down may show it
    ids = names.get(word) or names.get(word.split(" ")[0]) or []
    if len(ids) == 1:
        row.cells[column] = ids[0]
    elif ids:
        yield issue(column, "names more than one", f"write {either(ids)}")
    elif not text.isascii() and (close := nearest(word, names)):
        remedy = f"write {either(dict.fromkeys(i for c in close for i in names[c]))}"
        yield issue(column, f"{package.resources[target]['path']} has no such {column}", remedy)


def _choice(text: str, declared: Mapping) -> str:
    """Return the choice that a word means, or the word itself."""
    word = numbers.folded(text).casefold()
    bare = re.sub(r"[ -]", "_", word)
    for one in declared["constraints"]["enum"]:
        also = declared.get("enum_zh", {}).get(one, [])
        if bare == str(one).casefold() or word in ([also] if isinstance(also, str) else also):
            return one
    return text


def _day(text: str) -> str:
    word = re.sub(r"[年月/.]", "-", numbers.folded(text)).replace("日", "").split(" ")[0]
    try:
        year, month, day = map(int, word.split("-"))
        return dt.date(year, month, day).isoformat()
    except ValueError:
        return text


def period(text: str) -> str:
    """Write a period as the dataset does, where people write it otherwise."""
    word = numbers.folded(text).casefold().replace(" ", "")
    if re.fullmatch(r"\d{4}年?", word):
        return word[:4]
    found = re.fullmatch(r"(\d{4})[年.-]?第?(.+)", word)
    if not found:
        return text
    year, rest = found[1], found[2]
    months = re.fullmatch(r"(\d{1,2})月?(?:[-~至到](\d{1,2}))?月", rest)
    day = re.fullmatch(r"(\d{1,2})月(\d{1,2})日", rest)
    if day:
        return f"{year}-{int(day[1]):02d}-{int(day[2]):02d}"
    span = _HALVES.get(rest) or _QUARTERS.get(rest)
    if months:
        span = int(months[1]), int(months[2] or months[1])
    if span is None:
        return text
    first, last = (f"{year}-{m:02d}" for m in span)
    written = first if first == last else f"{first}/{last}"
    try:
        parse(written)
    except ValueError:
        return text
    return written


def _measured(package: Package, row: Row, issue: _Issue) -> Iterator[Issue]:
    """Turn a value, its unit and its resolution into the unit of the dataset."""
    cells = row.cells
    if not cells["value"] or row.bad & {"value", "unit"}:
        row.bad.add("resolution")  # which rests on them
        if cells["unit"] and "unit" not in row.bad:
            try:
                cells["unit"] = numbers.unit(cells["unit"], package.unit_of(cells))[1] or cells["unit"]
            except numbers.NumberFormatError as error:
                yield issue("unit", error.problem, error.remedy)
        return
    wanted, said = package.unit_of(cells), cells["qualifier"]
    cells["qualifier"] = said or DEFAULTS["qualifier"]
    try:
        found = numbers.read(cells["value"], cells["unit"], wanted, cells["resolution"])
    except numbers.NumberFormatError as error:
        row.bad |= {"value", "unit", "resolution"}
        yield issue(error.column, error.problem, error.remedy)
        return
    told = found.qualifier
    if told and said and told != said:
        remedy = f"write {told} in qualifier, or the value without the word"
        yield issue("value", f"says {told} where qualifier says {said}", remedy)
    if not found.unit:
        ways = f"write {wanted} or as in 万辆, 亿元, %" if wanted else "write its unit, as in 万辆, 亿元, %"
        yield issue("unit", "must not be empty", ways)
        row.bad |= {"value", "unit", "resolution"}
        return
    if not cells["unit"]:
        row.raw["unit"] = row.raw["value"]
    exact = cells["kind"] == "target" and not cells["resolution"]
    cells["qualifier"] = said or told or DEFAULTS["qualifier"]
    cells["value"], cells["unit"] = numbers.plain(found.value), found.unit
    cells["resolution"] = "0" if exact else numbers.plain(found.resolution)
