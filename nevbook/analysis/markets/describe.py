"""What is told of a market on a day: in words, and as one object for machines.

The terminal, the JSON of a market, the pages and the database tell the same: they take it from here.
"""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Iterable
from dataclasses import fields

from nevbook.common import formatting
from nevbook.common.i18n import word
from nevbook.data.markets.dataset import Markets
from nevbook.data.markets.models import TOPICS, Attribute, Event, Fact, Sale


def grouped(text: str) -> str:
    """Write the digits of a plain number in groups: 1059990 becomes 1,059,990."""
    whole, dot, rest = text.partition(".")
    sign, digits = (word("minus"), whole[1:]) if whole.startswith("-") else ("", whole)
    return f"{sign}{int(digits):,}{dot}{rest}" if digits.isdigit() else text


def value_text(fact: Fact, attribute: Attribute, currency: str = "") -> str:
    """Write a fact's value with qualifier and unit.

    Parameters
    ----------
    fact : Fact
        What is told.
    attribute : Attribute
        Of the fact.
    currency : str
        Of the market, for prices.

    Returns
    -------
    str
        Plain text, as in ``about 572,000 vehicles``.
    """
    value = fact.value
    if attribute.datatype == "number":
        value = word("market.rank", n=value) if attribute.unit == "rank" else grouped(value)
    elif attribute.datatype == "range" and "-" in value:
        low, high = value.split("-")
        value = word("market.range", low=grouped(low), high=grouped(high))
    elif attribute.datatype == "tags":
        value = ", ".join(fact.tags)
    prefix = word(f"qualifier.{fact.qualifier}") if fact.qualifier != "=" else ""
    unit = word(f"market.unit.{attribute.unit}", currency=currency) if attribute.unit else ""
    return f"{prefix}{value}{unit}"


def when_text(event: Event) -> str:
    """Write when an event holds, as precisely as it is known: ``from July 2022; no end seen``."""
    start = formatting.period(event.effective_from)
    if event.ending == "single":
        return word("market.when.single", start=start)
    if event.effective_to:
        return word("market.when.span", start=start, end=formatting.period(event.effective_to))
    return word("market.when.unknown", start=start)


def amount_text(event: Event) -> str:
    """Write how much an event is about: ``20 to 38 percent``; empty where it has no amount."""
    if not event.value:
        return ""
    low, dash, high = event.value.partition("-")
    number = word("market.range", low=grouped(low), high=grouped(high)) if dash and low else grouped(event.value)
    unit = word(f"market.unit.{event.unit}") if event.unit == "percentage_points" else f" {event.unit}"
    return f"{number}{unit}".strip()


def newest_sale(markets: Markets, market: str, metric: str) -> Sale | None:
    """Return the newest figure of the electric cars of a market, of the newest publication where several tell of it.

    Where none tells of all electric cars together it is that of the battery electric ones; its `powertrain` says so.
    """
    told = [s for s in markets.sales_of(market) if s.metric == metric]
    found = [s for s in told if s.powertrain == "ev"] or [s for s in told if s.powertrain == "bev"]
    return max(found, key=lambda s: (s.year, markets.sources[s.source].published), default=None)


def sale_text(sale: Sale) -> str:
    """Write a figure of electric cars: cars, or percent."""
    return formatting.number(sale.value, sale.unit) + (word("mark.percent") if sale.unit == "percent" else "")


def is_weak(markets: Markets, event: Event) -> bool:
    """Whether only secondary sources tell of an event."""
    return all(markets.sources[s].tier == "secondary" for s in event.sources)


@functools.lru_cache(maxsize=32)
def _columns(kind: type) -> tuple[str, ...]:
    return tuple(f.name for f in fields(kind))


def row(one: object) -> dict[str, object]:
    """Return a row of the tables as plain values: days as ISO 8601, lists as lists."""
    found: dict[str, object] = {}
    for name in _columns(type(one)):
        value = getattr(one, name)
        found[name] = (
            value.isoformat() if isinstance(value, dt.date) else list(value) if isinstance(value, tuple) else value
        )
    return found


def fact_dict(markets: Markets, fact: Fact) -> dict[str, object]:
    """Return a fact with its name, unit and freshness, as plain values."""
    about = markets.attributes[fact.attribute]
    named = {"name": about.name, "name_zh": about.name_zh, "unit": about.unit, "datatype": about.datatype}
    return row(fact) | named | {"freshness": markets.freshness(fact)}


def event_dict(markets: Markets, event: Event) -> dict[str, object]:
    """Return an event with its state on `as_of`, as plain values."""
    return row(event) | {"state": event.state(markets.as_of), "weak": is_weak(markets, event)}


def sources_dict(markets: Markets, used: Iterable[str]) -> dict[str, dict[str, object]]:
    """Return the sources named, by id, in the order of the table."""
    wanted = set(used)
    return {i: row(s) for i, s in markets.sources.items() if i in wanted}


def market_dict(markets: Markets, market: str) -> dict[str, object]:
    """Return all that is known of a market on `as_of`.

    Parameters
    ----------
    markets : Markets
        As seen on the day.
    market : str
        Id of a place.

    Returns
    -------
    dict
        ``market``, ``as_of``, ``blocs``, ``facts`` by topic (those of its blocs too), ``missing`` by
        topic, ``coverage``, ``ev_sales``, ``events`` (those of its blocs while it is a member) and
        ``sources``; plain values for `json`.
    """
    facts, events, sales = markets.facts_of(market), markets.events_of(market), markets.sales_of(market)
    lacking = markets.missing(market)
    used = [s for r in (*facts, *events) for s in r.sources] + [s.source for s in sales]
    return {
        "market": row(markets.places[market]),
        "as_of": markets.as_of.isoformat(),
        "blocs": markets.blocs(market),
        "facts": {
            topic: [fact_dict(markets, f) for f in facts if markets.attributes[f.attribute].topic == topic]
            for topic in TOPICS
        },
        "missing": {topic: [a.id for a in lacking if a.topic == topic] for topic in TOPICS},
        "coverage": markets.coverage(market),
        "ev_sales": [row(s) for s in sales],
        "events": [event_dict(markets, e) for e in events],
        "sources": sources_dict(markets, [markets.places[market].source, *used]),
    }
