"""The card of a number, an entry in the chapter's list: what it is, who says so, what others say."""

from __future__ import annotations

import math
from collections.abc import Iterable

from markupsafe import Markup, escape

from nevbook.analysis.quantities import Quantity, quantity
from nevbook.common.formatting import in_sentence, number, period
from nevbook.common.i18n import N_, gettext as _, ngettext
from nevbook.common.intervals import place_of
from nevbook.common.vocabulary import KINDS, TIERS, UNITS
from nevbook.data.corrections import EXCLUDE, Correction
from nevbook.data.dataset import Dataset
from nevbook.data.models import Observation, Source
from nevbook.report import formulas
from nevbook.report.quantity_text import Register, interval_text, name_of, plain, unit_after

MEMBERS = 24
# that may be corrected
_COLUMNS = {
    "value": N_("value"), "period": N_("period"), "basis": N_("basis"), "unit": N_("unit"), "measure": N_("measure"),
    "qualifier": N_("qualifier"), "kind": N_("kind"),
}  # fmt: skip
_SERIES = 8  # what has more inputs rests on a series
_POINTS = ("percent", "percentage_points")


def where_from(q: Quantity, register: Register) -> Markup:
    """Write what a quantity is and where it comes from, as a list item; lists its inputs in the register."""
    data = register.data
    if q.formula in formulas.ALONE:
        # what was counted is listed where a reader can take it in; the tables of a chapter list the rest
        many = len(q.inputs) > MEMBERS
        among = [] if many else [Markup("; ").join(_member(one, register) for one in q.inputs)]
        return card(_sized(q), _(formulas.ALONE[q.formula]), [(_("Counted among"), among)])
    rows: list[tuple[str, Iterable[str]]] = []
    row = q.observation
    if row is None:  # the definition of its inputs does not hold for it: each of them has its own
        rows.append((_("Computed"), [formulas.arithmetic(q, list(map(plain, q.inputs)))]))
        rows.append((_("From"), _inputs([one for one in q.inputs if one.formula != "threshold"], register)))
    else:
        rows.append((_("Source"), [_cited(row, data)]))
        if row.kind == "target":
            rows.append((_("Announced"), [period(row.announced) or _("not said; the source only mentions it")]))
        rows.append((_("What it counts"), [data.indicators[q.indicator].definition]))
        if q.unit in ("count", "rank"):  # others stand beside the number
            rows.append((_("Unit"), [_(UNITS[q.unit])]))
    basis = data.bases.get((q.basis, q.indicator))
    if basis and basis.id != "as_published":
        rows.append((_("Counted"), [f"{basis.name}: {in_sentence(basis.definition)}"]))
    rows.append((_("Precision"), [interval_text(q)]))
    rows.append((_("Other sources"), _others(q, data)))
    if row is not None:
        rows.append((_("Note"), [row.note]))
        rows.append((_("Accepted although implausible"), [a.reason for a in data.acceptances if a.row == row.id]))
        made = [c for c in data.corrections if c.row == row.id]
        rows.append((_("Corrected here"), [f"{correction_text(c)}. {c.reason}" for c in made]))
    return card(_sized(q), _named(q, data), rows)


def card(shown: str, what: str, rows: Iterable[tuple[str, Iterable[str]]]) -> Markup:
    """Write the inside of an entry: a line that names it, and a ``<dl>``."""
    inner = Markup("").join(_row(label, cells) for label, cells in rows)
    listed = Markup("<dl>{}</dl>").format(inner) if inner else ""
    return Markup('<p class="nev-what"><strong>{}</strong> {}</p>{}').format(shown, what, listed)


def _named(q: Quantity, data: Dataset) -> str:
    """Name a quantity, and say whether it is stated or computed; an aim or an estimate is named so already."""
    kind = "derived" if q.derived else "stated" if q.kind == "stated" else ""
    return ", ".join(x for x in (name_of(q, data), kind and _(KINDS[kind])) if x)


def _sized(q: Quantity) -> str:
    """Write a quantity with its unit, also where a sentence leaves it out."""
    return plain(q) + (f" {_(UNITS[q.unit])}" if q.unit == "vehicles" else "")


def _row(label: str, cells: Iterable[str]) -> Markup:
    inner = Markup("").join(Markup("<dd>{}</dd>").format(cell) for cell in cells if cell)
    return Markup("<dt>{}</dt>{}").format(label, inner) if inner else inner


def _inputs(listed: list[Quantity], register: Register) -> list[Markup]:
    """Write what a figure was computed from: a line each, or one line for a whole series."""
    if len(listed) > _SERIES:
        return [Markup("; ").join(_member(one, register) for one in listed)]
    return [_link(one, register, name_of(one, register.data) or _(formulas.ALONE[one.formula])) for one in listed]


def _member(one: Quantity, register: Register) -> Markup:
    """Write one of many inputs, as short as it can be told from the others."""
    entity = register.data.entities.get(one.entity)
    return _link(one, register, " ".join(x for x in (entity.name if entity else "", period(one.period)) if x))


