"""A figure in its frame, and the files beside it: picture, data, specification."""

from __future__ import annotations

import json
import re
import textwrap
from pathlib import Path

from markupsafe import Markup, escape

from nevbook.common.i18n import gettext as _
from nevbook.report.charts import svg, theme, vega
from nevbook.report.charts.frame import WIDTHS, frame_html

# Of the picture's own title and foot: CSS pixels of a line and of its letters, characters of a line.
_TITLE, _UNDER, _FOOT = (24, 19, 70), (18, 13, 108), (15, 11, 132)
_EDGE = 12
_LINE = Markup('<text x="{}" y="{}" font-size="{}" fill="{}" font-weight="{}">{}</text>')
_PICTURE = Markup(
    '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="{width}"'
    ' height="{height}" viewBox="0 0 {width} {height}" role="img" font-family="{font}"><title>{title}</title>'
    '<desc>{alt}</desc><rect width="100%" height="100%" fill="#ffffff"/>{lines}{inner}</svg>\n'
)


def framed(spec: dict, cache: Path, folder: Path | None, prefix: str, **more: str) -> str:
    """Draw a chart, write its files, and frame it."""
    frame = spec["usermeta"]["nevbook"] | more
    if cut(spec):
        note, zero = frame.get("note") or {"text": "", "html": ""}, _("The scale does not begin at zero.")
        frame["note"] = {k: f"{v} {escape(zero) if k == 'html' else zero}".strip() for k, v in note.items()}
    name = frame["id"]
    drawn = svg.pictures(spec, cache)
    files = {f"{name}.svg": _picture(frame, drawn["wide"]), f"{name}.vl.json": _alone(spec)}
    links = {"svg": f"{prefix}{name}.svg", "spec": f"{prefix}{name}.vl.json"}
    if "rows" in frame:
        files[f"{name}.csv"], links["csv"] = frame["rows"], f"{prefix}{name}.csv"
    if folder:
        folder.mkdir(parents=True, exist_ok=True)
    for file, text in files.items() if folder else ():
        (folder / file).write_text(text, encoding="utf-8", newline="\n")
    return frame_html(frame | links | {"live": vega.compact(spec)}, drawn)


def cut(part: object) -> bool:
    """Return whether a scale of a specification leaves out zero; years and ranks have none."""
    if isinstance(part, list):
        return any(cut(one) for one in part)
    if not isinstance(part, dict):
        return False
    for channel in ("x", "y"):
        place = part.get("encoding", {}).get(channel, {})
        scale = place.get("scale") or {}
        if place.get("type") == "quantitative" and place.get("field") not in ("year", "rank"):
            domain = scale.get("domain")
            if scale.get("zero") is False or (isinstance(domain, list) and not domain[0] <= 0 <= domain[-1]):
                return True
    return any(cut(one) for key, one in part.items() if key in ("layer", "hconcat", "vconcat", "spec"))


def _alone(spec: dict) -> str:
    """Return the specification as it stands alone, with its data and theme."""
    frame = spec["usermeta"]["nevbook"]
    out = {"$schema": spec.get("$schema"), "description": frame["alt"], "width": WIDTHS["wide"]}
    out["title"] = {"text": frame["title"]["text"], "subtitle": frame["subtitle"]["text"], "anchor": "start"}
    out |= {k: v for k, v in spec.items() if k not in ("usermeta", "title", "width", "$schema")}
    return json.dumps(out, ensure_ascii=False, indent=1) + "\n"


def _picture(frame: dict, svg: str) -> Markup:
    """Return the drawing as a picture of its own, with title and sources in it."""
    sizes = re.search(r'width="([\d.]+)" height="([\d.]+)"', svg)
    width, height = (float(x) for x in sizes.groups()) if sizes else (720.0, 400.0)
    lines, top = [], float(_EDGE)

    def write(text: str, style: tuple[int, int, int], ink: str, weight: str = "normal") -> None:
        nonlocal top
        for line in textwrap.wrap(text, style[2]):
            top += style[0]
            lines.append(_LINE.format(_EDGE, f"{top - style[0] * 0.25:g}", style[1], ink, weight, line))

    title, foot = frame["title"]["text"], frame["foot"]
    write(title, _TITLE, theme.INK, "bold")
    write(frame["subtitle"]["text"], _UNDER, theme.MUTED)
    inner = svg.replace("<svg ", f'<svg x="{_EDGE}" y="{top + 6:g}" ', 1)
    inner = inner.replace(' aria-hidden="true" focusable="false"', "")
    top += 6 + height + 4
    for part in (frame["note"]["text"] if frame.get("note") else "", foot):
        write(part, _FOOT, theme.MUTED)
    return _PICTURE.format(
        width=f"{width + 2 * _EDGE:g}", height=f"{top + _EDGE:g}", font=theme.FONT, title=title, alt=frame["alt"],
        lines=Markup("").join(lines), inner=Markup(inner),
    )  # fmt: skip
