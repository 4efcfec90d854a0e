"""Feeds of policy events: Atom to follow, iCalendar to subscribe to.

A date known to the month or the year is never shown as a day: in a calendar it spans the whole
month or year, and its text says so. Same tables, same bytes.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable

from . import words
from .market_rows import COMING, Event
from .market_view import amount_text, is_weak, when_text
from .markets import Markets
from .words import word

_SPACE = uuid.uuid5(uuid.NAMESPACE_URL, "urn:made-in-chongqing:markets")
HOME = "index.html"


def _urn(name: str) -> str:
    return f"urn:uuid:{uuid.uuid5(_SPACE, name)}"


def _at(day: dt.date) -> dt.datetime:
    return dt.datetime(day.year, day.month, day.day, tzinfo=dt.UTC)


def events(markets: Markets, market: str | None = None) -> list[Event]:
    """Return the events of a feed: coming ones first, the next first; then the others, the newest first.

    Parameters
    ----------
    markets : Markets
        As seen on the day.
    market : str, optional
        Those that hold in this market, by its blocs too; all events if not given.

    Returns
    -------
    list of Event
    """
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
        when = words.period(event.effective_from)
        said.append(word("feed.imprecise", unit=word(f"feed.unit.{unit}"), when=when))
    state, status = event.state(markets.as_of), word(f"market.status.{event.status}")
    day = words.date(markets.as_of)
    said.append(word("feed.status", status=status, state=word(f"market.state.{state}"), day=day))
    if event.ending == "unknown":
        said.append(word("feed.ending.unknown"))
    if event.note:
        said.append(word("feed.note", note=event.note))
    if is_weak(markets, event):
        said.append(word("feed.weak"))
    said.append(word("feed.sources", sources="; ".join(_source(markets, s) for s in event.sources)))
    said.append(word("feed.checked", day=words.date(event.checked)))
    return said


def _source(markets: Markets, source: str) -> str:
    one = markets.sources[source]
    return f"{one.publisher}, {one.title}" + (f" <{one.url}>" if one.url else "")


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
    """Write the Atom feed of all events or of those of one market.

    Parameters
    ----------
    markets : Markets
        As seen on the day.
    market : str, optional
        Id of a market.
    home : str
        Address of the page that the feed belongs to, absolute or from the feed.
    link : callable, optional
        Gives the address of an event's page; its first source if not given.
    feed_url : str, optional
        Absolute address of the feed itself, where it is known.

    Returns
    -------
    bytes
        UTF-8. An entry's date is the day on which its row was recorded.
    """
    from feedgenerator import Atom1Feed

    class Feed(Atom1Feed):
        def latest_post_date(self) -> dt.datetime:
            return _at(markets.as_of)  # without entries the library would ask the clock

    subtitle = word("feed.subtitle", day=words.date(markets.as_of))
    feed = Feed(
        _title(markets, market), home, subtitle, language="en", author_name=word("feed.author"),
        subtitle=subtitle, feed_url=feed_url, feed_guid=_urn(f"feed/{market or 'all'}"),
    )  # fmt: skip
    for event in events(markets, market):
        where = markets.places[event.market].name
        said = _lines(markets, event)
        feed.add_item(
            word("feed.entry", mark=_mark(event), market=where, title=event.title, when=when_text(event)),
            (link or (lambda e: _first_address(markets, e)))(event),
            "\n".join(said),
            pubdate=_at(event.recorded),
            updateddate=_at(max(event.recorded, event.checked)),
            unique_id=_urn(f"event/{event.id}"),
            categories=[event.market, event.measure, event.direction],
        )
    return feed.writeString("utf-8").encode("utf-8")


def _mark(event: Event) -> str:
    return word(f"market.mark.{event.direction}")


def calendar(markets: Markets, market: str | None = None, link: Callable[[Event], str] | None = None) -> bytes:
    """Write the calendar of all events or of those of one market (iCalendar, RFC 5545).

    Parameters
    ----------
    markets, market, link
        As of `atom`.

    Returns
    -------
    bytes
        UTF-8. An event stands on the day on which it takes effect, and once more on the day that is
        stated as its end; where only month or year is known, it spans that month or year.
    """
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
            one.add("description", "\n".join([when_text(event), *_lines(markets, event)]))
            one.add("categories", [event.measure, event.direction])
            one.add("status", "CONFIRMED" if event.status == "adopted" else "TENTATIVE")
            one.add("transp", "TRANSPARENT")
            if address := (link or (lambda e: _first_address(markets, e)))(event):
                one.add("url", address)
            book.add_component(one)
    return book.to_ical()
