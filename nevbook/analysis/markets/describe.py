"""What is known of a market on a date, computed once; terminal, pages, feeds, database and JSON render it."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from nevbook.data.markets import models
from nevbook.data.markets.dataset import Markets
from nevbook.data.markets.models import TOPICS, Attribute, Event, Fact, Market, Sale


@dataclass(frozen=True)
class MarketProfile:
    """What is known of one market on `Markets.as_of`."""

    markets: Markets  # as seen on the date
    market: Market
    facts: dict[str, dict[str, list[Fact]]]  # by topic and attribute, those of its blocs too; the newest first
    newest: dict[str, Fact]  # the newest outcome of each attribute
    events: dict[str, list[Event]]  # by state, those of its blocs while it is a member too; by their start
    sales: list[Sale]  # electric cars, as the table orders them
    missing: dict[str, list[Attribute]]  # by topic: what is looked for in every market and has no outcome here
    coverage: dict[str, dict[str, int]]  # by topic: how many attributes are known, stale or missing

    def all_facts(self) -> list[Fact]:
        """Return the facts of all topics."""
        return [f for by_attribute in self.facts.values() for rows in by_attribute.values() for f in rows]

    def all_events(self) -> list[Event]:
        """Return the events of all states, by their start."""
        return sorted((e for rows in self.events.values() for e in rows), key=lambda e: e.order)

    def in_force(self, direction: str) -> int:
        """Count the events in force that help or hinder an exporter."""
        return sum(e.direction == direction for e in self.events.get(models.IN_FORCE, []))

    def newest_sale(self, metric: str) -> Sale | None:
        """Return the newest figure of its electric cars; see `newest_sale`."""
        return newest_sale(self.markets, self.market.id, metric)

    def known_part(self) -> float:
        """Return the share, in percent, of what is looked for that is known and fresh."""
        counts = self.coverage.values()
        return 100 * sum(c[models.KNOWN] for c in counts) / max(sum(sum(c.values()) for c in counts), 1)

    def as_dict(self) -> dict[str, object]:
        """Return it as plain values for `json`."""
        facts, events = self.all_facts(), self.all_events()
        used = [s for r in (*facts, *events) for s in r.sources] + [s.source for s in self.sales]
        return {
            "market": row_dict(self.market),
            "as_of": self.markets.as_of.isoformat(),
            "blocs": self.markets.blocs(self.market.id),
            "facts": {
                topic: [fact_dict(self.markets, f) for rows in self.facts[topic].values() for f in rows]
                for topic in TOPICS
            },
            "missing": {topic: [a.id for a in rows] for topic, rows in self.missing.items()},
            "coverage": self.coverage,
            "ev_sales": [row_dict(s) for s in self.sales],
            "events": [event_dict(self.markets, e) for e in events],
            "sources": sources_dict(self.markets, [self.market.source, *used]),
        }


def describe(markets: Markets, market: str) -> MarketProfile:
    """Compute the profile of a market, given its id, on `as_of`."""
    facts: dict[str, dict[str, list[Fact]]] = {topic: {} for topic in TOPICS}
    events: dict[str, list[Event]] = {}
    missing: dict[str, list[Attribute]] = {topic: [] for topic in TOPICS}
    coverage = {topic: {models.KNOWN: 0, models.STALE: 0, models.MISSING: 0} for topic in TOPICS}
    newest: dict[str, Fact] = {}
    for fact in markets.facts_of(market):
        facts[markets.attributes[fact.attribute].topic].setdefault(fact.attribute, []).append(fact)
        if fact.outcome:
            newest.setdefault(fact.attribute, fact)
    for event in markets.events_of(market):
        events.setdefault(event.state(markets.as_of), []).append(event)
    for attribute in markets.attributes.values():
        if attribute.id in newest:
            fresh = markets.freshness(newest[attribute.id]) == models.FRESH
            coverage[attribute.topic][models.KNOWN if fresh else models.STALE] += 1
        elif attribute.id in markets.expected:
            coverage[attribute.topic][models.MISSING] += 1
            missing[attribute.topic].append(attribute)
    sales = markets.sales_of(market)
    return MarketProfile(markets, markets.places[market], facts, newest, events, sales, missing, coverage)


def newest_sale(markets: Markets, market: str, metric: str) -> Sale | None:
    """Return the newest figure of all electric cars of a market; the two kinds are added from one source only."""
    sales = [s for s in markets.sales_of(market) if s.metric == metric]
    whole = [s for s in sales if s.powertrain == "ev"]
    if not whole:
        plug_ins = {(s.source, s.year): s.value for s in sales if s.powertrain == "phev"}
        battery = [s for s in sales if s.powertrain == "bev" and (s.source, s.year) in plug_ins]
        whole = [dataclasses.replace(s, powertrain="ev", value=s.value + plug_ins[s.source, s.year]) for s in battery]
    return max(whole, key=lambda s: (s.year, markets.sources[s.source].published), default=None)


def row_dict(row: object) -> dict[str, object]:
    """Return a row of the tables as plain values: dates as ISO 8601, lists as lists."""
    plain = {dt.date: dt.date.isoformat, tuple: list}
    values = {f.name: getattr(row, f.name) for f in dataclasses.fields(row)}  # type: ignore[arg-type]
    return {name: plain[type(v)](v) if type(v) in plain else v for name, v in values.items()}


def fact_dict(markets: Markets, fact: Fact) -> dict[str, object]:
    """Return a fact with its name, unit and freshness, as plain values."""
    about = markets.attributes[fact.attribute]
    named = {"name": about.name, "name_zh": about.name_zh, "unit": about.unit, "datatype": about.datatype}
    return row_dict(fact) | named | {"freshness": markets.freshness(fact)}


def event_dict(markets: Markets, event: Event) -> dict[str, object]:
    """Return an event with its state on `as_of`, as plain values."""
    return row_dict(event) | {"state": event.state(markets.as_of), "weak": markets.is_weak(event)}


def sources_dict(markets: Markets, used: Iterable[str]) -> dict[str, dict[str, object]]:
    """Return the sources named, by id, in the order of the table."""
    wanted = set(used)
    return {i: row_dict(s) for i, s in markets.sources.items() if i in wanted}
