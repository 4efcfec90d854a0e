"""The chart of a market's page: electric cars sold a year, each published series for itself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from . import figures
from .words import word

LEAST = 3  # years of one series, or there is no chart
_HEIGHT = 260


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


def drawable_points(points: Sequence[Point]) -> bool:
    """Whether there is enough to draw: so many years of one series."""
    return any(sum(p.series == one for p in points) >= LEAST for one in ("bev", "phev", "ev"))


def spec(points: Sequence[Point]) -> dict:
    """Return the chart as Vega-Lite.

    Parameters
    ----------
    points : sequence of Point
        Of one market. The two series are drawn on one scale, columns and a line, and never added:
        they count the same cars.

    Returns
    -------
    dict
        Without ``usermeta``.
    """
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
    y = {"field": "value", "type": "quantitative", "axis": {"labelExpr": figures.number_expression("vehicles", "y")}}
    colour = {"condition": {"test": "datum.series == 'bev'", "value": figures.SUBJECT}, "value": figures.CONTEXT}
    layers: list[dict] = []
    if columns:
        bar = {"mark": {"type": "bar", "binSpacing": 0, "width": {"band": 1}}}
        bar["mark"] = {"type": "bar", "size": {"expr": f"max(4, min(26, width / {len(years) + 1} * 0.62))"}}
        bar |= {"data": {"values": columns}, "encoding": {"x": x, "y": y, "color": colour, "order": {"field": "order"}}}
        layers.append(bar)
    if marks:
        shared = {"x": x, "y": y}
        layers.append(
            {
                "data": {"values": marks},
                "encoding": shared,
                "layer": [
                    {
                        "mark": {"type": "line", "color": figures.SECOND, "strokeWidth": 2},
                        "encoding": {"detail": {"field": "run", "type": "nominal"}},
                    },
                    {"mark": {"type": "point", "color": figures.SECOND, "opacity": 1, "size": 40}},
                ],
            }
        )
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "config": figures.theme()["config"],
        "height": _HEIGHT,
        "layer": [*layers, *_named(points, x, y)],
    }


def _named(points: Sequence[Point], x: dict, y: dict) -> list[dict]:
    """Name the series in the corner that early years leave empty, as no legend stands beside."""
    shown = [s for s in ("ev", "phev", "bev") if any(p.series == s for p in points)]
    colours = {"ev": figures.SECOND, "phev": figures.CONTEXT, "bev": figures.SUBJECT}
    return [
        {
            "data": {"values": [{}]},
            "mark": {
                "type": "text", "align": "left", "baseline": "top", "fontSize": 12, "fontWeight": "bold",
                "color": colours[one], "text": ("\N{BLACK CIRCLE} " if one == "ev" else "\N{BLACK SQUARE} ") + word(f"market.series.{one}"),
                "x": 8, "y": 4 + 18 * n,
            },
        }
        for n, one in enumerate(shown)
    ]  # fmt: skip
