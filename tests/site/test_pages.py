"""The published pages as text and markup: honest, complete, asking nobody else."""

from __future__ import annotations

import csv
import re
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from bs4 import BeautifulSoup, Tag

from nevbook.analysis.missing import questions
from nevbook.data.dataset import load
from nevbook.data.markets.dataset import load_markets
from tests.conftest import EDITIONS, copy_book, nevbook
from tests.data.test_article import FIGURES


def soup(path: Path) -> BeautifulSoup:
    return BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")


@pytest.fixture(params=EDITIONS)
def edition(request: pytest.FixtureRequest, published: Path) -> Path:
    return published / request.param


@pytest.fixture(params=[e if e == "2025" else pytest.param(e, marks=pytest.mark.slow) for e in EDITIONS])
def one_of_many(request: pytest.FixtureRequest, published: Path) -> Path:
    """An edition; what cannot differ between editions is looked at in the published ones, and in all by ``verify``."""
    return published / request.param


def pages(edition: Path) -> list[Path]:
    return sorted(p for p in edition.glob("*.html"))


def text_of(page: BeautifulSoup) -> str:
    for hidden in page.select("script, style, svg"):
        hidden.decompose()
    return page.get_text(" ")


def test_no_page_shows_what_is_no_word(edition: Path) -> None:
    for path in pages(edition):
        page = soup(path)
        for code in page.select(".highlight"):  # where Python's own None may stand
            code.decompose()
        text = text_of(page)
        found = re.search(r"\b(nan|NaN|NaT|None|inf|Infinity|undefined|null)\b", text)
        assert not found, f"{path.name}: …{text[max(0, found.start() - 60) : found.end() + 20]}…" if found else ""
        for code in page.select("pre, code"):
            code.decompose()
        assert not re.search(r"\{[a-z_:]+\}", page.get_text(" ")), path.name  # a gap that nothing filled


def names() -> list[str]:
    """Names from the data that hold a digit; longest first, so that a name within a name goes last."""
    data = load()
    found = {i.name for i in data.indicators.values()} | {e.name for e in data.entities.values()}
    found |= {n[0].lower() + n[1:] for n in found} | {b.name for b in data.bases.values()}
    # names that the text itself brings: a class of driver assistance, and models the data have no figure of
    found |= {"level-2", "33618", "Deepal S07", "Nevo E07", "Deepal S05"}
    found |= {v.name for v in load_markets().vehicles.values()} | {r["question"] for r in data.table("questions")}
    return sorted((n for n in found if re.search(r"\d", n)), key=len, reverse=True)


def test_every_number_in_prose_is_a_value_or_a_time(edition: Path, chapters: list[str]) -> None:
    known = names()
    for chapter in chapters:
        page = soup(edition / f"{chapter}.html")
        for part in page.select(".nev-prose, .nev-card, .nev-title, .nev-subtitle, .nev-note"):
            for marked in part.select("data.nev-value, time"):
                marked.decompose()
            left = part.get_text(" ")
            for name in known:
                left = left.replace(name, "")
            assert not re.search(r"\d", left), f"{chapter}: {left}"


def test_an_edition_says_how_new_it_is_and_what_was_not_found(published: Path) -> None:
    told = soup(published / "2025" / "index.html").get_text(" ")
    newest = re.search(r"the newest source is of\s+(\d+ \w+ \d{4})", told)
    asked = [r["question"] for r in questions(load(), 2025, "chongqing") if r["period"] == "2025"]
    assert newest and newest[1].endswith("2026") and len(asked) > 3
    assert all(one in told for one in asked)


def test_every_value_says_what_it_is_and_leads_to_its_source(one_of_many: Path, chapters: list[str]) -> None:
    data = load()
    for chapter in chapters:
        page = soup(one_of_many / f"{chapter}.html")
        values = page.select("data.nev-value")
        assert values, chapter
        ids = {e["id"] for e in page.select("[id]")}
        for value in values:
            float(value["value"])
            if value.get("data-derived") != "true":
                assert value["data-source"] in data.sources and value["data-indicator"] in data.indicators
                assert value["data-entity"] in data.entities and value["data-period"] and value["data-measure"]
            assert isinstance(value.parent, Tag) and value.parent.name == "a"
            assert value.parent["href"].lstrip("#") in ids, f"{chapter}: {value}"


