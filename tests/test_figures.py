"""Figures: valid specifications, drawn twice, framed with everything a reader needs."""

from __future__ import annotations

import json
from pathlib import Path

import altair as alt
import pytest
from bs4 import BeautifulSoup

from nevbook import drawing, figures
from nevbook.book import Book
from nevbook.errors import BuildError


def specs(root: Path) -> list[dict]:
    """Every specification that the chapters handed to the renderer."""
    found = []
    for path in sorted((root / "_build" / "nevbook" / "chapters").glob("*.ipynb")):
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            found += [o["data"][figures.MIME] for o in cell.get("outputs", []) if figures.MIME in o.get("data", {})]
    return found


def test_every_specification_is_valid_and_survives_json(published: Path) -> None:
    found = specs(published.parents[1])
    assert len(found) > 30
    for spec in found:
        again = json.loads(json.dumps(spec))
        assert again == spec
        alt.Chart.from_dict(spec, validate=True)


def test_every_specification_has_its_frame(published: Path) -> None:
    for spec in specs(published.parents[1]):
        frame = spec["usermeta"]["nevbook"]
        assert all(frame[k] for k in ("id", "title", "subtitle", "alt", "foot", "table", "rows")), frame["id"]
        assert "Source" in frame["foot"] and "Data as of 22 November 2026" in frame["foot"]
        assert spec["title"]["text"]  # for JupyterLab, where the chart stands alone


def test_bars_stand_on_zero(published: Path) -> None:
    for spec in specs(published.parents[1]):
        for layer in spec.get("layer", [spec]):
            mark = layer.get("mark", {})
            if (mark if isinstance(mark, str) else mark.get("type")) == "bar":
                scales = [layer["encoding"].get(c, {}).get("scale", {}) for c in ("x", "y")]
                assert all(s.get("zero", True) is not False for s in scales), spec["usermeta"]["nevbook"]["id"]


def test_a_drawing_has_its_own_ids_and_asks_nobody() -> None:
    chart = alt.Chart({"values": [{"a": 1, "b": 2}]}).mark_bar(clip=True).encode(x="a:Q", y="b:Q")
    spec = chart.properties(usermeta={"nevbook": {"id": "one"}}).to_dict()
    one, two = drawing.pictures(spec), drawing.pictures(spec)
    assert one == two  # whatever was drawn before in this process
    for size, svg in one.items():
        page = BeautifulSoup(svg, "html.parser")
        assert all(e["id"].startswith(f"fig-one-{size}-") for e in page.select("[id]"))
        assert page.svg["aria-hidden"] == "true" and f'width="{figures.WIDTHS[size]}"' in svg
        assert "http://" not in svg.replace("http://www.w3.org/", "") and "https://" not in svg


def test_a_chart_that_cannot_be_drawn_is_named() -> None:
    spec = {
        "mark": "bar",
        "encoding": {"x": {"field": "a", "type": "nonsense"}},
        "usermeta": {"nevbook": {"id": "bad"}},
    }
    with pytest.raises(BuildError, match="figure 'bad' cannot be drawn"):
        drawing.draw(spec | {"data": {"url": "nonsense:"}, "mark": {"type": "no-mark"}}, 360)


def test_colours_can_be_told_from_both_pages() -> None:
    def luminance(colour: str) -> float:
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    for colour in (figures.SUBJECT, figures.SECOND, figures.CONTEXT):
        for page in ("#ffffff", "#121212"):
            high, low = sorted((luminance(colour), luminance(page)), reverse=True)
            assert (high + 0.05) / (low + 0.05) >= 3


def test_a_missing_year_ends_a_line() -> None:
    book = Book(2024)
    table = book.frame(book.series("vehicle_production", basis="registration"))
    segments = table.groupby("segment")["year"].agg(["min", "max", "count"])
    assert (segments["max"] - segments["min"] + 1 == segments["count"]).all()
    assert len(segments) > 1


def test_no_line_joins_two_ways_of_counting() -> None:
    book = Book(2025)
    table = book.frame(book.series("vehicle_production"))
    assert (table.groupby("segment")["basis"].nunique() == 1).all()


def test_an_empty_chart_is_a_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    shown: list = []
    book = Book(2025, "anhui")
    import nevbook.book as module

    original, module.display = module.display, shown.append
    try:
        words = book.phrase("Title")
        book.figure(alt.Chart().mark_point(), "x", words, "unit", words, [])
    finally:
        module.display = original
    assert "No chart here" in shown[0].data
