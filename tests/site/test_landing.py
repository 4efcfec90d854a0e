"""The way in, the 404 page, the map and the heads of pages: whole addresses only where the site has one."""

from __future__ import annotations

import json
import shutil
import urllib.error
import urllib.request
import xml.etree.ElementTree as ET
from pathlib import Path
from threading import Thread

import pytest
from bs4 import BeautifulSoup

from nevbook.common.config import Edition
from nevbook.common.errors import BuildError
from nevbook.site import landing, metadata
from nevbook.site.server import Quiet, server
from tests.conftest import ROOT, copy_book, nevbook

KNOWN = [Edition(2025), Edition(2024), Edition(2025, "anhui")]
NAMES = {"chongqing": "Chongqing", "anhui": "Anhui <b>"}


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A site with three editions of two pages."""
    place = tmp_path / "html"
    for one in KNOWN:
        (place / one.path).mkdir(parents=True)
        for name in ("index", "output", "search"):
            (place / one.path / f"{name}.html").write_text("<!DOCTYPE html><title>x</title>", encoding="utf-8")
        told = {"name": "made-up", "title": "Made up", "description": "By a test", "resources": []}
        told |= {"licenses": [{"name": "CC-BY-4.0"}]}
        told |= {"nevbook": {"edition": {"label": f"{NAMES[one.region]} {one.year}"}}}
        (place / one.path / "data").mkdir()
        (place / one.path / "data" / "datapackage.json").write_text(json.dumps(told), encoding="utf-8")
    return place


def root_with(tmp_path: Path, address: str) -> Path:
    root = tmp_path / "root"
    root.mkdir(parents=True)
    text = (ROOT / "_config.yml").read_text(encoding="utf-8")
    assert 'baseurl: ""' in text
    (root / "_config.yml").write_text(text.replace('baseurl: ""', f'baseurl: "{address}"'), encoding="utf-8")
    return root


def test_the_entrance_lists_the_editions_and_escapes_their_names(tmp_path: Path, site: Path) -> None:
    landing.write(root_with(tmp_path, ""), site, landing.entries(site, KNOWN))
    page = BeautifulSoup((site / "index.html").read_text(encoding="utf-8"), "html.parser")
    assert page.select_one('meta[http-equiv="refresh"]')["content"] == "0; url=2025/index.html"
    assert [a["href"] for a in page.select("li a")] == ["2025/index.html", "2024/index.html", "anhui/2025/index.html"]
    assert page.select("li")[2].get_text() == "Anhui <b> 2025" and not page.select("b")
    assert not (site / "sitemap.xml").exists() and not (site / "robots.txt").exists()
    assert not page.select('link[rel="canonical"]')
    assert list(landing.read(site).values()) == [Edition(e.year, e.region) for e in KNOWN]


def test_a_known_address_gives_a_map_and_a_404_page_that_leads_home(tmp_path: Path, site: Path) -> None:
    root = root_with(tmp_path, "https://example.org/book/")
    landing.write(root, site, landing.entries(site, KNOWN))
    found = [e.text for e in ET.parse(site / "sitemap.xml").iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")]
    assert "https://example.org/book/anhui/2025/output.html" in found and len(found) == len(set(found)) == 6
    assert "Sitemap: https://example.org/book/sitemap.xml" in (site / "robots.txt").read_text()
    missing = BeautifulSoup((site / "404.html").read_text(encoding="utf-8"), "html.parser")
    assert {a["href"] for a in missing.select("a")} >= {"/book/", "/book/2024/index.html"}
    way_in = BeautifulSoup((site / "index.html").read_text(encoding="utf-8"), "html.parser")
    assert way_in.select_one('link[rel="canonical"]')["href"] == "https://example.org/book/2025/index.html"


def test_an_address_that_is_none_is_refused(tmp_path: Path, site: Path) -> None:
    with pytest.raises(BuildError, match=r"_config\.yml: html: baseurl is 'example\.org'; give a whole address"):
        landing.write(root_with(tmp_path, "example.org"), site, landing.entries(site, KNOWN))


def test_a_pdf_is_listed_while_it_is_there(tmp_path: Path, site: Path) -> None:
    root = root_with(tmp_path, "")
    landing.write(root, site, landing.entries(site, KNOWN))
    before = (site / "index.html").read_bytes()
    made = site / "2024" / landing.PDF
    made.write_bytes(b"%PDF-")
    assert [e.get("pdf") for e in landing.refresh(root, site)] == [None, f"2024/{landing.PDF}", None]
    assert f'href="2024/{landing.PDF}"' in (site / "index.html").read_text(encoding="utf-8")
    made.unlink()
    landing.refresh(root, site)
    assert (site / "index.html").read_bytes() == before


def chapter(*outputs: str, text: str = "# Title\n\nA *first* paragraph of [text](x.md).") -> dict:
    cells: list[dict] = [{"cell_type": "markdown", "source": text}]
    cells += [{"cell_type": "code", "outputs": [{"data": {"text/html": o}}]} for o in outputs]
    return {"cells": cells}


def test_the_description_is_the_finding_in_plain_text() -> None:
    finding = "In 2025 they built 2 & 3 more than a year before, as far as anybody has published."
    said = finding.replace("2025", "<time>2025</time>").replace("2 & 3", '<a href="#nev-1">2 &amp; 3</a>')
    assert metadata.description(chapter(*[f'<p class="nev-prose">{said}</p>'] * 2)) == finding
    short = '<p class="nev-prose">It rose.</p>'
    assert metadata.description(chapter(short, short)) == "It rose. It rose."
    assert metadata.description(chapter()) == "A first paragraph of text."


def test_a_long_description_ends_with_a_sentence_or_a_word() -> None:
    sentence = "One sentence that has about forty signs. "
    assert metadata.shortened(sentence * 9) == (sentence * 4).strip()
    cut = metadata.shortened("word " * 90)
    assert len(cut) <= metadata.LONG + 1 and cut.endswith("word\N{HORIZONTAL ELLIPSIS}")


def test_the_server_packs_ages_and_knows_what_is_missing(tmp_path: Path, site: Path) -> None:
    landing.write(root_with(tmp_path, ""), site, landing.entries(site, KNOWN))
    (site / "2025" / "a.css").write_text("a { color: red }\n" * 200, encoding="utf-8")
    with server(site, 0, Quiet) as one:
        Thread(target=one.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{one.server_port}"

        def get(path: str, **headers: str) -> tuple[int, dict, bytes]:
            named = {k.replace("_", "-"): v for k, v in headers.items()}
            request = urllib.request.Request(address + path, headers=named)
            try:
                with urllib.request.urlopen(request, timeout=10) as answer:
                    return answer.status, dict(answer.headers), answer.read()
            except urllib.error.HTTPError as error:
                return error.code, dict(error.headers), error.read()

        plain, packed = get("/2025/a.css"), get("/2025/a.css?v=1", Accept_Encoding="gzip")
        assert plain[1].get("Content-Encoding") is None and packed[1]["Content-Encoding"] == "gzip"
        assert len(packed[2]) < len(plain[2]) / 5 and "immutable" in packed[1]["Cache-Control"]
        assert plain[1]["Cache-Control"] == "no-cache" and plain[1]["Content-Type"] == "text/css; charset=utf-8"
        assert get("/2025/a.css", If_None_Match=plain[1]["ETag"])[0] == 304
        assert get("/2025/")[0] == 200
        status, _, body = get("/2025/no/such/page.html")
        assert status == 404 and b"No such page" in body
        one.shutdown()


@pytest.mark.slow
def test_whole_addresses_stand_in_every_head_once_the_site_has_one(tmp_path: Path) -> None:
    root = copy_book(tmp_path / "book")
    shutil.copy(root_with(tmp_path, "https://example.org/book") / "_config.yml", root)
    done = nevbook(root, "build", "--year", "2025")
    assert done.returncode == 0, done.stdout + done.stderr
    site = root / "_build" / "html"
    for path in ("2025/output.html", "2025/data/index.html", "indicators/nev_production.html", "sources.html"):
        page = BeautifulSoup((site / path).read_text(encoding="utf-8"), "html.parser")
        assert page.select_one('link[rel="canonical"]')["href"] == f"https://example.org/book/{path}"
    page = BeautifulSoup((site / "2025" / "output.html").read_text(encoding="utf-8"), "html.parser")
    picture = page.select_one('meta[property="og:image"]')["content"].removeprefix("https://example.org/book/")
    assert (site / picture).read_bytes().startswith(b"\x89PNG")
    assert (
        page.select_one('meta[property="og:description"]')["content"]
        == page.select_one('meta[name="description"]')["content"]
    )
    assert json.loads((site / "editions.js").read_text().split("=", 1)[1].rstrip(";\n"))[0]["path"] == "2025/"
