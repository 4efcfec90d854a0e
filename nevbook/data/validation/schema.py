"""What the schema in ``datapackage.json`` says about the data, in plain words.

Types, constraints and keys are judged by frictionless; the form of a file (missing, not UTF-8,
another header, a row of another length) is looked at first, because every later complaint about
such a file would follow from it.
"""

from __future__ import annotations

import csv
import io
import json
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from nevbook.common.errors import nearest
from nevbook.common.files import read_regular
from nevbook.data.package import PACKAGE_FILE
from nevbook.data.validation.hints import PERIOD_FORMS, day_remedy, number_remedy
from nevbook.data.validation.soundness import distinct, sound

_LONGEST = 80
_REMEDIES = {  # by column, where a pattern says too little
    "id": "write letters, digits, '_', '.' and '-' only, a letter or digit first",
    "period": f"write {PERIOD_FORMS}",
    "published": f"write {PERIOD_FORMS}, or leave it empty",
    "url": "write it with http:// or https://, or leave it empty",
    "language": "write the two letters of ISO 639-1, as in zh or en",
}
# A cell's own issue explains a key that fails, and a short key one that holds it.
_RANK = {"type-error": 0, "constraint-error": 0, "unique-error": 1, "primary-key": 2, "foreign-key": 3}


@dataclass(frozen=True)
class Issue:
    """One thing that is wrong with the data.

    Attributes
    ----------
    file : str
        As the data package names it, as in ``observations.csv``.
    row : int or None
        As a spreadsheet counts, the header being row 1; None if the issue is of the file.
    column : str or None
        None if the issue is of the row or the file.
    value : str or None
        What stands there.
    problem : str
        What is wrong.
    remedy : str
        What would do.
    """

    file: str
    row: int | None
    column: str | None
    value: str | None
    problem: str
    remedy: str

    def __str__(self) -> str:
        place = [self.file]
        place += [f"row {self.row}"] if self.row is not None else []
        place += [self.column] if self.column is not None else []
        value = "" if self.value is None else f": {_shown(self.value)!r}"
        return f"{', '.join(place)}{value} — " + " ".join(f"{self.problem}; {self.remedy}".split())


def _shown(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 20]}…{text[-19:]}"


@dataclass
class Table:
    """One table of the package, as text.

    Attributes
    ----------
    name, file : str
        Of the resource, and of its file.
    fields : dict
        The declared fields, by column, in order.
    keys : list of dict
        The declared foreign keys; ``fields`` and ``reference.fields`` are lists, and
        ``reference.resource`` is the name also where a table refers to itself.
    rows : dict
        The cells of each row that has as many as the header, by row number.
    readable : bool
        Whether file and header are well, so that `rows` can be relied on.
    torn : set of str
        The cells of the rows that have another length than the header.
    """

    name: str
    file: str
    fields: dict[str, dict[str, Any]]
    keys: list[dict[str, Any]]
    rows: dict[int, dict[str, str]] = field(default_factory=dict)
    readable: bool = False
    torn: set[str] = field(default_factory=set)

    def may_hold(self, word: str) -> bool:
        """Whether a row of another length has the word, where a lost quote may have swallowed it."""
        return any(word in cell for cell in self.torn)

    def issue(self, number: int, column: str, problem: str, remedy: str) -> Issue:
        """Make the issue of one cell."""
        return Issue(self.file, number, column, self.rows[number][column], problem, remedy)


@lru_cache(maxsize=4096)
def near(word: str, known: tuple[str, ...]) -> tuple[str, ...]:
    """Return the known ids most like `word`; kept, for one mistake often stands in many rows."""
    return tuple(nearest(word, known))


def either(words: Iterable[str]) -> str:
    """Join choices: a, b or c."""
    *most, last = words
    return f"{', '.join(most)} or {last}" if most else last


