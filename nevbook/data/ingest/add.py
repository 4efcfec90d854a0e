"""Merge new rows into the data package: all of them, or none."""

from __future__ import annotations

import contextlib
import csv
import dataclasses
import datetime as dt
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from nevbook.common import config
from nevbook.common.errors import BuildError, DataError, unknown
from nevbook.common.files import beside, locked, swap_in
from nevbook.data.dataset import Dataset, load
from nevbook.data.ingest import layout, normalize, readers
from nevbook.data.ingest.columns import LOOKUP, Package, columns, named_table
from nevbook.data.ingest.grids import Sheet
from nevbook.data.ingest.merge import Change, merge
from nevbook.data.ingest.normalize import Row, SheetRows
from nevbook.data.issues import Issue
from nevbook.data.models import Observation
from nevbook.data.package import data_folder, open_package
from nevbook.data.validation.check import check
from nevbook.data.validation.plausibility import implausible

MAIN, SOURCES, ACCEPTANCES = "observations", "sources", "acceptances"
MOST_ISSUES = 100
_Handed = list[tuple[str, Sheet]]  # by the table that each is for


@dataclass(frozen=True)
class Added:
    """What merging a file means."""

    changes: tuple[Change, ...]  # new rows and revisions, in the order of the files
    known: int  # rows that are in the package already
    before: Dataset = field(repr=False)  # the dataset without the changes, and with them
    after: Dataset = field(repr=False)
    remarks: tuple[str, ...] = ()  # what had to be decided about the file, and what of it was not read

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
    defaults: Mapping[str, str] | None = None,
    encoding: str | None = None,
) -> Added:
    """Merge the rows of a file and its sources into the data package, or raise DataError with every issue."""
    folder = data_folder(data_dir)
    busy = f"{folder}: another `nevbook add` is at work there; wait for it."
    day = recorded or dt.date.today()
    with locked(beside(folder, "lock"), busy):
        before, package = load(folder), Package(folder)
        handed, remarks = _handed(package, file, sheet, table, encoding)
        filled = dict(defaults or {})
        if sources:
            more, told = _handed(package, sources, None, SOURCES, encoding)
            filled |= _only_source(package, handed, more, filled)
            handed, remarks = handed + more, remarks + told
        takings, told = _take(package, handed, day, filled)
        handed = [(name, Sheet(one.file)) for name, one in handed]  # rows need not be held twice
        remarks += [remark for taken in takings for remark in taken.remarks]
        alone = all(name == SOURCES for name, _ in handed)  # sources alone are for the check to judge
        if not told and not any(t.rows or t.issues for t in takings if alone or t.table != SOURCES):
            raise DataError(f"{file.name}: no row stands under its header, so there is nothing to add.")
        merged = [merge(package, taken) for taken in takings]
        changes, known = [change for found, _ in merged for change in found], sum(seen for _, seen in merged)
        if not alone:
            changes, unused = _without_unused(changes)
            remarks += [] if told or any(taken.issues for taken in takings) else unused
        places: dict[str, list[Row]] = {}
        for change in changes:
            places.setdefault(change.table, []).append(change.row)
        fresh = beside(folder, "new")
        shutil.rmtree(fresh, ignore_errors=True)
        try:
            shutil.copytree(folder, fresh)
            for name, rows in places.items():
                _append(fresh, package, name, [row.cells for row in rows])
            told += _accept(fresh, package, accept or {}, day)
            issues = [f for taken in takings for f in taken.issues]
            if not told:  # where a header is wrong, its rows would seem to be missing
                issues += _checked(fresh, package, places)
            after = before if told or issues else load(fresh)
            issues += _published(folder, after, changes)
            _refuse(file, told, issues, remarks)
            if (changes or accept) and not dry_run:
                swap_in(fresh, folder)
        finally:
            shutil.rmtree(fresh, ignore_errors=True)
    return Added(tuple(changes), known, before, after, tuple(remarks))


def _refuse(file: Path, told: list[str], issues: list[Issue], remarks: list[str]) -> None:
    """Raise the error that lists what is wrong, if anything is."""
    if not told and not issues:
        return
    lines = [*told, *dict.fromkeys(map(str, sorted(issues, key=lambda f: (f.file, f.row or 0))))]
    more = [f"and {len(lines) - MOST_ISSUES:,} more"] if len(lines) > MOST_ISSUES else []
    head = f"{file.name} cannot be added; nothing was changed."
    raise DataError("\n".join([head, *lines[:MOST_ISSUES], *more, *remarks[:MOST_ISSUES]]))


