"""Intervals: where the true value of a rounded number lies, which digits it supports, how its ends are written."""

from __future__ import annotations

import math
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, Decimal

_OFF_BY = 1.25  # 90,380 give or take 105 is still written 90,400
_NOTHING = 1e-3  # of what binary fractions leave over around zero
_FINER = 6  # further digits at most, until the number as written lies in its interval
_DIRECTIONS = {-1: ROUND_FLOOR, 0: ROUND_HALF_EVEN, 1: ROUND_CEILING}


def interval(value: float, resolution: float, qualifier: str) -> tuple[float, float]:
    """Return the interval in which the true value of a rounded one lies, in its unit."""
    if qualifier == ">":
        return value, math.inf
    if qualifier == "<":
        return -math.inf, value
    # in decimals, as the source writes it: two figures that touch, touch, and do not just miss each other
    middle, half = Decimal(repr(value)), Decimal(repr(resolution)) / 2
    return float(middle - half), float(middle + half)


def place_of(low: float, high: float) -> float | None:
    """Place of the last digit that an interval supports."""
    half = (high - low) / 2
    if not math.isfinite(half) or half <= max(abs(low), abs(high), _NOTHING) * 1e-12:
        return None
    place = 10.0 ** math.ceil(math.log10(half / _OFF_BY) - 1e-9)
    # 37 give or take 14 is about 40, not about 0: what is surely not zero is not written as zero
    return place / 10 if low * high > 0 and abs(low + high) < place else place


def rounded(value: float, place: float, toward: int = 0) -> float:
    """Round to a place: to the nearest, or toward -1 (never more) or 1 (never less)."""
    step = Decimal(10) ** round(math.log10(place))
    exact = Decimal(f"{value:.12g}")  # as it is written, without what binary fractions add
    return float((exact / step).to_integral_value(_DIRECTIONS[toward]) * step)


def shown_place(value: float, low: float, high: float, start: float | None = None, toward: int = 0) -> float | None:
    """Place of the last digit to write, `start` or a finer one, so that the number as written lies in its interval."""
    place = start or place_of(low, high)
    for _ in range(_FINER):
        if place is None or low <= rounded(value, place, toward) <= high or not low <= value <= high:
            break
        place /= 10
    return place


def places_of_parts(parts: list[float], whole: float, place: float) -> float:
    """Place, `place` or a finer one, at which parts as written sum to their whole as written."""
    for finer in range(_FINER):
        step = place / 10**finer
        if math.isclose(sum(rounded(p, step) for p in parts), rounded(whole, step), abs_tol=step / 100):
            return step
    return place
