"""Stage an edition's executed chapters and have Sphinx write its pages."""

from __future__ import annotations

import contextlib
import csv
import io
import json
import os
import shutil
from pathlib import Path

import yaml

from . import audit, claims, config
from .config import Edition
from .dataset import PACKAGE_FILE, Dataset, read_descriptor, read_table
from .errors import BuildError
from .plan import PACKAGE, Plan


def write_edition(root: Path, data_dir: Path, one: Plan, work: Path) -> None:
    """Stage an edition's chapters with their figures drawn, run Sphinx, add its data."""
    stage = work / "stage" / one.edition.path
    pages = work / "pages" / one.edition.path
    for folder in (stage, pages):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
    for chapter in one.chapters:
        book = json.loads((work / "chapters" / f"{one.keys[chapter]}.ipynb").read_text(encoding="utf-8"))
        _draw_figures(book, work / "drawings")
        (stage / chapter.name).write_text(json.dumps(book, ensure_ascii=False), encoding="utf-8")
    toc = yaml.safe_load((root / config.TOC).read_text(encoding="utf-8"))
    (stage / config.TOC).write_text(yaml.safe_dump(_flat(toc), sort_keys=False), encoding="utf-8")
    _sphinx(root, stage, pages, one.edition)
    write_package(one.data, data_dir, pages / "data")
    findings = audit.audit(one.data, one.edition.year)
    audited = audit.as_json(one.data, findings, one.edition.year, one.as_of)
    (pages / "audit.json").write_text(audited, encoding="utf-8")


def _draw_figures(book: dict, cache: Path) -> None:
    from . import drawing, figures

    for cell in book["cells"]:
        for output in cell.get("outputs", []):
            spec = output.get("data", {}).pop(figures.MIME, None)
            if spec is not None:
                drawn = drawing.pictures(spec, cache)
                output["data"] = {"text/html": figures.frame_html(spec["usermeta"]["nevbook"], drawn)}


def _flat(node: object) -> object:
    """Return the table of contents with the chapters at the top of the edition's folder."""
    if isinstance(node, dict):
        return {k: Path(v).name if k in ("file", "root") else _flat(v) for k, v in node.items()}
    if isinstance(node, list):
        return [_flat(one) for one in node]
    return node


def _sphinx(root: Path, stage: Path, pages: Path, edition: Edition) -> None:
    """Run Sphinx as Jupyter Book sets it up; a warning is an error."""
    from jupyter_book.config import get_final_config
    from sphinx.application import Sphinx
    from sphinx.util.docutils import docutils_namespace, patch_docutils

    os.environ.setdefault("SOURCE_DATE_EPOCH", "0")  # nothing on a page may depend on the clock
    settings = yaml.safe_load((root / config.CONFIG).read_text(encoding="utf-8"))
    settings.pop("nevbook", None)
    settings.setdefault("execute", {})["execute_notebooks"] = "off"
    settings["exclude_patterns"] = []
    overrides, _ = get_final_config(
        user_yaml=settings, sourcedir=stage, cli_config={"latex_individualpages": False}, validate=False
    )
    overrides.pop("comments_config", None)  # Jupyter Book sets it for an extension that is not used
    depth = len(Path(edition.path).parts)
    title = f"{settings['title']} {edition.year}"
    overrides |= {
        "html_title": title,
        "html_static_path": [str(PACKAGE / "static")],
        "templates_path": [str(PACKAGE / "templates")],
        "html_context": {"nev_root": "../" * depth, "nev_edition": edition.path + "/", "default_mode": "auto"},
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
    for left in (".buildinfo", "objects.inv", ".nojekyll"):
        (pages / left).unlink(missing_ok=True)


def write_package(data: Dataset, data_dir: Path, out: Path) -> None:
    """Write the data package that an edition rests on.

    Parameters
    ----------
    data : Dataset
        As the edition sees it.
    data_dir : Path
        Where the whole package is.
    out : Path
        Folder for the edition's package.
    """
    out.mkdir(parents=True, exist_ok=True)
    seen = {r.id for r in data.observations}
    descriptor = read_descriptor(data_dir)
    for resource in descriptor["resources"]:
        name = resource["name"]
        rows = read_table(data_dir, name)
        if name == "observations":
            rows = [r for r in rows if r["id"] in seen]
        elif name == "claims":
            rows = [claims.seen_row(r, seen) for r in rows]
        target = out / resource["path"]
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("w", encoding="utf-8", newline="") as handle:
            writer = csv.DictWriter(handle, [f["name"] for f in resource["schema"]["fields"]], lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
    text = json.dumps(descriptor, ensure_ascii=False, indent=2) + "\n"
    (out / PACKAGE_FILE).write_text(text, encoding="utf-8")
