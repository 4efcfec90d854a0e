"""Intervals: which digits of a rounded number they support."""

from __future__ import annotations

import math

_OFF_BY = 1.25  # 90,380 give or take 105 is still written 90,400


def place_of(low: float, high: float) -> float | None:
    """Place of the last digit that an interval supports."""
    half = (high - low) / 2
    if not math.isfinite(half) or half <= abs(high) * 1e-12:
        return None
    place = 10.0 ** math.ceil(math.log10(half / _OFF_BY) - 1e-9)
    # 37 give or take 14 is about 40, not about 0: what is surely not nought is not written as nought
    return place / 10 if low * high > 0 and abs(low + high) < place else place
