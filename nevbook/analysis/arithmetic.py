"""Arithmetic on quantities that carries the rounding interval of every input."""

from __future__ import annotations

import dataclasses
import itertools
import math
from collections.abc import Callable, Iterable, Sequence

from nevbook.analysis.quantities import Quantity, outward, weakest
from nevbook.common.errors import BasisError, NevbookError
from nevbook.common.periods import parse


def _derive(
    formula: str,
    unit: str,
    function: Callable[[float, float], float],
    a: Quantity,
    b: Quantity,
    same_indicator: bool = False,
) -> Quantity:
    """Compute what moves one way in each of two values: its ends stand at corners of the box of their intervals."""
    counted_in = {q.basis for q in (a, b) if q.basis}
    if len(counted_in) > 1:
        raise BasisError(
            f"cannot combine {a.indicator} of {a.entity} in {a.period}, counted by {a.basis!r},"
            f" with {b.indicator} of {b.entity} in {b.period}, counted by {b.basis!r}."
        )
    if same_indicator and a.indicator != b.indicator:
        raise NevbookError(f"{formula} needs one indicator, not {a.indicator!r} and {b.indicator!r}.")
    corners = [function(x, y) for x, y in itertools.product((a.low, a.high), (b.low, b.high))]
    known = [c for c in corners if not math.isnan(c)]  # of two that have no end nothing can be told
    low, high = outward(min(known), max(known))
    value = function(a.value, b.value)
    kind = weakest(a, b)
    return Quantity(
        value, low, high, unit, a.indicator, a.entity, a.period, a.measure,
        a.basis or b.basis, kind, _qualifier(value, low, high, a, b), formula=formula, inputs=(a, b),
    )  # fmt: skip


def by_corners(
    formula: str, unit: str, function: Callable[..., float], inputs: Sequence[Quantity], like: Quantity
) -> Quantity:
    """Compute what moves one way in each finite input: its ends stand at corners of the box of their intervals."""
    found = [function(*corner) for corner in itertools.product(*((q.low, q.high) for q in inputs))]
    slack = max(abs(x) for x in found) * 1e-12  # more than a handful of floating-point steps are off by
    return dataclasses.replace(
        like, value=function(*(q.value for q in inputs)), low=min(found) - slack, high=max(found) + slack, unit=unit,
        kind=weakest(*inputs), qualifier="~" if any(q.qualifier == "~" for q in inputs) else "=", observation=None,
        others=(), formula=formula, inputs=tuple(inputs),
    )  # fmt: skip


def _qualifier(value: float, low: float, high: float, a: Quantity, b: Quantity) -> str:
    """Tell a result that is itself a bound: computed from one, it stands at an end of its interval."""
    if not {a.qualifier, b.qualifier} & {"<", ">"}:
        return "~" if "~" in (a.qualifier, b.qualifier) else "="
    if math.isinf(high) or math.isinf(low):
        return "~" if math.isinf(high) and math.isinf(low) else ">" if math.isinf(high) else "<"
    # finite all the same, as a share of more than so many: the value stands at one end
    return ">" if value - low < high - value else "<"


def growth(now: Quantity | None, before: Quantity | None) -> Quantity | None:
    """Growth of `now` on `before`, in percent; a part of a year and a whole one are not compared."""
    if now is None or before is None or before.low <= 0:
        return None
    if now.period and before.period and parse(now.period).is_year != parse(before.period).is_year:
        raise NevbookError(
            f"no growth of {now.period} on {before.period} ({now.indicator} of {now.entity}): one is a whole year and"
            " the other is not. Take the same months of both years."
        )
    return _derive("growth", "percent", lambda a, b: (a / b - 1) * 100, now, before, same_indicator=True)


def backcast(level: Quantity | None, rate: Quantity | None) -> Quantity | None:
    """Level of the year before, from a level and its growth in percent."""
    if level is None or rate is None or rate.low <= -100:
        return None
    return _year_before(_derive("backcast", level.unit, lambda a, b: a / (1 + b / 100), level, rate))


def less(level: Quantity | None, points: Quantity | None) -> Quantity | None:
    """Share less a gap in percentage points, in percent."""
    if level is None or points is None:
        return None
    if level.unit != "percent" or points.unit not in ("percent", "percentage_points"):
        raise NevbookError(f"points are taken off a share, not {points.unit} off {level.unit}.")
    return _derive("less", "percent", lambda a, b: a - b, level, points)


def step_back(level: Quantity | None, points: Quantity | None) -> Quantity | None:
    """Share of the year before, from a share and its change in percentage points."""
    out = less(level, points)
    return out and _year_before(dataclasses.replace(out, formula="step_back"))


def _year_before(out: Quantity) -> Quantity:
    """Date a value that was worked back: same months, the year before."""
    return dataclasses.replace(out, period=parse(out.period).before) if out.period else out


