"""From a sheet that somebody filled in to rows of a table of the package, or to what is wrong with it.

What a column holds follows from the schema in ``datapackage.json``: its type, its choices, the table
that it refers to, and the Chinese names (``name_zh``, ``enum_zh``) that it goes by in spreadsheets.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from . import given
from .dataset import read_descriptor, read_table
from .errors import DataError, nearest
from .periods import parse
from .schema_check import Fault, either
from .sheets import Sheet

_DEFAULTS = {"measure": "level", "qualifier": "=", "kind": "stated"}
_FILLED = ("id", "recorded", "resolution", "language", *_DEFAULTS)  # can be derived where they are missing
_HALVES = {"上半年": (1, 6), "下半年": (7, 12), "h1": (1, 6), "h2": (7, 12)}
_QUARTERS = {"q1": (1, 3), "q2": (4, 6), "q3": (7, 9), "q4": (10, 12)}
_QUARTERS |= dict(zip(("一季度", "二季度", "三季度", "四季度"), _QUARTERS.values(), strict=True))
_GROWTH_UNITS = {"yoy_growth": "percent", "yoy_change": "percentage_points"}


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
        Columns that have their fault already, and those that rest on them.
    """

    file: str
    number: int
    cells: dict[str, str]
    raw: dict[str, str]
    bad: set[str] = field(default_factory=set)


@dataclass
class Taken:
    """The rows of a sheet, and what is wrong with it."""

    table: str
    file: str
    rows: list[Row] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


class Package:
    """The tables that rows are taken in for, as text."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.resources = {r["name"]: r for r in read_descriptor(folder)["resources"]}
        self._rows: dict[str, list[dict[str, str]]] = {}
        self._names: dict[str, dict[str, list[str]]] = {}

    def rows(self, table: str) -> list[dict[str, str]]:
        """Return the rows of a table."""
        if table not in self._rows:
            self._rows[table] = read_table(self.folder, table)
        return self._rows[table]

    def fields(self, table: str) -> dict[str, dict]:
        """Return the columns of a table, as its schema declares them."""
        return {f["name"]: f for f in self.resources[table]["schema"]["fields"]}

    def points_at(self, table: str, column: str) -> str:
        """Return the table whose rows a column names, or nothing."""
        for key in self.resources[table]["schema"].get("foreignKeys", []):
            fields = [key["fields"]] if isinstance(key["fields"], str) else key["fields"]
            if column in fields[:1]:
                return key["reference"]["resource"] or table
        return ""

    def names(self, table: str) -> dict[str, list[str]]:
        """Return the ids of a table by everything that they go by: id, names, title."""
        if table not in self._names:
            found: dict[str, list[str]] = {}
            for row in self.rows(table):
                for one in ("id", "name", "name_zh", "title"):
                    word = given.folded(row.get(one, "")).casefold()
                    if word and row["id"] not in found.setdefault(word, []):
                        found[word].append(row["id"])
            self._names[table] = found
        return self._names[table]

    def takes(self, table: str, rows: list[dict[str, str]]) -> None:
        """Let the names of new rows be known to the rows that follow."""
        self._rows[table] = [*self.rows(table), *rows]
        self._names.pop(table, None)

    def unit_of(self, row: Mapping[str, str]) -> str:
        """Return the unit in which a row's value stands, as its indicator and measure ask for it."""
        if row.get("measure") in _GROWTH_UNITS:
            return _GROWTH_UNITS[row["measure"]]
        if "indicators" not in self.resources:
            return ""
        return next((r["unit"] for r in self.rows("indicators") if r["id"] == row.get("indicator")), "")


def columns(package: Package, table: str, head: list[str]) -> tuple[list[str], list[str]]:
    """Read a header.

    Parameters
    ----------
    package : Package
        Holds the table.
    table : str
        Its name.
    head : list of str
        Column names: English, Chinese, or both in one cell, in any order.

    Returns
    -------
    known : list of str
        The column of the table for each; empty for those that are not known.
    strange : list of str
        The names that are not known.
    """
    spelled: dict[str, str] = {}
    for name, declared in package.fields(table).items():
        for one in (name, name.replace("_", " "), declared.get("name_zh", "")):
            if one:
                spelled[one.casefold()] = name
    known, strange = [], []
    for cell in head:
        whole = given.folded(cell).casefold()
        parts = [whole, *(p for p in re.split(r"[ /()|]+", whole) if p)]
        meant = {spelled[p] for p in parts if p in spelled}
        known.append(meant.pop() if len(meant) == 1 else "")
        if not known[-1] and whole:
            strange.append(cell)
    return known, strange


