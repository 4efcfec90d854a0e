"""Rules of the descriptor beyond type and key: ``listOf``, ``notBelow``, ``with``, ``past``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from nevbook.data.issues import Issue, either, near
from nevbook.data.tables import NUMBER, Table
from nevbook.data.validation.hints import likely, period_issue, span_of
from nevbook.data.validation.observations import View

_DATED = r"^\d{4}(-"  # how the pattern of a period or a date begins
_RULES = ("listOf", "notBelow", "with", "past")


def record_issues(view: View) -> Iterator[Issue]:
    """Check every table against the rules of its columns, and its days against those of its sources."""
    for table in view.tables.values():
        if {"source", "recorded"} <= set(table.fields):
            yield from _too_early(table, view)
        for column, declared in table.fields.items():
            rules = {rule: declared[rule] for rule in _RULES if rule in declared}
            # corrections may mend the period of an observation, which has its own rule
            if table.name != "observations" and declared.get("constraints", {}).get("pattern", "").startswith(_DATED):
                rules["dated"] = True
            if rules:
                yield from _column(table, column, rules, view.tables)


def _too_early(table: Table, view: View) -> Iterator[Issue]:
    for number, row in table.rows.items():
        told, day = view.published.get(row["source"]), span_of(row["recorded"])
        if told and day and likely(day) and told.start > day.start:
            problem = f"lies before source {row['source']} was published ({told.text})"
            yield table.issue(
                number, "recorded", problem, f"write {told.start} or later, or mend published in {view.sources.file}"
            )


def _column(table: Table, column: str, rules: Mapping, tables: dict[str, Table]) -> Iterator[Issue]:
    target = tables.get(rules.get("listOf", ""))
    known = tuple(r["id"] for r in target.rows.values()) if target and target.readable else ()
    for number, row in table.rows.items():
        cell = row[column]
        if not cell:
            if (other := rules.get("with")) and row[other]:
                problem = f"must not be empty beside {other} {row[other]}"
                yield table.issue(number, column, problem, f"write the {column}, or leave {other} empty")
            continue
        span = span_of(cell)
        if "dated" in rules and span is None:
            yield table.issue(number, column, *period_issue(cell))
        elif "past" in rules and span and (day := span_of(row["recorded"])) and span.start > day.end:
            problem = f"had not come on {row['recorded']}, when the row was recorded"
            yield table.issue(number, column, problem, f"write a date up to {row['recorded']}")
        for one in cell.split(";") if known else ():
            if one not in known:
                close = near(one, known)
                remedy = f"write {either(close) if close else 'one that stands there'}, or add it to {target.file}"
                yield table.issue(number, column, f"{target.file} has no {one}", remedy)
        low = row.get(rules.get("notBelow", ""), "")
        if NUMBER.fullmatch(low) and NUMBER.fullmatch(cell) and float(cell) < float(low):
            problem = f"is under {rules['notBelow']}, {low}"
            yield table.issue(number, column, problem, f"write {low} or more, or the two the other way round")
