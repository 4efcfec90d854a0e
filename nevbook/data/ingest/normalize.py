"""From a filled-in sheet to rows of a table, by the schema and its Chinese names, or to what is wrong."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from nevbook.common.errors import DataError, nearest
from nevbook.data.ingest import numbers
from nevbook.data.ingest.columns import DEFAULTS, OPTIONS, Package, columns, filled, needed
from nevbook.data.ingest.grids import Sheet
from nevbook.data.ingest.periods import day as as_day, months, period
from nevbook.data.issues import Issue, either
from nevbook.data.validation.hints import span_of

_FREE = ("title", "name", "name_zh", "locator", "note", "url", "publisher", "licence", "reason")  # texts as they are


@dataclass(slots=True)
class Row:
    """A row as the package writes it."""

    file: str  # where it was read
    number: int
    cells: dict[str, str]  # by column of the table
    raw: dict[str, str]  # what stood in the file, by column; of a unit that came with its value, the value
    bad: set[str] = field(default_factory=set)  # columns that have their issue already, and those that rest on them
    sources: tuple[str, ...] = ()  # ids, where a table of its own links the rows to their sources
    names: Mapping[str, str] = field(default_factory=dict)  # what the file calls a column, if not as it is named here

    def issue(self, column: str, problem: str, remedy: str) -> Issue:
        """Tell what is wrong with a cell, where it was read; it has its issue then."""
        self.bad.add(column)
        shown = self.names.get(column, column)
        return Issue(self.file, self.number, shown, self.raw.get(column, ""), problem, remedy)

    def placed(self, issue: Issue) -> Issue:
        """Tell an issue of this row, as the package has it, where the row was read."""
        column, value = issue.column or "", issue.value
        if column in self.raw:
            column, value = self.names.get(column, column), self.raw[column] or value
        elif column == "id":  # which was made, and nobody wrote
            column, value = "", None
        return replace(issue, file=self.file, row=self.number, column=column or None, value=value)


@dataclass
class SheetRows:
    """The rows of a sheet, and what is wrong with it."""

    table: str
    file: str
    rows: list[Row] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)


def take(
    package: Package,
    table: str,
    sheet: Sheet,
    day: dt.date,
    linked: bool = False,
    defaults: Mapping[str, str] | None = None,
) -> SheetRows:
    """Turn the rows of a sheet into rows of a table; raises DataError where the header is wrong."""
    known, strange = columns(package, table, sheet.head)
    defaults = {k: v for k, v in (defaults or {}).items() if k in package.fields(table)}
    wrong = list(_wrong_head(package, table, sheet, known, strange, linked, defaults))
    if wrong and (sheet.rows or not sheet.issues):
        raise DataError("\n".join(wrong))
    taken = SheetRows(table, sheet.file, issues=list(sheet.issues), remarks=list(sheet.remarks))
    fields = package.fields(table)
    above: dict[str, str] = {}
    for line in sheet.rows:
        raw = {name: text for name, text in zip(known, line.cells, strict=False) if name}
        for column in ("indicator", "entity"):  # written once for the rows below it
            if sheet.printed and raw.get(column) == "" and above.get(column) and raw.get("value"):
                raw[column] = above[column]
                where = f"{sheet.file}, row {line.number}, {column}"
                taken.remarks.append(f"{where}: empty, read as {raw[column]!r} as above.")
        above = raw
        for column, text in raw.items():
            kept, notes = numbers.without_notes(text) if column not in _FREE else (text, "")
            if notes:
                where = f"{sheet.file}, row {line.number}, {line.names.get(column, column)}"
                taken.remarks.append(f"{where}: {text!r} read as {kept!r}, without its note {notes!r}.")
                raw[column] = kept
        raw |= {k: v for k, v in defaults.items() if not raw.get(k)}
        unreadable = {
            known[sheet.head.index(f.column)] for f in sheet.issues if f.row == line.number and f.column in sheet.head
        }
        cells = {name: raw.get(name, "") for name in fields}
        row = Row(sheet.file, line.number, cells, raw, unreadable, names=line.names)
        taken.rows.append(row)
        taken.issues += _fill(package, table, row, day)
        link = package.link(table)
        if link and not linked:
            taken.issues += _sources(package, link[0], row)
    return taken


def _wrong_head(
    package: Package, table: str, sheet: Sheet, known: list[str], strange: list[str], linked: bool, defaults: Mapping
) -> Iterator[str]:
    """Say what is wrong with a header."""
    where = f"{sheet.file}, row {sheet.head_row}"
    meant: set[str] = set()  # by the names that are not known
    choices = [f"{n} {f['name_zh']}" if f.get("name_zh") else n for n, f in package.fields(table).items()]
    for cell in strange:
        close = nearest(cell, [*package.fields(table), *(f.get("name_zh", "") for f in package.fields(table).values())])
        meant |= set(columns(package, table, close)[0])
        hint = f"did you mean {either(close)}?" if close else f"known: {', '.join(choices)}"
        yield f"{where}: {cell!r} — {table} has no such column; {hint}"
    for name in dict.fromkeys(c for c in known if c and known.count(c) > 1):
        yield f"{where}: {name!r} — stands twice in the header; keep one of the two"
    allowed = (*filled(package, table), *defaults, *(("unit",) if "value" in known else ()))
    link = package.link(table)
    for name in [*needed(package, table), *(["source"] if link and not linked else [])]:
        if name not in {*known, *meant, *allowed}:
            declared = package.fields(link[0] if link and name == "source" else table)[name]
            also = f" or {declared['name_zh']}" if declared.get("name_zh") else ""
            about = str(declared.get("description", "")).rstrip(".")
            option = f", or name it for all rows with {_option(package, name, known, sheet)}" if name in OPTIONS else ""
            yield f"{where}: lacks the column {name}; add {name}{also}: {about}{option}"


def _option(package: Package, name: str, known: list[str], sheet: Sheet) -> str:
    """Write the option that fills a column for all rows, with the choices that these rows leave."""
    if name != "basis" or not {"indicator", "period"} <= set(known):
        return f"--{name} ID"
    told = [dict(zip(known, line.cells, strict=False)) for line in sheet.rows]
    ids = {i for row in told for i in package.names("indicators").get(numbers.folded(row["indicator"]).casefold(), ())}
    spans = [span for row in told if (span := span_of(period(row["period"])))]
    fits = [
        row["id"]
        for row in package.rows("bases")
        if row["indicator"] in ids
        and all((row["from"] or "0") <= str(s.start) and str(s.end) <= (row["to"] or "9") for s in spans)
    ]
    return f"--basis {either(dict.fromkeys(fits))}" if fits else "--basis ID"


def _fill(package: Package, table: str, row: Row, day: dt.date) -> Iterator[Issue]:
    """Write the cells of a row as the package does; tell of those that cannot be."""
    fields = package.fields(table)
    for column, declared in fields.items():
        text = row.cells[column]
        if column in row.bad:
            continue
        if not text:
            row.cells[column] = _derived(column, declared, row.cells, day)
        elif target := package.points_at(table, column):
            yield from _named(package, target, column, row)
        elif column == "qualifier":
            row.cells[column] = numbers.qualifier(text)
        elif "enum" in declared.get("constraints", {}) and column != "unit":
            row.cells[column] = _choice(text, declared)
        elif declared.get("type") == "date":
            row.cells[column] = written = as_day(text)
            if not re.match(r"\d{4}-", written) and re.search(r"\d", text):
                yield row.issue(column, "is no date with its year first and in full", "write it as in 2027-01-31")
        elif declared.get("constraints", {}).get("pattern", "").startswith(r"^\d{4}(-"):
            row.cells[column] = as_day(period(text))
            if column == "period" and months(text):
                yield row.issue(column, "names no year", f"write it with its year, as in 2025年{text}")
    if {"value", "unit", "resolution"} <= set(fields):
        yield from _measured(package, row)
    else:
        for column, declared in fields.items():
            if declared.get("type") in ("number", "integer") and row.cells[column] and column not in row.bad:
                yield from _number(row, column, row.cells.get("unit", ""))
    if "attribute" in fields and row.cells.get("value") and "value" not in row.bad:
        told = next((a for a in package.rows("attributes") if a["id"] == row.cells["attribute"]), None)
        if told and told["datatype"] == "number":
            yield from _number(row, "value", told["unit"])


def _number(row: Row, column: str, of: str) -> Iterator[Issue]:
    """Write a number without separators; a unit behind it must be the one in which the column stands."""
    text = numbers.folded(row.cells[column])
    if of and text.casefold().endswith(of.casefold()):
        text = text[: -len(of)]
    if of == "percent":
        text = text.removesuffix("%")
    try:
        found = numbers.read(text)
    except numbers.NumberFormatError as error:
        yield row.issue(column, error.problem, f"{error.remedy}; it stands in {of}" if of else error.remedy)
        return
    if found.unit:
        remedy = f"write the number alone, in {of}" if of else "write the number alone"
        yield row.issue(column, f"brings a unit, {found.unit}", remedy)
    else:
        row.cells[column] = numbers.plain(found.value)


def _sources(package: Package, table: str, row: Row) -> Iterator[Issue]:
    """Read the sources of a row that a table of their own links to it."""
    listed = [one.strip() for one in re.split("[;；]", row.raw.get("source", "")) if one.strip()]
    if not listed:
        yield row.issue("source", "must not be empty", "write the id of a source, several set apart by ;")
    found = []
    for one in dict.fromkeys(listed):
        cell = Row(row.file, row.number, {"source": one}, {"source": one}, names=row.names)
        yield from _named(package, package.points_at(table, "source"), "source", cell)
        row.bad |= cell.bad
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


def _named(package: Package, target: str, column: str, row: Row) -> Iterator[Issue]:
    """Put the id in the place of a name; what is not known at all is left to the check."""
    text = row.cells[column]
    if text in package.ids(target) or "id" not in package.fields(target):
        return
    names = package.names(target)
    word = numbers.folded(text).casefold()
    if target == "indicators" and word not in names:
        name, unit = numbers.parted_unit(text)
        if unit and numbers.folded(name).casefold() in names:  # as yearbooks head their columns: 汽车产量(万辆)
            word = numbers.folded(name).casefold()
            if row.cells.get("unit") and numbers.unit(unit) != _unit_or_none(row.cells["unit"]):
                yield row.issue("unit", f"is not the unit of {text}", f"write {unit}, or leave it out in {column}")
            row.cells["unit"] = row.cells.get("unit") or unit
    # an id with its name beside it, as a drop-down may show it
    ids = names.get(word) or names.get(word.split(" ")[0]) or []
    if len(ids) == 1:
        row.cells[column] = ids[0]
    elif ids:
        yield row.issue(column, "names more than one", f"write {either(ids)}")
    elif not text.isascii() and (close := nearest(word, names)):
        remedy = f"write {either(dict.fromkeys(i for c in close for i in names[c]))}"
        yield row.issue(column, f"{package.resources[target]['path']} has no such {column}", remedy)


def _unit_or_none(text: str) -> tuple | None:
    try:
        return numbers.unit(text)
    except numbers.NumberFormatError:
        return None


def _choice(text: str, declared: Mapping) -> str:
    """Return the choice that a word means, or the word itself."""
    word = numbers.folded(text).casefold()
    bare = re.sub(r"[ -]", "_", word)
    for one in declared["constraints"]["enum"]:
        also = declared.get("enum_zh", {}).get(one, [])
        if bare == str(one).casefold() or word in ([also] if isinstance(also, str) else also):
            return one
    return text


def _measured(package: Package, row: Row) -> Iterator[Issue]:
    """Turn a value, its unit and its resolution into the unit of the dataset."""
    cells = row.cells
    if not cells["value"] or row.bad & {"value", "unit"}:
        row.bad |= {"resolution"} if cells["qualifier"] else {"resolution", "qualifier"}  # which rest on them
        if cells["unit"] and "unit" not in row.bad:
            try:
                cells["unit"] = numbers.unit(cells["unit"], package.unit_of(cells))[1] or cells["unit"]
            except numbers.NumberFormatError as error:
                yield row.issue("unit", error.problem, error.remedy)
        return
    wanted, said = package.unit_of(cells), cells["qualifier"]
    cells["qualifier"] = said or DEFAULTS["qualifier"]
    try:
        found = numbers.read(cells["value"], cells["unit"], wanted, cells["resolution"])
    except numbers.NumberFormatError as error:
        row.bad |= {"value", "unit", "resolution"}
        yield row.issue(error.column, error.problem, error.remedy)
        return
    told = found.qualifier
    if told and said and told != said:
        remedy = f"write {told} in qualifier, or the value without the word"
        yield row.issue("value", f"says {told} where qualifier says {said}", remedy)
    if not found.unit:
        ways = f"write {wanted} or as in 万辆, 亿元, %" if wanted else "write its unit, as in 万辆, 亿元, %"
        yield row.issue("unit", "names a scale and no unit" if row.raw.get("unit") else "must not be empty", ways)
        row.bad |= {"value", "unit", "resolution"}
        return
    if not cells["unit"]:
        row.raw["unit"] = row.raw["value"]
    exact = cells["kind"] == "target" and not cells["resolution"]
    cells["qualifier"] = said or told or DEFAULTS["qualifier"]
    cells["value"], cells["unit"] = numbers.plain(found.value), found.unit
    cells["resolution"] = "0" if exact else numbers.plain(found.resolution)
