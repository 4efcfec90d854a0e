"""Dated events, one a line, so that no two labels touch."""

from __future__ import annotations

import altair as alt
import pandas as pd

from nevbook.report.charts.labels import BREAK, wrapped
from nevbook.report.charts.theme import accent

_LETTERS = 26  # in a line of a label: half of a phone


def timeline(frame: pd.DataFrame, subject: str | list[str], second: str | list[str] = ()) -> alt.LayerChart:
    """Lay events out by date, the oldest at the top; each has a line of its own.

    Parameters
    ----------
    frame : pandas.DataFrame
        ``date`` (ISO 8601, as precise as is known), ``what`` (a few words), ``theme``.
    subject, second : str or list of str
        Themes that have the first and the second accent colour.

    Returns
    -------
    altair.LayerChart
        A label stands on the side of its dot that has more room.

    Examples
    --------
    >>> timeline(milestones, "launch", "policy")  # doctest: +SKIP
    """
    days = pd.to_datetime(frame["date"], format="ISO8601")
    middle = days.min() + (days.max() - days.min()) / 2
    rows = frame.assign(day=days, early=days < middle, text=frame["what"].map(lambda t: wrapped(t, _LETTERS)))
    rows = rows.sort_values("day", kind="stable").assign(place=range(len(rows)))
    rows = rows.assign(day=rows["day"].dt.strftime("%Y-%m-%d"))
    long = (days.max() - days.min()).days > 800
    shown, tick = ("%Y", "year") if long else ("%b %Y", {"interval": "month", "step": 3})
    x = alt.X("day:T").axis(format=shown, tickCount=tick, labelOverlap="greedy", orient="top", grid=True)
    base = alt.Chart(rows).encode(x, alt.Y("place:O").axis(None), color=accent("theme", subject, second))
    dots = base.mark_point(size=90, opacity=1)
    late = base.mark_text(align="right", dx=-10, lineBreak=BREAK).transform_filter("!datum.early")
    early = base.mark_text(align="left", dx=10, lineBreak=BREAK).transform_filter("datum.early")
    return dots + early.encode(text="text:N") + late.encode(text="text:N")
