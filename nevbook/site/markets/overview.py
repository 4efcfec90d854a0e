"""The pages that tell of all markets: the world, a comparison, the coverage, the alerts."""

from __future__ import annotations

import datetime as dt
import html
import json
from collections.abc import Mapping, Sequence

from nevbook.analysis.markets import alerts as warnings
from nevbook.analysis.markets.describe import sale_text
from nevbook.common import formatting
from nevbook.common.formatting import period
from nevbook.common.html import table
from nevbook.common.i18n import word
from nevbook.data.markets.dataset import Markets
from nevbook.data.markets.models import COMING, FRESH, IN_FORCE, KNOWN, MISSING, STALE, TOPICS
from nevbook.site.markets.cards import Entries, fact_text
from nevbook.site.markets.profile import Told, event_rows, of_what, stamp, when

STORY = ("AUS", "NZL", "THA", "BRA", "MEX")  # the comparison that stands without a script
_MEASURES = ("share", "head", "tail", "known")  # of the tiles
_STEPS = {"share": (2, 10, 25, 50), "head": (1, 3, 6, 12), "tail": (1, 2, 3, 5), "known": (55, 65, 75, 85)}
_AHEAD = 8  # events on the page of the world
_SINCE = 365  # days before the edition's: what took effect or ended since is a warning still


def _level(value: float, steps: Sequence[float]) -> int:
    return sum(value >= step for step in steps)


def _values(told: Told) -> list[tuple[str, str, str]]:
    """Return a tile's measures: name, level of its shade, text; a level of x is not known."""
    found: dict[str, tuple[float, str] | None] = {"share": None}
    if share := told.sale("sales_share"):
        short = formatting.number(share.value, "percent", 1.0 if share.value >= 1 else 0.1)
        found["share"] = (share.value, short + word("mark.percent"))
    for name, direction in (("head", "headwind"), ("tail", "tailwind")):
        n = told.winds(direction)
        found[name] = (n, str(n)) if told.events else None
    part = known_part(told)
    found["known"] = (part, f"{part:.0f}%")
    return [
        (m, str(_level(v[0], _STEPS[m])) if v else "x", v[1] if v else word("markets.dash")) for m, v in found.items()
    ]


def known_part(told: Told) -> float:
    """Return the share, in percent, of what is looked for that is known and fresh."""
    counts = told.data.coverage(told.market.id).values()
    known = sum(c[KNOWN] for c in counts)
    return 100 * known / max(sum(sum(c.values()) for c in counts), 1)


def index(data: Markets, told: Mapping[str, Told]) -> dict[str, object]:
    """Return what the page of the world shows."""
    shown = [t for t in told.values() if t.market.kind == "market"]
    regions: dict[str, dict[str, list[Told]]] = {}
    for one in sorted(shown, key=lambda t: (t.market.region, t.market.subregion, t.market.id)):
        regions.setdefault(one.market.region, {}).setdefault(one.market.subregion, []).append(one)
    coming = sorted((e for e in data.events if e.state(data.as_of) == COMING), key=lambda e: (e.start.start, e.id))
    heads = ("market", "region", "steering", "share", "year", "sold", "head", "tail", "next", "known")
    parts = {"markets": f"{len(shown):,}", "facts": f"{len(data.facts):,}", "events": len(data.events)}
    return {
        "intro": word("markets.world.intro", date=formatting.date(data.as_of), **parts),
        "measures": [(m, word(f"markets.measure.{m}"), word(f"markets.measure.{m}.note")) for m in _MEASURES],
        "regions": [
            (
                region,
                [
                    (subregion, [{"id": t.market.id, "name": t.market.name, "said": _values(t)} for t in tiles])
                    for subregion, tiles in found.items()
                ],
            )
            for region, found in regions.items()
        ],
        "coming": event_rows(data, coming[:_AHEAD], None),
        "blocs": [(t.market.id, t.market.name) for t in told.values() if t.market.kind == "bloc"],
        "table": table([word(f"markets.list.{h}") for h in heads], [_row(t) for t in shown], word("markets.table")),
    }


