"""Figures in a real Chromium: drawn without anything, live at a touch, with their files."""

from __future__ import annotations

import gzip
import http.server
import re
import threading
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from xml.etree import ElementTree

import pytest
from playwright.sync_api import Browser, Page

from nevbook.common import formatting, intervals
from nevbook.report.edition_view import EditionView
from tests.conftest import EDITIONS
from tests.site.browser.conftest import open_page

WIDE = {"viewport": {"width": 1280, "height": 900}}
FIGURE = "figure.nev-figure"
SHARE = "#fig-nev-share"
FIRST_TOUCH = 330_000  # bytes, compressed

# Leads through the values with the arrow keys, and returns what the tooltip says of each.
READ = """async figure => {
  const box = figure.querySelector('.nev-drawing'), tip = figure.querySelector('.nev-tip'), found = [];
  for (const row of figure.querySelectorAll('.nev-tools tbody tr')) {
    box.dispatchEvent(new KeyboardEvent('keydown', {key: 'ArrowRight', bubbles: true, cancelable: true}));
    await new Promise(done => setTimeout(done));
    if (!tip.hidden) found.push([...tip.children].map(one => one.textContent));
  }
  return found;
}"""
STANDING = """() => [...document.querySelectorAll('figure.nev-figure')].map(figure => {
  const find = name => figure.querySelector(name), box = find('.nev-wide svg').getBoundingClientRect();
  find('.nev-tools details').open = true;
  return [figure.id, box.width, box.height,
    find('.nev-drawing').getAttribute('aria-label'), find('.nev-title').innerText,
    find('.nev-subtitle').innerText, find('figcaption').innerText, find('.nev-tools tbody').offsetHeight,
    find('.nev-png').offsetHeight,
    [...figure.querySelectorAll('.nev-files a[download]')].map(a => a.getAttribute('href'))];
})"""
DATES = ("#fig-timeline", "#fig-events")  # their marks are dates with words beside them, their table counts these
ROWS = "figure => [...figure.querySelectorAll('.nev-tools tbody tr')].map(r => [...r.cells].map(c => c.textContent))"


@pytest.fixture(scope="module")
def pages(browser: Browser, published: Path) -> Iterator[Page]:
    page, _ = open_page(browser, published / "2025" / "output.html", **WIDE)
    yield page
    page.context.close()


@pytest.fixture
def output(pages: Page, published: Path) -> Page:
    """The chapter with its figures untouched."""
    pages.goto((published / "2025" / "output.html").as_uri())
    return pages


def touch(page: Page, figure: str) -> None:
    """Rest the pointer on a figure, and wait for its live chart."""
    page.locator(f"{figure} .nev-drawing").hover()
    page.locator(f"{figure} .nev-on").wait_for()


def test_without_network_and_script_every_chart_is_there(
    browser: Browser, published: Path, chapters: list[str]
) -> None:
    page, _ = open_page(browser, published / "2025" / "index.html", java_script_enabled=False, offline=True, **WIDE)
    seen = 0
    for chapter in chapters:
        page.goto((published / "2025" / f"{chapter}.html").as_uri())
        for name, wide, tall, told, title, under, foot, rows, png, links in page.evaluate(STANDING):
            seen += 1
            assert wide > 700 and tall > 60, name
            assert any(c.isdigit() for c in told), (name, told)
            assert title and under and "Source" in foot and "Data as of 25 November 2026" in foot, name
            assert rows and not png, name  # a PNG needs the script
            for link in links:
                assert (published / "2025" / link).stat().st_size > 100, link
    assert seen >= 15
    page.context.close()


def test_every_chart_becomes_live_in_its_place_and_says_what_its_table_says(
    pages: Page, published: Path, chapters: list[str]
) -> None:
    page, errors = pages, []
    page.on("pageerror", lambda e: errors.append(str(e)))
    page.on("console", lambda m: errors.append(m.text) if m.type in ("error", "warning") else None)
    for chapter in chapters:
        page.goto((published / "2025" / f"{chapter}.html").as_uri())
        for figure in page.locator(FIGURE).all():
            name = f"#{figure.get_attribute('id')}"
            figure.scroll_into_view_if_needed()
            page.mouse.move(3, 3)
            before = figure.locator(".nev-wide > svg").bounding_box(), figure.bounding_box()
            figure.locator(".nev-drawing").focus()
            page.locator(f"{name} .nev-on").wait_for()
            after = figure.locator(".nev-live svg").bounding_box(), figure.bounding_box()
            assert before == after, name
            assert "Vega" not in figure.locator(".nev-drawing").inner_html(), name  # nor its generated English
            said = figure.evaluate(READ)
            rows = figure.evaluate(ROWS)
            told = {(row[0], row[1], row[2] if row[5] == "number" else f"{row[2]} {row[5]}", row[8]) for row in rows}
            if name in DATES:
                assert said == [] and {row[5] for row in rows} == {"number"}, name
                continue
            assert len({tuple(one) for one in said}) >= max(len(rows) / 2, 2), name
            for one in said:
                found = [t for t in told if t[0] == one[1] and t[2] == one[0] and one[2].startswith(t[1])]
                assert found, (name, one)
                assert any(not t[3] or t[3] == one[-1] for t in found), (name, one)
    assert errors == []


