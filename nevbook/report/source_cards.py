"""A number's card: what it is, who says so, what rounding allows, what others say.

Every number of a chapter leads to an entry in the list at the chapter's end. The entry is
the card: the page's script shows a copy of it beside the number, and without the script or
on paper the list itself is read. Nothing of the data reaches the page unescaped.
"""

from __future__ import annotations

import html
import math
from collections.abc import Iterable

from nevbook.analysis.quantities import Quantity, quantity
from nevbook.common.formatting import in_sentence, number, period
from nevbook.common.i18n import gettext as _
from nevbook.common.intervals import place_of
from nevbook.common.vocabulary import KINDS, TIERS, UNITS
from nevbook.data.corrections import EXCLUDE, Correction
from nevbook.data.dataset import Dataset
from nevbook.data.models import Observation, Source
from nevbook.report import formulas
from nevbook.report.quantity_text import Register, interval_text, name_of, plain, unit_after

MEMBERS = 24
_SERIES = 8  # what has more inputs rests on a series
_POINTS = ("percent", "percentage_points")


def where_from(q: Quantity, register: Register) -> str:
    """Write, as HTML, what a quantity is and where it comes from.

    Parameters
    ----------
    q : Quantity
        A stated or computed one.
    register : Register
        Lists the inputs of a computed one too.

    Returns
    -------
    str
        The inside of a list item: a line that names it, and a ``<dl>``.
    """
    data = register.data
    if q.formula in ("threshold", "count", "assumed"):
        head = f'<p class="nev-what"><strong>{_sized(q)}</strong> {_(formulas.ALONE[q.formula])}</p>'
        # what was counted is listed where a reader can take it in; the tables of a chapter list the rest
        among = "; ".join(_member(one, register) for one in q.inputs) if len(q.inputs) <= MEMBERS else ""
        return head + (f"<dl>{_row(_('Counted among'), [among])}</dl>" if among else "")
    rows: list[tuple[str, list[str]]] = []
    row = q.observation
    if row is None:  # the definition of its inputs does not hold for it: each of them has its own
        rows.append((_("Computed"), [_arithmetic(q)]))
        rows.append((_("From"), _inputs([one for one in q.inputs if one.formula != "threshold"], register)))
    else:
        rows.append((_("Source"), [_cited(row, data)]))
        rows.append((_("What it counts"), [html.escape(data.indicators[q.indicator].definition)]))
        if q.unit in ("count", "rank"):  # others stand beside the number
            rows.append((_("Unit"), [html.escape(_(UNITS[q.unit]))]))
    basis = data.bases.get((q.basis, q.indicator))
    if basis and basis.id != "as_published":
        rows.append((_("Counted"), [html.escape(f"{basis.name}: {in_sentence(basis.definition)}")]))
    rows.append((_("Precision"), [html.escape(interval_text(q))]))
    rows.append((_("Other sources"), _others(q, data)))
    if row is not None:
        rows.append((_("Note"), [html.escape(row.note)]))
        kept = [html.escape(a.reason) for a in data.acceptances if a.row == row.id]
        rows.append((_("Accepted although implausible"), kept))
        made = [c for c in data.corrections if c.row == row.id]
        rows.append((_("Corrected here"), [html.escape(f"{correction_text(c)}. {c.reason}") for c in made]))
    return card(_sized(q), html.escape(_named(q, data)), rows)


def card(shown: str, what: str, rows: Iterable[tuple[str, Iterable[str]]]) -> str:
    """Write the inside of an entry.

    Parameters
    ----------
    shown, what : str
        HTML: the value, and what it is.
    rows : iterable of (str, iterable of str)
        A label, plain text, and what stands beside it, HTML; a row without content is left out.

    Returns
    -------
    str
        HTML: a line that names it, and a ``<dl>``.
    """
    inner = "".join(_row(label, cells) for label, cells in rows)
    return f'<p class="nev-what"><strong>{shown}</strong> {what}</p><dl>{inner}</dl>'


def _named(q: Quantity, data: Dataset) -> str:
    """Name a quantity, and say whether it is stated or computed; an aim or an estimate is named so already."""
    kind = _("computed") if q.derived else _("stated") if q.kind == "stated" else ""
    return ", ".join(x for x in (name_of(q, data), kind) if x)


def _sized(q: Quantity) -> str:
    """Write a quantity with its unit, also where a sentence leaves it out."""
    tail = " " + _("vehicles") if q.unit == "vehicles" else ""
    return html.escape(plain(q) + tail)


def _row(label: str, cells: Iterable[str]) -> str:
    inner = "".join(f"<dd>{cell}</dd>" for cell in cells if cell)
    return f"<dt>{html.escape(label)}</dt>{inner}" if inner else ""


def _arithmetic(q: Quantity) -> str:
    return formulas.arithmetic(q, [html.escape(plain(one)) for one in q.inputs])