def _listed(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else list(value)


def _declared(resource: dict[str, Any]) -> Table | None:
    """The table that a resource declares, empty yet; None where nevbook could not read it."""
    schema, path = resource.get("schema"), resource.get("path")
    if not isinstance(path, str) or not isinstance(schema, dict) or not schema.get("fields"):
        return None
    keys = []
    for key in schema.get("foreignKeys", []):
        target = key["reference"].get("resource") or resource["name"]
        reference = {"resource": target, "fields": _listed(key["reference"]["fields"])}
        keys.append({"fields": _listed(key["fields"]), "reference": reference})
    return Table(resource["name"], path, {f["name"]: f for f in schema["fields"]}, keys)


def _read_rows(table: Table, path: Path) -> Iterator[Issue]:
    """Fill a table from its file and tell what is wrong with its form."""

    def broken(row: int | None, problem: str, remedy: str) -> Issue:
        return Issue(table.file, row, None, None, problem, remedy)

    try:
        content = read_regular(path)
    except OSError as error:
        reason = "missing" if isinstance(error, FileNotFoundError) else f"cannot be read ({error.strerror})"
        yield broken(None, f"{reason}, but {PACKAGE_FILE} declares it", "put the file there, or mend its path")
        return
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = error.object.count(b"\n", 0, error.start) + 1
        yield broken(row, f"not UTF-8 (byte 0x{error.object[error.start]:02x})", "save the file as UTF-8")
        return
    try:
        records = list(csv.reader(io.StringIO(text, newline="")))
    except csv.Error as error:
        yield broken(None, f"not CSV ({error})", "save the file as CSV with commas and double quotes")
        return
    wanted = list(table.fields)
    found = records[0] if records else []
    if found != wanted:
        place = next((i for i, name in enumerate(wanted) if found[i : i + 1] != [name]), len(wanted))
        column = wanted[place] if place < len(wanted) else None
        value = found[place] if place < len(found) else None
        yield Issue(table.file, 1, column, value, "the header is not the declared one", f"write {','.join(wanted)}")
        return
    table.readable = True
    for number, cells in enumerate(records[1:], start=2):
        if not any(cells):
            yield broken(number, "the row is empty", "remove it")
        elif len(cells) != len(wanted):
            table.torn.update(cells)
            hint = "put a cell with a comma in double quotes" if len(cells) > len(wanted) else "fill it up"
            yield broken(number, f"{len(cells)} cells where the header has {len(wanted)}", hint)
        else:
            table.rows[number] = dict(zip(wanted, cells, strict=True))


def _constraint(table: Table, number: int, column: str, name: str, limit: object) -> Issue:
    """Put a constraint that a cell breaks into words."""
    value = table.rows[number][column]
    about = str(table.fields[column].get("description", "what the column asks for")).rstrip(".")
    if name == "required":
        return table.issue(number, column, "must not be empty", f"write the {column}: {about}")
    if name == "enum":
        choices = tuple(map(str, limit))  # type: ignore[call-overload]
        return table.issue(
            number, column, f"is no {column} known here", f"write {either(near(value, choices) or choices)}"
        )
    if name == "pattern":
        return table.issue(number, column, f"is no {column}", _REMEDIES.get(column, f"write {about}, as {limit}"))
    if name in ("minimum", "maximum"):
        side, more = ("under", "more") if name == "minimum" else ("over", "less")
        return table.issue(number, column, f"must not be {side} {limit}", f"write {limit} or {more}")
    return table.issue(number, column, f"breaks {name} {limit}", f"write {about}")


def _unknown(table: Table, number: int, columns: list[str], target: Table, theirs: list[str]) -> Issue:
    """Put a foreign key that leads nowhere into words; `columns` point at `theirs` in `target`."""
    row = table.rows[number]
    first, *rest = zip(columns, theirs, strict=True)
    # of the rows that fit in all but the first column, which ids are there?
    fitting = [r for r in target.rows.values() if all(r[their] == row[mine] for mine, their in rest)]
    known = tuple(dict.fromkeys(r[first[1]] for r in fitting))
    close = near(row[first[0]], known) or (known if rest else ())
    whose = "".join(f" for {mine} {row[mine]!r}" for mine, _ in rest)
    remedy = f"write {either(close) if close else 'one that stands there'}, or add it to {target.file}"
    return table.issue(number, columns[0], f"{target.file} has no such {columns[0]}{whose}", remedy)


def _translate(error: Any, table: Table, tables: dict[str, Table], key: list[str]) -> tuple[list[str], Issue]:
    """Put an error of frictionless into words; also returns the columns that it is about."""
    number = getattr(error, "row_number", None)
    column = getattr(error, "field_name", None)
    if error.type == "type-error":
        kind = table.fields[column].get("type", "string")
        value = table.rows[number][column]
        remedies = {"number": number_remedy, "integer": number_remedy, "date": day_remedy}
        remedy = remedies[kind](value) if kind in remedies else f"write a {kind}"
        return [column], table.issue(number, column, f"is no {'day' if kind == 'date' else kind}", remedy)
    if error.type == "constraint-error":
        name = re.match(r'constraint "(\w+)"', error.note)[1]  # type: ignore[index]
        return [column], _constraint(table, number, column, name, table.fields[column]["constraints"][name])
    if error.type in ("unique-error", "primary-key"):
        columns = [column] if column else key
        other = re.search(r"position (\d+)", error.note)
        if not other:
            return columns, table.issue(number, columns[0], "must not be empty", f"write the {columns[0]}")
        same = f", with the same {' and '.join(columns[1:])}" if len(columns) > 1 else ""
        remedy = f"write another {columns[0]}, or remove one of the two rows"
        return columns, table.issue(number, columns[0], f"stands in row {other[1]} too{same}", remedy)
    if error.type == "foreign-key":
        target = tables[error.reference_name]
        return error.field_names, _unknown(table, number, error.field_names, target, error.reference_field_names)
    return [], Issue(table.file, number, column, None, error.note or error.message, f"mend it as {PACKAGE_FILE} says")


def _judge(resource: Any, table: Table, tables: dict[str, Table]) -> Iterator[Issue]:
    """Let frictionless judge one table; the first issue of a cell stands for what follows from it."""
    key = list(resource.schema.primary_key)
    report = resource.validate(limit_errors=sys.maxsize)
    seen: set[tuple[int, str]] = set()
    errors = [e for task in report.tasks for e in task.errors]
    for error in sorted(errors, key=lambda e: (_RANK.get(e.type, 4), len(getattr(e, "field_names", ())))):
        number = getattr(error, "row_number", None)
        if number is not None and number not in table.rows:
            continue  # a row of another length has its issue already
        if error.type == "foreign-key" and tables[error.reference_name].may_hold(error.field_cells[0]):
            continue  # and so has the row that this one means
        columns, issue = _translate(error, table, tables, key)
        if any((number, c) in seen for c in columns):
            continue
        seen.update((number, c) for c in columns)  # type: ignore[misc]
        yield issue
    for number, row in table.rows.items():
        for column, declared in table.fields.items():
            cell = row[column]
            if cell.isspace() and declared.get("constraints", {}).get("required") and (number, column) not in seen:
                yield _constraint(table, number, column, "required", True)


def _plainly_well(table: Table, tables: dict[str, Table], schema: dict[str, Any]) -> bool:
    """Whether no judge is needed, which takes long over thousands of rows."""
    concerned = [table, *(tables[k["reference"]["resource"]] for k in table.keys)]
    if not all(t.readable and not t.torn for t in concerned):
        return False
    places = [k["reference"] for k in table.keys]
    stand = [distinct(tables[p["resource"]].rows.values(), p["fields"]) for p in places]
    keys = [(k["fields"], there) for k, there in zip(table.keys, stand, strict=True)]
    return sound(table.fields, _listed(schema.get("primaryKey", [])), keys, table.rows.values())


def _mend_keys(table: Table, tables: dict[str, Table]) -> Iterator[Issue]:
    """Drop the foreign keys that lead to what is not declared, and tell of them."""
    whole = []
    for key in table.keys:
        name, columns = key["reference"]["resource"], key["reference"]["fields"]
        if name in tables and set(columns) <= set(tables[name].fields):
            whole.append(key)
            continue
        target = f"{name} ({', '.join(columns)})"
        problem = f"declares a key of {table.name} into what it does not declare"
        yield Issue(PACKAGE_FILE, None, "foreignKeys", target, problem, f"write a column of {either(tables)}")
    table.keys = whole


def _try_patterns(table: Table) -> Iterator[Issue]:
    """Tell of patterns that are none; frictionless would stop at them."""
    for column, declared in table.fields.items():
        pattern = declared.get("constraints", {}).get("pattern")
        try:
            re.compile(pattern or "")
        except re.error as error:
            table.readable = False
            problem = f"the pattern of {column} in {table.name} cannot be read ({error})"
            yield Issue(PACKAGE_FILE, None, "pattern", pattern, problem, "mend it")


@lru_cache(maxsize=16)
def _unsound(descriptor: str, folder: str) -> tuple[Issue, ...]:
    """What is wrong with the description itself."""
    # frictionless takes a fifth of a second to import, which only this command should pay
    from frictionless import FrictionlessException, Package

    try:
        Package.from_descriptor(json.loads(descriptor), basepath=folder)
    except FrictionlessException as error:
        notes = [str(getattr(e, "note", e)) for e in getattr(error, "reasons", None) or [error.error]]
        remedy = "mend it as https://datapackage.org/standard/data-package/ says"
        return tuple(Issue(PACKAGE_FILE, None, None, None, f"is no data package ({note})", remedy) for note in notes)
    return ()


def read(folder: Path) -> tuple[dict[str, Table], list[Issue]]:
    """Read every table of the package and judge it by the schema."""
    try:
        descriptor = json.loads((folder / PACKAGE_FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        return {}, [Issue(PACKAGE_FILE, None, None, None, f"is no JSON ({error})", "mend the file")]
    if not isinstance(descriptor, dict):
        return {}, [Issue(PACKAGE_FILE, None, None, None, "is no JSON object", "begin it with { and end it with }")]
    if wrong := _unsound(json.dumps(descriptor), str(folder)):
        return {}, list(wrong)

    tables: dict[str, Table] = {}
    issues: list[Issue] = []
    for resource in descriptor["resources"]:
        table = _declared(resource)
        if table is None:
            problem = f"declares {resource['name']} without one path and a schema with fields"
            issues.append(Issue(PACKAGE_FILE, None, "resources", resource["name"], problem, "declare them there"))
            continue
        tables[table.name] = table
        issues += _read_rows(table, folder / table.file)

    for table in tables.values():
        issues += _mend_keys(table, tables)
        issues += _try_patterns(table)

    # A key into a table that cannot be read would stop frictionless at the first row of every
    # table that uses it; and it must not guess the delimiter where commas are the rule.
    dialect = {"csv": {"delimiter": ",", "quoteChar": '"', "skipInitialSpace": False}}
    readable = []
    for resource in descriptor["resources"]:
        table = tables.get(resource["name"])
        if table is not None and table.readable:
            keys = [k for k in table.keys if tables[k["reference"]["resource"]].readable]
            schema = {**resource["schema"], "foreignKeys": keys}
            readable.append({**resource, "dialect": dialect, "schema": schema})
    return tables, issues + _judged(descriptor, readable, tables, folder)


def _judged(descriptor: dict, readable: list[dict], tables: dict[str, Table], folder: Path) -> list[Issue]:
    """Have frictionless judge the tables that are not plainly well, beside those that they refer to."""
    from frictionless import Package

    unclear = [r["name"] for r in readable if not _plainly_well(tables[r["name"]], tables, r["schema"])]
    needed = {k["reference"]["resource"] for r in readable if r["name"] in unclear for k in r["schema"]["foreignKeys"]}
    part = [r for r in readable if r["name"] in {*unclear, *needed}]
    if not unclear:
        return []
    package = Package.from_descriptor({**descriptor, "resources": part}, basepath=str(folder))
    judged = (_judge(package.get_resource(name), tables[name], tables) for name in unclear)
    return [issue for issues in judged for issue in issues]
