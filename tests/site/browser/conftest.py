"""A real Chromium, and a page opened in it from the folder."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from nevbook.site.server import Quiet, server

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


@pytest.fixture(scope="session")
def host(published: Path) -> Iterator[str]:
    """The published site as `nevbook serve` serves it; its address."""
    with server(published, 0, Quiet) as one:
        thread = threading.Thread(target=one.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{one.server_port}"
        one.shutdown()


def other_pages(site: Path) -> list[str]:
    """One page of each kind that is no chapter, as paths in the site."""
    found = ["index.html", "404.html", "sources.html", "2025/search.html", "2025/data/index.html"]
    editions = {"2020", "2023", "2024", "2025", "anhui"}
    for folder in sorted(p for p in site.iterdir() if p.is_dir() and p.name not in editions):
        pages = sorted(p.relative_to(site).as_posix() for p in folder.glob("*.html"))
        found += [p for p in pages if p.endswith("/index.html")] + [p for p in pages if p[-10:] != "index.html"][:1]
    return found


def every_page(site: Path) -> list[str]:
    """Every page of the site; of those that are made from one template in hundreds, each twentieth."""
    pages = sorted(p.relative_to(site).as_posix() for p in site.rglob("*.html") if "_static" not in p.parts)
    many = [p for p in pages if not p.startswith(("2", "anhui")) and "/" in p]
    return [p for p in pages if p not in many] + many[::20]
