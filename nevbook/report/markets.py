"""What a chapter tells of the overseas markets: each word of it leads to where its source stands."""

from __future__ import annotations

import html
from collections.abc import Iterable
from pathlib import Path

from nevbook.analysis.markets.describe import amount_text, is_weak, newest_sale, sale_text, value_text
from nevbook.common import formatting
from nevbook.common.config import Edition
from nevbook.common.i18n import gettext, word
from nevbook.data.markets.dataset import Markets, load_markets
from nevbook.data.markets.models import COMING, Event, Fact
from nevbook.data.package import data_folder
from nevbook.report.edition_view import EditionView
from nevbook.report.phrases import Phrase

_MOST = 2  # events in one cell of a table


class MarketChapter:
    """The market database as a chapter of one edition sees it: what was recorded by the edition's day.

    Parameters
    ----------
    book : EditionView
        The edition.
    data_dir : path, optional
        As of the chapter.

    Attributes
    ----------
    data : Markets
        As seen on the edition's day.
    """

    def __init__(self, book: EditionView, data_dir: Path | str | None = None) -> None:
        self.data: Markets = load_markets(data_folder(data_dir)).vintage(book.as_of)
        self._up = "../" * (Edition(book.year, book.region).path.count("/") + 1) + "markets/"

    def link(self, page: str, text: str | None = None) -> Phrase:
        """Return a link to the page of a market or a bloc, or, with a text, to one of those of all markets."""
        return self._linked(f"{page}.html", gettext(text) if text else self.data.places[page].name)

    def fact(self, market: str, attribute: str) -> Phrase | None:
        """Return the newest outcome of an attribute; None where it is not known."""
        found = self.data.latest(market, attribute)
        return found and self._fact(found)

    def wheel(self, market: str) -> Phrase:
        """Return on which side the steering wheel is; of a bloc, which members differ from most."""
        sides: dict[str, list[str]] = {}
        for one in self.data.members(market) or [market]:
            fact = self.data.latest(one, "driving_side")
            sides.setdefault(fact.value if fact else "", []).append(one)
        ranked = sorted(sides, key=lambda s: -len(sides[s]))
        parts = [word(f"markets.wheel.{side}") if side else word("missing.figure") for side in ranked]
        said = [parts[0]]
        for side, part in zip(ranked[1:], parts[1:], strict=True):
            names = formatting.listing([self.data.places[m].name for m in sides[side]])
            said.append(word("markets.wheel.in", side=part, names=names))
        page = market if len(ranked) == 1 and sides[ranked[0]] == [market] else "index"
        return self._linked(f"{page}.html{'#f-driving_side' if page == market and ranked[0] else ''}", "; ".join(said))

    def share(self, market: str) -> Phrase | None:
        """Return the newest share of electric cars in new cars, with its year."""
        sale = newest_sale(self.data, market, "sales_share")
        if sale is None:
            return None
        return self._linked(f"{market}.html#sales", sale_text(sale), str(sale.year))

    def event(self, name: str) -> Phrase | None:
        """Return an event by its id; None where the edition does not see it."""
        found = next((e for e in self.data.events if e.id == name), None)
        return found and self._event(found)

    def events(self, market: str, state: str, direction: str = "") -> Phrase | None:
        """Return the first events of a market in one state, the next or the newest; None where none is on record."""
        found = [e for e in self.data.events_of(market) if e.state(self.data.as_of) == state]
        found = [e for e in found if direction in ("", e.direction)]
        ordered = found if state == COMING else found[::-1]
        shown = [self._event(e) for e in ordered[:_MOST]]
        if len(found) > _MOST:
            shown.append(self._linked(f"{market}.html#{state}", word("markets.others.n", n=len(found) - _MOST)))
        return self.join(*shown)

    def coming(self, markets: Iterable[str]) -> Event | None:
        """Return the event among those of some markets that takes effect next."""
        found = [e for m in markets for e in self.data.events_of(m) if e.state(self.data.as_of) == COMING]
        return min(found, key=lambda e: (e.start.start, e.id), default=None)

    def state(self, name: str) -> str | None:
        """Return the state of an event on the edition's day, in words."""
        found = next((e for e in self.data.events if e.id == name), None)
        return found and word(f"market.state.{found.state(self.data.as_of)}")

    def about(self, market: str, makers: Iterable[str]) -> Phrase | None:
        """Return the events of a market that name one of some makers; None where none does."""
        wanted = set(makers)
        return self.join(*(self._event(e) for e in self.data.events_of(market) if wanted & set(e.makers)))

    def told(self, market: str, *attributes: str) -> Phrase | None:
        """Return what is told of attributes over time, plans and outcomes, the oldest first; None where nothing is."""
        found = [f for a in attributes for f in self.data.facts_of(market, a)]
        return self.join(*(self._fact(f, dated=True) for f in sorted(found, key=lambda f: f.until)))

    def telling(self, *attributes: str) -> list[str]:
        """Return the markets of which an attribute is known, as an outcome or as a plan."""
        found = {f.market for f in self.data.facts if f.attribute in attributes}
        return [m.id for m in self.data.listed() if m.id in found]

    @staticmethod
    def join(*parts: Phrase | None) -> Phrase | None:
        """Join what is known of several things; None where nothing is."""
        known = [p for p in parts if p]
        if not known:
            return None
        return Phrase("; ".join(p.text for p in known), "; ".join(p.html for p in known))

    def _fact(self, fact: Fact, dated: bool = False) -> Phrase:
        attribute = self.data.attributes[fact.attribute]
        shown = value_text(fact, attribute, self.data.places[fact.market].currency)
        return self._linked(f"{fact.market}.html#f-{fact.attribute}", shown, fact.period if dated else "")

    def _event(self, event: Event) -> Phrase:
        amount = amount_text(event)
        what = f"{event.title}: {amount}" if amount else event.title
        key = "markets.dated.weak" if is_weak(self.data, event) else "markets.dated"
        return self._linked(f"{event.market}.html#e-{event.id}", what, event.effective_from, key)

    def _linked(self, page: str, text: str, when: str = "", key: str = "markets.dated") -> Phrase:
        """Link a text, with a day, month or year behind it, to a page of markets."""
        shown = f'<a href="{html.escape(self._up + page)}">{html.escape(text, quote=False)}</a>'
        if not when:
            return Phrase(text, shown)
        said = formatting.period(when)
        stamp = f'<time datetime="{html.escape(when.split("/")[0])}">{html.escape(said)}</time>'
        return Phrase(word(key, what=text, when=said), word(key, what=shown, when=stamp))
