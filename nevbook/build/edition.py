"""Write one edition: its pages, its data, its downloads."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import yaml

from nevbook.analysis.audit import audit
from nevbook.build.plan import Plan
from nevbook.build.sphinx import write_pages
from nevbook.build.stage import draw_figures, flat, html_cell, title_of
from nevbook.common import config
from nevbook.common.errors import BuildError
from nevbook.common.i18n import gettext as _
from nevbook.common.processes import each
from nevbook.course import notebooks, package as course_package
from nevbook.data.dataset import load
from nevbook.data.package import read_descriptor
from nevbook.export import package, tables
from nevbook.report import edition_label, findings
from nevbook.site import citation, metadata
from nevbook.site.data_page import write_data_page

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
    cited = citation.work(root, edition_label.label(one.data, one.edition.year, region), one.edition.path, day)
    described = citation.described(one.data, read_descriptor(data_dir), cited, region, "data/")
    books: list[tuple[str, dict]] = []
    tops = {}
    for chapter in one.chapters:
        book = json.loads(one.output(chapter, work).read_text(encoding="utf-8"))
        page, title = f"{one.edition.path}/{chapter.stem}.html", title_of(book, chapter.stem)
        tops[chapter.stem] = metadata.head(book, cited, page, pages, work / "drawings")
        draw_figures(book, work / "drawings", pages, cited, title, page)
        books.append((chapter.stem, {"cells": [*book["cells"]]}))
        lesson = notebooks.read(book)
        if lesson is not None:
            book["cells"].insert(1, html_cell("launch", course_package.links(root, lesson.name)))
        book["cells"].append(html_cell("closing", cited.box(_("Cite this chapter"), title, page) + described))
        (stage / chapter.name).write_text(json.dumps(book, ensure_ascii=False), encoding="utf-8")
    toc = yaml.safe_load((root / config.TOC).read_text(encoding="utf-8"))
    (stage / config.TOC).write_text(yaml.safe_dump(flat(toc), sort_keys=False), encoding="utf-8")
    about = {"year": one.edition.year, "region": region, "as_of": day.isoformat(), "label": cited.label}

    def write_data() -> None:
        package.write_all(one.data, data_dir, pages / "data", about)
        if any(notebooks.read(book) is not None for _, book in books):
            course_package.publish(course_package.assemble(root, one.edition, load(data_dir), books), pages)
        found = audit.audit(one.data, one.edition.year)
        audited = findings.as_json(one.data, found, one.edition.year, one.as_of)
        (pages / "audit.json").write_text(audited, encoding="utf-8")

    # the pages and what is downloaded need nothing of each other: side by side
    steps = (lambda: write_pages(root, stage, pages, one, day, tops), write_data)
    each(steps, len(steps), lambda step: step(), lambda *_: None, lambda _, failure: BuildError(failure), TIME_LIMIT)
    written = package.files(pages / "data", pages / "data" / tables.database_name(read_descriptor(data_dir)))
    write_data_page(pages, written, cited, citation.described(one.data, read_descriptor(data_dir), cited, region, ""))
