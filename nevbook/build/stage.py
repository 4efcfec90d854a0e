"""Stage an edition's executed chapters for Sphinx: their figures drawn, what is said of every page added."""

from __future__ import annotations

import json
import re
from pathlib import Path

import yaml
from markupsafe import Markup

from nevbook.build.plan import Plan
from nevbook.common import config
from nevbook.common.errors import BuildError
from nevbook.common.i18n import chapter_text, gettext as _
from nevbook.course import notebooks, package
from nevbook.course.lesson import MIME
from nevbook.report.charts import files, renderer
from nevbook.site import metadata
from nevbook.site.citation import Citation

Books = list[tuple[str, dict]]  # name and notebook of each chapter


def stage_chapters(root: Path, one: Plan, work: Path, cited: Citation, described: Markup) -> tuple[Books, dict]:
    """Write chapters and table of contents where Sphinx reads them; return them as executed, and their heads."""
    stage, pages, cache = (*(work / name / one.edition.path for name in ("stage", "pages")), work / "drawings")
    books: Books = []
    heads = {}
    for chapter in one.chapters:
        book = json.loads(one.output(chapter, work).read_text(encoding="utf-8"))
        page, title = f"{one.edition.path}/{chapter.stem}.html", title_of(book, chapter.stem)
        lesson = notebooks.read(book)
        if lesson is None:
            require_parts(book, chapter)
        heads[chapter.stem] = metadata.head(book, cited, page, pages, cache)
        draw_figures(book, cache, pages, cited, title, page)
        books.append((chapter.stem, {"cells": [*book["cells"]]}))
        if lesson is not None:
            book["cells"].insert(1, html_cell("launch", package.links(root, lesson.name)))
        book["cells"].append(html_cell("closing", cited.box(_("Cite this chapter"), title, page) + described))
        book["cells"] = [_for_sphinx(cell) for cell in book["cells"]]
        (stage / chapter.name).write_text(json.dumps(book, ensure_ascii=False), encoding="utf-8")
    toc = flat(config.read_yaml(root / config.TOC))
    (stage / config.TOC).write_text(yaml.safe_dump(toc, sort_keys=False), encoding="utf-8")
    return books, heads


def title_of(book: dict, name: str) -> str:
    """Return the first heading of a chapter."""
    lines = (line for c in book["cells"] if c["cell_type"] == "markdown" for line in "".join(c["source"]).splitlines())
    return next((chapter_text(line[2:].strip()) for line in lines if line.startswith("# ")), name)


def require_parts(book: dict, chapter: Path) -> None:
    """Raise BuildError where a chapter with charts leaves out what every reader looks for first."""
    outputs = [o.get("data", {}) for c in book["cells"] for o in c.get("outputs", [])]
    if not any(renderer.MIME in data for data in outputs):
        return
    shown = "".join("".join(data.get("text/html", "")) for data in outputs)
    lead = re.match(r"# .+\n\n\*\*[^*]+\*\*", "".join(book["cells"][0]["source"]))
    parts = {
        "a lead: a line in bold below its title": lead,
        "takeaways: book.takeaways(...)": "nev-takeaways" in shown,
        "a note of what is not known: book.unknown(...)": "nev-unknown" in shown,
    }
    missing = [part for part, found in parts.items() if not found]
    if missing:
        raise BuildError(f"{chapter.name}: the chapter has charts but not {', nor '.join(missing)}.")


def draw_figures(book: dict, cache: Path, pages: Path, cited: Citation, chapter: str, page: str) -> None:
    """Draw the charts of an executed chapter and put each, in its frame, in the place of its specification.

    A cell may name figures that its own has replaced, ``formerly`` in its metadata: links to them lead here.
    """
    prefix = f"figures/{Path(page).stem}/"
    for cell in book["cells"]:
        for name in cell["metadata"].get("formerly", []):
            cell["outputs"].insert(0, _shown(f'<span id="fig-{name}"></span>'))
        for output in cell.get("outputs", []):
            spec = output.get("data", {}).pop(renderer.MIME, None)
            if spec is not None:
                what = _("{figure} (figure in {chapter})", figure=str(spec["title"]["text"]), chapter=chapter)
                name = spec["usermeta"]["nevbook"]["id"]
                box = cited.box(_("Cite this figure"), what, f"{page}#fig-{name}", full=False)
                framed = files.framed(spec, cache, pages / prefix, prefix, cite=box)
                output["data"] = {"text/html": framed}


def _for_sphinx(cell: dict) -> dict:
    """Leave out what a cell tells the course: Sphinx warns of each kind of a shown output that it does not know."""
    if not cell.get("outputs"):
        return cell
    own = [
        o | {"data": {k: v for k, v in o["data"].items() if k != MIME}} if "data" in o else o for o in cell["outputs"]
    ]
    return cell | {"outputs": own}


def html_cell(name: str, inner: str) -> dict:
    """Return a cell that shows what is written here: where to get a lesson, how to cite a chapter."""
    # its source is on no page; without one, myst-nb would leave out the cell
    return {
        "cell_type": "code", "id": f"nev-{name}", "source": f"# {name}", "outputs": [_shown(inner)],
        "execution_count": None, "metadata": {"tags": ["remove-input"]},
    }  # fmt: skip


def _shown(inner: str) -> dict:
    return {"output_type": "display_data", "metadata": {}, "data": {"text/html": inner}}


def flat(node: object) -> object:
    """Return the table of contents with the chapters at the top of the edition's folder."""
    if isinstance(node, dict):
        kinds = {"file": lambda v: Path(v).name, "root": lambda v: Path(v).name, "caption": chapter_text}
        return {k: kinds.get(k, flat)(v) for k, v in node.items()}
    if isinstance(node, list):
        return [flat(one) for one in node]
    return node
