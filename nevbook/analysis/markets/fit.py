"""What a market asks of a vehicle: each demand of ``fit_rules.csv`` held against the profile.

A demand is never said to be met for want of data: without a fact, a fresh one, or the vehicle's
property, the answer is ``not known``.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from nevbook.analysis.markets.describe import (
    amount_text,
    event_dict,
    fact_dict,
    is_weak,
    row,
    sources_dict,
    value_text,
    when_text,
)
from nevbook.analysis.markets.tariffs import Duty, duties, total_text
from nevbook.common import formatting
from nevbook.common.i18n import word
from nevbook.data.markets.dataset import Markets
from nevbook.data.markets.models import (
    COMING,
    FRESH,
    HAPPENED,
    IN_FORCE,
    NO,
    POSSIBLE,
    PROPOSED,
    Event,
    Fact,
    Rule,
    Vehicle,
)

FITS, ADAPT, WARNING, NOT_KNOWN = VERDICTS = ("fits", "must_adapt", "warning", "not_known")


@dataclass(frozen=True)
class Line:
    """One demand and what came of it.

    Attributes
    ----------
    rule : Rule
        The demand.
    verdict : str
        One of `VERDICTS`.
    text : str
        Why, in a sentence.
    facts : tuple of Fact
        Facts of the market behind it.
    events : tuple of Event
        Events behind it.
    checked : datetime.date or None
        The earliest day on which one of these was last held against its source.
    sources : tuple of str
        Of these, and of the vehicle's property.
    """

    rule: Rule
    verdict: str
    text: str
    facts: tuple[Fact, ...] = ()
    events: tuple[Event, ...] = ()
    checked: dt.date | None = None
    sources: tuple[str, ...] = ()


@dataclass(frozen=True)
class Fit:
    """A vehicle held against a market.

    Attributes
    ----------
    vehicle : Vehicle
        What is held against the market.
    market : str
        Id of the market.
    powertrain : str
        The version looked at; empty where the profile names none.
    origin : str
        Market in which it is built.
    lines : tuple of Line
        In the order of the rules.
    duties : tuple of Duty
        The duties that apply, ordinary ones first.
    total : str
        Their sum in words, or why there is none.
    """

    vehicle: Vehicle
    market: str
    powertrain: str
    origin: str
    lines: tuple[Line, ...]
    duties: tuple[Duty, ...]
    total: str

    def tally(self) -> dict[str, int]:
        """Count the verdicts."""
        return {v: sum(line.verdict == v for line in self.lines) for v in VERDICTS}


def _line(rule: Rule, verdict: str, text: str, vehicle: Vehicle | None = None, *behind: Fact | Event) -> Line:
    read = [s.source for s in vehicle.sources if s.property == rule.property] if vehicle else []
    days = [r.checked for r in behind] + ([vehicle.checked] if vehicle and read else [])
    return Line(
        rule,
        verdict,
        text,
        tuple(r for r in behind if isinstance(r, Fact)),
        tuple(r for r in behind if isinstance(r, Event)),
        min(days, default=None),
        tuple(dict.fromkeys([*(s for r in behind for s in r.sources), *read])),
    )


def _demand(markets: Markets, rule: Rule, fact: Fact) -> str:
    value = value_text(fact, markets.attributes[fact.attribute], markets.places[fact.market].currency)
    limit = f"{rule.threshold:g}" if rule.threshold is not None else ""
    return rule.demand.format(value=value, threshold=limit)


def _wanted(rule: Rule, fact: Fact) -> list[str]:
    """What of the vehicle would do, by what the market's fact says."""
    asked = dict(part.split("=", 1) for part in rule.mapping)
    return [asked.get(v, asked.get("*", v)) for v in fact.tags]


def _offers(markets: Markets, rule: Rule, vehicle: Vehicle, fact: Fact) -> Line:
    wanted = _wanted(rule, fact)
    demand = rule.demand.format(
        value=formatting.listing(wanted) if rule.mapping and "*" not in rule.mapping[0] else fact.value
    )
    offered = getattr(vehicle, rule.property)
    if not offered:
        text = word("fit.offers.unknown", demand=demand, vehicle=vehicle.name)
        return _line(rule, NOT_KNOWN, text, vehicle, fact)
    if not set(wanted) & set(offered):
        text = word("fit.offers.lacks", demand=demand, vehicle=vehicle.name, offered=formatting.listing(list(offered)))
        return _line(rule, ADAPT, text, vehicle, fact)
    return _line(rule, FITS, word("fit.offers.fits", demand=demand, vehicle=vehicle.name), vehicle, fact)


def _limit(markets: Markets, rule: Rule, fact: Fact) -> Line:
    number, limit = fact.number, rule.threshold
    if number is None or limit is None:
        return _line(rule, NOT_KNOWN, word("fit.limit.unreadable", name=rule.name), None, fact)
    kept = number >= limit if rule.test == "over" else number <= limit
    key = "fit.limit.kept" if kept else "fit.limit.broken"
    return _line(rule, FITS if kept else WARNING, word(key, demand=_demand(markets, rule, fact)), None, fact)


def _clean(markets: Markets, rule: Rule, vehicle: Vehicle, powertrain: str, fact: Fact) -> Line:
    demand = _demand(markets, rule, fact)
    if powertrain == "bev":
        return _line(rule, FITS, word("fit.clean.fits", demand=demand), vehicle, fact)
    return _line(rule, NOT_KNOWN, word("fit.clean.unknown", demand=demand, vehicle=vehicle.name), vehicle, fact)


