"""The feeds of policy events: read by stock libraries, and held against what their standards ask for."""

from __future__ import annotations

import datetime as dt
import re
import xml.etree.ElementTree as ET
from pathlib import Path

import feedparser
import icalendar
import pytest

from nevbook.data.markets.dataset import Markets, load_markets
from nevbook.data.markets.models import COMING
from nevbook.site.markets.feeds import atom, calendar
from tests.conftest import DATA

DAY = dt.date(2026, 11, 25)
ATOM = "{http://www.w3.org/2005/Atom}"
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)")


@pytest.fixture(scope="module")
def markets() -> Markets:
    return load_markets(DATA).vintage(DAY)


def atom_faults(text: bytes) -> list[str]:
    """What RFC 4287 asks for and a feed does not keep."""
    feed, faults = ET.fromstring(text), []
    once = {"id", "title", "updated", "subtitle", "published", "summary"}
    known = once | {"author", "link", "entry", "category", "name"}
    if feed.tag != f"{ATOM}feed":
        faults.append(f"the root is {feed.tag}")
    if feed.find(f"{ATOM}author/{ATOM}name") is None:
        faults.append("nobody wrote it")
    ids = []
    for part in (feed, *feed.findall(f"{ATOM}entry")):
        names = [child.tag.removeprefix(ATOM) for child in part]
        faults += [f"{n} stands {names.count(n)} times" for n in once if names.count(n) > 1]
        faults += [f"lacks {n}" for n in ("id", "title", "updated") if n not in names]
        faults += [f"knows no {n}" for n in names if n not in known]
        for date in (*part.findall(f"{ATOM}updated"), *part.findall(f"{ATOM}published")):
            faults += [] if _INSTANT.fullmatch(date.text or "") else [f"{date.text} is no instant"]
        links = [one for one in part.findall(f"{ATOM}link") if one.get("rel", "alternate") == "alternate"]
        if len(links) != 1 or not links[0].get("href") or re.search(r"[\s<>]", links[0].get("href", "")):
            faults.append(f"has {len(links)} alternate links")
        ids.append((part.find(f"{ATOM}id").text or "") if part.find(f"{ATOM}id") is not None else "")
        for one in part.findall(f"{ATOM}category"):
            faults += [] if one.get("term") else ["a category without a term"]
        for one in part.findall(f"{ATOM}summary"):
            if one.get("type") == "html":
                try:
                    ET.fromstring(f"<div>{one.text}</div>")
                except ET.ParseError as error:
                    faults.append(f"its HTML is broken: {error}")
    faults += [f"{i!r} is no IRI" for i in ids if not re.fullmatch(r"[a-z][a-z0-9+.-]*:\S+", i)]
    return faults + (["an id stands twice"] if len(set(ids)) < len(ids) else [])


def calendar_faults(text: bytes) -> list[str]:
    """What RFC 5545 asks for and a calendar does not keep."""
    faults = [] if text.endswith(b"\r\n") and b"\n" not in text.replace(b"\r\n", b"") else ["lines end otherwise"]
    faults += ["a line over 75 octets"] if any(len(row) > 75 for row in text.split(b"\r\n")) else []
    book = icalendar.Calendar.from_ical(text)
    faults += [] if book["VERSION"] == "2.0" and book["PRODID"] else ["version or product is missing"]
    faults += [] if book.subcomponents else ["holds no component"]
    names = [str(one["UID"]) for one in book.walk("VEVENT")]
    faults += ["a UID stands twice"] if len(set(names)) < len(names) else []
    for one in book.walk("VEVENT"):
        faults += [f"lacks {n}" for n in ("UID", "DTSTAMP", "DTSTART", "SUMMARY") if n not in one]
        faults += [] if one["DTSTAMP"].dt.utcoffset() == dt.timedelta() else ["DTSTAMP is not in UTC"]
        faults += [] if one["DTEND"].dt > one["DTSTART"].dt else ["ends before it begins"]
        faults += [str(error) for error in one.errors]
    return faults


