"""What the schema says about the data: frictionless judges the rows well-formed, here it is put into words."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from nevbook.data.issues import OTHER, Issue, either, near
from nevbook.data.package import look_package
from nevbook.data.tables import NAME_REMEDY, PACKAGE_FILE, Table, column_names
from nevbook.data.validation.hints import PERIOD_FORMS, day_remedy, number_remedy

_REMEDIES = {  # by column, where a pattern says too little
    "id": NAME_REMEDY,
    "period": f"write {PERIOD_FORMS}",
    "published": f"write {PERIOD_FORMS}, or leave it empty",
    "url": "write it with http:// or https://, or leave it empty",
    "language": "write the two letters of ISO 639-1, as in zh or en",
}
# A cell's own issue explains a key that fails, and a short key one that holds it.
_RANK = {"type-error": 0, "constraint-error": 0, "unique-error": 1, "primary-key": 2, "foreign-key": 3}
_Place = tuple[int | None, str | None]


def _constraint(table: Table, number: int, column: str, name: str, limit: object) -> Issue:
    """Put a constraint that a cell breaks into words."""
    value = table.rows[number][column]
    about = str(table.fields[column].get("description", "what the column asks for")).rstrip(".")
    if name == "required":
        return table.issue(number, column, "must not be empty", f"write the {column}: {about}")
    if name == "enum":
        choices = tuple(map(str, limit))  # type: ignore[call-overload]
        remedy = f"write {either(near(value, choices) or choices)}"
        return table.issue(number, column, f"is no {column} known here", remedy)
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


def _translate(error: Any, number: int, numbers: list[int], table: Table, tables: dict[str, Table]) -> list[Issue]:
    """Put an error of frictionless into words; the first issue is told, the others stand for its columns."""
    column = getattr(error, "field_name", None)
    if error.type == "type-error":
        kind, value = table.fields[column].get("type", "string"), table.rows[number][column]
        remedies = {"number": number_remedy, "integer": number_remedy, "date": day_remedy}
        remedy = remedies[kind](value) if kind in remedies else f"write a {kind}"
        return [table.issue(number, column, f"is no {'day' if kind == 'date' else kind}", remedy)]
    if error.type == "constraint-error":
        name = re.match(r'constraint "(\w+)"', error.note)[1]  # type: ignore[index]
        return [_constraint(table, number, column, name, table.fields[column]["constraints"][name])]
    if error.type in ("unique-error", "primary-key"):
        columns = [column] if column else list(column_names(table.resource["schema"]["primaryKey"]))
        first = re.search(r"position (\d+)", error.note)
        if not first:
            return [table.issue(number, c, "must not be empty", f"write the {c}") for c in columns]
        same = f", with the same {' and '.join(columns[1:])}" if len(columns) > 1 else ""
        remedy, other = f"write another {columns[0]}, or remove one of the two rows", numbers[int(first[1]) - 2]
        return [table.issue(number, c, f"stands in {OTHER} too{same}", remedy, (table.file, other)) for c in columns]
    if error.type == "foreign-key":
        target = tables[error.reference_name]
        if target.may_hold(error.field_cells[0]):
            return []  # the row that is meant has another length, and its issue there
        issue = _unknown(table, number, error.field_names, target, error.reference_field_names)
        return [issue, *(table.issue(number, c, "", "") for c in error.field_names[1:])]
    problem = error.note or error.message
    return [Issue(table.file, number, column, None, problem, f"mend it as {PACKAGE_FILE} says")]


def _judge(resource: Any, table: Table, tables: dict[str, Table]) -> Iterator[Issue]:
    """Let frictionless judge one table; the first issue of a cell stands for what follows from it."""
    numbers = list(table.rows)
    seen: set[_Place] = {(i.row, i.column) for i in table.issues}
    errors = [e for task in resource.validate(limit_errors=sys.maxsize).tasks for e in task.errors]
    for error in sorted(errors, key=lambda e: (_RANK.get(e.type, 4), len(getattr(e, "field_names", ())))):
        place = getattr(error, "row_number", None)
        found = _translate(error, numbers[place - 2] if place else 0, numbers, table, tables)
        if found and not any((i.row, i.column) in seen for i in found):
            yield found[0]
            seen.update((i.row, i.column) for i in found)
    for issue in (*_blanks(table), *_patterns(table)):
        if (issue.row, issue.column) not in seen:
            yield issue


def _blanks(table: Table) -> Iterator[Issue]:
    """Required cells that hold blanks only."""
    needed = [n for n, f in table.fields.items() if f.get("constraints", {}).get("required")]
    for number, row in table.rows.items():
        yield from (_constraint(table, number, c, "required", True) for c in needed if row[c].isspace())


def _patterns(table: Table) -> Iterator[Issue]:
    """Cells that break the pattern of their column; RE2 takes no longer for any of them than for its letters."""
    import pyarrow
    import pyarrow.compute

    for column, declared in table.fields.items():
        pattern = declared.get("constraints", {}).get("pattern")
        if pattern is None:
            continue
        cells = pyarrow.array([row[column] for row in table.rows.values()], pyarrow.string())
        try:
            fits = pyarrow.compute.match_substring_regex(cells, rf"\A(?:{pattern})\z").to_pylist()
        except (pyarrow.ArrowInvalid, TypeError) as error:
            problem = f"the pattern of {column} in {table.name} cannot be read ({error})"
            yield Issue(PACKAGE_FILE, None, "pattern", str(pattern), problem, "mend it; RE2 must know what it uses")
            continue
        for (number, row), fit in zip(table.rows.items(), fits, strict=True):
            if row[column] and not fit:
                yield _constraint(table, number, column, "pattern", pattern)


def _key_issues(table: Table, tables: dict[str, Table]) -> Iterator[Issue]:
    """Foreign keys into what is not declared."""
    for _, name, columns in table.keys:
        if name not in tables or not set(columns) <= set(tables[name].fields):
            target = f"{name} ({', '.join(columns)})"
            problem = f"declares a key of {table.name} into what it does not declare"
            yield Issue(PACKAGE_FILE, None, "foreignKeys", target, problem, f"write a column of {either(tables)}")


def _schema(table: Table, tables: dict[str, Table]) -> dict[str, Any]:
    """Return what of a table's schema frictionless can judge safely."""
    fields = [
        {**f, "constraints": {k: v for k, v in f.get("constraints", {}).items() if k != "pattern"}}
        for f in table.fields.values()
    ]
    # a key into a table that cannot be read would stop frictionless at the first row
    keys = [
        {"fields": list(mine), "reference": {"resource": name, "fields": list(theirs)}}
        for mine, name, theirs in table.keys
        if name in tables and tables[name].readable and set(theirs) <= set(tables[name].fields)
    ]
    return {**table.resource["schema"], "fields": fields, "foreignKeys": keys}


