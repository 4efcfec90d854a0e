"""The pages of the overseas markets: the same facts as in the database, whole, escaped, quickly made."""

from __future__ import annotations

import copy
import csv
import datetime as dt
import functools
import html
import json
import re
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from urllib.parse import unquote, urlsplit

import feedparser
import icalendar
import pytest
from bs4 import BeautifulSoup

from nevbook.analysis.markets.alerts import alerts
from nevbook.analysis.markets.describe import describe
from nevbook.analysis.markets.fit import fit
from nevbook.data.markets.dataset import Markets, load_markets
from nevbook.report.market_labels import VERDICTS, line_text
from tests.conftest import ROOT
from tests.site.test_pages import soup, text_of

LISTS = ("index", "compare", "fit", "alerts", "coverage")
SAMPLE = ("AUS", "DEU", "ESH", "EU", "CHN")
VALUE = re.compile(r'<data class="nev-value" ([^>]*)>([^<]*)</data>')
MARK = re.compile(r'([a-z-]+)="([^"]*)"')


@pytest.fixture(scope="module")
def folder(published: Path) -> Path:
    return published / "markets"


@pytest.fixture(scope="module")
def data(published: Path) -> Markets:
    """What the newest edition of the default region publishes."""
    return load_markets(published / "2025" / "data").vintage(dt.date(2026, 11, 25))


@pytest.fixture(scope="module")
def database(published: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"file:{published / '2025' / 'data' / 'made-in-chongqing.sqlite'}?mode=ro", uri=True)


@functools.cache
def seen(path: Path) -> BeautifulSoup:
    """A page, read once; not to be changed."""
    return soup(path)


def marked(path: Path) -> list[tuple[dict[str, str], str]]:
    """The values of a page: what they are, and what is written."""
    found = VALUE.findall(path.read_text(encoding="utf-8"))
    return [({k: html.unescape(v) for k, v in MARK.findall(marks)}, html.unescape(shown)) for marks, shown in found]


def test_every_market_has_a_page_and_is_in_every_list(folder: Path, data: Markets) -> None:
    markets = {m.id for m in data.listed()}
    assert len(markets) > 240
    there = {p.stem for p in folder.glob("*.html")}
    assert there >= markets | {"EU", "GCC", "CHN", *LISTS}
    index = seen(folder / "index.html")
    assert {a["href"].removesuffix(".html") for a in index.select("a.nev-tile")} == markets
    for name in ("index", "coverage"):
        rows = seen(folder / f"{name}.html").select(".nev-sortable tbody tr")
        assert {r.a["href"].removesuffix(".html") for r in rows} == markets
    offered = {o["value"] for o in seen(folder / "compare.html").select("select:first-of-type option")} - {""}
    assert offered == markets and markets <= {p.stem for p in (folder / "data").glob("*.js")}


def test_the_facts_of_every_page_are_those_of_the_database_and_the_json(
    published: Path, folder: Path, data: Markets, database: sqlite3.Connection
) -> None:
    facts = """
        SELECT f.market, f.attribute, f.period, f.value, f.kind, s.source
        FROM facts f JOIN fact_sources s ON s.fact = f.id
        WHERE f.market = :market OR f.market IN (
            SELECT bloc FROM memberships WHERE member = :market
            AND coalesce("from", '0') <= :day AND coalesce("to", '9') >= :day)"""
    compared = 0
    for market in data.listed("market", "home"):
        wanted: dict[tuple, set[str]] = {}
        for *fact, source in database.execute(facts, {"market": market.id, "day": data.as_of.isoformat()}):
            wanted.setdefault(tuple(x or "" for x in fact), set()).add(source)
        shown = {
            tuple(m.get(k, "") for k in ("data-market", "data-attribute", "data-period", "value", "data-kind")): set(
                m["data-source"].split()
            )
            for m, text in marked(folder / f"{market.id}.html")
            if "data-attribute" in m
        }
        assert shown == wanted, market.id
        told = json.loads((published / "2025" / "data" / "markets" / f"{market.id}.json").read_text(encoding="utf-8"))
        assert shown == {
            tuple(f[k] for k in ("market", "attribute", "period", "value", "kind")): set(f["sources"])
            for facts_of_topic in told["facts"].values()
            for f in facts_of_topic
        }, market.id
        compared += len(wanted)
    assert compared >= len(data.facts) - 50  # those of areas have no page