def named_table(package: Package, sheet: Sheet) -> str:
    """Return the table whose name a sheet has, English or Chinese; empty where none has it."""
    word = given.folded(sheet.name).casefold()
    for name, resource in package.resources.items():
        if word and word in (name, name.replace("_", " "), resource.get("name_zh")):
            return name
    return ""


def table_of(package: Package, sheet: Sheet) -> str:
    """Tell which table a sheet is for: by its name, or by the columns that it has.

    Returns
    -------
    str
        Empty where it is for none.
    """
    if name := named_table(package, sheet):
        return name
    scores = {}
    for name in package.resources:
        known, strange = columns(package, name, sheet.head)
        must = {c for c in needed(package, name) if c not in filled(package, name)}
        scores[name] = len(set(known) - {""}) - len(strange) - 2 * len(must - set(known))
    best = max(scores, key=lambda n: scores[n])
    share = sum(1 for c in columns(package, best, sheet.head)[0] if c)
    return best if share * 2 >= len([h for h in sheet.head if h]) else ""


def filled(package: Package, table: str) -> tuple[str, ...]:
    """Return the columns that may be left out; an id is made only of rows that a source may revise."""
    return _FILLED if "revision" in package.resources[table] else tuple(c for c in _FILLED if c != "id")


def needed(package: Package, table: str) -> list[str]:
    """Return the columns that no row may leave empty."""
    return [n for n, f in package.fields(table).items() if f.get("constraints", {}).get("required")]


