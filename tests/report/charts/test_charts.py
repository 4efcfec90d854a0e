"""Figures: valid specifications, drawn twice, framed with everything a reader needs."""

from __future__ import annotations

import csv
import io
import json
import re
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import altair as alt
import pytest
from bs4 import BeautifulSoup
from markupsafe import Markup

from nevbook.build import assemble
from nevbook.common.errors import BuildError
from nevbook.report.book import open_edition
from nevbook.report.charts import files, renderer, theme, vega
from nevbook.report.charts.frame import WIDTHS, frame_html
from nevbook.report.charts.svg import _drawer, draw, pictures
from nevbook.report.figures import both
from nevbook.report.phrases import Phrase
from tests.conftest import EDITIONS, ROOT, day_told

STATIC = ROOT / "nevbook" / "site" / "static"


def specs(root: Path) -> list[dict]:
    """Every specification that the chapters handed to the renderer."""
    found = []
    for path in sorted((root / "_build" / "nevbook" / "chapters").glob("*.ipynb")):
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            found += [o["data"][renderer.MIME] for o in cell.get("outputs", []) if renderer.MIME in o.get("data", {})]
    return found


def test_every_specification_is_valid_and_survives_json(published: Path) -> None:
    found = specs(published.parents[1])
    assert len(found) > 30
    for spec in found:
        again = json.loads(json.dumps(spec))
        assert again == spec
        alt.Chart.from_dict(spec, validate=True)


def test_every_specification_has_its_frame(published: Path) -> None:
    days = {day_told(edition) for edition in EDITIONS}
    for spec in specs(published.parents[1]):
        frame = spec["usermeta"]["nevbook"]
        assert all(frame[k] for k in ("id", "title", "subtitle", "alt", "foot", "table", "rows")), frame["id"]
        units = {row["unit"] for row in csv.DictReader(io.StringIO(frame["rows"].removeprefix("\ufeff")))}
        assert "Source" in frame["foot"] or units == {"count"}, frame["id"]  # who counts rows of the data is the book
        assert any(f"Data as of {day}" in frame["foot"] for day in days)
        assert spec["title"]["text"]  # for JupyterLab, where the chart stands alone


def test_bars_stand_on_zero(published: Path) -> None:
    for spec in specs(published.parents[1]):
        if spec["title"]["text"].startswith("Misleading on purpose"):  # the lesson on axes; its note says so, too
            assert files.cut(spec)
            continue
        for layer in spec.get("layer", [spec]):
            mark = layer.get("mark", {})
            if (mark if isinstance(mark, str) else mark.get("type")) == "bar":
                scales = [layer["encoding"].get(c, {}).get("scale", {}) for c in ("x", "y")]
                assert all(s.get("zero", True) is not False for s in scales), spec["usermeta"]["nevbook"]["id"]


def test_a_drawing_has_its_own_ids_and_asks_nobody(tmp_path: Path) -> None:
    chart = alt.Chart({"values": [{"a": 1, "b": 2}]}).mark_bar(clip=True).encode(x="a:Q", y="b:Q")
    spec = chart.properties(usermeta={"nevbook": {"id": "one"}}).to_dict()
    one, two = (pictures(spec, tmp_path / name) for name in ("one", "two"))
    assert one == two  # whatever was drawn before in this process
    for size, svg in one.items():
        page = BeautifulSoup(svg, "html.parser")
        assert all(e["id"].startswith(f"fig-one-{size}-") for e in page.select("[id]"))
        assert page.svg["aria-hidden"] == "true" and f'width="{WIDTHS[size]}"' in svg
        assert "http://" not in svg.replace("http://www.w3.org/", "") and "https://" not in svg


def test_a_chart_that_cannot_be_drawn_is_named() -> None:
    spec = {
        "mark": "bar",
        "encoding": {"x": {"field": "a", "type": "nonsense"}},
        "usermeta": {"nevbook": {"id": "bad"}},
    }
    with pytest.raises(BuildError, match="figure 'bad' cannot be drawn"):
        draw(spec | {"data": {"url": "nonsense:"}, "mark": {"type": "no-mark"}}, 360)


def contrast(one: str, other: str) -> float:
    """The ratio of two colours, as WCAG has it."""

    def luminance(colour: str) -> float:
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def grounds() -> tuple[str, str]:
    """The colour of the page, light and dark."""
    found = re.findall(r"--nev-page: (#[0-9a-f]{3,6})", (STATIC / "page.css").read_text(encoding="utf-8"))
    light, dark = ("#" + "".join(2 * c for c in x[1:]) if len(x) == 4 else x for x in found)
    return light, dark


