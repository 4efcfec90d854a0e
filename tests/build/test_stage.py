"""What is staged for Sphinx: chapters with charts are complete, and links to figures of old lead somewhere."""

from __future__ import annotations

import copy
from pathlib import Path

import pytest

from nevbook.build.stage import draw_figures, require_parts
from nevbook.common.errors import BuildError
from nevbook.report.charts import renderer

CHAPTER = Path("output.ipynb")


def cell(*outputs: dict, source: str = "", **metadata: object) -> dict:
    return {"source": source, "metadata": metadata, "outputs": [{"data": data} for data in outputs]}


WHOLE = {
    "cells": [
        {"cell_type": "markdown", "source": "# Output\n\n**How large is it?** It is large.", "metadata": {}},
        cell({"text/html": '<aside class="nev-takeaways"></aside>'}),
        cell({renderer.MIME: {"title": {"text": "Output"}}}),
        cell({"text/html": '<p class="nev-unknown"></p>'}),
    ]
}


def test_a_chapter_with_charts_has_lead_takeaways_and_note() -> None:
    require_parts(WHOLE, CHAPTER)
    for place, missing in ((0, "a lead"), (1, "takeaways"), (3, "a note of what is not known")):
        book = copy.deepcopy(WHOLE)
        book["cells"][place] = cell(source="# Output")
        with pytest.raises(BuildError, match=rf"^output.ipynb: the chapter has charts but not {missing}"):
            require_parts(book, CHAPTER)


def test_a_chapter_without_charts_needs_none_of_them() -> None:
    require_parts({"cells": [cell(source="# About")]}, CHAPTER)


def test_a_link_to_a_figure_that_went_leads_to_what_took_its_place(tmp_path: Path) -> None:
    book = {"cells": [cell({"text/html": "<figure></figure>"}, formerly=["price", "cost"])]}
    draw_figures(book, tmp_path, tmp_path, None, "Output", "2025/output.html")  # type: ignore[arg-type]
    shown = "".join(o["data"]["text/html"] for o in book["cells"][0]["outputs"])
    assert shown == '<span id="fig-cost"></span><span id="fig-price"></span><figure></figure>'
