"""Reference tables: dictionary, ways of counting, corrections, sources, versions."""

from __future__ import annotations

from collections import Counter
from importlib.metadata import version

from IPython.display import HTML, display
from markupsafe import Markup

from nevbook.analysis.quantities import quantity
from nevbook.common.formatting import period
from nevbook.common.html import table
from nevbook.common.i18n import gettext as _
from nevbook.common.vocabulary import THEMES, TIER_HEADINGS, UNITS
from nevbook.data.dataset import Dataset
from nevbook.data.glossary import terms
from nevbook.report.charts.vega import LICENCES
from nevbook.report.quantity_text import name_of, plain
from nevbook.report.source_cards import correction_text, linked

SHOWN_VERSIONS = ("jupyter-book", "sphinx", "papermill", "pandas", "altair", "vl-convert-python", "frictionless")
_CHINESE = Markup('<span lang="zh">{}</span>')
_TIER = Markup('<details class="nev-tier"><summary>{}</summary><ul class="nev-sources">{}</ul></details>')


def _show(head: list[str], rows: list[list[str]], caption: str) -> None:
    display(HTML(table(head, rows, caption)))


def dictionary(data: Dataset) -> None:
    """Show every indicator of which the edition has an observation, by theme."""
    used = Counter(r.indicator for r in data.observations)
    shown = [i for i in data.indicators.values() if used[i.id]]
    themes = list(dict.fromkeys(i.theme for i in data.indicators.values()))
    shown.sort(key=lambda i: themes.index(i.theme))
    rows = [
        [
            Markup("{} <code>{}</code>").format(i.name, i.id),
            _CHINESE.format(i.name_zh),
            _(THEMES[i.theme]),
            _(UNITS[i.unit]),
            i.definition,
            str(used[i.id]),
        ]
        for i in shown
    ]
    head = [_("Indicator"), _("In Chinese"), _("Theme"), _("Unit"), _("What it counts"), _("Observations")]
    _show(head, rows, _("Indicators of this edition"))


def bases(data: Dataset) -> None:
    """Show every way of counting, with the indicators it is used for."""
    used = {(r.basis, r.indicator) for r in data.observations}
    names: dict[str, list[str]] = {}
    for key, basis in data.bases.items():
        if key in used:
            names.setdefault(basis.id, []).append(data.indicators[basis.indicator].name)
    first = {b.id: b for b in reversed(list(data.bases.values()))}
    rows = [
        [first[b].name, first[b].definition, "; ".join(n[:8]) + (" \N{HORIZONTAL ELLIPSIS}" if len(n) > 8 else "")]
        for b, n in names.items()
    ]
    _show([_("Counting method"), _("What it counts"), _("Used for")], rows, _("Counting methods in this edition"))


def glossary(data: Dataset) -> None:
    """Show the terms of the field, each with its Chinese name, its definition and its source."""
    rows = []
    for one in sorted(terms(data.folder), key=lambda t: t.term.casefold()):
        source = data.sources.get(one.source)
        if source is not None:
            said: str = Markup("{}: {}").format(source.publisher, linked(source.title, source))
        else:
            said = _("this dataset's definition of {name}", name=data.indicators[one.indicator].name)
        name = Markup('<strong id="term-{}">{}</strong>').format(one.id, one.term)
        rows.append([name, _CHINESE.format(one.term_zh), one.definition, said])
    _show([_("Term"), _("In Chinese"), _("What it counts"), _("Source")], rows, _("Terms of the field"))


def corrections(data: Dataset) -> None:
    """Show what was corrected in the figures that the edition sees, or that nothing was."""
    raw = {r.id: r for r in data.raw}
    rows = []
    for one in data.corrections:
        stated = raw[one.row]
        source = data.sources[stated.source]
        what = f"{name_of(quantity(stated), data)}: {plain(quantity(stated))}"
        rows.append([what, linked(source.title, source), correction_text(one), one.reason])
    if rows:
        head = [_("Figure as its source has it"), _("Source"), _("Corrected here"), _("Why")]
        _show(head, rows, _("Figures corrected in this edition"))
    else:
        display(HTML(Markup("<p>{}</p>").format(_("No figure that this edition sees is corrected."))))


def sources_by_tier(data: Dataset) -> None:
    """Show every source that the edition rests on, by tier, with its terms."""
    used = Counter(r.source for r in data.observations)
    parts = []
    for tier, heading in TIER_HEADINGS.items():
        listed = sorted(
            (s for s in data.sources.values() if s.tier == tier and used[s.id]),
            key=lambda s: (s.publisher, s.published, s.id),
        )
        items = [
            Markup("<li>{}: {}{}. {}. ({})</li>").format(
                s.publisher, linked(s.title, s), s.published and f", {period(s.published)}", s.licence, used[s.id]
            )
            for s in listed
        ]
        parts.append(_TIER.format(_(heading, n=len(listed)), Markup("").join(items)))
    display(HTML(Markup("").join(parts)))


def versions() -> None:
    """Show the versions of the main libraries, and under which licences a page hands on code of others."""
    rows = [[name, version(name)] for name in SHOWN_VERSIONS]
    _show([_("Library"), _("Version")], rows, _("Main libraries"))
    said = Markup(_('Live charts are drawn by Vega and what it is made of: <a href="{href}">their licences</a>.'))
    display(HTML(Markup('<p class="nev-prose">{}</p>').format(said.format(href=f"_static/{LICENCES}"))))