def test_the_events_of_every_page_are_those_that_hold_there(folder: Path, data: Markets) -> None:
    for market in data.listed("market", "home"):
        text = (folder / f"{market.id}.html").read_text(encoding="utf-8")
        assert set(re.findall(r'<li class="nev-\w+" id="e-([^"]+)">', text)) == {
            e.id for e in data.events_of(market.id)
        }, market.id
    germany = seen(folder / "DEU.html")
    duty = germany.find(id="e-eu-06")
    assert "rule of the European Union" in duty.text and "35.3 percent" in germany.find(id="e-eu-10").text
    assert duty.find_previous("h3")["id"] == "in_force"
    over = germany.find(id="e-eu-01")  # the provisional duty ended in 2024
    assert over.find_parent("details")["id"] == "expired"
    assert not seen(folder / "GBR.html").find(id="e-eu-10")  # no member at that time


def test_no_day_is_made_of_a_month(folder: Path, data: Markets) -> None:
    shown = {}
    for market in {e.market for e in data.events}:
        text = (folder / f"{market}.html").read_text(encoding="utf-8")
        found = re.findall(r'id="e-([^"]+)">\s*<p class="nev-date">(.*?)</p>', text, re.DOTALL)
        shown |= {event: re.findall(r'<time datetime="([^"]+)">([^<]+)</time>', dates) for event, dates in found}
    for event in data.events:
        stamps = [stamp for stamp, _ in shown[event.id]]
        assert stamps == [x for x in (event.effective_from, event.effective_to) if x][: len(stamps)] and stamps
        assert all(bool(re.match(r"\d+ [A-Z]", said)) == (len(stamp) == 10) for stamp, said in shown[event.id])


def test_a_page_says_how_old_each_fact_is_and_what_is_missing(folder: Path, data: Markets) -> None:
    for market in SAMPLE:
        page = seen(folder / f"{market}.html")
        rows = page.select(".nev-facts tbody tr")
        newest: dict[str, str] = {}
        for fact in data.facts_of(market):
            newest.setdefault(fact.attribute, data.freshness(fact))
        assert {r.span["id"].removeprefix("f-"): r.select("td")[-1].text for r in rows} == newest
        counts = describe(data, market).coverage
        said = page.select_one(".nev-gaps")
        missing = sum(c["missing"] for c in counts.values())
        assert (said is not None) == bool(missing)
        for one in data.attributes.values():
            if one.id in data.expected and not data.latest(market, one.id):
                assert one.name in said.text


def test_the_table_of_coverage_is_computed(folder: Path, data: Markets) -> None:
    rows = seen(folder / "coverage.html").select(".nev-covering tbody tr")
    for row in rows:
        counts = describe(data, row.a["href"].removesuffix(".html")).coverage
        cells = [c.text for c in row.select("td")]
        assert cells == [
            " · ".join(str(c[k]) for k in ("known", "stale", "missing")) if any(c.values()) else "–"
            for c in counts.values()
        ]


def test_a_comparison_without_a_script_says_what_the_script_would(folder: Path) -> None:
    page = seen(folder / "compare.html")
    heads = [a["href"].removesuffix(".html") for a in page.select("thead a")]
    assert heads == ["AUS", "NZL", "THA", "BRA", "MEX"]
    for place, market in enumerate(heads):
        text = (folder / "data" / f"{market}.js").read_text(encoding="utf-8")
        told = json.loads(re.fullmatch(r'nevMarket\("\w+",(.*)\);\n', text, re.DOTALL)[1])
        for row in page.select("tr[data-key]"):
            cell = row.select("td")[place]
            there = told["cells"].get(row["data-key"])
            if there:
                assert cell.decode_contents() == BeautifulSoup(there, "html.parser").decode_contents()
            else:
                assert "nev-gap" in cell["class"]


