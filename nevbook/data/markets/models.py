"""The rows of the market tables; what depends on a date takes it as an argument, never from the clock."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from nevbook.common.periods import Period, parse
from nevbook.data.tables import column

TOPICS = (
    *("policy", "regulation", "climate", "environment", "road"),
    *("culture", "habits_customs", "economy", "ev_market"),
)
IN_FORCE, COMING, EXPIRED, HAPPENED, PROPOSED = STATES = ("in_force", "coming", "expired", "happened", "proposed")
FRESH, STALE, UNDATED = "fresh", "stale", "undated"
KNOWN, MISSING = "known", "missing"
YES, POSSIBLE, NO = "yes", "possible", "no"
_GROUPS = {"other", "other_cooperating"}  # makers that are told by what they are not


@dataclass(frozen=True, slots=True)
class Market:
    """A market, the home market, a bloc or an area; fields as in ``countries.csv``."""

    id: str
    iso2: str
    name: str
    kind: str
    region: str
    subregion: str
    capital: str
    currency: str
    source: str
    recorded: dt.date
    note: str


@dataclass(frozen=True, slots=True)
class Membership:
    """A market's time in a bloc; `first` and `last` are None where open or not recorded."""

    bloc: str
    member: str
    first: dt.date | None = column("from")
    last: dt.date | None = column("to")
    source: str
    recorded: dt.date
    note: str

    def meets(self, start: dt.date, end: dt.date) -> bool:
        """Whether the market is a member on some day of a stretch, both ends included."""
        return (self.first or dt.date.min) <= end and start <= (self.last or dt.date.max)


@dataclass(frozen=True, slots=True)
class Attribute:
    """What a fact tells; fields as in ``attributes.csv``, `shelf_life` in days."""

    id: str
    topic: str
    name: str
    name_zh: str
    datatype: str
    unit: str
    choices: tuple[str, ...]
    shelf_life: int
    definition: str
    definition_zh: str


@dataclass(frozen=True, slots=True)
class Fact:
    """What is known of one market for one period; `value` is text in the attribute's form and unit."""

    id: str
    market: str
    attribute: str
    period: str
    qualifier: str
    value: str
    kind: str
    powertrains: tuple[str, ...]
    makers: tuple[str, ...]
    recorded: dt.date
    checked: dt.date
    contributor: str
    note: str
    sources: tuple[str, ...] = column(None, default=())

    def concerns(self, makers: Collection[str], powertrains: Collection[str]) -> bool:
        """Whether it is about a car: what names no powertrain or maker is about all of them."""
        of_kind = not self.powertrains or bool(powertrains) and set(powertrains) <= set(self.powertrains)
        return of_kind and (not self.makers or not set(self.makers).isdisjoint(makers))

    @property
    def outcome(self) -> bool:
        """Whether it tells what is, and not what is aimed at or expected."""
        return self.kind in ("stated", "derived")

    @property
    def tags(self) -> tuple[str, ...]:
        """The value as keywords."""
        return tuple(part.strip() for part in self.value.split(";") if part.strip())

    @property
    def number(self) -> float | None:
        """The value as a number; None where it is none."""
        try:
            return float(self.value)
        except ValueError:
            return None

    def freshness(self, shelf_life: int, day: dt.date) -> str:
        """Say whether the fact is fresh, stale or undated on a day; `shelf_life` in days."""
        if not self.period:
            return UNDATED
        old = max((day - parse(self.period).end).days, (day - self.checked).days)
        return STALE if old > shelf_life else FRESH

    @property
    def until(self) -> tuple[dt.date, dt.date, str]:
        """What orders the facts of an attribute by time: end and start of the period."""
        if not self.period:
            return dt.date.min, dt.date.min, self.id
        span = parse(self.period)
        return span.end, span.start, self.id


