"""Merge new rows into the data package: all of them, or none."""

from __future__ import annotations

import csv
import dataclasses
import datetime as dt
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from nevbook.common.errors import DataError, unknown
from nevbook.common.files import beside, locked, swap_in
from nevbook.data.dataset import Dataset, load
from nevbook.data.ingest import normalize, readers
from nevbook.data.ingest.columns import Package, named_table, table_of
from nevbook.data.ingest.merge import Change, merge
from nevbook.data.ingest.normalize import Row, SheetRows
from nevbook.data.issues import Issue
from nevbook.data.models import Observation
from nevbook.data.package import data_folder, open_package
from nevbook.data.validation.check import check
from nevbook.data.validation.plausibility import implausible

MAIN, SOURCES, ACCEPTANCES = "observations", "sources", "acceptances"


@dataclass(frozen=True)
class Added:
    """What merging a file means.

    Attributes
    ----------
    changes : tuple of Change
        New rows and revisions, in the order of the files.
    known : int
        Rows that are in the package already.
    before, after : Dataset
        Without and with them.
    """

    changes: tuple[Change, ...]
    known: int
    before: Dataset = field(repr=False)
    after: Dataset = field(repr=False)

    @property
    def new(self) -> int:
        """How many figures and facts are new; a source alone tells nothing."""
        return sum(c.figure and c.earlier is None for c in self.changes)

    @property
    def revised(self) -> int:
        """How many rows revise what the same source said before."""
        return sum(c.earlier is not None for c in self.changes)

    @property
    def observations(self) -> tuple[Observation, ...]:
        """The new rows of ``observations.csv``."""
        ids = {c.cells["id"] for c in self.changes if c.table == MAIN}
        return tuple(r for r in self.after.observations if r.id in ids)


def add(
    file: Path,
    sources: Path | None = None,
    data_dir: Path | None = None,
    dry_run: bool = False,
    recorded: dt.date | None = None,
    sheet: str | None = None,
    table: str | None = None,
    accept: Mapping[str, str] | None = None,
) -> Added:
    """Merge the rows of a file, and its sources, into the data package.

    `accept` holds ids of implausible rows that are kept all the same, each with the reason.
    Raises DataError where anything is wrong: every issue is listed, and nothing is changed.
    """
    folder = data_folder(data_dir)
    busy = f"{folder}: another `nevbook add` is at work there; wait for it."
    with locked(beside(folder, "lock"), busy):
        before, package = load(folder), Package(folder)
        handed = _handed(package, file, sheet, table)
        if sources:
            handed += _handed(package, sources, None, SOURCES)
        takings, told = _take(package, handed, recorded or dt.date.today())
        changes: list[Change] = []
        known = 0
        for taken in takings:
            found, seen = merge(package, taken)
            changes, known = changes + found, known + seen
        places: dict[str, list[Row]] = {}
        for change in changes:
            places.setdefault(change.table, []).append(change.row)
        fresh = beside(folder, "new")
        shutil.rmtree(fresh, ignore_errors=True)
        try:
            shutil.copytree(folder, fresh)
            for name, rows in places.items():
                _append(fresh, package, name, [row.cells for row in rows])
            told += _accept(fresh, package, accept or {}, recorded or dt.date.today())
            issues = [f for taken in takings for f in taken.issues]
            if not told:  # where a header is wrong, its rows would seem to be missing
                issues += _checked(fresh, package, places)
            issues.sort(key=lambda f: (f.file, f.row or 0))
            if told or issues:
                head = f"{file.name} cannot be added; nothing was changed."
                raise DataError("\n".join([head, *told, *map(str, issues)]))
            after = load(fresh)
            if (changes or accept) and not dry_run:
                swap_in(fresh, folder)
        finally:
            shutil.rmtree(fresh, ignore_errors=True)
    return Added(tuple(changes), known, before, after)


def _handed(package: Package, file: Path, sheet: str | None, table: str | None) -> list[tuple[str, readers.Sheet]]:
    """Read a file and tell which table each of its sheets is for."""
    if table is not None and table not in package.resources:
        raise DataError(str(unknown("table", table, package.resources)))
    found = readers.read(file, sheet)
    if len(found) > 1:
        named = [s for s in found if named_table(package, s) in ((table,) if table else package.resources)]
        if not named:
            names = ", ".join(s.name for s in found)
            raise DataError(f"{file.name}: no sheet is named like a table; name one with --sheet: {names}.")
        return [(named_table(package, s), s) for s in named if s.rows or s.issues]
    name = table or table_of(package, found[0])
    if not name:
        head = ", ".join(found[0].head)
        raise DataError(
            f"{found[0].file}, row 1: {head!r} — is the header of no table; "
            f"write the columns of {MAIN}.csv, or name the table with --table."
        )
    return [(name, found[0])]


def _take(package: Package, handed: list[tuple[str, readers.Sheet]], day: dt.date) -> tuple[list[SheetRows], list[str]]:
    """Take in the sheets, those that others refer to first; also returns what is wrong with headers."""
    order = list(package.resources)
    takings, told = [], []
    for name, one in sorted(handed, key=lambda h: order.index(h[0])):
        try:
            link = package.link(name)
            taken = normalize.take(package, name, one, day, bool(link) and link[0] in {n for n, _ in handed})
        except DataError as error:
            told.append(str(error))
            continue
        package.takes(name, [row.cells for row in taken.rows])
        takings.append(taken)
    return takings, told


def _append(folder: Path, package: Package, table: str, rows: list[dict[str, str]]) -> None:
    if not rows:
        return
    path = folder / package.resources[table]["path"]
    ends = path.read_bytes().endswith(b"\n")
    with path.open("a", encoding="utf-8", newline="") as handle:
        if not ends:
            handle.write("\n")
        csv.DictWriter(handle, list(package.fields(table)), lineterminator="\n").writerows(rows)


def _accept(fresh: Path, package: Package, accept: Mapping[str, str], day: dt.date) -> list[str]:
    """Write down what is accepted although it is implausible; return what there was no need to accept."""
    try:
        data = load(fresh)
    except DataError:
        return []  # the check tells of what cannot be read
    known = {(a.row, a.rule) for a in data.acceptances}
    found = [
        {"row": one.row.id, "rule": one.rule, "reason": accept[one.row.id], "recorded": day.isoformat()}
        for one in (implausible(data.observations, data.entities, known) if accept else ())
        if one.row.id in accept and (one.row.id, one.rule) not in known
    ]
    _append(fresh, package, ACCEPTANCES, found)
    unneeded = accept.keys() - {one["row"] for one in found}
    return [
        f"--accept {one}: no implausible row has this id; leave it out, or write the id that is named."
        for one in sorted(unneeded)
    ]


def _checked(fresh: Path, package: Package, places: dict[str, list[Row]]) -> Iterator[Issue]:
    """Check the package with the new rows in it; an issue of one of them is told where it was read."""
    fresh_package, mine = open_package(fresh), {}
    for name, rows in places.items():
        numbers = list(fresh_package.look(name).rows)[-len(rows) :]
        mine |= {(package.resources[name]["path"], n): row for n, row in zip(numbers, rows, strict=True)}
    for issue in check(fresh):
        row = mine.get((issue.file, issue.row or 0))
        others = [(read.file, read.number) if (read := mine.get(other)) else other for other in issue.others]
        issue = dataclasses.replace(issue, others=tuple(others))
        if row is None:
            yield issue
        elif issue.column not in row.bad and not (issue.column == "id" and row.bad):
            value = row.raw.get(issue.column or "", issue.value)
            yield dataclasses.replace(issue, file=row.file, row=row.number, value=value)
