"""A Sphinx extension: exercises in the book's look, solutions folded away without a script."""

from __future__ import annotations

import re
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx_exercise.nodes import exercise_enumerable_node, exercise_node, solution_node

from nevbook.common.i18n import gettext as _


def _mend(app: Sphinx, tree: nodes.document, name: str) -> None:
    """Number the exercises of a page from one; take out the sections with the same id in each."""
    found = list(tree.findall(lambda n: isinstance(n, exercise_node | exercise_enumerable_node)))
    for number, one in enumerate(found, start=1):
        title = next(c for c in one.children if isinstance(c, nodes.title))
        bare = re.sub(r"^\s*\((.*)\)$", r"\1", title.astext())
        text = _("Exercise {n}. {title}", n=number, title=bare)
        # no title: Sphinx would write its own number before it, which counts through the whole book
        one.replace(title, nodes.paragraph(text, text, classes=["admonition-title"]))
    for one in list(tree.findall(solution_node)):
        one.remove(next(c for c in one.children if isinstance(c, nodes.title)))
        found.append(one)
    for one in found:
        for part in [c for c in one.children if isinstance(c, nodes.section)]:
            one.replace(part, part.children)


def _visit_exercise(self: Any, node: nodes.Element) -> None:
    self.body.append(self.starttag(node, "div", CLASS="nev-exercise"))


def _depart_exercise(self: Any, node: nodes.Element) -> None:
    self.body.append("</div>\n")


def _visit_solution(self: Any, node: nodes.Element) -> None:
    self.body.append(self.starttag(node, "details", CLASS="nev-solution"))
    self.body.append(f"<summary>{self.encode(_('Solution'))}</summary>\n")


def _depart_solution(self: Any, node: nodes.Element) -> None:
    self.body.append("</details>\n")


def _no_style(app: Sphinx, exception: Exception | None) -> None:
    (app.outdir / "_static" / "exercise.css").unlink(missing_ok=True)


def _without(app: Sphinx, name: str, template: str, context: dict[str, Any], tree: nodes.document | None) -> None:
    files = context.get("css_files")
    if files is not None:
        context["css_files"] = [f for f in files if not str(getattr(f, "filename", f)).endswith("exercise.css")]


def setup(app: Sphinx) -> dict[str, bool]:
    """Register with Sphinx, after sphinx-exercise."""
    app.setup_extension("sphinx_exercise")
    for kind in (exercise_node, exercise_enumerable_node):
        app.add_node(kind, override=True, html=(_visit_exercise, _depart_exercise))
    app.add_node(solution_node, override=True, html=(_visit_solution, _depart_solution))
    app.connect("doctree-resolved", _mend)
    app.connect("html-page-context", _without, priority=900)
    app.connect("build-finished", _no_style, priority=900)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
