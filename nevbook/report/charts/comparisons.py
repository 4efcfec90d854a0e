"""Values set side by side: bars, dumbbells, dots with intervals, ranges beside a threshold."""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt
import pandas as pd

from nevbook.report.charts.labels import name_axis
from nevbook.report.charts.theme import CONTEXT, INK, MUTED, accent, across

_LABEL = 58  # CSS pixels kept free beside the outermost marks, for the label on the left
_PERCENT = 40  # the same for a percentage, which goes without its unit: the axis has it


def dumbbell(frame: pd.DataFrame, unit: str, subject: str | list[object], by: str = "entity") -> alt.LayerChart:
    """Set two values of each row side by side, joined by a line.

    Parameters
    ----------
    frame : pandas.DataFrame
        As of `Book.frame`: ``series`` names the row; two rows of the frame share one.
    unit : str
        Unit of ``value``.
    subject : str
        Value of `by` that has the accent colour.
    by : str
        Column that tells the two apart.

    Returns
    -------
    altair.LayerChart
        The smaller value is labelled on its left, the larger on its right, so that labels never touch.

    Examples
    --------
    >>> dumbbell(book.frame(rates, names), "percent", "chongqing")  # doctest: +SKIP
    """
    rows = frame.assign(
        left=frame.groupby("series")["value"].transform("min"), right=frame.groupby("series")["value"].transform("max")
    )
    base = alt.Chart(rows).encode(name_axis(list(dict.fromkeys(rows["series"]))))
    x = across(unit, "left").scale(zero=True, nice=False, padding=_PERCENT if unit == "percent" else _LABEL)
    joined = base.mark_rule(strokeWidth=3, opacity=0.35).encode(x, x2="right:Q")
    dots = base.mark_point(size=120, opacity=1).encode(across(unit), color=accent(by, subject))
    return alt.layer(joined, dots, *_ends(base, unit, by, subject))


def _ends(base: alt.Chart, unit: str, by: str, subject: str) -> list[alt.Chart]:
    """Label the left end on its left and the right end on its right; one value alone on its right."""
    text = {"baseline": "middle", "fontWeight": "bold"}
    left = base.mark_text(align="right", dx=-10, **text).transform_filter("datum.value < datum.right")
    right = base.mark_text(align="left", dx=10, **text).transform_filter("datum.value == datum.right")
    return [part.encode(across(unit), text="bare:N", color=accent(by, subject)) for part in (left, right)]


def bars(
    frame: pd.DataFrame, unit: str, rows: Sequence[str], subject: str | list[str], by: str = "entity"
) -> alt.LayerChart:
    """Draw a bar for each value, with its label at the end; a target is a tick, since it is no outcome.

    Parameters
    ----------
    frame : pandas.DataFrame
        As of `Book.frame`; ``series`` names the row.
    unit : str
        Unit of ``value``.
    rows : sequence of str
        The names from the top down.
    subject : str or list of str
        Values of `by` that have the accent colour.
    by : str
        Column that tells whose a value is.

    Returns
    -------
    altair.LayerChart
        Leave ``room`` for the labels.

    Examples
    --------
    >>> bars(book.frame(made, names), "vehicles", names, "chongqing")  # doctest: +SKIP
    """
    base = alt.Chart(frame).encode(across(unit), name_axis(rows))
    colour = accent(by, subject)
    made = base.mark_bar(height=16).encode(color=colour).transform_filter("datum.kind != 'target'")
    aims = base.mark_tick(thickness=3, size=24).encode(color=colour).transform_filter("datum.kind == 'target'")
    return made + aims + base.mark_text(align="left", dx=7).encode(text="label:N")


def interval_dots(frame: pd.DataFrame, unit: str, subject: str | list[str], by: str = "entity") -> alt.LayerChart:
    """Show values as dots, each with a thin bar over the interval that rounding allows.

    Parameters
    ----------
    frame : pandas.DataFrame
        As of `Book.frame`; one row a name in ``series``, from the top down.
    unit : str
        Unit of ``value``.
    subject : str or list of str
        Values of `by` that have the accent colour.
    by : str
        Column that tells whose a value is.

    Returns
    -------
    altair.LayerChart
        An estimate is a hollow dot.

    Examples
    --------
    >>> interval_dots(book.frame(prices, names), "yuan", "chongqing")  # doctest: +SKIP
    """
    base = alt.Chart(frame).encode(name_axis(list(dict.fromkeys(frame["series"]))), color=accent(by, subject))
    bars = base.mark_rule(strokeWidth=5, opacity=0.35).encode(across(unit, "low"), x2="high:Q")
    filled = alt.condition("datum.kind == 'estimate'", alt.value("transparent"), alt.value(CONTEXT))
    dots = base.mark_point(size=110, opacity=1, strokeWidth=2).encode(across(unit))
    hollow = dots.encode(fill=filled).transform_filter("datum.kind == 'estimate'")
    solid = dots.transform_filter("datum.kind != 'estimate'")
    text = base.mark_text(align="left", dx=10).encode(across(unit, "high"), text="label:N")
    return bars + solid + hollow + text


def ladder(frame: pd.DataFrame, unit: str, threshold: float, name: str, subject: list[str]) -> alt.LayerChart:
    """Set ranges, as of prices, against a threshold.

    Parameters
    ----------
    frame : pandas.DataFrame
        ``series`` (what has the range, from the top down), ``low`` and ``high`` (its ends), ``label``, ``entity``.
    unit : str
        Unit of both ends.
    threshold : float
        Where the line stands, in `unit`.
    name : str
        What the line is, in a few words.
    subject : list of str
        Entities that have the accent colour.

    Examples
    --------
    >>> ladder(prices, "yuan", 200_000, "200,000 yuan", ["aito_m9"])  # doctest: +SKIP
    """
    base = alt.Chart(frame).encode(name_axis(list(dict.fromkeys(frame["series"]))), color=accent("entity", subject))
    # a range has no length to compare from zero
    x = across(unit, "low", zero=False).scale(zero=False, nice=False, padding=_LABEL + 24)
    bars = base.mark_rule(strokeWidth=12, strokeCap="round").encode(x, x2="high:Q")
    point = base.mark_point(size=110, opacity=1).encode(x).transform_filter("datum.low == datum.high")
    # a label beside a range below the threshold stands on its left, where the line does not cross it
    right = base.mark_text(align="left", dx=8).transform_filter(f"datum.high >= {threshold}")
    left = base.mark_text(align="right", dx=-8).transform_filter(f"datum.high < {threshold}")
    text = right.encode(across(unit, "high", zero=False), text="label:N") + left.encode(x, text="label:N")
    ground = alt.Chart(pd.DataFrame({"at": [threshold], "name": [name]}))
    rule = ground.mark_rule(strokeDash=[5, 4], strokeWidth=1.5, color=INK).encode(across(unit, "at", zero=False))
    said = ground.mark_text(align="left", dx=5, baseline="bottom", dy=-3, color=MUTED, fontStyle="italic")
    return rule + bars + point + text + said.encode(across(unit, "at", zero=False), y=alt.value(0), text="name:N")
