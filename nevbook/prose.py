"""Sentences that follow the numbers, and numbers that lead to their source.

A sentence is a template with named gaps. Each gap takes a quantity, a period, an entity's
name or a word; templates are tried in order, and the first whose gaps can all be filled
is written, so that what is said where a value is missing stands beside what is said where
it is known. Nothing of the data reaches the page unescaped.
"""

from __future__ import annotations

import html
import math
import string
from collections.abc import Iterable
from dataclasses import dataclass, field

from .dataset import Dataset, Observation
from .errors import NevbookError
from .measures import Quantity
from .periods import Period
from .words import date, listing, number, period, word

_FORMATTER = string.Formatter()


@dataclass(frozen=True)
class Phrase:
    """A written sentence, as plain text and as HTML.

    Attributes
    ----------
    text : str
        Without markup, for chart titles and alternative texts.
    html : str
        With every number as a ``<data>`` element.
    used : tuple of Quantity
        The quantities it shows, in order.
    """

    text: str
    html: str
    used: tuple[Quantity, ...] = ()

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True)
class Attributed:
    """Values with who says so, written as a list in a sentence.

    Attributes
    ----------
    items : tuple of (Quantity, str)
        Each value with its publisher.
    """

    items: tuple[tuple[Quantity, str], ...]


def plain(q: Quantity, unit: bool = True, size_only: bool = False, digits: int | None = None) -> str:
    """Write a quantity as text, with its qualifier and unit.

    Parameters
    ----------
    q : Quantity
        What to write.
    unit : bool
        Whether to add the unit's name where a sentence needs it.
    size_only : bool
        Whether to leave out the sign, as after "fell by".
    digits : int, optional
        At most so many significant digits, as on a chart.

    Returns
    -------
    str
        As in ``more than 140 billion yuan``.
    """
    head, written, tail = _parts(q, size_only, digits)
    if digits and q.unit == "percent":
        tail = word("mark.percent")
    return head + written + (tail if unit else "")


def _parts(q: Quantity, size_only: bool, digits: int | None = None) -> tuple[str, str, str]:
    value = abs(q.value) if size_only else q.value
    if q.formula == "count" and q.unit == "count" and not q.value:
        return "", word("number.none"), ""
    head = "" if q.qualifier == "=" else word(f"qualifier.{q.qualifier}")
    place = q.place
    if place is None and q.observation is not None and q.qualifier in "<>" and q.observation.resolution:
        place = q.observation.resolution if q.unit in ("percent", "percentage_points") else None
    if digits and value:
        place = max(place or 0.0, 10.0 ** (math.floor(math.log10(abs(value))) + 1 - digits))
    return head, number(value, q.unit, place), word(f"unit.{q.unit}")


def identity(q: Quantity) -> str:
    """Return the id under which a chapter lists a quantity, the same wherever it is shown."""
    if q.observation is not None:
        return "v-" + q.observation.id.replace("/", "-")
    return "v-" + "-".join([q.formula, *(identity(i)[2:] for i in q.inputs), f"{q.value:.6g}"]).replace("+", "")


@dataclass
class Register:
    """The quantities that a chapter shows, each listed once with where it comes from."""

    data: Dataset
    entries: dict[str, tuple[int, Quantity]] = field(default_factory=dict)

    def number_of(self, q: Quantity) -> int:
        """Return the place of a quantity in the chapter's list, adding it if it is new."""
        key = identity(q)
        if key not in self.entries:
            self.entries[key] = (len(self.entries) + 1, q)
        return self.entries[key][0]


def data_element(q: Quantity, register: Register, size_only: bool = False, unit: bool = True) -> str:
    """Write a quantity as HTML: its qualifier, the ``<data>`` element, its unit.

    Parameters
    ----------
    q : Quantity
        What to write.
    register : Register
        Where it is listed.
    size_only, unit : bool
        As in `plain`.

    Returns
    -------
    str
    """
    head, digits, tail = _parts(q, size_only)
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
    written = " ".join(f'{k}="{html.escape(v)}"' for k, v in attributes.items() if v)
    element = f'<a class="nev-ref" href="#nev-{place}"><data {written}>{html.escape(digits)}</data></a>'
    return f"{html.escape(head)}{element}{html.escape(tail) if unit else ''}"


