"""The phase plane: how fast a thing moves, and whether that changes, with its four corners named."""

from __future__ import annotations

import altair as alt

from nevbook.common.i18n import gettext as _
from nevbook.report.charts.theme import MUTED, number_expression

_LINEAR = 10.0  # around nought the scale is even; further out each step is a multiple
_TICKS = [-300, -100, -30, -10, 0, 10, 30, 100, 300]


def plane(frame: object, x: str = "speed", y: str = "value") -> tuple[alt.X, alt.Y, alt.LayerChart]:
    """Return the axes and the ground of a phase chart.

    Parameters
    ----------
    frame : pandas.DataFrame
        What the chart draws; gives the ends of the plane, which always holds all four corners.
    x, y : str
        Columns with speed and acceleration, in percent and percentage points.

    Returns
    -------
    tuple of altair.X, altair.Y, altair.LayerChart
        Both axes run through nought and are even around it, in multiples further out, so that a
        doubling and a change of one point can be seen at once; the ground names the corners.
    """
    ends = {}
    for field in (x, y):
        most = float(frame[field].abs().max()) if len(frame) else 0.0  # type: ignore[index, arg-type]
        ends[field] = [-max(most, 20.0) * 1.6, max(most, 20.0) * 1.6]
    # most things grow: the half where they shrink is only as wide as its names need, unless something is there
    ends[x][0] = max(ends[x][0], min(float(frame[x].min()) if len(frame) else 0.0, -25.0) * 1.6)  # type: ignore[index]
    axes = []
    for field, kind, way in ((x, alt.X, "x"), (y, alt.Y, "y")):
        scale = alt.Scale(type="symlog", constant=_LINEAR, domain=ends[field], nice=False)
        within = [t for t in _TICKS if ends[field][0] < t < ends[field][1]]
        axis = alt.Axis(
            values=within, labelExpr=number_expression("percent" if way == "x" else "points", way), grid=True,
            domain=False, ticks=False,
        )  # fmt: skip
        axes.append(kind(f"{field}:Q", scale=scale, axis=axis))
    across = alt.Chart().mark_rule(strokeWidth=1.5).encode(y=alt.datum(0, type="quantitative"))
    upright = alt.Chart().mark_rule(strokeWidth=1.5).encode(x=alt.datum(0, type="quantitative"))
    named = [
        (_("grows, and faster"), "right", "width", 0, -4, 10),
        (_("grows, but more slowly"), "right", "width", "height", -4, -8),
        (_("shrinks, but less"), "left", 0, 0, 4, 10),
        (_("shrinks, and faster"), "left", 0, "height", 4, -8),
    ]
    corners = [
        alt.Chart()
        .mark_text(align=align, dx=dx, dy=dy, color=MUTED, fontStyle="italic", text=name)
        .encode(x=alt.value(left), y=alt.value(top))
        for name, align, left, top, dx, dy in named
    ]
    return axes[0], axes[1], alt.layer(across, upright, *corners)
