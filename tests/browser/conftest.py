"""A real Chromium, and a page opened in it from the folder."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking", "--disable-sync"]


def chromium() -> str:
    found = os.environ.get("CHROME_PATH") or next(
        filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
    )
    if not found:
        pytest.fail("no Chromium: install Debian's package chromium, or name a binary in CHROME_PATH")
    return found


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as driver:
        one = driver.chromium.launch(executable_path=chromium(), args=FLAGS)
        yield one
        one.close()


def open_page(browser: Browser, path: Path, **options: object) -> tuple[Page, list[str]]:
    """Open a page from the folder; return it with the addresses it asked for outside."""
    context = browser.new_context(**options)
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda r: asked.append(r.url) if not r.url.startswith(("file:", "data:")) else None)
    page.goto(path.as_uri())
    return page, asked
