"""Make the course of an edition: execute its lessons, or take those that a build has executed."""

from __future__ import annotations

import html
import json
import tempfile
import urllib.parse
from pathlib import Path

from . import config, partial
from .config import Edition
from .course import PREFIX, read
from .course_files import Course, archive, files, guide_of, single
from .datapackage import data_folder
from .dataset import Dataset, load
from .errors import BuildError
from .lesson import ARCHIVE, tables
from .plan import chapters
from .words import word

FOLDER = "course"  # of an edition: one archive a lesson


def course(root: Path, edition: Edition, data_dir: Path | None = None, workers: int = 2) -> Course:
    """Execute the lessons of an edition.

    Parameters
    ----------
    root : Path
        The repository.
    edition : Edition
        Year, region, day.
    data_dir : Path, optional
        The data folder; the repository's if not given.
    workers : int
        Processes at a time.

    Returns
    -------
    Course
    """
    from .execute import Job, check_parameters, execute

    folder = data_folder(data_dir or root / "data")
    parameters = {"year": edition.year, "region": edition.region, "data_dir": str(folder)}
    taken = [p for p in chapters(root) if p.stem.startswith(PREFIX)]
    with tempfile.TemporaryDirectory() as work:
        jobs = [Job(p, Path(work) / p.name, parameters) for p in taken]
        for job in jobs:
            check_parameters(job.notebook, parameters)
        execute(jobs, workers, lambda job, seconds: None)
        books = [(j.notebook.stem, json.loads(j.output.read_text(encoding="utf-8"))) for j in jobs]
    return assemble(root, edition, load(folder), books)


def assemble(root: Path, edition: Edition, everything: Dataset, books: list[tuple[str, dict]]) -> Course:
    """Put together the course of executed chapters.

    Parameters
    ----------
    root : Path
        The repository, for its settings.
    edition : Edition
        As asked for; the lessons may see a later year.
    everything : Dataset
        The whole dataset.
    books : list of (str, dict)
        Executed chapters by name, in the order of the book.

    Returns
    -------
    Course

    Raises
    ------
    BuildError
        Where there is no lesson.
    """
    lessons = [one for name, book in books if name.startswith(PREFIX) and (one := read(book)) is not None]
    if not lessons:
        raise BuildError("the book has no lesson that its data carry: no course can be made.")
    year, region = lessons[0].year, lessons[0].region
    day = edition.as_of or max(r.recorded for r in everything.observations)
    data = everything.as_seen(year, day)
    label, seen = partial.label(data, year, region), tables(data, day)
    return Course(lessons, seen, guide_of(books), label, config.course(root))


def publish(made: Course, pages: Path) -> None:
    """Write the archives of a course into an edition's pages: the whole, and one for each lesson."""
    (pages / FOLDER).mkdir(parents=True, exist_ok=True)
    (pages / ARCHIVE).write_bytes(archive(files(made), "made-in-chongqing-course"))
    for one in made.lessons:
        (pages / FOLDER / f"{one.name}.zip").write_bytes(archive(single(one, made), one.name))


def links(root: Path, name: str) -> str:
    """Return, as HTML, where a lesson can be had: from the site itself, and from a repository that is set.

    Parameters
    ----------
    root : Path
        The repository, for its settings.
    name : str
        Of the lesson.

    Returns
    -------
    str
    """
    found = [
        (f"{FOLDER}/{name}.zip", word("course.download"), " download"),
        (ARCHIVE, word("course.download.all"), " download"),
    ]
    address, branch = config.course(root)
    if address:
        place = urllib.parse.urlsplit(address)
        owner = place.path.strip("/").removesuffix(".git")
        path = f"student/{name}.ipynb"
        hosts = {"github.com": f"gh/{owner}", "gitlab.com": f"gl/{urllib.parse.quote(owner, safe='')}"}
        known = hosts.get(place.netloc, f"git/{urllib.parse.quote(address, safe='')}")
        binder = f"https://mybinder.org/v2/{known}/{branch}?labpath={urllib.parse.quote(path)}"
        found.append((binder, word("course.binder"), ' rel="noopener"'))
        if place.netloc == "github.com":
            colab = f"https://colab.research.google.com/github/{owner}/blob/{branch}/{path}"
            found.append((colab, word("course.colab"), ' rel="noopener"'))
    shown = " ".join(f'<a href="{html.escape(a)}"{more}>{html.escape(text)}</a>' for a, text, more in found)
    return f'<p class="nev-launch">{shown}</p>'
