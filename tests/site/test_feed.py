"""The feed of editions and revisions, read by a stock reader."""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path

import feedparser
import pytest
from bs4 import BeautifulSoup

from nevbook.common.config import Edition
from nevbook.common.errors import BuildError
from nevbook.data.dataset import load
from nevbook.export.package import write_package
from nevbook.site import feed
from tests.conftest import DATA, Sheets

DAY = dt.date(2027, 3, 1)


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A folder with settings."""
    (tmp_path / "_config.yml").write_text('title: Made\nauthor: Us\nhtml: {baseurl: ""}\n', encoding="utf-8")
    return tmp_path


def publish(place: Path, data: Path, *years: int) -> list[Edition]:
    """Publish the data of editions, no pages."""
    for year in years:
        seen = load(data).vintage(year, DAY)
        about = {"year": year, "region": "chongqing", "as_of": DAY.isoformat(), "label": f"Chongqing {year}"}
        write_package(seen, data, place / "html" / str(year) / "data", about)
    return [Edition(y) for y in sorted(years, reverse=True)]


def read(place: Path) -> feedparser.FeedParserDict:
    found = feedparser.parse((place / "html" / feed.FILE).read_bytes())
    assert not found.bozo, found.bozo_exception
    return found


def test_the_site_announces_a_feed_of_its_editions(published: Path) -> None:
    found = feedparser.parse((published / "feed.xml").read_bytes())
    assert not found.bozo and found.version == "atom10"
    titles = {e.title for e in found.entries}
    assert {"Edition Chongqing 2025", "Edition Chongqing 2024", "Edition Anhui 2025"} <= titles
    for entry in found.entries:
        assert (published / entry.link).is_file() and entry.id.startswith("urn:uuid:")
        assert entry.updated == "2026-11-25T00:00:00+00:00" == found.feed.updated
    for page in ("2025/index.html", "2025/output.html", "anhui/2025/index.html", "indicators/index.html", "index.html"):
        soup = BeautifulSoup((published / page).read_text(encoding="utf-8"), "html.parser")
        links = soup.select('link[rel=alternate][type="application/atom+xml"][title="Editions and revisions"]')
        assert [((published / page).parent / x["href"]).resolve() for x in links] == [published / "feed.xml"], page


def test_a_revision_is_an_entry_of_its_day_with_both_values(place: Path, sheets: Sheets) -> None:
    rows = sheets.read("observations.csv")
    old = dict(zip(rows[0], rows[1], strict=True))
    same = [r for r in load(DATA).observations if (r.indicator, r.entity, r.period, r.measure) == (
        old["indicator"], old["entity"], old["period"], old["measure"])]  # fmt: skip
    for n, row in enumerate(same):  # whichever is shown, its source says something else now
        cells = dict(zip(rows[0], rows[sheets.row_of("observations.csv", row.id) - 1], strict=True))
        sheets.append("observations.csv", cells | {"id": f"made.up.{n}", "value": "7654321", "recorded": "2027-02-01"})
    listed = publish(place, sheets.folder, 2024, 2025)
    feed.write(place, place / "html", listed)
    found = read(place)
    (one,) = [e for e in found.entries if "revised" in e.title and e.updated.startswith("2027")]
    assert one.title.endswith("revised") and one.updated == "2027-02-01T00:00:00+00:00"
    assert "7.654 million now" in one.summary and " before, " in one.summary
    assert found.entries.index(one) == 2  # the newest first
    ids = {e.title: e.id for e in found.entries}
    shutil.rmtree(place / "html" / "2024")
    feed.write(place, place / "html", listed[:1])
    assert {e.title: e.id for e in read(place).entries}.items() <= ids.items()  # ids stay


def test_with_an_address_links_are_whole_and_ids_stay(place: Path) -> None:
    listed = publish(place, DATA, 2025)
    feed.write(place, place / "html", listed)
    before = read(place)
    (place / "_config.yml").write_text("title: Made\nhtml: {baseurl: 'https://example.org/book/'}\n", encoding="utf-8")
    feed.write(place, place / "html", listed)
    after = read(place)
    assert [e.id for e in before.entries] == [e.id for e in after.entries] and before.feed.id == after.feed.id
    assert after.entries[0].link == "https://example.org/book/2025/index.html"
    assert before.entries[0].link == "2025/index.html"
    (place / "_config.yml").write_text("title: Made\nhtml: {baseurl: example.org}\n", encoding="utf-8")
    with pytest.raises(BuildError, match="'example.org'; give a whole address"):
        feed.write(place, place / "html", listed)


def test_what_the_data_say_is_text_in_the_feed(place: Path, sheets: Sheets) -> None:
    listed = publish(place, sheets.folder, 2025)
    descriptor = place / "html" / "2025" / "data" / "datapackage.json"
    text = descriptor.read_text(encoding="utf-8").replace("Chongqing 2025", "<script>alert(1)</script>")
    descriptor.write_text(text, encoding="utf-8")
    feed.write(place, place / "html", listed)
    assert b"<script" not in (place / "html" / feed.FILE).read_bytes()
    read(place)
