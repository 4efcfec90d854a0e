"""How a yearly total came about: its growth in stretches of the year, out of cumulative figures."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass

from nevbook.analysis import source_selection
from nevbook.analysis.arithmetic import backcast, difference, rest
from nevbook.analysis.quantities import Quantity
from nevbook.common.periods import Period, parse
from nevbook.data.dataset import Dataset


@dataclass(frozen=True)
class Stretch:
    """A part of a year against the same part of the year before."""

    period: Period  # the months
    change: Quantity | None  # by how much more than in the same months of the year before
    part: Quantity | None  # the change of one kind within it, where it is known for the same months

    @property
    def rest(self) -> Quantity | None:
        """The change of all other kinds."""
        return rest(self.change, self.part)


@dataclass(frozen=True)
class YearPath:
    """How a yearly total came about."""

    ends: tuple[int, ...]  # the months at whose end a cumulative figure and its growth are known
    now: Mapping[tuple[str, int], Quantity | None]  # cumulative levels by (indicator, month)
    before: Mapping[tuple[str, int], Quantity | None]  # those of the year before
    stretches: tuple[Stretch, ...]  # from the end of one cumulative figure to that of the next

    def change(self, indicator: str, month: int) -> Quantity | None:
        """Return by how much more than a year earlier the months up to one brought."""
        return difference(self.now[indicator, month], self.before[indicator, month])


def year_path(data: Dataset, indicator: str, part: str, entity: str, year: int) -> YearPath:
    """Return a year's total in stretches, out of the cumulative figures published through the year.

    Parameters
    ----------
    data : Dataset
        As the edition sees it.
    indicator, part : str
        The total, and a kind within it.
    entity : str
        Of whom.
    year : int
        The year.

    Returns
    -------
    YearPath
        The same months of the year before are worked back from the growth where nobody states them.
    """
    spans = {m: f"{year}-01/{year}-{m:02d}" for m in range(1, 12)} | {12: str(year)}
    ends = [m for m in range(1, 12) if source_selection.value(data, indicator, entity, spans[m], "yoy_growth")]
    if source_selection.value(data, indicator, entity, str(year)) and source_selection.previous(
        data, indicator, entity, year
    ):
        ends.append(12)
    now, before = {}, {}
    for one in (indicator, part):
        for m in ends:
            level = source_selection.value(data, one, entity, spans[m])
            earlier = source_selection.value(data, one, entity, parse(spans[m]).before)
            now[one, m] = level
            before[one, m] = earlier or backcast(
                level, source_selection.value(data, one, entity, spans[m], "yoy_growth")
            )
    changes = {k: difference(q, before[k]) for k, q in now.items()}
    found = []
    for a, b in itertools.pairwise([0, *ends]):
        period = parse(f"{year}-{b:02d}" if b == a + 1 else f"{year}-{a + 1:02d}/{year}-{b:02d}")
        step = [difference(changes[i, b], changes[i, a]) if a else changes[i, b] for i in (indicator, part)]
        found.append(Stretch(period, *step))
    return YearPath(tuple(ends), now, before, tuple(found))
