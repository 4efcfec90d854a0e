"""Markets in the terminal: what is known of one, several side by side, warnings, the fit of a vehicle."""

from __future__ import annotations

import datetime as dt
import textwrap
import unicodedata
from collections.abc import Iterable

from nevbook.analysis.markets.alerts import REASONS, Alert
from nevbook.analysis.markets.describe import MarketProfile, event_dict, fact_dict, row_dict, sources_dict
from nevbook.analysis.markets.fit import Fit
from nevbook.common import formatting
from nevbook.common.i18n import gettext as _
from nevbook.common.vocabulary import TIERS
from nevbook.data.markets.dataset import Markets
from nevbook.data.markets.models import FRESH, STATES, TOPICS, Event, Fact
from nevbook.report import market_labels as labels

WIDTH = 80
_YEARS = 5  # of a series of sales
_SECOND = "\ue000"


class _Notes:
    """Numbers for sources, in the order in which they are used."""

    def __init__(self, markets: Markets) -> None:
        self.markets = markets
        self.numbers: dict[str, int] = {}

    def mark(self, sources: Iterable[str]) -> str:
        numbers = [self.numbers.setdefault(s, len(self.numbers) + 1) for s in sources]
        return "".join(f" [{n}]" for n in numbers)

    def lines(self) -> list[str]:
        lines = ["", _("Sources")] if self.numbers else []
        for name, number in self.numbers.items():
            source = self.markets.sources[name]
            parts = [f"{source.publisher}: {source.title}", formatting.period(source.published), source.url]
            parts += [_(TIERS[source.tier]), source.licence]
            lines += _wrapped(f"[{number}] " + ", ".join(filter(None, parts)), 0, 4)
        return lines


def _wrapped(text: str, first: int, rest: int) -> list[str]:
    # a Chinese character takes two columns: a mark beside it stands for the second while lines are cut
    wide = "".join(c + _SECOND if unicodedata.east_asian_width(c) in "WF" else c for c in text)
    lines = textwrap.wrap(
        wide, WIDTH, initial_indent=" " * first, subsequent_indent=" " * rest,
        break_long_words=False, break_on_hyphens=False,
    )  # fmt: skip
    return [line.replace(_SECOND, "") for line in lines]


def _heading(topic: str) -> list[str]:
    return ["", f"{_(labels.TOPICS[topic])} {labels.TOPIC_ZH[topic]}"]


def _fact(markets: Markets, fact: Fact, market: str) -> str:
    """Write a fact, when it holds, what kind it is, how old and by whom."""
    freshness = markets.freshness(fact)
    parts = [
        formatting.period(fact.period),
        _(labels.KINDS[fact.kind]) if fact.kind != "stated" else "",
        _(labels.FRESHNESS[freshness]) if freshness != FRESH else "",
        _("by the {bloc}", bloc=markets.places[fact.market].name) if fact.market != market else "",
        _("proposed by {name}", name=fact.contributor) if fact.contributor else "",
    ]
    dated = "; ".join(filter(None, parts))
    text = labels.fact_text(markets, fact)
    return text + (f" ({dated})" if dated else "") + (f" – {fact.note}" if fact.note else "")


def _event(markets: Markets, event: Event, market: str | None, notes: _Notes) -> list[str]:
    place = markets.places[event.market].name
    parts = [
        labels.titled(event),
        _("applies to {what}", what=event.applies_to) if event.applies_to else "",
        _("by the {bloc}", bloc=place) if market and event.market != market else "",
        _(labels.STATUSES[event.status]) if event.status != "adopted" else "",
        _("weak source") if markets.is_weak(event) else "",
        _("proposed by {name}", name=event.contributor) if event.contributor else "",
    ]
    text = "; ".join(filter(None, parts)) + (f" – {event.note}" if event.note else "")
    head = f"{_(labels.DIRECTIONS[event.direction])}, {labels.when_text(event)}: {'' if market else f'{place}: '}"
    return _wrapped(f"{head}{text}{notes.mark(event.sources)}", 2, 6)


