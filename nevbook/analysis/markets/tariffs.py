"""The duties on a car: by powertrain, maker and origin, each with its dates."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from nevbook.data.markets.dataset import Markets
from nevbook.data.markets.models import COMING, FRESH, IN_FORCE, NO, YES, Event, Fact

ROLES = ("base", "additional", "quota", "waiver", "charge")


@dataclass(frozen=True)
class Duty:
    """One duty, waiver or fee that bears on the car; `low` and `high` in percent of the customs value."""

    role: str  # one of `ROLES`, as in ``events.csv``
    low: float | None  # None where it is told in another unit
    high: float | None
    sure: bool  # whether it surely bears on the car; else that depends on what the tables do not tell
    coming: bool
    fresh: bool  # whether a fact behind it is fresh; an event in force is
    behind: Fact | Event


@dataclass(frozen=True)
class DutyTotal:
    """What ordinary and additional duty come to, in percent of the customs value, or why there is no sum."""

    reason: str  # ``base`` or ``sum``; else ``at_home``, ``none``, ``no_base`` or ``no_sum``
    low: float = 0.0
    high: float = 0.0
    remarks: tuple[str, ...] = ()  # what else is to be said: ``open``, ``beside``, ``coming``


def _percent(value: str, unit: str) -> tuple[float | None, float | None]:
    if unit != "percent":
        return None, None
    try:
        low, _, high = value.partition("-")
        return float(low), float(high or low)
    except ValueError:
        return None, None


def duties(
    markets: Markets, market: str, makers: Collection[str], powertrains: Collection[str], origin: str
) -> tuple[Duty, ...]:
    """List the duties on a car, built in `origin`, that are in force or coming on `as_of`, by role and start."""
    stack = []
    for event in markets.events_of(market):
        state = event.state(markets.as_of)
        concerns = event.concerns(makers, powertrains, origin, market)
        if not event.duty_role or concerns == NO or state not in (IN_FORCE, COMING):
            continue
        if origin == market and event.duty_role != "charge":
            continue  # what is built there is not imported
        low, high = _percent(event.value, event.unit)
        stack.append(Duty(event.duty_role, low, high, concerns == YES, state == COMING, True, event))
    if origin != market and not any(d.role == "base" and not d.coming for d in stack):
        for attribute in ("base_duty_bev", "base_duty_cars"):
            fact = markets.latest(market, attribute, makers, powertrains)
            if fact is None:
                continue
            low, high = _percent(fact.value, markets.attributes[attribute].unit)
            stack.append(Duty("base", low, high, True, False, markets.freshness(fact) == FRESH, fact))
            break
    return tuple(sorted(stack, key=lambda d: (ROLES.index(d.role), d.coming)))  # events come by their start


def total_duty(stack: tuple[Duty, ...], at_home: bool) -> DutyTotal:
    """Add up ordinary and additional duty, where they can be; `at_home`: the car is built where it is sold."""
    now = [d for d in stack if not d.coming]
    base = [d for d in now if d.role == "base"]
    more = [d for d in now if d.role == "additional"]
    sure = [d for d in more if d.sure]
    unsure = [d for d in more if not d.sure]
    if at_home or not stack:
        return DutyTotal("at_home" if at_home else "none")
    if not base:
        return DutyTotal("no_base")
    if len(base) > 1 or any(d.low is None for d in base + more) or (unsure and sure):
        return DutyTotal("no_sum")
    low = (base[0].low or 0.0) + sum(d.low or 0 for d in sure)
    high = (base[0].high or 0.0) + sum(d.high or 0 for d in sure)
    if unsure:
        low += min(d.low or 0 for d in unsure)
        high += max(d.high or 0 for d in unsure)
    remarks = {
        "open": bool(unsure),
        "beside": any(d.role in ("quota", "waiver", "charge") for d in now),
        "coming": any(d.coming for d in stack),
    }
    return DutyTotal("sum" if more else "base", low, high, tuple(r for r, holds in remarks.items() if holds))