def _time(one: Period) -> str:
    stamp = one.text if "/" not in one.text else ""
    attribute = f' datetime="{stamp}"' if stamp else ""
    return f"<time{attribute}>{html.escape(period(one.text))}</time>"


def phrase(register: Register, *templates: str, **gaps: object) -> Phrase:
    """Write the first template whose gaps can all be filled.

    Parameters
    ----------
    register : Register
        Where the quantities are listed.
    *templates : str
        With gaps as in ``{output}``; ``{change:size}`` leaves out the sign,
        ``{share:bare}`` the unit.
    **gaps
        Quantities, phrases, periods, or words; None, False or an empty list is a value that
        is not known.

    Returns
    -------
    Phrase

    Raises
    ------
    NevbookError
        Where a template names a gap that was not given, or none can be filled.
    """
    for template in templates:
        fields = [name for _, name, _, _ in _FORMATTER.parse(template) if name]
        strange = [name for name in fields if name not in gaps]
        if strange:
            raise NevbookError(f"the sentence {template!r} has a gap {strange[0]!r} that nothing fills.")
        if not any(_unknown(gaps[name]) for name in fields):
            return _capital(_fill(register, template, gaps))
    raise NevbookError(f"no wording for what is missing beside {templates[0]!r}: end with one without gaps.")


def _unknown(gap: object) -> bool:
    """None, or what stands for it after "series and series[-1]"."""
    return gap is None or gap is False or gap == []


def _fill(register: Register, template: str, gaps: dict[str, object]) -> Phrase:
    texts: list[str] = []
    marked: list[str] = []
    used: list[Quantity] = []
    for literal, name, spec, _ in _FORMATTER.parse(template):
        texts.append(literal)
        marked.append(html.escape(literal, quote=False))
        if not name:
            continue
        gap = gaps[name]
        if isinstance(gap, Quantity):
            size_only, unit = "size" in (spec or ""), "bare" not in (spec or "")
            texts.append(plain(gap, unit, size_only))
            marked.append(data_element(gap, register, size_only, unit))
            used.append(gap)
        elif isinstance(gap, Phrase):
            texts.append(gap.text)
            marked.append(gap.html)
            used.extend(gap.used)
        elif isinstance(gap, Attributed):
            each = join(_fill(register, "{q} ({by})", {"q": q, "by": by}) for q, by in gap.items)
            texts.append(each.text)
            marked.append(each.html)
            used.extend(each.used)
        elif isinstance(gap, Period):
            texts.append(period(gap.text))
            marked.append(_time(gap))
        elif isinstance(gap, str):
            texts.append(gap)
            marked.append(html.escape(gap, quote=False))
        else:
            raise NevbookError(f"the gap {name!r} of {template!r} holds {gap!r}: give a quantity, a period or a word.")
    return Phrase("".join(texts), "".join(marked), tuple(used))


def _capital(written: Phrase) -> Phrase:
    """A sentence begins with a capital even where it begins with a word from a gap."""
    if written.text[:1].islower() and written.html[:1] == written.text[:1]:
        text, marked = (x[0].upper() + x[1:] for x in (written.text, written.html))
        return Phrase(text, marked, written.used)
    return written


def join(parts: Iterable[Phrase]) -> Phrase:
    """Join phrases as a list in a sentence: a, b and c."""
    items = list(parts)
    return Phrase(
        listing([p.text for p in items]), listing([p.html for p in items]), tuple(q for p in items for q in p.used)
    )


def in_sentence(name: str) -> str:
    """Write a name as it stands inside a sentence: without its capital, unless it is an abbreviation."""
    return name[0].lower() + name[1:] if name[1:2].islower() else name