def market_lines(profile: MarketProfile) -> list[str]:
    """Write what is known of a market."""
    markets, place, notes = profile.markets, profile.market, _Notes(profile.markets)
    facts, events = profile.all_facts(), profile.all_events()
    name = ", ".join(filter(None, [f"{place.name} ({place.id})", place.subregion or place.region, place.capital]))
    lines = _wrapped(name, 0, 2) + _wrapped(place.note, 0, 2)
    if blocs := markets.blocs(place.id):
        lines += _wrapped(_("Member of {blocs}", blocs=", ".join(blocs)), 0, 2)
    head = _(
        "As of {day}: {facts} facts, {events} policy events. Facts older than they last are marked stale.",
        day=formatting.date(markets.as_of), facts=len(facts), events=len(events),
    )  # fmt: skip
    if dates := sorted({r.checked for r in (*facts, *events)}):
        first, last = formatting.date(dates[0]), formatting.date(dates[-1])
        if first == last:
            head += " " + _("All were last checked on {first}.", first=first)
        else:
            head += " " + _("They were last checked between {first} and {last}.", first=first, last=last)
    lines += _wrapped(head, 0, 2)
    for topic in TOPICS:
        lines += _heading(topic)
        for attribute, rows in profile.facts[topic].items():
            for n, fact in enumerate(rows):
                name = "" if n else f"{markets.attributes[attribute].name}: "
                text = f"{name}{_fact(markets, fact, place.id)}{notes.mark(fact.sources)}"
                lines += _wrapped(text, 6 if n else 2, 6)
        if not profile.facts[topic]:
            lines.append(f"  {_('nothing recorded')}")
        if missing := profile.missing[topic]:
            lines += _wrapped(_("Not recorded: {names}", names="; ".join(a.name for a in missing)), 2, 6)
    lines += _sales(profile, notes)
    for state in STATES:
        if state in profile.events:
            lines += ["", _("Policy events, {state}", state=_(labels.STATES[state]))]
            lines += [line for e in profile.events[state] for line in _event(markets, e, place.id, notes)]
    if not events:
        lines += ["", _("No policy event is recorded.")]
    return lines + notes.lines()


def _sales(profile: MarketProfile, notes: _Notes) -> list[str]:
    series: dict[tuple[str, str, str, str], list[tuple[int, float]]] = {}
    for sale in profile.sales:
        key = (sale.source, sale.powertrain, sale.metric, sale.unit)
        series.setdefault(key, []).append((sale.year, sale.value))
    lines = ["", _("Electric cars 电动汽车")]
    if not series:
        return [*lines, f"  {_('nothing recorded')}"]
    for (source, powertrain, metric, unit), points in series.items():
        name = f"{_(labels.METRICS[metric])}, {_(labels.POWERTRAINS[powertrain])}"
        mark = "%" if unit == "percent" else ""
        values = "; ".join(f"{y} {labels.grouped(f'{v:.15g}')}{mark}" for y, v in sorted(points)[-_YEARS:])
        lines += _wrapped(f"{name}: {values}{notes.mark([source])}", 2, 6)
    return [*lines, f"  {_('Series of different sources overlap and are not to be added up.')}"]


def compare_lines(profiles: list[MarketProfile]) -> list[str]:
    """Write markets side by side, attribute by attribute."""
    markets = profiles[0].markets
    notes = _Notes(markets)
    lines = _wrapped(" | ".join(f"{p.market.name} ({p.market.id})" for p in profiles), 0, 2)
    lines.append(_("As of {day}", day=formatting.date(markets.as_of)))
    for topic in TOPICS:
        known = [a for a in markets.attributes.values() if a.topic == topic and any(a.id in p.newest for p in profiles)]
        lines += _heading(topic) if known else []
        for attribute in known:
            lines += _wrapped(attribute.name, 2, 4)
            for profile in profiles:
                place, fact = profile.market.id, profile.newest.get(attribute.id)
                text = _fact(markets, fact, place) + notes.mark(fact.sources) if fact else _("not known")
                lines += _wrapped(f"{place}  {text}", 4, 9)
    lines += ["", _("Policy events")]
    for profile in profiles:
        counts = [f"{len(profile.events[s])} {_(labels.STATES[s])}" for s in STATES if s in profile.events]
        lines += _wrapped(f"{profile.market.id}  {', '.join(counts) or _('nothing recorded')}", 4, 9)
    return lines + notes.lines()


def alert_lines(markets: Markets, alerts: list[Alert], since: dt.date, market: str | None) -> list[str]:
    """Write warnings, the coming ones first."""
    notes = _Notes(markets)
    head = _(
        "{n} policy events since {since}, as of {day}",
        n=len(alerts), since=formatting.date(since), day=formatting.date(markets.as_of),
    )  # fmt: skip
    lines = _wrapped(head, 0, 2)
    for reason in REASONS:
        rows = [a for a in alerts if a.reason == reason]
        lines += ["", _(labels.REASONS[reason])] if rows else []
        for alert in rows:
            lines += _event(markets, alert.event, market, notes)
            lines += [] if alert.sure else _wrapped(_(labels.POSSIBLE), 6, 6)
    return lines + notes.lines()