@pytest.mark.parametrize("market", [None, "DEU", "BRA", "SAU", "PER"])
def test_the_feeds_keep_their_standards(markets: Markets, market: str | None) -> None:
    address = "https://example.org/markets/"
    assert atom_faults(atom(markets, market)) == []
    known = {"home": address + "X.html", "feed_url": address + "X.xml", "link": lambda e: f"{address}X.html#e-{e.id}"}
    assert atom_faults(atom(markets, market, **known)) == []
    assert calendar_faults(calendar(markets, market)) == []


def test_the_check_of_the_standard_finds_what_is_broken(markets: Markets) -> None:
    text = atom(markets, "DEU")
    assert atom_faults(text.replace(b"+00:00</updated>", b"</updated>", 1))
    assert atom_faults(re.sub(rb"<id>.*?</id>", b"", text, count=1))
    assert atom_faults(text.replace(b"&lt;/p&gt;", b"", 1))
    assert calendar_faults(calendar(markets, "DEU").replace(b"\r\n", b"\n", 1))


def test_every_published_feed_keeps_its_standard(published: Path) -> None:
    feeds, books = sorted((published / "markets").glob("*.xml")), sorted((published / "markets").glob("*.ics"))
    assert len(feeds) == len(books) > 240
    for path in feeds:
        assert atom_faults(path.read_bytes()) == [], path.name
    for path in books:
        assert calendar_faults(path.read_bytes()) == [], path.name


def test_the_atom_feed_is_read_and_marks_headwinds(markets: Markets) -> None:
    read = feedparser.parse(atom(markets))
    assert not read.bozo and read.version == "atom10" and len(read.entries) == len(markets.events)
    assert len({e.id for e in read.entries}) == len(read.entries)
    assert all(e.title and e.link and e.updated.endswith("T00:00:00+00:00") for e in read.entries)
    assert {e.updated[:10] for e in read.entries} == {str(e.recorded) for e in markets.events}
    states = [e.state(markets.as_of) for e in markets.events]
    first = read.entries[: states.count(COMING)]
    assert all(", coming on" in e.summary for e in first)
    assert any(e.title.startswith("▼ headwind") for e in first)


def test_each_market_s_feed_has_its_events_and_those_of_its_blocs(markets: Markets) -> None:
    for place in ("DEU", "GBR", "ARE", "PER"):
        own = markets.events_of(place)
        read = feedparser.parse(atom(markets, place, home="AUS.html", link=lambda e: f"AUS.html#{e.id}"))
        assert not read.bozo and {e.link.split("#")[1] for e in read.entries} == {e.id for e in own}
        book = icalendar.Calendar.from_ical(calendar(markets, place))
        assert {str(e["UID"]).split("@")[0].rsplit("-", 1)[0] for e in book.walk("VEVENT")} == {e.id for e in own}


def test_the_calendar_never_shows_a_month_or_a_year_as_a_day(markets: Markets) -> None:
    text = calendar(markets)
    assert all(len(row) <= 75 for row in text.split(b"\r\n")) and b"\n" not in text.replace(b"\r\n", b"")
    book = icalendar.Calendar.from_ical(text)
    assert book["VERSION"] == "2.0" and book["PRODID"]
    known = {e.id: e for e in markets.events}
    shown = set()
    for one in book.walk("VEVENT"):
        name, key = str(one["UID"]).split("@")[0].rsplit("-", 1)
        told = known[name].effective_from if key == "start" else known[name].effective_to
        days = (one["DTEND"].dt - one["DTSTART"].dt).days
        assert not isinstance(one["DTSTART"].dt, dt.datetime) and one["DTSTAMP"].dt.tzinfo
        assert (days == 1) == (len(told) == 10) and str(one["DTSTART"].dt).startswith(told)
        assert ("some day of the" in one["SUMMARY"]) == (len(told) < 10)
        shown.add((name, key))
    assert shown == {(e.id, "start") for e in known.values()} | {
        (e.id, "end") for e in known.values() if e.effective_to
    }


def test_feeds_are_the_same_again(markets: Markets) -> None:
    again = load_markets(DATA).vintage(DAY)
    assert atom(markets) == atom(again) and calendar(markets, "THA") == calendar(again, "THA")
    assert feedparser.parse(atom(markets, "ALA")).feed.updated.startswith(f"{DAY}T00:00:00")