def trend(q: Quantity | None) -> str | None:
    """Return the verb for a change: rose, fell, or barely moved where rounding hides which."""
    if not q:
        return None
    return word({1: "trend.up", -1: "trend.down", 0: "trend.flat"}[q.compare(0.0)])


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
        The inside of a list item.
    """
    data = register.data
    if q.formula in ("threshold", "count"):
        return f"<span>{html.escape(plain(q))}</span>. {word('value.' + q.formula)}"
    parts = [f"<strong>{html.escape(plain(q))}</strong>: {html.escape(name_of(q, data))}"]
    indicator = data.indicators[q.indicator]
    if q.observation is None:
        letters = {}
        for letter, one in zip("ab", q.inputs, strict=False):
            if one.formula == "threshold":
                letters[letter] = html.escape(plain(one))
            else:
                listed = register.number_of(one)
                letters[letter] = f'<a href="#nev-{listed}">{html.escape(plain(one))}</a>'
        parts.append(f"{word('value.computed')}: {word('formula.' + q.formula).format(**letters)}")
    else:
        parts.append(html.escape(indicator.definition.rstrip(".")))
        parts.append(source_html(q.observation, data))
    basis = data.bases.get((q.basis, q.indicator))
    if basis and basis.id != "as_published":
        parts.append(f"{word('value.basis').capitalize()} {html.escape(in_sentence(basis.name))}")
    parts.append(interval_text(q))
    if q.observation is not None and q.observation.note:
        parts.append(html.escape(q.observation.note.rstrip(".")))
    others = [r for r in q.others if r.source != (q.observation.source if q.observation else "")]
    if others:
        listed_others = "; ".join(_other(r, data) for r in others[:4])
        parts.append(f"{word('value.others')}: {listed_others}")
    return ". ".join(p.rstrip(".") for p in parts if p) + "."


def _other(row: Observation, data: Dataset) -> str:
    from .measures import quantity

    one = quantity(row)
    return f"{html.escape(plain(one))} ({html.escape(data.sources[row.source].publisher)})"


def name_of(q: Quantity, data: Dataset) -> str:
    """Name a quantity in words: what, of whom, when, and of which kind."""
    if q.indicator not in data.indicators:
        return ""
    name = data.indicators[q.indicator].name
    if q.derived:
        name = word(f"name.{q.formula}", name=in_sentence(name))
        name = name[0].upper() + name[1:]
    else:
        name += word(f"measure.{q.measure}")
    kind = word(f"kind.{q.kind}") if q.kind != "stated" else ""
    return ", ".join(x for x in (name, data.entities[q.entity].name, period(q.period), kind) if x)


def interval_text(q: Quantity) -> str:
    """Say what interval rounding allows."""
    if q.qualifier == ">" and not q.derived:
        return word("value.above")
    if q.qualifier == "<" and not q.derived:
        return word("value.below")
    if q.low == q.high or q.place is None:
        return word("value.exact") if q.low == q.high else ""
    place = q.place / 10
    if math.isinf(q.high):
        return word("value.at_least", low=number(q.low, q.unit, place, most=7)) if math.isfinite(q.low) else ""
    if math.isinf(q.low):
        return word("value.at_most", high=number(q.high, q.unit, place, most=7))
    low, high = (number(x, q.unit, place, most=7) for x in (q.low, q.high))
    return word("value.interval", low=low, high=high)


def source_html(row: Observation, data: Dataset) -> str:
    """Write where an observation was read: title linked, publisher, day, place in it, tier."""
    source = data.sources[row.source]
    title = html.escape(source.title)
    if source.url.startswith(("http://", "https://")):
        title = f'<a href="{html.escape(source.url)}" rel="noopener">{title}</a>'
    published = period(source.published) if source.published else ""
    rest = ", ".join(
        html.escape(x) for x in (source.publisher, published, row.locator, word(f"tier.{source.tier}")) if x
    )
    return f"{word('value.source')}: {title} ({rest})"


def sources_section(register: Register) -> str:
    """Write the list to which the numbers of a chapter lead.

    Parameters
    ----------
    register : Register
        What the chapter showed.

    Returns
    -------
    str
        An ordered list, inputs of computed figures included.
    """
    items: list[str] = []
    done = 0
    while done < len(register.entries):  # writing an entry may list further inputs
        key, (place, q) = list(register.entries.items())[done]
        items.append(f'<li id="nev-{place}" data-key="{html.escape(key)}">{where_from(q, register)}</li>')
        done += 1
    return f'<p>{word("sources.intro")}</p><ol class="nev-sources">{"".join(items)}</ol>'


__all__ = ["Phrase", "Register", "date", "phrase", "join", "trend", "plain", "data_element", "sources_section"]
