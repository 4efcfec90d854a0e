"""Which value is shown, where sources disagree or count in different ways.

The rule, in this order: one way of counting for a whole series (the first of ``bases.csv``
that is in use in the period); a source's revision before what it revised; outcomes as
published before estimates; ``=`` before ``~`` before bounds; the source's tier; agreement
with what other rows imply; the finer resolution; the newer source. The rows not shown stay
with the value as its alternates.
"""

from __future__ import annotations

from collections.abc import Callable

from nevbook.analysis.arithmetic import backcast, difference, growth, share
from nevbook.analysis.quantities import Quantity, quantity
from nevbook.common.errors import ChoiceError
from nevbook.common.periods import parse
from nevbook.data.dataset import Dataset
from nevbook.data.models import Observation

Computed = Callable[[Quantity, Quantity], Quantity | None]
_KIND = {"stated": 0, "estimate": 1, "target": 0, "forecast": 0}
_QUALIFIER = {"=": 0, "~": 1, ">": 2, "<": 2}
_TIER = {"official": 0, "press": 1, "secondary": 2}


def bases_of(data: Dataset, indicator: str, entity: str, measure: str = "level") -> list[str]:
    """Return the ways of counting in which an entity has outcomes, preferred first."""
    used = {r.basis for r in data.rows(indicator, entity, measure) if r.outcome}
    return sorted(used, key=lambda b: data.basis(indicator, b).order)


def _agreement(data: Dataset, row: Observation) -> int:
    """Count the other rows that a level agrees with: same value elsewhere, or growth around it."""
    if row.measure != "level":
        return 0
    if row.id not in data.agreements:
        data.agreements[row.id] = _count_agreement(data, row)
    return data.agreements[row.id]


def _count_agreement(data: Dataset, row: Observation) -> int:
    one = quantity(row)
    alike = [r for r in data.rows(row.indicator, row.entity) if r.basis == row.basis and r.outcome]
    same = [r for r in alike if r.id != row.id and r.qualifier in "=~"]
    score = sum(1 for r in same if r.period == row.period and quantity(r).overlaps(one))
    for rate in (r for r in data.rows(row.indicator, row.entity, "yoy_growth") if r.basis == row.basis and r.outcome):
        if rate.span.before == row.period:
            later = [quantity(r) for r in same if r.period == rate.period]
            if any((b := backcast(q, quantity(rate))) and b.overlaps(one) for q in later):
                score += 1
        elif rate.period == row.period:
            earlier = [quantity(r) for r in same if r.period == rate.span.before]
            if any((g := growth(one, q)) and g.overlaps(quantity(rate)) for q in earlier):
                score += 1
    return score


def _rank(data: Dataset, row: Observation) -> tuple:
    kind, qualifier, tier = _KIND[row.kind], _QUALIFIER[row.qualifier], _TIER[data.sources[row.source].tier]
    newest = -_published(data, row), -row.recorded.toordinal()
    return kind, qualifier, tier, -_agreement(data, row), row.resolution, *newest, row.id


def _published(data: Dataset, row: Observation) -> int:
    """Day on which a row's source was published, or its aim announced, as a number; zero where it is not known."""
    told = data.told(row)
    return parse(told).end.toordinal() if told else 0


def choose(data: Dataset, rows: list[Observation]) -> Quantity | None:
    """Choose the row shown among rows for one thing in one way of counting."""
    if not rows:
        return None
    if len(rows) == 1:  # most often; nothing to weigh
        return quantity(rows[0])
    newest = {r.source: max(x.recorded for x in rows if x.source == r.source) for r in rows}
    # a source's revision comes before what it revised, whatever else speaks for the older row
    ranked = sorted(rows, key=lambda r: (r.recorded < newest[r.source], _rank(data, r)))
    return quantity(ranked[0], tuple(ranked[1:]))


