"""The glossary: each term with a source, its first use on a page leads to it, nothing else is touched."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from nevbook.data.dataset import load
from nevbook.data.glossary import Finder, Term, terms
from tests.conftest import DATA

TERMS = terms(DATA)
NEV = Term("nev", "new-energy vehicle", "新能源汽车", ("NEVs", "new-energy vehicle"), "A definition.", "", "")
RD = Term("rd", "R&D intensity", "研发投入强度", ("R&D intensity",), "Another.", "", "")


def link(text: str, one: Term) -> str:
    return f"[{text}|{one.id}]"


def test_every_term_is_told_in_two_languages_and_has_a_source() -> None:
    data = load(DATA)
    assert len(TERMS) >= 25 and len({t.id for t in TERMS}) == len(TERMS)
    for one in TERMS:
        assert re.search(r"[\u4e00-\u9fff]", one.term_zh) and one.definition.endswith(".")
        assert (one.source in data.sources) != (one.indicator in data.indicators), one.id
    forms = [f.casefold() for t in TERMS for f in t.forms]
    assert len(set(forms)) == len(forms)


def test_only_the_first_use_is_marked() -> None:
    found = Finder((NEV, RD))
    text = "An NEV-like car, NEVs, a new-energy vehicle; the R&D intensity."
    assert found.split(text) == [
        "An NEV-like car, ",
        ("NEVs", NEV),
        ", a new-energy vehicle; the ",
        ("R&D intensity", RD),
        ".",
    ]
    assert found.split("NEVs again") == ["NEVs again"]


def test_html_stays_whole() -> None:
    found = Finder((NEV, RD))
    text = '<p title="NEVs">1 &lt; 2 <a href="x">NEVs <b>NEVs</b></a> and R&amp;D intensity, NEVs &amp; more</p>'
    assert found.mark(text, link) == (
        '<p title="NEVs">1 &lt; 2 <a href="x">NEVs <b>NEVs</b></a> and [R&D intensity|rd], [NEVs|nev] &amp; more</p>'
    )
    assert Finder(()).mark(text, link) == text


@pytest.mark.parametrize("edition", ["2024", "2025", "anhui/2025"])
def test_first_uses_lead_to_the_glossary(published: Path, edition: str, chapters: list[str]) -> None:
    folder = published / edition
    ids = {
        x["id"] for x in BeautifulSoup((folder / "glossary.html").read_text(encoding="utf-8"), "html.parser")(id=True)
    }
    assert {f"term-{t.id}" for t in TERMS} <= ids
    marked = 0
    for name in chapters:
        page = BeautifulSoup((folder / f"{name}.html").read_text(encoding="utf-8"), "html.parser")
        found = page.select("a.nev-term")
        marked += len(found)
        targets = [a["href"] for a in found]
        assert len(set(targets)) == len(targets), name
        for a in found:
            assert a["href"].startswith("glossary.html#term-") and a["href"].split("#")[1] in ids
            assert not a.find_parent(["h1", "h2", "h3", "table", "figure", "code", "a", "nav", "summary"]), (name, a)
            assert a["title"] and a.get_text()
    assert marked >= 20
    output = BeautifulSoup((folder / "output.html").read_text(encoding="utf-8"), "html.parser")
    assert output.select_one("a.nev-term").get_text() == "new-energy vehicles"
