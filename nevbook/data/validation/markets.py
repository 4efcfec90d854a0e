"""What can be wrong with the market tables, beyond what their schema says."""

from __future__ import annotations

import itertools
import re
from collections import defaultdict
from collections.abc import Iterator

from nevbook.data.issues import OTHER, Issue, either, near
from nevbook.data.tables import Table
from nevbook.data.validation.hints import span_of

_FACT_KEY = ("market", "attribute", "period", "kind", "value", "recorded")
_EVENT_KEY = ("market", "title", "effective_from", "effective_to", "value", "makers", "powertrains", "recorded")
_PROPERTIES = (
    *("powertrains", "steering", "ac_connector", "dc_connector", "battery_kwh", "price", "approval", "languages"),
)
_NUMBER = r"-?\d+(\.\d+)?"
_FORMS = {
    "number": (_NUMBER, "is no number", "write digits only, as in 45 or -2.5"),
    "range": (rf"{_NUMBER}(-\d+(\.\d+)?)?", "is no range", "write a number, or two as in 45-100"),
}


def market_issues(tables: dict[str, Table]) -> Iterator[Issue]:
    """Tell what is wrong with facts, policy events and memberships."""
    if {"facts", "attributes", "fact_sources"} <= tables.keys():
        yield from _facts(tables)
        yield from _repeated(tables["facts"], tables["fact_sources"], "fact", _FACT_KEY)
        yield from _unsourced(tables["facts"], tables["fact_sources"], "fact")
    if {"events", "event_sources"} <= tables.keys():
        yield from _events(tables["events"])
        yield from _repeated(tables["events"], tables["event_sources"], "event", _EVENT_KEY)
        yield from _unsourced(tables["events"], tables["event_sources"], "event")
    if {"memberships", "countries"} <= tables.keys():
        yield from _memberships(tables["memberships"], tables["countries"])
    if "ev_sales" in tables:
        yield from _sales(tables["ev_sales"])
    if {"vehicles", "vehicle_sources"} <= tables.keys():
        yield from _vehicles(tables["vehicles"], tables["vehicle_sources"])
    if {"fit_rules", "vehicles"} <= tables.keys():
        yield from _rules(tables["fit_rules"], tables["vehicles"])
    for name in ("facts", "events", "ev_sales", "vehicles"):
        if name in tables:
            yield from _checked(tables[name])


def _facts(tables: dict[str, Table]) -> Iterator[Issue]:
    table = tables["facts"]
    attributes = {row["id"]: row for row in tables["attributes"].rows.values()}
    for number, row in table.rows.items():
        told = attributes.get(row["attribute"])
        if told is None:
            continue  # the schema tells of it
        pattern, problem, remedy = _FORMS.get(told["datatype"], (".*", "", ""))
        if row["value"] and not re.fullmatch(pattern, row["value"], re.DOTALL):
            unit = f"; it stands in {told['unit']}" if told["unit"] else ""
            yield table.issue(number, "value", f"{problem}, as {row['attribute']} asks for", remedy + unit)
        choices = tuple(c.strip() for c in told["choices"].split(";")) if told["choices"] else ()
        wrong = [v for v in map(str.strip, row["value"].split(";")) if choices and v not in choices]
        if wrong:
            remedy = f"write {either(near(wrong[0], choices) or choices)}"
            yield table.issue(number, "value", f"{wrong[0]!r} is no choice of {row['attribute']}", remedy)
        span = span_of(row["period"])
        if span and row["kind"] in ("stated", "derived") and span.start.isoformat() > row["recorded"]:
            problem = f"had not begun on {row['recorded']}, when the row was recorded as an outcome"
            yield table.issue(number, "period", problem, "write kind plan or target, or the period that is over")


def _events(table: Table) -> Iterator[Issue]:
    for number, row in table.rows.items():
        first, last = span_of(row["effective_from"]), span_of(row["effective_to"])
        if first and last and last.end < first.start:
            problem = f"lies before effective_from, {row['effective_from']}"
            yield table.issue(number, "effective_to", problem, "write the two the other way round")
        if row["ending"] == "stated" and not row["effective_to"]:
            remedy = "write when it ends, or ending unknown or single"
            yield table.issue(number, "effective_to", "must not be empty where the end is stated", remedy)
        elif row["ending"] in ("unknown", "single") and row["effective_to"]:
            problem = f"does not go with the end {row['effective_to']}"
            yield table.issue(number, "ending", problem, "write stated, or leave effective_to empty")


def _unsourced(table: Table, links: Table, column: str) -> Iterator[Issue]:
    if not links.readable or not table.readable:
        return
    linked = {row[column] for row in links.rows.values()}
    for number, row in table.rows.items():
        if row["id"] and row["id"] not in linked and not links.may_hold(row["id"]):
            yield table.issue(number, "id", "has no source", f"add a row for it to {links.file}")