def test_a_tooltip_says_the_dataset_s_value(output: Page) -> None:
    view = EditionView.open(2025)
    made = view.level("nev_production", period=2024)
    assert made and made.observation
    touch(output, SHARE)
    said = output.locator(SHARE).evaluate(READ)
    value = f"{formatting.number(made.value, made.unit, intervals.place_of(made.low, made.high))} vehicles"
    (tip,) = {tuple(one) for one in said if one[1] == "NEVs" and one[2].startswith("2024")}
    assert tip[0] == value and tip[-1] == view.data.sources[made.observation.source].publisher


def test_the_pointer_tells_the_nearest_value_and_sets_off_its_series(output: Page) -> None:
    touch(output, "#fig-output")
    figure = output.locator("#fig-output")
    points = figure.locator(".nev-live .mark-symbol path")
    last = points.nth(points.count() - 1).bounding_box()
    assert last
    output.mouse.move(last["x"] + 4, last["y"] - 9)
    assert figure.locator(".nev-tip").is_visible() and figure.locator(".nev-dot").is_visible()
    assert "million vehicles" in figure.locator(".nev-tip").inner_text()
    output.mouse.move(3, 3)
    figure.locator(".nev-tip").wait_for(state="hidden")


def test_a_series_can_be_picked_and_the_choice_changes_the_chart(output: Page) -> None:
    touch(output, SHARE)
    figure = output.locator(SHARE)
    bars = figure.locator(".nev-live .mark-rect path")
    shades = "all => all.map(e => e.style.opacity)"
    figure.locator(".nev-drawing").focus()
    output.keyboard.press("ArrowRight")
    output.keyboard.press("Enter")
    output.keyboard.press("ArrowRight")
    output.locator("h1").first.click()
    assert {"", "0.3"} == set(bars.evaluate_all(shades))  # kept after the pointer has left
    figure.locator(".nev-drawing").focus()
    output.keyboard.press("Escape")
    assert {""} == set(bars.evaluate_all(shades))
    figure.get_by_role("radio", name="percent").check()
    output.wait_for_function(
        "() => [...document.querySelectorAll('#fig-nev-share .nev-live .role-axis-label text')]"
        ".some(e => e.textContent === '100')"
    )


def test_a_tap_tells_a_value(browser: Browser, published: Path) -> None:
    page, _ = open_page(
        browser, published / "2025" / "output.html", viewport={"width": 390, "height": 844}, has_touch=True
    )
    page.locator("#fig-regions .nev-narrow").tap()
    page.locator("#fig-regions .nev-tip").wait_for()
    box = page.locator("#fig-regions .nev-tip").bounding_box()
    assert box and box["x"] >= 0 and box["x"] + box["width"] <= 390
    page.set_viewport_size({"width": 1280, "height": 900})  # turned: drawn again at the other width
    page.locator("#fig-regions .nev-wide.nev-on").wait_for()
    page.context.close()


def test_live_charts_follow_the_dark(output: Page) -> None:
    touch(output, SHARE)
    shade = "() => getComputedStyle(document.querySelector('#fig-nev-share .nev-live text[fill=\"#1c2733\"]')).fill"
    found = []
    for mode in ("light", "dark"):
        output.evaluate("mode => window.nevMode(mode)", mode)
        found.append(output.evaluate(shade))
    assert found == ["rgb(28, 39, 51)", "rgb(230, 234, 238)"]


