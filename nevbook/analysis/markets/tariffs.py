"""The duties on a car: by powertrain, maker and origin, each with its dates."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from nevbook.analysis.markets.describe import amount_text, value_text, when_text
from nevbook.common import formatting
from nevbook.common.i18n import word
from nevbook.data.markets.dataset import Markets
from nevbook.data.markets.models import COMING, FRESH, IN_FORCE, NO, YES, Event, Fact

ROLES = ("base", "additional", "quota", "waiver", "charge")


@dataclass(frozen=True)
class Duty:
    """One duty, waiver or fee that bears on the car.

    Attributes
    ----------
    role : str
        One of `ROLES`, as in ``events.csv``.
    title, amount, when : str
        In words.
    low, high : float or None
        Percent of the customs value; None where it is told in another unit.
    sure : bool
        Whether it surely bears on the car; else that depends on what the tables do not tell.
    coming : bool
        Whether it takes effect later.
    fresh : bool
        Whether a fact behind it is fresh; an event in force is.
    behind : Fact or Event
        What tells it.
    """

    role: str
    title: str
    amount: str
    when: str
    low: float | None
    high: float | None
    sure: bool
    coming: bool
    fresh: bool
    behind: Fact | Event

    def as_dict(self, markets: Markets) -> dict[str, object]:
        """Return it as plain values."""
        return {
            "role": self.role, "title": self.title, "amount": self.amount, "when": self.when, "low": self.low,
            "high": self.high, "sure": self.sure, "coming": self.coming, "fresh": self.fresh,
            "behind": self.behind.id, "sources": list(self.behind.sources), "note": self.behind.note,
        }  # fmt: skip


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
    """List the duties on a car that are in force or coming on `as_of`.

    Parameters
    ----------
    markets : Markets
        As seen on the day.
    market : str
        Where it is sold.
    makers, powertrains : collection of str
        Of the car.
    origin : str
        Where it is built.

    Returns
    -------
    tuple of Duty
        By role, then by start. The ordinary duty is that of an event in force; where there is none,
        that of a fact on the market.
    """
    found = []
    for event in markets.events_of(market):
        state = event.state(markets.as_of)
        sure = event.concerns(makers, powertrains, origin, market)
        if not event.duty_role or sure == NO or state not in (IN_FORCE, COMING):
            continue
        if origin == market and event.duty_role != "charge":
            continue  # what is built there is not imported
        low, high = _percent(event.value, event.unit)
        found.append(
            Duty(
                event.duty_role, event.title, amount_text(event), when_text(event), low, high, sure == YES,
                state == COMING, True, event,
            )
        )  # fmt: skip
    if origin != market and not any(d.role == "base" and not d.coming for d in found):
        for attribute in ("base_duty_bev", "base_duty_cars"):
            fact = markets.latest(market, attribute)
            if fact is None or (attribute == "base_duty_bev" and set(powertrains) != {"bev"}):
                continue
            about = markets.attributes[attribute]
            when = formatting.period(fact.period) or word("fit.no_date")
            low, high = _percent(fact.value, about.unit)
            fresh = markets.freshness(fact) == FRESH
            found.append(Duty("base", about.name, value_text(fact, about), when, low, high, True, False, fresh, fact))
            break
    return tuple(sorted(found, key=lambda d: (ROLES.index(d.role), d.coming, d.when)))


def total_text(stack: tuple[Duty, ...], at_home: bool) -> str:
    """Say what ordinary and additional duty come to, or why that cannot be told.

    Parameters
    ----------
    stack : tuple of Duty
        From `duties`.
    at_home : bool
        Whether the car is built where it is sold.

    Returns
    -------
    str
        A sentence.
    """
    if at_home:
        return word("duty.at_home")
    now = [d for d in stack if not d.coming]
    base = [d for d in now if d.role == "base"]
    more = [d for d in now if d.role == "additional"]
    if not stack:
        return word("duty.none")
    if not base:
        return word("duty.no_base")
    if len(base) > 1 or any(d.low is None for d in base + more):
        return word("duty.no_sum")
    sure = [d for d in more if d.sure]
    open_ = [d for d in more if not d.sure]
    low, high = base[0].low or 0.0, base[0].high or 0.0
    low += sum(d.low or 0 for d in sure)
    high += sum(d.high or 0 for d in sure)
    if open_ and not sure:
        low += min(d.low or 0 for d in open_)
        high += max(d.high or 0 for d in open_)
    elif open_:
        return word("duty.no_sum")
    amount = f"{low:g}" if low == high else word("market.range", low=f"{low:g}", high=f"{high:g}")
    said = word("duty.sum" if more else "duty.base", amount=amount)
    if open_:
        said += " " + word("duty.open")
    if any(d.role in ("quota", "waiver", "charge") for d in now):
        said += " " + word("duty.beside")
    if any(d.coming for d in stack):
        said += " " + word("duty.coming")
    return said
