"""The pages that tell of all markets: the world, a comparison, the coverage, the alerts."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping

from markupsafe import Markup, escape

from nevbook.analysis.markets.alerts import REASONS, RECORDED, alerts as find_alerts
from nevbook.analysis.markets.describe import MarketProfile
from nevbook.common import formatting
from nevbook.common.formatting import period
from nevbook.common.html import table
from nevbook.common.i18n import N_, gettext as _
from nevbook.data.markets.dataset import Markets
from nevbook.data.markets.models import COMING, FRESH, KNOWN, MISSING, STALE, TOPICS
from nevbook.report import market_labels as labels
from nevbook.site.markets.cards import DASH, Entries, bilingual, link, number
from nevbook.site.markets.profile import event_rows, stamp, when

Profiles = Mapping[str, MarketProfile]
STORY = ("AUS", "NZL", "THA", "BRA", "MEX")  # the comparison that stands without a script
_MEASURES = {  # of the tiles: name, from which values on a shade is fuller, note
    "share": (N_("Electric share"), (2, 10, 25, 50), N_(
        "Electric cars in all new cars, newest year known, percent. A dash: not known. A fuller shade is more."
    )),
    "head": (N_("Headwinds"), (1, 3, 6, 12), N_(
        "Policy events in force that hinder Chinese makers of electric cars. A dash: none on record."
    )),
    "tail": (N_("Tailwinds"), (1, 2, 3, 5), N_(
        "Policy events in force that help Chinese makers of electric cars. A dash: none on record."
    )),
    "known": (N_("What is known"), (55, 65, 75, 85), N_(
        "Share of the facts looked for in every market that are known and not stale, percent."
    )),
}  # fmt: skip
_FIRST = {  # rows of the comparison that are no facts
    "sales_share": labels.SALES["sales_share", "ev"], "sales": labels.SALES["sales", "ev"],
    "events.coming.": N_("Coming"), "events.in_force.headwind": N_("Headwinds in force"),
    "events.in_force.tailwind": N_("Tailwinds in force"),
}  # fmt: skip
_AHEAD = 8  # events on the page of the world
_SINCE = 365  # days before the edition's: what took effect or ended since is a warning still


def _tile(profile: MarketProfile) -> list[tuple[str, object, str]]:
    """Return a tile's measures: name, level of its shade, text; a level of x is not known."""
    share, part = profile.newest_sale("sales_share"), profile.known_part()
    values: dict[str, tuple[float, str] | None] = {"share": None, "head": None, "tail": None}
    if share:
        short = formatting.number(share.value, "percent", 1.0 if share.value >= 1 else 0.1)
        values["share"] = share.value, f"{short}%"
    if profile.events:
        for name, direction in (("head", "headwind"), ("tail", "tailwind")):
            values[name] = (n := profile.in_force(direction)), str(n)
    values["known"] = part, f"{part:.0f}%"
    return [
        (name, sum(value[0] >= step for step in _MEASURES[name][1]), value[1]) if value else (name, "x", DASH)
        for name, value in values.items()
    ]


def index(data: Markets, profiles: Profiles) -> dict[str, object]:
    """Return what the page of the world shows."""
    shown = [p for p in profiles.values() if p.market.kind == "market"]
    regions: dict[str, dict[str, list[tuple]]] = {}
    for profile in sorted(shown, key=lambda p: (p.market.region, p.market.subregion, p.market.id)):
        region = regions.setdefault(profile.market.region, {})
        region.setdefault(profile.market.subregion, []).append((profile.market, _tile(profile)))
    coming = sorted((e for e in data.events if e.state(data.as_of) == COMING), key=lambda e: (e.start.start, e.id))
    heads = [_("Market"), _("Region"), _("Steering wheel"), _("Electric share"), _("Year"), _("Electric cars")]
    heads += [_("Headwinds"), _("Tailwinds"), _("Next change"), _("Known")]
    return {
        "count": len(shown),
        "measures": [(name, _(label), _(note)) for name, (label, _steps, note) in _MEASURES.items()],
        "regions": regions,
        "coming": event_rows(data, coming[:_AHEAD], None),
        "blocs": [p.market for p in profiles.values() if p.market.kind == "bloc"],
        "table": table(heads, [_row(p) for p in shown], _("All markets")),
    }


def _row(profile: MarketProfile) -> list[str]:
    market, side = profile.market, profile.newest.get("driving_side")
    share, sold = profile.newest_sale("sales_share"), profile.newest_sale("sales")
    ahead = profile.events.get(COMING, [])
    winds = [profile.in_force(d) for d in ("headwind", "tailwind")]
    small, part = Markup("{} <small>{}</small>").format, profile.known_part()
    return [
        small(link(f"{market.id}.html", market.name), market.id),
        escape(f"{market.region}: {market.subregion}" if market.subregion else market.region),
        escape(_(labels.WHEELS[side.value]) if side else DASH),
        number(f"{share.value:g}", labels.sale_text(share)) if share else DASH,
        str(share.year) if share else DASH,
        small(number(f"{sold.value:g}", labels.sale_text(sold)), _("of {period}", period=sold.year)) if sold else DASH,
        *(number(n, n) if profile.events else DASH for n in winds),
        when(ahead[0]) if ahead else DASH,
        number(f"{part:.3f}", f"{part:.0f}%"),
    ]


