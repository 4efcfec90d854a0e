"""The frame of a chart: title, drawings, caption, table, links to its files."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from markupsafe import Markup

from nevbook.common.formatting import interval_ends, number
from nevbook.common.html import table
from nevbook.common.i18n import N_, gettext as _
from nevbook.common.vocabulary import KINDS, QUALIFIERS, UNITS

WIDTHS = {"wide": 720, "narrow": 360}
COLUMNS = ("series", "period", "value", "low", "high", "unit", "kind", "basis", "source")  # of a figure's table
_HEADS = (
    N_("Series"), N_("Period"), N_("Value"), N_("At least"), N_("At most"), N_("Unit"), N_("Kind"),
    N_("Counting method"), N_("Source"),
)  # fmt: skip
# nothing may follow a caption in a figure: tools, citation and data stand in it
_FRAME = Markup(
    '<figure class="nev-figure" id="fig-{name}" aria-labelledby="fig-{name}-title">'
    '<div class="nev-title" id="fig-{name}-title">{title}</div><div class="nev-subtitle">{subtitle}</div>'
    '<div class="nev-drawing" role="img" aria-label="{alt}" data-hint="{hint}">{pictures}</div>'
    '<figcaption>{note}<p>{foot}</p><div class="nev-tools">{choices}<ul class="nev-files">{files}</ul>'
    '<details class="nev-data"><summary>{summary}</summary>{table}</details></div>{cite}{live}</figcaption></figure>'
)
_FILE = Markup('<li><a download="{}.{}" href="{}" title="{}">{}</a></li>')
_PNG = Markup('<li hidden><button type="button" class="nev-png" title="{}">{}</button></li>')  # the script shows it
_LINK = Markup('<li><a class="nev-link" href="#fig-{}" data-copied="{}" title="{}">{}</a></li>')


def drawable(spec: dict, width: int) -> dict:
    """Return a specification that draws at a width, without title and frame."""
    out = {k: v for k, v in spec.items() if k not in ("usermeta", "title")}
    out["width"] = width
    out["autosize"] = {"type": "fit-x", "contains": "padding"}
    room = spec["usermeta"]["nevbook"].get("room", 0)  # for labels that stand outside the plot
    out["padding"] = {"left": 4, "right": 4 + room, "top": 6, "bottom": 4}
    return out


def clean_svg(svg: str, name: str) -> str:
    """Make a drawn SVG fit to stand in a page: own ids, no fixed size, hidden from readers' tools."""
    found = list(dict.fromkeys(re.findall(r'\bid="([^"]+)"', svg)))
    for place, old in enumerate(found):
        new = f"{name}-{place}"
        svg = svg.replace(f'id="{old}"', f'id="{new}"').replace(f"url(#{old})", f"url(#{new})")
        svg = svg.replace(f'href="#{old}"', f'href="#{new}"')
    # The figure carries the alternative text; Vega's generated English is left out.
    svg = re.sub(r' (?:aria-[a-z]+|role)="[^"]*"', "", svg)
    svg = re.sub(r"<\?xml[^>]*\?>|<!--.*?-->", "", svg, flags=re.DOTALL)
    return svg.replace("<svg ", '<svg aria-hidden="true" focusable="false" ', 1).strip()


def data_table(rows: list[dict], caption: str) -> Markup:
    """Write the rows of `Book.frame` as a table, in reading order; the tooltips of the script read it."""
    body = []
    for row in rows:
        toward = {">": -1, "<": 1}.get(row["qualifier"], 0) if row["place"] else 0
        value = number(row["value"], row["unit"], row["place"] or None, toward=toward)
        shown = Markup('<data value="{!r}">{}{}</data>').format(
            float(row["value"]), _(QUALIFIERS[row["qualifier"]]), value
        )
        low, high = interval_ends(row["value"], row["low"], row["high"], row["unit"])
        series, unit = row["series"].replace("|", " "), _(UNITS[row["unit"]])
        body.append([series, row["period"], shown, low, high, unit, _(KINDS[row["kind"]]), row["basis"], row["source"]])
    return table([_(h) for h in _HEADS], body, caption)


def frame_html(frame: dict, drawings: dict[str, str]) -> Markup:
    """Frame a drawn chart."""
    spec = frame.get("live", {})
    live, choices, note = "", "", frame["note"]["html"] if frame.get("note") else ""
    if spec:
        inner = json.dumps(spec, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
        live = Markup('<script type="application/json" class="nev-live-spec">{}</script>').format(Markup(inner))
    if any("bind" in one for one in spec.get("spec", {}).get("params", ())):
        choices = Markup('<div class="nev-choices"></div>')  # the script fills it
    picture = Markup('<div class="nev-{}">{}</div>')
    return _FRAME.format(
        name=frame["id"],
        title=Markup(frame["title"]["html"]),
        subtitle=Markup(frame["subtitle"]["html"]),
        alt=frame["alt"],
        hint=_("The arrow keys read its values one by one; Enter keeps a series in view, Escape lets go."),
        pictures=Markup("").join(picture.format(size, Markup(svg)) for size, svg in drawings.items()),
        note=Markup('<p class="nev-note">{}</p>').format(Markup(note)) if note else "",
        foot=frame["foot"],
        choices=choices,
        files=Markup("").join(_files(frame)),
        summary=_("Table"),
        table=Markup(frame["table"]),
        cite=Markup(frame.get("cite", "")),
        live=live,
    )


def _files(frame: dict) -> Iterator[Markup]:
    """Write the links to a figure and its files."""
    name = frame["id"]
    if "csv" in frame:
        yield _FILE.format(name, "csv", frame["csv"], _("Download the data of this figure as CSV"), "CSV")
    if "svg" in frame:
        about = _("Download this figure as SVG, a picture that can be enlarged")
        yield _FILE.format(name, "svg", frame["svg"], about, "SVG")
    yield _PNG.format(_("Download this figure as PNG, a picture"), "PNG")
    if "spec" in frame:
        about = _("Download what this figure is drawn from, as Vega-Lite")
        yield _FILE.format(name, "vl.json", frame["spec"], about, "Vega-Lite")
    yield _LINK.format(name, _("Copied"), _("Link to this figure"), _("Link"))
