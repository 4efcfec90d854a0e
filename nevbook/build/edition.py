"""Write one edition in three steps: stage its chapters, have Sphinx write its pages, write its downloads."""

from __future__ import annotations

import shutil
from pathlib import Path

from nevbook.analysis.audit import audit
from nevbook.build.plan import Plan
from nevbook.build.sphinx import write_pages
from nevbook.build.stage import Books, stage_chapters
from nevbook.common.errors import BuildError
from nevbook.common.files import writing
from nevbook.common.processes import each
from nevbook.course import notebooks, package as course_package
from nevbook.data.dataset import load
from nevbook.data.package import read_descriptor
from nevbook.export import package, tables
from nevbook.report import edition_label, findings
from nevbook.site import citation
from nevbook.site.data_page import write_data_page


def write_edition(root: Path, data_dir: Path, one: Plan, work: Path) -> None:
    """Write the pages, the data and the downloads of an edition into the working folder."""
    stage, pages = (work / name / one.edition.path for name in ("stage", "pages"))
    for folder in (stage, pages):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
    descriptor, region = read_descriptor(data_dir), one.edition.region
    label = edition_label.label(one.data, one.edition.year, region)
    cited = citation.work(root, label, one.edition.path, one.as_of)
    described = citation.described(one.data, descriptor, cited, region, "data/")
    books, heads = stage_chapters(root, one, work, cited, described)
    # the pages and what is downloaded need nothing of each other: side by side
    steps = {
        "pages by Sphinx": lambda: write_pages(root, stage, pages, one, heads),
        "downloads": lambda: write_downloads(root, data_dir, one, pages, books, label),
    }

    def take(step: str) -> None:
        with writing(pages):
            steps[step]()

    each(list(steps), len(steps), take, lambda *_: None, lambda step, failure: BuildError(f"{step}: {failure}"))
    written = package.files(pages / "data", pages / "data" / tables.database_name(descriptor))
    write_data_page(pages, written, cited, citation.described(one.data, descriptor, cited, region, ""))


def write_downloads(root: Path, data_dir: Path, one: Plan, pages: Path, books: Books, label: str) -> None:
    """Write the data package, the course and the audit of an edition beside its pages."""
    edition = one.edition
    about = {"year": edition.year, "region": edition.region, "as_of": one.as_of.isoformat(), "label": label}
    package.write_all(one.data, data_dir, pages / "data", about)
    if any(notebooks.read(book) is not None for _, book in books):
        course_package.publish(course_package.assemble(root, edition, load(data_dir), books), pages)
    found = audit.audit(one.data, edition.year)
    audited = findings.as_json(one.data, found, edition.year, one.as_of)
    (pages / "audit.json").write_text(audited, encoding="utf-8")
