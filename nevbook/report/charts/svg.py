"""Draw charts to SVG, each specification once."""

from __future__ import annotations

import functools
import hashlib
import json
import textwrap
from importlib.metadata import version
from pathlib import Path

from nevbook.common.errors import BuildError
from nevbook.common.files import write_whole
from nevbook.common.processes import tell
from nevbook.report.charts.frame import WIDTHS, clean_svg, drawable
from nevbook.report.charts.renderer import MIME

_CARD = (1200, 630)  # pixels


@functools.cache
def _drawer() -> str:
    import altair
    import vl_convert

    wanted = ".".join(altair.SCHEMA_VERSION.lstrip("v").split(".")[:2])
    known = vl_convert.get_vegalite_versions()
    return wanted if wanted in known else known[-1]


def draw(spec: dict, width: int) -> str:
    """Draw a specification."""
    import vl_convert

    name = spec.get("usermeta", {}).get("nevbook", {}).get("id", "?")
    tell(f"figure {name!r}")
    try:
        return vl_convert.vegalite_to_svg(drawable(spec, width), vl_version=_drawer())
    except Exception as error:  # the library raises bare exceptions of several kinds
        cause = " ".join(line for line in str(error).splitlines() if not line.lstrip().startswith("at "))
        raise BuildError(f"figure {name!r} cannot be drawn: {cause}") from error


def draw_chapter(notebook: Path, cache: Path) -> None:
    """Draw the charts of an executed chapter into the cache."""
    for cell in json.loads(notebook.read_text(encoding="utf-8"))["cells"]:
        for output in cell.get("outputs", []):
            spec = output.get("data", {}).get(MIME)
            if spec is not None:
                pictures(spec, cache)


def _kept(cache: Path, wanted: dict, ending: str) -> Path:
    """Where a drawing is kept, named by what is drawn."""
    key = json.dumps([wanted, version("vl-convert-python")], sort_keys=True)
    return cache / f"{hashlib.sha256(key.encode()).hexdigest()[:32]}.{ending}"


def pictures(spec: dict, cache: Path) -> dict[str, str]:
    """Draw a chart at each width of the book, or take it from the cache."""
    name, found = spec["usermeta"]["nevbook"]["id"], {}
    for size, width in WIDTHS.items():
        path = _kept(cache, drawable(spec, width), "svg")
        if not path.exists():
            write_whole(path, draw(spec, width))
        found[size] = clean_svg(path.read_text(encoding="utf-8"), f"fig-{name}-{size}")
    return found


def card(spec: dict, cache: Path) -> bytes:
    """Draw a chart with its title as the picture that stands for a page where it is shared."""
    import vl_convert

    title = spec.get("title")
    title = {"text": title} if isinstance(title, str) else dict(title or {})
    # a tall chart is drawn wider and then smaller: squeezed into the height, its words would run into each other
    tall = spec.get("height", 0) if isinstance(spec.get("height"), int | float) else 0
    wide = max(600, round((tall + 100) * _CARD[0] / _CARD[1]))
    title |= {
        "text": textwrap.wrap(str(title.get("text", "")), wide // 10), "fontSize": 19, "anchor": "start",
        "subtitle": textwrap.wrap(str(title.get("subtitle", "")), wide // 7), "subtitleFontSize": 13,
        "frame": "bounds", "offset": 12,
    }  # fmt: skip
    wanted = drawable(spec, wide) | {"background": "white", "title": title, "padding": 20}
    if wide == 600:
        wanted |= {"height": _CARD[1] / 2, "autosize": {"type": "fit", "contains": "padding"}}
    path = _kept(cache, wanted, "png")
    if not path.exists():
        drawn = vl_convert.vegalite_to_png(wanted, vl_version=_drawer(), scale=_CARD[0] / wide)
        write_whole(path, drawn)
    return path.read_bytes()
