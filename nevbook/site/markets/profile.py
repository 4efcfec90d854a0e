"""The page of one market: what it demands, what is coming, what is known of it."""

from __future__ import annotations

import html
from collections.abc import Iterable

from nevbook.analysis.markets.describe import amount_text, is_weak, newest_sale, sale_text
from nevbook.common import formatting
from nevbook.common.formatting import period
from nevbook.common.html import table
from nevbook.common.i18n import word
from nevbook.data.markets.dataset import Markets
from nevbook.data.markets.models import (
    COMING,
    EXPIRED,
    FRESH,
    HAPPENED,
    IN_FORCE,
    PROPOSED,
    TOPICS,
    Event,
    Fact,
    Market,
    Sale,
)
from nevbook.site.markets.cards import Entries, fact_text

GROUPS = (COMING, IN_FORCE, PROPOSED, HAPPENED, EXPIRED)  # in the order of their use to a reader
_GLANCE = ("dc_connector", "emission_standard_light", "koppen_dominant")


class Told:
    """What the database tells of one market, put in order once.

    Parameters
    ----------
    data : Markets
        As the edition sees them.
    market : Market
        Of which to tell.
    """

    def __init__(self, data: Markets, market: Market) -> None:
        self.data, self.market = data, market
        self.facts: dict[str, list[Fact]] = {}
        for fact in data.facts_of(market.id):
            self.facts.setdefault(fact.attribute, []).append(fact)
        self.newest = data.newest(market.id)
        self.events: dict[str, list[Event]] = {}
        for event in data.events_of(market.id):
            self.events.setdefault(event.state(data.as_of), []).append(event)

    def winds(self, direction: str) -> int:
        """Count the events in force that blow one way."""
        return sum(e.direction == direction for e in self.events.get(IN_FORCE, []))

    def sale(self, metric: str) -> Sale | None:
        """Return the newest figure of its electric cars; see `newest_sale`."""
        return newest_sale(self.data, self.market.id, metric)


def when(event: Event) -> str:
    """Write when an event holds, no more exactly than its source, as the terminal does: HTML."""
    start = stamp(event.effective_from)
    if event.ending == "single":
        return word("market.when.single", start=start)
    if event.effective_to:
        return word("market.when.span", start=start, end=stamp(event.effective_to))
    return word("market.when.unknown", start=start)


def stamp(text: str) -> str:
    """Write a day, month or year as HTML."""
    return f'<time datetime="{html.escape(text)}">{html.escape(period(text))}</time>'


def event_rows(data: Markets, events: Iterable[Event], entries: Entries | None, of: Market | None = None) -> list[dict]:
    """Return events as the template lists them."""
    found = []
    for event in events:
        place, value = data.places[event.market], amount_text(event)
        shared = of is not None and event.market != of.id
        text = f"{event.title}: {value}" if value else event.title
        there = f'<a href="alerts.html#e-{html.escape(event.id)}">{html.escape(text)}</a>'
        more = [event.applies_to and word("markets.applies", what=event.applies_to), event.note]
        found.append(
            {
                "id": event.id,
                "direction": event.direction,
                "wind": word(f"markets.wind.{event.direction}"),
                "when": when(event),
                "title": entries.event(event, text, value) if entries else there,
                "market": "" if of else linked_place(place),
                "bloc": word("markets.bloc", bloc=place.name) if shared else "",
                "weak": word("market.weak") if is_weak(data, event) else "",
                "more": ". ".join(x[0].upper() + x[1:].rstrip(".") for x in more if x),
            }
        )
    return found


def linked_place(place: Market) -> str:
    """Name a place, as a link to its page where it has one: HTML."""
    name = html.escape(place.name)
    return name if place.kind == "area" else f'<a href="{html.escape(place.id)}.html">{name}</a>'


def of_what(sale: Sale) -> str:
    """Say of which year a figure is, and of which cars where it is not of all electric ones."""
    key = "markets.glance.one" if sale.powertrain == "ev" else f"markets.glance.one.{sale.powertrain}"
    return word(key, period=sale.year)