def test_every_figure_of_the_article_is_on_a_page_of_2024(published: Path, chapters: list[str]) -> None:
    shown = set()
    for chapter in chapters:
        for value in soup(published / "2024" / f"{chapter}.html").select("data.nev-value[data-indicator]"):
            shown.add((value["data-indicator"], value.get("data-entity"), float(value["value"])))
    for indicator, entity, _, _, _, figure, _, kind in FIGURES:
        if kind == "estimate":  # the rate the article implies is not printed in it; the pages compute it
            continue
        assert any(i == indicator and e == entity and v == pytest.approx(figure, rel=1e-5) for i, e, v in shown), (
            indicator,
            figure,
        )


def test_every_figure_has_title_unit_source_and_words(one_of_many: Path, chapters: list[str]) -> None:
    seen = 0
    for chapter in chapters:
        for figure in soup(one_of_many / f"{chapter}.html").select("figure.nev-figure"):
            seen += 1
            assert figure["id"].startswith("fig-")
            assert figure.select_one(".nev-title").text.strip() and figure.select_one(".nev-subtitle").text.strip()
            assert "Source" in figure.figcaption.text and "Data as of" in figure.figcaption.text
            assert len(figure.select_one(".nev-drawing")["aria-label"]) > 15
            assert len(figure.select("svg")) == 2
            rows = figure.select(".nev-data tbody tr")
            assert rows and all(len(r.select("td")) == len(rows[0].select("td")) for r in rows)
    assert seen >= 3


def test_ids_are_unique_and_links_within_the_book_lead_somewhere(one_of_many: Path) -> None:
    for path in pages(one_of_many):
        page = soup(path)
        ids = [e["id"] for e in page.select("[id]")]
        assert len(ids) == len(set(ids)), f"{path.name}: {sorted({i for i in ids if ids.count(i) > 1})}"
        for link in page.select("a[href], link[href], script[src], img[src]"):
            address = urlsplit(link.get("href") or link.get("src"))
            if address.scheme in ("http", "https", "data", "mailto"):
                continue
            assert address.scheme == "", link
            target = (path.parent / unquote(address.path)) if address.path else path
            assert target.exists(), f"{path.name}: {link}"
            if address.fragment and target == path:
                assert unquote(address.fragment) in ids, f"{path.name}: {link}"


def test_no_page_asks_another_host(one_of_many: Path) -> None:
    for path in pages(one_of_many):
        page = soup(path)
        for element in page.select("script[src], link[href], img[src], iframe[src], source[src], video[src]"):
            address = element.get("src") or element.get("href")
            assert not re.match(r"(https?:)?//", address) or "canonical" in element.get("rel", []), (
                f"{path.name}: {element}"
            )
        for script in page.select("script:not([src])"):
            assert not re.search(r"(fetch|import|src)\s*\(?\s*=?\s*['\"]https?:", script.text), path.name
    for style in (one_of_many / "_static").rglob("*.css"):
        assert not re.search(r"url\(['\"]?(https?:)?//", style.read_text(encoding="utf-8")), style.name


def test_the_parameters_and_folders_of_this_machine_are_on_no_page(one_of_many: Path, published: Path) -> None:
    for path in pages(one_of_many):
        text = path.read_text(encoding="utf-8")
        assert str(published.parents[1]) not in text
        assert "# Parameters" not in text


@pytest.mark.slow
def test_what_data_say_is_text_and_no_script(tmp_path: Path) -> None:
    root = copy_book(tmp_path / "book")
    path = root / "data" / "sources.csv"
    with path.open(encoding="utf-8", newline="") as handle:
        rows = list(csv.DictReader(handle))
    for row in rows:
        row["title"] = "<script>window.hit = 1</script>\"'><img src=x onerror='window.hit = 1'>"
        row["publisher"] = "<b onclick=1>&amp;</b>"
        row["url"] = "javascript:window.hit=1"
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    done = nevbook(root, "build", "--year", "2025")
    assert done.returncode == 0, done.stderr
    shown = 0
    for page_path in (root / "_build" / "html").rglob("*.html"):
        text = page_path.read_text(encoding="utf-8")
        page = BeautifulSoup(text, "html.parser")
        shown += "<script>window.hit" in page.get_text()
        assert not any("window.hit" in s.text for s in page.select("script:not([type*=json])")), page_path
        assert not page.select("img[onerror], [onclick]"), page_path
        assert not [a for a in page.select("[href]") if str(a["href"]).strip().lower().startswith("javascript")]
    assert shown > 50
