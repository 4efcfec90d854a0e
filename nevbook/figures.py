"""Figures: one theme, one frame, one renderer for the book.

A chapter writes its chart in Altair and hands it to `Book.figure`, which adds what every
figure of the book must have (title, unit, sources, as-of day, alternative text, the data as
a table) in the chart's ``usermeta``. In JupyterLab the chart shows as Altair shows charts.
The build enables the renderer ``nevbook``, which passes chart and frame on as data; they
are drawn to SVG and framed as HTML when the site is staged.
"""

from __future__ import annotations

import html
import json
import re

import altair as alt
from altair.utils import schemapi
from IPython.display import display

from .tables import table
from .words import number, place_of, word

MIME = "application/vnd.nevbook.figure.v1+json"
RENDERER = "nevbook"
WIDTHS = {"wide": 720, "narrow": 360}
COLUMNS = ("series", "period", "value", "low", "high", "unit", "kind", "basis", "source")  # of a figure's table

# Each has at least 3:1 on the light and on the dark page, and differs in lightness too.
SUBJECT, SECOND, CONTEXT = "#0f7fbf", "#c8641b", "#808790"
INK, MUTED, GRID = "#1c2733", "#5b6672", "#d9dee4"
FONT = "Arial, Helvetica, 'Liberation Sans', sans-serif"


@alt.theme.register("nevbook", enable=False)
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
    sign, tail = word("minus"), word("mark.percent") if unit == "percent" else ""
    most = f"max(abs(domain('{axis}')[0]), abs(domain('{axis}')[1]))"
    parts = "format(abs(datum.value), ',~r')"
    for exponent in (6, 9, 12):
        scaled = f"format(abs(datum.value) / 1e{exponent}, ',~r') + {json.dumps(word(f'scale.{exponent}'))}"
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

    Returns
    -------
    altair.ColorValue
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
    bind = alt.binding_radio(options=list(options), name=word("figure.show") + ":\N{NO-BREAK SPACE}")
    return alt.param(name="show", value=options[0], bind=bind)


def render(spec: dict, **metadata: object) -> dict[str, object]:
    """Pass a chart on to the build: the renderer ``nevbook``.

    Parameters
    ----------
    spec : dict
        A Vega-Lite specification; its ``usermeta`` holds the frame.
    **metadata
        What Altair adds; not used.

    Returns
    -------
    dict
        A MIME bundle.
    """
    frame = spec.get("usermeta", {}).get("nevbook", {})
    return {MIME: spec, "text/plain": frame.get("alt", "")}


def use_in_build() -> None:
    """Make the build's renderer the one Altair uses."""
    alt.renderers.register(RENDERER, render)
    alt.renderers.enable(RENDERER)
    # A third of a chapter's time is Altair holding each part of a chart against its schema. The
    # build draws every chart, which finds what is wrong; the tests validate each specification.
    schemapi.disable_debug_mode()


def show(chart: alt.TopLevelMixin) -> None:
    """Display a chart: as Altair does, or in the build as data for the page.

    Parameters
    ----------
    chart : altair chart
        With the frame in its ``usermeta``.
    """
    if alt.renderers.active == RENDERER:
        display(render(chart.to_dict(validate=False)), raw=True)
    else:
        display(chart)


def drawable(spec: dict, width: int) -> dict:
    """Return a specification that draws at a width, without title and frame.

    Parameters
    ----------
    spec : dict
        As the renderer passed it on.
    width : int
        Of the whole picture, in CSS pixels.

    Returns
    -------
    dict
    """
    out = {k: v for k, v in spec.items() if k not in ("usermeta", "title")}
    out["width"] = width
    out["autosize"] = {"type": "fit-x", "contains": "padding"}
    room = spec["usermeta"]["nevbook"].get("room", 0)  # for labels that stand outside the plot
    out["padding"] = {"left": 4, "right": 4 + room, "top": 6, "bottom": 4}
    return out


def clean_svg(svg: str, name: str) -> str:
    """Make a drawn SVG fit to stand in a page: own ids, no fixed size, hidden from readers' tools.

    Parameters
    ----------
    svg : str
        As vl-convert draws it.
    name : str
        Prefix of its ids, unique in the page.

    Returns
    -------
    str
    """
    found = list(dict.fromkeys(re.findall(r'\bid="([^"]+)"', svg)))
    for place, old in enumerate(found):
        new = f"{name}-{place}"
        svg = svg.replace(f'id="{old}"', f'id="{new}"').replace(f"url(#{old})", f"url(#{new})")
        svg = svg.replace(f'href="#{old}"', f'href="#{new}"')
    # The figure carries the alternative text; Vega's generated English is left out.
    svg = re.sub(r' (?:aria-[a-z]+|role)="[^"]*"', "", svg)
    svg = re.sub(r"<\?xml[^>]*\?>|<!--.*?-->", "", svg, flags=re.DOTALL)
    return svg.replace("<svg ", '<svg aria-hidden="true" focusable="false" ', 1).strip()


