"""Sentences that follow the numbers: the first template whose placeholders can all be filled is written."""

from __future__ import annotations

import string
from collections.abc import Iterable
from dataclasses import dataclass

from markupsafe import Markup, escape

from nevbook.analysis.quantities import Quantity, counted
from nevbook.common.errors import NevbookError
from nevbook.common.formatting import listing, period
from nevbook.common.i18n import N_, gettext
from nevbook.common.periods import Period, parse
from nevbook.report.quantity_text import Register, parts, plain

_FORMATTER = string.Formatter()
_VALUE = Markup('{}<a class="nev-ref" href="#nev-{}" data-n="{}"><data {}>{}</data></a>{}')


@dataclass(frozen=True)
class Phrase:
    """A written sentence, as plain text and as HTML."""

    text: str  # without markup, for chart titles and alternative texts
    html: Markup  # with every number as a ``<data>`` element
    used: tuple[Quantity, ...] = ()  # the quantities it shows, in order

    def __str__(self) -> str:
        return self.text


def data_element(q: Quantity, register: Register, size_only: bool = False, unit: bool = True) -> Markup:
    """Write a quantity as HTML: its qualifier, the ``<data>`` element, its unit; flags as of `plain`."""
    head, digits, tail = parts(q, size_only)
    place = register.number_of(q)
    shown = q.observation
    attributes = {
        "class": "nev-value",
        "value": f"{q.value:.12g}",
        "data-indicator": q.indicator,
        "data-entity": q.entity,
        "data-period": q.period,
        "data-measure": q.formula if q.derived else q.measure,
        "data-unit": q.unit,
        "data-kind": q.kind,
        "data-basis": q.basis,
    }
    if shown is not None:
        attributes["data-source"] = shown.source
    else:
        attributes["data-derived"] = "true"
        attributes["data-from"] = " ".join(r.id for r in q.rows) or q.formula
    written = Markup(" ").join(Markup('{}="{}"').format(k, v) for k, v in attributes.items() if v)
    return _VALUE.format(head, place, place, written, digits, tail if unit else "")


def _time(one: Period) -> Markup:
    stamp = one.text.split("/")[0]  # HTML knows no span: its first part stands for it
    return Markup('<time datetime="{}">{}</time>').format(stamp, period(one.text))


def phrase(register: Register, *templates: str, **gaps: object) -> Phrase:
    """Write the first template whose gaps can all be filled; see `Book.phrase`."""
    for message in templates:
        template = gettext(message)
        fields = [name for _, name, _, _ in _FORMATTER.parse(template) if name]
        strange = [name for name in fields if name not in gaps]
        if strange:
            raise NevbookError(f"the sentence {template!r} has a gap {strange[0]!r} that nothing fills.")
        if not any(_unknown(gaps[name]) for name in fields):
            return _capital(_fill(register, template, gaps))
    raise NevbookError(f"no wording for what is missing beside {templates[0]!r}: end with one without gaps.")


def _counted(gap: object) -> object:
    """A whole number is one that was counted in the dataset."""
    return counted(gap) if type(gap) is int else gap


def _unknown(gap: object) -> bool:
    """None, or what stands for it after "series and series[-1]"."""
    return gap is None or gap is False or gap == []


def _fill(register: Register, template: str, gaps: dict[str, object]) -> Phrase:
    pieces: list[Phrase] = []
    for literal, name, spec, _ in _FORMATTER.parse(template):
        pieces.append(Phrase(literal, escape(literal)))
        if name and (piece := _piece(register, _counted(gaps[name]), spec or "")):
            pieces.append(piece)
        elif name:
            problem = f"the gap {name!r} of {template!r} holds {gaps[name]!r}"
            raise NevbookError(f"{problem}: give a quantity, a period or a word.")
    marked = Markup("").join(p.html for p in pieces)
    return Phrase("".join(p.text for p in pieces), marked, tuple(q for p in pieces for q in p.used))


def _piece(register: Register, gap: object, spec: str) -> Phrase | None:
    """Write what fills a gap; None for what cannot."""
    if spec == "period" and isinstance(gap, Quantity):
        gap = parse(gap.period)
    match gap:
        case Phrase():
            return gap
        case Quantity():
            size_only, unit = "size" in spec, "bare" not in spec
            return Phrase(plain(gap, unit, size_only), data_element(gap, register, size_only, unit), (gap,))
        case list():
            return join(_fill(register, gettext("{by} gives {q}"), {"q": q, "by": by}) for q, by in gap)
        case Period():
            return Phrase(period(gap.text), _time(gap))
        case str():
            text = gettext(gap)  # a word of the chapter; a name from the data is no message
            return Phrase(text, escape(text))
    return None


def _capital(written: Phrase) -> Phrase:
    """A sentence begins with a capital even where it begins with a word from a gap."""
    if written.text[:1].islower() and written.html[:1] == written.text[:1]:
        text, marked = (x[0].upper() + x[1:] for x in (written.text, written.html))
        return Phrase(text, Markup(marked), written.used)
    return written


def join(parts: Iterable[Phrase | str]) -> Phrase:
    """Join phrases, or words of the data, as a list in a sentence: a, b and c."""
    items = [part if isinstance(part, Phrase) else Phrase(part, escape(part)) for part in parts]
    marked = Markup(listing([p.html for p in items]))
    return Phrase(listing([p.text for p in items]), marked, tuple(q for p in items for q in p.used))


_TRENDS = {1: N_("rose"), -1: N_("fell"), 0: N_("barely moved")}


def trend(q: Quantity | None) -> str | None:
    """Return the verb for a change: rose, fell, or barely moved where rounding hides which."""
    if not q:
        return None
    return gettext(_TRENDS[q.compare(0.0)])
