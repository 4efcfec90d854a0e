"""The build's Altair renderer: chart and frame are passed on as data."""

from __future__ import annotations

import altair as alt
from altair.utils import schemapi
from IPython.display import display

MIME = "application/vnd.nevbook.figure.v1+json"
RENDERER = "nevbook"


def render(spec: dict, **metadata: object) -> dict[str, object]:
    """Pass a chart on to the build: the renderer ``nevbook``."""
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
    """Display a chart: in the build as data for the page, in a notebook as a picture that asks the network for nothing.

    A renderer that the reader has enabled stays.
    """
    if alt.renderers.active == RENDERER:
        display(render(chart.to_dict(validate=False)), raw=True)
    elif alt.renderers.active == "default":  # it would load its scripts from another host
        with alt.renderers.enable("svg"):
            display(chart)
    else:
        display(chart)
