"""What a chapter tells of the overseas markets: each word of it leads to where its source stands."""

from __future__ import annotations

import functools
from collections.abc import Iterable
from pathlib import Path

from markupsafe import Markup

from nevbook.analysis.markets.describe import describe
from nevbook.common import formatting
from nevbook.common.config import Edition
from nevbook.common.i18n import N_, gettext as _
from nevbook.data.markets.dataset import Markets, load_markets
from nevbook.data.markets.models import COMING, NO, Event, Fact
from nevbook.data.package import data_folder
from nevbook.report import market_labels as labels
from nevbook.report.edition_view import EditionView
from nevbook.report.phrases import Phrase

_MOST = 2  # events in one cell of a table
_DATED = N_("{what} ({when})")


class MarketChapter:
    """The market database as a chapter of one edition sees it: what was recorded by the edition's day.

    Parameters
    ----------
    view : EditionView
        The edition.
    data_dir : path, optional
        As of the chapter.

    Attributes
    ----------
    data : Markets
        As seen on the edition's day.
    """

    def __init__(self, view: EditionView, data_dir: Path | str | None = None) -> None:
        self.data: Markets = load_markets(data_folder(data_dir)).vintage(view.as_of)
        self._profile = functools.cache(functools.partial(describe, self.data))
        self._up = "../" * (Edition(view.year, view.region).path.count("/") + 1) + "markets/"

    def link(self, page: str, text: str | None = None) -> Phrase:
        """Return a link to the page of a market or a bloc, or, with a text, to one of those of all markets."""
        return self._linked(f"{page}.html", _(text) if text else self.data.places[page].name)

    def fact(self, market: str, attribute: str) -> Phrase | None:
        """Return the newest outcome of an attribute; None where it is not known."""
        fact = self._profile(market).newest.get(attribute)
        return fact and self._fact(fact)

    def wheel(self, market: str) -> Phrase:
        """Return on which side the steering wheel is; of a bloc, which members differ from most."""
        sides: dict[str, list[str]] = {}
        for place in self.data.members(market) or [market]:
            fact = self.data.latest(place, "driving_side")
            sides.setdefault(fact.value if fact else "", []).append(place)
        first, *others = sorted(sides, key=lambda s: -len(sides[s]))
        parts = [_(labels.WHEELS[first])]
        for side in others:
            names = formatting.listing([self.data.places[m].name for m in sides[side]])
            parts.append(_("{side} in {names}", side=_(labels.WHEELS[side]), names=names))
        page = market if sides == {first: [market]} else "index"
        return self._linked(f"{page}.html{'#f-driving_side' if page == market and first else ''}", "; ".join(parts))

    def share(self, market: str) -> Phrase | None:
        """Return the newest share of electric cars in new cars, with its year."""
        sale = self._profile(market).newest_sale("sales_share")
        return sale and self._linked(f"{market}.html#sales", labels.sale_text(sale), str(sale.year))

    def event(self, name: str) -> Phrase | None:
        """Return an event by its id; None where the edition does not see it."""
        event = self._events.get(name)
        return event and self._event(event)

    def events(self, market: str, state: str, direction: str = "", but: Iterable[str] = ()) -> Phrase | None:
        """Return the first events of a market in one state, but those of some makers; None where none is on record."""
        events = [e for e in self._profile(market).events.get(state, []) if direction in ("", e.direction)]
        events = [e for e in events if not {*but} & {*e.makers}]
        # what singles out Chongqing's makers comes first
        cars = self.data.vehicles.values()
        ordered = sorted(
            events if state == COMING else events[::-1],
            key=lambda e: not (e.makers and any(e.concerns(c.names, c.powertrains, "CHN", market) != NO for c in cars)),
        )
        shown = [self._event(e) for e in ordered[:_MOST]]
        if len(events) > _MOST:
            shown.append(self._linked(f"{market}.html#{state}", _("{n} more", n=len(events) - _MOST)))
        return self.join(*shown)

    def coming(self, markets: Iterable[str]) -> Event | None:
        """Return the event among those of some markets that takes effect next."""
        events = [e for m in markets for e in self._profile(m).events.get(COMING, [])]
        return min(events, key=lambda e: (e.start.start, e.id), default=None)

    def state(self, name: str) -> str | None:
        """Return the state of an event on the edition's day, in words."""
        event = self._events.get(name)
        return event and _(labels.STATES[event.state(self.data.as_of)])

    def about(self, market: str, makers: Iterable[str]) -> Phrase | None:
        """Return the events of a market that name one of some makers; None where none does."""
        wanted = set(makers)
        return self.join(*(self._event(e) for e in self.data.events_of(market) if wanted & set(e.makers)))

    def told(self, market: str, *attributes: str) -> Phrase | None:
        """Return what is told of attributes over time, plans and outcomes, the oldest first; None where nothing is."""
        facts = [f for a in attributes for f in self.data.facts_of(market, a)]
        return self.join(*(self._fact(f, dated=True) for f in sorted(facts, key=lambda f: f.until)))

    @staticmethod
    def join(*parts: Phrase | None) -> Phrase | None:
        """Join what is known of several things; None where nothing is."""
        known = [p for p in parts if p]
        if not known:
            return None
        return Phrase("; ".join(p.text for p in known), Markup("; ").join(p.html for p in known))

    @functools.cached_property
    def _events(self) -> dict[str, Event]:
        """By id; the id of a row that revises another is that id, a dot and a day."""
        return {e.id.split(".")[0]: e for e in self.data.events}

    def _fact(self, fact: Fact, dated: bool = False) -> Phrase:
        page = f"{fact.market}.html#f-{fact.attribute}"
        how = N_("{what} (by {when} at the latest)") if fact.kind == "derived" else _DATED
        return self._linked(page, labels.fact_text(self.data, fact), fact.period if dated else "", how)

    def _event(self, event: Event) -> Phrase:
        dated = N_("{what} ({when}; weak source)") if self.data.is_weak(event) else _DATED
        page = f"{event.market}.html#e-{event.id}"
        return self._linked(page, labels.titled(event, "{title}: {amount}"), event.effective_from, dated)

    def _linked(self, page: str, text: str, when: str = "", dated: str = _DATED) -> Phrase:
        """Link a text, with a day, month or year behind it, to a page of markets."""
        shown = Markup('<a href="{}">{}</a>').format(self._up + page, text)
        if not when:
            return Phrase(text, shown)
        date = formatting.period(when)
        stamp = Markup('<time datetime="{}">{}</time>').format(when.split("/")[0], date)
        return Phrase(_(dated, what=text, when=date), Markup(_(dated)).format(what=shown, when=stamp))
