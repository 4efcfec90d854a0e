"""Rules of the audit on stated changes: the levels around them, in one counting method or across two."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Callable, Iterator

from nevbook.analysis import arithmetic, source_selection
from nevbook.analysis.audit import findings
from nevbook.analysis.audit.findings import Finding, alike, finding_of, levels_counted_alike, outcomes
from nevbook.analysis.quantities import Quantity, quantity
from nevbook.data.dataset import Dataset
from nevbook.data.models import Observation

Operation = Callable[[Quantity, Quantity], Quantity | None]


def _between(data: Dataset, kind: str, measure: str, operation: Operation, back: Operation) -> Iterator[Finding]:
    """For each stated change, told once however many print it: the two levels around it."""
    rows = outcomes(data, measure)
    if kind == "growth":  # a percentage that is said to grow by percent: see `readings`
        rows = [r for r in rows if data.indicators[r.indicator].unit != "percent"]
    for row, *others in alike(rows):
        verdict, code, gaps, computed = _judged(data, row, kind, operation, back)
        used = [*others, *(computed.rows if computed else ())]
        yield finding_of(kind, row, verdict, f"{kind}.{code}", gaps, used, computed, (row.source,))


def _judged(
    data: Dataset, row: Observation, kind: str, operation: Operation, back: Operation
) -> tuple[str, str, dict[str, object], Quantity | None]:
    """Return verdict, code, placeholders and what was computed for one stated change."""
    stated = quantity(row)
    now, before = levels_counted_alike(data, row, row.period), levels_counted_alike(data, row, row.span.before)
    shown = source_selection.choose(data, now), source_selection.choose(data, before)
    pairs = [shown, *itertools.product(map(quantity, now), map(quantity, before))] if all(shown) else []
    tried = [c for a, b in pairs if (c := operation(a, b)) is not None]
    overlapping = [c for c in tried if c.overlaps(stated)]
    fitting = next((c for c in overlapping if _tells(c, stated)), None)
    crossing = None if overlapping else _crossing(data, row, stated, operation)
    computed = fitting or crossing or next(iter(overlapping or tried), None)
    if computed is not None:
        a, b = computed.inputs
        gaps = {"stated": stated, "a": a, "b": b, "computed": computed}
        if crossing:
            gaps |= {"one": a.basis, "other": b.basis}
            return findings.CROSSES, "crosses", gaps, computed
        if overlapping and not fitting:
            return findings.UNKNOWN, "coarse", gaps, computed
        verdict, code = (findings.RECONCILES, "fits") if fitting else (findings.CONFLICTS, "differs")
        return verdict, code, gaps, computed
    implied = back(shown[0], stated) if shown[0] and not shown[1] else None
    gaps = {"stated": stated, "level": shown[0], "implied": implied}
    return findings.UNKNOWN, "before" if implied else "alone", gaps, implied


def _tells(computed: Quantity, stated: Quantity) -> bool:
    """Whether the levels are so fine, and no bounds, that they leave no room for half as much or for more again."""
    return computed.high - computed.low <= abs(stated.value) / 2


def _crossing(data: Dataset, row: Observation, stated: Quantity, operation: Operation) -> Quantity | None:
    """Of every pair of counting methods, the levels between which a stated change fits; None where none does."""
    levels = [r for r in data.rows(row.indicator, row.entity) if r.outcome and r.qualifier in "=~"]
    now = [quantity(r) for r in levels if r.period == row.period]
    before = [quantity(r) for r in levels if r.period == row.span.before]
    fitting = []
    for a, b in itertools.product(now, before):
        computed = operation(arithmetic.ignoring_basis(a), arithmetic.ignoring_basis(b))
        if a.basis != b.basis and computed and computed.overlaps(stated) and _tells(computed, stated):
            fitting.append(dataclasses.replace(computed, inputs=(a, b)))
    return min(fitting, key=lambda q: abs(q.value - stated.value), default=None)


def growths(data: Dataset, year: int) -> Iterator[Finding]:
    """For each stated growth, the levels around it."""
    return _between(data, "growth", "yoy_growth", arithmetic.growth, arithmetic.backcast)


def changes(data: Dataset, year: int) -> Iterator[Finding]:
    """For each stated change in points, the percentages around it."""

    def back(level: Quantity, change: Quantity) -> Quantity | None:
        return arithmetic.step_back(level, change) if level.unit == "percent" else None

    return _between(data, "change", "yoy_change", arithmetic.difference, back)