def test_colours_can_be_told_from_both_pages() -> None:
    for colour in (theme.SUBJECT, theme.SECOND, theme.CONTEXT):
        for page in grounds():
            assert contrast(colour, page) >= 3, (colour, page)


def test_letters_can_be_read_on_both_pages() -> None:
    look = (STATIC / "nevbook.css").read_text(encoding="utf-8")
    for name in ("ink", "muted", "subject", "second"):
        shades = re.findall(rf"--nev-{name}: (#[0-9a-f]{{6}})", look)
        assert len(shades) == 2
        for shade, page in zip(shades, grounds(), strict=True):
            assert contrast(shade, page) >= 4.5, (name, shade, page)
    for colour in (theme.SUBJECT, theme.SECOND, theme.CONTEXT):
        assert f'text[fill="{colour}"]' in look  # a label takes the darker shade


def test_a_missing_year_ends_a_line() -> None:
    view, book = open_edition(2024)
    table = book.frame(view.series("vehicle_production", basis="registration"))
    segments = table.groupby("segment")["year"].agg(["min", "max", "count"])
    assert (segments["max"] - segments["min"] + 1 == segments["count"]).all()
    assert len(segments) > 1


def test_no_line_joins_two_ways_of_counting() -> None:
    view, book = open_edition(2025)
    table = book.frame(view.series("vehicle_production"))
    assert (table.groupby("segment")["basis"].nunique() == 1).all()


def test_an_empty_chart_is_a_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    shown: list = []
    _, book = open_edition(2025, "anhui")
    import nevbook.report.book as module

    original, module.display = module.display, shown.append
    try:
        words = book.phrase("Title")
        book.figure(alt.Chart().mark_point(), "x", words, "unit", [])
    finally:
        module.display = original
    assert "No chart here" in shown[0].data


def frame(**more: object) -> dict:
    """A frame with what each must have."""
    told = {"id": "one", "title": both("T"), "subtitle": both("S"), "alt": "A", "foot": "F", "table": ""}
    return told | more


def test_a_frame_has_links_to_what_files_there_are() -> None:
    page = BeautifulSoup(frame_html(frame(svg="x/one.svg", csv="one.csv"), {"wide": "<svg/>"}), "html.parser")
    links = [(a.get_text(), a["href"], a.get("download")) for a in page.select(".nev-files a")]
    assert links == [("CSV", "one.csv", "one.csv"), ("SVG", "x/one.svg", "one.svg"), ("Link", "#fig-one", None)]
    assert page.select_one("li[hidden] > button.nev-png")  # the script can make one, nobody else


def test_the_frame_escapes_text_and_keeps_markup_and_its_plain_words() -> None:
    title = Phrase("Less <than> 5", Markup("Less &lt;than&gt; <data>5</data>"))
    made = frame(title=both(title), note=both("a & b"), foot="<b>F</b>", alt='"quoted"')
    page = BeautifulSoup(frame_html(made, {}), "html.parser")
    assert page.select_one(".nev-title > data").text == "5" and page.select_one(".nev-title").text == title.text
    assert page.select_one(".nev-note").text == "a & b" and not page.find("b")
    assert page.select_one(".nev-drawing")["aria-label"] == '"quoted"'
    picture = BeautifulSoup(files._picture(made, '<svg width="9" height="9"></svg>'), "html.parser")
    assert picture.title.text == title.text and not picture.find("data") and not picture.find("b")


def test_nothing_in_the_data_ends_the_script_block() -> None:
    live = {"spec": {"datasets": {"d": [{"series": "</script><script>alert(1)</script>"}]}}}
    page = BeautifulSoup(frame_html(frame(live=live), {}), "html.parser")
    (block,) = page.select("script")
    assert json.loads(block.string) == live


def test_the_page_gets_no_column_that_nothing_names(published: Path) -> None:
    for spec in specs(published.parents[1]):
        small = vega.compact(spec)["spec"]
        assert len(json.dumps(small)) < len(json.dumps(spec)) - len(json.dumps(spec["usermeta"]))
        for name, rows in small.get("datasets", {}).items():
            for row, whole in zip(rows, spec["datasets"][name], strict=True):
                assert row.items() <= whole.items() and ("locator" not in row)
        assert "config" not in small  # the script holds the theme once