def data_table(rows: list[dict], caption: str) -> str:
    """Write what a figure draws as a table; the script's tooltips read it, so both say the same.

    Parameters
    ----------
    rows : list of dict
        As of `Book.frame`, in the order in which they are to be read.
    caption : str
        Plain text.

    Returns
    -------
    str
        HTML; the columns of `COLUMNS`.
    """
    body = []
    for row in rows:
        place = place_of(row["low"], row["high"])
        head = "" if row["qualifier"] == "=" else word(f"qualifier.{row['qualifier']}")
        value = head + number(row["value"], row["unit"], place)
        low, high = (number(row[k], row["unit"], place and place / 10, most=7) for k in ("low", "high"))
        cells = [row["series"].replace("|", " "), row["period"], value, low, high, word(f"name.{row['unit']}")]
        cells = [html.escape(str(c)) for c in (*cells, row["kind"], row["basis"], row["source"])]
        cells[2] = f'<data value="{float(row["value"])!r}">{cells[2]}</data>'
        body.append(cells)
    return table([word(f"column.{c}") for c in COLUMNS], body, caption)


def frame_html(frame: dict, drawings: dict[str, str]) -> str:
    """Frame a drawn chart.

    Parameters
    ----------
    frame : dict
        What `Book.figure` put into ``usermeta``: HTML but for ``id`` and ``alt``. `figure_files.framed` adds
        ``csv``, ``svg`` and ``spec``, addresses of files, and ``live``, what the script draws the live chart from.
    drawings : dict
        SVG by the names of `WIDTHS`.

    Returns
    -------
    str
        A ``<figure>``.
    """
    name = html.escape(frame["id"])
    pictures = "".join(f'<div class="nev-{size}">{svg}</div>' for size, svg in drawings.items())
    notes = f'<p class="nev-note">{frame["note"]}</p>' if frame.get("note") else ""
    live = ""
    if frame.get("live"):
        inner = json.dumps(frame["live"], ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
        live = f'<script type="application/json" class="nev-live-spec">{inner}</script>'
    bound = any("bind" in one for one in frame.get("live", {}).get("spec", {}).get("params", ()))
    choices = '<div class="nev-choices"></div>' if bound else ""  # the script fills it
    told = html.escape(frame["alt"])
    hint, summary = html.escape(word("figure.hint")), html.escape(word("figure.table"))
    return (
        f'<figure class="nev-figure" id="fig-{name}" aria-labelledby="fig-{name}-title">'
        f'<div class="nev-title" id="fig-{name}-title">{frame["title"]}</div>'
        f'<div class="nev-subtitle">{frame["subtitle"]}</div>'
        f'<div class="nev-drawing" role="img" aria-label="{told}" data-hint="{hint}">{pictures}</div>'
        f"<figcaption>{notes}<p>{frame['foot']}</p></figcaption>"
        f'<div class="nev-tools">{choices}{_files(frame, name)}'
        f'<details class="nev-data"><summary>{summary}</summary>{frame["table"]}</details></div>'
        f"{frame.get('cite', '')}{live}</figure>"
    )


def _files(frame: dict, name: str) -> str:
    """Write the links to the files of a figure; the script shows the button that makes a PNG."""

    def labelled(tag: str, key: str, attributes: str) -> str:
        label = html.escape(word(f"figure.{key}.about"))
        text = html.escape(word(f"figure.{key}"))
        return f'<{tag} {attributes} title="{label}">{text}</{tag}>'

    items = [
        labelled("a", key, f'download="{name}.{ending}" href="{html.escape(frame[key])}"')
        for key, ending in (("csv", "csv"), ("svg", "svg"), ("spec", "vl.json"))
        if frame.get(key)
    ]
    png = labelled("button", "png", 'type="button" class="nev-png"')
    copied = html.escape(word("figure.copied"))
    items.insert(sum(bool(frame.get(k)) for k in ("csv", "svg")), png)
    items.append(labelled("a", "link", f'class="nev-link" href="#fig-{name}" data-copied="{copied}"'))
    listed = "".join(f"<li{' hidden' if one is png else ''}>{one}</li>" for one in items)
    return f'<ul class="nev-files">{listed}</ul>'
