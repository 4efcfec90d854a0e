"""A year of which only months are published: how far it is known, and its months beside the same ones a year before."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from nevbook.analysis import source_selection
from nevbook.analysis.arithmetic import backcast, difference, growth, step_back
from nevbook.analysis.quantities import Quantity
from nevbook.common.periods import Period, parse
from nevbook.data.dataset import Dataset
from nevbook.data.models import Observation


@dataclass(frozen=True)
class Months:
    """Months of a year, and the same months of the year before."""

    now: Quantity  # the level in the longest part of the year that is known
    before: Quantity | None  # the same months of the year before in the same basis; worked back if need be
    change: Quantity | None  # growth in percent; of a percentage, the change in points


def until(data: Dataset, year: int, region: str) -> Period | None:
    """Return the last month known of a year; None where a figure of the whole year is known."""
    for entities in ({region}, {e.id for e in data.members(region)}):
        found = [r.span for r in data.observations if r.entity in entities and _tells(r, year)]
        if any(span.is_year for span in found):
            return None
        if found:
            return parse(max(span.end for span in found).isoformat()[:7])
    return None


def _tells(row: Observation, year: int) -> bool:
    return row.outcome and row.span.start.year == row.span.year == year


def months(data: Dataset, entities: Iterable[str], year: int) -> list[Months]:
    """Return what is known of a year in parts, each beside the same months of the year before."""
    found = []
    for entity in entities:
        for indicator in data.indicators:
            parts = [r for r in data.rows(indicator, entity) if _tells(r, year) and not r.span.is_year]
            spans = {r.period: r.span for r in parts if r.span.start.day == 1 and r.span.end != r.span.start}
            if spans:
                longest = max(spans, key=lambda p: (spans[p].end - spans[p].start, spans[p].end))
                now = source_selection.value(data, indicator, entity, longest)
                if now is not None:
                    found.append(_beside(data, now))
    return found


def _beside(data: Dataset, now: Quantity) -> Months:
    share = now.unit == "percent"

    def known(period: str, measure: str) -> Quantity | None:
        return source_selection.value(data, now.indicator, now.entity, period, measure, now.basis)

    before = known(parse(now.period).before, "level")
    stated = known(now.period, "yoy_change" if share else "yoy_growth")
    change = stated or (difference(now, before) if share and before else growth(now, before))
    if before is None:
        before = step_back(now, stated) if share else backcast(now, stated)
    return Months(now, before, change)
