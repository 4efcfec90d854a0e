"""Growth taken apart exactly, within one basis and with intervals: number and value, kinds of vehicle."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping
from dataclasses import dataclass

from nevbook.analysis import source_selection
from nevbook.analysis.arithmetic import backcast, by_corners, difference, growth, rest
from nevbook.analysis.quantities import Quantity, summing
from nevbook.common.errors import BasisError
from nevbook.data.dataset import Dataset


@dataclass(frozen=True)
class Split:
    """A change and its parts."""

    period: str  # the later one
    whole: Quantity  # the change that is split
    parts: Mapping[str, Quantity]  # by what they are due to; they add up to `whole`

    @classmethod
    def of(cls, period: str, whole: Quantity, parts: Mapping[str, Quantity]) -> Split:
        """Return a split whose parts, as they are written, sum to the whole as it is written."""
        written, total = summing(list(parts.values()), whole)
        return cls(period, total, dict(zip(parts, written, strict=True)))

    def __getitem__(self, name: str) -> Quantity:
        """Return one of the parts."""
        return self.parts[name]


def _firm(*quantities: Quantity) -> bool:
    """Tell figures from bounds, which split nothing."""
    return all(q.qualifier not in "<>" and math.isfinite(q.low) and math.isfinite(q.high) for q in quantities)


def _one_count(*quantities: Quantity) -> None:
    used = {q.basis for q in quantities if q.basis}
    if len(used) > 1:
        first = quantities[0]
        raise BasisError(
            f"cannot split {first.indicator} of {first.entity} in {first.period}: its years are counted in"
            f" different ways ({', '.join(sorted(used))})."
        )


def volume_and_value(
    before: Quantity | None, now: Quantity | None, units_before: Quantity | None, units_now: Quantity | None
) -> Split | None:
    """Split the growth of a value into the number of vehicles and the value of each, at midpoints.

    The number's part is its change times the mean of both years' value a vehicle, the value's
    part the change of value a vehicle times the mean of both years' number. So taken, both
    years count alike and nothing is left that belongs to both.

    Parameters
    ----------
    before, now : Quantity or None
        Value of the earlier and the later year.
    units_before, units_now : Quantity or None
        Number of vehicles of the two years.

    Returns
    -------
    Split or None
        Parts ``number`` and ``value``, in the unit of the value; None where a figure is missing
        or only a bound.

    Raises
    ------
    BasisError
        Where the four are not counted in one way.
    """
    if before is None or now is None or units_before is None or units_now is None:
        return None
    inputs = (before, now, units_before, units_now)
    if not _firm(*inputs) or units_before.low <= 0 or units_now.low <= 0:
        return None
    _one_count(*inputs)
    whole = by_corners("difference", now.unit, lambda b, a: b - a, (now, before), now)
    number = by_corners(
        "number_effect", now.unit, lambda v0, v1, n0, n1: (v0 / n0 + v1 / n1) / 2 * (n1 - n0), inputs, now
    )
    value = by_corners(
        "value_effect", now.unit, lambda v0, v1, n0, n1: (n0 + n1) / 2 * (v1 / n1 - v0 / n0), inputs, now
    )
    return Split.of(now.period, whole, {"number": number, "value": value})


def contributions(
    before: Quantity | None, now: Quantity | None, part_before: Quantity | None, part_now: Quantity | None
) -> Split | None:
    """Split the growth of a whole, in percent, into what one part and all the rest add to it.

    Parameters
    ----------
    before, now : Quantity or None
        The whole in the two years.
    part_before, part_now : Quantity or None
        The part in the two years.

    Returns
    -------
    Split or None
        `whole` is the growth in percent; parts ``part`` and ``rest`` in percentage points of the
        earlier whole. None where a figure is missing or only a bound.

    Raises
    ------
    BasisError
        Where the four are not counted in one way.
    """
    if before is None or now is None or part_before is None or part_now is None:
        return None
    inputs = (before, now, part_before, part_now)
    if not _firm(*inputs) or before.low <= 0:
        return None
    _one_count(*inputs)
    whole = growth(now, before)
    assert whole is not None
    part = by_corners(
        "contribution", "percentage_points", lambda w0, p0, p1: (p1 - p0) / w0 * 100, (before, part_before, part_now),
        part_now,
    )  # fmt: skip
    others = by_corners(
        "contribution_rest", "percentage_points", lambda w0, w1, p0, p1: ((w1 - p1) - (w0 - p0)) / w0 * 100, inputs, now
    )
    return Split.of(now.period, whole, {"part": part, "rest": others})


def by_kind(
    data: Dataset, part: str, whole: str, entity: str, year: int
) -> dict[str, tuple[Quantity, Quantity]] | None:
    """Return the levels of a year and the year before, by kind, all on one way of counting.

    Parameters
    ----------
    data : Dataset
        As the edition sees it.
    part, whole : str
        Indicators: one kind, and the total.
    entity : str
        Of whom.
    year : int
        The later year.

    Returns
    -------
    dict or None
        ``whole``, ``part`` and ``rest``, each before and now; the year before is worked back from the
        published growth where nobody states it. None where no way of counting has them all.
    """
    for basis in source_selection.bases_of(data, whole, entity):
        now = [_level(data, i, entity, year, basis) for i in (whole, part)]
        before = [_level(data, i, entity, year - 1, basis) for i in (whole, part)]
        if now[0] and now[1] and before[0] and before[1]:
            others = (rest(before[0], before[1]), rest(now[0], now[1]))
            return {"whole": (before[0], now[0]), "part": (before[1], now[1]), "rest": others}  # type: ignore[dict-item]
    return None


def _level(data: Dataset, indicator: str, entity: str, year: int, basis: str) -> Quantity | None:
    """The level of a year: as stated, or worked back from the year after where that is known more closely."""
    stated = source_selection.value(data, indicator, entity, str(year), basis=basis)
    after = source_selection.value(data, indicator, entity, str(year + 1), basis=basis)
    worked = backcast(after, source_selection.value(data, indicator, entity, str(year + 1), "yoy_growth", basis))
    if stated is None or worked is None:
        return stated or worked
    closer = worked.high - worked.low < stated.high - stated.low
    return worked if closer and worked.overlaps(stated) else stated


@dataclass(frozen=True)
class Race:
    """A region's growth beside the nation's."""

    own: Quantity  # growth on the year before, in percent
    nation: Quantity
    gap: Quantity  # the first less the second, in points; an estimate where their bases differ

    @property
    def one_count(self) -> bool:
        """Whether both are counted the same way."""
        return self.own.basis == self.nation.basis


def race(data: Dataset, indicator: str, entity: str, nation: str, year: int) -> Race | None:
    """Return a region's growth beside the nation's, on one way of counting where both are known on one.

    Parameters
    ----------
    data : Dataset
        As the edition sees it.
    indicator, entity, nation : str
        What; the region and the country.
    year : int
        The later year.

    Returns
    -------
    Race or None
        None where one of the two is not known.
    """
    ways = source_selection.bases_of(data, indicator, entity)
    pairs = [
        [source_selection.yearly_growth(data, indicator, who, year, way) for who in (entity, nation)] for way in ways
    ]
    loose = [source_selection.yearly_growth(data, indicator, who, year) for who in (entity, nation)]
    known = [p for p in [*pairs, loose] if p[0] and p[1]]
    own, other = next((p for p in known if _firm(*p)), (None, None))  # type: ignore[arg-type]
    if own is None or other is None:
        return None
    gap = difference(dataclasses.replace(own, basis=""), dataclasses.replace(other, basis=""))
    assert gap is not None
    if own.basis != other.basis:
        gap = dataclasses.replace(gap, kind="estimate", qualifier="~")
    return Race(own, other, gap)
