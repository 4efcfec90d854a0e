"""The overseas markets, loaded apart: whoever has no use for them does not wait for them."""

from __future__ import annotations

import datetime as dt
import functools
from collections import defaultdict
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from operator import itemgetter
from pathlib import Path

from nevbook.common.errors import unknown
from nevbook.data.markets import models
from nevbook.data.markets.models import Event, Fact, Market, Membership, Sale, Vehicle
from nevbook.data.models import Source
from nevbook.data.names import also_named
from nevbook.data.package import Package, cached, open_package
from nevbook.data.tables import known

TABLES = (
    *("countries", "memberships", "attributes", "facts", "fact_sources"),
    *("events", "event_sources", "ev_sales", "vehicles", "vehicle_sources", "fit_rules"),
)


@dataclass(frozen=True)
class Markets:
    """The market tables, whole or as seen on a day."""

    folder: Path  # where they were read from
    as_of: dt.date  # the day on which they are seen; that of the newest row where they are whole
    places: dict[str, Market]  # by id: markets, the home market, blocs and areas
    attributes: dict[str, models.Attribute]  # by id
    vehicles: dict[str, Vehicle]
    sources: dict[str, Source]
    memberships: tuple[Membership, ...]  # all in the order of the files
    facts: tuple[Fact, ...]
    events: tuple[Event, ...]
    sales: tuple[Sale, ...]
    rules: tuple[models.Rule, ...] = ()
    _stated: tuple[Event, ...] = field(init=False, default=(), repr=False)
    _facts: dict[str, list[Fact]] = field(init=False, default_factory=lambda: defaultdict(list), repr=False)
    _events: dict[str, list[Event]] = field(init=False, default_factory=lambda: defaultdict(list), repr=False)
    _sales: dict[str, list[Sale]] = field(init=False, default_factory=lambda: defaultdict(list), repr=False)
    _blocs: dict[str, list[Membership]] = field(init=False, default_factory=lambda: defaultdict(list), repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_stated", self.events)  # revised ones too: an earlier day sees them
        object.__setattr__(self, "events", _revised(self.events))
        for rows, index in ((self.facts, self._facts), (self.events, self._events), (self.sales, self._sales)):
            for row in rows:
                index[row.market].append(row)
        for membership in self.memberships:
            self._blocs[membership.member].append(membership)

    def vintage(self, day: dt.date) -> Markets:
        """Return what was recorded by a day."""
        return Markets(
            self.folder,
            day,
            {p.id: p for p in known(self.places.values(), day)},
            self.attributes,
            {v.id: v for v in known(self.vehicles.values(), day)},
            self.sources,
            *(tuple(known(rows, day)) for rows in (self.memberships, self.facts, self._stated, self.sales)),
            self.rules,
        )

    def listed(self, *kinds: str) -> list[Market]:
        """Return the places of some kinds, markets if none is named, in the order of their names."""
        return sorted((p for p in self.places.values() if p.kind in (kinds or ("market",))), key=lambda p: p.name)

    def market(self, name: str) -> Market:
        """Return a place by its id, in any case, or by its name."""
        by_name = {p.name.casefold(): p.id for p in self.places.values()}
        by_name = {also.casefold(): one for also, one in also_named(self.folder, "countries")} | by_name
        place = self.places.get(name.upper()) or self.places.get(by_name.get(name.casefold(), ""))
        if place is None:
            raise unknown("market", name, [*self.places, *(p.name for p in self.places.values())])
        return place

    def vehicle(self, name: str) -> Vehicle:
        """Return a vehicle by its id, or raise `ChoiceError` with the choices."""
        if name not in self.vehicles:
            raise unknown("vehicle", name, self.vehicles)
        return self.vehicles[name]

    def blocs(self, market: str, start: dt.date | None = None, end: dt.date | None = None) -> list[str]:
        """Return the blocs to which a market belongs on `as_of`, or on some day from `start` to `end`."""
        first, last = start or self.as_of, end or start or self.as_of
        return list(dict.fromkeys(m.bloc for m in self._blocs[market] if m.meets(first, last)))

    def members(self, bloc: str, day: dt.date | None = None) -> list[str]:
        """Return the members of a bloc on a day, on `as_of` if none is named."""
        when = day or self.as_of
        return [m.member for m in self.memberships if m.bloc == bloc and m.meets(when, when)]

    def facts_of(self, market: str, attribute: str | None = None) -> list[Fact]:
        """Return the facts of a market, and those of its blocs on `as_of`."""
        own = [(0, f) for f in self._facts[market]]
        shared = [(n, f) for n, bloc in enumerate(self.blocs(market), start=1) for f in self._facts[bloc]]
        order = {a: n for n, a in enumerate(self.attributes)}
        rows = [(n, f) for n, f in (*own, *shared) if attribute in (None, f.attribute)]
        rows.sort(key=lambda r: (r[1].until, r[1].recorded), reverse=True)  # a revision before what it revises
        rows.sort(key=lambda r: (order[r[1].attribute], r[0]))
        return [f for _, f in rows]

    def latest(
        self, market: str, attribute: str, makers: Collection[str] = (), powertrains: Collection[str] = ()
    ) -> Fact | None:
        """Return the newest outcome of an attribute, a market's own first, about a car of the makers if named."""
        found = (f for f in self.facts_of(market, attribute) if f.outcome)
        return next((f for f in found if not makers or f.concerns(makers, powertrains)), None)

    def events_of(self, market: str) -> list[Event]:
        """Return the events of a market and those of blocs that it belongs to while they hold, by their start."""
        events = list(self._events[market])
        for membership in self._blocs[market]:
            events += [e for e in self._events[membership.bloc] if membership.meets(e.start.start, e.last)]
        return sorted(dict.fromkeys(events), key=lambda e: e.order)

    def sales_of(self, market: str) -> list[Sale]:
        """Return the electric cars of a market, as the file orders them."""
        return self._sales[market]

    def freshness(self, fact: Fact) -> str:
        """Say whether a fact is fresh, stale or undated on `as_of`."""
        return fact.freshness(self.attributes[fact.attribute].shelf_life, self.as_of)

    def is_weak(self, event: Event) -> bool:
        """Whether only secondary sources tell of an event."""
        return all(self.sources[s].tier == "secondary" for s in event.sources)

    @functools.cached_property
    def expected(self) -> frozenset[str]:
        """The attributes that a market should have: those that tell of demands, and what is known of many."""
        many = len(self.listed()) / 4
        known: dict[str, set[str]] = defaultdict(set)
        for fact in self.facts:
            known[fact.attribute].add(fact.market)
        asked = ("base_duty_cars", "emission_standard_light", "ac_connector", "dc_connector")
        charging = ("public_chargers_slow", "public_chargers_fast")
        return frozenset({a for a, places in known.items() if len(places) >= many} | {*asked, *charging})


def _revised(events: tuple[Event, ...]) -> tuple[Event, ...]:
    """Leave out the events of which a later row of the same market, title, start, makers and powertrains tells."""

    def thing(event: Event) -> tuple[object, ...]:
        return event.market, event.title, event.effective_from, event.makers, event.powertrains

    newest: dict[tuple[object, ...], dt.date] = {}
    for event in events:
        newest[thing(event)] = max(event.recorded, newest.get(thing(event), dt.date.min))
    return tuple(e for e in events if e.recorded == newest[thing(e)])


@cached
def _load(package: Package, stamp: tuple[object, ...]) -> Markets:
    def linked(name: str, key: str, tell: Callable[[dict[str, str]], object]) -> Callable[[dict[str, str]], object]:
        """Return what finds the rows of a table that belong to a row of another."""
        found: dict[str, list[object]] = defaultdict(list)
        for row in package.rows(name):
            found[row[key]].append(tell(row))
        return lambda row: tuple(found.get(row["id"], ()))

    source = itemgetter("source")

    def of_property(row: dict[str, str]) -> models.VehicleSource:
        return models.VehicleSource(row["property"], row["source"], row["note"])

    facts = package.objects("facts", Fact, sources=linked("fact_sources", "fact", source))
    events = package.objects("events", Event, sources=linked("event_sources", "event", source))
    vehicles = package.objects("vehicles", Vehicle, sources=linked("vehicle_sources", "vehicle", of_property))
    sales = package.objects("ev_sales", Sale)
    return Markets(
        package.folder,
        max((r.recorded for r in (*facts, *events, *vehicles, *sales)), default=dt.date.min),
        {p.id: p for p in package.objects("countries", Market)},
        {a.id: a for a in package.objects("attributes", models.Attribute)},
        {v.id: v for v in vehicles},
        {s.id: s for s in package.objects("sources", Source)},
        tuple(package.objects("memberships", Membership)),
        tuple(facts),
        tuple(events),
        tuple(sales),
        tuple(package.objects("fit_rules", models.Rule)),
    )


def declared(folder: Path) -> bool:
    """Whether a data package has the market tables."""
    return open_package(folder).resources.keys() >= set(TABLES)


def load_markets(data_dir: Path | str | None = None) -> Markets:
    """Load the market tables; raises DataError where a file is missing or a row cannot be read; names file and row."""
    package = open_package(data_dir)
    return _load(package, package.stamp(*TABLES, "sources"))