def fit_lines(markets: Markets, fit: Fit) -> list[str]:
    """Write how a vehicle fits a market, a line a demand."""
    notes, car = _Notes(markets), fit.vehicle
    head = _(
        "{vehicle} {vehicle_zh} in {market}: {version}, built in {origin}; as of {day}",
        vehicle=car.name, vehicle_zh=car.name_zh, market=markets.places[fit.market].name,
        version=_(labels.POWERTRAINS[fit.powertrain]), origin=markets.places[fit.origin].name,
        day=formatting.date(markets.as_of),
    )  # fmt: skip
    lines = _wrapped(head, 0, 2)
    if len(car.powertrains) > 1:
        others = ", ".join(p for p in car.powertrains if p != fit.powertrain)
        lines += _wrapped(_("Other versions, with --powertrain: {others}.", others=others), 0, 2)
    if car.note:
        lines += _wrapped(_(labels.ON_PROFILE, note=car.note), 0, 2)
    lines.append("")
    for line in fit.lines:
        verdict, verdict_zh = labels.VERDICTS[line.verdict]
        head = f"{_(verdict)} {verdict_zh} | {line.rule.name} {line.rule.name_zh}: "
        dated = f" ({_('checked {day}', day=formatting.date(line.checked))})" if line.checked else ""
        lines += _wrapped(f"{head}{labels.line_text(markets, fit, line)}{dated}{notes.mark(line.sources)}", 0, 4)
    if fit.duties:
        lines += ["", _("Duties 关税")]
    for duty in fit.duties:
        texts = labels.duty_texts(markets, duty)
        parts = [
            ": ".join(filter(None, (texts["title"], texts["amount"]))),
            texts["when"],
            _("coming") if duty.coming else "",
            "" if duty.sure else _("whether it bears on this car is not recorded"),
            duty.behind.note,
            _("weak source") if isinstance(duty.behind, Event) and markets.is_weak(duty.behind) else "",
        ]
        text = f"{_(labels.DUTY_ROLES[duty.role])}: {'; '.join(filter(None, parts))}"
        lines += _wrapped(text + notes.mark(duty.behind.sources), 2, 6)
    lines += ["", *_wrapped(_(labels.DISCLAIMER), 0, 0), labels.DISCLAIMER_ZH]
    return lines + notes.lines()


def fit_dict(markets: Markets, fit: Fit) -> dict[str, object]:
    """Return a fit as plain values for `json`."""
    lines = []
    for line in fit.lines:
        lines.append({
            "rule": line.rule.id, "name": line.rule.name, "name_zh": line.rule.name_zh, "verdict": line.verdict,
            "verdict_zh": labels.VERDICTS[line.verdict][1], "text": labels.line_text(markets, fit, line),
            "facts": [fact_dict(markets, f) for f in line.facts],
            "events": [event_dict(markets, e) for e in line.events],
            "checked": line.checked.isoformat() if line.checked else None, "sources": list(line.sources),
        })  # fmt: skip
    duties = []
    for duty in fit.duties:
        duties.append({
            "role": duty.role, **labels.duty_texts(markets, duty), "low": duty.low, "high": duty.high,
            "sure": duty.sure, "coming": duty.coming, "fresh": duty.fresh, "behind": duty.behind.id,
            "sources": list(duty.behind.sources), "note": duty.behind.note,
        })  # fmt: skip
    read = [row_dict(s) for s in fit.vehicle.sources]
    used = [*(s for line in fit.lines for s in line.sources), *(s.source for s in fit.vehicle.sources)]
    return {
        "vehicle": row_dict(fit.vehicle) | {"sources": read}, "market": row_dict(markets.places[fit.market]),
        "as_of": markets.as_of.isoformat(), "powertrain": fit.powertrain, "origin": fit.origin, "lines": lines,
        "duties": duties, "total": labels.total_text(fit.total), "tally": fit.tally(),
        "disclaimer": _(labels.DISCLAIMER), "disclaimer_zh": labels.DISCLAIMER_ZH,
        "sources": sources_dict(markets, used),
    }  # fmt: skip
