"""Reference tables: dictionary, ways of counting, corrections, sources, versions."""

from __future__ import annotations

import html
from collections import Counter
from importlib.metadata import version

from IPython.display import HTML, display

from nevbook.analysis.quantities import quantity
from nevbook.common.formatting import period
from nevbook.common.html import table
from nevbook.common.i18n import word
from nevbook.data.dataset import Dataset
from nevbook.data.glossary import terms
from nevbook.report.quantity_text import name_of, plain
from nevbook.report.source_cards import correction_text, linked

SHOWN_VERSIONS = ("jupyter-book", "sphinx", "papermill", "pandas", "altair", "vl-convert-python", "frictionless")


def _show(head: list[str], rows: list[list[str]], caption: str) -> None:
    display(HTML(table([word(h) for h in head], rows, word(caption))))


def dictionary(data: Dataset) -> None:
    """Show every indicator of which the edition has an observation, by theme."""
    used = Counter(r.indicator for r in data.observations)
    shown = [i for i in data.indicators.values() if used[i.id]]
    themes = list(dict.fromkeys(i.theme for i in data.indicators.values()))
    shown.sort(key=lambda i: themes.index(i.theme))
    _show(
        ["about.indicator", "about.chinese", "about.theme", "about.unit", "about.definition", "about.observations"],
        [
            [
                f"{html.escape(i.name)} <code>{html.escape(i.id)}</code>",
                f'<span lang="zh">{html.escape(i.name_zh)}</span>',
                html.escape(word(f"theme.{i.theme}")),
                html.escape(word(f"name.{i.unit}")),
                html.escape(i.definition),
                str(used[i.id]),
            ]
            for i in shown
        ],
        "about.dictionary",
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
        ["about.basis", "about.definition", "about.used_for"],
        [
            [
                html.escape(first[b].name),
                html.escape(first[b].definition),
                html.escape("; ".join(n[:8]) + (" \N{HORIZONTAL ELLIPSIS}" if len(n) > 8 else "")),
            ]
            for b, n in names.items()
        ],
        "about.bases",
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
            said = html.escape(word("glossary.dataset", name=named.name))
        rows.append(
            [
                f'<strong id="term-{one.id}">{html.escape(one.term)}</strong>',
                f'<span lang="zh">{html.escape(one.term_zh)}</span>',
                html.escape(one.definition),
                said,
            ]
        )
    _show(["glossary.term", "about.chinese", "about.definition", "about.source"], rows, "glossary.caption")


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
        _show(["card.figure", "about.source", "card.corrected", "about.why"], rows, "about.corrections")
    else:
        display(HTML(f"<p>{html.escape(word('about.corrected_none'))}</p>"))


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
        summary = word(f"about.tier.{tier}", n=len(listed))
        inner = f'<ul class="nev-sources">{"".join(items)}</ul>'
        parts.append(f'<details class="nev-tier"><summary>{html.escape(summary)}</summary>{inner}</details>')
    display(HTML("".join(parts)))


def versions() -> None:
    """Show the versions of the main libraries."""
    _show(
        ["about.library", "about.version"],
        [[html.escape(name), html.escape(version(name))] for name in SHOWN_VERSIONS],
        "about.versions",
    )