def _row(told: Told) -> list[str]:
    market, side = told.market, told.newest.get("driving_side")
    share, sold = told.sale("sales_share"), told.sale("sales")
    ahead = told.events.get(COMING, [])
    dash = word("markets.dash")
    winds = [told.winds(d) for d in ("headwind", "tailwind")]
    counts = [f'<data value="{n}">{n}</data>' if told.events else dash for n in winds]
    part = known_part(told)
    return [
        f'<a href="{market.id}.html">{html.escape(market.name)}</a> <small>{market.id}</small>',
        html.escape(f"{market.region}: {market.subregion}" if market.subregion else market.region),
        html.escape(word(f"markets.wheel.{side.value}")) if side else dash,
        f'<data value="{share.value:g}">{sale_text(share)}</data>' if share else dash,
        str(share.year) if share else dash,
        f'<data value="{sold.value:g}">{sale_text(sold)}</data> <small>{of_what(sold)}</small>' if sold else dash,
        *counts,
        when(ahead[0]) if ahead else dash,
        f'<data value="{part:.3f}">{part:.0f}%</data>',
    ]


def cells(told: Told) -> dict[str, str]:
    """Return what a comparison shows of a market, HTML by row; what is not known is left out."""
    page = f"{told.market.id}.html"
    found = {}
    for metric in ("sales_share", "sales"):
        if sale := told.sale(metric):
            found[metric] = f'<a href="{page}#sales">{sale_text(sale)}</a> <small>{of_what(sale)}</small>'
    for state, direction in ((COMING, ""), (IN_FORCE, "headwind"), (IN_FORCE, "tailwind")):
        listed = [e for e in told.events.get(state, []) if direction in ("", e.direction)]
        items = "".join(
            f'<li>{stamp(e.effective_from)}: <a href="{page}#e-{html.escape(e.id)}">{html.escape(e.title)}</a></li>'
            for e in listed
        )
        if items:
            found[f"events.{state}.{direction}"] = f'<ul class="nev-within">{items}</ul>'
    for attribute, fact in told.newest.items():
        shown = html.escape(fact_text(told.data, fact))
        state = told.data.freshness(fact)
        beside = ", ".join(x for x in (period(fact.period), "" if state == FRESH else word(f"market.{state}")) if x)
        found[attribute] = f'<a href="{page}#f-{attribute}">{shown}</a> <small>{html.escape(beside)}</small>'
    return found


def script(told: Told) -> str:
    """Return a market's cells as a classic script, which a page from a folder may load."""
    inner = json.dumps({"name": told.market.name, "cells": cells(told)}, ensure_ascii=False, separators=(",", ":"))
    inner = inner.replace("<", "\\u003c")  # nothing in the file looks like markup
    return f"nevMarket({json.dumps(told.market.id)},{inner});\n"


def compare(data: Markets, told: Mapping[str, Told]) -> dict[str, object]:
    """Return what the page of the comparison shows."""
    regions: dict[str, list[tuple[str, str]]] = {}
    for one in data.listed():
        regions.setdefault(one.region, []).append((one.id, one.name))
    chosen = [told[m] for m in STORY if m in told]
    shown = [cells(t) for t in chosen]
    first = ["sales_share", "sales", f"events.{COMING}.", f"events.{IN_FORCE}.headwind", f"events.{IN_FORCE}.tailwind"]
    groups = [(word("markets.compare.first"), [(k, word(f"markets.compare.{k}")) for k in first])]
    for topic in TOPICS:
        rows = [(a.id, a.name) for a in data.attributes.values() if a.topic == topic]
        groups.append((word(f"market.topic.{topic}"), rows))
    return {
        "intro": word("markets.compare.intro"),
        "prepared": STORY,
        "regions": sorted(regions.items()),
        "caption": word("markets.compare.caption", names=", ".join(t.market.name for t in chosen)),
        "chosen": [(t.market.id, t.market.name) for t in chosen],
        "groups": [
            (name, rows, any(any(cells) for _, _, cells in rows))
            for name, keys in groups
            for rows in [[(k, label, [c.get(k, "") for c in shown]) for k, label in keys]]
        ],
    }


