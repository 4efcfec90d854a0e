"""Draw charts to SVG, each specification once."""

from __future__ import annotations

import functools
import hashlib
import json
import os
from pathlib import Path

from .errors import BuildError
from .figures import MIME, WIDTHS, clean_svg, drawable


@functools.cache
def _drawer() -> str:
    import altair
    import vl_convert

    version = ".".join(altair.SCHEMA_VERSION.lstrip("v").split(".")[:2])
    known = vl_convert.get_vegalite_versions()
    return version if version in known else known[-1]


def draw(spec: dict, width: int) -> str:
    """Draw a specification.

    Parameters
    ----------
    spec : dict
        Vega-Lite.
    width : int
        Of the whole picture, in CSS pixels.

    Returns
    -------
    str
        SVG.

    Raises
    ------
    BuildError
        Where Vega refuses the specification.
    """
    import vl_convert

    try:
        return vl_convert.vegalite_to_svg(drawable(spec, width), vl_version=_drawer())
    except Exception as error:  # the library raises bare exceptions of several kinds
        name = spec.get("usermeta", {}).get("nevbook", {}).get("id", "?")
        cause = " ".join(line for line in str(error).splitlines() if not line.lstrip().startswith("at "))
        raise BuildError(f"figure {name!r} cannot be drawn: {cause}") from error


def draw_chapter(notebook: Path, cache: Path) -> None:
    """Draw the charts of an executed chapter into the cache.

    Parameters
    ----------
    notebook : Path
        As papermill left it.
    cache : Path
        Folder of drawings.

    Raises
    ------
    BuildError
        Where a chart cannot be drawn; names the figure.
    """
    for cell in json.loads(notebook.read_text(encoding="utf-8"))["cells"]:
        for output in cell.get("outputs", []):
            spec = output.get("data", {}).get(MIME)
            if spec is not None:
                pictures(spec, cache)


def _paths(spec: dict, cache: Path) -> dict[str, Path]:
    """Where the drawings of a specification are kept, named by what is drawn."""
    found = {}
    for size, width in WIDTHS.items():
        wanted = json.dumps([drawable(spec, width), _version()], sort_keys=True)
        found[size] = cache / f"{hashlib.sha256(wanted.encode()).hexdigest()[:32]}.svg"
    return found


def pictures(spec: dict, cache: Path | None = None) -> dict[str, str]:
    """Draw a chart at each width of the book, or take it from the cache.

    Parameters
    ----------
    spec : dict
        As the renderer passed it on.
    cache : Path, optional
        Folder of drawings, named by what was drawn; may be deleted at any time.

    Returns
    -------
    dict
        SVG by width's name.
    """
    name = spec["usermeta"]["nevbook"]["id"]
    found = {}
    kept = _paths(spec, cache) if cache else {}
    for size, width in WIDTHS.items():
        path = kept.get(size)
        if path and path.exists():
            svg = path.read_text(encoding="utf-8")
        else:
            svg = draw(spec, width)
            if path:
                path.parent.mkdir(parents=True, exist_ok=True)
                part = path.with_suffix(f".{os.getpid()}.part")
                part.write_text(svg, encoding="utf-8")
                part.replace(path)
        found[size] = clean_svg(svg, f"fig-{name}-{size}")
    return found


@functools.cache
def _version() -> str:
    from importlib.metadata import version

    return version("vl-convert-python")
