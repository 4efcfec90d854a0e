"""Run Sphinx on a staged edition, as Jupyter Book sets it up."""

from __future__ import annotations

import calendar
import contextlib
import importlib
import io
import os
from collections.abc import Iterator
from pathlib import Path

from nevbook.build.plan import Plan
from nevbook.common import config
from nevbook.common.config import PACKAGE
from nevbook.common.errors import BuildError
from nevbook.common.i18n import CHAPTERS, LOCALE, gettext as _, language
from nevbook.report import edition_label
from nevbook.report.charts import vega
from nevbook.site.layout import MARKS, SHELL

# What Sphinx and its extensions write and no page of the book asks for.
_LEFT = [".buildinfo", "objects.inv", ".nojekyll", "_static/*.png"]
_LEFT += [f"_static/{name}*.css" for name in ("basic", "pygments", "mystnb")]
_LEFT += [
    f"_static/{name}.js"
    for name in ("doctools", "sphinx_highlight", "searchtools", "language_data", "documentation_options")
]
# What takes Sphinx most of its start, besides its own extensions; one that is not there is passed over.
_LOADED_BY_SPHINX = (
    "docutils.parsers.rst", "bs4", "sphinx.application", "sphinx.builders.html", "sphinx.jinja2glue", "sqlalchemy",
    "myst_nb.core.render", "myst_nb.sphinx_ext", "jupyter_book.config",
    "sphinx_external_toc", "ipython_pygments_lexers", "nevbook.site.sphinx_ext.theme", "sphinx_exercise",
    "nevbook.site.sphinx_ext.exercises", "nevbook.site.sphinx_ext.glossary_links", "nevbook.site.sphinx_ext.search",
)  # fmt: skip


def warm() -> Iterator[str]:
    """Import what Sphinx will load for the pages, a module at a time, before editions are forked."""
    from sphinx.application import builtin_extensions

    for name in (*_LOADED_BY_SPHINX, *builtin_extensions):
        with contextlib.suppress(ImportError):
            importlib.import_module(name)
        yield name


def configured(settings: dict, folder: Path) -> dict:
    """Return the settings of Sphinx as Jupyter Book derives them from its own."""
    from jupyter_book.config import get_final_config

    made = get_final_config(
        user_yaml=settings, sourcedir=folder, cli_config={"latex_individualpages": False}, validate=False
    )[0]
    made.pop("comments_config", None)  # Jupyter Book sets it for an extension that is not used
    return made


def write_pages(root: Path, stage: Path, pages: Path, one: Plan, heads: dict) -> None:
    """Run Sphinx as Jupyter Book sets it up; a warning is an error."""
    from sphinx.application import Sphinx
    from sphinx.util.docutils import docutils_namespace, patch_docutils

    # nothing on a page may depend on the clock: for Sphinx it is the edition's day
    os.environ["SOURCE_DATE_EPOCH"] = str(calendar.timegm(one.as_of.timetuple()))
    settings = config.settings(root)
    settings.setdefault("execute", {})["execute_notebooks"] = "off"
    settings["exclude_patterns"] = []
    overrides = configured(settings, stage)
    edition = one.edition
    depth = len(Path(edition.path).parts)
    title = f"{settings['title']} {edition_label.called(one.data, edition.year, edition.region)}"
    up = "../" * depth
    links = [
        (up + "markets/index.html", _("Overseas markets")),
        (up + "indicators/index.html", _("All indicators")),
        (up + "sources.html", _("All sources")),
        ("data/index.html", _("Data of this edition")),
    ]
    overrides |= {
        "html_title": title,
        "html_static_path": [str(PACKAGE / "site" / "static")],
        "html_context": {
            "nev_root": up,
            "nev_edition": edition.path + "/",
            "nev_links": links,
            "nev_marks": MARKS,
            "nev_vega": f"{vega.FOLDER}/{vega.name()}",
            "nev_pages": heads,
            "nev_notice": edition_label.notice(one.data, edition.year, edition.region),
        },
        "html_additional_pages": {SHELL: "shell.html"},
        "nev_data": str(one.data.folder),
        "nitpicky": True,
        "nb_code_prompt_show": _("Show the code"),
        "nb_code_prompt_hide": _("Hide the code"),
        "language": language(),
        "locale_dirs": [str(LOCALE)],
        "gettext_compact": CHAPTERS,
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
