"""The pages made beside Sphinx: indicators, sources, the data of an edition; citations and metadata."""

from __future__ import annotations

import csv
import datetime as dt
import json
import re
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from bs4 import BeautifulSoup

from nevbook.data.dataset import Dataset, load
from nevbook.data.package import read_descriptor
from nevbook.report.book import open_edition
from nevbook.site.citation import Citation, described
from nevbook.site.indicators.chart import LEAST, MOST, apart, lines
from tests.conftest import EDITIONS, ROOT, day_told
from tests.site.test_pages import soup, text_of


def pages(published: Path) -> list[Path]:
    beside = [published / "sources.html", *(published / e / "data" / "index.html" for e in EDITIONS)]
    return [*sorted((published / "indicators").glob("*.html")), *beside]


@pytest.fixture(scope="module")
def newest(published: Path) -> Dataset:
    """What the newest edition of the default region publishes."""
    return load(published / "2025" / "data")


def test_every_indicator_with_three_observations_has_a_page_and_is_listed(published: Path, newest: Dataset) -> None:
    count = Counter(r.indicator for r in newest.observations)
    wanted = {f"{i}.html" for i, n in count.items() if n >= 3}
    assert len(wanted) > 40
    folder = published / "indicators"
    assert {p.name for p in folder.glob("*.html")} == wanted | {"index.html"}
    index = soup(folder / "index.html")
    listed = [a["href"] for a in index.select("article li a")]
    assert sorted(listed) == sorted(wanted)
    assert {li["id"] for li in index.select("article li")} == {f"i-{i}" for i in count}


def test_a_page_shows_all_observations_and_its_download_has_the_same(published: Path, newest: Dataset) -> None:
    for path in (published / "indicators").glob("*.html"):
        if path.stem == "index":
            continue
        rows = [r for r in newest.observations if r.indicator == path.stem]
        page = soup(path)
        one = newest.indicators[path.stem]
        assert (
            page.select_one("article h1").text == one.name and one.name_zh in page.text and one.definition in page.text
        )
        table = page.select_one("#observations ~ div table")
        assert {s["id"] for s in table.select("tbody span[id]")} == {f"o-{r.id}" for r in rows}
        assert len(table.select("tbody tr")) == len(rows)
        for source in {newest.sources[r.source] for r in rows}:
            assert page.find_all(string=re.compile(re.escape(source.title.strip()))), source.id
        with path.with_suffix(".csv").open(encoding="utf-8-sig", newline="") as handle:
            assert [r["id"] for r in csv.DictReader(handle)] == [r.id for r in rows]
        assert page.find("a", href=path.with_suffix(".csv").name)
        boxes = [b.text for b in page.select(".nev-cite pre")]
        assert boxes and one.name.split("&")[0] in boxes[-1] and "Chongqing 2025" in boxes[-1]


def test_a_chart_stands_where_three_years_are_known_and_else_a_sentence(published: Path, newest: Dataset) -> None:
    drawn = 0
    for path in (published / "indicators").glob("*.html"):
        if path.stem == "index":
            continue
        years: dict[str, set[str]] = {}
        for r in newest.observations:
            if r.indicator == path.stem and r.measure == "level" and r.outcome and r.span.is_year:
                years.setdefault(r.entity, set()).add(r.period)
        known = max(map(len, years.values()), default=0)
        page = soup(path)
        figures = page.select("figure.nev-figure")
        assert len(figures) == (known >= LEAST), path.name
        assert ("No chart" in page.text) == (known < LEAST)
        for figure in figures:
            drawn += 1
            assert len(figure.select("svg")) == 2 and "Data as of" in figure.figcaption.text
            assert len(figure.select_one(".nev-drawing")["aria-label"]) > 15
            assert figure.select(".nev-data tbody tr")
    assert drawn > 20


def test_lines_are_few_of_one_size_and_never_of_two_ways_of_counting(newest: Dataset) -> None:
    _, book = open_edition(2025, "chongqing", ROOT / "data")
    for indicator in newest.indicators:
        rows = [r for r in book.view.data.observations if r.indicator == indicator]
        chosen, _ = lines(book, indicator, rows)
        assert len(chosen) <= MOST
        for line in chosen:
            assert {q.basis for q in line.values} == {line.basis} and {q.entity for q in line.values} == {line.entity}
            assert all(q.kind in ("stated", "estimate") for q in line.values)
    output, left_out = lines(
        book, "vehicle_production", [r for r in book.view.data.observations if r.indicator == "vehicle_production"]
    )
    assert left_out[0] == "CHN"
    assert {line.basis for line in output if line.entity == "chongqing"} == {"place", "registration", "local"}


def test_labels_are_moved_apart_and_no_further(newest: Dataset) -> None:
    wanted = [(10.0, 4.0), (11.0, 4.0), (30.0, 4.0), (11.5, 2.0)]
    placed = apart(wanted)
    assert placed[2] == 30.0
    spans = sorted((m - h / 2, m + h / 2) for m, (_, h) in zip(placed, wanted, strict=True))
    assert all(a[1] <= b[0] + 1e-9 for a, b in zip(spans, spans[1:], strict=False))
    assert sorted(range(4), key=lambda n: placed[n]) == [0, 1, 3, 2]
    assert sum(placed[n] - wanted[n][0] for n in (0, 1, 3)) == pytest.approx(0)