def fact_html(told: Told, fact: Fact, entries: Entries) -> str:
    """Write a fact: its value as a link to its entry, and what it must not be taken for."""
    shown = entries.fact(fact, fact_text(told.data, fact))
    if not fact.outcome:
        shown += f' <span class="nev-tag">{html.escape(word(f"market.kind.{fact.kind}"))}</span>'
    if fact.market != told.market.id:
        shown += f' <span class="nev-tag">{html.escape(told.data.places[fact.market].name)}</span>'
    return shown


def topic_table(told: Told, topic: str, entries: Entries) -> str:
    """Write what is known of a market on one topic; an empty text where nothing is."""
    body = []
    for one in told.data.attributes.values():
        listed = told.facts.get(one.id, []) if one.topic == topic else []
        if not listed:
            continue
        first, rest = listed[0], listed[1:]
        shown = fact_html(told, first, entries)
        if rest:
            before = "; ".join(f"{fact_html(told, f, entries)} ({html.escape(period(f.period))})" for f in rest)
            shown += f"<small>{word('markets.others', listed=before)}</small>"
        state = told.data.freshness(first)
        mark = "" if state == FRESH else f' class="nev-tag nev-{state}"'
        body.append(
            [
                f'<span id="f-{html.escape(one.id)}">{html.escape(one.name)}</span>',
                shown,
                html.escape(period(first.period) or word("markets.undated.period")),
                f"<span{mark}>{html.escape(word(f'market.{state}'))}</span>",
            ]
        )
    if not body:
        return ""
    heads = [word(f"markets.column.{k}") for k in ("fact", "value", "period", "fresh")]
    return table(heads, body, word("markets.facts.caption", topic=word(f"market.topic.{topic}"), name=told.market.name))


def gaps(told: Told) -> list[tuple[str, str]]:
    """Return what is looked for in every market and not known of this one, by topic."""
    missing = told.data.missing(told.market.id)
    found = [(t, [a.name for a in missing if a.topic == t]) for t in TOPICS]
    return [(word(f"market.topic.{t}"), formatting.listing(names)) for t, names in found if names]


def glance(told: Told, entries: Entries) -> list[tuple[str, str, str]]:
    """Return what an export manager looks for first: label, value as HTML (empty: not known), what stands beside it."""
    found = []
    side = told.newest.get("driving_side")
    if side:
        shown = entries.fact(side, word(f"markets.wheel.{side.value}"))
        found.append((word("markets.glance.steering"), shown, word("markets.wheel.beside", side=side.value)))
    else:
        found.append((word("markets.glance.steering"), "", ""))
    for metric in ("sales_share", "sales"):
        sale = told.sale(metric)
        shown = entries.sale(sale, sale_text(sale)) if sale else ""
        found.append((word(f"markets.glance.{metric}"), shown, of_what(sale) if sale else ""))
    if told.events:
        counts = [(d, told.winds(d)) for d in ("headwind", "tailwind")]
        said = ", ".join(word(f"markets.{d}" if n == 1 else f"markets.{d}s", n=n) for d, n in counts)
        said = f'<a href="#policy">{html.escape(said)}</a>'
        found.append((word("markets.glance.winds"), said, ""))
        ahead = told.events.get(COMING, [])
        shown = f'<a href="#{COMING}">{stamp(ahead[0].effective_from)}</a>' if ahead else ""
        found.append((word("markets.glance.next"), shown, ahead[0].title if ahead else ""))
    else:
        found.append((word("markets.glance.winds"), "", word("markets.glance.noevents")))
    for attribute in _GLANCE:
        shown = beside = ""
        if fact := told.newest.get(attribute):
            shown = entries.fact(fact, fact_text(told.data, fact))
            note = fact.note if attribute == "koppen_dominant" else ""  # what the class is
            beside = ", ".join(x for x in (note, period(fact.period)) if x)
        found.append((word(f"markets.glance.{attribute}"), shown, beside))
    return found
