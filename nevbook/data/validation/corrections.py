"""What can be wrong with the corrections, beyond what their schema says."""

from __future__ import annotations

from collections.abc import Iterator

from nevbook.data.corrections import EXCLUDE, REPLACE, holds
from nevbook.data.issues import OTHER, Issue
from nevbook.data.tables import Table


def correction_issues(tables: dict[str, Table]) -> Iterator[Issue]:
    """Tell what is wrong with the corrections."""
    table = tables.get("corrections")
    if table is None:
        return
    rows = {row["id"]: (number, row) for number, row in tables["observations"].rows.items()}
    for number, cells in table.rows.items():
        if cells["row"] not in rows:
            continue  # a key that leads nowhere is told of by the schema
        place, row = rows[cells["row"]]
        if cells["column"] not in table.fields["column"]["constraints"]["enum"]:
            continue  # likewise a column that is none of the choices
        found = row[cells["column"]]
        if not holds(cells["expected"], found):
            problem = f"is not what {OTHER} says now, {found!r}"
            remedy = "remove the correction if the row is right now, or write what it says"
            yield table.issue(number, "expected", problem, remedy, (tables["observations"].file, place))
        elif cells["action"] == REPLACE and holds(cells["expected"], cells["value"]):
            yield table.issue(number, "value", "replaces a cell by itself", "write the right one, or remove the row")
        if cells["action"] == REPLACE and not cells["value"]:
            yield table.issue(number, "value", "must not be empty", "write what takes the place of the old one")
        elif cells["action"] == EXCLUDE and cells["value"]:
            yield table.issue(number, "value", "an excluded row has no new value", "leave it empty")
        if cells["recorded"] < row["recorded"]:
            problem = f"lies before the row was recorded, {row['recorded']}"
            yield table.issue(number, "recorded", problem, f"write {row['recorded']} or later")


def corrected(tables: dict[str, Table]) -> dict[int, dict[str, str]]:
    """Return the rows of ``observations.csv`` as the corrections leave them, by row number."""
    rows = dict(tables["observations"].rows)
    numbers = {row["id"]: number for number, row in rows.items()}
    for cells in tables["corrections"].rows.values() if "corrections" in tables else ():
        number = numbers.get(cells["row"], 0)
        if cells["column"] not in rows.get(number, {}) or not holds(cells["expected"], rows[number][cells["column"]]):
            continue
        if cells["action"] == EXCLUDE:
            del rows[number]
        else:
            rows[number] = {**rows[number], cells["column"]: cells["value"]}
    return rows