def test_every_line_of_a_fit_is_on_the_market_s_page_and_counted_in_the_list(folder: Path, data: Markets) -> None:
    counts = {}
    for row in seen(folder / "fit.html").select(".nev-sortable tbody tr"):
        for link in row.select("td a"):
            counts[link["href"]] = link.text
    assert len(counts) == len(data.listed()) * len(data.vehicles)
    signs = {"✓": "fits", "×": "must_adapt", "!": "warning", "?": "not_known"}
    for market in ("AUS", "DEU", "ESH"):
        page = seen(folder / f"{market}.html")
        assert "no legal advice" in page.select_one("#fit ~ p").text
        for vehicle in data.vehicles.values():
            told = fit(data, vehicle.id, market)
            box = page.find(id=f"fit-{vehicle.id}")
            rows = [[c.text for c in r.select("th, td")] for r in box.select("tbody tr")]
            assert [(r[0], r[2]) for r in rows] == [
                (f"{x.rule.name} {x.rule.name_zh}", line_text(data, told, x)) for x in told.lines
            ]
            assert all(" ".join(VERDICTS[x.verdict]) in r[1] for r, x in zip(rows, told.lines, strict=True))
            for link in box.select("a"):
                assert page.find(id=link["href"].lstrip("#")), link
            shown = counts[f"{market}.html#fit-{vehicle.id}"].split()
            assert {signs[x[0]]: int(x[1:]) for x in shown} == {v: n for v, n in told.tally().items() if n}


def test_every_market_can_be_subscribed_to(folder: Path, data: Markets) -> None:
    for market in data.listed():
        page = (folder / f"{market.id}.html").read_text(encoding="utf-8")
        assert f'href="{market.id}.xml"' in page and f'href="{market.id}.ics"' in page
    brazil = feedparser.parse((folder / "BRA.xml").read_bytes())
    assert not brazil.bozo and len(brazil.entries) == len(data.events_of("BRA"))
    everything = feedparser.parse((folder / "alerts.xml").read_bytes())
    assert len(everything.entries) == len(data.events)
    calendar = icalendar.Calendar.from_ical((folder / "DEU.ics").read_bytes())
    assert any("Euro 7" in str(e["summary"]) for e in calendar.walk("vevent"))


def test_the_alerts_are_those_of_the_command_with_the_coming_ones_first(folder: Path, data: Markets) -> None:
    page = seen(folder / "alerts.html")
    shown = [li["id"].removeprefix("e-") for li in page.select(".nev-events > li")]
    assert shown == [a.event.id for a in alerts(data, data.as_of - dt.timedelta(days=365))]
    first = page.select_one(".nev-events")
    assert first.find_previous("h2")["id"] == "comes"
    days = [li.time["datetime"] for li in first.select("li")]
    assert days == sorted(days)
    assert all(("headwind" in li.text) == ("nev-headwind" in li["class"]) for li in page.select(".nev-events > li"))


def test_two_series_of_sales_are_never_added(folder: Path, data: Markets) -> None:
    for market in ("AUS", "NOR"):
        page = seen(folder / f"{market}.html")
        rows = page.select("figure .nev-data tbody tr")
        assert len(rows) == len(data.sales_of(market))
        values = sorted(float(r.data["value"]) for r in rows)
        assert values == sorted(s.value for s in data.sales_of(market))
        assert "never added" in page.figure.figcaption.text
    assert not seen(folder / "ESH.html").figure


def test_pages_are_whole(folder: Path, published: Path) -> None:
    for path in [*(folder / f"{n}.html" for n in (*LISTS, *SAMPLE))]:
        page = copy.copy(seen(path))
        ids = [e["id"] for e in page.select("[id]")]
        assert len(ids) == len(set(ids)), f"{path.name}: {sorted({i for i in ids if ids.count(i) > 1})}"
        known = set(ids)
        for link in page.select("a[href], link[href], script[src], form[action]"):
            address = urlsplit(link.get("href") or link.get("src") or link.get("action"))
            if link.name == "a" and address.scheme in ("http", "https", "data"):
                continue
            assert not address.scheme and not address.netloc, f"{path}: {link}"
            target = (path.parent / unquote(address.path)).resolve() if address.path else path
            assert target.exists(), f"{path.name}: {link}"
            if address.fragment and target == path and not link.get("data-drawer"):
                assert unquote(address.fragment) in known, f"{path.name}: {link}"
        assert not page.select("script:not([src]):not([type]), [onclick], [onload]")
        found = re.search(r"\b(nan|NaN|None|inf|undefined|null)\b|&lt;|&amp;|\{[a-z_]+\}", text_of(page))
        assert not found, f"{path.name}: {found}"


