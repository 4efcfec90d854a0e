"""The chart of a market's page: electric cars sold a year, each published series for itself."""

from __future__ import annotations

import csv
import html
import io
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from nevbook.analysis.markets.describe import sale_text
from nevbook.common import formatting
from nevbook.common.html import table
from nevbook.common.i18n import gettext as _, word
from nevbook.data.markets.dataset import Markets
from nevbook.data.markets.models import Market, Sale
from nevbook.report.charts import files, theme
from nevbook.site.citation import Citation
from nevbook.site.markets.cards import Entries

LEAST = 3  # years of one series, or there is no chart
_HEIGHT = 260
_COLUMNS = ("period", "series", "value", "source")


class Point(NamedTuple):
    """One year of one series.

    Attributes
    ----------
    year : int
    series : str
        ``bev`` and ``phev``, which one source tells apart, or ``ev``, the total of another.
    value : float
        Cars sold.
    """

    year: int
    series: str
    value: float


def spec(points: Sequence[Point]) -> dict:
    """Return the chart as Vega-Lite."""
    order = {"bev": 0, "phev": 1, "ev": 2}
    columns = [p._asdict() | {"order": order[p.series]} for p in points if p.series != "ev"]
    line = sorted((p for p in points if p.series == "ev"), key=lambda p: p.year)
    run, marks = 0, []
    for n, p in enumerate(line):  # a missing year is a gap, not a line through it
        run += bool(n) and p.year != line[n - 1].year + 1
        marks.append(p._asdict() | {"run": run})
    years = sorted({p.year for p in points})
    x = {"field": "year", "type": "quantitative", "axis": {"format": "d", "tickMinStep": 1}}
    x["scale"] = {"domain": [years[0] - 0.7, years[-1] + 0.7], "nice": False}
    y = {"field": "value", "type": "quantitative", "axis": {"labelExpr": theme.number_expression("vehicles", "y")}}
    colour = {"condition": {"test": "datum.series == 'bev'", "value": theme.SUBJECT}, "value": theme.CONTEXT}
    layers: list[dict] = []
    if columns:
        size = {"expr": f"max(4, min(26, width / {years[-1] - years[0] + 2} * 0.62))"}
        encoding = {"x": x, "y": y, "color": colour, "order": {"field": "order"}}
        layers.append({"mark": {"type": "bar", "size": size}, "data": {"values": columns}, "encoding": encoding})
    if marks:
        shared = {"x": x, "y": y}
        layers.append(
            {
                "data": {"values": marks},
                "encoding": shared,
                "layer": [
                    {
                        "mark": {"type": "line", "color": theme.SECOND, "strokeWidth": 2},
                        "encoding": {"detail": {"field": "run", "type": "nominal"}},
                    },
                    {"mark": {"type": "point", "color": theme.SECOND, "opacity": 1, "size": 40}},
                ],
            }
        )
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "config": theme.theme()["config"],
        "height": _HEIGHT,
        "layer": [*layers, *_named(points, x, y)],
    }


def _named(points: Sequence[Point], x: dict, y: dict) -> list[dict]:
    """Name the series above the plot: they end too close to each other to be named there."""
    shown = [s for s in ("ev", "phev", "bev") if any(p.series == s for p in points)]
    colours = {"ev": theme.SECOND, "phev": theme.CONTEXT, "bev": theme.SUBJECT}
    return [
        {
            "data": {"values": [{}]},
            "mark": {
                "type": "text", "align": "left", "baseline": "top", "fontSize": 12, "fontWeight": "bold",
                "color": colours[one], "text": word(f"markets.series.{one}"), "x": 8, "y": 18 * (n - len(shown)),
            },
        }
        for n, one in enumerate(shown)
    ]  # fmt: skip


def figure(
    data: Markets, market: Market, share: Sale | None, entries: Entries, cited: Citation, cache: Path, folder: Path
) -> str | None:
    """Return the framed chart of a market, or None where there is too little to draw."""
    everything = data.sales_of(market.id)
    sales = [s for s in everything if s.metric == "sales"]
    if not any(sum(s.powertrain == one for s in sales) >= LEAST for one in ("bev", "phev", "ev")):
        return None
    title = word("markets.figure.title", name=market.name)
    marked = html.escape(title)
    if share:
        title = word("markets.figure.share", share=sale_text(share), year=share.year, name=market.name)
        there = entries.sale(share, sale_text(share))
        marked = word("markets.figure.share", share=there, year=share.year, name=html.escape(market.name))
    years = [s.year for s in sales]
    publications = list(dict.fromkeys(data.sources[s.source].title for s in sales))
    name = f"sales-{market.id.lower()}"
    frame = {
        "id": name,
        "title": marked,
        "subtitle": html.escape(word("markets.figure.sub")),
        "alt": word("markets.figure.alt", title=title, first=min(years), last=max(years)),
        "note": html.escape(word("markets.figure.note")) if len(publications) > 1 else "",
        "foot": f"{word('figure.sources')}: {html.escape('; '.join(publications))}. "
        + word("figure.as_of", date=formatting.date(data.as_of))
        + ".",
        "table": _table(data, everything, title),
        "rows": _csv(everything),
        "columns": _COLUMNS,
    }
    cite = cited.box(_("Cite this figure"), title, f"markets/{market.id}.html#fig-{name}", full=False)
    drawn = spec([Point(s.year, s.powertrain, s.value) for s in sales]) | {"usermeta": {"nevbook": frame}}
    return files.framed(drawn, cache, folder / "figures", "figures/", cite=cite)


def _table(data: Markets, sales: Sequence[Sale], caption: str) -> str:
    """Write every figure of a market, drawn or not, the newest year first."""
    kinds = list(dict.fromkeys((s.source, s.powertrain, s.metric) for s in sales))
    ordered = sorted(sales, key=lambda s: (-s.year, kinds.index((s.source, s.powertrain, s.metric))))
    body = [
        [
            str(s.year),
            html.escape(word(f"markets.sale.{s.metric}.{s.powertrain}")),
            f'<data value="{s.value:.12g}">{sale_text(s)}</data>',
            html.escape(data.sources[s.source].title),
        ]
        for s in ordered
    ]
    return table([word(f"column.{k}") for k in _COLUMNS], body, caption)


def _csv(sales: Sequence[Sale]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["market", "year", "powertrain", "metric", "value", "unit", "source"])
    for s in sales:
        writer.writerow([s.market, s.year, s.powertrain, s.metric, f"{s.value:.12g}", s.unit, s.source])
    return out.getvalue()
