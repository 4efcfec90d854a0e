"""What a page of markets shows, each thing listed once with where it comes from: the cards of markets.

The values on these pages lead to entries as the numbers of a chapter do, and the page's
script makes the same cards of them. Nothing of the data reaches a page unescaped.
"""

from __future__ import annotations

import html
from collections.abc import Iterable

from nevbook.analysis.markets.describe import value_text
from nevbook.common import formatting
from nevbook.common.formatting import period
from nevbook.common.i18n import word
from nevbook.data.markets.dataset import Markets
from nevbook.data.markets.models import Event, Fact, Sale
from nevbook.report.source_cards import card, entry_list, linked


def fact_text(data: Markets, fact: Fact) -> str:
    """Write a fact's value with qualifier and unit: plain text."""
    return value_text(fact, data.attributes[fact.attribute], data.places[fact.market].currency)


class Entries:
    """The facts, events and sales that a page shows.

    Parameters
    ----------
    data : Markets
        As the edition sees them.
    """

    def __init__(self, data: Markets) -> None:
        self.data = data
        self._items: dict[str, tuple[int, str]] = {}

    def fact(self, fact: Fact, shown: str) -> str:
        """Return a fact's value as a link to its entry."""
        one = self.data.attributes[fact.attribute]
        rows = [
            *self._cited(fact.sources),
            (word("value.definition"), [html.escape(f"{one.definition} {one.name_zh}")]),
            (word("column.period"), [html.escape(period(fact.period) or word("markets.undated.period"))]),
            (word("column.kind"), [html.escape(word(f"market.kind.{fact.kind}"))]),
            (word("markets.card.fresh"), [html.escape(self._fresh(fact))]),
            *self._closing(fact.checked, fact.contributor, fact.note),
        ]
        place = self.data.places[fact.market].name
        marks = {"market": fact.market, "attribute": fact.attribute, "period": fact.period, "kind": fact.kind}
        listed = card(html.escape(shown), html.escape(f"{one.name}, {place}"), rows)
        return self._ref(fact.id, listed, fact.value, marks | {"source": " ".join(fact.sources)}, shown)

    def event(self, event: Event, shown: str, value: str) -> str:
        """Return an event's title as a link to its entry; `value`, in words, may be empty."""
        place = self.data.places[event.market].name
        rows = [
            *self._cited(event.sources),
            (word("markets.card.applies"), [html.escape(event.applies_to)]),
            *self._closing(event.checked, event.contributor, event.note),
        ]
        marks = {"market": event.market, "event": event.id, "period": event.effective_from}
        listed = card(html.escape(value or shown), html.escape(f"{event.title}, {place}" if value else place), rows)
        return self._ref(event.id, listed, event.value, marks | {"source": " ".join(event.sources)}, shown)

    def sale(self, sale: Sale, shown: str) -> str:
        """Return a figure of electric cars as a link to its entry."""
        place = self.data.places[sale.market].name
        what = word(f"markets.sale.{sale.metric}.{sale.powertrain}")
        rows = [*self._cited((sale.source,)), *self._closing(sale.checked, "", "")]
        key = f"{sale.market}.{sale.metric}.{sale.powertrain}.{sale.year}.{sale.source}"
        marks = {"market": sale.market, "metric": sale.metric, "powertrain": sale.powertrain, "period": str(sale.year)}
        listed = card(html.escape(shown), html.escape(f"{what}, {place}, {sale.year}"), rows)
        return self._ref(key, listed, f"{sale.value:.12g}", marks | {"source": sale.source}, shown)

    def section(self) -> str:
        """Return the list of entries."""
        return entry_list(f'<li id="nev-{n}" data-key="{html.escape(k)}">{i}</li>' for k, (n, i) in self._items.items())

    def _ref(self, key: str, listed: str, value: str, marks: dict[str, str], shown: str) -> str:
        place, _ = self._items.setdefault(key, (len(self._items) + 1, listed))
        written = "".join(f' data-{k}="{html.escape(v)}"' for k, v in marks.items() if v)
        inner = f'<data class="nev-value" value="{html.escape(value)}"{written}>{html.escape(shown)}</data>'
        return f'<a class="nev-ref" href="#nev-{place}" data-n="{place}">{inner}</a>'

    def _cited(self, sources: Iterable[str]) -> list[tuple[str, list[str]]]:
        found = []
        for source in (self.data.sources[s] for s in sources):
            rest = (source.publisher, period(source.published), word(f"tier.{source.tier}"), source.licence)
            found.append(f"{linked(source.title, source)}<br>{html.escape(', '.join(x for x in rest if x))}")
        return [(word("value.source" if len(found) == 1 else "figure.sources"), found)]

    def _fresh(self, fact: Fact) -> str:
        lasts = self.data.attributes[fact.attribute].shelf_life
        state = word(f"market.{self.data.freshness(fact)}")
        return word("markets.card.lasts", state=state, date=formatting.date(self.data.as_of), days=f"{lasts:,}")

    @staticmethod
    def _closing(checked: object, contributor: str, note: str) -> list[tuple[str, list[str]]]:
        return [
            (word("markets.card.checked"), [html.escape(formatting.date(checked))]),
            (word("markets.card.contributor"), [html.escape(contributor)]),
            (word("card.note"), [html.escape(note)]),
        ]