def cells(profile: MarketProfile) -> dict[str, Markup]:
    """Return what a comparison shows of a market, HTML by row; what is not known is left out."""
    page, small = f"{profile.market.id}.html", Markup("{} <small>{}</small>").format
    shown = {}
    for metric in ("sales_share", "sales"):
        if sale := profile.newest_sale(metric):
            shown[metric] = small(link(f"{page}#sales", labels.sale_text(sale)), _("of {period}", period=sale.year))
    for key in list(_FIRST)[2:]:
        _events, state, direction = key.split(".")
        items = [
            Markup("<li>{}: {}</li>").format(stamp(e.effective_from), link(f"{page}#e-{e.id}", e.title))
            for e in profile.events.get(state, [])
            if direction in ("", e.direction)
        ]
        if items:
            shown[key] = Markup('<ul class="nev-within">{}</ul>').format(Markup("").join(items))
    for attribute, fact in profile.newest.items():
        state = profile.markets.freshness(fact)
        beside = [period(fact.period), "" if state == FRESH else _(labels.FRESHNESS[state])]
        value = link(f"{page}#f-{attribute}", labels.fact_text(profile.markets, fact))
        shown[attribute] = small(value, ", ".join(filter(None, beside)))
    return shown


def script(profile: MarketProfile) -> str:
    """Return a market's cells as a classic script, which a page from a folder may load."""
    values = {"name": profile.market.name, "cells": cells(profile)}
    inner = json.dumps(values, ensure_ascii=False, separators=(",", ":"))
    inner = inner.replace("<", "\\u003c")  # nothing in the file looks like markup
    return f"nevMarket({json.dumps(profile.market.id)},{inner});\n"


def compare(data: Markets, profiles: Profiles) -> dict[str, object]:
    """Return what the page of the comparison shows."""
    regions: dict[str, list] = {}
    for market in data.listed():
        regions.setdefault(market.region, []).append(market)
    chosen = [profiles[m] for m in STORY if m in profiles]
    shown = [cells(p) for p in chosen]
    groups = {_("First of all"): {key: _(label) for key, label in _FIRST.items()}}
    for topic in TOPICS:
        groups[_(labels.TOPICS[topic])] = {a.id: a.name for a in data.attributes.values() if a.topic == topic}
    return {
        "prepared": STORY,
        "regions": sorted(regions.items()),
        "caption": _("Side by side: {names}", names=", ".join(p.market.name for p in chosen)),
        "chosen": [p.market for p in chosen],
        "groups": [
            (heading, [(key, label, [c.get(key, "") for c in shown]) for key, label in rows.items()])
            for heading, rows in groups.items()
        ],
        "known": {key for c in shown for key in c},
    }


def coverage(data: Markets, profiles: Profiles) -> dict[str, object]:
    """Return what the page of the coverage shows."""
    shown = [profiles[m.id] for m in data.listed()]
    totals = []
    for topic in TOPICS:
        counts = [sum(p.coverage[topic][k] for p in shown) for k in (KNOWN, STALE, MISSING)]
        totals.append([escape(_(labels.TOPICS[topic])), *(f"{n:,}" for n in counts), _bar(*counts)])
    attributes = []
    for about in data.attributes.values():
        facts = [p.newest[about.id] for p in shown if about.id in p.newest]
        stale = sum(data.freshness(f) != FRESH for f in facts)
        missing = f"{len(shown) - len(facts):,}" if about.id in data.expected else _("not looked for everywhere")
        cells = (f"{len(facts) - stale:,}", f"{stale:,}", missing, _("{n} days", n=f"{about.shelf_life:,}"))
        attributes.append([bilingual(about.name, about.name_zh), escape(_(labels.TOPICS[about.topic])), *cells])
    body = [
        [link(f"{p.market.id}.html", p.market.name), *(_cell(*p.coverage[topic].values()) for topic in TOPICS)]
        for p in shown
    ]
    counted = [_("Known"), _("Stale"), _("Missing")]
    return {
        "totals": table([_("Topic"), *counted, _("Part")], totals, _("By topic")),
        "attributes": table([_("Fact"), _("Topic"), *counted, _("Lasts")], attributes, _("By fact")),
        "table": table([_("Market"), *(_(labels.TOPICS[t]) for t in TOPICS)], body, _("By market and topic")),
    }


def _bar(known: int, stale: int, missing: int) -> Markup:
    total = max(known + stale + missing, 1)
    first, second = 100 * known / total, 100 * (known + stale) / total
    return Markup('<span class="nev-cover" style="--known:{:.0f}%;--stale:{:.0f}%"></span>').format(first, second)


def _cell(known: int, stale: int, missing: int) -> str:
    total = known + stale + missing
    if not total:
        return DASH
    return number(f"{known / total:.4f}", f"{known} · {stale} · {missing}") + _bar(known, stale, missing)


def alerts(data: Markets, profiles: Profiles) -> dict[str, object]:
    """Return what the page of the alerts shows: what is coming, and what happened within a year of the day."""
    since = data.as_of - dt.timedelta(days=_SINCE)
    rows, entries = find_alerts(data, since), Entries(data)
    groups = []
    for reason in REASONS:
        if events := [a.event for a in rows if a.reason == reason]:
            heading = _("{what} ({n})", what=_(labels.REASONS[reason]), n=len(events))
            groups.append((reason, heading, reason == RECORDED, event_rows(data, events, entries)))
    return {"since": since, "groups": groups, "entries": entries.section()}
