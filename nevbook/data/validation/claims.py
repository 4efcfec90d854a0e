"""What can be wrong with the claims, beyond what their schema says."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from nevbook.data.issues import Issue, either, near
from nevbook.data.tables import Table, split

_MEASURED = ("figure", "comparison")  # kinds of which one expects figures


def claim_issues(tables: dict[str, Table], chapters: Path) -> Iterator[Issue]:
    """Tell what is wrong with the claims."""
    table = tables.get("claims")
    if table is None:
        return
    stems = tuple(sorted(path.stem for path in chapters.glob("*.ipynb")))
    for number, row in table.rows.items():
        yield from _unknown(table, number, tables["observations"])
        if stems and row["chapter"] not in stems:
            remedy = f"write {either(near(row['chapter'], stems) or stems)}"
            yield table.issue(number, "chapter", f"{chapters.name}/ has no such chapter", remedy)
        if row["kind"] in _MEASURED and not row["observations"] and not row["note"].strip():
            problem = f"a {row['kind']} that rests on no observation"
            yield table.issue(
                number, "observations", problem, "name its observations, or say in note why there are none"
            )


def _unknown(table: Table, number: int, target: Table) -> Iterator[Issue]:
    ids = tuple(row["id"] for row in target.rows.values())
    told: set[str] = set()
    for one in split(table.rows[number]["observations"]):
        if one in told:
            yield Issue(table.file, number, "observations", one, "is named twice", "remove one of the two")
        # an observation in a file or a row that cannot be read has its issue there
        elif one not in ids and target.readable and not target.may_hold(one):
            close = near(one, ids)[:1]
            remedy = f"write {close[0] if close else 'one that stands there'}, or add it to {target.file}"
            yield Issue(table.file, number, "observations", one, f"{target.file} has no such observation", remedy)
        told.add(one)
