"""Dates, periods, numbers and lists as the language of the edition writes them."""

from __future__ import annotations

import datetime as dt
import math

from nevbook.common.i18n import N_, gettext as _, language
from nevbook.common.intervals import rounded, shown_place
from nevbook.common.periods import Period, parse

_LOCALES = {"en": "en_GB"}  # British: 22 November 2026; a, b and c
SCALES = {12: N_(" trillion"), 9: N_(" billion"), 6: N_(" million")}


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


_PLAIN = ("percent", "percentage_points", "times", "rank", "yuan_per_usd")  # never in millions


def _exponent(value: float, unit: str) -> int:
    return 0 if unit in _PLAIN else next((e for e in (12, 9, 6) if abs(value) >= 10**e), 0)


def number(value: float, unit: str, place: float | None = None, most: int | None = None, toward: int = 0) -> str:
    """Write a number with at most `most` decimals, scaled to million or billion, rounded `toward` -1 or 1."""
    if not math.isfinite(value):
        raise ValueError(f"{value} is no number to be written")
    exponent = _exponent(value, unit)
    if place is None:
        size, finest = abs(value) / 10**exponent, 4 if unit == "yuan_per_usd" else 3 if exponent else 2
        decimals = next((n for n in range(finest) if math.isclose(size, round(size, n), rel_tol=1e-12)), finest)
    else:
        decimals = min(round(exponent - math.log10(place)), most or (4 if exponent else 2))
    shown = rounded(value, 10.0 ** (exponent - decimals), toward)
    if exponent in (6, 9) and abs(shown) >= 10 ** (exponent + 3):  # 999.96 million is a billion once it is rounded
        return number(shown, unit, place, most)
    digits = f"{abs(shown) / 10**exponent:,.{max(decimals, 0)}f}"
    return ("\N{MINUS SIGN}" if shown < 0 else "") + digits + (_(SCALES[exponent]) if exponent else "")


def interval_ends(value: float, low: float, high: float, unit: str) -> tuple[str, str]:
    """Write the ends of an interval, rounded outwards, so that the value as `number` writes it lies between them."""
    place = shown_place(value, low, high)
    if place is None:
        return number(low, unit), number(high, unit)
    # a digit finer than the value, unless the value has fewer digits than its interval supports
    finest = 10.0 ** (_exponent(value, unit) - (4 if _exponent(value, unit) else 2))
    end = finest if finest > place else place / 10
    return number(low, unit, end, most=7, toward=-1), number(high, unit, end, most=7, toward=1)


def listing(items: list[str]) -> str:
    """Join words: a, b and c."""
    from babel.lists import format_list

    return format_list(items, locale=_locale()) if items else _("none")


def in_sentence(name: str) -> str:
    """Write a name as it stands inside a sentence: without its capital, unless it is an abbreviation."""
    return name[0].lower() + name[1:] if name[1:2].islower() else name
