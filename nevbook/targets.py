"""Targets and what came of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from . import levels
from .dataset import Dataset
from .measures import Quantity, difference, quantity, required, share
from .periods import parse


@dataclass(frozen=True)
class Aim:
    """A target and what came of it.

    Attributes
    ----------
    target : Quantity
        What was aimed at.
    outcome : Quantity or None
        What came, counted the same way; None where it is not due or not known.
    state : str
        ``met``, ``missed``, ``open`` (not due), ``unknown`` or ``basis`` (only counted another way).
    reached : Quantity or None
        Outcome in percent of the target.
    gap : Quantity or None
        Outcome less target.
    pace : Quantity or None
        Of an open one: the growth a year that leads from the newest outcome to it.
    newest : Quantity or None
        The newest outcome counted the same way, of an open one.
    """

    target: Quantity
    outcome: Quantity | None
    state: str
    reached: Quantity | None = None
    gap: Quantity | None = None
    pace: Quantity | None = None
    newest: Quantity | None = None


def aims(data: Dataset, entities: Iterable[str], year: int) -> list[Aim]:
    """Return the targets of entities, each thing aimed at once for each value named.

    Parameters
    ----------
    data : Dataset
        As the edition sees it.
    entities : iterable of str
        Whose targets.
    year : int
        The edition's year; what is aimed at later, or in a year that is not over, is open.

    Returns
    -------
    list of Aim
        By year aimed at, then indicator.
    """
    wanted, year = set(entities), data.due(year)
    groups: dict[tuple, list] = {}
    for row in data.observations:
        if row.kind == "target" and row.entity in wanted and row.span.is_year and row.measure == "level":
            groups.setdefault((row.period, row.indicator, row.entity, row.value, row.basis), []).append(row)
    found = []
    for key in sorted(groups, key=lambda k: (k[0], k[1], k[2], k[3])):
        chosen = levels.choose(data, groups[key])
        if chosen is not None:
            found.append(_aim(data, chosen, year))
    return found


def _aim(data: Dataset, target: Quantity, year: int) -> Aim:
    due = parse(target.period).year
    if due > year:
        known = [q for q in levels.series(data, target.indicator, target.entity, target.basis) if int(q.period) <= year]
        newest = known[-1] if known else None
        pace = None
        if newest is not None and target.unit not in ("percent", "percentage_points"):
            pace = (
                required(quantity(target.observation), newest, due - int(newest.period)) if target.observation else None
            )
        return Aim(target, None, "open", pace=pace, newest=newest)
    outcome = levels.value(data, target.indicator, target.entity, target.period, basis=target.basis)
    if outcome is None:
        other = levels.value(data, target.indicator, target.entity, target.period)
        return Aim(target, None, "basis" if other else "unknown")
    # a target of "more than" is met by reaching it; rounding of the outcome may leave it open
    state = "met" if outcome.low >= target.value else "missed" if outcome.high < target.value else "unknown"
    exact = quantity(target.observation) if target.observation else target
    exact = Quantity(**{**exact.__dict__, "low": target.value, "high": target.value, "qualifier": "="})
    return Aim(target, outcome, state, share(outcome, exact), difference(outcome, exact))
