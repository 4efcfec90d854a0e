"""The book in a real Chromium: from a folder, on a phone, without JavaScript, in the dark."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.site.browser.conftest import open_page


def test_every_chapter_opens_from_a_folder_and_asks_nobody(
    browser: Browser, published: Path, chapters: list[str]
) -> None:
    for chapter in chapters:
        errors: list[str] = []
        page, asked = open_page(
            browser, published / "2025" / f"{chapter}.html", viewport={"width": 1280, "height": 900}
        )
        page.on("pageerror", lambda e, errors=errors: errors.append(str(e)))
        page.wait_for_timeout(200)
        assert asked == [] and errors == [], chapter
        page.context.close()


@pytest.mark.parametrize("width", [320, 1280, *(pytest.param(w, marks=pytest.mark.slow) for w in (390, 768, 1600))])
def test_no_page_is_wider_than_the_screen(browser: Browser, published: Path, chapters: list[str], width: int) -> None:
    page, _ = open_page(browser, published / "2025" / "index.html", viewport={"width": width, "height": 900})
    for chapter in chapters:
        page.goto((published / "2025" / f"{chapter}.html").as_uri())
        assert page.evaluate("document.documentElement.scrollWidth") <= width, chapter
    page.context.close()


# Of each figure the widths of the drawings that show, and how many of title and caption do.
DRAWN = """() => {
  const seen = one => one.checkVisibility({visibilityProperty: true});
  return [...document.querySelectorAll('.nev-figure')].map(figure => [
    Object.fromEntries([...figure.querySelectorAll('.nev-wide svg, .nev-narrow svg')].filter(seen).map(
      one => [one.closest('.nev-wide') ? 'wide' : 'narrow', one.getBoundingClientRect().width])),
    [...figure.querySelectorAll('.nev-title, figcaption')].filter(seen).length,
  ]);
}"""


@pytest.mark.parametrize(("width", "shown"), [(390, "narrow"), (1280, "wide")])
def test_one_drawing_shows_and_keeps_its_size(
    browser: Browser, published: Path, chapters: list[str], width: int, shown: str
) -> None:
    page, _ = open_page(
        browser, published / "2025" / "index.html", viewport={"width": width, "height": 900}, java_script_enabled=False
    )
    for chapter in chapters:
        page.goto((published / "2025" / f"{chapter}.html").as_uri())
        for drawings, told in page.evaluate(DRAWN):
            assert list(drawings) == [shown], (chapter, drawings)
            assert drawings[shown] >= (330 if shown == "narrow" else 715), (chapter, drawings)
            assert told == 2, chapter
    page.context.close()


def test_a_number_leads_to_its_source_without_javascript(browser: Browser, published: Path) -> None:
    page, _ = open_page(browser, published / "2025" / "output.html", java_script_enabled=False)
    link = page.locator("a.nev-ref").first
    target = link.get_attribute("href")
    link.click()
    assert page.url.endswith(str(target))
    entry = page.locator(str(target))
    expect(entry).to_contain_text("Source", use_inner_text=True)  # laid out as it comes into view
    page.context.close()


def test_charts_follow_the_dark_page(browser: Browser, published: Path) -> None:
    page, _ = open_page(
        browser, published / "2025" / "output.html", color_scheme="dark", viewport={"width": 1280, "height": 900}
    )
    page.wait_for_timeout(200)
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    ink = page.evaluate("getComputedStyle(document.querySelector('.nev-wide svg text[fill=\"#5b6672\"]')).fill")
    assert ink == "rgb(169, 179, 189)"
    page.context.close()


def test_the_first_page_leads_on_and_the_editions_are_listed(browser: Browser, published: Path) -> None:
    page, _ = open_page(browser, published / "index.html", viewport={"width": 1280, "height": 900})
    page.wait_for_url("**/2025/index.html")
    page.wait_for_timeout(200)
    listed = page.locator(".nev-editions li a").all_inner_texts()
    assert listed[:2] == ["Chongqing 2025", "Chongqing 2024"]
    page.locator(".nev-editions li a", has_text="Chongqing 2024").click()
    page.wait_for_url("**/2024/index.html")
    page.context.close()