@dataclass(frozen=True, slots=True)
class Event:
    """A dated measure of a market or a bloc; fields as in ``events.csv``, lists as tuples."""

    id: str
    market: str
    topic: str
    title: str
    title_zh: str
    status: str
    effective_from: str
    effective_to: str
    ending: str
    measure: str
    direction: str
    value: str
    unit: str
    duty_role: str
    powertrains: tuple[str, ...]
    makers: tuple[str, ...]
    origins: tuple[str, ...]
    applies_to: str
    recorded: dt.date
    checked: dt.date
    contributor: str
    note: str
    sources: tuple[str, ...] = column(None, default=())

    @property
    def start(self) -> Period:
        """The day, month or year from which it holds."""
        return parse(self.effective_from)

    @property
    def end(self) -> Period | None:
        """The day, month or year until which it holds; None where none is known."""
        return parse(self.effective_to) if self.effective_to else None

    @property
    def order(self) -> tuple[dt.date, dt.date, str]:
        """What orders events by their start."""
        return self.start.start, self.start.end, self.id

    @property
    def last(self) -> dt.date:
        """Last day on which it may hold."""
        if self.ending == "single":
            return self.start.end
        return self.end.end if self.end else dt.date.max

    def concerns(self, makers: Collection[str], powertrains: Collection[str], origin: str, market: str) -> str:
        """Say whether it bears on a car that is sold in a market: ``yes``, ``possible`` or ``no``."""
        if self.powertrains and not set(self.powertrains) & set(powertrains):
            return NO
        if self.origins and origin not in self.origins and not ("domestic" in self.origins and origin == market):
            return POSSIBLE if "no_trade_agreement" in self.origins and origin != market else NO
        if self.makers and not set(self.makers) & set(makers):
            return POSSIBLE if set(self.makers) & _GROUPS else NO
        return YES

    def state(self, day: dt.date) -> str:
        """Say whether it is in force on a day, coming, expired, has happened, or is not decided."""
        if self.last < day and self.ending != "single":
            return EXPIRED
        if self.status in ("proposed", "under_review"):
            return PROPOSED
        if day < self.start.end:
            return COMING
        if self.status == "planned":
            return PROPOSED
        return HAPPENED if self.ending == "single" else IN_FORCE


@dataclass(frozen=True, slots=True)
class Sale:
    """Electric cars of one market and year; fields as in ``ev_sales.csv``."""

    market: str
    year: int
    powertrain: str
    metric: str
    value: float
    unit: str
    source: str
    recorded: dt.date
    checked: dt.date


@dataclass(frozen=True, slots=True)
class VehicleSource:
    """Where one property of a vehicle was read, and what it says there."""

    property: str
    source: str
    note: str


@dataclass(frozen=True, slots=True)
class Vehicle:
    """A model for export; fields as in ``vehicles.csv``, lists as tuples; empty is not known."""

    id: str
    name: str
    name_zh: str
    maker: str
    brand: str
    powertrains: tuple[str, ...]
    steering: tuple[str, ...]
    ac_connector: tuple[str, ...]
    dc_connector: tuple[str, ...]
    battery_kwh: tuple[str, ...]
    price: str
    approval: tuple[str, ...]
    languages: tuple[str, ...]
    recorded: dt.date
    checked: dt.date
    contributor: str
    note: str
    sources: tuple[VehicleSource, ...] = column(None, default=())

    @property
    def names(self) -> set[str]:
        """What an event may call it by: its maker, its brand or itself."""
        return {self.maker, self.brand, self.id}

    def notes(self, name: str) -> tuple[str, ...]:
        """Return what its sources add on a property, and the note of the profile."""
        return tuple(filter(None, (*(s.note for s in self.sources if s.property == name), self.note)))


@dataclass(frozen=True, slots=True)
class Rule:
    """One demand of the fit check; fields as in ``fit_rules.csv``, `threshold` in the attribute's unit."""

    id: str
    name: str
    name_zh: str
    demand: str
    test: str
    property: str
    attribute: str
    mapping: tuple[str, ...]
    threshold: float | None
    powertrains: tuple[str, ...]
