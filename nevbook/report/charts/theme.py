"""The theme of all charts, and what a chapter's Altair charts take from it: colours, axes, choices."""

from __future__ import annotations

import json

import altair as alt

from nevbook.common.formatting import SCALES
from nevbook.common.i18n import gettext as _

# Each has at least 3:1 on the light and on the dark page, and differs in lightness too.
SUBJECT, SECOND, CONTEXT = "#0f7fbf", "#c8641b", "#808790"
INK, MUTED, GRID = "#1c2733", "#5b6672", "#d9dee4"
FONT = "Arial, Helvetica, 'Liberation Sans', sans-serif"


NAME = "nevbook"


@alt.theme.register(NAME, enable=False)
def theme() -> alt.theme.ThemeConfig:
    """Return the look of every chart: quiet axes, direct labels, no legend, no frame."""
    text = {"font": FONT, "fontSize": 13, "color": INK}
    return alt.theme.ThemeConfig(
        {
            "config": {
                "aria": False,  # the figure has its own words; Vega's are generated English
                "background": "transparent",
                "font": FONT,
                "view": {"stroke": None},
                "axis": {
                    "labelColor": MUTED,
                    "labelFontSize": 12,
                    "titleColor": MUTED,
                    "titleFontSize": 12,
                    "titleFontWeight": "normal",
                    "domainColor": CONTEXT,
                    "tickColor": CONTEXT,
                    "gridColor": GRID,
                    "title": None,  # the subtitle names measure and unit
                    "labelLimit": 170,
                    "titleLimit": 300,
                },
                "axisX": {
                    "grid": False,
                    "labelAngle": 0,
                    "labelFlush": False,
                    "labelOverlap": "greedy",
                    "labelSeparation": 8,
                },
                "axisY": {"domain": False, "ticks": False, "tickCount": 5},
                "legend": {"disable": True},
                "text": text,
                "line": {"color": SUBJECT, "strokeWidth": 2.5},
                "point": {"color": SUBJECT, "filled": True, "size": 55},
                "bar": {"color": SUBJECT},
                "rule": {"color": CONTEXT},
                "tick": {"color": INK, "thickness": 2.5},
                "header": {"labelColor": INK, "labelFontSize": 13, "titleColor": MUTED},
            }
        }
    )


def vega_lite(height: int, layers: list[dict]) -> dict:
    """Return a chart that is written as Vega-Lite: Altair would take ten times as long for hundreds of them."""
    schema = "https://vega.github.io/schema/vega-lite/v6.json"
    return {"$schema": schema, "config": theme()["config"], "height": height, "layer": layers}


hidden = None  # an axis that is not drawn: the marks are labelled themselves


def years(field: str = "year") -> alt.X:
    """Return a horizontal axis of whole years, one tick a year at most."""
    whole = (
        "datum.value == floor(datum.value) ? format(datum.value, 'd') : ''"  # of three years Vega marks the halves too
    )
    axis = alt.Axis(format="d", tickMinStep=1, labelExpr=whole)
    return alt.X(f"{field}:Q").axis(axis).scale(zero=False, nice=False, padding=14)


def amount(unit: str, field: str = "value", zero: bool = True) -> alt.Y:
    """Return a vertical axis of a unit, with its numbers in words (2 million)."""
    return alt.Y(f"{field}:Q").axis(labelExpr=number_expression(unit, "y")).scale(zero=zero)


def across(unit: str, field: str = "value", zero: bool = True) -> alt.X:
    """Return a horizontal axis of a unit, with its numbers in words."""
    few = alt.ExprRef("width < 300 ? 2 : 4")  # on a phone
    axis = alt.Axis(labelExpr=number_expression(unit, "x"), grid=True, tickCount=few, domain=False, ticks=False)
    return alt.X(f"{field}:Q").axis(axis).scale(zero=zero)


def number_expression(unit: str, axis: str) -> str:
    """Return the Vega expression that writes the labels of an axis, all on one scale."""
    sign, tail = "\N{MINUS SIGN}", "%" if unit == "percent" else ""
    most = f"max(abs(domain('{axis}')[0]), abs(domain('{axis}')[1]))"
    parts = "format(abs(datum.value), ',~r')"
    for exponent in (6, 9, 12):
        scaled = f"format(abs(datum.value) / 1e{exponent}, ',~r') + {json.dumps(_(SCALES[exponent]))}"
        parts = f"{most} >= 1e{exponent} ? {scaled} : ({parts})"
    return f"datum.value == 0 ? '0' : (datum.value < 0 ? '{sign}' : '') + ({parts}) + {json.dumps(tail)}"


def accent(field: str, subject: str | list[str], second: str | list[str] = ()) -> alt.ColorValue:
    """Return colours that carry the subject, and leave all else grey.

    Parameters
    ----------
    field : str
        Column of the frame, nominal.
    subject, second : str or list of str
        Values that take the first and the second accent.
    """
    groups = [([x] if isinstance(x, str) else list(x), colour) for x, colour in ((subject, SUBJECT), (second, SECOND))]
    chosen = [{"test": {"field": field, "oneOf": names}, "value": colour} for names, colour in groups if names]
    return alt.ColorValue(CONTEXT, condition=chosen)


def choice(*options: str) -> alt.Parameter:
    """Return a choice that the live chart offers; the drawing shows the first.

    Parameters
    ----------
    *options : str
        What can be shown; the chart's expressions compare the parameter ``show`` with them.

    Returns
    -------
    altair.Parameter
        For ``Chart.add_params``.
    """
    bind = alt.binding_radio(options=list(options), name=_("Show") + ":\N{NO-BREAK SPACE}")
    return alt.param(name="show", value=options[0], bind=bind)
