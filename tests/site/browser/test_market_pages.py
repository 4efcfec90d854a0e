"""The pages of markets in a real Chromium: from a folder, on a phone, with and without scripts."""

from __future__ import annotations

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from tests.site.browser.conftest import open_page

PAGES = ("index", "compare", "fit", "alerts", "coverage", "AUS", "EU", "ESH")


@pytest.mark.parametrize("width", [320, 1280])
def test_they_fit_the_screen_and_ask_nobody(browser: Browser, published: Path, width: int) -> None:
    for name in PAGES:
        page, asked = open_page(
            browser, published / "markets" / f"{name}.html", viewport={"width": width, "height": 900}
        )
        page.evaluate("document.querySelectorAll('article details').forEach(d => d.open = true)")
        assert page.evaluate("document.documentElement.scrollWidth") <= width, name
        assert asked == [], name
        page.context.close()


def test_the_measure_of_the_tiles_is_chosen_without_a_script(browser: Browser, published: Path) -> None:
    page, _ = open_page(browser, published / "markets" / "index.html", java_script_enabled=False)
    tile = page.locator('a.nev-tile[href="NOR.html"]')
    share = tile.inner_text().split()
    assert share[0] == "NOR" and share[1].endswith("%")
    page.locator("label", has_text="Headwinds").click()
    assert tile.inner_text().split()[1].isdigit()
    assert page.locator(".nev-filter").count() == 0 and page.locator("tbody tr").count() > 240
    page.context.close()


def test_the_table_sorts_and_filters(browser: Browser, published: Path) -> None:
    page, _ = open_page(browser, published / "markets" / "index.html", viewport={"width": 1280, "height": 900})
    head = page.locator("th", has_text="Electric share")
    head.locator("button").click()
    assert head.get_attribute("aria-sort") == "descending"
    first, last = page.locator("tbody tr").first, page.locator("tbody tr").last
    assert "Norway" in first.inner_text() and last.locator("td").nth(2).inner_text() == "–"
    head.locator("button").click()
    assert head.get_attribute("aria-sort") == "ascending" and "Norway" not in first.inner_text()
    assert last.locator("td").nth(2).inner_text() == "–"  # what is not known comes last either way
    page.locator(".nev-filter input").fill("oceania right")
    shown = page.locator("tbody tr:visible")
    assert (
        2 < shown.count() < 30
        and "Australia" in page.locator("tbody").inner_text()
        and f"{shown.count()} rows" in page.locator(".nev-filter").inner_text()
    )
    for typed, wanted in (("nor", ["Norway", "North Macedonia"]), ("cote", ["C\u00f4te d\u2019Ivoire"])):
        page.locator(".nev-filter input").fill(typed)
        names = [n.rsplit(" ", 1)[0] for n in page.locator("tbody tr:visible th").all_inner_texts()]
        assert set(wanted) <= set(names) and "Denmark" not in names, names
    page.context.close()


def test_markets_are_chosen_and_compared(browser: Browser, published: Path) -> None:
    place = published / "markets" / "compare.html"
    page, _ = open_page(browser, place, viewport={"width": 1280, "height": 900})
    errors: list[str] = []
    page.on("pageerror", lambda e: errors.append(str(e)))
    before = page.locator("table").inner_text()
    page.locator("select").first.select_option("NZL")
    page.locator("thead th a", has_text="Australia").wait_for(state="detached")
    page.locator("select").first.select_option("AUS")
    page.locator("thead th a", has_text="Australia").wait_for()
    assert page.locator("table").inner_text() == before  # as it was made without a script
    for n, code in enumerate(("RUS", "DEU", "", "", "")):
        page.locator("select").nth(n).select_option(code)
    page.locator("thead th a", has_text="Russia").wait_for()
    assert page.locator("thead th a").all_inner_texts() == ["Russia", "Germany"]
    assert page.url.endswith("#RUS,DEU") and errors == []
    page.goto(f"{place.as_uri()}#THA,JPN")
    page.reload()
    page.locator("thead th a", has_text="Japan").wait_for()
    assert page.locator("caption").inner_text().endswith("Thailand, Japan")
    page.goto(f"{place.as_uri()}#%")  # no escape of an address
    page.reload()
    page.locator("thead th a", has_text="Australia").wait_for()
    assert errors == []
    page.context.close()


def test_a_fact_opens_its_card(browser: Browser, published: Path) -> None:
    page, _ = open_page(
        browser, published / "markets" / "AUS.html", viewport={"width": 1280, "height": 900}, reduced_motion="reduce"
    )
    page.locator(".nev-glance a.nev-ref").first.focus()
    card = page.locator(".nev-pop")
    card.wait_for()
    text = card.inner_text()
    assert "Source" in text and "Last checked" in text and "on the right" in text
    page.context.close()


@pytest.mark.slow
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(browser: Browser, published: Path, scheme: str) -> None:
    for name in PAGES:
        page, _ = open_page(
            browser, published / "markets" / f"{name}.html", color_scheme=scheme, bypass_csp=True,
            viewport={"width": 390, "height": 900},
        )  # fmt: skip
        page.evaluate("document.querySelectorAll('article details').forEach(d => d.open = true)")
        found = Axe().run(page).response["violations"]
        assert not found, f"{name}: {[(v['id'], v['nodes'][0]['html'][:120]) for v in found]}"
        page.context.close()