def take(package: Package, table: str, sheet: Sheet, day: dt.date) -> Taken:
    """Turn the rows of a sheet into rows of a table.

    Parameters
    ----------
    package : Package
        What there is already.
    table : str
        Its name in the package.
    sheet : Sheet
        As read.
    day : datetime.date
        For rows that do not say when they were recorded.

    Returns
    -------
    Taken
        All rows, those with a fault too, so that whoever checks them further finds the rest.

    Raises
    ------
    DataError
        Where the header is wrong: then no row can be read.
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
    for name in needed(package, table):
        if name not in {*known, *meant, *allowed}:
            declared = package.fields(table)[name]
            also = f" or {declared['name_zh']}" if declared.get("name_zh") else ""
            about = str(declared.get("description", "")).rstrip(".")
            wrong.append(f"{sheet.file}, row 1: lacks the column {name}; add {name}{also}: {about}")
    if wrong:
        raise DataError("\n".join(wrong))
    taken = Taken(table, sheet.file, faults=list(sheet.faults))
    for number, texts in sheet.rows.items():
        raw = {name: text for name, text in zip(known, texts, strict=False) if name}
        unreadable = {
            known[sheet.head.index(f.column)] for f in sheet.faults if f.row == number and f.column in sheet.head
        }
        row = Row(sheet.file, number, dict.fromkeys(package.fields(table), "") | raw, raw, unreadable)
        taken.rows.append(row)
        taken.faults += _fill(package, table, row, day)
    return taken


def _fill(package: Package, table: str, row: Row, day: dt.date) -> Iterator[Fault]:
    """Write the cells of a row as the package does; tell of those that cannot be."""

    def fault(column: str, problem: str, remedy: str) -> Fault:
        row.bad.add(column)
        return Fault(row.file, row.number, column, row.raw.get(column, ""), problem, remedy)

    fields = package.fields(table)
    for column, declared in fields.items():
        text = row.cells[column]
        if column in row.bad:
            continue
        if not text:
            row.cells[column] = _derived(column, row.cells, day)
        elif target := package.points_at(table, column):
            yield from _named(package, target, column, row, fault)
        elif column == "qualifier":
            row.cells[column] = given.qualifier(text)
        elif "enum" in declared.get("constraints", {}) and column != "unit":
            row.cells[column] = _choice(text, declared)
        elif declared.get("type") == "date":
            row.cells[column] = _day(text)
        elif "period" in column or column == "published":
            row.cells[column] = period(text)
    if {"value", "unit", "resolution"} <= set(fields):
        yield from _measured(package, row, fault)
    else:
        for column, declared in fields.items():
            if declared.get("type") in ("number", "integer") and row.cells[column] and column not in row.bad:
                try:
                    row.cells[column] = given.plain(given.read(row.cells[column]).value)
                except given.NotGivenError as error:
                    yield fault(column, error.problem, error.remedy)


_Fault = Callable[[str, str, str], Fault]


def _derived(column: str, cells: Mapping[str, str], day: dt.date) -> str:
    if column == "recorded":
        return day.isoformat()
    if column == "language" and cells.get("title"):
        return "zh" if re.search(r"[\u4e00-\u9fff]", cells["title"]) else "en"
    return _DEFAULTS.get(column, "") if column != "qualifier" else ""


def _named(package: Package, target: str, column: str, row: Row, fault: _Fault) -> Iterator[Fault]:
    """Put the id in the place of a name; what is not known at all is left to the check."""
    text = row.cells[column]
    if any(r.get("id") == text for r in package.rows(target)) or "id" not in package.fields(target):
        return
    names = package.names(target)
    word = given.folded(text).casefold()
    # an id with its name beside it, as a drop-down may show it
    ids = names.get(word) or names.get(word.split(" ")[0]) or []
    if len(ids) == 1:
        row.cells[column] = ids[0]
    elif ids:
        yield fault(column, "names more than one", f"write {either(ids)}")
    elif not text.isascii() and (close := nearest(word, names)):
        remedy = f"write {either(dict.fromkeys(i for c in close for i in names[c]))}"
        yield fault(column, f"{package.resources[target]['path']} has no such {column}", remedy)


def _choice(text: str, declared: Mapping) -> str:
    """Return the choice that a word means, or the word itself."""
    word = given.folded(text).casefold()
    bare = re.sub(r"[ -]", "_", word)
    for one in declared["constraints"]["enum"]:
        also = declared.get("enum_zh", {}).get(one, [])
        if bare == str(one).casefold() or word in ([also] if isinstance(also, str) else also):
            return one
    return text


def _day(text: str) -> str:
    word = re.sub(r"[年月/.]", "-", given.folded(text)).replace("日", "").split(" ")[0]
    try:
        year, month, day = map(int, word.split("-"))
        return dt.date(year, month, day).isoformat()
    except ValueError:
        return text


def period(text: str) -> str:
    """Write a period as the dataset does, where people write it otherwise.

    Parameters
    ----------
    text : str
        As in ``2026年``, ``2026年1-9月``, ``2026 H1``, ``2026年第三季度``.

    Returns
    -------
    str
        ISO 8601, or the text itself where it is none of these.
    """
    word = given.folded(text).casefold().replace(" ", "")
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


def _measured(package: Package, row: Row, fault: _Fault) -> Iterator[Fault]:
    """Turn a value, its unit and its resolution into the unit of the dataset."""
    cells = row.cells
    if not cells["value"] or row.bad & {"value", "unit"}:
        return
    wanted, said = package.unit_of(cells), cells["qualifier"]
    cells["qualifier"] = said or _DEFAULTS["qualifier"]
    try:
        found = given.read(cells["value"], cells["unit"], wanted, cells["resolution"])
    except given.NotGivenError as error:
        row.bad |= {"value", "unit", "resolution"}
        yield fault(error.column, error.problem, error.remedy)
        return
    told = found.qualifier
    if told and said and told != said:
        remedy = f"write {told} in qualifier, or the value without the word"
        yield fault("value", f"says {told} where qualifier says {said}", remedy)
    if not found.unit:
        ways = f"write {wanted} or as in 万辆, 亿元, %" if wanted else "write its unit, as in 万辆, 亿元, %"
        yield fault("unit", "must not be empty", ways)
        row.bad |= {"value", "unit", "resolution"}
        return
    if not cells["unit"]:
        row.raw["unit"] = row.raw["value"]
    exact = cells["kind"] == "target" and not cells["resolution"]
    cells["qualifier"] = said or told or _DEFAULTS["qualifier"]
    cells["value"], cells["unit"] = given.plain(found.value), found.unit
    cells["resolution"] = "0" if exact else given.plain(found.resolution)
