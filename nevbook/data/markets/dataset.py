"""The overseas markets: facts, policy events, electric car sales, vehicle profiles.

Loaded apart from `dataset`, so that a chapter that has no use for them does not pay for them.
What depends on a day (membership, what is in force, what is stale) takes it as an argument or
from `Markets.as_of`, never from the clock.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import functools
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from nevbook.common.errors import DataError, unknown
from nevbook.data.markets.models import (
    Attribute,
    Event,
    Fact,
    Market,
    Membership,
    Rule,
    Sale,
    Vehicle,
    VehicleSource,
)
from nevbook.data.models import Source
from nevbook.data.package import cached, data_folder, read_descriptor, read_table

T = TypeVar("T")
TABLES = (
    *("countries", "memberships", "attributes", "facts", "fact_sources"),
    *("events", "event_sources", "ev_sales", "vehicles", "vehicle_sources", "fit_rules"),
)


@dataclass(frozen=True)
class Markets:
    """The market tables, whole or as seen on a day.

    Attributes
    ----------
    folder : Path
        Where they were read from.
    as_of : datetime.date
        The day on which they are seen; that of the newest row where they are whole.
    places : dict of Market
        By id: markets, the home market, blocs and areas.
    attributes, vehicles, sources : dict
        By id.
    memberships, facts, events, sales, rules : tuple
        In the order of the files; of an event that was revised, its newest row.
    """

    folder: Path
    as_of: dt.date
    places: dict[str, Market]
    attributes: dict[str, Attribute]
    vehicles: dict[str, Vehicle]
    sources: dict[str, Source]
    memberships: tuple[Membership, ...]
    facts: tuple[Fact, ...]
    events: tuple[Event, ...]
    sales: tuple[Sale, ...]
    rules: tuple[Rule, ...] = ()
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

        def known(rows: Iterable) -> tuple:
            return tuple(r for r in rows if r.recorded <= day)

        return Markets(
            self.folder,
            day,
            {k: p for k, p in self.places.items() if p.recorded <= day},
            self.attributes,
            {k: v for k, v in self.vehicles.items() if v.recorded <= day},
            self.sources,
            *map(known, (self.memberships, self.facts, self._stated, self.sales)),
            self.rules,
        )

    def listed(self, *kinds: str) -> list[Market]:
        """Return the places of some kinds, markets if none is named, in the order of their names."""
        return sorted((p for p in self.places.values() if p.kind in (kinds or ("market",))), key=lambda p: p.name)

    def market(self, name: str) -> Market:
        """Return a place by its id, in any case, or by its name.

        Raises ChoiceError where there is none; names the nearest.
        """
        by_name = {p.name.casefold(): p for p in self.places.values()}
        place = self.places.get(name.upper()) or by_name.get(name.casefold())
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

    def latest(self, market: str, attribute: str) -> Fact | None:
        """Return the newest outcome of an attribute, a market's own before that of a bloc; None where unknown."""
        return next((f for f in self.facts_of(market, attribute) if f.outcome), None)

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


_day = functools.lru_cache(maxsize=4096)(dt.date.fromisoformat)


def _revised(events: tuple[Event, ...]) -> tuple[Event, ...]:
    """Leave out the events of which a later row of the same market, title, start, makers and powertrains tells."""

    def thing(event: Event) -> tuple[object, ...]:
        return event.market, event.title, event.effective_from, event.makers, event.powertrains

    newest: dict[tuple[object, ...], dt.date] = {}
    for event in events:
        newest[thing(event)] = max(event.recorded, newest.get(thing(event), dt.date.min))
    return tuple(e for e in events if e.recorded == newest[thing(e)])


def split(text: str) -> tuple[str, ...]:
    """Read a list of the tables: its parts are set apart by ``;``."""
    return tuple(part.strip() for part in text.split(";")) if text else ()


_FORMS: dict[object, Callable[[str], object]] = {  # by the type of a field
    "str": str, "int": int, "float": float, "tuple[str, ...]": split, "dt.date": _day,
    "float | None": lambda text: float(text) if text else None,
    "dt.date | None": lambda text: _day(text) if text else None,
}  # fmt: skip
_FIELDS = {"from": "first", "to": "last"}  # columns that cannot be names in Python


def _rows(folder: Path, name: str, kind: type[T], sources: Mapping[str, Iterable] | None = None) -> list[T]:
    """Read a table as objects, each cell in the form of its field; `sources` by the id of a row."""
    forms = {f.name: _FORMS[f.type] for f in dataclasses.fields(kind) if f.type in _FORMS}  # type: ignore[arg-type]
    rows = []
    for number, row in enumerate(read_table(folder, name), start=2):
        more = {} if sources is None else {"sources": tuple(sources.get(row["id"], ()))}
        cells = {_FIELDS.get(column, column): cell for column, cell in row.items()}
        try:
            rows.append(kind(**{k: forms[k](v) for k, v in cells.items() if k in forms}, **more))
        except ValueError as error:
            raise DataError(f"markets/{name}.csv, row {number}: {error}. `nevbook check` lists every issue.") from None
    return rows


@cached
def _load(folder: Path, stamp: tuple[tuple[str, int, int], ...]) -> Markets:
    cited: dict[str, dict[str, list]] = {"fact": defaultdict(list), "event": defaultdict(list)}
    for key, by_id in cited.items():
        for row in read_table(folder, f"{key}_sources"):
            by_id[row[key]].append(row["source"])
    read: dict[str, list[VehicleSource]] = defaultdict(list)
    for row in read_table(folder, "vehicle_sources"):
        read[row["vehicle"]].append(VehicleSource(row["property"], row["source"], row["note"]))
    facts, events = _rows(folder, "facts", Fact, cited["fact"]), _rows(folder, "events", Event, cited["event"])
    vehicles, sales = _rows(folder, "vehicles", Vehicle, read), _rows(folder, "ev_sales", Sale)
    return Markets(
        folder,
        max((r.recorded for r in (*facts, *events, *vehicles, *sales)), default=dt.date.min),
        {p.id: p for p in _rows(folder, "countries", Market)},
        {a.id: a for a in _rows(folder, "attributes", Attribute)},
        {v.id: v for v in vehicles},
        {r["id"]: Source(**r) for r in read_table(folder, "sources")},
        tuple(_rows(folder, "memberships", Membership)),
        tuple(facts),
        tuple(events),
        tuple(sales),
        tuple(_rows(folder, "fit_rules", Rule)),
    )


def declared(folder: Path) -> bool:
    """Whether a data package has the market tables."""
    return set(TABLES) <= {r["name"] for r in read_descriptor(folder)["resources"]}


def load_markets(data_dir: Path | str | None = None) -> Markets:
    """Load the market tables.

    Raises DataError where a file is missing or a row cannot be read; names file and row.
    """
    folder = data_folder(data_dir)
    paths = {r["name"]: r["path"] for r in read_descriptor(folder)["resources"]}
    files = [paths[t] for t in (*TABLES, "sources") if t in paths]
    stamp = tuple((f, p.stat().st_size, p.stat().st_mtime_ns) for f in files if (p := folder / f).exists())
    return _load(folder, stamp)
