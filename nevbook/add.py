"""Merge new rows into the dataset: all of them, or none."""

from __future__ import annotations

import csv
import dataclasses
import datetime as dt
import shutil
from dataclasses import dataclass
from pathlib import Path

from . import audit
from .audit import CONFLICTS, Finding
from .check import check
from .dataset import Dataset, data_folder, load, read_descriptor, read_table
from .errors import DataError, unknown
from .publish import swap_in
from .values import Register

_SAME = ("indicator", "entity", "period", "measure", "kind", "basis", "source")
_STATED = ("value", "qualifier", "resolution")


@dataclass(frozen=True)
class Added:
    """What merging a file means.

    Attributes
    ----------
    new, revised, known : int
        Rows that tell something new, that revise what the same source said before, and that
        are in the dataset already.
    conflicts : tuple of str
        What the audit finds in conflict that it did not before, a sentence each.
    """

    new: int
    revised: int
    known: int
    conflicts: tuple[str, ...]


def add(
    file: Path,
    sources: Path | None = None,
    data_dir: Path | None = None,
    dry_run: bool = False,
    recorded: dt.date | None = None,
) -> Added:
    """Merge the observations of a CSV file, and its sources, into the data package.

    Parameters
    ----------
    file : Path
        CSV in UTF-8 with the columns of ``observations.csv`` in any order; ``id``, ``recorded``
        and ``note`` may be left out.
    sources : Path, optional
        CSV with the columns of ``sources.csv``.
    data_dir : Path, optional
        The data folder; found by walking up if not given.
    dry_run : bool
        Whether to say what it would mean and change nothing.
    recorded : datetime.date, optional
        Day for rows that name none; today if not given.

    Returns
    -------
    Added

    Raises
    ------
    DataError
        Where anything is wrong: every fault is listed, and nothing is changed.
    """
    folder = data_folder(data_dir)
    before = load(folder)
    day = (recorded or dt.date.today()).isoformat()
    rows, places, known, revised = _new_rows(folder, file, day)
    more = _read(sources, _columns(folder, "sources"), ()) if sources else []
    held = {r["id"] for r in read_table(folder, "sources")}
    fresh = folder.with_name(folder.name + ".new")
    shutil.rmtree(fresh, ignore_errors=True)
    shutil.copytree(folder, fresh)
    try:
        first = len(before.observations) + 2  # row of the first one added, as a spreadsheet counts
        _append(fresh, "observations", rows)
        _append(fresh, "sources", [r for _, r in more if r["id"] not in held])
        faults = []
        for fault in check(fresh):
            if fault.file == "observations.csv" and fault.row is not None and fault.row >= first:
                fault = dataclasses.replace(fault, file=file.name, row=places[fault.row - first])
            faults.append(str(fault))
        if faults:
            raise DataError(f"{file.name} cannot be added; nothing was changed.\n" + "\n".join(faults))
        conflicts = _conflicts(before, load(fresh)) if rows else ()
        if rows and not dry_run:
            swap_in(fresh, folder)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    return Added(len(rows) - revised, revised, known, conflicts)


def _columns(folder: Path, table: str) -> list[str]:
    resource = next(r for r in read_descriptor(folder)["resources"] if r["name"] == table)
    return [f["name"] for f in resource["schema"]["fields"]]


def _read(file: Path, columns: list[str], optional: tuple[str, ...]) -> list[tuple[int, dict[str, str]]]:
    """Read a file as rows of text, each with its number."""
    try:
        with file.open(encoding="utf-8-sig", newline="") as handle:
            cells = list(csv.reader(handle))
    except FileNotFoundError:
        raise DataError(f"{file}: no such file.") from None
    except UnicodeDecodeError as error:
        raise DataError(f"{file}: not UTF-8 (byte {error.start}). Save it as UTF-8.") from None
    if not cells:
        raise DataError(f"{file}: empty.")
    for name in cells[0]:
        if name not in columns:
            raise DataError(f"{file.name}: {unknown('column', name, columns, most=20)}")
    missing = [c for c in columns if c not in cells[0] and c not in optional]
    if missing:
        raise DataError(f"{file.name}: lacks the column{'s' if len(missing) > 1 else ''} {', '.join(missing)}.")
    found = []
    for number, row in enumerate(cells[1:], start=2):
        if len(row) != len(cells[0]):
            raise DataError(f"{file.name}, row {number}: {len(row)} cells where the header has {len(cells[0])}.")
        if any(row):
            found.append((number, dict.fromkeys(columns, "") | dict(zip(cells[0], row, strict=True))))
    return found


def _new_rows(folder: Path, file: Path, day: str) -> tuple[list[dict[str, str]], list[int], int, int]:
    """Rows to append, their numbers in the file, how many are known already, how many revise."""
    held: dict[tuple[str, ...], list[dict[str, str]]] = {}
    ids = set()
    for row in read_table(folder, "observations"):
        held.setdefault(tuple(row[k] for k in _SAME), []).append(row)
        ids.add(row["id"])
    rows, places, known, revised = [], [], 0, 0
    for number, row in _read(file, _columns(folder, "observations"), ("id", "recorded", "note")):
        thing = tuple(row[k] for k in _SAME)
        earlier = held.get(thing, [])
        if any(all(_equal(row[k], old[k]) for k in _STATED) for old in earlier):
            known += 1
            continue
        row["recorded"] = row["recorded"] or day
        row["id"] = row["id"] or _id(row, ids)
        revised += bool(earlier)
        ids.add(row["id"])
        held.setdefault(thing, []).append(row)
        rows.append(row)
        places.append(number)
    return rows, places, known, revised


def _equal(one: str, other: str) -> bool:
    try:
        return float(one) == float(other)
    except ValueError:
        return one == other


def _id(row: dict[str, str], taken: set[str]) -> str:
    kind = [row["kind"]] if row["kind"] != "stated" else []
    parts = [row["entity"].lower(), row["indicator"], row["period"].replace("/", "_to_"), row["measure"], *kind]
    name = ".".join([*parts, row["source"]])
    if name in taken:
        name = f"{name}.{row['basis']}"
    return f"{name}.{row['recorded']}" if name in taken else name


def _append(folder: Path, table: str, rows: list[dict[str, str]]) -> None:
    if not rows:
        return
    path = folder / next(r["path"] for r in read_descriptor(folder)["resources"] if r["name"] == table)
    ends = path.read_bytes().endswith(b"\n")
    with path.open("a", encoding="utf-8", newline="") as handle:
        if not ends:
            handle.write("\n")
        csv.DictWriter(handle, _columns(folder, table), lineterminator="\n").writerows(rows)


def _conflicts(before: Dataset, after: Dataset) -> tuple[str, ...]:
    """Sentences of the conflicts that the audit finds now and did not find before."""
    year = max(r.span.year for r in after.observations if r.outcome)
    old = {f.id for f in audit.audit(before, year) if f.verdict == CONFLICTS}
    fresh: list[Finding] = [f for f in audit.audit(after, year) if f.verdict == CONFLICTS and f.id not in old]
    register = Register(after)
    return tuple(f.phrase(register).text for f in fresh)
