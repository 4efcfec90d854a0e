"""Words and number formats that the package itself writes.

Chapters bring their own sentences; what the package adds to them (units, verbs,
labels, buttons, the text of a number) is looked up in ``catalogue``, so that an edition
in another language needs one more catalogue and nothing else.
"""

from __future__ import annotations

import math

from nevbook.common.i18n import word
from nevbook.common.periods import Period, parse


def date(day: object) -> str:
    """Write a day as the book writes it: 22 November 2026."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"  # type: ignore[attr-defined]


def month_names() -> list[str]:
    """Return the short names of the months, January first."""
    return [name[:3] for name in _MONTHS]


def month(one: Period) -> str:
    """Name the month in which a period ends, without its year."""
    return _MONTHS[one.end.month - 1]


_MONTHS = [
    "January", "February", "March", "April", "May", "June", "July",
    "August", "September", "October", "November", "December",
]  # fmt: skip


def period(text: str) -> str:
    """Write a period of the dataset in words."""
    if not text:
        return ""
    one = parse(text)
    parts = text.split("/")
    if len(parts) == 1:
        return _part(parts[0])
    left, right = parts
    if left[:4] == right[:4] and len(left) == 7:
        return f"{_MONTHS[one.start.month - 1]} to {_MONTHS[one.end.month - 1]} {left[:4]}"
    return word("period.span", start=_part(left), end=_part(right))


def _part(text: str) -> str:
    one: Period = parse(text)
    if len(text) == 4:
        return text
    if len(text) == 7:
        return f"{_MONTHS[one.start.month - 1]} {one.start.year}"
    return date(one.start)


def number(value: float, unit: str, place: float | None = None, most: int | None = None) -> str:
    """Write a number: grouped, scaled to million or billion, with no digit it lacks."""
    size = abs(value)
    if not math.isfinite(size):
        raise ValueError(f"{value} is no number to be written")
    exponent = next((e for e in (12, 9, 6) if size >= 10**e), 0)
    if unit in ("percent", "percentage_points", "times", "rank", "yuan_per_usd"):
        exponent = 0
    scaled = size / 10**exponent
    if place is None:
        decimals = _decimals_of(scaled, 4 if unit == "yuan_per_usd" else 3 if exponent else 2)
    else:
        decimals = round(exponent - math.log10(place))
        decimals = min(decimals, most or (4 if exponent else 2))
    rounded = round(scaled, decimals)
    if exponent in (6, 9) and rounded >= 1000:  # 999.96 million is a billion once it is rounded
        return number(math.copysign(rounded * 10**exponent, value), unit, place, most)
    digits = f"{rounded:,.{max(decimals, 0)}f}"
    sign = word("minus") if value < 0 and rounded else ""
    scale = word(f"scale.{exponent}") if exponent else ""
    return f"{sign}{digits}{scale}"


def _decimals_of(value: float, most: int) -> int:
    for decimals in range(most):
        if math.isclose(value, round(value, decimals), rel_tol=1e-12):
            return decimals
    return most


def listing(items: list[str]) -> str:
    """Join words: a, b and c."""
    if not items:
        return word("list.none")
    if len(items) == 1:
        return items[0]
    return ", ".join(items[:-1]) + f" {word('list.and')} " + items[-1]


def in_sentence(name: str) -> str:
    """Write a name as it stands inside a sentence: without its capital, unless it is an abbreviation."""
    return name[0].lower() + name[1:] if name[1:2].islower() else name
