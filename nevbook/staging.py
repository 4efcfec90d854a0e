"""Stage an edition's executed chapters and have Sphinx write its pages."""

from __future__ import annotations

import calendar
import contextlib
import datetime as dt
import html
import importlib
import io
import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import yaml

from . import audit, citation, config, course, course_make, export, heads, live, partial
from .citation import Work
from .datapackage import read_descriptor
from .dataset import load
from .errors import BuildError
from .plan import PACKAGE, Plan
from .pool import each
from .shell import MARKS, SHELL, Shell, template
from .tables import table
from .words import word

# What Sphinx and its extensions write and no page of the book asks for.
_LEFT = [".buildinfo", "objects.inv", ".nojekyll", "_static/*.png"]
_LEFT += [f"_static/{name}*.css" for name in ("basic", "pygments", "mystnb")]
# What takes Sphinx most of its start, besides its own extensions; one that is not there is passed over.
_LOADED_BY_SPHINX = (
    "docutils.parsers.rst", "bs4", "sphinx.application", "sphinx.builders.html", "sphinx.jinja2glue", "sqlalchemy",
    "myst_nb.core.render", "myst_nb.sphinx_ext", "jupyter_book.config",
    "sphinx_external_toc", "ipython_pygments_lexers", "nevbook.look", "sphinx_exercise",
    "nevbook.folding", "nevbook.terms",
)  # fmt: skip


TIME_LIMIT = 600  # seconds for the pages or the data of one edition; they take two or three


def write_edition(root: Path, data_dir: Path, one: Plan, work: Path) -> None:
    """Stage an edition's chapters with their figures drawn, run Sphinx, add its data."""
    stage = work / "stage" / one.edition.path
    pages = work / "pages" / one.edition.path
    for folder in (stage, pages):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
    day = one.as_of
    region = one.edition.region
    cited = citation.work(root, partial.label(one.data, one.edition.year, region), one.edition.path, day)
    described = citation.described(one.data, read_descriptor(data_dir), cited, region, "data/")
    books: list[tuple[str, dict]] = []
    tops = {}
    for chapter in one.chapters:
        book = json.loads((work / "chapters" / f"{one.keys[chapter]}.ipynb").read_text(encoding="utf-8"))
        page, title = f"{one.edition.path}/{chapter.stem}.html", _title(book, chapter.stem)
        tops[chapter.stem] = heads.head(book, cited, page, pages, work / "drawings")
        _draw_figures(book, work / "drawings", pages, cited, title, page)
        books.append((chapter.stem, {"cells": [*book["cells"]]}))
        lesson = course.read(book)
        if lesson is not None:
            book["cells"].insert(1, _written("launch", course_make.links(root, lesson.name)))
        book["cells"].append(_written("closing", cited.box("chapter", title, page) + described))
        (stage / chapter.name).write_text(json.dumps(book, ensure_ascii=False), encoding="utf-8")
    toc = yaml.safe_load((root / config.TOC).read_text(encoding="utf-8"))
    (stage / config.TOC).write_text(yaml.safe_dump(_flat(toc), sort_keys=False), encoding="utf-8")
    about = {"year": one.edition.year, "region": region, "as_of": day.isoformat(), "label": cited.label}

    def write_data() -> None:
        export.write_all(one.data, data_dir, pages / "data", about)
        if any(course.read(book) is not None for _, book in books):
            course_make.publish(course_make.assemble(root, one.edition, load(data_dir), books), pages)
        findings = audit.audit(one.data, one.edition.year)
        audited = audit.as_json(one.data, findings, one.edition.year, one.as_of)
        (pages / "audit.json").write_text(audited, encoding="utf-8")

    # the pages and what is downloaded need nothing of each other: side by side
    steps = (lambda: _sphinx(root, stage, pages, one, day, tops), write_data)
    each(steps, len(steps), lambda step: step(), lambda *_: None, lambda _, failure: BuildError(failure), TIME_LIMIT)
    written = export.files(pages / "data", pages / "data" / export.database_name(read_descriptor(data_dir)))
    _landing(pages, written, cited, citation.described(one.data, read_descriptor(data_dir), cited, region, ""))


def warm() -> Iterator[str]:
    """Import what Sphinx will load for the pages, a module at a time, before editions are forked.

    Yields
    ------
    str
        The module just imported.
    """
    from sphinx.application import builtin_extensions

    for name in (*_LOADED_BY_SPHINX, *builtin_extensions):
        with contextlib.suppress(ImportError):
            importlib.import_module(name)
        yield name


def _title(book: dict, name: str) -> str:
    """Return the first heading of a chapter."""
    lines = (line for c in book["cells"] if c["cell_type"] == "markdown" for line in "".join(c["source"]).splitlines())
    return next((line[2:].strip() for line in lines if line.startswith("# ")), name)


def _draw_figures(book: dict, cache: Path, pages: Path, cited: Work, chapter: str, page: str) -> None:
    from . import figure_files, figures

    prefix = f"figures/{Path(page).stem}/"
    for cell in book["cells"]:
        for output in cell.get("outputs", []):
            spec = output.get("data", {}).pop(figures.MIME, None)
            if spec is not None:
                what = word("cite.in", figure=str(spec["title"]["text"]), chapter=chapter)
                name = spec["usermeta"]["nevbook"]["id"]
                box = cited.box("figure", what, f"{page}#fig-{name}", full=False)
                framed = figure_files.framed(spec, cache, pages / prefix, prefix, cite=box)
                output["data"] = {"text/html": framed}


