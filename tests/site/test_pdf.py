"""An edition on paper: one document of all its pages, the same bytes each time, linked while it is there."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from nevbook.build import plan
from nevbook.common.errors import BuildError
from nevbook.site import pdf
from tests.conftest import ROOT, copy_book, nevbook

ALL = [path.stem for path in plan.chapters(ROOT)]


def test_the_pages_follow_each_other_as_in_the_book(published: Path) -> None:
    assert [p.stem for p in pdf.chain(published / "2025")] == ALL


def test_the_document_holds_every_page_and_leads_nowhere_else(published: Path) -> None:
    made = pdf.document(published / "2025", "The book", "Chongqing <2025>", "22 November 2026", "")
    page = BeautifulSoup(made, "html.parser")
    assert [s["id"] for s in page.select("section.nev-chapter")] == ALL
    assert "Chongqing <2025>" in page.select_one(".nev-cover").get_text()
    ids = [e["id"] for e in page.select("[id]")]
    assert len(ids) == len(set(ids))
    known = set(ids)
    for link in page.select("a[href]"):
        assert link["href"].startswith(("http://", "https://")) or link["href"][1:] in known, link
    assert not page.select("script, link, img[src], button, .nev-narrow, .nev-data")
    assert len(page.select("figure.nev-figure svg")) == len(page.select("figure.nev-figure"))


def test_links_lead_to_the_site_where_its_address_is_known(published: Path) -> None:
    page = published / "2025" / "index.html"
    for address in ("https://example.org/2025/", ""):
        _, text = pdf._part(page, {"index", "about"}, address)
        links = {str(a["href"]) for a in BeautifulSoup(text, "html.parser").select("a[href]")}
        assert "#about" in links and ("https://example.org/2025/output.html" in links) == bool(address)


def test_a_pdf_loses_its_dates_and_nothing_else() -> None:
    one = b"1 0 obj <</CreationDate (D:20261122201500+00'00')\n/ModDate (D:20261122201500+00'00')>> /ID [<0aF1> <33>]"
    other = one.replace(b"20261122201500", b"20270101000000").replace(b"0aF1", b"ffff")
    assert pdf.undated(one) == pdf.undated(other) and len(pdf.undated(one)) == len(one)


def test_without_a_browser_the_message_says_what_to_install(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("CHROME_PATH", raising=False)
    with pytest.raises(BuildError, match="no Chromium or Chrome on the path; .*install .*chromium.* CHROME_PATH"):
        pdf.browser()
    monkeypatch.setenv("CHROME_PATH", "/no/such/chrome")
    with pytest.raises(BuildError, match="CHROME_PATH names '/no/such/chrome', which cannot be run"):
        pdf.browser()


def test_a_font_that_is_missing_is_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert pdf.missing_font() == ""  # nobody knows the fonts here
    tool = tmp_path / "fc-list"
    for printed, said in (("", "fonts-noto-cjk"), ("echo NotoSansCJK.ttc", "")):
        tool.write_text(f"#!/bin/sh\n{printed}\n", encoding="utf-8")
        tool.chmod(0o755)
        assert (said in pdf.missing_font()) and bool(pdf.missing_font()) == bool(said)


def test_an_edition_that_is_not_there_cannot_be_printed(tmp_path: Path) -> None:
    root = copy_book(tmp_path / "book")
    done = nevbook(root, "pdf", "--year", "2025")
    assert done.returncode == 1 and "2025 is not there; run `nevbook build` for it first" in done.stderr


@pytest.mark.slow
def test_two_prints_are_the_same_and_the_book_links_them(tmp_path: Path, published: Path) -> None:
    root = copy_book(tmp_path / "book")
    site = root / "_build" / "html"
    shutil.copytree(published.parent, root / "_build")
    pages = {p: p.read_bytes() for p in site.rglob("*.html") if p != site / "index.html"}
    printed = []
    for _ in range(2):
        done = nevbook(root, "pdf", "--year", "2025")
        assert done.returncode == 0, done.stderr
        printed.append((site / "2025" / "made-in-chongqing.pdf").read_bytes())
    assert printed[0] == printed[1] and printed[0].startswith(b"%PDF-")
    assert pages == {p: p.read_bytes() for p in pages}
    listed = json.loads((site / "editions.js").read_text(encoding="utf-8").split("=", 1)[1].rstrip(";\n"))
    assert [e["path"] for e in listed if "pdf" in e] == ["2025/"]
    again = nevbook(root, "build")
    assert "up to date" in again.stdout, again.stdout + again.stderr
