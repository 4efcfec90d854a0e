"""Targets and what came of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace

from nevbook.analysis import source_selection
from nevbook.analysis.arithmetic import difference, required, share
from nevbook.analysis.quantities import Quantity
from nevbook.common.periods import parse
from nevbook.data.dataset import Dataset
from nevbook.data.models import Observation


@dataclass(frozen=True)
class TargetOutcome:
    """A target and what came of it."""

    target: Quantity  # what was aimed at
    outcome: Quantity | None  # what came, counted the same way; None where it is not due or not known
    state: str  # ``met``, ``missed``, ``open`` (not due), ``unknown`` or ``basis`` (only counted another way)
    reached: Quantity | None = None  # outcome in percent of the target; of an open one, the newest outcome
    gap: Quantity | None = None  # outcome less target
    pace: Quantity | None = None  # of an open one: the growth a year that leads from the newest outcome to it
    newest: Quantity | None = None  # without an outcome: the newest figure counted the same way
    moved: Quantity | None = None  # the later target that took its place; its own state stays


def target_outcomes(data: Dataset, entities: Iterable[str], year: int) -> list[TargetOutcome]:
    """Return the targets of entities, each thing aimed at once for each value named."""
    wanted, year = set(entities), data.due(year)
    groups: dict[tuple, list[Observation]] = {}
    for row in data.observations:
        if row.kind == "target" and row.entity in wanted and row.span.is_year and row.measure == "level":
            groups.setdefault((row.period, row.indicator, row.entity, row.value, row.basis), []).append(row)
    _merge_bounds(groups)
    found = []
    for key in sorted(groups, key=lambda k: (k[0], k[1], k[2], k[3])):
        chosen = source_selection.choose(data, groups[key])
        if chosen is not None:
            found.append(replace(_aim(data, chosen, year), moved=_moved(data, groups, key)))
    return found


def _merge_bounds(groups: dict[tuple, list[Observation]]) -> None:
    """Count an aim at "more than" once where it is told as more than less, too: both are one promise."""
    bounds = [k for k, rows in groups.items() if all(r.qualifier == ">" for r in rows)]
    for key in bounds:
        if any(k[:3] == key[:3] and k[4] == key[4] and k[3] > key[3] for k in bounds):
            del groups[key]


def _moved(data: Dataset, groups: dict[tuple, list[Observation]], key: tuple) -> Quantity | None:
    """The aim that took the place of another: the first that was announced after it.

    A report says nothing of when an aim was set. Only where no row of an aim has the day of its
    announcement, the days of the reports stand in, and the first must be repeated no more.
    """

    def days(rows: list[Observation]) -> list[dt.date]:
        announced = [r.announced for r in rows if r.announced]
        return [parse(day).end for day in announced or map(data.told, rows) if day]

    period, indicator, entity, value, basis = key
    said = days(groups[key])
    later = []
    for other, rows in groups.items():
        same = other[1:3] == (indicator, entity) and other[4] == basis and other != key
        if not (same and said and days(rows)) or min(days(rows)) <= max(said):
            continue
        # put off: no more than before, for a later year, while the first one was still running
        put_off = other[0] > period and other[3] <= value and min(days(rows)) <= parse(period).end
        if put_off or (other[0] == period and other[3] != value):
            later.append((min(days(rows)), other))
    return source_selection.choose(data, groups[min(later)[1]]) if later else None


def _outcomes(data: Dataset, target: Quantity, year: int) -> list[Quantity]:
    """Outcomes counted as the target is, up to the end of a year, oldest first: of years, of a stock of any date."""
    if not data.indicators[target.indicator].is_stock:
        known = source_selection.series(data, target.indicator, target.entity, target.basis)
    else:
        rows = [r for r in data.rows(target.indicator, target.entity) if r.outcome and r.basis == target.basis]
        periods = sorted({r.period for r in rows}, key=lambda p: (parse(p).end, -parse(p).start.toordinal()))
        found = (source_selection.value(data, target.indicator, target.entity, p, basis=target.basis) for p in periods)
        known = [q for q in found if q]
    return [q for q in known if parse(q.period).year <= year]


def _aim(data: Dataset, target: Quantity, year: int) -> TargetOutcome:
    due = parse(target.period)
    exact = replace(target, low=target.value, high=target.value, qualifier="=")
    known = _outcomes(data, target, min(due.year, year))
    newest = known[-1] if known else None
    if due.year > year:
        pace = None
        if newest is not None and target.unit not in ("percent", "percentage_points"):
            told = parse(newest.period).end
            pace = required(exact, newest, due.year - told.year + (12 - told.month) / 12)
        return TargetOutcome(target, None, "open", share(newest, exact), pace=pace, newest=newest)
    outcome = newest if newest and parse(newest.period).end == due.end else None
    if outcome is None:
        other = source_selection.value(data, target.indicator, target.entity, target.period)
        return TargetOutcome(target, None, "basis" if other else "unknown", newest=newest)
    # a target of "more than" is met by reaching it; rounding of the outcome may leave it open
    state = "met" if outcome.low >= target.value else "missed" if outcome.high < target.value else "unknown"
    return TargetOutcome(target, outcome, state, share(outcome, exact), difference(outcome, exact))