def _handed(
    package: Package, file: Path, sheet: str | None, table: str | None, encoding: str | None
) -> tuple[_Handed, list[str]]:
    """Read a file and tell which table each of its sheets is for; also says which sheets are not read."""
    if table is not None and table not in package.resources:
        raise DataError(str(unknown("table", table, package.resources)))
    grids = [g for g in readers.read(file, sheet, encoding, package.vocabulary()) if g.name != LOOKUP or sheet]
    read = [layout.table(package, grid, table or named_table(package, grid.name)) for grid in grids]
    read = [(name, one) for name, one in read if one.rows or one.issues] or read
    named = {name for name, one in read if name and named_table(package, one.name) == name}
    # a sheet that is named like a table goes before those that only have its columns
    chosen = [
        (t, s) for t, s in read if t and table in (None, t) and (t in named) == (named_table(package, s.name) == t)
    ]
    for twice in sorted({t for t, _ in chosen if t not in named and [c for c, _ in chosen].count(t) > 1}):
        names = ", ".join(s.name for t, s in chosen if t == twice)
        raise DataError(f"{file.name}: several sheets may be meant as {twice}; name one with --sheet: {names}.")
    if not chosen:
        if not read:
            raise DataError(f"{file.name}: no sheet holds a figure to add.")
        first = read[0][1]
        raise DataError(
            f"{first.file}, row {first.head_row}: {', '.join(first.head)!r} — is the header of no table; "
            f"write the columns of {MAIN}.csv, or name the table with --table."
        )
    remarks = [f"{s.file}: not read, no table goes by its name." for t, s in read if (t, s) not in chosen]
    remarks += [f"{s.file}: read as {t}, by its columns." for t, s in chosen if len(grids) > 1 and t not in named]
    return chosen, remarks


def _only_source(package: Package, handed: _Handed, sources: _Handed, filled: Mapping[str, str]) -> dict[str, str]:
    """Return the source of rows that have no column for it, where only one is handed in."""
    lacks = any("source" not in columns(package, name, sheet.head)[0] for name, sheet in handed if name == MAIN)
    listed = [(columns(package, SOURCES, s.head)[0], line) for _, s in sources for line in s.rows]
    if not lacks or "source" in filled or len(listed) != 1 or "id" not in listed[0][0]:
        return {}
    return {"source": listed[0][1].cells[listed[0][0].index("id")]}


def _take(
    package: Package, handed: _Handed, day: dt.date, defaults: Mapping[str, str]
) -> tuple[list[SheetRows], list[str]]:
    """Take in the sheets, those that others refer to first; also returns what is wrong with headers."""
    order = list(package.resources)
    takings, told = [], []
    for name, one in sorted(handed, key=lambda h: order.index(h[0])):
        try:
            link = package.link(name)
            taken = normalize.take(package, name, one, day, bool(link) and link[0] in {n for n, _ in handed}, defaults)
        except DataError as error:
            told.append(str(error))
            continue
        package.takes(name, [row.cells for row in taken.rows])
        takings.append(taken)
    return takings, told


def _without_unused(changes: list[Change]) -> tuple[list[Change], list[str]]:
    """Leave out the new sources that no new row uses, and say so."""
    used = {c.cells.get("source", "") for c in changes if c.table != SOURCES}
    unused = [c for c in changes if c.table == SOURCES and c.cells["id"] not in used]
    told = [f"{c.row.file}, row {c.row.number}: {c.cells['id']} is left out, for no row uses it." for c in unused]
    return [c for c in changes if c not in unused], told


def _published(folder: Path, after: Dataset, changes: list[Change]) -> Iterator[Issue]:
    """Name the rows that would change an edition as published: recorded by its day, which is past."""
    listed = []
    with contextlib.suppress(BuildError):
        listed = [e for e in config.near(folder) if e.as_of and e.as_of < dt.date.today()]
    for change in changes:
        row, recorded = change.row, change.cells.get("recorded", "")
        for edition in (e for e in listed if recorded and recorded <= e.as_of.isoformat()):
            seen = after.vintage(edition.year, edition.as_of) if change.table == MAIN else None
            if seen is None or any(r.id == change.cells["id"] for r in seen.observations):
                problem = f"{recorded} would change the edition {edition.path}, published as of {edition.as_of}"
                yield Issue(row.file, row.number, "recorded", recorded, problem, f"write a day after {edition.as_of}")
                break


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
            yield row.placed(issue)
