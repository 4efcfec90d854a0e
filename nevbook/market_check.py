"""What can be wrong with the market tables, beyond what their schema says."""

from __future__ import annotations

import re
from collections.abc import Iterator

from .forms import span_of
from .schema_check import Fault, Table, either, near

_NUMBER = r"-?\d+(\.\d+)?"
_FORMS = {
    "number": (_NUMBER, "is no number", "write digits only, as in 45 or -2.5"),
    "range": (rf"{_NUMBER}(-\d+(\.\d+)?)?", "is no range", "write a number, or two as in 45-100"),
}


def market_faults(tables: dict[str, Table]) -> Iterator[Fault]:
    """Tell what is wrong with facts, policy events and memberships.

    Parameters
    ----------
    tables : dict of Table
        By name; the market tables may be missing.

    Yields
    ------
    Fault
    """
    if {"facts", "attributes", "fact_sources"} <= tables.keys():
        yield from _facts(tables)
        yield from _unsourced(tables["facts"], tables["fact_sources"], "fact")
    if {"events", "event_sources"} <= tables.keys():
        yield from _events(tables["events"])
        yield from _unsourced(tables["events"], tables["event_sources"], "event")
    if {"memberships", "countries"} <= tables.keys():
        yield from _memberships(tables["memberships"], tables["countries"])


def _facts(tables: dict[str, Table]) -> Iterator[Fault]:
    table = tables["facts"]
    attributes = {row["id"]: row for row in tables["attributes"].rows.values()}
    for number, row in table.rows.items():
        told = attributes.get(row["attribute"])
        if told is None:
            continue  # the schema tells of it
        pattern, problem, remedy = _FORMS.get(told["datatype"], (".*", "", ""))
        if row["value"] and not re.fullmatch(pattern, row["value"], re.DOTALL):
            unit = f"; it stands in {told['unit']}" if told["unit"] else ""
            yield table.fault(number, "value", f"{problem}, as {row['attribute']} asks for", remedy + unit)
        choices = tuple(c.strip() for c in told["choices"].split(";")) if told["choices"] else ()
        wrong = [v for v in map(str.strip, row["value"].split(";")) if choices and v not in choices]
        if wrong:
            remedy = f"write {either(near(wrong[0], choices) or choices)}"
            yield table.fault(number, "value", f"{wrong[0]!r} is no choice of {row['attribute']}", remedy)
        span = span_of(row["period"])
        if row["period"] and span is None:
            yield table.fault(number, "period", "is no period", "write it as in 2026, 2026-08 or 2025/2026")
        elif span and row["kind"] in ("stated", "derived") and span.start.isoformat() > row["recorded"]:
            problem = f"had not begun on {row['recorded']}, when the row was recorded as an outcome"
            yield table.fault(number, "period", problem, "write kind plan or target, or the period that is over")


def _events(table: Table) -> Iterator[Fault]:
    for number, row in table.rows.items():
        first, last = span_of(row["effective_from"]), span_of(row["effective_to"])
        for column, span in (("effective_from", first), ("effective_to", last)):
            if row[column] and span is None:
                yield table.fault(number, column, "is no date", "write it as in 2026, 2026-07 or 2026-07-01")
        if first and last and last.end < first.start:
            problem = f"lies before effective_from, {row['effective_from']}"
            yield table.fault(number, "effective_to", problem, "write the two the other way round")
        if row["ending"] == "stated" and not row["effective_to"]:
            remedy = "write when it ends, or ending unknown or single"
            yield table.fault(number, "effective_to", "must not be empty where the end is stated", remedy)
        elif row["ending"] in ("unknown", "single") and row["effective_to"]:
            problem = f"does not go with the end {row['effective_to']}"
            yield table.fault(number, "ending", problem, "write stated, or leave effective_to empty")


def _unsourced(table: Table, links: Table, column: str) -> Iterator[Fault]:
    if not links.readable or not table.readable:
        return
    linked = {row[column] for row in links.rows.values()}
    for number, row in table.rows.items():
        if row["id"] not in linked and not links.may_hold(row["id"]):
            yield table.fault(number, "id", "has no source", f"add a row for it to {links.file}")


def _memberships(table: Table, countries: Table) -> Iterator[Fault]:
    kinds = {row["id"]: row["kind"] for row in countries.rows.values()}
    for number, row in table.rows.items():
        if kinds.get(row["bloc"], "bloc") != "bloc":
            yield table.fault(number, "bloc", f"is a {kinds[row['bloc']]}, not a bloc", "write the id of a bloc")
        if row["from"] and row["to"] and row["to"] < row["from"]:
            yield table.fault(number, "to", f"lies before from, {row['from']}", "write the two the other way round")
