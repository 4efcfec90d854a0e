"""One search for everything: what a reader types, and the page that has to come first."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

import pytest
from playwright.sync_api import Browser, Page

from nevbook.site.search_index import Entry
from nevbook.site.sphinx_ext.search import entries

# What is typed, and how the address of the first hit ends.
WANTED = [
    ("Norway", "markets/NOR.html"), ("Thailand", "markets/THA.html"), ("THA", "markets/THA.html"),
    ("cote d'ivoire", "markets/CIV.html"), ("australia", "markets/AUS.html"), ("tariff", "markets/alerts.html"),
    ("33618", "2025/glossary.html#term-manufacturing-programme"), ("953,200", "2025/evidence.html#claim-c11-nev-sales"),
    ("953200", "2025/evidence.html#claim-c11-nev-sales"),
    ("M9", "2025/high-end.html#within-the-brand-which-models-carry-it"),
    ("nev_production", "indicators/nev_production.html"), ("vehicle OUTPUT", "indicators/vehicle_production.html"),
    ("overseas sales", "indicators/overseas_sales.html"), ("charging points", "indicators/charging_piles.html"),
    ("percentage point", "2025/glossary.html#term-percentage-point"), ("r&d intensity", "indicators/rd_intensity.html"),
    ("rounding", "2025/learn-rounding.html#what-rounding-hides"), ("glossary", "2025/glossary.html#glossary"),
    ("outlook", "2025/outlook.html#outlook"), ("three accelerations", "2025/three-accelerations.html"),
    ("Changan makes Thailand major base", "sources.html#s-mk-nation-th"),
    ("\u51fa\u53e3", "indicators/vehicle_exports_units.html"), ("\u4ea7\u91cf", "indicators/vehicle_production.html"),
    ("\u6c7d\u8f66\u51fa\u53e3", "indicators/vehicle_exports_units.html"), ("\u6cf0\u56fd", "markets/THA.html"),
    ("\u65b0\u80fd\u6e90\u6c7d\u8f66\u4ea7\u91cf", "indicators/nev_production.html"),
    ("\u6e17\u900f\u7387", "2025/glossary.html#term-penetration"),
    ("Tailand", "markets/THA.html"), ("exprots", "indicators/vehicle_exports_units.html"),
    ("Norwya", "markets/NOR.html"), ("chargng points", "indicators/charging_piles.html"),
]  # fmt: skip
CHINESE = ["\u51fa\u53e3", "\u4ea7\u91cf", "\u957f\u5b89", "\u95ee\u754c", "\u6c7d\u8f66\u51fa\u53e3", "\u6cf0\u56fd"]


def search(page: Page, start: str, asked: str) -> list[str]:
    """Ask the page of the search; return where the hits lead."""
    if "search.html" in page.url:  # the indexes are there: the answer comes as it is typed
        page.fill("#search input", asked)
    else:
        page.goto(f"{start}/2025/search.html?q={quote(asked)}")
        page.locator(".nev-found").wait_for()
    return page.locator(".nev-hits a").evaluate_all("all => all.map(one => one.href)")


@pytest.mark.parametrize("way", ["folder", "host"])
def test_what_is_typed_leads_to_the_right_page_first(browser: Browser, published: Path, host: str, way: str) -> None:
    start = published.as_uri() if way == "folder" else host
    page, said, asked = browser.new_page(viewport={"width": 390, "height": 800}), [], []
    page.on("console", lambda m: said.append(m.text))
    page.on("pageerror", lambda e: said.append(str(e)))
    page.on("request", lambda r: asked.append(r.url))
    wrong = {}
    for typed, wanted in WANTED:
        first = next(iter(search(page, start, typed)), "")
        if not first.split("#")[0].endswith(wanted) and not first.endswith(wanted):
            wrong[typed] = first
    assert wrong == {} and said == []
    assert all(a.startswith(start) for a in asked)
    assert search(page, start, "zzzz") == [] and page.evaluate("document.documentElement.scrollWidth") <= 390
    page.close()


def test_chinese_words_find_every_page_that_holds_them(browser: Browser, published: Path, chapters: list[str]) -> None:
    page = browser.new_page()
    texts = {}
    for path in [
        *(f"2025/{c}.html" for c in chapters),
        *(f"{f}/{p.name}" for f in ("indicators", "markets") for p in (published / f).glob("*.html")),
    ]:
        shown = (published / path).read_text(encoding="utf-8").split("<article", 1)[1].split("</article>")[0]
        texts[path] = re.sub(r"<(script|pre)\b.*?</\1>|<[^>]*>", " ", shown, flags=re.DOTALL)
    markets = [p for p in texts if p.startswith("markets/")]
    for word in CHINESE:
        holding = {p for p, text in texts.items() if word in text}
        if 2 * len(holding & set(markets)) > len(markets):  # on each of them: in a list of vehicles
            holding -= set(markets)
        found = {unquote(urlsplit(a).path) for a in search(page, published.as_uri(), word)}
        missed = {p for p in holding if not any(f.endswith(p) for f in found)}
        assert found and missed == set(), (word, missed)
    page.close()


def test_the_search_opens_on_any_page_by_keyboard_and_leads_on(browser: Browser, host: str) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    for start in ("2025/output.html", "markets/AUS.html"):
        page.goto(f"{host}/{start}")
        page.keyboard.press("Control+k")
        page.keyboard.type("Norway")
        page.locator("#nev-hits-here a").first.wait_for()
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        page.wait_for_url("**/markets/NOR.html")
    page.keyboard.press("/")
    page.keyboard.type("overseas sales")
    page.keyboard.press("Enter")
    page.wait_for_url("**/2025/search.html?q=overseas+sales")
    page.locator("#nev-results a", has_text="Outlook").click()
    page.wait_for_url("**/outlook.html*")
    page.close()


def test_an_excerpt_has_spaces_between_cells_and_no_code(published: Path) -> None:
    body = """<section id="a"><h1>One<a class="headerlink" href="#a">#</a></h1><p>Text <b>bo</b>ld</p>
    <details class="hide"><summary>Show</summary><pre>import pandas</pre></details>
    <section id="b"><h2>Two</h2><table><tr><td>953,200</td><td>vehicles</td></tr></table></section>
    <details class="nev-provenance"><ol><li>\u957f\u5b89 said</li></ol></details></section>"""
    [found] = entries("output", "output.html", "One", body)
    assert found[2:] == Entry(
        "", 1, "output.html", "One", "", [("a", "One", "Text bold"), ("b", "Two", "953,200 vehicles")], "\u957f\u5b89"
    )[2:]  # fmt: skip
    index = (published / "2025" / "search-index.js").read_text(encoding="utf-8")
    assert not re.search(r"\bimport pandas|book\.say\(|<", index) and "Term" in index