def _told(markets: Markets, rule: Rule, vehicle: Vehicle, market: str, powertrain: str) -> Line | None:
    """Judge a demand that one attribute of the market tells."""
    if rule.powertrains and powertrain not in rule.powertrains:
        return None
    fact = markets.latest(market, rule.attribute)
    if fact is None:
        return _line(rule, NOT_KNOWN, word("fit.no_fact", name=markets.attributes[rule.attribute].name))
    if rule.test == "offers":
        line = _offers(markets, rule, vehicle, fact)
    elif rule.test == "clean":
        line = _clean(markets, rule, vehicle, powertrain, fact)
    else:
        line = _limit(markets, rule, fact)
    age = markets.freshness(fact)
    if age == FRESH:
        return line
    why = word("fit.stale", when=formatting.period(fact.period)) if fact.period else word("fit.undated")
    text = f"{line.text} {why}"
    # what nobody has told for long is no ground to rely on
    verdict = NOT_KNOWN if line.verdict == FITS else line.verdict
    return Line(rule, verdict, text, line.facts, line.events, line.checked, line.sources)


def _measures(
    markets: Markets, rule: Rule, market: str, makers: set[str], powertrains: tuple[str, ...], origin: str
) -> list[Line]:
    found = []
    for event in markets.events_of(market):
        state = event.state(markets.as_of)
        if event.duty_role or event.direction != "headwind" or state not in (IN_FORCE, COMING, HAPPENED, PROPOSED):
            continue
        sure = event.concerns(makers, powertrains, origin, market)
        if sure == NO:
            continue
        amount = amount_text(event)
        text = word(
            "fit.measure",
            title=event.title + (f" ({amount})" if amount else ""),
            when=when_text(event),
            state=word(f"market.state.{state}"),
            applies=word("market.applies", what=event.applies_to or word("market.all_cars")),
        )
        text += f" {event.note[:1].upper()}{event.note[1:]}." if event.note else ""
        text += f" {word('fit.measure.possible')}" if sure == POSSIBLE else ""
        text += f" {word('feed.weak')}" if is_weak(markets, event) else ""
        found.append(_line(rule, WARNING, text, None, event))
    if not found:
        found.append(_line(rule, NOT_KNOWN, word("fit.measure.none")))
    return found


def fit(markets: Markets, vehicle: str, market: str, powertrain: str | None = None, origin: str = "CHN") -> Fit:
    """Hold a vehicle against a market on `as_of`.

    Parameters
    ----------
    markets : Markets
        As seen on the day.
    vehicle, market : str
        Ids.
    powertrain : str, optional
        Version of the vehicle; the first that its profile names if not given.
    origin : str
        Market in which it is built.

    Returns
    -------
    Fit

    Raises
    ------
    ChoiceError
        Where an id is not known, or the profile does not have the version.
    """
    from nevbook.common.errors import unknown

    car, place = markets.vehicle(vehicle), markets.market(market).id
    if powertrain is not None and powertrain not in car.powertrains:
        raise unknown(f"powertrain of {car.id}", powertrain, car.powertrains)
    version = powertrain or next(iter(car.powertrains), "")
    origin = markets.market(origin).id
    makers, versions = {car.maker, car.brand}, (version,) if version else car.powertrains
    stack = duties(markets, place, makers, versions, origin)
    total = total_text(stack, origin == place)
    lines: list[Line] = []
    for rule in markets.rules:
        if rule.test == "duty":
            lines.append(_duty_line(rule, stack, total, origin == place))
        elif rule.test == "events":
            lines += _measures(markets, rule, place, makers, versions, origin)
        elif line := _told(markets, rule, car, place, version):
            lines.append(line)
    return Fit(car, place, version, origin, tuple(lines), stack, total)


def _duty_line(rule: Rule, stack: tuple[Duty, ...], total: str, at_home: bool) -> Line:
    behind = [d.behind for d in stack]
    now = [d for d in stack if not d.coming]
    ordinary = [d for d in now if d.role == "base"]
    free = (
        ordinary and all(d.high == 0 for d in ordinary) and not any(d.role in ("additional", "charge") for d in stack)
    )
    if at_home:
        return _line(rule, FITS if not stack else WARNING, total, None, *behind)
    if any(d.high is None or d.high > 0 for d in stack):
        return _line(rule, WARNING, total, None, *behind)
    return _line(rule, FITS if free and ordinary[0].fresh else NOT_KNOWN, total, None, *behind)


def fit_dict(markets: Markets, found: Fit) -> dict[str, object]:
    """Return a fit as plain values for `json`."""
    lines = []
    for one in found.lines:
        lines.append({
            "rule": one.rule.id, "name": one.rule.name, "name_zh": one.rule.name_zh, "verdict": one.verdict,
            "verdict_zh": word(f"fit.{one.verdict}.zh"), "text": one.text,
            "facts": [fact_dict(markets, f) for f in one.facts],
            "events": [event_dict(markets, e) for e in one.events],
            "checked": one.checked.isoformat() if one.checked else None, "sources": list(one.sources),
        })  # fmt: skip
    used = [s for one in found.lines for s in one.sources]
    vehicle = row(found.vehicle) | {"sources": [row(s) for s in found.vehicle.sources]}
    return {
        "vehicle": vehicle, "market": row(markets.places[found.market]), "as_of": markets.as_of.isoformat(),
        "powertrain": found.powertrain, "origin": found.origin, "lines": lines,
        "duties": [d.as_dict(markets) for d in found.duties], "total": found.total, "tally": found.tally(),
        "disclaimer": word("fit.disclaimer"), "disclaimer_zh": word("fit.disclaimer.zh"),
        "sources": sources_dict(markets, [*used, *(s.source for s in found.vehicle.sources)]),
    }  # fmt: skip