def share(part: Quantity | None, whole: Quantity | None) -> Quantity | None:
    """Share of `part` in `whole`, in percent."""
    if part is None or whole is None or whole.low <= 0:
        return None
    return _derive("share", "percent", lambda a, b: a / b * 100, part, whole)


def rough_share(part: Quantity | None, whole: Quantity | None) -> Quantity | None:
    """Share of `part` in a `whole` that is counted in another way: an estimate, to the percent at best."""
    if part is None or whole is None or whole.low <= 0:
        return None
    out = _derive(
        "rough_share", "percent", lambda a, b: a / b * 100, part, dataclasses.replace(whole, basis=part.basis)
    )
    low, high = min(out.low, out.value - 0.5), max(out.high, out.value + 0.5)
    return dataclasses.replace(
        out, low=low, high=high, inputs=(part, whole), basis="", kind="estimate", qualifier="~"
    )  # fmt: skip


def ignoring_basis(q: Quantity | None) -> Quantity | None:
    """The same value without its way of counting, for a what-if that says so; an estimate from here on."""
    return q and dataclasses.replace(q, basis="", kind="estimate" if q.kind == "stated" else q.kind)


def total(a: Quantity | None, b: Quantity | None) -> Quantity | None:
    """`a` and `b` together, two parts of one whole, in the unit of both."""
    if a is None or b is None:
        return None
    if a.unit != b.unit or a.period != b.period:
        raise NevbookError(
            f"cannot add {b.unit} in {b.period} to {a.unit} in {a.period} ({a.indicator} and {b.indicator})."
        )
    return _derive("total", a.unit, lambda x, y: x + y, a, b)


def ratio(a: Quantity | None, b: Quantity | None) -> Quantity | None:
    """How many times `b` goes into `a`."""
    if a is None or b is None or b.low <= 0:
        return None
    return _derive("ratio", "times", lambda x, y: x / y, a, b)


def against(a: Quantity | None, b: Quantity | None) -> Quantity | None:
    """`a` in percent of `b`, two counts of one thing: the one place where ways of counting meet."""
    if a is None or b is None or b.low <= 0:
        return None
    if (a.indicator, a.entity, a.period, a.measure) != (b.indicator, b.entity, b.period, b.measure):
        raise NevbookError(
            f"two counts are compared of one thing only, not of {a.entity} {a.period} and {b.entity} {b.period}."
        )
    out = _derive("against", "percent", lambda x, y: x / y * 100, a, dataclasses.replace(b, basis=a.basis))
    return dataclasses.replace(out, inputs=(a, b), basis="")


def per_unit(total: Quantity | None, units: Quantity | None) -> Quantity | None:
    """Value for each vehicle, in the unit of `total`."""
    if total is None or units is None or units.low <= 0:
        return None
    return _derive("per_unit", total.unit, lambda x, y: x / y, total, units)


def difference(a: Quantity | None, b: Quantity | None) -> Quantity | None:
    """`a` less `b`; of two percentages, in percentage points."""
    if a is None or b is None:
        return None
    if a.unit != b.unit:
        raise NevbookError(f"cannot subtract {b.unit} from {a.unit} ({a.indicator} and {b.indicator}).")
    unit = "percentage_points" if a.unit == "percent" else a.unit
    return _derive("difference", unit, lambda x, y: x - y, a, b)


def rest(whole: Quantity | None, part: Quantity | None) -> Quantity | None:
    """What is left of `whole` without `part`, in the unit of both."""
    out = difference(whole, part)
    return out and dataclasses.replace(out, formula="rest", unit=whole.unit)


def scale(a: Quantity | None, percent: Quantity | None) -> Quantity | None:
    """So many percent of `a`, in its unit; `percent` is not below zero."""
    if a is None or percent is None:
        return None
    return _derive("scale", a.unit, lambda x, y: x * y / 100, a, percent)


def required(target: Quantity | None, now: Quantity | None, years: float) -> Quantity | None:
    """Growth a year, in percent, that leads from `now` to `target` in so many years."""
    if target is None or now is None or years < 1 or now.low <= 0:
        return None
    return _derive("required", "percent", lambda a, b: (max(a / b, 0) ** (1 / years) - 1) * 100, target, now)


def first(series: Sequence[Quantity]) -> Quantity | None:
    """Return the oldest value of a series."""
    return series[0] if series else None


def last(series: Sequence[Quantity]) -> Quantity | None:
    """Return the newest value of a series."""
    return series[-1] if series else None


def highest(series: Iterable[Quantity]) -> Quantity | None:
    """Return the highest value of a series."""
    return max(series, key=lambda q: q.value, default=None)


def lowest(series: Iterable[Quantity]) -> Quantity | None:
    """Return the lowest value of a series."""
    return min(series, key=lambda q: q.value, default=None)


def span(values: Iterable[Quantity | None]) -> list[int]:
    """Return every year from the first to the last of some values, so that a missing one is a gap."""
    held = [parse(q.period).year for q in values if q is not None]
    return list(range(min(held), max(held) + 1)) if held else []