def _written(name: str, inner: str) -> dict:
    """Return a cell that shows what is written here: where to get a lesson, how to cite a chapter."""
    # its source is on no page; without one, myst-nb would leave out the cell
    shown = {"output_type": "display_data", "metadata": {}, "data": {"text/html": inner}}
    return {
        "cell_type": "code", "id": f"nev-{name}", "source": f"# {name}", "outputs": [shown],
        "execution_count": None, "metadata": {"tags": ["remove-input"]},
    }  # fmt: skip


def _landing(pages: Path, written: list[Path], cited: Work, described: str) -> None:
    """Write the page of the edition's data: its files, licence, citation."""
    folder = pages / "data"
    descriptor = read_descriptor(folder)
    what = {
        written[0]: word("export.descriptor"),
        written[1]: word("export.readme.what"),
        written[-1]: word("export.database"),
        written[-2]: word("database.metadata"),
    }
    for resource in descriptor["resources"]:
        rows = len(json.loads((folder / export.json_path(resource)).read_text(encoding="utf-8")))
        for path, kind in ((resource["path"], "CSV"), (export.json_path(resource), "JSON")):
            what[folder / path] = word("export.table", title=resource["title"], rows=f"{rows:,}", format=kind)
    body = []
    for path in written:
        name = html.escape(path.relative_to(folder).as_posix())
        body.append([f'<a href="{name}" download>{name}</a>', html.escape(what[path]), _size(path.stat().st_size)])
    each = sorted((folder / "markets").glob("*.json"))
    if each:  # hundreds; their pages link to them
        size = _size(sum(p.stat().st_size for p in each))
        body.append(["markets/*.json", html.escape(word("export.each_market", n=f"{len(each):,}")), size])
    columns = [word(f"export.{k}") for k in ("file", "content", "size")]
    article = template("nev-data.html").render(
        files=table(columns, body, word("export.files")),
        licence=descriptor["licenses"][0],
        box=cited.box("data", descriptor["title"], f"{cited.path}/data/index.html"),
        described=described,
    )
    name = word("export.heading")
    address = cited.at(f"{cited.path}/data/index.html")
    page = Shell(pages).page(name, article, "../", heads.of_page(name, cited), address)
    (folder / "index.html").write_text(page, encoding="utf-8")


def _size(octets: int) -> str:
    key, n = ("export.bytes", octets) if octets < 1000 else ("export.kilobytes", round(octets / 1000))
    return word(key, n=f"{n:,}")


def _flat(node: object) -> object:
    """Return the table of contents with the chapters at the top of the edition's folder."""
    if isinstance(node, dict):
        return {k: Path(v).name if k in ("file", "root") else _flat(v) for k, v in node.items()}
    if isinstance(node, list):
        return [_flat(one) for one in node]
    return node


def _sphinx(root: Path, stage: Path, pages: Path, one: Plan, day: dt.date, tops: dict) -> None:
    """Run Sphinx as Jupyter Book sets it up; a warning is an error."""
    from jupyter_book.config import get_final_config
    from sphinx.application import Sphinx
    from sphinx.util.docutils import docutils_namespace, patch_docutils

    # nothing on a page may depend on the clock: for Sphinx it is the edition's day
    os.environ["SOURCE_DATE_EPOCH"] = str(calendar.timegm(day.timetuple()))
    settings = config.settings(root)
    settings.setdefault("execute", {})["execute_notebooks"] = "off"
    settings["exclude_patterns"] = []
    overrides, _ = get_final_config(
        user_yaml=settings, sourcedir=stage, cli_config={"latex_individualpages": False}, validate=False
    )
    overrides.pop("comments_config", None)  # Jupyter Book sets it for an extension that is not used
    edition = one.edition
    depth = len(Path(edition.path).parts)
    title = f"{settings['title']} {partial.called(one.data, edition.year, edition.region)}"
    up = "../" * depth
    links = [
        (up + "markets/index.html", word("nav.markets")),
        (up + "indicators/index.html", word("nav.indicators")),
        (up + "sources.html", word("nav.sources")),
        ("data/index.html", word("nav.data")),
    ]
    overrides |= {
        "html_title": title,
        "html_static_path": [str(PACKAGE / "static")],
        "html_context": {
            "nev_root": up,
            "nev_edition": edition.path + "/",
            "nev_links": links,
            "nev_marks": MARKS,
            "nev_vega": f"{live.FOLDER}/{live.name()}",
            "nev_pages": tops,
            "nev_notice": partial.notice(one.data, edition.year, edition.region),
        },
        "html_additional_pages": {SHELL: "shell.html"},
        "nev_data": str(one.data.folder),
        "nitpicky": True,
    }
    said = io.StringIO()
    with contextlib.chdir(stage), patch_docutils(), docutils_namespace():
        app = Sphinx(
            srcdir=stage, confdir=None, outdir=pages, doctreedir=stage / ".doctrees", buildername="html",
            confoverrides=overrides, status=None, warning=said, freshenv=True, warningiserror=True, keep_going=True,
        )  # fmt: skip
        app.build()
    if app.statuscode or said.getvalue().strip():
        raise BuildError(f"Sphinx is not content:\n{said.getvalue().strip()}")
    for left in _LEFT:
        for path in pages.glob(left):
            path.unlink()
