"""The data package as text: find its folder, read its descriptor and its tables.

Nothing is cast here, so that an identifier such as ``NA`` stays what it is.
"""

from __future__ import annotations

import contextlib
import csv
import functools
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import ParamSpec, TypeVar

from nevbook.common.errors import ChoiceError, DataError

PACKAGE_FILE = "datapackage.json"
P, T = ParamSpec("P"), TypeVar("T")
_recorders: list[set[str]] = []


@contextlib.contextmanager
def recorded() -> Iterator[set[str]]:
    """Collect the names of the tables that are handed out meanwhile."""
    _recorders.append(set())
    try:
        yield _recorders[-1]
    finally:
        _recorders.pop()


def cached(load: Callable[P, T]) -> Callable[P, T]:
    """Cache a loader; whoever gets what it made of some tables has been handed out these."""

    @functools.lru_cache(maxsize=8)
    def made(*arguments: P.args, **named: P.kwargs) -> tuple[T, set[str]]:
        with recorded() as tables:
            return load(*arguments, **named), tables

    @functools.wraps(load)
    def hand_out(*arguments: P.args, **named: P.kwargs) -> T:
        found, tables = made(*arguments, **named)
        for recorder in _recorders:
            recorder |= tables
        return found

    return hand_out


def find_data(start: Path | str | None = None) -> Path:
    """Find the data folder by walking up to ``data/datapackage.json``.

    Raises DataError where no folder above holds one.
    """
    here = Path(start or Path.cwd()).resolve()
    for folder in (here, *here.parents):
        if (folder / "data" / PACKAGE_FILE).is_file():
            return folder / "data"
    raise DataError(
        f"no data/{PACKAGE_FILE} in {here} or above it. Run from the repository, or name the folder with data_dir."
    )


def data_folder(data_dir: Path | str | None) -> Path:
    """Return the data folder that was named, or the one found above.

    Raises DataError where the folder has no ``datapackage.json``.
    """
    if data_dir is None:
        return find_data()
    folder = Path(data_dir).expanduser().resolve()
    if not (folder / PACKAGE_FILE).is_file():
        raise ChoiceError(f"{folder} has no {PACKAGE_FILE}: name the folder that holds the data package.")
    return folder


def read_descriptor(folder: Path) -> dict:
    """Read ``datapackage.json``."""
    path = folder / PACKAGE_FILE
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise DataError(f"{path}: not valid JSON ({error}).") from None


def read_table(folder: Path, name: str, noted: bool = True) -> list[dict[str, str]]:
    """Read one table as text, a dict a row; `noted` is whether a recorder hears of it.

    Raises DataError where the package does not declare the table, the file is missing or not UTF-8, or a row has more
    or fewer cells than the header.
    """
    resources = {r["name"]: r for r in read_descriptor(folder)["resources"]}
    if name not in resources:
        raise DataError(f"{folder / PACKAGE_FILE}: declares no table {name!r}; it has {', '.join(resources)}.")
    for recorder in _recorders if noted else ():
        recorder.add(name)
    path = folder / resources[name]["path"]
    if not path.is_file():
        raise DataError(f"{path}: missing, but {PACKAGE_FILE} declares it.")
    wanted = [f["name"] for f in resources[name]["schema"]["fields"]]
    try:
        with path.open(encoding="utf-8-sig", newline="") as handle:
            rows = list(csv.reader(handle))
    except UnicodeDecodeError as error:
        raise DataError(f"{path}: not UTF-8 (byte {error.start}). Save it as UTF-8.") from None
    if not rows or rows[0] != wanted:
        found = ", ".join(rows[0]) if rows else "an empty file"
        raise DataError(f"{path}: the header must be {', '.join(wanted)}; found {found}.")
    table = []
    for number, cells in enumerate(rows[1:], start=2):
        if len(cells) != len(wanted):
            raise DataError(f"{path}, row {number}: {len(cells)} cells where the header has {len(wanted)}.")
        table.append(dict(zip(wanted, cells, strict=True)))
    return table
