"""What pages weigh and how Lighthouse judges them, ours beside a stock Jupyter Book of the same chapters."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, sync_playwright

from nevbook.build import plan
from nevbook.site.server import Quiet, server
from tests.conftest import ROOT
from tests.site.browser.conftest import FLAGS, chromium

KINDS = ("performance", "accessibility", "best-practices", "seo")


@contextmanager
def served(site: Path) -> Iterator[str]:
    """Serve a site compressed; give its address."""
    with server(site, 0, Quiet) as one:
        threading.Thread(target=one.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{one.server_port}"
        one.shutdown()


def visit(context: BrowserContext, address: str) -> tuple[float, int]:
    """Open a page; return the kilobytes that came over the wire and how many requests went to other hosts."""
    page = context.new_page()
    octets, foreign = [0.0], [0]
    wire = context.new_cdp_session(page)
    wire.send("Network.enable")
    wire.on("Network.loadingFinished", lambda e: octets.__setitem__(0, octets[0] + e["encodedDataLength"]))

    def asked(url: str) -> None:
        if urlsplit(url).hostname not in ("127.0.0.1", None):
            foreign[0] += 1

    page.on("request", lambda r: asked(r.url))
    page.goto(address, wait_until="load")
    page.wait_for_timeout(1000)
    page.close()
    return octets[0] / 1000, foreign[0]


def weights(browser: Browser, theirs: str, ours: str, chapters: list[str]) -> None:
    """Print what each chapter weighs on a first visit and after the cover, and whom it asks."""
    print(f"{'KB over the wire, gzip':24}{'stock, first':>14}{'ours, first':>13}{'stock, later':>14}{'ours, later':>13}"
          f"{'stock asks others':>19}{'ours':>6}")  # fmt: skip
    later = {}
    for place, start in ((theirs, "chapters/index.html"), (ours, "index.html")):
        later[place] = browser.new_context()
        visit(later[place], f"{place}/{start}")
    for chapter in chapters:
        found = []
        for place, folder in ((theirs, "chapters/"), (ours, "")):
            fresh = browser.new_context()
            first, foreign = visit(fresh, f"{place}/{folder}{chapter}.html")
            fresh.close()
            found.append((first, visit(later[place], f"{place}/{folder}{chapter}.html")[0], foreign))
        (a, c, e), (b, d, f) = found
        print(f"{chapter:24}{a:14.0f}{b:13.0f}{c:14.0f}{d:13.0f}{e:19}{f:6}")


def lighthouse(theirs: str, ours: str, chapters: list[str]) -> None:
    """Print the scores of Lighthouse, mobile, where it is found."""
    program = os.environ.get("LIGHTHOUSE") or shutil.which("lighthouse")
    if not program:
        print("\nLighthouse is not here. Get it with `npm install lighthouse` in a folder of your own, and name its")
        print("node_modules/.bin/lighthouse in LIGHTHOUSE.")
        return
    print(f"\n{'Lighthouse, mobile':24}" + "".join(f"{k:>16}" for k in KINDS) + "   (stock of the first chapter last)")
    listed = [(c, f"{ours}/{c}.html") for c in chapters]
    for name, address in [*listed, (f"stock {chapters[0]}", f"{theirs}/chapters/{chapters[0]}.html")]:
        command = [
            program, address, "--quiet", "--output=json", f"--only-categories={','.join(KINDS)}",
            "--chrome-flags=--headless=new --no-sandbox",
        ]  # fmt: skip
        done = subprocess.run(command, capture_output=True, text=True, env=os.environ | {"CHROME_PATH": chromium()})
        if done.returncode:
            print(f"{name:24}{done.stderr.strip().splitlines()[-1:]}")
            continue
        scores = json.loads(done.stdout)["categories"]
        print(f"{name:24}" + "".join(f"{round(100 * (scores[k]['score'] or 0)):16}" for k in KINDS), flush=True)


def compare(theirs: Path, ours: Path) -> None:
    """Measure two sites of the same chapters.

    Parameters
    ----------
    theirs : Path
        What ``jupyter-book build`` wrote.
    ours : Path
        An edition of ours.
    """
    chapters = [p.stem for p in plan.chapters(ROOT)]
    with served(theirs) as there, served(ours.parent) as host:
        here = f"{host}/{ours.name}"
        with sync_playwright() as driver:
            browser = driver.chromium.launch(executable_path=chromium(), args=FLAGS)
            weights(browser, there, here, chapters)
            browser.close()
        lighthouse(there, here, chapters)
