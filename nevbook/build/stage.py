"""Stage an edition's executed chapters and have Sphinx write its pages."""

from __future__ import annotations

from pathlib import Path

from nevbook.common.i18n import chapter_text, gettext as _
from nevbook.site.citation import Citation


def title_of(book: dict, name: str) -> str:
    """Return the first heading of a chapter."""
    lines = (line for c in book["cells"] if c["cell_type"] == "markdown" for line in "".join(c["source"]).splitlines())
    return next((chapter_text(line[2:].strip()) for line in lines if line.startswith("# ")), name)


def draw_figures(book: dict, cache: Path, pages: Path, cited: Citation, chapter: str, page: str) -> None:
    """Draw the charts of an executed chapter and put each, in its frame, in the place of its specification."""
    from nevbook.report.charts import files, renderer

    prefix = f"figures/{Path(page).stem}/"
    for cell in book["cells"]:
        for output in cell.get("outputs", []):
            spec = output.get("data", {}).pop(renderer.MIME, None)
            if spec is not None:
                what = _("{figure} (figure in {chapter})", figure=str(spec["title"]["text"]), chapter=chapter)
                name = spec["usermeta"]["nevbook"]["id"]
                box = cited.box(_("Cite this figure"), what, f"{page}#fig-{name}", full=False)
                framed = files.framed(spec, cache, pages / prefix, prefix, cite=box)
                output["data"] = {"text/html": framed}


def html_cell(name: str, inner: str) -> dict:
    """Return a cell that shows what is written here: where to get a lesson, how to cite a chapter."""
    # its source is on no page; without one, myst-nb would leave out the cell
    shown = {"output_type": "display_data", "metadata": {}, "data": {"text/html": inner}}
    return {
        "cell_type": "code", "id": f"nev-{name}", "source": f"# {name}", "outputs": [shown],
        "execution_count": None, "metadata": {"tags": ["remove-input"]},
    }  # fmt: skip


def flat(node: object) -> object:
    """Return the table of contents with the chapters at the top of the edition's folder."""
    if isinstance(node, dict):
        return {k: Path(v).name if k in ("file", "root") else flat(v) for k, v in node.items()}
    if isinstance(node, list):
        return [flat(one) for one in node]
    return node
