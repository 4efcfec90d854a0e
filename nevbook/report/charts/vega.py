"""Live charts: one script of Vega, made at build time for all editions, and what a page hands to it."""

from __future__ import annotations

import functools
import json
from importlib.metadata import version
from pathlib import Path

from nevbook.common.errors import BuildError
from nevbook.common.files import digest, write_whole
from nevbook.common.i18n import gettext as _
from nevbook.common.vocabulary import UNITS
from nevbook.report.charts import frame, theme

FOLDER = "assets"  # in the site's root
_KEYS = ("series", "period", "value", "basis")  # find the row of the table
LICENCES = "vega-licences.txt"  # of what the script holds; beside it, and in each edition
# What vl-convert calls its own copies of the parts, the Vega-Lite as of `drawing`; nothing is fetched.
_PARTS = {"vega": "vega@6.2.0", "lite": "vega-lite@6.4.1", "interpreter": "vega-interpreter@2.0.0"}
_SNIPPET = """import { View, parse } from "VEGA";
import { compile } from "LITE";
import { expressionInterpreter } from "INTERPRETER";
window.nevVega = { View, parse, compile, interpreter: expressionInterpreter, config: CONFIG };"""


@functools.cache
def _snippet() -> str:
    text = _SNIPPET
    for part, address in _PARTS.items():
        text = text.replace(part.upper(), f"https://cdn.jsdelivr.net/npm/{address}/+esm")
    return text.replace("CONFIG", json.dumps(theme.theme()["config"], sort_keys=True, separators=(",", ":")))


@functools.cache
def name() -> str:
    """Return the file name of the script, another one for another vl-convert or theme."""
    return f"vega-{digest(version('vl-convert-python'), _snippet())[:12]}.js"


def make(cache: Path) -> None:
    """Make the script, unless the cache has it; loads vl-convert, so only in a process of its own."""
    path = cache / name()
    if path.exists():
        return
    import vl_convert

    try:
        text = vl_convert.javascript_bundle(_snippet())
    except Exception as error:  # the library raises bare exceptions of several kinds
        raise BuildError(
            f"the script of live charts cannot be made from {', '.join(_PARTS.values())}: {str(error).splitlines()[0]}."
            f" If vl-convert is another one, see which versions it brings, and name them in {Path(__file__).name}."
        ) from error
    # the names of a classic script would be the page's too
    write_whole(path, f'(function () {{"use strict";\n{text}\n}})();\n')


def compact(spec: dict) -> dict:
    """Return what the page needs of a specification: no frame, no theme, no column that nothing names."""
    out = frame.drawable(spec, frame.WIDTHS["wide"])
    for left in ("$schema", "width"):
        out.pop(left, None)
    if out.get("config") == theme.theme()["config"]:
        del out["config"]
    said = json.dumps({k: v for k, v in out.items() if k != "datasets"})
    out["datasets"] = {
        name: [{k: v for k, v in row.items() if k in _KEYS or k in said} for row in rows]
        for name, rows in spec.get("datasets", {}).items()
    }
    if not out["datasets"]:
        del out["datasets"]
    columns = spec["usermeta"]["nevbook"].get("columns", frame.COLUMNS)
    return {"columns": columns, "bare": _(UNITS["count"]), "spec": out}