def coverage(data: Markets, told: Mapping[str, Told]) -> dict[str, object]:
    """Return what the page of the coverage shows."""
    counts = {m.id: data.coverage(m.id) for m in data.listed()}
    totals = []
    for topic in TOPICS:
        sums = [sum(c[topic][k] for c in counts.values()) for k in (KNOWN, STALE, MISSING)]
        totals.append([html.escape(word(f"market.topic.{topic}")), *(f"{n:,}" for n in sums), _bar(*sums)])
    attributes = []
    for one in data.attributes.values():
        having = [f for t in told.values() if t.market.kind == "market" and (f := t.newest.get(one.id))]
        stale = sum(data.freshness(f) != FRESH for f in having)
        missing = len(counts) - len(having) if one.id in data.expected else None
        attributes.append(
            [
                f'{html.escape(one.name)} <span lang="zh">{html.escape(one.name_zh)}</span>',
                html.escape(word(f"market.topic.{one.topic}")),
                f"{len(having) - stale:,}",
                f"{stale:,}",
                word("markets.coverage.rare") if missing is None else f"{missing:,}",
                word("markets.coverage.days", n=f"{one.shelf_life:,}"),
            ]
        )
    heads = [word(f"markets.coverage.{k}") for k in ("topic", "known", "stale", "missing", "part")]
    body = []
    for market in data.listed():
        rows = [counts[market.id][t] for t in TOPICS]
        body.append(
            [f'<a href="{market.id}.html">{html.escape(market.name)}</a>']
            + [_cell(*(row[k] for k in (KNOWN, STALE, MISSING))) for row in rows]
        )
    return {
        "intro": word("markets.coverage.intro", date=formatting.date(data.as_of)),
        "totals": table(heads, totals, word("markets.coverage.topics")),
        "attributes": table(
            [word(f"markets.coverage.{k}") for k in ("attribute", "topic", "known", "stale", "missing", "lasts")],
            attributes,
            word("markets.coverage.attributes"),
        ),
        "table": table(
            [word("markets.list.market"), *(word(f"market.topic.{t}") for t in TOPICS)],
            body,
            word("markets.coverage.markets"),
        ),
    }


def _bar(known: int, stale: int, missing: int) -> str:
    total = max(known + stale + missing, 1)
    first, second = 100 * known / total, 100 * (known + stale) / total
    return f'<span class="nev-cover" style="--known:{first:.0f}%;--stale:{second:.0f}%"></span>'


def _cell(known: int, stale: int, missing: int) -> str:
    total = known + stale + missing
    if not total:
        return word("markets.dash")
    part = known / total
    return f'<data value="{part:.4f}">{known} · {stale} · {missing}</data>{_bar(known, stale, missing)}'


def alerts(data: Markets, told: Mapping[str, Told]) -> dict[str, object]:
    """Return what the page of the alerts shows: what is coming, and what happened within a year of the day."""
    since = data.as_of - dt.timedelta(days=_SINCE)
    found = warnings.alerts(data, since)
    entries = Entries(data)
    groups = []
    for reason in warnings.REASONS:
        listed = [a.event for a in found if a.reason == reason]
        if listed:
            heading = word("markets.counted", what=word(f"alert.{reason}"), n=len(listed))
            groups.append((reason, heading, reason == warnings.RECORDED, event_rows(data, listed, entries)))
    return {
        "intro": word("markets.alerts.intro", date=formatting.date(data.as_of), since=formatting.date(since)),
        "feeds": [("alerts.xml", word("markets.alerts.feed")), ("alerts.ics", word("markets.alerts.calendar"))],
        "groups": groups,
        "entries": entries.section(),
    }