def _inputs(listed: list[Quantity], register: Register) -> list[str]:
    """Write what a figure was computed from: a line each, or one line for a whole series."""
    if len(listed) > _SERIES:
        return ["; ".join(_member(one, register) for one in listed)]
    return [_input(one, register) for one in listed]


def _input(one: Quantity, register: Register) -> str:
    listed = register.number_of(one)
    what = html.escape(name_of(one, register.data) or _(formulas.ALONE[one.formula]))
    return f'<a href="#nev-{listed}" data-n="{listed}">{html.escape(plain(one))}</a> {what}'


def _member(one: Quantity, register: Register) -> str:
    """Write one of many inputs, as short as it can be told from the others."""
    entity = register.data.entities.get(one.entity)
    of = " ".join(x for x in (entity.name if entity else "", period(one.period)) if x)
    listed = register.number_of(one)
    return f'<a href="#nev-{listed}" data-n="{listed}">{html.escape(plain(one))}</a> {html.escape(of)}'.rstrip()


def correction_text(one: Correction) -> str:
    """Say what a correction does: which cell, what its source has, what stands here."""
    if one.action == EXCLUDE:
        return _("left out")
    says = period if one.column == "period" else str
    return _(
        "{column}: {old} in the source, {new} here", column=one.column, old=says(one.expected), new=says(one.value)
    )


def linked(text: str, source: Source) -> str:
    """Link a text, plain, to where a source stands; data may hold any address, a page only those of the web."""
    shown = html.escape(text)
    if source.url.startswith(("http://", "https://")):
        return f'<a href="{html.escape(source.url)}" rel="noopener">{shown}</a>'
    return shown


def _cited(row: Observation, data: Dataset) -> str:
    source = data.sources[row.source]
    rest = (source.publisher, period(source.published), row.locator, _(TIERS[source.tier]))
    return f"{linked(source.title, source)}<br>{html.escape(', '.join(x for x in rest if x))}"


def others(q: Quantity) -> list[Observation]:
    """Return the rows of other sources for what a quantity is."""
    return [r for r in q.others if q.observation is None or r.source != q.observation.source]


def _others(q: Quantity, data: Dataset) -> list[str]:
    """Write what other sources say, those that say the same in one line."""
    said: dict[str, list[str]] = {}
    for row in others(q):
        source = data.sources[row.source]
        value = html.escape(plain(quantity(row)))
        beside = [difference(q, quantity(row))]
        if row.kind != q.kind:
            beside.append(_(KINDS[row.kind]))
        if row.basis != q.basis:
            beside.append(in_sentence(data.basis(row.indicator, row.basis).name))
        day = f", {html.escape(period(source.published))}" if source.published else ""
        line = f"{value} <em>({html.escape(', '.join(beside))})</em>: "
        said.setdefault(line, []).append(linked(source.publisher, source) + day)
    return [line + "; ".join(listed) for line, listed in said.items()]


def difference(shown: Quantity, other: Quantity) -> str:
    """Write by how much another source's value differs from the one shown.

    Parameters
    ----------
    shown, other : Quantity
        Of one thing, in one unit.

    Returns
    -------
    str
        The difference in the unit, and of amounts in percent too, with the digits that both
        values support; words where they are the same, or where rounding may be all of it.
    """
    if (other.value, other.qualifier) == (shown.value, shown.qualifier):
        return _("the same")
    if shown.overlaps(other):
        bound = {shown.qualifier, other.qualifier} & {"<", ">"}
        return _("does not contradict it" if bound else "the same within rounding")
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


def sources_section(register: Register) -> str:
    """Write the list to which the numbers of a chapter lead.

    Parameters
    ----------
    register : Register
        What the chapter showed.

    Returns
    -------
    str
        An ordered list, inputs of computed figures included. Its attributes hold the words
        that the page's script needs.
    """
    items: list[str] = []
    done = 0
    while done < len(register.entries):  # writing an entry may list further inputs
        key, (place, q) = list(register.entries.items())[done]
        items.append(f'<li id="nev-{place}" data-key="{html.escape(key)}">{where_from(q, register)}</li>')
        done += 1
    intro = _(
        "Each figure in the text leads here. Stated figures name their source; computed ones name the figures they"
        " were computed from."
    )
    return f"<p>{intro}</p>{entry_list(items)}"


def entry_list(items: Iterable[str]) -> str:
    """Write the list of a page's entries, with the words that the page's script needs.

    Parameters
    ----------
    items : iterable of str
        HTML: ``<li>`` elements, whose ids are ``nev-`` and their number.

    Returns
    -------
    str
    """
    words = {
        "back": _("Back"), "close": _("Close"), "list": _("This entry in the chapter's list"), "text": _("To the text"),
    }  # fmt: skip
    said = "".join(f' data-{k}="{html.escape(word)}"' for k, word in words.items())
    return f'<ol class="nev-sources nev-entries"{said}>{"".join(items)}</ol>'
