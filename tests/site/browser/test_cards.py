"""A number's card in a real Chromium: by mouse, keyboard and touch, and what stands in for it without the script."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from nevbook.data.dataset import load
from tests.site.browser.conftest import open_page

STATED = "a.nev-ref:has(data[data-source])"
DERIVED = "a.nev-ref:has(data[data-derived][data-indicator])"
WIDTHS = (320, 390, 1280)
WAYS = ("mouse", "keyboard", "touch")


def slow_unless(way: str, width: int) -> object:
    """One width for each way in every run, the others where time is no matter."""
    often = (way, width) in {("mouse", 1280), ("keyboard", 320), ("touch", 390)}
    return pytest.param(way, width, marks=() if often else pytest.mark.slow)


def screen(width: int, way: str = "mouse") -> dict[str, object]:
    return {"viewport": {"width": width, "height": 800}, "has_touch": way == "touch"}


def reach(page: Page, number: Locator, way: str) -> None:
    """Open a number's card as a reader does."""
    if way == "keyboard":
        number.focus()
        page.keyboard.press("Shift+Tab")
        page.keyboard.press("Tab")
    else:
        number.evaluate("e => e.scrollIntoView({block: 'center', behavior: 'instant'})")
        if way == "touch":
            number.tap()
        else:
            number.hover()
    page.locator(".nev-pop").wait_for(state="visible")


def press(one: Locator, way: str) -> None:
    """Press a link or a button as a reader does."""
    if way == "keyboard":
        one.focus()
        one.press("Enter")
    elif way == "touch":
        one.tap()
    else:
        one.click()


def leave(page: Page) -> None:
    page.keyboard.press("Escape")
    page.locator(".nev-pop").wait_for(state="hidden")
    page.mouse.move(1, 1)


def assert_beside(page: Page, number: Locator, where: str) -> None:
    """The card lies inside the window and off the number."""
    one, card = number.bounding_box(), page.locator(".nev-pop").bounding_box()
    size = page.viewport_size
    assert one and card and size
    assert card["x"] >= 0 and card["x"] + card["width"] <= size["width"], where
    assert card["y"] >= 0 and card["y"] + card["height"] <= size["height"], where
    assert card["height"] > 60 and card["width"] > 200, where
    assert card["y"] >= one["y"] + one["height"] or card["y"] + card["height"] <= one["y"], where


def assert_cites(page: Page, source: str, where: str) -> None:
    """The card shows the title of a source, and leads to it."""
    known = load().sources[source]
    card = page.locator(".nev-pop")
    assert known.title in card.inner_text(), where
    addresses = card.locator("dd a").evaluate_all("all => all.map(a => a.getAttribute('href'))")
    assert known.url in addresses, where


