"""The chart of a market's page: electric cars sold a year, each published series for itself."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from markupsafe import Markup, escape

from nevbook.analysis.markets.describe import MarketProfile, row_dict
from nevbook.common import formatting
from nevbook.common.downloads import people_csv
from nevbook.common.html import table
from nevbook.common.i18n import N_, gettext as _
from nevbook.data.markets.models import Sale
from nevbook.report import figures, market_labels as labels
from nevbook.report.charts import files, theme
from nevbook.report.phrases import Phrase
from nevbook.site.citation import Citation
from nevbook.site.markets.cards import Entries, number

LEAST = 3  # years of one series, or there is no chart
_HEIGHT = 260
_COLUMNS = ("period", "series", "value", "source")
_SERIES = {
    "ev": N_("\N{BLACK CIRCLE} all electric cars (IEA 2026)"), "phev": N_("\N{BLACK SQUARE} plug-in hybrid (IEA 2025)"),
    "bev": N_("\N{BLACK SQUARE} battery electric (IEA 2025)"),
}  # fmt: skip


def spec(sales: Sequence[Sale]) -> dict:
    """Return the chart as Vega-Lite."""
    points = [{"year": s.year, "series": s.powertrain, "value": s.value} for s in sales]
    columns = [p | {"order": ("bev", "phev").index(p["series"])} for p in points if p["series"] != "ev"]
    line = sorted((p for p in points if p["series"] == "ev"), key=lambda p: p["year"])
    for n, point in enumerate(line):  # a missing year is a gap, not a line through it
        before = line[n - 1]
        point["run"] = before["run"] + (point["year"] != before["year"] + 1) if n else 0
    first, last = min(s.year for s in sales), max(s.year for s in sales)
    x = {"field": "year", "type": "quantitative", "axis": {"format": "d", "tickMinStep": 1}}
    x["scale"] = {"domain": [first - 0.7, last + 0.7], "nice": False}
    y = {"field": "value", "type": "quantitative", "axis": {"labelExpr": theme.number_expression("vehicles", "y")}}
    colour = {"condition": {"test": "datum.series == 'bev'", "value": theme.SUBJECT}, "value": theme.CONTEXT}
    layers: list[dict] = []
    if columns:
        size = {"expr": f"max(4, min(26, width / {last - first + 2} * 0.62))"}
        encoding = {"x": x, "y": y, "color": colour, "order": {"field": "order"}}
        layers.append({"mark": {"type": "bar", "size": size}, "data": {"values": columns}, "encoding": encoding})
    if line:
        marks = [
            {
                "mark": {"type": "line", "color": theme.SECOND, "strokeWidth": 2},
                "encoding": {"detail": {"field": "run", "type": "nominal"}},
            },
            {"mark": {"type": "point", "color": theme.SECOND, "opacity": 1, "size": 40}},
        ]
        layers.append({"data": {"values": line}, "encoding": {"x": x, "y": y}, "layer": marks})
    return theme.vega_lite(_HEIGHT, [*layers, *_named({s.powertrain for s in sales})])


def _named(series: set[str]) -> list[dict]:
    """Name the series above the plot: they end too close to each other to be named there."""
    shown = [s for s in _SERIES if s in series]
    colours = {"ev": theme.SECOND, "phev": theme.CONTEXT, "bev": theme.SUBJECT}
    return [
        {
            "data": {"values": [{}]},
            "mark": {
                "type": "text", "align": "left", "baseline": "top", "fontSize": 12, "fontWeight": "bold",
                "color": colours[name], "text": _(_SERIES[name]), "x": 8, "y": 18 * (n - len(shown)),
            },
        }
        for n, name in enumerate(shown)
    ]  # fmt: skip


def figure(profile: MarketProfile, entries: Entries, cited: Citation, cache: Path, folder: Path) -> str:
    """Return the framed chart of a market, empty where there is too little to draw."""
    market, sources = profile.market, profile.markets.sources
    sales = [s for s in profile.sales if s.metric == "sales"]
    if not any(sum(s.powertrain == series for s in sales) >= LEAST for series in _SERIES):
        return ""
    title = _("Electric cars sold in {name}", name=market.name)
    marked = escape(title)
    if share := profile.newest_sale("sales_share"):
        form = _("In {year}, {share} of the cars sold in {name} were electric")
        title = form.format(share=labels.sale_text(share), year=share.year, name=market.name)
        marked = Markup(form).format(share=entries.sale(share), year=share.year, name=market.name)
    years = [s.year for s in sales]
    publications = list(dict.fromkeys(sources[s.source].title for s in sales))
    note = _("Columns and line are two publications about the same cars. They are never added.")
    as_of = _("Data as of {date}", date=formatting.date(profile.markets.as_of))
    name = f"sales-{market.id.lower()}"
    frame = {
        "id": name,
        "title": figures.both(Phrase(title, escape(marked))),
        "subtitle": figures.both(_("Electric cars sold a year")),
        "alt": _(
            "{title}. Electric cars sold a year, {first} to {last}.", title=title, first=min(years), last=max(years)
        ),
        "note": figures.both(note if len(publications) > 1 else ""),
        "foot": f"{_('Sources')}: {'; '.join(publications)}. {as_of}.",
        "table": _table(profile, title),
        "rows": _csv(profile.sales),
        "columns": _COLUMNS,
    }
    cite = cited.box(_("Cite this figure"), title, f"markets/{market.id}.html#fig-{name}", full=False)
    drawn = spec(sales) | {"usermeta": {"nevbook": frame}}
    return files.framed(drawn, cache, folder / "figures", "figures/", cite=cite)


def _table(profile: MarketProfile, caption: str) -> str:
    """Write every figure of a market, drawn or not, the newest year first."""
    series = list(dict.fromkeys((s.source, s.powertrain, s.metric) for s in profile.sales))
    body = [
        [
            str(s.year),
            escape(_(labels.SALES[s.metric, s.powertrain])),
            number(f"{s.value:.12g}", labels.sale_text(s)),
            escape(profile.markets.sources[s.source].title),
        ]
        for s in sorted(profile.sales, key=lambda s: (-s.year, series.index((s.source, s.powertrain, s.metric))))
    ]
    return table([_("Period"), _("Series"), _("Value"), _("Source")], body, caption)


def _csv(sales: Sequence[Sale]) -> str:
    columns = ("market", "year", "powertrain", "metric", "value", "unit", "source")
    return people_csv(columns, map(row_dict, sales))
