"""Reference tables: dictionary, ways of counting, corrections, sources, versions."""

from __future__ import annotations

import html
from collections import Counter
from importlib.metadata import version

from IPython.display import HTML, display

from nevbook.analysis.quantities import quantity
from nevbook.common.formatting import period
from nevbook.common.html import table
from nevbook.common.i18n import gettext as _
from nevbook.common.vocabulary import THEMES, TIER_HEADINGS, UNITS
from nevbook.data.dataset import Dataset
from nevbook.data.glossary import terms
from nevbook.report.quantity_text import name_of, plain
from nevbook.report.source_cards import correction_text, linked

SHOWN_VERSIONS = ("jupyter-book", "sphinx", "papermill", "pandas", "altair", "vl-convert-python", "frictionless")


def _show(head: list[str], rows: list[list[str]], caption: str) -> None:
    display(HTML(table(head, rows, caption)))


def dictionary(data: Dataset) -> None:
    """Show every indicator of which the edition has an observation, by theme."""
    used = Counter(r.indicator for r in data.observations)
    shown = [i for i in data.indicators.values() if used[i.id]]
    themes = list(dict.fromkeys(i.theme for i in data.indicators.values()))
    shown.sort(key=lambda i: themes.index(i.theme))
    _show(
        [_("Indicator"), _("In Chinese"), _("Theme"), _("Unit"), _("What it counts"), _("Observations")],
        [
            [
                f"{html.escape(i.name)} <code>{html.escape(i.id)}</code>",
                f'<span lang="zh">{html.escape(i.name_zh)}</span>',
                html.escape(_(THEMES[i.theme])),
                html.escape(_(UNITS[i.unit])),
                html.escape(i.definition),
                str(used[i.id]),
            ]
            for i in shown
        ],
        _("Indicators of this edition"),
    )


def bases(data: Dataset) -> None:
    """Show every way of counting, with the indicators it is used for."""
    used = {(r.basis, r.indicator) for r in data.observations}
    names: dict[str, list[str]] = {}
    for key, basis in data.bases.items():
        if key in used:
            names.setdefault(basis.id, []).append(data.indicators[basis.indicator].name)
    first = {b.id: b for b in reversed(list(data.bases.values()))}
    _show(
        [_("Way of counting"), _("What it counts"), _("Used for")],
        [
            [
                html.escape(first[b].name),
                html.escape(first[b].definition),
                html.escape("; ".join(n[:8]) + (" \N{HORIZONTAL ELLIPSIS}" if len(n) > 8 else "")),
            ]
            for b, n in names.items()
        ],
        _("Ways of counting in this edition"),
    )


def glossary(data: Dataset) -> None:
    """Show the terms of the field, each with its Chinese name, its definition and its source."""
    rows = []
    for one in sorted(terms(data.folder), key=lambda t: t.term.casefold()):
        source = data.sources.get(one.source)
        if source is not None:
            said = f"{html.escape(source.publisher)}: {linked(source.title, source)}"
        else:
            named = data.indicators[one.indicator]
            said = html.escape(_("this dataset's definition of {name}", name=named.name))
        rows.append(
            [
                f'<strong id="term-{one.id}">{html.escape(one.term)}</strong>',
                f'<span lang="zh">{html.escape(one.term_zh)}</span>',
                html.escape(one.definition),
                said,
            ]
        )
    _show([_("Term"), _("In Chinese"), _("What it counts"), _("Source")], rows, _("Terms of the field"))


def corrections(data: Dataset) -> None:
    """Show what was corrected in the figures that the edition sees, or that nothing was."""
    raw = {r.id: r for r in data.raw}
    rows = []
    for one in data.corrections:
        stated = raw[one.row]
        source = data.sources[stated.source]
        rows.append(
            [
                html.escape(f"{name_of(quantity(stated), data)}: {plain(quantity(stated))}"),
                linked(source.title, source),
                html.escape(correction_text(one)),
                html.escape(one.reason),
            ]
        )
    if rows:
        _show(
            [_("Figure as its source has it"), _("Source"), _("Corrected here"), _("Why")],
            rows,
            _("Figures corrected in this edition"),
        )
    else:
        display(HTML(f"<p>{html.escape(_('No figure that this edition sees is corrected.'))}</p>"))


def sources_by_tier(data: Dataset) -> None:
    """Show every source that the edition rests on, by tier, with its terms."""
    used = Counter(r.source for r in data.observations)
    parts = []
    for tier in ("official", "press", "secondary"):
        listed = sorted(
            (s for s in data.sources.values() if s.tier == tier and used[s.id]),
            key=lambda s: (s.publisher, s.published, s.id),
        )
        items = []
        for s in listed:
            title = html.escape(s.title)
            if s.url.startswith(("http://", "https://")):
                title = f'<a href="{html.escape(s.url)}" rel="noopener">{title}</a>'
            when = f", {html.escape(period(s.published))}" if s.published else ""
            items.append(
                f"<li>{html.escape(s.publisher)}: {title}{when}. {html.escape(s.licence)}. ({used[s.id]})</li>"
            )
        summary = _(TIER_HEADINGS[tier], n=len(listed))
        inner = f'<ul class="nev-sources">{"".join(items)}</ul>'
        parts.append(f'<details class="nev-tier"><summary>{html.escape(summary)}</summary>{inner}</details>')
    display(HTML("".join(parts)))


def versions() -> None:
    """Show the versions of the main libraries."""
    _show(
        [_("Library"), _("Version")],
        [[html.escape(name), html.escape(version(name))] for name in SHOWN_VERSIONS],
        _("Main libraries"),
    )