def _memberships(table: Table, countries: Table) -> Iterator[Issue]:
    kinds = {row["id"]: row["kind"] for row in countries.rows.values()}
    for number, row in table.rows.items():
        if kinds.get(row["bloc"], "bloc") != "bloc":
            yield table.issue(number, "bloc", f"is a {kinds[row['bloc']]}, not a bloc", "write the id of a bloc")
        if row["from"] and row["to"] and row["to"] < row["from"]:
            yield table.issue(number, "to", f"lies before from, {row['from']}", "write the two the other way round")
    spans: dict[tuple[str, str], list[tuple[str, str, int]]] = defaultdict(list)
    for number, row in table.rows.items():
        spans[row["bloc"], row["member"]].append((row["from"] or "0001-01-01", row["to"] or "9999-12-31", number))
    for (bloc, member), some in spans.items():
        for one, other in itertools.pairwise(sorted(some)):
            if other[0] <= one[1]:
                problem = f"{member} is in {bloc} already in that time, by {OTHER}"
                remedy = "write when it joined and left each time, or remove a row"
                yield table.issue(other[2], "from", problem, remedy, (table.file, one[2]))


def _repeated(table: Table, links: Table, column: str, key: tuple[str, ...]) -> Iterator[Issue]:
    """Rows that tell the same thing from the same sources, recorded on the same day."""
    read: dict[str, list[str]] = defaultdict(list)
    for row in links.rows.values():
        read[row[column]].append(row["source"])
    first: dict[tuple[object, ...], int] = {}
    for number, row in table.rows.items():
        thing = (*(row[k] for k in key), *sorted(read[row["id"]]))
        other = first.setdefault(thing, number)
        if other != number:
            problem = f"says what {OTHER} ({table.rows[other]['id']}) says"
            yield table.issue(number, "id", problem, "remove one of the two", (table.file, other))


def _sales(table: Table) -> Iterator[Issue]:
    for number, row in table.rows.items():
        share = row["metric"].endswith("_share")
        wanted = "percent" if share else "vehicles"
        if row["unit"] != wanted:
            yield table.issue(number, "unit", f"is not the unit of {row['metric']}", f"write {wanted}")
        elif share and re.fullmatch(_NUMBER, row["value"]) and float(row["value"]) > 100:
            yield table.issue(number, "value", "a share lies between 0 and 100 percent", "write percent of all cars")


def _vehicles(table: Table, links: Table) -> Iterator[Issue]:
    if not links.readable or not table.readable:
        return
    told = {(row["vehicle"], row["property"]) for row in links.rows.values()}
    named = sorted({p for _, p in told} | set(_PROPERTIES))
    for number, row in table.rows.items():
        for column in (c for c in named if row.get(c)):
            if (row["id"], column) not in told and not links.may_hold(row["id"]):
                yield table.issue(
                    number, column, "has no source", f"add a row for it to {links.file}, or leave it empty"
                )
    filled = {(row["id"], column) for row in table.rows.values() for column in row if row[column]}
    for number, row in links.rows.items():
        if (row["vehicle"], row["property"]) not in filled and any(v == row["vehicle"] for v, _ in filled):
            problem = f"{row['vehicle']} has nothing there in {table.file}"
            yield links.issue(number, "property", problem, "fill it there, or remove this row")


def _rules(table: Table, vehicles: Table) -> Iterator[Issue]:
    for number, row in table.rows.items():
        needs = {
            "offers": ("property", "attribute"), "clean": ("property", "attribute"),
            "over": ("attribute", "threshold"), "under": ("attribute", "threshold"),
        }.get(row["test"], ())  # fmt: skip
        for column in needs:
            if not row[column]:
                yield table.issue(
                    number, column, f"must not be empty for the test {row['test']}", f"write the {column}"
                )
        if row["property"] and row["property"] not in vehicles.fields:
            columns = tuple(vehicles.fields)
            remedy = f"write {either(near(row['property'], columns) or _PROPERTIES)}"
            yield table.issue(number, "property", f"is no column of {vehicles.file}", remedy)
        gaps = set(re.findall(r"{(.*?)}", row["demand"])) - {"value", "threshold"}
        if gaps:
            problem = f"has a gap that nothing fills: {{{sorted(gaps)[0]}}}"
            yield table.issue(number, "demand", problem, "write {value} or {threshold}")


def _checked(table: Table) -> Iterator[Issue]:
    for number, row in table.rows.items():
        if len(row["checked"]) == len(row["recorded"]) == 10 and row["checked"] < row["recorded"]:
            problem = f"lies before {row['recorded']}, when the row was recorded"
            yield table.issue(number, "checked", problem, f"write {row['recorded']} or later")