def test_the_tools_work_from_the_keyboard(output: Page, published: Path) -> None:
    figure = output.locator(SHARE)
    names = [t.strip() for t in figure.locator(".nev-files li").all_inner_texts()]
    assert names == ["CSV", "SVG", "PNG", "Vega-Lite", "Link"]
    with output.expect_download() as kept:
        figure.locator(".nev-png").focus()
        output.keyboard.press("Enter")
    assert kept.value.suggested_filename == "nev-share.png"
    assert Path(kept.value.path()).read_bytes()[:8] == b"\x89PNG\r\n\x1a\n"
    figure.locator(".nev-tools summary").focus()
    output.keyboard.press("Enter")
    assert figure.locator(".nev-tools table").is_visible()
    figure.locator(".nev-link").focus()
    output.keyboard.press("Enter")
    assert output.url.endswith(SHARE)


def test_the_first_touch_asks_once_and_keeps_its_budget(browser: Browser, published: Path) -> None:
    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(published)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        context = browser.new_context(**WIDE)
        page = context.new_page()
        asked: list[str] = []
        page.on("request", lambda r: asked.append(r.url) if "/assets/" in r.url or "vega" in r.url else None)
        home = f"http://127.0.0.1:{server.server_port}"
        page.goto(f"{home}/2025/output.html", wait_until="networkidle")
        assert asked == []
        for name in ("#fig-output", SHARE):
            touch(page, name)
        assert len(asked) == 1 and asked[0].startswith(f"{home}/assets/vega-")
        script = (published / asked[0].removeprefix(f"{home}/")).read_bytes()
        assert len(gzip.compress(script, 9, mtime=0)) <= FIRST_TOUCH
        with page.expect_download() as kept:
            page.locator(f"{SHARE} .nev-files a", has_text="SVG").click()
        assert ElementTree.parse(kept.value.path()).getroot().tag.endswith("svg")
        context.close()
    finally:
        server.shutdown()


def test_on_paper_the_wide_drawing_stands_in_shades_that_differ(output: Page) -> None:
    touch(output, SHARE)
    output.set_viewport_size({"width": 700, "height": 1000})
    output.emulate_media(media="print")
    figure = output.locator(SHARE)
    assert figure.locator(".nev-wide > svg").is_visible() and figure.locator(".nev-narrow").is_hidden()
    assert figure.locator(".nev-tools").is_hidden() and figure.locator(".nev-live").first.is_hidden()
    fills = figure.locator(".nev-wide > svg .mark-rect path").evaluate_all(
        "all => all.map(e => getComputedStyle(e).fill)"
    )
    greys = sorted({sum(w * int(c) for w, c in zip((0.3, 0.59, 0.11), f[4:-1].split(","), strict=True)) for f in fills})
    output.emulate_media(media="screen")
    output.set_viewport_size(WIDE["viewport"])
    assert len(greys) == 2 and greys[1] - greys[0] > 80


# Of each drawing: letters outside it, and letters on letters.
UNTIDY = """() => [...document.querySelectorAll('svg')].flatMap(drawing => {
  const edge = drawing.getBoundingClientRect(), found = [], texts = [...drawing.querySelectorAll('text')]
    .filter(one => one.textContent.trim() && getComputedStyle(one).opacity !== '0')
    .map(one => [one.textContent.trim(), one.getBoundingClientRect()]);
  texts.forEach(([said, box], place) => {
    if (box.left < edge.left - 1 || box.right > edge.right + 1
        || box.top < edge.top - 1 || box.bottom > edge.bottom + 1)
      found.push([drawing.parentNode.id, 'outside', said]);
    for (const [other, next] of texts.slice(place + 1))
      if (Math.min(box.right, next.right) - Math.max(box.left, next.left) > 2
          && Math.min(box.bottom, next.bottom) - Math.max(box.top, next.top) > 4)
        found.push([drawing.parentNode.id, said, other]);
  });
  return found;
})"""


@pytest.mark.parametrize("edition", EDITIONS)
def test_no_letters_are_cut_or_stand_on_others(
    browser: Browser, published: Path, chapters: list[str], edition: str
) -> None:
    drawings = []
    for chapter in chapters:
        text = (published / edition / f"{chapter}.html").read_text(encoding="utf-8")
        for at, svg in enumerate(re.findall(r'<div class="nev-(?:wide|narrow)">(<svg.*?</svg>)', text, re.DOTALL)):
            drawings.append(f'<div id="{chapter}-{at}">{svg}</div>')
    page = browser.new_page()
    page.set_content("".join(drawings))
    assert page.locator("svg").count() == len(drawings) > 0
    assert page.evaluate(UNTIDY) == []
    page.close()
