"""The pages made beside Sphinx in a real Chromium: from a folder, on a phone, in the dark."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.site.browser.conftest import open_page

PAGES = [
    "indicators/index.html", "indicators/vehicle_production.html", "indicators/nev_production.html",
    "indicators/revenue.html", "sources.html", "2025/data/index.html", "anhui/2025/data/index.html",
]  # fmt: skip


@pytest.mark.parametrize(
    "width", [320, pytest.param(390, marks=pytest.mark.slow), pytest.param(1280, marks=pytest.mark.slow)]
)
def test_they_fit_the_screen_and_ask_nobody(browser: Browser, published: Path, width: int) -> None:
    for page in PAGES:
        errors: list[str] = []
        opened, asked = open_page(browser, published / page, viewport={"width": width, "height": 900})
        opened.on("pageerror", lambda e, errors=errors: errors.append(str(e)))
        opened.evaluate("document.querySelectorAll('article details').forEach(d => d.open = true)")
        assert opened.evaluate("document.documentElement.scrollWidth") <= width, page
        for figure in opened.locator("figure.nev-figure").all():
            shown = [s for s in ("wide", "narrow") if figure.locator(f".nev-{s} svg").is_visible()]
            assert shown == ["wide" if width > 1000 else "narrow"]
        assert asked == [] and errors == [], page
        opened.context.close()


def test_search_and_editions_and_the_dark_work_from_them(browser: Browser, published: Path) -> None:
    page, _ = open_page(
        browser, published / "indicators" / "nev_production.html", color_scheme="dark",
        viewport={"width": 1280, "height": 900},
    )  # fmt: skip
    page.wait_for_timeout(200)
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    ink = page.evaluate("getComputedStyle(document.querySelector('.nev-wide svg text[fill=\"#5b6672\"]')).fill")
    assert ink == "rgb(169, 179, 189)"
    assert page.locator(".nev-editions li a").all_inner_texts()[:2] == ["Chongqing 2025", "Chongqing 2024"]
    page.keyboard.press("Control+k")
    page.keyboard.type("exports")
    page.keyboard.press("Enter")
    page.wait_for_url("**/2025/search.html?q=exports")
    page.locator("#nev-results a").first.wait_for()
    page.go_back()
    page.locator(".nev-editions li a", has_text="Chongqing 2024").click()
    page.wait_for_url("**/2024/index.html")
    page.context.close()


def test_a_number_of_a_source_leads_to_its_row(browser: Browser, published: Path) -> None:
    page, _ = open_page(browser, published / "sources.html", java_script_enabled=False)
    entry = page.locator("article li details").first
    entry.locator("summary").click()
    link = entry.locator("a").first
    target = str(link.get_attribute("href"))
    link.click()
    page.wait_for_url(f"**/{target}")
    assert page.locator(f'[id="{target.split("#")[1]}"]').is_visible()
    page.context.close()