def test_every_source_is_listed_with_every_number_that_rests_on_it(published: Path, newest: Dataset) -> None:
    page = soup(published / "sources.html")
    resting = Counter(r.source for r in newest.observations)
    entries = {li["id"].removeprefix("s-"): li for li in page.select("article ul.nev-sources > li")}
    assert set(entries) == set(resting)
    for source, entry in entries.items():
        assert len(entry.select("details li a")) == resting[source]
        assert newest.sources[source].title in entry.text
        heading = entry.find_previous("h2")
        assert heading["id"] == f"tier-{newest.sources[source].tier}"
    targets = {a["href"] for a in page.select("details li a")}
    assert {f"indicators/{r.indicator}.html#o-{r.id}" for r in newest.observations} >= {
        t for t in targets if "#o-" in t
    }
    for target in sorted(targets)[::25]:
        path, fragment = target.split("#")
        assert soup(published / path).find(id=fragment), target


def test_pages_are_whole_and_ask_nobody(published: Path) -> None:
    for path in pages(published):
        page = soup(path)
        ids = [e["id"] for e in page.select("[id]")]
        assert len(ids) == len(set(ids)), f"{path}: {sorted({i for i in ids if ids.count(i) > 1})}"
        for link in page.select("a[href], link[href], script[src], img[src], form[action]"):
            raw = link.get("href") or link.get("src") or link.get("action")
            address = urlsplit(raw)
            if link.name == "a" and address.scheme in ("http", "https", "data"):
                continue
            assert not address.scheme and not address.netloc, f"{path}: {link}"
            target = (path.parent / unquote(address.path)).resolve() if address.path else path
            assert target.exists(), f"{path}: {link}"
            if address.fragment and target == path:
                assert page.find(id=unquote(address.fragment)), f"{path}: {link}"
        root = page.find(attrs={"data-root": True})
        assert (path.parent / root["data-root"] / "editions.js").is_file()
        assert (path.parent / page.find(attrs={"data-base": True})["data-base"] / "search-index.js").is_file()
        assert str(published.parents[1]) not in path.read_text(encoding="utf-8")
        text = text_of(page)
        found = re.search(r"\b(nan|NaN|None|inf|undefined|null)\b|&lt;|&amp;", text)
        assert not found, f"{path.name}: {text[max(0, found.start() - 60) : found.end() + 20]}" if found else ""


