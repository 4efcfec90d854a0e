"""Corrections of rows whose source surely errs: data too, with a reason and the old value they expect."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

REPLACE, EXCLUDE = "replace", "exclude"


@dataclass(frozen=True)
class Correction:
    """Replace a cell, or exclude a row, of ``observations.csv``; void where `expected` no longer stands there."""

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


def corrected(cells: Mapping[str, str], corrections: Iterable[Correction]) -> dict[str, str] | None:
    """Return the cells of an observation as its corrections leave them; None where one excludes it."""
    out = dict(cells)
    for correction in corrections:
        if correction.row == cells["id"]:
            if correction.action == EXCLUDE:
                return None
            out[correction.column] = correction.value
    return out
