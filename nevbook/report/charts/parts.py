"""Wholes and their parts: a waterfall from one whole to the next, stacked bars that sum."""

from __future__ import annotations

import altair as alt
import pandas as pd

from nevbook.report.charts.labels import name_axis
from nevbook.report.charts.theme import CONTEXT, INK, accent, across, amount


def waterfall(frame: pd.DataFrame, unit: str, subject: list[str]) -> alt.LayerChart:
    """Lead from one whole to another by way of the parts between them.

    Parameters
    ----------
    frame : pandas.DataFrame
        From the top down: ``series``, ``value``, ``label`` and ``whole``, True for the first and the last row,
        whose values are the wholes; the others are what was added.
    unit : str
        Unit of ``value``.
    subject : list of str
        Names of rows that have the accent colour.

    Examples
    --------
    >>> waterfall(steps, "yuan", ["More vehicles"])  # doctest: +SKIP
    """
    ends = frame["value"].where(~frame["whole"]).fillna(0).cumsum() + frame["value"].iloc[0]
    rows = frame.assign(
        end=ends.where(~frame["whole"], frame["value"]),
        start=(ends - frame["value"]).where(~frame["whole"], 0.0),
        place=range(len(frame)),
    )
    rows = rows.assign(after=rows["series"].shift(-1), top=rows[["start", "end"]].max(axis=1))
    base = alt.Chart(rows).encode(name_axis(list(rows["series"])))
    bars = base.mark_bar(height=alt.RelativeBandSize(0.6)).encode(
        across(unit, "start"), x2="end:Q", color=accent("series", subject)
    )
    joints = base.mark_rule(strokeDash=[2, 2], color=CONTEXT).encode(across(unit, "end"), y2="after:N")
    text = base.mark_text(align="left", dx=5).encode(across(unit, "top"), text="label:N")
    return joints.transform_filter("isValid(datum.after)") + bars + text


def stacked(frame: pd.DataFrame, unit: str, order: list[str], subject: str) -> alt.LayerChart:
    """Stack the parts of each year, those that take away below zero; a tick marks their sum.

    Parameters
    ----------
    frame : pandas.DataFrame
        As of `Book.frame`: ``series`` names the part; the parts of a year sum to its whole.
    unit : str
        Unit of ``value``.
    order : list of str
        The parts, from zero outwards; three at most read well.
    subject : str
        The part that has the accent colour.

    Examples
    --------
    >>> stacked(book.frame(parts, names), "percentage_points", ["NEVs", "other vehicles"], "NEVs")  # doctest: +SKIP
    """
    rows = frame.assign(rank=frame["series"].map(order.index))
    x = alt.X("year:O").axis(labelAngle=0)
    y = amount(unit).stack("zero")
    shade = alt.Opacity("rank:O").scale(domain=[*range(len(order))], range=[1, 0.75, 0.5, 0.35][: len(order)])
    bars = (
        alt.Chart(rows)
        .mark_bar(width=alt.RelativeBandSize(0.6))
        .encode(x, y, shade.legend(None), accent("series", subject), alt.Order("rank:Q"))
    )
    total = rows.groupby("year", as_index=False)["value"].sum()
    marks = (
        alt.Chart(total).mark_tick(color=INK, thickness=2.5, width=alt.RelativeBandSize(0.6)).encode(x, amount(unit))
    )
    zero = alt.Chart(pd.DataFrame({"at": [0]})).mark_rule().encode(amount(unit, "at"))
    return bars + zero + marks