@pytest.mark.parametrize(
    ("scale", "field", "said"),
    [({"zero": False}, "value", True), ({"zero": False}, "year", False), ({}, "value", False),
     ({"domain": [5, 9]}, "value", True), ({"domain": [-5, 9]}, "value", False)],
)  # fmt: skip
def test_a_scale_that_leaves_out_zero_is_found(scale: dict, field: str, said: bool) -> None:
    spec = {"layer": [{"mark": "line", "encoding": {"y": {"field": field, "type": "quantitative", "scale": scale}}}]}
    assert files.cut(spec) is said


def test_a_picture_stands_alone(published: Path) -> None:
    for path in (published / "2025" / "figures" / "output").glob("*.svg"):
        picture = ElementTree.parse(path).getroot()
        texts = [t.text or "" for t in picture.iter("{http://www.w3.org/2000/svg}text")]
        assert picture.find("{http://www.w3.org/2000/svg}title") is not None and picture.get("role") == "img"
        assert any("Data as of" in t for t in texts)


def test_a_specification_draws_alone(published: Path) -> None:
    for path in (published / "2025" / "figures" / "output").glob("*.vl.json"):
        spec = json.loads(path.read_text(encoding="utf-8"))
        alt.Chart.from_dict(spec, validate=True)
        assert spec["description"] and spec["title"]["text"] and spec["config"] and spec["width"] == 720


def test_every_edition_finds_the_script_it_names(published: Path) -> None:
    for edition in EDITIONS:
        page = BeautifulSoup((published / edition / "index.html").read_text(encoding="utf-8"), "html.parser")
        assert (published / edition / str(page.html["data-vega"])).resolve().is_file()


def test_a_script_that_is_gone_is_said(tmp_path: Path) -> None:
    shell = tmp_path / "new" / "2025" / "_static" / "shell.html"
    shell.parent.mkdir(parents=True)
    shell.write_text('<html data-vega="../../assets/vega-0123456789ab.js">', encoding="utf-8")
    with pytest.raises(BuildError, match="edition 2025: .*vega-0123456789ab.js, which is gone"):
        assemble.gather(tmp_path / "new", ["2025"], tmp_path / "old", tmp_path)
    kept = tmp_path / "old" / "assets" / "vega-0123456789ab.js"
    kept.parent.mkdir(parents=True)
    kept.touch()
    assemble.gather(tmp_path / "new", ["2025"], tmp_path / "old", tmp_path)
    assert (tmp_path / "new" / "assets" / kept.name).is_file()
    told = (tmp_path / "new" / "assets" / vega.LICENCES).read_text(encoding="utf-8")
    for holder in ("University of Washington Interactive Data Lab", "Mike Bostock", "Mapbox", "Charles Karney"):
        assert f"{holder}\n" in told
    assert all(f"== {name}" in told for name in ("BSD 3-Clause", "ISC", "MIT", "Apache License 2.0"))


def test_the_chapter_on_the_book_leads_to_the_licences(published: Path) -> None:
    page = BeautifulSoup((published / "2025" / "about.html").read_text(encoding="utf-8"), "html.parser")
    (link,) = page.select("a[href$='vega-licences.txt']")
    assert (published / "2025" / str(link["href"])).is_file()


def test_live_charts_are_drawn_by_the_same_vega_lite_as_drawings() -> None:
    assert f"vega-lite@{_drawer()}." in vega._snippet()


def test_in_a_notebook_a_chart_is_a_picture_that_needs_no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[dict] = []
    monkeypatch.setattr(renderer, "display", lambda chart: shown.append(chart._repr_mimebundle_()))
    chart = alt.Chart(alt.Data(values=[{"a": 1}])).mark_point().encode(x="a:Q")
    renderer.show(chart)
    with alt.renderers.enable("mimetype"):
        renderer.show(chart)
    assert list(shown[0]) == ["image/svg+xml"] and "<svg" in shown[0]["image/svg+xml"]
    assert "vegalite" in str(list(shown[1][0] if isinstance(shown[1], tuple) else shown[1]))
    assert alt.renderers.active == "default"


def test_in_jupyter_charts_stay_altair_s() -> None:
    code = "import altair, nevbook.report.book; print(altair.renderers.active, 'nevbook' in altair.renderers.names())"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert told.split() == ["default", "False"]
