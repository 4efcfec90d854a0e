"""Places among others: ranks between years, maps of tiles."""

from __future__ import annotations

import altair as alt
import pandas as pd

from nevbook.report.charts.labels import BREAK
from nevbook.report.charts.theme import CONTEXT, INK, MUTED, SUBJECT, accent

TILE = 0.94  # of the room of a tile, the rest is the line between two


def ranks(frame: pd.DataFrame, subject: str, by: str = "entity") -> alt.LayerChart:
    """Follow places in a ranking from year to year, the first at the top.

    Parameters
    ----------
    frame : pandas.DataFrame
        ``series``, ``year``, ``rank`` (1 is the first), ``label`` and `by`.
    subject : str
        Value of `by` that has the accent colour.
    by : str
        Column that tells whose a place is.

    Returns
    -------
    altair.LayerChart
        Names stand at both ends; the years have equal room, however far apart they are.

    Examples
    --------
    >>> ranks(places, "chongqing")  # doctest: +SKIP
    """
    years = sorted(frame["year"].unique())
    x = alt.X("year:O").sort(years).axis(orient="top", labelAngle=0, domain=False, ticks=False).scale(padding=1)
    y = alt.Y("rank:Q").scale(reverse=True, zero=False, nice=False, padding=16).axis(None)
    colour = accent(by, subject)
    base = alt.Chart(frame).encode(x, y, color=colour)
    lines = base.mark_line(interpolate="monotone").encode(detail=f"{by}:N")
    dots = base.mark_point(size=260, opacity=1)
    numbers = base.mark_text(color="white", fontSize=11, fontWeight="bold").encode(
        text="rank:Q", color=alt.value("white")
    )
    left = base.mark_text(align="right", dx=-16).transform_filter(alt.datum.year == int(years[0]))
    right = base.mark_text(align="left", dx=16).transform_filter(alt.datum.year == int(years[-1]))
    return lines + dots + numbers + left.encode(text="series:N") + right.encode(text="series:N")


def tiles(frame: pd.DataFrame, steps: list[float], names: list[str], missing: str, subject: str = "") -> alt.LayerChart:
    """Draw a map of tiles, the deeper the more.

    Parameters
    ----------
    frame : pandas.DataFrame
        As of `Book.laid_out`: ``column`` and ``row`` (from the top left), ``series`` (what the tile is called),
        ``short`` (the same on a phone), ``entity``, ``value`` (may be missing), ``label`` (its value in words, empty
        where it is missing).
    steps : list of float
        Where a deeper shade begins, ascending; four at most.
    names : list of str
        What each shade is called in the legend: one more than `steps`.
    missing : str
        What a tile without a value is called in the legend.
    subject : str
        Entity whose tile has a frame.

    Returns
    -------
    altair.LayerChart
        The legend stands above the tiles.

    Examples
    --------
    >>> tiles(book.laid_out(made, "china"), [1e6, 2e6], ["less", "1", "2 million"], "no figure")  # doctest: +SKIP
    """
    depth = sum((frame["value"] >= step).astype(int) for step in steps)
    shades = [0.12 + 0.88 * n / len(steps) for n in range(len(steps) + 1)]
    rows = frame.assign(shade=depth.map(dict(enumerate(shades))).where(frame["value"].notna(), 0.0))
    x = alt.X("column:O").axis(None).scale(paddingInner=1 - TILE)
    y = alt.Y("row:O").axis(None).scale(paddingInner=1 - TILE)
    base = alt.Chart(rows).encode(x, y)
    squares = base.mark_rect(opacity=1, color=SUBJECT, stroke=CONTEXT, strokeWidth=0.6, strokeOpacity=1)
    ink = alt.when("datum.shade > 0.8").then(alt.value("white")).otherwise(alt.value(INK))
    wide, narrow = alt.ExprRef("width < 400 ? 0 : 1"), alt.ExprRef("width < 400 ? 1 : 0")
    short = base.mark_text(fontSize=11, opacity=narrow).encode(text="short:N", color=ink)
    name = base.mark_text(fontSize=11, dy=-7, opacity=wide, lineBreak=BREAK).encode(text="series:N", color=ink)
    value = base.mark_text(fontSize=11, dy=9, opacity=wide).encode(text="label:N", color=ink)
    framed = base.mark_rect(filled=False, stroke=INK, strokeWidth=2).transform_filter(
        {"field": "entity", "equal": subject}
    )
    return squares.encode(_shade()) + framed + short + name + value + _legend(names, shades, missing)


def _shade() -> alt.FillOpacity:
    return alt.FillOpacity("shade:Q").scale(None).legend(None)


def _legend(names: list[str], shades: list[float], missing: str) -> alt.LayerChart:
    """Name the shades in a row above the tiles."""
    told = pd.DataFrame({"name": [missing, *names], "shade": [0.0, *shades], "n": range(len(names) + 1)})
    keyed = alt.Chart(told).transform_calculate(at=f"(datum.n + 0.5) * width / {len(told)}")
    x = alt.X("at:Q").scale(None).axis(None)
    box = keyed.mark_square(size=140, opacity=1, color=SUBJECT, stroke=CONTEXT, strokeWidth=0.6, strokeOpacity=1)
    box = box.encode(x, y=alt.value(-26), fillOpacity=_shade())
    text = keyed.mark_text(fontSize=11, color=MUTED, baseline="top").encode(x, y=alt.value(-17), text="name:N")
    return box + text
