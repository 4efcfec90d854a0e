"""Periods of the dataset: a year, a month, a day, or a span of two of these (ISO 8601)."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from dataclasses import dataclass
from functools import cached_property, lru_cache

_PART = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")


@dataclass(frozen=True, order=True)
class Period:
    """A stretch of days."""

    start: dt.date
    end: dt.date  # included
    text: str  # the period as the dataset writes it

    @property
    def is_year(self) -> bool:
        """Whether it is one calendar year."""
        return len(self.text) == 4

    @property
    def year(self) -> int:
        """The calendar year in which it ends."""
        return self.end.year

    @cached_property
    def before(self) -> str:
        """The same period of the year before, as the dataset writes it."""
        return _PART.sub(lambda m: f"{int(m[1]) - 1:04d}{m[0][4:]}", self.text)


def _bounds(part: str) -> tuple[dt.date, dt.date]:
    match = _PART.fullmatch(part)
    if not match:
        raise ValueError(part)
    year, month, day = int(match[1]), match[2], match[3]
    if month is None:
        return dt.date(year, 1, 1), dt.date(year, 12, 31)
    if day is None:
        last = calendar.monthrange(year, int(month))[1]
        return dt.date(year, int(month), 1), dt.date(year, int(month), last)
    one = dt.date(year, int(month), int(day))
    return one, one


@lru_cache(maxsize=4096)
def parse(text: str) -> Period:
    """Read a period; raises ValueError where the text is none, or its end lies before its start."""
    parts = str(text).split("/")
    if len(parts) > 2:
        raise ValueError(f"{text!r} is no period")
    try:
        start, first_end = _bounds(parts[0])
        end = _bounds(parts[1])[1] if len(parts) == 2 else first_end
    except ValueError:
        raise ValueError(f"{text!r} is no period") from None
    if end < start:
        raise ValueError(f"{text!r} ends before it begins")
    return Period(start, end, str(text))
