"""Whether a chart is honest, as Vega-Lite compiles it; stands alone, for it is copied beside notebooks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

SCALES = {1: (), 1e-3: ("thousand", "1,000", "1000"), 1e-4: ("10,000", "10000", "ten thousand"), 1e-6: ("million",)}
_CONCATENATED = ("hconcat", "vconcat", "concat", "facet", "repeat")


def chart_faults(chart: Any, wanted: dict) -> list[str]:
    """Return the names of what is not honest in an Altair chart of bars over years.

    `wanted` has ``rows``, value by year as text, oldest first, and in ``names`` and ``units`` beginnings of the words
    that a title may name the measure and its unit by.
    """
    try:
        spec, drawn = chart.to_dict(), chart.to_dict(format="vega")
    except Exception:  # whatever Altair or Vega-Lite say against it
        return ["not_drawn"]
    if any(name in spec for name in _CONCATENATED):
        return ["several"]
    layers = list(_layers(spec, {}))
    if any("transform" in one for one in (spec, *layers)):
        return ["transformed"]
    bars = [one for one in layers if _mark(one) == "bar"]
    if not bars:
        return ["no_bars"]
    shown = [(bar, *found) for bar in bars if (found := _amounts(bar, spec, wanted["rows"]))]
    if len(shown) < len(bars):
        return ["other_data"]
    bar, value, factor, most = shown[0]
    time, encoding = "y" if value == "x" else "x", bar["encoding"]
    faults = _scale_faults(encoding[value], drawn, value, most)
    if f"{value}2" in encoding:
        faults.append("cut_axis")
    if encoding[time].get("sort") not in (None, "ascending", time):
        faults.append("order")
    direct = any(_mark(one) == "text" and _field(one, "text") == _field(bar, value) for one in layers)
    if not _labelled(drawn, time) or not (direct or _labelled(drawn, value)):
        faults.append("no_labels")
    title = " ".join(_words(one.get("title")) for one in (spec, *layers)).casefold()
    if not title.strip():
        faults.append("no_title")
    elif not any(name in title for name in wanted["names"]):
        faults.append("title_without_measure")
    axis = " ".join(_words(one.get("title")) for one in drawn.get("axes", []) if one["scale"] == value).casefold()
    sizes = {k for k, names in SCALES.items() if any(n in f"{axis} {title}" for n in names)} or {1}
    if not any(unit in f"{axis} {title}" for unit in wanted["units"]) or factor not in sizes:
        faults.append("no_unit")
    if "independent" in (spec.get("resolve", {}).get("scale") or {}).values():
        faults.append("two_scales")
    if _field(bar, "color") in (_field(bar, "x"), _field(bar, "y")):
        faults.append("rainbow")
    return list(dict.fromkeys(faults))


def _layers(spec: dict, above: dict) -> Iterator[dict]:
    """Yield every layer with the data and the encoding that it has from those above it."""
    here = {
        "data": spec.get("data", above.get("data")),
        "encoding": above.get("encoding", {}) | spec.get("encoding", {}),
    }
    if "mark" in spec:
        yield spec | here
    for one in spec.get("layer", []):
        yield from _layers(one, here)


def _mark(layer: dict) -> str:
    return layer["mark"] if isinstance(layer["mark"], str) else layer["mark"]["type"]


def _field(layer: dict, channel: str) -> str | None:
    return layer["encoding"].get(channel, {}).get("field")


def _words(title: object) -> str:
    if isinstance(title, dict):
        return f"{_words(title.get('text'))} {_words(title.get('subtitle'))}"
    return " ".join(map(str, title)) if isinstance(title, list) else str(title or "")


def _amounts(bar: dict, spec: dict, wanted: dict[str, float]) -> tuple[str, float, float] | None:
    """Return the channel of the values, their size to those wanted, and the greatest; None where they are others."""
    data = bar["data"] or {}
    rows = data.get("values") or spec.get("datasets", {}).get(data.get("name")) or []
    for value, time in (("y", "x"), ("x", "y")):
        amount, when = _field(bar, value), _field(bar, time)
        if not amount or not when or bar["encoding"][value].get("bin") or not isinstance(rows, list):
            continue
        try:
            found = [(str(row[when])[:4], float(row[amount])) for row in rows]
            ratios = [number / wanted[year] for year, number in found]
        except (KeyError, TypeError, ValueError):
            continue
        if len(dict(found)) < len(found) or not set(list(wanted)[-2:]) <= set(dict(found)):
            continue
        for factor in SCALES:
            if all(abs(r / factor - 1) < 0.01 for r in ratios):
                return value, factor, max(number for _, number in found)
    return None


def _scale_faults(axis: dict, drawn: dict, value: str, most: float) -> list[str]:
    scale = next((s for s in drawn.get("scales", []) if s["name"].endswith(value)), {"type": "none"})
    if scale["type"] != "linear" or axis.get("stack") in ("normalize", "center"):
        return ["bent_scale"]
    ends = scale["domain"] if isinstance(scale["domain"], list) else [None, None]
    low, high = scale.get("domainMin", ends[0]), scale.get("domainMax", ends[-1])
    cut = low != 0 if low is not None else not scale.get("zero")
    faults = ["cut_axis"] if cut else []
    if isinstance(high, int | float) and high < most:
        faults.append("cut_top")
    if scale.get("reverse"):
        faults.append("upside_down")
    return faults


def _labelled(drawn: dict, channel: str) -> bool:
    """Whether an axis has labels, in itself and by the chart's settings."""
    config = drawn.get("config", {})
    off = [config[n] for n in config if n.startswith("axis") and isinstance(config[n], dict)]
    hidden = any(one.get("labels") is False or one.get("labelOpacity") == 0 for one in off)
    shown = [a for a in drawn.get("axes", []) if a["scale"].endswith(channel) and a.get("labels", True)]
    return not hidden and any(a.get("labelOpacity", 1) != 0 for a in shown)