def _link(one: Quantity, register: Register, what: str) -> Markup:
    listed = register.number_of(one)
    link = Markup('<a href="#nev-{}" data-n="{}">{}</a>').format(listed, listed, plain(one))
    return Markup("{} {}").format(link, what) if what else link


def correction_text(one: Correction) -> str:
    """Say what a correction does: which cell, what its source has, what stands here."""
    if one.action == EXCLUDE:
        return _("left out")
    says = period if one.column == "period" else str
    text = _("{column}: {old} in the source, {new} here")
    return text.format(column=_(_COLUMNS.get(one.column, one.column)), old=says(one.expected), new=says(one.value))


def linked(text: str, source: Source) -> Markup:
    """Link a text to where a source stands; data may hold any address, a page only those of the web."""
    if source.url.startswith(("http://", "https://")):
        return Markup('<a href="{}" rel="noopener">{}</a>').format(source.url, text)
    return escape(text)


def _cited(row: Observation, data: Dataset) -> Markup:
    source = data.sources[row.source]
    rest = (source.publisher, period(source.published), row.locator, _(TIERS[source.tier]))
    return Markup("{}<br>{}").format(linked(source.title, source), ", ".join(x for x in rest if x))


def others(q: Quantity) -> list[Observation]:
    """Return the rows of other sources for what a quantity is."""
    return [r for r in q.others if q.observation is None or r.source != q.observation.source]


def _others(q: Quantity, data: Dataset) -> list[Markup]:
    """Write what other sources say, those that say the same in one line."""
    said: dict[str, list[Markup]] = {}
    for row in others(q):
        source = data.sources[row.source]
        beside = [difference(q, quantity(row))]
        if row.kind != q.kind:
            beside.append(_(KINDS[row.kind]))
        if row.basis != q.basis:
            beside.append(in_sentence(data.basis(row.indicator, row.basis).name))
        line = Markup("{} <em>({})</em>: ").format(plain(quantity(row)), ", ".join(beside))
        day = f", {period(source.published)}" if source.published else ""
        said.setdefault(line, []).append(linked(source.publisher, source) + day)
    return [Markup("{}{}").format(line, Markup("; ").join(listed)) for line, listed in said.items()]


def difference(shown: Quantity, other: Quantity) -> str:
    """Write by how much another source's value differs from the one shown, with digits that both support."""
    if (other.value, other.qualifier) == (shown.value, shown.qualifier):
        return _("the same")
    if shown.overlaps(other):
        bound = {shown.qualifier, other.qualifier} & {"<", ">"}
        return _("does not contradict it") if bound else _("the same within rounding")
    low, high = other.low - shown.high, other.high - shown.low
    if math.isinf(low) or math.isinf(high):  # a bound is away by the gap at least
        nearest = high if math.isinf(low) else low
        return _("{off} or further", off=_signed(nearest, nearest, nearest, shown.unit))
    off = _signed(other.value - shown.value, low, high, shown.unit)
    if shown.unit in (*_POINTS, "rank") or shown.low <= 0:
        return off
    ends = [(o / s - 1) * 100 for o in (other.low, other.high) for s in (shown.low, shown.high)]
    share = _signed((other.value / shown.value - 1) * 100, min(ends), max(ends), "")
    return f"{off}, {share}%"


def _signed(value: float, low: float, high: float, unit: str) -> str:
    """Write a difference with its sign, never as zero: finer where its own digits would hide it."""
    place = place_of(low, high)
    if abs(value) < (place or 0.01) / 2:
        place = 10.0 ** math.floor(math.log10(abs(value)))
    written = number(value, "percent" if unit in ("", *_POINTS) else unit, place, most=6)
    tail = unit_after(written, "percentage_points" if unit in _POINTS else unit) if unit else ""
    return ("+" if value > 0 else "") + written + tail


def sources_section(register: Register) -> Markup:
    """Write the list to which the numbers of a chapter lead, inputs of computed figures included."""
    items: list[Markup] = []
    while len(items) < len(register.entries):  # writing an entry may list further inputs
        key, (place, q) = list(register.entries.items())[len(items)]
        items.append(Markup('<li id="nev-{}" data-key="{}">{}</li>').format(place, key, where_from(q, register)))
    intro = _(
        "Each figure in the text leads here. Stated figures name their source; computed ones name"
        " the figures they were computed from."
    )
    return Markup("<p>{}</p>{}").format(intro, entry_list(items))


def entry_list(items: Iterable[Markup]) -> Markup:
    """Write the list of a page's entries, ``<li>`` with ids, with the words that the page's script needs."""
    words = {"back": _("Back"), "close": _("Close"), "list": _("This entry in the chapter's list")}
    said = Markup("").join(
        Markup(' data-{}="{}"').format(k, text) for k, text in (words | {"text": _("To the text")}).items()
    )
    listed = list(items)
    name = ngettext("{n} figure and its source", "{n} figures and their sources", len(listed), n=len(listed))
    shut = Markup(
        '<details class="nev-provenance"><summary>{}</summary><ol class="nev-sources nev-entries"{}>{}</ol></details>'
    )
    return shut.format(name, said, Markup("").join(listed))