def test_what_is_in_the_data_never_becomes_markup(published: Path, tmp_path: Path) -> None:
    site = tmp_path / "site"
    shutil.copytree(published / "2025", site / "2025")
    data = site / "2025" / "data"
    evil = "<script>alert(1)</script>"
    for name, column in (("sources", "title"), ("sources", "publisher"), ("indicators", "name"), ("entities", "name")):
        with (data / f"{name}.csv").open(encoding="utf-8", newline="") as handle:
            rows = list(csv.DictReader(handle))
        for row in rows:
            row[column] = f"{row[column]} {evil}"
        with (data / f"{name}.csv").open("w", encoding="utf-8", newline="") as handle:
            writer = csv.DictWriter(handle, list(rows[0]), lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
    # in a process of its own, as in a build: one that has drawn has threads, and must not fork
    code = (
        "import sys; from pathlib import Path; "
        "from nevbook.site.indicators import pages; from nevbook.common.config import Edition;"
        "print(pages.write(*map(Path, sys.argv[1:3]), Edition(2025), Path(sys.argv[3]), 2))"
    )
    command = [sys.executable, "-c", code, str(ROOT), str(site), str(tmp_path / "cache")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    count = int(done.stdout)
    written = [*(site / "indicators").glob("*.html"), site / "sources.html"]
    assert len(written) == count + 2
    for path in written:
        text = path.read_text(encoding="utf-8")
        assert evil not in text and "&lt;script&gt;alert(1)" in text, path.name


def metadata(path: Path) -> dict:
    found = soup(path).select('script[type="application/ld+json"]')
    assert len(found) == 1, path
    return json.loads(found[0].string)


@pytest.mark.parametrize("edition", EDITIONS)
def test_every_chapter_and_the_data_s_page_describe_the_dataset(
    published: Path, chapters: list[str], edition: str
) -> None:
    folder = published / edition
    year = edition[-4:]
    place = "Anhui" if "anhui" in edition else "Chongqing"
    for path in [*(folder / f"{c}.html" for c in chapters), folder / "data" / "index.html"]:
        about = metadata(path)
        assert about["@context"] == "https://schema.org" and about["@type"] == "Dataset"
        assert about["name"].endswith(f"{place} {year}") and about["version"].endswith(f"{place} {year}")
        assert about["description"] and about["creator"]["name"] and about["license"].startswith("https://creative")
        assert re.fullmatch(r"\d{4}-\d\d-\d\d", about["dateModified"])
        first, last = about["temporalCoverage"].split("/")
        assert first < last <= f"{year}-12-31"
        assert {"name": place, "@type": "Place"} in about["spatialCoverage"]
        tables = len(read_descriptor(ROOT / "data")["resources"])
        assert len(about["distribution"]) == 2 * tables + 2  # CSV and JSON of each, the descriptor, the database
        for one in about["distribution"]:
            assert (path.parent / one["contentUrl"]).is_file(), one


def test_metadata_name_whole_addresses_where_the_site_has_one() -> None:
    data, descriptor = load(ROOT / "data"), read_descriptor(ROOT / "data")
    for address in ("https://example.org/book", ""):
        work = Citation("Book", "A", "Chongqing 2025", "2025", dt.date(2026, 1, 2), address)
        made = described(data, descriptor, work, "chongqing", "data/")
        about = json.loads(BeautifulSoup(made, "html.parser").script.string)
        start = f"{address}/2025/data/" if address else "data/"
        assert all(one["contentUrl"].startswith(start) for one in about["distribution"])
        assert about["identifier"] == "made-in-chongqing/2025/2026-01-02" and ("url" in about) == bool(address)


def test_metadata_cannot_end_their_element() -> None:
    work = Citation("Book </script>", "A", "Chongqing 2025", "2025", dt.date(2026, 1, 2), "")
    descriptor = {
        "name": "x", "title": "</script><script>alert(1)", "description": "d", "version": "1", "resources": [],
        "licenses": [{"path": "p"}],
    }  # fmt: skip
    made = described(load(ROOT / "data"), descriptor, work, "chongqing", "")
    assert made.count("</script>") == 1 and "alert(1)" in BeautifulSoup(made, "html.parser").script.string


@pytest.mark.parametrize("edition", EDITIONS)
def test_every_chapter_and_figure_says_how_to_cite_it(published: Path, chapters: list[str], edition: str) -> None:
    for chapter in chapters:
        page = soup(published / edition / f"{chapter}.html")
        title = page.select_one("article h1").get_text().rstrip("#")
        last = page.select("article .nev-cite")[-1]
        assert last.summary.text == "Cite this chapter" and f"{title}." in last.p.text
        assert f"data as of {day_told(edition)}" in last.p.text and "http" not in last.text
        assert "@incollection{made-in-chongqing-" in last.pre.text
        for figure in page.select("figure.nev-figure"):
            cited = figure.select_one(".nev-cite")
            assert cited.summary.text == "Cite this figure"
            assert figure.select_one(".nev-title").get_text() in cited.p.text, chapter


def test_an_address_is_cited_only_where_the_site_has_one() -> None:
    day = dt.date(2026, 11, 22)
    here = Citation("Made in Chongqing", "The authors", "Chongqing 2025", "2025", day, "")
    there = Citation("Made in Chongqing", "The authors", "Chongqing 2025", "2025", day, "https://example.org/book/")
    assert here.text("R&D", "2025/research.html") == (
        "The authors (2026). R&D. In: Made in Chongqing, Chongqing 2025, data as of 22 November 2026."
    )
    assert there.text("R&D", "2025/research.html").endswith("https://example.org/book/2025/research.html")
    assert "url" not in here.bibtex("R&D", "2025/research.html")
    entry = there.bibtex("R&D_{50%}", "2025/research.html")
    assert r"title = {{R\&D\_\{50\%\}}}" in entry and "url = {https://example.org/book/2025/research.html}" in entry
    assert "&amp;D" in there.box("chapter", "R&D", "2025/research.html")


def test_the_data_s_page_lists_every_file(published: Path) -> None:
    for edition in EDITIONS:
        folder = published / edition / "data"
        listed = {a["href"] for a in soup(folder / "index.html").select("article table a")}
        there = {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()} - {"index.html"}
        each = {p for p in there if p.startswith("markets/") and p.endswith(".json")}
        assert listed == there - each
        assert f"A file for each of {len(each)} markets" in soup(folder / "index.html").text


def test_the_sidebar_leads_to_markets_indicators_sources_and_data(published: Path) -> None:
    for edition in EDITIONS:
        page = soup(published / edition / "index.html")
        hrefs = [(published / edition / a["href"]).resolve() for a in page.select(".nev-links a")]
        assert hrefs == [
            published / "markets" / "index.html", published / "indicators" / "index.html", published / "sources.html",
            published / edition / "data" / "index.html",
        ]  # fmt: skip


def test_the_headline_names_the_newest_year_whatever_the_count(published: Path) -> None:
    for name in ("vehicle_production", "nev_production"):
        title = soup(published / "indicators" / f"{name}.html").select_one(".nev-title").get_text()
        years = [int(y) for y in re.findall(r"\b20\d\d\b", title)]
        assert len(years) == 3 and max(years) == years[-1] == 2025 and title.endswith("(by place of production)"), title
