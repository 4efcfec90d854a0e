"""Whether a table plainly keeps its schema, told quickly.

Large tables are mostly right. What this finds right needs no further judge; what it does not,
`schema_check` has frictionless judge and puts into words.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Collection, Iterable, Sequence
from operator import itemgetter
from typing import Any

_NUMBER = re.compile(r"-?\d+(\.\d+)?([eE][+-]?\d+)?")
_INTEGER = re.compile(r"-?\d+")
_UNDERSTOOD = {"required", "unique", "pattern", "enum", "minimum", "maximum"}


def _is_date(text: str) -> bool:
    try:
        return len(text) == 10 and dt.date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


_TYPES: dict[str, Callable[[str], bool]] = {
    "string": lambda text: True,
    "number": lambda text: bool(_NUMBER.fullmatch(text)),
    "integer": lambda text: bool(_INTEGER.fullmatch(text)),
    "date": _is_date,
}


def _keeps(field: dict[str, Any], cells: Iterable[str]) -> bool:
    """Whether the distinct cells of a column, none of them empty, keep what its field declares."""
    limits = field.get("constraints", {})
    fits = _TYPES[field.get("type", "string")]
    pattern = re.compile(limits["pattern"]) if "pattern" in limits else None
    choices = limits.get("enum")
    least, most = limits.get("minimum"), limits.get("maximum")
    for cell in cells:
        if not fits(cell) or (pattern and not pattern.fullmatch(cell)) or (choices and cell not in choices):
            return False
        if cell != cell.strip():
            return False
        if least is not None and float(cell) < float(least):
            return False
        if most is not None and float(cell) > float(most):
            return False
    return True


def distinct(rows: Iterable[dict[str, str]], columns: Sequence[str]) -> set:
    """Return what stands in some columns: the cells of one, tuples of more."""
    return set(map(itemgetter(*columns), rows))


def sound(
    fields: dict[str, dict[str, Any]],
    primary: list[str],
    keys: list[tuple[list[str], Collection[object]]],
    rows: Collection[dict[str, str]],
) -> bool:
    """Say whether rows plainly keep their schema."""
    for name, field in fields.items():
        limits = field.get("constraints", {})
        if field.get("type", "string") not in _TYPES or not set(limits) <= _UNDERSTOOD or "format" in field:
            return False
        known = distinct(rows, [name])
        if (limits.get("required") or name in primary) and "" in known:
            return False
        if limits.get("unique") and len(known) != len(rows):
            return False
        if not _keeps(field, known - {""}):
            return False
    if primary and len(distinct(rows, primary)) != len(rows):
        return False
    return not any(key not in there for columns, there in keys for key in distinct(rows, columns) if any(key))
