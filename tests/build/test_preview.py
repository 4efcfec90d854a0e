"""The preview of an author: the open page follows a cell, a figure and a template; a mistake shows in it."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from tests.build.test_pipeline import OUTPUT_2024, instead, small_book
from tests.site.browser.conftest import FLAGS, chromium

PATIENCE = 120_000  # ms; machines are slow at times


@pytest.fixture
def browser() -> Iterator[Browser]:
    with sync_playwright() as driver:
        one = driver.chromium.launch(executable_path=chromium(), args=FLAGS)
        yield one
        one.close()


@pytest.mark.slow
def test_the_open_page_follows_what_is_saved(browser: Browser, tmp_path: Path) -> None:
    root = small_book(tmp_path / "book")
    command = [sys.executable, "-m", "nevbook.cli", "preview", "--year", "2024", "--port", "0"]
    with subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, text=True) as running:
        address = next(m[0] for line in running.stdout if (m := re.match(r"http://\S+/2024/index\.html", line)))
        page = browser.new_page()
        page.goto(address.replace("index", "output"))
        text = page.locator("main")
        chapter, data = root / "chapters" / "output.ipynb", root / "data" / "observations.csv"
        with instead(chapter, "New-energy vehicles carry the change", "New heading"):
            expect(text.locator("h2", has_text="New heading")).to_be_visible(timeout=PATIENCE)
        expect(text.locator("h2", has_text="carry the change")).to_be_visible(timeout=PATIENCE)

        with instead(data, OUTPUT_2024, OUTPUT_2024.replace("953200", "951300")):
            expect(text).to_contain_text("951,300", timeout=PATIENCE)
        expect(text).to_contain_text("953,200", timeout=PATIENCE)

        mistake = page.locator("#nev-preview")
        with instead(chapter, '"view, book = open_edition(', '"1 / 0\\nview, book = open_edition('):
            expect(mistake).to_contain_text("ZeroDivisionError", timeout=PATIENCE)
            assert re.match(r"output\.ipynb, cell \d+: ", mistake.text_content() or "")
            assert text.locator("h2", has_text="carry the change").is_visible()  # the last good page
        expect(mistake).to_have_count(0, timeout=PATIENCE)

        running.send_signal(signal.SIGINT)
        assert running.wait(timeout=20) == 0