def test_every_page_is_in_reach_and_links_within_a_page_lead_somewhere(folder: Path) -> None:
    for path in folder.glob("*.html"):
        text = path.read_text(encoding="utf-8")
        ids = set(re.findall(r'\bid="([^"]+)"', text))
        wanted = set(re.findall(r'href="#([^"]+)"', text)) - {"main-content", "nev-menu", "nev-contents"}
        assert wanted <= ids, f"{path.name}: {sorted(wanted - ids)}"
        assert 'href="index.html"' in text or path.stem == "index"


def written_again(published: Path, tmp_path: Path, spoil: Callable[[str, list[dict[str, str]]], None]) -> Path:
    """Make the pages of markets of a copy of an edition, its tables changed."""
    site = tmp_path / "site"
    shutil.copytree(published / "2025", site / "2025")
    tables = site / "2025" / "data"
    for name in (
        *("markets/countries", "markets/attributes", "markets/facts"),
        *("markets/events", "markets/event_sources", "sources"),
    ):
        with (tables / f"{name}.csv").open(encoding="utf-8", newline="") as handle:
            rows = list(csv.DictReader(handle))
        spoil(name, rows)
        with (tables / f"{name}.csv").open("w", encoding="utf-8", newline="") as handle:
            writer = csv.DictWriter(handle, list(rows[0]), lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
    # in a process of its own, as in a build: one that has drawn has threads, and must not fork
    code = (
        "import sys; from pathlib import Path; "
        "from nevbook.site.markets import pages; from nevbook.common.config import Edition;"
        "print(pages.write(*map(Path, sys.argv[1:3]), Edition(2025), Path(sys.argv[3]), 2))"
    )
    cache = published.parents[1] / "_build" / "nevbook" / "drawings"
    command = [sys.executable, "-c", code, str(ROOT), str(site), str(cache)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=240)
    assert done.returncode == 0, done.stderr
    assert len(list((site / "markets").glob("*.html"))) == int(done.stdout) + len(LISTS)
    return site / "markets"


def test_what_is_in_the_data_never_becomes_markup_and_a_new_event_is_everywhere(
    published: Path, tmp_path: Path
) -> None:
    evil = "</script><script>alert(1)</script>"
    spoilt = {
        "markets/countries": ("name",), "markets/attributes": ("name", "name_zh", "definition"),
        "markets/facts": ("note",), "markets/events": ("title", "applies_to", "note"),
        "sources": ("title", "publisher"),
    }  # fmt: skip

    def spoil(name: str, rows: list[dict[str, str]]) -> None:
        for row in rows:
            row |= {column: f"{row[column]} {evil}" for column in spoilt.get(name, ())}
        if name == "markets/events":
            like = next(r for r in rows if r["id"] == "eu-17")
            new = {"id": "eu-99", "title": "A rule of tomorrow", "effective_from": "2027-03", "direction": "headwind"}
            rows.append(like | new)
        if name == "markets/event_sources":
            rows.append(next(r for r in rows if r["event"] == "eu-17") | {"event": "eu-99"})

    folder = written_again(published, tmp_path, spoil)
    for path in folder.glob("*.html"):
        text = path.read_text(encoding="utf-8")
        assert evil not in text and "<script>alert" not in text, path.name
        assert "&lt;script&gt;alert(1)" in text, path.name
    for path in (folder / "data").glob("*.js"):
        assert "<script>" not in path.read_text(encoding="utf-8"), path.name
    for market in ("EU", "DEU", "CYP"):
        item = soup(folder / f"{market}.html").find(id="e-eu-99")
        assert item.find_previous("h3")["id"] == "coming" and "March 2027" in item.text
        assert "A rule of tomorrow" in (folder / f"{market}.xml").read_text(encoding="utf-8")
        assert "A rule of tomorrow" in (folder / f"{market}.ics").read_text(encoding="utf-8").replace("\r\n ", "")
    assert soup(folder / "alerts.html").find(id="e-eu-99").find_previous("h2")["id"] == "comes"
    assert "eu-99" not in (folder / "GBR.html").read_text(encoding="utf-8")
