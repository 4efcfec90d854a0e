"""Rules of the audit on stated changes: the levels around them, in one counting method or across two."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Callable, Iterator

from nevbook.analysis import arithmetic, source_selection
from nevbook.analysis.audit.findings import (
    ARTICLE,
    CONFLICTS,
    CROSSES,
    RECONCILES,
    UNKNOWN,
    Finding,
    finding_of,
    levels_counted_alike,
    outcomes,
)
from nevbook.analysis.quantities import Quantity, quantity
from nevbook.data.dataset import Dataset
from nevbook.data.models import Observation

Operation = Callable[[Quantity, Quantity], Quantity | None]


def _between(data: Dataset, kind: str, measure: str, operation: Operation, back: Operation) -> Iterator[Finding]:
    """For each stated change, told once however many print it: the two levels around it."""
    alike: dict[tuple, list[Observation]] = {}
    for row in outcomes(data, measure):
        if kind == "growth" and data.indicators[row.indicator].unit == "percent":
            continue  # a percentage that is said to grow by percent: see `readings`
        alike.setdefault((row.indicator, row.entity, row.period, row.basis, row.qualifier, row.value), []).append(row)
    for rows in alike.values():
        row = min(rows, key=lambda r: (r.source != ARTICLE, r.id))  # the claim of the article is judged itself
        verdict, code, gaps, computed = _judged(data, row, kind, operation, back)
        used = [*rows, *(computed.rows if computed else ())]
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
    fitting = next((c for c in tried if c.overlaps(stated)), None)
    crossing = None if fitting else _crossing(data, row, stated, operation)
    computed = fitting or crossing or next(iter(tried), None)
    if computed is not None:
        a, b = computed.inputs
        gaps = {"stated": stated, "a": a, "b": b, "computed": computed}
        if crossing:
            gaps |= {"one": a.basis, "other": b.basis}
            return CROSSES, "crosses", gaps, computed
        return (RECONCILES, "fits", gaps, computed) if fitting else (CONFLICTS, "differs", gaps, computed)
    implied = back(shown[0], stated) if shown[0] and not shown[1] else None
    gaps = {"stated": stated, "level": shown[0], "implied": implied}
    return UNKNOWN, "before" if implied else "alone", gaps, implied


def _crossing(data: Dataset, row: Observation, stated: Quantity, operation: Operation) -> Quantity | None:
    """Of every pair of counting methods, the levels between which a stated change fits; None where none does."""
    levels = [r for r in data.rows(row.indicator, row.entity) if r.outcome and r.qualifier in "=~"]
    now = [quantity(r) for r in levels if r.period == row.period]
    before = [quantity(r) for r in levels if r.period == row.span.before]
    fitting = []
    for a, b in itertools.product(now, before):
        computed = operation(arithmetic.ignoring_basis(a), arithmetic.ignoring_basis(b))
        if a.basis != b.basis and computed and computed.overlaps(stated):
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
