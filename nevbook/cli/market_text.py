"""Markets in the terminal: what is known of one, several side by side, warnings, the fit of a vehicle."""

from __future__ import annotations

import datetime as dt
import textwrap
import unicodedata
from collections.abc import Iterable

from nevbook.analysis.markets.alerts import REASONS, Alert
from nevbook.analysis.markets.describe import amount_text, grouped, is_weak, value_text, when_text
from nevbook.analysis.markets.fit import Fit
from nevbook.common import formatting
from nevbook.common.i18n import word
from nevbook.data.markets.dataset import Markets
from nevbook.data.markets.models import FRESH, STATES, TOPICS, Event, Fact

WIDTH = 80
_YEARS = 5  # of a series of sales
_SECOND = "\ue000"


class _Notes:
    """Numbers for sources, in the order in which they are used."""

    def __init__(self, markets: Markets) -> None:
        self.markets = markets
        self.numbers: dict[str, int] = {}

    def mark(self, sources: Iterable[str]) -> str:
        found = [self.numbers.setdefault(s, len(self.numbers) + 1) for s in sources]
        return "".join(f" [{n}]" for n in found)

    def lines(self) -> list[str]:
        if not self.numbers:
            return []
        said = ["", word("market.sources")]
        for source, number in self.numbers.items():
            one = self.markets.sources[source]
            parts = [
                f"{one.publisher}: {one.title}",
                formatting.period(one.published) if one.published else "",
                one.url,
            ]
            tier = word(f"tier.{one.tier}")
            said += _wrapped(f"[{number}] " + ", ".join(filter(None, [*parts, tier, one.licence])), 0, 4)
        return said


def _wrapped(text: str, first: int, rest: int) -> list[str]:
    # a Chinese character takes two columns: a mark beside it stands for the second while lines are cut
    wide = "".join(c + _SECOND if unicodedata.east_asian_width(c) in "WF" else c for c in text)
    lines = textwrap.wrap(
        wide, WIDTH, initial_indent=" " * first, subsequent_indent=" " * rest,
        break_long_words=False, break_on_hyphens=False,
    )  # fmt: skip
    return [line.replace(_SECOND, "") for line in lines]


def _dated(markets: Markets, fact: Fact) -> str:
    """Say when a fact holds, what kind it is and how old."""
    parts = [formatting.period(fact.period)] if fact.period else []
    parts += [word(f"market.kind.{fact.kind}")] if fact.kind != "stated" else []
    age = markets.freshness(fact)
    parts += [word(f"market.{age}")] if age != FRESH else []
    return "; ".join(parts)


def _fact(markets: Markets, fact: Fact, market: str) -> str:
    currency = markets.places[fact.market].currency
    text = value_text(fact, markets.attributes[fact.attribute], currency)
    dated = _dated(markets, fact)
    if fact.market != market:
        dated = "; ".join(filter(None, [dated, word("market.by_bloc", bloc=markets.places[fact.market].name)]))
    if fact.contributor:
        dated = "; ".join(filter(None, [dated, word("market.contributor", name=fact.contributor)]))
    return text + (f" ({dated})" if dated else "") + (f" – {fact.note}" if fact.note else "")


def _event(markets: Markets, event: Event, market: str | None, notes: _Notes) -> list[str]:
    amount = amount_text(event)
    parts = [event.title + (f" ({amount})" if amount else "")]
    if event.applies_to:
        parts.append(word("market.applies", what=event.applies_to))
    if event.market != market:
        parts.append(word("market.by_bloc", bloc=markets.places[event.market].name) if market else "")
    if event.status != "adopted":
        parts.append(word(f"market.status.{event.status}"))
    if is_weak(markets, event):
        parts.append(word("market.weak"))
    if event.contributor:
        parts.append(word("market.contributor", name=event.contributor))
    said = "; ".join(filter(None, parts)) + (f" – {event.note}" if event.note else "")
    mark = word(f"market.mark.{event.direction}")
    where = "" if market else f"{markets.places[event.market].name}: "
    return _wrapped(f"{mark}, {when_text(event)}: {where}{said}{notes.mark(event.sources)}", 2, 6)


def market_lines(markets: Markets, market: str) -> list[str]:
    """Write what is known of a market on `as_of`."""
    place, notes = markets.places[market], _Notes(markets)
    facts, events = markets.facts_of(market), markets.events_of(market)
    head = ", ".join(filter(None, [f"{place.name} ({place.id})", place.subregion or place.region, place.capital]))
    said = _wrapped(head, 0, 2)
    if place.note:
        said += _wrapped(place.note, 0, 2)
    if blocs := markets.blocs(market):
        said += _wrapped(word("market.member", blocs=", ".join(blocs)), 0, 2)
    head = word("market.head", day=formatting.date(markets.as_of), facts=len(facts), events=len(events))
    if days := sorted({r.checked for r in (*facts, *events)}):
        key = "market.head.checked" if days[0] == days[-1] else "market.head.checked.span"
        head += " " + word(key, first=formatting.date(days[0]), last=formatting.date(days[-1]))
    said += _wrapped(head, 0, 2)
    gaps = markets.missing(market)
    for topic in TOPICS:
        said += ["", f"{word(f'market.topic.{topic}')} {word(f'market.topic.{topic}.zh')}"]
        said += _facts(markets, market, topic, facts, notes) or [f"  {word('market.nothing')}"]
        lacking = [a.name for a in gaps if a.topic == topic]
        if lacking:
            said += _wrapped(word("market.gap", names="; ".join(lacking)), 2, 6)
    said += _sales(markets, market, notes)
    for state in STATES:
        some = [e for e in events if e.state(markets.as_of) == state]
        if some:
            said += ["", word("market.events", state=word(f"market.state.{state}"))]
            said += [line for e in some for line in _event(markets, e, market, notes)]
    if not events:
        said += ["", word("market.no_events")]
    return said + notes.lines()


