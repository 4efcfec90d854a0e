"""Feeds of policy events, Atom and iCalendar; a month or a year is never shown as a day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from markupsafe import Markup

from nevbook.common import formatting
from nevbook.common.i18n import N_, gettext as _
from nevbook.data.markets.dataset import Markets
from nevbook.data.markets.models import COMING, Event
from nevbook.report import market_labels as labels
from nevbook.report.source_cards import linked
from nevbook.site import atom as feed
from nevbook.site.atom import midnight

HOME = "index.html"
_PRECISION = {4: N_("year"), 7: N_("month")}  # by the length of a date


def events(markets: Markets, market: str | None = None) -> list[Event]:
    """Return the events of a feed: coming ones first, the next first; then the others, the newest first."""

    def order(event: Event) -> tuple[bool, int, str]:
        past, start = event.state(markets.as_of) != COMING, event.start.start.toordinal()
        return past, -start if past else start, event.id

    return sorted(markets.events if market is None else markets.events_of(market), key=order)


def _lines(markets: Markets, event: Event) -> list[str]:
    """What is said of an event, a sentence a line."""
    amount, precision = labels.amount_text(event), _PRECISION.get(len(event.effective_from))
    when = formatting.period(event.effective_from)
    status, state = _(labels.STATUSES[event.status]), _(labels.STATES[event.state(markets.as_of)])
    lines = [
        _("Amount: {amount}", amount=amount) if amount else "",
        _("Applies to: {what}.", what=event.applies_to) if event.applies_to else "",
        _("Known to the {unit} only: {when}; the day is not known.", unit=_(precision), when=when) if precision else "",
        _("Status: {status}, {state} on {day}.", status=status, state=state, day=formatting.date(markets.as_of)),
        _("No end was seen in the sources.") if event.ending == "unknown" else "",
        _("Note: {note}", note=event.note) if event.note else "",
        _("Only weak sources are known.") if markets.is_weak(event) else "",
        _("Proposed by {name}.", name=event.contributor) if event.contributor else "",
        _("Last checked {day}.", day=formatting.date(event.checked)),
    ]
    return [line for line in lines if line]


def _plain(markets: Markets, event: Event) -> str:
    """What is said of an event as plain text, its sources last."""
    sources = [markets.sources[s] for s in event.sources]
    cited = "; ".join(f"{s.publisher}, {s.title}" + (f" <{s.url}>" if s.url else "") for s in sources)
    return "\n".join([labels.when_text(event), *_lines(markets, event), _("Sources: {sources}", sources=cited)])


def _html(markets: Markets, event: Event) -> Markup:
    """The same as HTML."""
    cited = [Markup(linked(f"{s.publisher}, {s.title}", s)) for s in (markets.sources[s] for s in event.sources)]
    lines = [*_lines(markets, event), Markup(_("Sources: {sources}")).format(sources=Markup("; ").join(cited))]
    return Markup("").join(map(Markup("<p>{}</p>").format, lines))


def _link(markets: Markets, event: Event, link: Callable[[Event], str] | None) -> str:
    """Return the address of an event: its own, or where there is none that of its first source."""
    return link(event) if link else next((u for s in event.sources if (u := markets.sources[s].url)), HOME)


def _title(markets: Markets, market: str | None) -> str:
    if market is None:
        return _("Car markets abroad: policy events")
    return _("{market}: policy events for car exporters", market=markets.places[market].name)


def _headline(markets: Markets, event: Event) -> str:
    direction, place = _(labels.DIRECTIONS[event.direction]), markets.places[event.market].name
    return _("{mark} – {market}: {title}", mark=direction, market=place, title=event.title)


def atom(
    markets: Markets,
    market: str | None = None,
    home: str = HOME,
    link: Callable[[Event], str] | None = None,
    feed_url: str | None = None,
) -> bytes:
    """Write the Atom feed of all events or of those of one market."""
    subtitle = _(
        "Duties, standards, subsidies, fees and targets that bear on new-energy vehicles. Headwinds are marked."
        " As of {day}. No legal advice.",
        day=formatting.date(markets.as_of),
    )
    entries = [
        feed.Entry(
            f"event/{e.id}", f"{_headline(markets, e)} ({labels.when_text(e)})", _link(markets, e, link),
            _html(markets, e), e.recorded, max(e.recorded, e.checked), (e.market, e.measure, e.direction),
        )
        for e in events(markets, market)
    ]  # fmt: skip
    return feed.write(
        "markets", f"feed/{market or 'all'}", _title(markets, market), home, subtitle, _("Made in Chongqing"),
        markets.as_of, entries, feed_url,
    ).encode()  # fmt: skip


def calendar(markets: Markets, market: str | None = None, link: Callable[[Event], str] | None = None) -> bytes:
    """Write the calendar of all events or of those of one market (iCalendar, RFC 5545)."""
    import icalendar

    book = icalendar.Calendar()
    book.add("prodid", "-//Made in Chongqing//Policy events of car markets//EN")
    book.add("version", "2.0")
    book.add("calscale", "GREGORIAN")
    book.add("x-wr-calname", _title(markets, market))
    for event in sorted(events(markets, market), key=lambda e: (e.start.start, e.id)):
        for key, span in (("start", event.start), ("end", event.end)):
            if span is None:
                continue
            title = _headline(markets, event)
            if key == "end":
                title = _("End – {market}: {title}", market=markets.places[event.market].name, title=event.title)
            if precision := _PRECISION.get(len(span.text)):
                title = _("{title} (some day of the {unit})", title=title, unit=_(precision))
            entry = icalendar.Event()
            entry.add("uid", f"{event.id}-{key}@made-in-chongqing")
            entry.add("dtstamp", midnight(max(event.recorded, event.checked)))
            entry.add("dtstart", span.start)
            entry.add("dtend", span.end + dt.timedelta(days=1))
            entry.add("summary", title)
            entry.add("description", _plain(markets, event))
            entry.add("categories", [event.measure, event.direction])
            entry.add("status", "CONFIRMED" if event.status == "adopted" else "TENTATIVE")
            entry.add("transp", "TRANSPARENT")
            if address := _link(markets, event, link):
                entry.add("url", address)
            book.add_component(entry)
    if not book.subcomponents:  # the standard asks for some component: a time zone will do
        book.add_component(icalendar.Timezone.from_tzid("Etc/UTC"))
    return book.to_ical()
