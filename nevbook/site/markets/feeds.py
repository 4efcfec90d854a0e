"""Feeds of policy events: Atom to follow, iCalendar to subscribe to.

A date known to the month or the year is never shown as a day: in a calendar it spans the whole
month or year, and its text says so. Same tables, same bytes.
"""

from __future__ import annotations

import datetime as dt
import html
import uuid
from collections.abc import Callable

from nevbook.analysis.markets.describe import amount_text, is_weak, when_text
from nevbook.common import formatting
from nevbook.common.i18n import word
from nevbook.data.markets.dataset import Markets
from nevbook.data.markets.models import COMING, Event

_SPACE = uuid.uuid5(uuid.NAMESPACE_URL, "urn:made-in-chongqing:markets")
HOME = "index.html"


def _urn(name: str) -> str:
    return f"urn:uuid:{uuid.uuid5(_SPACE, name)}"


def _at(day: dt.date) -> dt.datetime:
    return dt.datetime(day.year, day.month, day.day, tzinfo=dt.UTC)


def events(markets: Markets, market: str | None = None) -> list[Event]:
    """Return the events of a feed: coming ones first, the next first; then the others, the newest first."""
    found = list(markets.events) if market is None else markets.events_of(market)
    coming = [e for e in found if e.state(markets.as_of) == COMING]
    past = [e for e in found if e.state(markets.as_of) != COMING]
    coming.sort(key=lambda e: (e.start.start, e.id))
    past.sort(key=lambda e: e.id)
    past.sort(key=lambda e: e.start.start, reverse=True)
    return coming + past


def _precision(event_date: str) -> str:
    return {4: "year", 7: "month"}.get(len(event_date), "")


def _lines(markets: Markets, event: Event) -> list[str]:
    """What is said of an event, a sentence a line."""
    said = []
    if amount := amount_text(event):
        said.append(word("feed.amount", amount=amount))
    if event.applies_to:
        said.append(word("feed.applies", what=event.applies_to))
    if unit := _precision(event.effective_from):
        when = formatting.period(event.effective_from)
        said.append(word("feed.imprecise", unit=word(f"feed.unit.{unit}"), when=when))
    state, status = event.state(markets.as_of), word(f"market.status.{event.status}")
    day = formatting.date(markets.as_of)
    said.append(word("feed.status", status=status, state=word(f"market.state.{state}"), day=day))
    if event.ending == "unknown":
        said.append(word("feed.ending.unknown"))
    if event.note:
        said.append(word("feed.note", note=event.note))
    if is_weak(markets, event):
        said.append(word("feed.weak"))
    if event.contributor:
        said.append(word("feed.contributor", name=event.contributor))
    said.append(word("feed.checked", day=formatting.date(event.checked)))
    return said


def _plain(markets: Markets, event: Event) -> str:
    """What is said of an event as plain text, its sources last."""
    read = [markets.sources[s] for s in event.sources]
    told = "; ".join(f"{s.publisher}, {s.title}" + (f" <{s.url}>" if s.url else "") for s in read)
    return "\n".join([when_text(event), *_lines(markets, event), word("feed.sources", sources=told)])


def _html(markets: Markets, event: Event) -> str:
    """The same as HTML."""
    found = []
    for one in (markets.sources[s] for s in event.sources):
        name = html.escape(f"{one.publisher}, {one.title}")
        found.append(f'<a href="{html.escape(one.url)}">{name}</a>' if one.url else name)
    said = [html.escape(line) for line in _lines(markets, event)]
    return "".join(f"<p>{line}</p>" for line in [*said, word("feed.sources", sources="; ".join(found))])


def _first_address(markets: Markets, event: Event) -> str:
    return next((markets.sources[s].url for s in event.sources if markets.sources[s].url), HOME)


def _title(markets: Markets, market: str | None) -> str:
    return word("feed.title") if market is None else word("feed.title.one", market=markets.places[market].name)


def atom(
    markets: Markets,
    market: str | None = None,
    home: str = HOME,
    link: Callable[[Event], str] | None = None,
    feed_url: str | None = None,
) -> bytes:
    """Write the Atom feed of all events or of those of one market."""
    from feedgenerator import Atom1Feed

    class Feed(Atom1Feed):
        def latest_post_date(self) -> dt.datetime:
            return _at(markets.as_of)  # without entries the library would ask the clock

    subtitle = word("feed.subtitle", day=formatting.date(markets.as_of))
    feed = Feed(
        _title(markets, market), home, subtitle, language="en", author_name=word("feed.author"),
        subtitle=subtitle, feed_url=feed_url, feed_guid=_urn(f"feed/{market or 'all'}"),
    )  # fmt: skip
    for event in events(markets, market):
        where = markets.places[event.market].name
        feed.add_item(
            word("feed.entry", mark=_mark(event), market=where, title=event.title, when=when_text(event)),
            (link or (lambda e: _first_address(markets, e)))(event),
            _html(markets, event),
            pubdate=_at(event.recorded),
            updateddate=_at(max(event.recorded, event.checked)),
            unique_id=_urn(f"event/{event.id}"),
            categories=[event.market, event.measure, event.direction],
        )
    return feed.writeString("utf-8").encode("utf-8")


def _mark(event: Event) -> str:
    return word(f"market.mark.{event.direction}")


def calendar(markets: Markets, market: str | None = None, link: Callable[[Event], str] | None = None) -> bytes:
    """Write the calendar of all events or of those of one market (iCalendar, RFC 5545)."""
    import icalendar

    book = icalendar.Calendar()
    book.add("prodid", word("feed.prodid"))
    book.add("version", "2.0")
    book.add("calscale", "GREGORIAN")
    book.add("x-wr-calname", _title(markets, market))
    for event in sorted(events(markets, market), key=lambda e: (e.start.start, e.id)):
        for key, date in (("start", event.effective_from), ("end", event.effective_to)):
            if not date:
                continue
            span = event.start if key == "start" else event.end
            assert span is not None
            one = icalendar.Event()
            one.add("uid", f"{event.id}-{key}@made-in-chongqing")
            one.add("dtstamp", _at(max(event.recorded, event.checked)))
            one.add("dtstart", span.start)
            one.add("dtend", span.end + dt.timedelta(days=1))
            where = markets.places[event.market].name
            title = word(f"feed.event.{key}", mark=_mark(event), market=where, title=event.title)
            unit = _precision(date)
            if unit:
                title = word("feed.event.imprecise", title=title, unit=word(f"feed.unit.{unit}"))
            one.add("summary", title)
            one.add("description", _plain(markets, event))
            one.add("categories", [event.measure, event.direction])
            one.add("status", "CONFIRMED" if event.status == "adopted" else "TENTATIVE")
            one.add("transp", "TRANSPARENT")
            if address := (link or (lambda e: _first_address(markets, e)))(event):
                one.add("url", address)
            book.add_component(one)
    if not book.subcomponents:
        book.add_component(_utc())
    return book.to_ical()


def _utc() -> object:
    """A time zone, so that a calendar without events is one by its standard: it must hold some component."""
    import icalendar

    zone, standard = icalendar.Timezone(), icalendar.TimezoneStandard()
    zone.add("tzid", "Etc/UTC")
    standard.add("dtstart", dt.datetime(1970, 1, 1))
    standard.add("tzoffsetfrom", dt.timedelta())
    standard.add("tzoffsetto", dt.timedelta())
    zone.add_component(standard)
    return zone