def _facts(markets: Markets, market: str, topic: str, facts: list[Fact], notes: _Notes) -> list[str]:
    said: list[str] = []
    for about in markets.attributes.values():
        rows = [f for f in facts if f.attribute == about.id] if about.topic == topic else []
        for number, fact in enumerate(rows):
            name = f"{about.name}: " if number == 0 else ""
            said += _wrapped(f"{name}{_fact(markets, fact, market)}{notes.mark(fact.sources)}", 2 if name else 6, 6)
    return said


def _sales(markets: Markets, market: str, notes: _Notes) -> list[str]:
    series: dict[tuple[str, str, str, str], list[tuple[int, float]]] = {}
    for sale in markets.sales_of(market):
        key = (sale.source, sale.powertrain, sale.metric, sale.unit)
        series.setdefault(key, []).append((sale.year, sale.value))
    said = ["", word("market.sales")]
    if not series:
        return [*said, f"  {word('market.nothing')}"]
    for (source, powertrain, metric, unit), points in series.items():
        name = f"{word(f'market.metric.{metric}')}, {word(f'market.powertrain.{powertrain}')}"
        mark = word("mark.percent") if unit == "percent" else ""
        told = "; ".join(f"{y} {grouped(f'{v:.15g}')}{mark}" for y, v in sorted(points)[-_YEARS:])
        said += _wrapped(f"{name}: {told}{notes.mark([source])}", 2, 6)
    return [*said, f"  {word('market.sales.overlap')}"]


def compare_lines(markets: Markets, chosen: list[str]) -> list[str]:
    """Write markets side by side, attribute by attribute; parameters as of `market_lines`."""
    notes = _Notes(markets)
    said = _wrapped(" | ".join(f"{markets.places[m].name} ({m})" for m in chosen), 0, 2)
    said += [word("market.as_of", day=formatting.date(markets.as_of))]
    for topic in TOPICS:
        block: list[str] = []
        for about in (a for a in markets.attributes.values() if a.topic == topic):
            found = {m: markets.latest(m, about.id) for m in chosen}
            if not any(found.values()):
                continue
            block += _wrapped(about.name, 2, 4)
            for m, fact in found.items():
                text = _fact(markets, fact, m) + notes.mark(fact.sources) if fact else word("market.unknown")
                block += _wrapped(f"{m}  {text}", 4, 9)
        if block:
            said += ["", f"{word(f'market.topic.{topic}')} {word(f'market.topic.{topic}.zh')}", *block]
    said += ["", word("market.events.now")]
    for m in chosen:
        counts = [e.state(markets.as_of) for e in markets.events_of(m)]
        told = ", ".join(f"{counts.count(s)} {word(f'market.state.{s}')}" for s in STATES if s in counts)
        said += _wrapped(f"{m}  {told or word('market.nothing')}", 4, 9)
    return said + notes.lines()


def alert_lines(markets: Markets, found: list[Alert], since: dt.date, market: str | None) -> list[str]:
    """Write warnings, the coming ones first."""
    notes = _Notes(markets)
    day = formatting.date(markets.as_of)
    said = _wrapped(word("alert.head", n=len(found), since=formatting.date(since), day=day), 0, 2)
    for reason in REASONS:
        some = [a for a in found if a.reason == reason]
        if not some:
            continue
        said += ["", word(f"alert.{reason}")]
        for one in some:
            said += _event(markets, one.event, market, notes)
            if not one.sure:
                said += _wrapped(word("fit.measure.possible"), 6, 6)
    return said + notes.lines()


def fit_lines(markets: Markets, found: Fit) -> list[str]:
    """Write how a vehicle fits a market, a line a demand."""
    notes = _Notes(markets)
    car, place = found.vehicle, markets.places[found.market]
    version = word(f"market.powertrain.{found.powertrain}") if found.powertrain else word("market.unknown")
    said = _wrapped(
        word(
            "fit.head", vehicle=car.name, vehicle_zh=car.name_zh, market=place.name, version=version,
            origin=markets.places[found.origin].name, day=formatting.date(markets.as_of),
        ), 0, 2,
    )  # fmt: skip
    if len(car.powertrains) > 1:
        others = ", ".join(p for p in car.powertrains if p != found.powertrain)
        said += _wrapped(word("fit.versions", others=others), 0, 2)
    if car.note:
        said += _wrapped(word("fit.vehicle_note", note=car.note), 0, 2)
    said.append("")
    for one in found.lines:
        verdict = f"{word(f'fit.{one.verdict}')} {word(f'fit.{one.verdict}.zh')}"
        dated = f" ({word('market.checked', day=formatting.date(one.checked))})" if one.checked else ""
        name = f"{one.rule.name} {one.rule.name_zh}"
        said += _wrapped(f"{verdict} | {name}: {one.text}{dated}{notes.mark(one.sources)}", 0, 4)
    if found.duties:
        said += ["", word("fit.duties")]
    for duty in found.duties:
        amount = f": {duty.amount}" if duty.amount else ""
        parts = [f"{duty.title}{amount}", duty.when, word("market.state.coming") if duty.coming else ""]
        parts += ["" if duty.sure else word("duty.possible"), duty.behind.note]
        weak = isinstance(duty.behind, Event) and is_weak(markets, duty.behind)
        parts += [word("market.weak")] if weak else []
        said += _wrapped(
            f"{word(f'duty.role.{duty.role}')}: {'; '.join(filter(None, parts))}{notes.mark(duty.behind.sources)}", 2, 6
        )
    said += ["", *_wrapped(word("fit.disclaimer"), 0, 0), word("fit.disclaimer.zh")]
    return said + notes.lines()
