"""Each demand of ``fit_rules.csv`` held against a vehicle; what is not known is never said to be met."""

from __future__ import annotations

import dataclasses
import datetime as dt
from dataclasses import dataclass

from nevbook.analysis.markets.tariffs import Duty, DutyTotal, duties, total_duty
from nevbook.common.errors import unknown
from nevbook.data.markets import models
from nevbook.data.markets.dataset import Markets
from nevbook.data.markets.models import Event, Fact, Rule, Vehicle

FITS, ADAPT, WARNING, NOT_KNOWN = VERDICTS = ("fits", "must_adapt", "warning", "not_known")


@dataclass(frozen=True)
class FitLine:
    """One demand and what came of it."""

    rule: Rule
    verdict: str  # one of `VERDICTS`
    reason: str  # why, as a code: ``offered``, ``beyond_limit``, ``no_fact`` and so on
    facts: tuple[Fact, ...] = ()  # of the market, behind it
    events: tuple[Event, ...] = ()
    checked: dt.date | None = None  # the earliest date on which one of these was held against its source
    sources: tuple[str, ...] = ()  # of these, and of the vehicle's property
    wanted: tuple[str, ...] = ()  # what of the vehicle would do
    offered: tuple[str, ...] = ()  # what it has
    notes: tuple[str, ...] = ()  # what its profile adds
    sure: bool = True  # whether an event surely bears on the vehicle


@dataclass(frozen=True)
class Fit:
    """A vehicle held against a market, both given by their ids."""

    vehicle: Vehicle
    market: str
    powertrain: str  # the version looked at; empty where the profile names none
    origin: str  # the market in which it is built
    lines: tuple[FitLine, ...]  # in the order of the rules
    duties: tuple[Duty, ...]  # ordinary ones first
    total: DutyTotal

    def tally(self) -> dict[str, int]:
        """Count the verdicts."""
        return {v: sum(line.verdict == v for line in self.lines) for v in VERDICTS}


def _line(
    rule: Rule, verdict: str, reason: str, *behind: Fact | Event, vehicle: Vehicle | None = None, **more: object
) -> FitLine:
    read = [s.source for s in vehicle.sources if s.property == rule.property] if vehicle else []
    dates = [r.checked for r in behind] + ([vehicle.checked] if vehicle and read else [])
    return FitLine(
        rule,
        verdict,
        reason,
        tuple(r for r in behind if isinstance(r, Fact)),
        tuple(r for r in behind if isinstance(r, Event)),
        min(dates, default=None),
        tuple(dict.fromkeys([*(s for r in behind for s in r.sources), *read])),
        **more,  # type: ignore[arg-type]
    )


def _offers(rule: Rule, vehicle: Vehicle, fact: Fact) -> FitLine:
    asked = dict(part.split("=", 1) for part in rule.mapping)
    tags = fact.tags[:1] if rule.property == "languages" else fact.tags  # any other is spoken beside it
    wanted = tuple(asked.get(v, asked.get("*", v)) for v in tags)
    offered = getattr(vehicle, rule.property)
    verdict, reason = NOT_KNOWN, "offer_unknown"
    if offered:
        verdict, reason = (FITS, "offered") if set(wanted) & set(offered) else (ADAPT, "others_offered")
    notes = vehicle.notes(rule.property) if verdict == ADAPT else ()  # they may tell of a version to come
    return _line(rule, verdict, reason, fact, vehicle=vehicle, wanted=wanted, offered=offered, notes=notes)


def _limit(rule: Rule, fact: Fact) -> FitLine:
    number, limit = fact.number, rule.threshold
    if number is None or limit is None:
        return _line(rule, NOT_KNOWN, "no_number", fact)
    if number >= limit if rule.test == "over" else number <= limit:
        return _line(rule, FITS, "within_limit", fact)
    return _line(rule, WARNING, "beyond_limit", fact)


def _fact_line(
    markets: Markets, rule: Rule, vehicle: Vehicle, market: str, powertrain: str, versions: tuple[str, ...]
) -> FitLine | None:
    """Judge a demand that one attribute of the market tells of such a vehicle."""
    if rule.powertrains and powertrain not in rule.powertrains:
        return None
    fact = markets.latest(market, rule.attribute, vehicle.names, versions)
    if fact is None:
        return _line(rule, NOT_KNOWN, "no_fact")
    if rule.test == "offers":
        line = _offers(rule, vehicle, fact)
    elif rule.test == "clean":
        verdict, reason = (FITS, "no_exhaust") if powertrain == "bev" else (NOT_KNOWN, "engine_unknown")
        line = _line(rule, verdict, reason, fact, vehicle=vehicle)
    else:
        line = _limit(rule, fact)
    # what nobody has told for long is no ground to rely on
    stale = line.verdict == FITS and markets.freshness(fact) != models.FRESH
    return dataclasses.replace(line, verdict=NOT_KNOWN) if stale else line


def _event_lines(
    markets: Markets, rule: Rule, market: str, makers: set[str], powertrains: tuple[str, ...], origin: str
) -> list[FitLine]:
    lines = []
    for event in markets.events_of(market):
        state = event.state(markets.as_of)
        if event.duty_role or event.direction != "headwind" or state == models.EXPIRED:
            continue
        concerns = event.concerns(makers, powertrains, origin, market)
        if concerns != models.NO:
            lines.append(_line(rule, WARNING, "measure", event, sure=concerns != models.POSSIBLE))
    return lines or [_line(rule, NOT_KNOWN, "no_measure")]


def _duty_line(rule: Rule, stack: tuple[Duty, ...], at_home: bool) -> FitLine:
    base = [d for d in stack if d.role == "base" and not d.coming]
    charged = any(d.role in ("additional", "charge") for d in stack)
    if stack if at_home else any(d.high is None or d.high > 0 for d in stack):
        verdict = WARNING
    else:
        free = base and base[0].fresh and not charged and all(d.high == 0 for d in base)
        verdict = FITS if at_home or free else NOT_KNOWN
    return _line(rule, verdict, "duty", *(d.behind for d in stack))


def fit(markets: Markets, vehicle: str, market: str, powertrain: str | None = None, origin: str = "CHN") -> Fit:
    """Hold a vehicle (its first version, if none is named), built in `origin`, against a market on `as_of`."""
    car, place = markets.vehicle(vehicle), markets.market(market).id
    if powertrain is not None and powertrain not in car.powertrains:
        raise unknown(f"powertrain of {car.id}", powertrain, car.powertrains)
    version = powertrain or next(iter(car.powertrains), "")
    origin = markets.market(origin).id
    makers, versions = car.names, (version,) if version else car.powertrains
    stack = duties(markets, place, makers, versions, origin)
    lines: list[FitLine] = []
    for rule in markets.rules:
        if rule.test == "duty":
            lines.append(_duty_line(rule, stack, origin == place))
        elif rule.test == "events":
            lines += _event_lines(markets, rule, place, makers, versions, origin)
        elif line := _fact_line(markets, rule, car, place, version, versions):
            lines.append(line)
    return Fit(car, place, version, origin, tuple(lines), stack, total_duty(stack, origin == place))
