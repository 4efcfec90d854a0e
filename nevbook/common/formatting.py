"""Dates, periods, numbers and lists as the language of the edition writes them."""

from __future__ import annotations

import datetime as dt
import math

from nevbook.common.i18n import N_, gettext as _, language
from nevbook.common.periods import Period, parse

_LOCALES = {"en": "en_GB"}  # British: 22 November 2026; a, b and c
_SCALES = {12: N_(" trillion"), 9: N_(" billion"), 6: N_(" million")}


def _locale() -> str:
    return _LOCALES.get(language(), language())


def date(day: dt.date) -> str:
    """Write a date as the book writes it: 22 November 2026."""
    from babel.dates import format_date  # here and below: commands that write no date start without Babel

    return format_date(day, "long", _locale())


def month_names() -> list[str]:
    """Return the short names of the months, January first."""
    from babel.dates import get_month_names

    return list(get_month_names("abbreviated", locale=language()).values())


def month(one: Period) -> str:
    """Name the month in which a period ends, without its year."""
    return _month(one.end)


def _month(day: dt.date) -> str:
    from babel.dates import format_date

    return format_date(day, "LLLL", _locale())


def period(text: str) -> str:
    """Write a period of the dataset in words."""
    if not text:
        return ""
    one = parse(text)
    parts = text.split("/")
    if len(parts) == 1:
        return _part(text)
    left, right = parts
    if left[:4] == right[:4] and len(left) == 7:
        return _("{start} to {end} {year}", start=_month(one.start), end=_month(one.end), year=left[:4])
    return _("{start} to {end}", start=_part(left), end=_part(right))


def _part(text: str) -> str:
    if len(text) == 4:
        return text
    day = parse(text).start
    if len(text) == 7:
        from babel.dates import format_skeleton

        return format_skeleton("yMMMM", day, locale=_locale())
    return date(day)


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
    sign = "\N{MINUS SIGN}" if value < 0 and rounded else ""
    return sign + digits + _(_SCALES.get(exponent, ""))


def _decimals_of(value: float, most: int) -> int:
    for decimals in range(most):
        if math.isclose(value, round(value, decimals), rel_tol=1e-12):
            return decimals
    return most


def listing(items: list[str]) -> str:
    """Join words: a, b and c."""
    from babel.lists import format_list

    return format_list(items, locale=_locale()) if items else _("none")


def in_sentence(name: str) -> str:
    """Write a name as it stands inside a sentence: without its capital, unless it is an abbreviation."""
    return name[0].lower() + name[1:] if name[1:2].islower() else name
