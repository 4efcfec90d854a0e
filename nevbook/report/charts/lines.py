"""Change over time as lines: series with breaks, a year's months beside those of other years."""

from __future__ import annotations

import altair as alt
import pandas as pd

from nevbook.common.formatting import month_names
from nevbook.report.charts.theme import accent, amount, years


def broken_lines(
    frame: pd.DataFrame, unit: str, subject: str | list[str], second: str | list[str] = (), by: str = "series"
) -> alt.LayerChart:
    """Draw yearly series; a missing year and a change of counting method are gaps.

    Parameters
    ----------
    frame : pandas.DataFrame
        As of `Book.frame`; ``segment`` says which years a line may join.
    unit : str
        Unit of ``value``.
    subject, second : str or list of str
        Values of `by` that have the first and the second accent colour.
    by : str
        Column that tells the lines apart.

    Returns
    -------
    altair.LayerChart
        Each line's newest value is labelled at its right end: leave ``room`` for it.

    Examples
    --------
    >>> broken_lines(book.frame(book.series("nev_production")), "vehicles", "Chongqing")  # doctest: +SKIP
    """
    base = alt.Chart(frame).encode(years(), amount(unit), accent(by, subject, second))
    lines = base.mark_line().encode(detail="segment:N")
    dots = base.mark_point(opacity=1).transform_filter("datum.kind != 'estimate'")
    hollow = base.mark_point(opacity=1, filled=False, strokeWidth=2).transform_filter("datum.kind == 'estimate'")
    text = base.mark_text(align="left", dx=9).encode(text="label:N").transform_filter("datum.last")
    return lines + dots + hollow + text


def months_of_years(frame: pd.DataFrame, unit: str, subject: int) -> alt.LayerChart:
    """Draw cumulative figures by month, a line a year.

    Parameters
    ----------
    frame : pandas.DataFrame
        ``year``, ``month`` (1 to 12, the last month counted), ``value``, ``label``.
    unit : str
        Unit of ``value``.
    subject : int
        The year that has the accent colour.

    Returns
    -------
    altair.LayerChart
        Over months that nobody published leads a thin dashed line; each line has its year at its last month.

    Examples
    --------
    >>> months_of_years(cumulative, "vehicles", 2025)  # doctest: +SKIP
    """
    names = month_names()
    rows = frame.assign(line=frame["year"].astype(str)).sort_values(["year", "month"])
    gap = rows.groupby("line")["month"].diff().ne(1).cumsum().astype(str)
    rows = rows.assign(segment=rows["line"] + " " + gap, last=~rows.duplicated("line", keep="last"))
    labels = "[" + ", ".join(f"'{name}'" for name in names) + "][datum.value - 1]"
    axis = alt.Axis(labelExpr=labels, labelOverlap="greedy", labelAngle=0, ticks=False)
    x = alt.X("month:O").axis(axis).scale(domain=[*range(1, 13)])
    base = alt.Chart(rows).encode(x, amount(unit), accent("line", str(subject)))
    text = base.mark_text(align="left", dx=8, fontWeight="bold").encode(text="line:N").transform_filter("datum.last")
    # a total only grows: a thin line may lead over months that nobody published
    over = base.mark_line(strokeWidth=1, strokeDash=[2, 3]).encode(detail="line:N")
    return over + base.mark_line().encode(detail="segment:N") + base.mark_point(opacity=1) + text
