"""The search index of the chapters, in the place of Sphinx's, which knows no Chinese and shows code in excerpts."""

from __future__ import annotations

import html
import posixpath
import re
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.config import Config

from nevbook.common.i18n import gettext as _
from nevbook.site.search_index import Entry, chinese, write_index

# what is no text: scripts, drawings, code, marks of headings, citations
_CODE = re.compile(
    r'<(script|svg|style)\b.*?</\1>|<details class="(?:hide|nev-data nev-cite)">.*?</details>'
    r'|<div class="highlight.*?</pre>|<a class="headerlink".*?</a>',
    re.DOTALL,
)
_PROVENANCE = re.compile(r'<details class="nev-provenance">.*?</ol></details>', re.DOTALL)
_INLINE = re.compile(r"</?(?:a|b|cite|code|data|em|i|small|span|strong|sub|sup|time)\b[^>]*>")
_TAG = re.compile(r"<[^>]*>")
_SECTION = re.compile(r'<section[^>]* id="([^"]+)"[^>]*>\s*(?:<span id="[^"]*"></span>)*<h\d>(.*?)</h\d>', re.DOTALL)
# a row of a table that is looked for by itself: a term, a claim
_ROW = re.compile(r'<tr>((?:(?!</tr>).)*?id="((?:term|claim)-[^"]+)".*?)</tr>', re.DOTALL)
_CELL = re.compile(r"<(t[hd])\b[^>]*>(.*?)</\1>", re.DOTALL)


def plain(markup: str) -> str:
    """Return the text of markup, with spaces between cells."""
    return " ".join(html.unescape(_TAG.sub(" ", _INLINE.sub("", markup))).split())


def entries(name: str, address: str, title: str, body: str) -> list[Entry]:
    """Return a page of the book, and the terms and claims in it, as the search finds them."""
    shown = _CODE.sub(" ", body)
    text = _PROVENANCE.sub(" ", shown)
    start, *found = _SECTION.split(text)  # anchor, heading, text; anchor, ...
    parts = [(a, plain(h), plain(t)) for a, h, t in zip(found[::3], found[1::3], found[2::3], strict=True)]
    lesson = posixpath.basename(name).startswith("learn-")
    page = Entry(
        _("Lesson") if lesson else _("Chapter"), 0.8 if lesson else 1, address, plain(title), "", parts, chinese(shown)
    )
    rows = []
    for row, anchor in _ROW.findall(text):
        first, *rest = [plain(cell) for _kind, cell in _CELL.findall(row)]
        term = anchor.startswith("term-")
        rows.append(
            Entry(
                _("Term") if term else _("Claim"), 0.7 if term else 0.2, f"{address}#{anchor}", first,
                chinese(row), [("", "", " ".join(rest))],
            )
        )  # fmt: skip
    return [page, *rows]


def _collect(app: Sphinx, page: str, template: str, context: dict, doctree: nodes.document | None) -> None:
    if doctree is not None:
        address = app.builder.get_target_uri(page)
        app.nev_found[page] = entries(page, address, context["title"], context["body"])  # type: ignore[attr-defined]


def _replace(app: Sphinx, config: Config) -> None:
    config.html_additional_pages = config.html_additional_pages | {"search": "search.html"}


def _without_sphinx(app: Sphinx) -> None:
    app.builder.search = False  # type: ignore[attr-defined]


def _write(app: Sphinx, failure: Exception | None) -> None:
    if failure is None:
        found: dict[str, list[Entry]] = app.nev_found  # type: ignore[attr-defined]
        write_index(Path(app.outdir), "", [one for page in sorted(found) for one in found[page]])


def setup(app: Sphinx) -> dict[str, bool]:
    """Register with Sphinx."""
    app.nev_found = {}  # type: ignore[attr-defined]
    app.connect("config-inited", _replace)
    app.connect("builder-inited", _without_sphinx)
    app.connect("html-page-context", _collect)
    app.connect("build-finished", _write)
    return {"parallel_read_safe": True, "parallel_write_safe": False}