def value(
    data: Dataset, indicator: str, entity: str, period: str, measure: str = "level", basis: str | None = None
) -> Quantity | None:
    """Return the outcome shown for one indicator, entity and period."""
    rows = [r for r in data.rows(indicator, entity, measure) if r.period == period and r.outcome]
    _refuse_unknown(data, indicator, period, basis)
    if basis is None:
        used = sorted({r.basis for r in rows}, key=lambda b: data.basis(indicator, b).order)
        if not used:
            return None
        basis = used[0]
    return choose(data, [r for r in rows if r.basis == basis])


def _refuse_unknown(data: Dataset, indicator: str, period: str, basis: str | None) -> None:
    """Refuse what no row can have; otherwise a slip of the pen would pass for a gap in the data."""
    if basis is not None and all(known != basis for known, _ in data.bases):
        data.basis(indicator, basis)  # says which there are; one of another indicator is a gap here
    try:
        parse(period)
    except ValueError as error:
        raise ChoiceError(f"{error}: write a year, a month, a day, or a span, as in 2025-01/2025-09.") from None


def target(data: Dataset, indicator: str, entity: str, period: str) -> Quantity | None:
    """Return the target for a period that was announced last."""
    rows = [r for r in data.rows(indicator, entity) if r.period == period and r.kind == "target"]
    ranked = sorted(rows, key=lambda row: (-_published(data, row), *_rank(data, row)))
    return quantity(ranked[0], tuple(ranked[1:])) if ranked else None


def series(data: Dataset, indicator: str, entity: str, basis: str | None = None) -> list[Quantity]:
    """Return the yearly outcomes of an entity, oldest first, in one basis or in all, one after the other."""
    if basis is not None and all(known != basis for known, _ in data.bases):
        data.basis(indicator, basis)  # says which there are; one of another indicator is a gap here
    found = []
    for one in [basis] if basis else bases_of(data, indicator, entity):
        rows = [r for r in data.rows(indicator, entity) if r.basis == one and r.outcome and r.span.is_year]
        found += [choose(data, [r for r in rows if r.period == period]) for period in sorted({r.period for r in rows})]
    return sorted((q for q in found if q), key=lambda q: q.period)


def shares(data: Dataset, part: str, whole: str, entity: str, basis: str | None = None) -> list[Quantity]:
    """Return the yearly share of one indicator in another, oldest first, where both are counted the same way."""
    counted = [q for q in series(data, part, entity, basis) if q.basis in bases_of(data, whole, entity)]
    found = (share(q, value(data, whole, entity, q.period, basis=q.basis)) for q in counted)
    return [q for q in found if q is not None]


def yearly_growth(data: Dataset, indicator: str, entity: str, year: int, basis: str | None = None) -> Quantity | None:
    """Return growth on the year before: as stated, or else computed from two levels."""
    return _over_year(data, indicator, entity, year, basis, "yoy_growth", growth)


def yearly_change(data: Dataset, indicator: str, entity: str, year: int, basis: str | None = None) -> Quantity | None:
    """Return the change of a percentage on the year before, in points, as `yearly_growth` does of a level."""
    return _over_year(data, indicator, entity, year, basis, "yoy_change", difference)


def _over_year(
    data: Dataset, indicator: str, entity: str, year: int, basis: str | None, measure: str, computed: Computed
) -> Quantity | None:
    stated = value(data, indicator, entity, str(year), measure, basis)
    if stated is not None:
        return stated
    for one in [basis] if basis else bases_of(data, indicator, entity):
        now = value(data, indicator, entity, str(year), basis=one)
        before = value(data, indicator, entity, str(year - 1), basis=one)
        if now and before:
            return computed(now, before)
    return None


def previous(data: Dataset, indicator: str, entity: str, year: int, basis: str | None = None) -> Quantity | None:
    """Return last year's level: as stated in this year's basis, or else worked back from the stated growth."""
    now = value(data, indicator, entity, str(year), basis=basis)
    if now is None:
        return None
    stated = value(data, indicator, entity, str(year - 1), basis=now.basis)
    if stated is not None:
        return stated
    return backcast(now, value(data, indicator, entity, str(year), "yoy_growth", basis=now.basis))
