"""The frame of a chart: title, drawings, caption, table, links to its files."""

from __future__ import annotations

import html
import json
import re

from nevbook.common.formatting import interval_ends, number
from nevbook.common.html import table
from nevbook.common.i18n import N_, gettext as _
from nevbook.common.vocabulary import QUALIFIERS, UNITS

WIDTHS = {"wide": 720, "narrow": 360}
COLUMNS = ("series", "period", "value", "low", "high", "unit", "kind", "basis", "source")  # of a figure's table
_HEADS = (
    N_("Series"), N_("Period"), N_("Value"), N_("At least"), N_("At most"), N_("Unit"), N_("Kind"),
    N_("Way of counting"), N_("Source"),
)  # fmt: skip
_FILES = {  # a name, and what it does
    "csv": ("CSV", N_("Download the data of this figure as CSV")),
    "svg": ("SVG", N_("Download this figure as SVG, a picture that can be enlarged")),
    "png": ("PNG", N_("Download this figure as PNG, a picture")),
    "spec": ("Vega-Lite", N_("Download what this figure is drawn from, as Vega-Lite")),
    "link": (N_("Link"), N_("Link to this figure")),
}


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
        head = _(QUALIFIERS[row["qualifier"]])
        toward = {">": -1, "<": 1}.get(row["qualifier"], 0) if row["place"] else 0
        value = head + number(row["value"], row["unit"], row["place"] or None, toward=toward)
        low, high = interval_ends(row["value"], row["low"], row["high"], row["unit"])
        cells = [row["series"].replace("|", " "), row["period"], value, low, high, _(UNITS[row["unit"]])]
        cells = [html.escape(str(c)) for c in (*cells, row["kind"], row["basis"], row["source"])]
        cells[2] = f'<data value="{float(row["value"])!r}">{cells[2]}</data>'
        body.append(cells)
    return table([_(name) for name in _HEADS], body, caption)


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
    hint = _("The arrow keys read its values one by one; Enter keeps a series in view, Escape lets go.")
    hint, summary = html.escape(hint), html.escape(_("Table"))
    return (
        f'<figure class="nev-figure" id="fig-{name}" aria-labelledby="fig-{name}-title">'
        f'<div class="nev-title" id="fig-{name}-title">{frame["title"]}</div>'
        f'<div class="nev-subtitle">{frame["subtitle"]}</div>'
        f'<div class="nev-drawing" role="img" aria-label="{told}" data-hint="{hint}">{pictures}</div>'
        # nothing may follow a caption in a figure: tools, citation and data stand in it
        f"<figcaption>{notes}<p>{frame['foot']}</p>"
        f'<div class="nev-tools">{choices}{_files(frame, name)}'
        f'<details class="nev-data"><summary>{summary}</summary>{frame["table"]}</details></div>'
        f"{frame.get('cite', '')}{live}</figcaption></figure>"
    )


def _files(frame: dict, name: str) -> str:
    """Write the links to the files of a figure; the script shows the button that makes a PNG."""

    def labelled(tag: str, key: str, attributes: str) -> str:
        text, label = (html.escape(_(words)) for words in _FILES[key])
        return f'<{tag} {attributes} title="{label}">{text}</{tag}>'

    items = [
        labelled("a", key, f'download="{name}.{ending}" href="{html.escape(frame[key])}"')
        for key, ending in (("csv", "csv"), ("svg", "svg"), ("spec", "vl.json"))
        if frame.get(key)
    ]
    png = labelled("button", "png", 'type="button" class="nev-png"')
    copied = html.escape(_("Copied"))
    items.insert(sum(bool(frame.get(k)) for k in ("csv", "svg")), png)
    items.append(labelled("a", "link", f'class="nev-link" href="#fig-{name}" data-copied="{copied}"'))
    listed = "".join(f"<li{' hidden' if one is png else ''}>{one}</li>" for one in items)
    return f'<ul class="nev-files">{listed}</ul>'
