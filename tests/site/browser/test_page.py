"""A page as readers get it: its weight, its policy, its menus, without a script, from a folder, on paper."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from playwright.sync_api import Browser, BrowserContext, Page

from tests.site.browser.conftest import every_page, open_page, other_pages

FIRST, LATER = 150_000, 60_000  # octets over the wire, headers included
PHONE = {"viewport": {"width": 390, "height": 800}}


def visit(context: BrowserContext, address: str) -> tuple[Page, int, list[str], list[str]]:
    """Open a page; return it with what came over the wire, who was asked, and what the console says."""
    page = context.new_page()
    octets, asked, said = [0], [], []
    wire = context.new_cdp_session(page)
    wire.send("Network.enable")
    wire.on("Network.loadingFinished", lambda e: octets.__setitem__(0, octets[0] + int(e["encodedDataLength"])))
    page.on("request", lambda r: asked.append(r.url))
    page.on("console", lambda m: said.append(m.text) if m.type in ("error", "warning") else None)
    page.on("pageerror", lambda e: said.append(str(e)))
    page.goto(address, wait_until="load")
    page.wait_for_timeout(100)
    return page, octets[0], asked, said


def test_a_chapter_is_light_asks_its_own_host_alone_and_breaks_no_rule(
    browser: Browser, host: str, chapters: list[str]
) -> None:
    seen = browser.new_context()
    visit(seen, f"{host}/2025/index.html")
    for chapter in chapters:
        fresh = browser.new_context()
        _, octets, asked, said = visit(fresh, f"{host}/2025/{chapter}.html")
        fresh.close()
        assert octets <= FIRST, (chapter, octets)
        assert octets > 5_000 and all(a.startswith((host, "data:")) for a in asked), (chapter, asked)
        assert said == [], chapter
        if chapter != "index":
            _, octets, _, _ = visit(seen, f"{host}/2025/{chapter}.html")
            assert octets <= LATER, (chapter, octets)
    seen.close()


def test_no_other_page_breaks_a_rule(browser: Browser, published: Path, host: str) -> None:
    context = browser.new_context()
    for path in other_pages(published):
        page, octets, asked, said = visit(context, f"{host}/{path}")
        assert said == [] and all(a.startswith((host, "data:")) for a in asked), (path, said, asked)
        assert octets <= FIRST, (path, octets)
        page.close()
    context.close()


def rules(path: Path) -> list[str]:
    """What in a page its policy would stop, or would stop a stricter one."""
    page = BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")
    policy = page.select_one('meta[http-equiv="Content-Security-Policy"]')
    found = []
    if policy and (
        not policy["content"].startswith("default-src 'self'; img-src 'self' data:;") or "eval" in str(policy)
    ):
        found.append(str(policy))
    for one in page.find_all(True):
        if one.name == "script" and not one.get("src") and "json" not in one.get("type", ""):
            found.append(f"inline script {one.text[:60]}")
        if one.get("type") == "module" or one.name in ("iframe", "object", "embed", "base"):
            found.append(str(one)[:80])
        found += [f"{key} of {one.name}" for key in one.attrs if key.startswith("on")]
        if str(one.get("href", "")).strip().lower().startswith("javascript:"):
            found.append(str(one)[:80])
    return found


def test_no_page_has_a_script_in_it(published: Path, chapters: list[str]) -> None:
    for path in [*(f"2025/{c}.html" for c in chapters), *other_pages(published)]:
        assert rules(published / path) == [], path


@pytest.mark.slow
def test_no_page_of_any_edition_has_a_script_in_it(published: Path) -> None:
    for path in published.rglob("*.html"):
        if path.name != "shell.html":
            assert rules(path) == [], path


def test_the_menu_and_the_contents_open_by_keyboard_and_give_the_focus_back(browser: Browser, host: str) -> None:
    context = browser.new_context(**PHONE, has_touch=True)
    page, *_ = visit(context, f"{host}/2025/output.html")
    for name in ("menu", "contents"):
        button, panel = f"#nev-{name}-button", f"#nev-{name}"
        assert page.get_attribute(button, "aria-expanded") == "false" and not page.is_visible(panel)
        page.focus(button)
        page.keyboard.press("Space")
        assert page.is_visible(panel) and page.get_attribute(button, "aria-expanded") == "true"
        for _ in range(30):  # the focus stays in what is open
            page.keyboard.press("Tab")
            assert page.evaluate(f"!document.activeElement.closest('main, .nev-bar') || '{panel}'") is True
        page.keyboard.press("Escape")
        assert not page.is_visible(panel) and page.evaluate("document.activeElement.id") == button[1:]
    page.click("#nev-menu-button")
    page.locator("#nev-menu a", has_text="Research").click()
    page.wait_for_url("**/2025/research.html")
    context.close()


def test_without_a_script_the_menu_opens_and_everything_can_be_read(
    browser: Browser, published: Path, chapters: list[str]
) -> None:
    page, _ = open_page(browser, published / "2025" / "index.html", **PHONE, java_script_enabled=False)
    page.click("#nev-menu-button")
    assert page.is_visible("#nev-menu")
    linked = page.locator(".nev-chapters a").all()
    # lessons stand under the page that lists them
    wanted = {c for c in chapters if not c.startswith("learn-")} - {"index"}
    assert wanted <= {str(a.get_attribute("href")).removesuffix(".html") for a in linked}
    page.click("#nev-menu .nev-close")
    assert not page.is_visible("#nev-menu")
    for chapter in chapters:
        page.goto((published / "2025" / f"{chapter}.html").as_uri())
        assert page.is_visible("article h1") and not page.is_visible("#nev-mode")
        assert page.locator("article p >> visible=true").count() > 3
        assert all(t.is_visible() for t in page.locator("article > section > section h2").all()), chapter
    page.context.close()


def test_the_keyboard_alone_reaches_the_text_and_shows_where_it_is(browser: Browser, host: str) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
    page, *_ = visit(context, f"{host}/2025/output.html")
    assert page.evaluate("getComputedStyle(document.documentElement).scrollBehavior") == "auto"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "nev-skip"
    box = page.locator(".nev-skip").bounding_box()
    assert box and box["x"] >= 0
    for _ in range(12):
        page.keyboard.press("Tab")
        style = page.evaluate(
            "(s => [s.outlineStyle, s.outlineWidth, s.visibility])(getComputedStyle(document.activeElement))"
        )
        assert style[0] != "none" and style[1] != "0px" and style[2] == "visible", page.evaluate(
            "document.activeElement.outerHTML"
        )
    page.focus(".nev-skip")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("!!document.activeElement.closest('main')")
    context.close()


def test_a_table_and_a_long_list_are_one_stop_of_the_keyboard(browser: Browser, host: str) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    seen = "e => e.tabIndex >= 0 && e.checkVisibility({contentVisibilityAuto: true})"
    stops = f"[...document.querySelectorAll('main a[href], main summary, main button')].filter({seen}).length"
    for path in ("2025/evidence.html", "2025/output.html", "indicators/vehicle_production.html", "sources.html"):
        page.goto(f"{host}/{path}")
        links = page.evaluate("document.querySelectorAll('main a[href]').length")
        assert page.evaluate(stops) < 110 < links, (path, links, page.evaluate(stops))
    page.goto(f"{host}/indicators/vehicle_production.html")
    table = page.locator("table:has(a[href^=http])").first
    table.locator("a[tabindex='0']").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowRight")
    assert table.locator("a").nth(2).evaluate("e => e === document.activeElement && e.tabIndex === 0")
    page.keyboard.press("End")
    assert table.locator("a").last.evaluate("e => e === document.activeElement")
    page.keyboard.press("Tab")
    assert not page.evaluate("!!document.activeElement.closest('table')")
    page.close()


def test_another_edition_is_opened_at_the_same_chapter(browser: Browser, host: str) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    for start, wanted in (("2025/research.html", "2024/research.html"), ("markets/AUS.html", "2024/index.html")):
        page.goto(f"{host}/{start}")
        page.locator(".nev-editions li a", has_text="Chongqing 2024").click()
        page.wait_for_url(f"**/{wanted}")
    page.close()


def test_the_reader_chooses_the_colours_and_the_choice_is_kept(browser: Browser, host: str) -> None:
    context = browser.new_context(color_scheme="light")
    page, *_ = visit(context, f"{host}/2025/output.html")
    seen = []
    for _ in range(3):
        page.click("#nev-mode")
        seen.append(page.evaluate("[document.documentElement.dataset.mode, document.documentElement.dataset.theme]"))
    assert seen == [["light", "light"], ["dark", "dark"], ["auto", "light"]]
    page.click("#nev-mode")
    page.click("#nev-mode")
    page.goto(f"{host}/sources.html")
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    assert "dark" in str(page.get_attribute("#nev-mode", "aria-label"))
    context.close()


def test_what_is_not_there_has_a_page_at_any_depth(browser: Browser, host: str) -> None:
    context = browser.new_context()
    page = context.new_page()
    for path in ("nothing.html", "2025/nothing/at/all/", "2031/output.html"):
        answer = page.goto(f"{host}/{path}")
        assert answer and answer.status == 404
        assert page.is_visible("main h1") and page.evaluate("getComputedStyle(document.body).maxWidth") == "640px"
    page.locator("a", has_text="Chongqing 2024").click()
    page.wait_for_url("**/2024/index.html")
    context.close()


def test_paper_shows_the_text_and_the_charts_and_nothing_to_press(browser: Browser, host: str) -> None:
    context = browser.new_context(viewport={"width": 700, "height": 990}, color_scheme="dark")
    page, *_ = visit(context, f"{host}/2025/output.html")
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    page.emulate_media(media="print")
    for gone in (".nev-bar", ".nev-drawer", ".nev-next", ".nev-tools", "details.hide", "dialog"):
        assert not any(one.is_visible() for one in page.locator(gone).all()), gone
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    for figure in page.locator(".nev-figure").all():
        assert figure.locator("svg >> visible=true").count() >= 1
        assert figure.evaluate("e => getComputedStyle(e).breakInside") == "avoid"
    context.close()


@pytest.mark.slow
@pytest.mark.parametrize("width", [320, 390, 1600])
def test_no_page_at_all_is_wider_than_the_screen(browser: Browser, published: Path, width: int) -> None:
    context = browser.new_context(viewport={"width": width, "height": 800})
    page = context.new_page()
    for path in [p for p in every_page(published) if p != "index.html"]:  # which leads on at once
        page.goto((published / path).as_uri())
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
    context.close()


def test_every_page_says_what_it_is(published: Path, chapters: list[str]) -> None:
    said = {}
    for path in [*(f"2025/{c}.html" for c in chapters), *other_pages(published)]:
        page = BeautifulSoup((published / path).read_text(encoding="utf-8"), "html.parser")
        assert page.html["lang"] == "en" and page.title.text.strip() and len(page.select("main h1")) == 1, path
        if path.endswith(("404.html", "/search.html")):
            assert page.select_one('meta[name="robots"]')["content"] == "noindex"
            continue
        said[path] = page.select_one('meta[name="description"]')["content"]
        assert 40 <= len(said[path]) <= 180 and not re.search(r"[<>*]|\bNone\b|\bnan\b", said[path]), (path, said[path])
        assert not page.select('link[rel="canonical"], meta[property="og:url"], meta[property="og:image"]'), path
        assert page.select_one('link[rel="icon"]'), path
    assert len(set(said.values())) == len(said)
