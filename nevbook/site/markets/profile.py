"""The page of one market: what it demands, what is coming, what is known of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from markupsafe import Markup, escape

from nevbook.analysis.markets.describe import MarketProfile
from nevbook.common import formatting
from nevbook.common.formatting import period
from nevbook.common.html import table
from nevbook.common.i18n import N_, gettext as _, ngettext
from nevbook.data.markets.dataset import Markets
from nevbook.data.markets.models import COMING, EXPIRED, FRESH, HAPPENED, IN_FORCE, PROPOSED, Event, Fact, Market
from nevbook.report import market_labels as labels
from nevbook.site.markets.cards import Entries, link, tag

_STATES = {  # in the order of their use to a reader
    COMING: N_("Coming"), IN_FORCE: N_("In force"), PROPOSED: N_("Proposed or planned, not in force"),
    HAPPENED: N_("Happened"), EXPIRED: N_("Expired ({n})"),
}  # fmt: skip
_GLANCE = {
    "dc_connector": N_("Fast charging"), "emission_standard_light": N_("Emission rule"),
    "koppen_dominant": N_("Largest climate class"),
}  # fmt: skip


def stamp(text: str) -> Markup:
    """Write a day, month or year as HTML."""
    return Markup('<time datetime="{}">{}</time>').format(text, period(text))


def when(event: Event) -> Markup:
    """Write when an event holds, no more exactly than its source: HTML."""
    return Markup(labels.when_text(event, stamp))


def event_rows(data: Markets, events: Iterable[Event], entries: Entries | None, of: Market | None = None) -> list[dict]:
    """Return events as the template lists them."""
    rows = []
    for event in events:
        place, text = data.places[event.market], labels.titled(event, "{title}: {amount}")
        if entries:
            title = entries.event(event, text, labels.amount_text(event))
        else:
            title = link(f"alerts.html#e-{event.id}", text)
        own_page = escape(place.name) if place.kind == "area" else link(f"{place.id}.html", place.name)
        more = [event.applies_to and _("Applies to {what}", what=event.applies_to), event.note]
        rows.append(
            {
                "id": event.id,
                "direction": event.direction,
                "label": _(labels.DIRECTIONS[event.direction]),
                "when": when(event),
                "title": title,
                "market": "" if of else own_page,
                "bloc": _("rule of the {bloc}, for its members", bloc=place.name) if of and place != of else "",
                "weak": data.is_weak(event),
                "more": ". ".join(x[0].upper() + x[1:].rstrip(".") for x in more if x),
            }
        )
    return rows


def event_groups(profile: MarketProfile, entries: Entries) -> list[tuple[str, str, bool, list[dict]]]:
    """Return the events by state: state, heading, whether they are folded, rows."""
    groups = []
    for state, heading in _STATES.items():
        if events := profile.events.get(state):
            rows = event_rows(profile.markets, events, entries, profile.market)
            groups.append((state, _(heading, n=len(events)), state == EXPIRED, rows))
    return groups


def _fact(profile: MarketProfile, fact: Fact, entries: Entries) -> Markup:
    """Write a fact: its value as a link to its entry, and what it must not be taken for."""
    shown = entries.fact(fact)
    if not fact.outcome:
        shown += " " + tag(_(labels.KINDS[fact.kind]))
    if fact.market != profile.market.id:
        shown += " " + tag(profile.markets.places[fact.market].name)
    return shown


def topic_table(profile: MarketProfile, topic: str, entries: Entries) -> str:
    """Write what is known of a market on one topic."""
    body = []
    for attribute, (first, *earlier) in profile.facts[topic].items():
        shown = _fact(profile, first, entries)
        if earlier:
            listed = Markup("; ").join(
                Markup("{} ({})").format(_fact(profile, f, entries), period(f.period)) for f in earlier
            )
            shown += Markup("<small>{}</small>").format(Markup(_("before: {listed}")).format(listed=listed))
        state = profile.markets.freshness(first)
        mark = Markup("<span>{}</span>" if state == FRESH else '<span class="nev-tag nev-{state}">{}</span>')
        body.append(
            [
                Markup('<span id="f-{}">{}</span>').format(attribute, profile.markets.attributes[attribute].name),
                shown,
                escape(period(first.period) or _("not dated")),
                mark.format(_(labels.FRESHNESS[state]), state=state),
            ]
        )
    caption = _("{topic}, {name}", topic=_(labels.TOPICS[topic]), name=profile.market.name)
    return table([_("Fact"), _("Value"), _("Of"), _("Freshness")], body, caption)


def glance(profile: MarketProfile, entries: Entries) -> Iterator[tuple[str, str, str]]:
    """Give what an export manager looks for first: label, value (empty: not known), what stands beside it."""
    side = profile.newest.get("driving_side")
    shown = entries.fact(side, _(labels.WHEELS[side.value])) if side else ""
    yield _("Steering wheel"), shown, _("traffic keeps {side}", side=labels.choice_text(side.value)) if side else ""
    for metric in ("sales_share", "sales"):
        sale = profile.newest_sale(metric)
        shown, beside = (entries.sale(sale), _("of {period}", period=sale.year)) if sale else ("", "")
        yield _(labels.SALES[metric, "ev"]), shown, beside
    if profile.events:
        head, tail = profile.in_force("headwind"), profile.in_force("tailwind")
        counts = ngettext("{n} headwind", "{n} headwinds", head), ngettext("{n} tailwind", "{n} tailwinds", tail)
        yield _("In force now"), link("#policy", ", ".join(counts)), ""
        first = next(iter(profile.events.get(COMING, [])), None)
        shown = link(f"#{COMING}", stamp(first.effective_from)) if first else ""
        yield _("Next change"), shown, first.title if first else ""
    else:
        yield _("In force now"), "", _("no event on record")
    for attribute, label in _GLANCE.items():
        fact = profile.newest.get(attribute)
        note = fact.note if fact and attribute == "koppen_dominant" else ""  # what the class is
        beside = ", ".join(x for x in (note, period(fact.period)) if x) if fact else ""
        yield _(label), entries.fact(fact) if fact else "", beside


def page(profile: MarketProfile, entries: Entries) -> dict[str, object]:
    """Return what the page of a market shows, but for chart, fit and downloads."""
    data, market, facts = profile.markets, profile.market, profile.all_facts()
    return {
        "market": market,
        "blocs": [data.places[b] for b in data.blocs(market.id)],
        "glance": list(glance(profile, entries)),
        "groups": event_groups(profile, entries),
        "known": len(facts),
        "stale": sum(data.freshness(f) != FRESH for f in facts),
        "topics": [
            (topic, _(labels.TOPICS[topic]), topic_table(profile, topic, entries))
            for topic, rows in profile.facts.items()
            if rows
        ],
        "gaps": [
            (_(labels.TOPICS[topic]), formatting.listing([a.name for a in missing]))
            for topic, missing in profile.missing.items()
            if missing
        ],
    }
