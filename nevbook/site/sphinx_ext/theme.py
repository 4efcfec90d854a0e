"""The extension that `_config.yml` names, also for a stock ``jupyter-book build``: theme, words, formulas."""

from __future__ import annotations

import html

from docutils import nodes
from docutils.utils.math.latex2mathml import tex2mathml
from markupsafe import Markup
from myst_nb.sphinx_ import HideCodeCellNode
from sphinx.application import Sphinx

from nevbook.common.config import PACKAGE
from nevbook.common.i18n import gettext

THEME = PACKAGE / "site" / "themes" / "nevbook"


def _give_words(app: Sphinx, page: str, template: str, context: dict, doctree: nodes.document | None) -> None:
    context["_"] = lambda message: html.escape(gettext(message))  # ours, not Sphinx's


def _fold_below(app: Sphinx, tree: nodes.document, page: str) -> None:
    """Put the folded code of a cell below what it shows."""
    for code in list(tree.findall(HideCodeCellNode)):
        if len(code.parent) > 1 and code.parent.index(code) == 0:
            code.parent.append(code.parent.pop(0))


def _formula(writer: object, node: nodes.Element) -> None:
    """Write a formula as MathML, which browsers draw by themselves; MathJax would come from another host."""
    block = isinstance(node, nodes.math_block)
    text = node.astext()
    try:
        made = tex2mathml(text, inline=not block)
    except SyntaxError:
        made = f"<code>{html.escape(text)}</code>"
    anchor = f' id="{html.escape(node["ids"][0])}"' if node.get("ids") else ""
    name = "div" if block else "span"
    writer.body.append(f'<{name} class="math"{anchor}>{made}</{name}>')  # type: ignore[attr-defined]
    raise nodes.SkipNode


def _open_folded(writer: object, node: nodes.Element) -> None:
    """Begin a folded cell; MyST-NB's own has paragraphs in the summary, which HTML does not allow."""
    prompts = Markup('<span class="collapsed">{}</span><span class="expanded">{}</span>')
    shown = prompts.format(node["prompt_show"], node["prompt_hide"])
    writer.body.append(f'<details class="hide"><summary>{shown}</summary>\n')  # type: ignore[attr-defined]


def _close_folded(writer: object, node: nodes.Element) -> None:
    writer.body.append("</details>\n")  # type: ignore[attr-defined]


def setup(app: Sphinx) -> dict[str, object]:
    """Register with Sphinx."""
    app.add_html_theme("nevbook", str(THEME))
    app.add_html_math_renderer("mathml", (_formula, None), (_formula, None))
    app.setup_extension("myst_nb")
    app.add_node(HideCodeCellNode, override=True, html=(_open_folded, _close_folded))
    app.connect("doctree-resolved", _fold_below)
    app.connect("html-page-context", _give_words)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
