"""Level, speed and acceleration of an indicator, and the verdict that rounding allows.

Speed is growth on the year before, in percent; of an indicator that is itself a percentage
it is the change in points, and of one that is itself a growth rate it is the rate.
Acceleration is the change of speed, in percentage points.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from nevbook.analysis import source_selection
from nevbook.analysis.arithmetic import by_corners, difference
from nevbook.analysis.quantities import Quantity
from nevbook.common.periods import parse
from nevbook.data.dataset import Dataset


@dataclass(frozen=True)
class Acceleration:
    """How an indicator moves in one year."""

    indicator: str
    entity: str
    year: int
    level: Quantity | None
    speed: Quantity | None
    before: Quantity | None  # the speed of the year before
    acceleration: Quantity | None  # the change of speed
    verdict: str  # ``up``, ``down`` or ``none`` (cannot be told)
    reason: str  # why it cannot be told: ``missing``, ``basis`` or ``rounding``; else empty

    @property
    def turning(self) -> Quantity | None:
        """What next year's level must pass for the indicator to speed up: this year's, moved on at the same speed."""
        level, pace = self.level, self.speed
        if level is None or pace is None or level.qualifier in "<>" or pace.qualifier in "<>":
            return None
        if level is pace or self.indicator.endswith("_growth"):
            out = by_corners("same_speed", level.unit, lambda a: a, (level,), level)
        elif level.unit == "percent":
            out = by_corners("same_points", level.unit, lambda a, b: a + b, (level, pace), level)
        else:
            out = by_corners("same_speed", level.unit, lambda a, b: a * (1 + b / 100), (level, pace), level)
        return replace(out, period=str(parse(level.period).year + 1), kind="estimate")

    @property
    def known(self) -> bool:
        """Whether anything of it is known: its level, or its speed in this year or the one before."""
        return any((self.level, self.speed, self.before))


def speed(data: Dataset, indicator: str, entity: str, year: int) -> Quantity | None:
    """Return the speed of an indicator in a year: in percent, or in points where the level is a percentage."""
    if indicator.endswith("_growth"):
        return source_selection.value(data, indicator, entity, str(year))
    if data.indicators[indicator].unit != "percent":
        return source_selection.yearly_growth(data, indicator, entity, year)
    return source_selection.yearly_change(data, indicator, entity, year)


def acceleration(data: Dataset, indicator: str, entity: str, year: int) -> Acceleration:
    """Return level, speed and acceleration, with the verdict that the interval of the acceleration allows."""
    now, before = speed(data, indicator, entity, year), speed(data, indicator, entity, year - 1)
    same_count = now.basis if now is not None and now.basis else None
    level = source_selection.value(data, indicator, entity, str(year), basis=same_count)
    change, verdict, reason = None, "none", "missing"
    if indicator.endswith("_growth"):
        change = source_selection.value(data, indicator, entity, str(year), "yoy_change")
    if change is None and now is not None and before is not None:
        if now.basis and before.basis and now.basis != before.basis:
            reason = "basis"
        else:
            change = difference(now, before)
    if change is not None:
        sign = change.compare(0.0)
        verdict, reason = {1: ("up", ""), -1: ("down", ""), 0: ("none", "rounding")}[sign]
    return Acceleration(indicator, entity, year, level, now, before, change, verdict, reason)
