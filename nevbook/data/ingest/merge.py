"""Which rows that were taken in are new, which revise, which the package has already."""

from __future__ import annotations

import functools
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from nevbook.common.periods import parse
from nevbook.data.ingest.columns import Package
from nevbook.data.ingest.normalize import Row, SheetRows
from nevbook.data.issues import Issue


@dataclass(frozen=True)
class Change:
    """One row that a file brings."""

    table: str  # of the package
    row: Row  # as the package writes it, and where it was read
    earlier: dict[str, str] | None = None  # the row that it revises
    figure: bool = True  # whether it tells something; a source, or a link to one, alone does not

    @property
    def cells(self) -> dict[str, str]:
        """The row as the package writes it."""
        return self.row.cells


def merge(package: Package, taken: SheetRows) -> tuple[list[Change], int]:
    """Hold the rows of a sheet against the package."""
    own = {id(row.cells) for row in taken.rows}
    held = [r for r in package.rows(taken.table) if id(r) not in own]
    resource = package.resources[taken.table]
    if "revision" in resource:
        changes, known = _revisions(resource["revision"], held, taken)
    else:
        changes, known = _additions(resource, held, taken)
    link = package.link(taken.table)
    if link:
        changes += [
            Change(link[0], row, figure=False) for one in changes if one.cells["id"] for row in _links(link, one.row)
        ]
    return changes, known


def _links(link: tuple[str, str], row: Row) -> Iterator[Row]:
    """Rows that link a fact or an event to its sources."""
    for source in row.sources:
        cells = {link[1]: row.cells["id"], "source": source}
        yield Row(row.file, row.number, cells, {"source": row.raw["source"]}, row.bad & {"source"})


def _additions(resource: dict, held: list[dict[str, str]], taken: SheetRows) -> tuple[list[Change], int]:
    """Rows of a table that has no revisions: what stands there must stay."""
    key = resource["schema"].get("primaryKey", [])
    keys = [key] if isinstance(key, str) else key or [f["name"] for f in resource["schema"]["fields"]]
    there = {tuple(r[k] for k in keys): r for r in held}
    changes, known = [], 0
    for row in taken.rows:
        old = there.get(tuple(row.cells[k] for k in keys))
        if old is None:
            there[tuple(row.cells[k] for k in keys)] = row.cells
            changes.append(Change(taken.table, row, figure=taken.table != "sources"))
            continue
        given = [c for c in row.cells if row.raw.get(c) and c not in row.bad]
        differs = [c for c in given if _number(row.cells[c]) != _number(old[c])]
        for column in differs:
            name = ", ".join(old[k] for k in keys)
            problem = f"{resource['path']} has {name} already, there {old[column]!r}"
            remedy = f"write what stands there, or mend {resource['path']} itself: add only adds"
            taken.issues.append(Issue(row.file, row.number, column, row.raw[column], problem, remedy))
        known += not differs
    return changes, known


def _revisions(told: dict, held: list[dict[str, str]], taken: SheetRows) -> tuple[list[Change], int]:
    """Hold rows against what was said of the same thing before."""
    said: dict[tuple, dict[tuple, dict[str, str]]] = {}  # by what they tell of, and by what they say of it
    latest: dict[tuple, dict[str, str]] = {}

    def note(cells: dict[str, str]) -> None:
        thing = _thing(cells, told["thing"])
        said.setdefault(thing, {})[_says(cells, told["says"])] = cells
        if thing not in latest or cells["recorded"] > latest[thing]["recorded"]:
            latest[thing] = cells

    for old in held:
        note(old)
    ids = Counter(r["id"] for r in held)
    changes, known = [], 0
    for row in taken.rows:
        cells = row.cells
        thing, says = _thing(cells, told["thing"]), _says(cells, told["says"])
        last = latest.get(thing)
        # a file read once more tells nothing new; a row with a later day of its own goes back to an older value
        later = bool(last and row.raw.get("recorded") and cells["recorded"] > last["recorded"])
        same = says in said.get(thing, {})
        if same and not row.bad and (not later or (last and says == _says(last, told["says"]))):
            known += 1
            continue
        if last and cells["recorded"] < last["recorded"] and "recorded" not in row.bad:
            problem = (
                f"{cells['recorded']} lies before {last['recorded']}, when {last['id']}, which it revises, was recorded"
            )
            taken.issues.append(row.issue("recorded", problem, f"write {last['recorded']} or later"))
        if last and cells["id"] == last["id"]:  # named as the row that it revises
            cells["id"] = f"{last['id']}.{cells['recorded']}"
        cells["id"] = cells["id"] or _id(cells, told, ids)
        ids[cells["id"]] += 1
        note(cells)
        changes.append(Change(taken.table, row, last))
    return changes, known


def _thing(cells: dict[str, str], columns: list[str]) -> tuple[object, ...]:
    """What a row tells of; two spellings of one period are one."""

    def one(column: str) -> object:
        try:
            span = parse(cells[column]) if column == "period" else None
        except ValueError:
            span = None
        return (span.start, span.end) if span else cells[column]

    return tuple(one(c) for c in columns)


def _says(cells: dict[str, str], columns: list[str]) -> tuple[object, ...]:
    return tuple(_number(cells[c]) for c in columns)


def _number(text: str) -> Decimal | str:
    """Read a number, so that two spellings of one are equal; any other text is itself."""
    try:
        number = Decimal(text)
    except InvalidOperation:
        return text
    return number if number.is_finite() else text


def _id(cells: dict[str, str], told: dict, taken: Counter[str]) -> str:
    """Make an id of what a row tells of; where another row has it, of what tells them apart."""
    parts = (cells[c].lower() if c == "entity" else cells[c] for c in told["id"] if (c, cells[c]) != ("kind", "stated"))
    clean = functools.partial(re.sub, r"[^A-Za-z0-9_.-]+", "_")  # a cell that is wrong has its own issue
    name = clean(".".join(p.replace("/", "_to_") for p in parts if p))
    for other in (cells.get(told.get("apart", ""), ""), cells["recorded"]):
        if taken[name] and other:
            name = clean(f"{name}.{other}")
    bare = name
    while taken[name]:
        taken[bare] += 1
        name = f"{bare}.{taken[bare]}"
    return name
