"""Corrections of rows whose source surely errs: data too, with a reason and the old value they expect."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from nevbook.common.errors import DataError

REPLACE, EXCLUDE = "replace", "exclude"


@dataclass(frozen=True)
class Correction:
    """One correction; fields as in ``corrections.csv``.

    Attributes
    ----------
    row : str
        Id of the observation.
    action : str
        ``replace`` the cell of a column, or ``exclude`` the row.
    column : str
        Of the observation; of an excluded one ``value``.
    expected : str
        What stands there; where it no longer does, the correction is void and an error.
    value : str
        What takes its place; empty where the row is excluded.
    reason : str
        Why, in our words.
    recorded : datetime.date
        Day it entered the dataset; an edition of an earlier day does not see it.
    """

    row: str
    action: str
    column: str
    expected: str
    value: str
    reason: str
    recorded: dt.date


def holds(expected: str, found: str) -> bool:
    """Whether a cell is what a correction expects: the same text, or the same number."""
    try:
        return Decimal(expected) == Decimal(found)
    except InvalidOperation:
        return expected == found


def read_correction(cells: Mapping[str, str], where: str, rows: Mapping[str, Mapping[str, str]]) -> Correction:
    """Make a correction of its row.

    Raises DataError where the observation does not exist or holds something else than expected.
    """
    row = rows.get(cells["row"])
    if row is None or cells["column"] not in row:
        raise DataError(f"{where}: observations.csv has no {cells['row']!r} with {cells['column']!r}.")
    found = row[cells["column"]]
    if not holds(cells["expected"], found):
        raise DataError(
            f"{where} ({cells['row']}): expects {cells['column']} {cells['expected']!r}, but the row now has {found!r}."
            " Remove the correction, or write what it expects."
        )
    try:
        day = dt.date.fromisoformat(cells["recorded"])
    except ValueError:
        raise DataError(f"{where}: recorded {cells['recorded']!r} is no day; write it as in 2026-11-22.") from None
    return Correction(**{**cells, "recorded": day})


def mended(cells: Mapping[str, str], corrections: Iterable[Correction]) -> dict[str, str] | None:
    """Return the cells of a row with its corrections made."""
    out = dict(cells)
    for one in corrections:
        if one.row == cells["id"]:
            if one.action == EXCLUDE:
                return None
            out[one.column] = one.value
    return out
