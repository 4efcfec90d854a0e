"""A Sphinx extension: on each page, the first use of a term of the field leads to the glossary."""

from __future__ import annotations

import html
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx

from nevbook.data.glossary import PAGE, Finder, Term, terms
from nevbook.data.package import data_folder

CLASS = "nev-term"
_NOT_IN = (nodes.reference, nodes.literal, nodes.title, nodes.table, nodes.raw, nodes.literal_block, nodes.math)
_PROSE = ('<p class="nev-prose">', '<ul class="nev-prose">')  # sentences that a chapter computed


def _link(text: str, one: Term) -> str:
    told = html.escape(one.definition)
    return f'<a class="{CLASS}" href="{one.address}" title="{told}">{html.escape(text, quote=False)}</a>'


def _read_terms(app: Sphinx) -> None:
    folder = Path(app.config.nev_data) if app.config.nev_data else None
    app.nev_terms = terms(data_folder(folder))  # type: ignore[attr-defined]


def _lead(app: Sphinx, tree: nodes.document, page: str) -> None:
    """Make links of first uses, in prose only: no heading, table, code or link is touched."""
    if page == PAGE or PAGE not in app.env.found_docs:
        return
    finder = Finder(app.nev_terms)  # type: ignore[attr-defined]
    for node in list(tree.findall(lambda n: isinstance(n, nodes.Text | nodes.raw))):
        if isinstance(node, nodes.raw):
            if node.get("format") == "html" and node.astext().startswith(_PROSE):
                node.children = [nodes.Text(finder.mark(node.astext(), _link))]
        elif _is_prose(node):
            pieces = finder.split(node.astext())
            if len(pieces) > 1:
                node.parent.replace(node, [_node(p) for p in pieces if p])


def _is_prose(node: nodes.Node) -> bool:
    above, within = node.parent, False
    while above is not None:
        if isinstance(above, _NOT_IN):
            return False
        within = within or isinstance(above, nodes.paragraph)
        above = above.parent
    return within


def _node(piece: str | tuple[str, Term]) -> nodes.Node:
    if isinstance(piece, str):
        return nodes.Text(piece)
    text, one = piece
    return nodes.reference(
        "", text, refuri=one.address, reftitle=one.definition, internal=True, classes=[CLASS]
    )  # fmt: skip


def setup(app: Sphinx) -> dict[str, bool]:
    """Register with Sphinx."""
    app.add_config_value("nev_data", "", "env")
    app.connect("builder-inited", _read_terms)
    app.connect("doctree-resolved", _lead, priority=800)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