def _keys(table: Table, tables: dict[str, Table]) -> Iterator[tuple[str, list[list[str]], dict[str, Any]]]:
    """Return the cells that a table's keys lead to, by table: frictionless reads the whole of it for each key."""
    for name in {name for _, name, _ in table.keys if name in tables and name != table.name}:
        led = tables[name]
        columns = sorted({c for _, other, theirs in table.keys if other == name for c in theirs} & set(led.fields))
        cells = dict.fromkeys(tuple(row[c] for c in columns) for row in led.rows.values()) if led.readable else {}
        fields = [{**led.fields[c], "constraints": {}} for c in columns]
        yield (
            name,
            [columns, *map(list, cells)],
            {**led.resource["schema"], "fields": fields, "foreignKeys": [], "primaryKey": []},
        )


def read(folder: Path) -> tuple[dict[str, Table], list[Issue]]:
    """Read every table of the package and judge it by the schema."""
    # frictionless takes half a second to import, which only this command should pay
    from frictionless import FrictionlessException, Package, Resource, Schema

    package, wrong = look_package(folder)
    if package is None:
        return {}, list(wrong)
    tables = {name: package.look(name) for name in package.resources}
    issues = [issue for table in tables.values() for issue in (*table.issues, *_key_issues(table, tables))]
    schemas = {}
    for name, table in tables.items():
        try:
            schemas[name] = Schema.from_descriptor(_schema(table, tables))
        except FrictionlessException as error:
            notes = [str(getattr(e, "note", e)) for e in getattr(error, "reasons", None) or [error.error]]
            remedy = "mend it as https://datapackage.org/standard/data-package/ says"
            return {}, [Issue(PACKAGE_FILE, None, "schema", name, f"is no schema ({n})", remedy) for n in notes]
    for name, schema in schemas.items():
        table = tables[name]
        if table.readable:
            rows = [list(table.fields), *(list(row.values()) for row in table.rows.values())]
            resource = Resource(name=name, data=rows, schema=schema)
            others = [
                Resource(name=other, data=keys, schema=Schema.from_descriptor(fields))
                for other, keys, fields in _keys(table, tables)
            ]
            Package(name="judged", resources=[resource, *others])  # where its keys lead
            issues += _judge(resource, table, tables)
    return tables, issues
