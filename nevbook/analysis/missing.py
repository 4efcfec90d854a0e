"""What a new year still lacks: the series of the year before that have no value yet."""

from __future__ import annotations

import datetime as dt
import statistics
from dataclasses import dataclass

from nevbook.analysis.quantities import Quantity
from nevbook.analysis.source_selection import value
from nevbook.common.errors import ChoiceError, unknown
from nevbook.common.periods import Period, parse
from nevbook.data.dataset import Dataset
from nevbook.data.models import Observation, Source

_LONGEST = 366  # days after the period; what is told later is told in retrospect
_LATEST = 5  # years that tell when a figure usually appears


@dataclass(frozen=True)
class Release:
    """When the figure of an earlier year was first published."""

    period: str  # the year that it tells of
    published: Period  # a day, or the month where no more is known

    @property
    def lag(self) -> float:
        """Days from the end of the year to the middle of when it was published."""
        end = parse(self.period).end
        return ((self.published.start - end).days + (self.published.end - end).days) / 2


@dataclass(frozen=True)
class MissingValue:
    """A series that has a value of the year before, and none of the year."""

    year: int  # the year that lacks a value
    last: Quantity  # the value shown of the year before
    source: Source  # where it was read
    earlier: tuple[Release, ...]  # when figures of the latest years were first published, oldest first
    partial: tuple[Quantity, ...]  # what is known of parts of the year

    @property
    def about(self) -> dt.date | None:
        """Day about which the value is to be looked for: the median of earlier years."""
        if not self.earlier:
            return None
        days = statistics.median(one.lag for one in self.earlier)
        return dt.date(self.year, 12, 31) + dt.timedelta(days=round(days))


def missing(data: Dataset, year: int, region: str | None = None) -> list[MissingValue]:
    """List the series of the year before that have no value of a year yet."""
    if region is not None and region not in data.entities:
        raise unknown("region", region, data.entities, most=40)
    wanted = None if region is None else {region, *(e.id for e in data.members(region))}
    rows: dict[tuple[str, str], list[Observation]] = {}
    years = set()
    for row in data.observations:
        if row.outcome and row.span.start.year == row.span.year:
            years |= {row.span.year} if row.span.is_year else set()
            rows.setdefault((row.indicator, row.entity), []).append(row)
    if year - 1 not in years:
        listed = ", ".join(str(y + 1) for y in sorted(years))
        raise ChoiceError(f"nothing is known of {year - 1}, so nothing can be missing of {year}. Known: {listed}.")
    found = []
    for (indicator, entity), told in rows.items():
        if wanted is not None and entity not in wanted:
            continue
        before = {r.measure for r in told if r.period == str(year - 1)}
        if not before or any(r.period == str(year) for r in told):
            continue
        measure = "level" if "level" in before else min(before)
        last = value(data, indicator, entity, str(year - 1), measure)
        if last is None or last.observation is None:
            continue
        parts = sorted({r.period for r in told if r.span.year == year and r.measure == measure})
        known = tuple(q for p in parts if (q := value(data, indicator, entity, p, measure)))
        releases = _appeared(data, [r for r in told if r.measure == measure])
        found.append(MissingValue(year, last, data.sources[last.observation.source], releases, known))
    order = list(data.indicators)
    return sorted(found, key=lambda a: (a.about or dt.date.max, order.index(a.last.indicator), a.last.entity))


def questions(data: Dataset, year: int, region: str | None = None) -> list[dict[str, str]]:
    """Return what was looked for in vain on a region and what belongs to it, up to a year; without a period last."""
    wanted = None if region is None else {region, *(e.id for e in data.members(region))}
    asked = [row for row in data.table("questions") if wanted is None or row["entity"] in wanted]
    found = [row for row in asked if not row["period"] or parse(row["period"]).year <= year]
    return sorted(found, key=lambda row: row["period"] or "9999")


def _appeared(data: Dataset, rows: list[Observation]) -> tuple[Release, ...]:
    """When the figures of a series were first published, by year."""
    first: dict[str, Period] = {}
    for row in rows:
        published = data.sources[row.source].published
        if not row.span.is_year or not published:
            continue
        day = parse(published)
        month_at_most = (day.end - day.start).days <= 31
        if month_at_most and row.span.end < day.start and (day.start - row.span.end).days <= _LONGEST:
            first[row.period] = min(first.get(row.period, day), day)
    return tuple(Release(p, first[p]) for p in sorted(first)[-_LATEST:])
