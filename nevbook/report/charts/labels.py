"""Labels that keep their room: names broken into lines, axes of names."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

import altair as alt

BREAK = "|"  # between the lines of a name; a figure's table writes a space in its place
_ROW = 46  # CSS pixels: a row with the labels of its marks
_WIDE = 20  # letters in a line: more takes half of a phone's screen


def wrapped(name: str, width: int = _WIDE) -> str:
    """Break a long name into lines for a chart.

    Parameters
    ----------
    name : str
        As the dataset has it.
    width : int
        Letters in a line at most; a longer word stays whole.

    Returns
    -------
    str
        Lines joined by `BREAK`.

    Examples
    --------
    >>> wrapped("Chongqing Economic and Technological Development Zone")
    'Chongqing Economic|and Technological|Development Zone'
    """
    return BREAK.join(textwrap.wrap(name, width, break_long_words=False)) or name


def height_of(names: Sequence[str]) -> int:
    """Return the height of a chart of rows in CSS pixels, with room for the lines of each name."""
    lines = max((name.count(BREAK) + 1 for name in names), default=1)
    return len(set(names)) * max(_ROW, 20 * lines + 4)


def name_axis(order: Sequence[str], field: str = "series") -> alt.Y:
    """Return a vertical axis of names, in an order, each name in as many lines as it needs.

    Parameters
    ----------
    order : sequence of str
        The names from the top down, as they stand in the frame.
    field : str
        Column of names.
    """
    lines = f"split(datum.label, '{BREAK}')"
    axis = alt.Axis(labelExpr=lines, labelLimit=220, labelPadding=8, ticks=False, domain=False)
    return alt.Y(f"{field}:N").sort(list(order)).axis(axis)
