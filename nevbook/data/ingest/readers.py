"""Files that people hand in, as grids of text: CSV of any usual kind, and XLSX."""

from __future__ import annotations

import csv
import io
import warnings
from collections import Counter
from collections.abc import Collection
from pathlib import Path

from nevbook.common.errors import DataError
from nevbook.common.files import read_regular
from nevbook.data.ingest import spreadsheets
from nevbook.data.ingest.encodings import decoded
from nevbook.data.ingest.grids import Grid
from nevbook.data.issues import Issue

_DELIMITERS = (",", ";", "\t")
_MOST_BYTES = 100_000_000


def read(
    file: Path, sheet: str | None = None, encoding: str | None = None, vocabulary: Collection[str] = ()
) -> list[Grid]:
    """Read the sheets of a file that hold something; raises DataError where there is no such file or sheet."""
    try:
        if file.is_file() and file.stat().st_size > _MOST_BYTES:
            raise DataError(
                f"{file.name}: {file.stat().st_size:,} bytes, more than {_MOST_BYTES:,}; hand in a part of it."
            )
        content = read_regular(file)
    except FileNotFoundError:
        raise DataError(f"{file}: no such file.") from None
    except OSError as error:
        raise DataError(f"{file}: cannot be read ({error.strerror}).") from None
    if what := spreadsheets.what_it_is(content):
        raise DataError(f"{file.name}: {what}.")
    if content.startswith(spreadsheets.ZIP):
        with warnings.catch_warnings(action="ignore"):  # of drop-downs and the like, which hold no figure
            found = spreadsheets.grids(file.name, content, sheet)
    elif sheet:
        raise DataError(f"{file.name}: has no sheets, it is CSV; leave out --sheet {sheet}.")
    else:
        found = [_csv(file.name, content, encoding, vocabulary)]
    found = [one for one in found if one.rows or one.issues]
    if not found:
        raise DataError(f"{file.name}: empty; write a header and a row for each figure.")
    return found


def _csv(name: str, content: bytes, encoding: str | None, vocabulary: Collection[str]) -> Grid:
    text, called = decoded(content, name, encoding, vocabulary)
    grid = Grid(name)
    if called != "UTF-8":
        grid.remarks.append(f"{name}: read as {called}.")
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    number = 0
    try:
        for number, cells in enumerate(reader, start=1):
            grid.add(number, cells)
    except csv.Error as error:
        problem = f"the quotes of a cell do not close where it ends ({error})"
        if "field larger" in str(error):
            problem = f"has a cell of more than {csv.field_size_limit():,} characters"
        remedy = "write each quote within a cell twice"
        grid.issues.append((number + 1, 0, Issue(name, number + 1, None, None, problem, remedy)))
    return grid


def _delimiter(text: str) -> str:
    """The delimiter that parts most of the first lines into as many cells; title rows above a table hold none."""
    lines = [line for line in text[:20_000].splitlines()[:20] if line.strip()]

    def alike(delimiter: str) -> int:
        try:
            counts = Counter(len(row) for row in csv.reader(lines, delimiter=delimiter))
        except csv.Error:
            return 0
        return max((n - 1) * rows for n, rows in counts.items()) if counts else 0

    return max(_DELIMITERS, key=alike)