@pytest.fixture
def page(browser: Browser, published: Path, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A page for one chapter after the other, wide and with a mouse if not said otherwise; it must not fail."""
    one, asked = open_page(browser, published / "2025" / "output.html", **getattr(request, "param", screen(1280)))
    errors: list[str] = []
    one.on("pageerror", lambda e: errors.append(str(e)))
    one.reload()
    yield one
    one.context.close()
    assert errors == [] and asked == []


@pytest.mark.parametrize(("way", "width"), [slow_unless(way, width) for way in WAYS for width in WIDTHS])
def test_a_card_opens_beside_its_number_on_every_chapter(
    browser: Browser, published: Path, chapters: list[str], way: str, width: int
) -> None:
    page, asked = open_page(browser, published / "2025" / "index.html", **screen(width, way))
    errors: list[str] = []
    page.on("pageerror", lambda e: errors.append(str(e)))
    seen = 0
    # a lesson has few numbers of its own; the next test looks at each
    report = [c for c in chapters if not c.startswith(("learn", "glossary"))]
    for chapter in report:
        page.goto((published / "2025" / f"{chapter}.html").as_uri())
        if chapter == "about":  # it only counts what the dataset holds
            reach(page, page.locator("a.nev-ref").first, way)
            assert_beside(page, page.locator("a.nev-ref").first, chapter)
            leave(page)
            continue
        stated, derived = page.locator(STATED).first, page.locator(DERIVED).first
        reach(page, stated, way)
        assert_beside(page, stated, f"{chapter}, stated")
        assert_cites(page, str(stated.locator("data").get_attribute("data-source")), chapter)
        leave(page)
        if not derived.count():  # a chapter that only reports
            continue
        reach(page, derived, way)
        assert_beside(page, derived, f"{chapter}, derived")
        shown = page.locator(".nev-pop .nev-what strong").inner_text()
        depth = 0
        while page.locator(".nev-pop dd a[href^='#nev-']").count():
            press(page.locator(".nev-pop dd a[href^='#nev-']").first, way)
            assert_beside(page, derived, f"{chapter}, input")
            depth += 1
        assert depth >= 1 and page.locator(".nev-pop dd a[href^='http']").count(), chapter
        for _ in range(depth):
            press(page.locator(".nev-pop-back"), way)
        assert page.locator(".nev-pop .nev-what strong").inner_text() == shown, chapter
        assert page.locator(".nev-pop-back").count() == 0
        seen += 1
        leave(page)
    assert seen >= len(report) - 4
    assert errors == [] and asked == []
    page.context.close()


@pytest.mark.slow
def test_every_number_of_every_chapter_has_a_card(browser: Browser, published: Path, chapters: list[str]) -> None:
    page, _ = open_page(browser, published / "2025" / "index.html", **screen(390))
    for chapter in chapters:
        page.goto((published / "2025" / f"{chapter}.html").as_uri())
        for number in page.locator("a.nev-ref").all():
            reach(page, number, "keyboard")
            said = page.locator(".nev-pop .nev-what").inner_text()
            entry = page.locator(str(number.get_attribute("href")))
            assert said.split() == entry.locator(".nev-what").inner_text().split()
            assert_beside(page, number, f"{chapter}: {said}")
    page.context.close()


def test_the_number_in_a_title_has_its_card(page: Page) -> None:
    number = page.locator(".nev-title a.nev-ref").first
    reach(page, number, "mouse")
    assert_beside(page, number, "title")


def test_the_pointer_may_move_into_the_card_and_away_closes_it(page: Page) -> None:
    number = page.locator(STATED).first
    reach(page, number, "mouse")
    box = page.locator(".nev-pop").bounding_box()
    assert box
    page.mouse.move(box["x"] + 60, box["y"] + 40, steps=6)
    page.wait_for_timeout(700)
    assert page.locator(".nev-pop").is_visible()
    page.mouse.move(3, 700, steps=4)
    page.locator(".nev-pop").wait_for(state="hidden", timeout=3000)


def test_one_card_at_a_time_and_no_id_twice(page: Page) -> None:
    first, second = page.locator(STATED).first, page.locator(DERIVED).first
    reach(page, first, "mouse")
    second.hover()
    page.wait_for_function("e => e.getAttribute('aria-expanded') === 'true'", arg=second.element_handle())
    assert page.locator(".nev-pop").count() == 1
    assert first.get_attribute("aria-expanded") == "false"
    twice = page.evaluate(
        "() => { const all = [...document.querySelectorAll('[id]')].map(e => e.id);"
        " return all.filter((id, at) => all.indexOf(id) !== at); }"
    )
    assert twice == []


def test_enter_leads_into_the_card_and_escape_back_to_the_number(page: Page) -> None:
    number = page.locator(DERIVED).first
    reach(page, number, "keyboard")
    assert number.evaluate("e => e === document.activeElement")
    page.keyboard.press("Enter")
    assert page.locator(".nev-pop").evaluate("e => e === document.activeElement")
    assert page.url.endswith("output.html")  # it did not follow the link
    page.mouse.move(640, 700, steps=3)  # nor does a pointer close what the keyboard reads
    page.wait_for_timeout(600)
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")  # past the button that closes, to the first input
    page.keyboard.press("Enter")
    assert page.locator(".nev-pop-back").is_visible()
    assert page.locator(".nev-pop").evaluate("e => e === document.activeElement")
    page.keyboard.press("Escape")
    assert page.locator(".nev-pop").is_hidden()
    assert number.evaluate("e => e === document.activeElement")


def test_tab_goes_on_from_the_number_after_the_last_link_of_the_card(page: Page) -> None:
    numbers = page.locator(".nev-prose a.nev-ref")
    reach(page, numbers.first, "keyboard")
    page.keyboard.press("Enter")
    page.locator(".nev-pop-more").focus()
    page.keyboard.press("Tab")
    assert numbers.nth(1).evaluate("e => e === document.activeElement")
    assert numbers.nth(1).get_attribute("aria-expanded") == "true"
    assert numbers.nth(0).get_attribute("aria-expanded") == "false"


def test_a_screen_reader_is_told(page: Page) -> None:
    number = page.locator(STATED).first
    entry = page.locator(str(number.get_attribute("href")))
    described = str(number.get_attribute("aria-description"))
    assert described == entry.locator(".nev-what").text_content()
    assert number.get_attribute("aria-haspopup") == "dialog" and number.get_attribute("aria-expanded") == "false"
    reach(page, number, "keyboard")
    card = page.locator("#" + str(number.get_attribute("aria-controls")))
    assert card.get_attribute("role") == "dialog" and card.get_attribute("aria-label") == described


@pytest.mark.parametrize("page", [screen(390, "touch")], indirect=True)
def test_a_tap_opens_and_a_tap_elsewhere_closes(page: Page) -> None:
    number = page.locator(STATED).first
    reach(page, number, "touch")
    assert page.url.endswith("output.html")
    page.locator("h1").first.dispatch_event("pointerdown", {"bubbles": True, "pointerType": "touch"})
    assert page.locator(".nev-pop").is_hidden()
    reach(page, number, "touch")
    page.locator(".nev-pop-close").tap()
    assert page.locator(".nev-pop").is_hidden()
    reach(page, number, "touch")
    page.locator(".nev-pop-more").tap()
    assert page.url.endswith(str(number.get_attribute("href"))) and page.locator(".nev-pop").is_hidden()


def test_a_click_pins_the_card_its_link_leads_to_the_entry_and_the_entry_back(page: Page) -> None:
    number = page.locator(".nev-prose " + STATED).first
    assert not page.locator("ol.nev-entries").is_visible()  # folded
    number.click()
    page.mouse.move(1, 1)
    page.wait_for_timeout(600)
    assert page.locator(".nev-pop").is_visible() and page.url.endswith("output.html")
    page.locator(".nev-pop-more").click()
    assert page.url.endswith(str(number.get_attribute("href"))) and page.locator(".nev-pop").is_hidden()
    entry = page.locator(str(number.get_attribute("href")))
    assert entry.is_visible()
    ways = entry.locator(".nev-back a")
    assert ways.count() == page.locator(f"a.nev-ref[href='{number.get_attribute('href')}']").count()
    ways.first.click()
    assert page.url.endswith("#" + str(number.get_attribute("id"))) and number.is_visible()


def test_a_card_follows_its_number_and_goes_with_it(page: Page) -> None:
    number = page.locator(STATED).first
    reach(page, number, "keyboard")
    page.evaluate("window.scrollBy({top: 60, behavior: 'instant'})")
    page.wait_for_timeout(100)
    assert_beside(page, number, "scrolled")
    page.evaluate("window.scrollTo({top: 4000, behavior: 'instant'})")
    page.locator(".nev-pop").wait_for(state="hidden")


def test_without_the_script_the_entry_is_the_card(browser: Browser, published: Path, chapters: list[str]) -> None:
    page, _ = open_page(browser, published / "2025" / "index.html", java_script_enabled=False)
    for chapter in [c for c in chapters if not c.startswith(("about", "learn", "glossary"))]:  # these name few sources
        page.goto((published / "2025" / f"{chapter}.html").as_uri())
        for number in (page.locator(STATED).first, page.locator(STATED).last):  # the last entry stands far below
            source = load().sources[str(number.locator("data").get_attribute("data-source"))]
            number.click()
            entry = page.locator(str(number.get_attribute("href")) + ":target")
            expect(entry, chapter).to_contain_text(source.title, use_inner_text=True)  # laid out as it comes into view
            expect(entry, chapter).to_be_in_viewport()
        assert page.locator(".nev-pop").count() == 0
    page.context.close()


def test_an_address_leads_to_an_entry_however_far_below(browser: Browser, published: Path) -> None:
    path = published / "2025" / "evidence.html"
    page, _ = open_page(browser, path, viewport={"width": 390, "height": 800})
    last = page.locator("ol.nev-entries > li").last
    page.goto(f"{path.as_uri()}?again#{last.get_attribute('id')}")
    expect(last).to_be_in_viewport()
    expect(last.locator("dl")).to_contain_text("Source", use_inner_text=True)  # laid out as it comes into view
    page.context.close()


def test_on_paper_the_list_stands_and_the_card_does_not(page: Page) -> None:
    number = page.locator(STATED).first
    reach(page, number, "keyboard")
    page.emulate_media(media="print")
    assert page.locator(".nev-pop").is_hidden()
    listed = page.locator("ol.nev-entries > li")
    mark = number.evaluate("e => getComputedStyle(e, '::after').display")
    assert mark == "none" and not page.locator("section:has(> * ol.nev-entries)").last.is_visible()
    page.evaluate("document.querySelector('.nev-provenance').open = true")  # a reader who wants it on paper opens it
    assert listed.count() >= 20 and listed.first.is_visible() and listed.last.is_visible()
    mark = number.evaluate("e => getComputedStyle(e, '::after').content")
    place = str(number.get_attribute("href")).removeprefix("#nev-")
    assert place in mark and listed.nth(int(place) - 1).get_attribute("id") == f"nev-{place}"


@pytest.mark.parametrize("page", [screen(1280) | {"reduced_motion": "reduce"}], indirect=True)
def test_nothing_moves_for_those_who_want_no_motion(page: Page) -> None:
    reach(page, page.locator(STATED).first, "mouse")
    assert page.locator(".nev-pop").evaluate("e => getComputedStyle(e).animationName") == "none"


@pytest.mark.parametrize("page", [screen(1280) | {"color_scheme": "dark"}], indirect=True)
def test_the_card_is_dark_on_a_dark_page(page: Page) -> None:
    reach(page, page.locator(STATED).first, "mouse")
    ground, ink = page.locator(".nev-pop").evaluate(
        "e => [getComputedStyle(e).backgroundColor, getComputedStyle(e).color]"
        ".map(c => c.match(/\\d+/g).slice(0, 3).reduce((sum, part) => sum + Number(part), 0))"
    )
    assert ground < 150 and ink > 600
