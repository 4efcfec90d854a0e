"""What a page of markets shows, each thing listed once with where it comes from."""

from __future__ import annotations

from collections.abc import Iterable

from markupsafe import Markup, escape

from nevbook.common import formatting
from nevbook.common.formatting import period
from nevbook.common.i18n import gettext as _
from nevbook.common.vocabulary import TIERS
from nevbook.data.markets.dataset import Markets
from nevbook.data.markets.models import Event, Fact, Sale
from nevbook.report import market_labels as labels
from nevbook.report.source_cards import card, entry_list, linked

DASH = "\N{EN DASH}"
link = Markup('<a href="{}">{}</a>').format
tag = Markup('<span class="nev-tag">{}</span>').format
bilingual = Markup('{} <span lang="zh">{}</span>').format
number = Markup('<data value="{}">{}</data>').format
_REF = Markup(
    '<a class="nev-ref" href="#nev-{n}" data-n="{n}"><data class="nev-value" value="{value}"{marks}>{shown}</data></a>'
)


class Entries:
    """The facts, events and sales that a page shows."""

    def __init__(self, data: Markets) -> None:
        self.data = data
        self._items: dict[str, tuple[int, str]] = {}

    def fact(self, fact: Fact, shown: str = "") -> Markup:
        """Return a fact's value as a link to its entry."""
        about, place = self.data.attributes[fact.attribute], self.data.places[fact.market].name
        shown = shown or labels.fact_text(self.data, fact)
        state = _(labels.FRESHNESS[self.data.freshness(fact)])
        lasts = _(
            "{state} on {date}; such a fact lasts {days} days",
            state=state, date=formatting.date(self.data.as_of), days=f"{about.shelf_life:,}",
        )  # fmt: skip
        rows = {
            _("What it counts"): f"{about.definition} {about.name_zh}",
            _("Period"): period(fact.period) or _("not dated"),
            _("Kind"): _(labels.KINDS[fact.kind]),
            _("Freshness"): lasts,
        }
        marks = {"market": fact.market, "attribute": fact.attribute, "period": fact.period, "kind": fact.kind}
        return self._entry(fact.id, shown, shown, f"{about.name}, {place}", fact.value, marks, rows, fact)

    def event(self, event: Event, shown: str, value: str) -> Markup:
        """Return an event's title as a link to its entry; `value`, in words, may be empty."""
        place = self.data.places[event.market].name
        marks = {"market": event.market, "event": event.id, "period": event.effective_from}
        what, rows = f"{event.title}, {place}" if value else place, {_("Applies to"): event.applies_to}
        return self._entry(event.id, shown, value or shown, what, event.value, marks, rows, event)

    def sale(self, sale: Sale) -> Markup:
        """Return a figure of electric cars as a link to its entry."""
        what = f"{_(labels.SALES[sale.metric, sale.powertrain])}, {self.data.places[sale.market].name}, {sale.year}"
        key = f"{sale.market}.{sale.metric}.{sale.powertrain}.{sale.year}.{sale.source}"
        marks = {"market": sale.market, "metric": sale.metric, "powertrain": sale.powertrain, "period": str(sale.year)}
        shown = labels.sale_text(sale)
        summed = sale not in self.data.sales_of(sale.market)
        rows = {_("Kind"): _("computed: battery electric cars and plug-in hybrids, added")} if summed else {}
        return self._entry(key, shown, shown, what, f"{sale.value:.12g}", marks, rows, sale)

    def section(self) -> str:
        """Return the list of entries."""
        item = Markup('<li id="nev-{}" data-key="{}">{}</li>').format
        return entry_list(item(n, key, Markup(inner)) for key, (n, inner) in self._items.items())

    def _entry(
        self, key: str, shown: str, head: str, what: str, value: str, marks: dict[str, str], rows: dict[str, str],
        row: Fact | Event | Sale,
    ) -> Markup:  # fmt: skip
        """List a row of the tables, unless it is listed, and return a link to its entry."""
        sources = (row.source,) if isinstance(row, Sale) else row.sources
        if key not in self._items:
            cells = [(label, [escape(text)]) for label, text in rows.items()]
            cells.append((_("Last checked"), [escape(formatting.date(row.checked))]))
            if not isinstance(row, Sale):
                cells += [(_("Contributed by"), [escape(row.contributor)]), (_("Note"), [escape(row.note)])]
            inner = card(escape(head), escape(what), [self._cited(sources), *cells])
            self._items[key] = len(self._items) + 1, inner
        marks = marks | {"source": " ".join(sources)}
        written = Markup("").join(Markup(' data-{}="{}"').format(k, v) for k, v in marks.items() if v)
        return _REF.format(n=self._items[key][0], value=value, marks=written, shown=shown)

    def _cited(self, names: Iterable[str]) -> tuple[str, list[str]]:
        cells = []
        for source in (self.data.sources[s] for s in names):
            rest = (source.publisher, period(source.published), _(TIERS[source.tier]), source.licence)
            named = linked(source.title, source)
            cells.append(Markup("{}<br>{}").format(named, ", ".join(x for x in rest if x)))
        return _("Source") if len(cells) == 1 else _("Sources"), cells
