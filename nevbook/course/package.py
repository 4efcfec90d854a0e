"""The files of a course: notebooks, tables, checks, what a fresh machine needs; as a folder, as archives."""

from __future__ import annotations

import dataclasses
import functools
import io
import json
import urllib.parse
import zipfile
from collections.abc import Iterable
from pathlib import Path

import pandas as pd
from markupsafe import Markup

from nevbook.common import config
from nevbook.common.config import Edition
from nevbook.common.errors import BuildError
from nevbook.common.files import read_json, write_whole
from nevbook.common.i18n import gettext as _
from nevbook.course.lesson import ARCHIVE, check_words, slips, tables
from nevbook.course.notebooks import ANSWER, PREFIX, STUB, Lesson, code, notebook, read, source, text_of
from nevbook.course.quiz import answer_key, moodle
from nevbook.course.readme import TEXT
from nevbook.data.dataset import Dataset
from nevbook.report import edition_label

NEEDS = ("pandas>=2.2,<4", "altair>=5.4,<7", "vl-convert-python>=1.7,<2", "jupyterlab>=4.2,<5")
README = "README.md"
MARK = "course.json"  # tells a folder that this command wrote, and what edition it is of
GUIDE_CHAPTER = "learn-guide"
_ENVIRONMENT = """name: made-in-chongqing
channels: [conda-forge]
dependencies:
  - python=3.12
  - pip
  - pip:
      - -r requirements.txt
"""
_CONTAINER = {
    "name": "Made in Chongqing",
    "image": "mcr.microsoft.com/devcontainers/python:3.12",
    "postCreateCommand": "python -m pip install -r requirements.txt",
    "customizations": {"vscode": {"extensions": ["ms-python.python", "ms-toolsai.jupyter"]}},
}
_EPOCH = (1980, 1, 1, 0, 0, 0)
Files = dict[str, bytes]


@dataclasses.dataclass(frozen=True)
class Course:
    """All that is handed out of an edition."""

    lessons: list[Lesson]  # in the order of the book
    tables: dict[str, pd.DataFrame]  # what the lessons work with
    guide: str  # for the teacher, in Markdown
    label: str  # the edition in words
    repository: tuple[str, str] = ("", "")  # address and branch of a repository that holds the course, or empty

    @functools.cached_property
    def written(self) -> Files:
        """The tables as CSV, by name; most lessons hand out the same ones."""
        return {name: _csv(table) for name, table in self.tables.items()}


def files(course: Course) -> Files:
    """Return every file of the course's folder, by path."""
    made: Files = {}
    shared = _shared(course.lessons, course.written)
    for folder, kind in (("student", "student"), ("solutions", "solution")):
        made |= {f"{folder}/{path}": content for path, content in shared.items()}
        for one in course.lessons:
            kept = course.repository if kind == "student" else ("", "")
            made[f"{folder}/{one.name}.ipynb"] = _json(notebook(one, kind, kept))
    for one in course.lessons:
        place = f"nbgrader/source/{one.name}/"
        made[f"{place}{one.name}.ipynb"] = _json(notebook(one, "nbgrader"))
        made |= {place + path: content for path, content in _shared([one], _used(one, course.written)).items()}
    first = course.lessons[0] if course.lessons else None
    about = {"year": first.year, "region": first.region} if first else {}
    listed = "\n".join(f"- `{one.name}.ipynb`: {one.title}" for one in course.lessons)
    fetch = _("- This course is kept at {address}.\n", address=course.repository[0]) if course.repository[0] else ""
    made |= {
        "nbgrader/nbgrader_config.py": _nbgrader().encode(),
        "requirements.txt": _lines(NEEDS),
        "requirements-colab.txt": _lines(n for n in NEEDS if not n.startswith(("jupyterlab", "pandas"))),
        "environment.yml": _ENVIRONMENT.encode(),
        "binder/requirements.txt": _lines(NEEDS),
        "binder/runtime.txt": b"python-3.12\n",
        ".devcontainer/devcontainer.json": _json(_CONTAINER),
        "KEY.html": answer_key(course.lessons, course.label),
        "quiz-moodle.xml": moodle(course.lessons),
        README: _(TEXT, label=course.label, lessons=listed, fetch=fetch).encode(),
    }
    if course.guide:
        made["GUIDE.md"] = course.guide.encode()
    made[MARK] = _json({"course": "made-in-chongqing", "files": sorted(made), **about})
    return made


def _nbgrader() -> str:
    return f'''c = get_config()
c.CourseDirectory.course_id = "made-in-chongqing"
c.ClearSolutions.code_stub = {{
    "python": "{_(STUB, name="answer")}"
}}
c.ClearSolutions.text_stub = "{_(ANSWER)}"
'''


def single(one: Lesson, course: Course) -> Files:
    """Return what a student needs for one lesson."""
    made = _shared([one], _used(one, course.written))
    made[f"{one.name}.ipynb"] = _json(notebook(one, "student"))
    made["requirements.txt"] = _lines(NEEDS)
    return made


def _shared(lessons: list[Lesson], written: Files) -> Files:
    exercises = {label: key["sealed"] for one in lessons for label, key in one.keys.items()}
    used = {name for key in exercises.values() for name, marks in key.get("slips", ())}
    charts = any("chart" in key for key in exercises.values())
    known = {n: text for n, text in slips().items() if n in used or (charts and n.startswith("chart_"))}
    checks = {"words": check_words(), "slips": known, "lessons": [one.name for one in lessons], "exercises": exercises}
    made = {f"{name}.py": code(name).encode() for name in ("classroom", "answers", "charts")}
    made["checks.json"] = _json(checks)
    return made | {f"data/{name}.csv": table for name, table in written.items()}


def _used(one: Lesson, written: Files) -> Files:
    text = "\n".join(source(c) for c in one.cells if c["cell_type"] == "code")
    always = ("values", "entities")
    return {name: table for name, table in written.items() if name in always or f"lesson.{name}" in text}


def _csv(table: pd.DataFrame) -> bytes:
    shown = table.astype({"year": "Int64"}) if "year" in table else table
    return shown.to_csv(index=False, lineterminator="\n").encode()


def _json(content: object) -> bytes:
    return (json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


def _lines(lines: Iterable[str]) -> bytes:
    return ("\n".join(lines) + "\n").encode()


def archive(content: Files, folder: str) -> bytes:
    """Return files as a ZIP archive with one folder in it, the same for the same files."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for path in sorted(content):
            about = zipfile.ZipInfo(f"{folder}/{path}", _EPOCH)
            about.compress_type = zipfile.ZIP_DEFLATED
            about.external_attr = 0o644 << 16
            made.writestr(about, content[path], compresslevel=6)
    return out.getvalue()


def write(content: Files, out: Path) -> None:
    """Write the files of a course; those that an earlier one wrote there go, anything else stays."""
    for path in set(read_json(out / MARK).get("files", ())) - set(content):
        (out / path).unlink(missing_ok=True)
    for path, text in content.items():
        write_whole(out / path, text)


FOLDER = "course"  # of an edition: one archive a lesson


def assemble(
    root: Path, edition: Edition, everything: Dataset, books: list[tuple[str, dict]], variant: int = 0
) -> Course:
    """Put together the course of executed chapters; raises BuildError where there is no lesson."""
    lessons = [one for name, book in books if name.startswith(PREFIX) and (one := read(book)) is not None]
    if not lessons:
        raise BuildError("the book has no lesson that its data carry: no course can be made.")
    year, region = lessons[0].year, lessons[0].region
    day = edition.as_of or max(r.recorded for r in everything.observations)
    data = everything.vintage(year, day)
    label, seen = edition_label.label(data, year, region), tables(data)
    if variant:
        label = _("{label}, variant {n}", label=label, n=variant)
    guide = next((text_of(book, "student") for name, book in books if name == GUIDE_CHAPTER), "")
    return Course(lessons, seen, guide, label, config.course(root))


def publish(made: Course, pages: Path) -> None:
    """Write the archives of a course into an edition's pages: the whole, and one for each lesson."""
    (pages / FOLDER).mkdir(parents=True, exist_ok=True)
    (pages / ARCHIVE).write_bytes(archive(files(made), "made-in-chongqing-course"))
    for one in made.lessons:
        (pages / FOLDER / f"{one.name}.zip").write_bytes(archive(single(one, made), one.name))


def links(root: Path, name: str) -> Markup:
    """Return, as HTML, where a lesson can be had: from the site itself, and from a repository that is set."""
    own, elsewhere = Markup(" download"), Markup(' rel="noopener"')
    found = [
        (f"{FOLDER}/{name}.zip", _("Download this lesson"), own),
        (ARCHIVE, _("Download the whole course"), own),
    ]
    address, branch = config.course(root)
    if address:
        place = urllib.parse.urlsplit(address)
        owner = place.path.strip("/").removesuffix(".git")
        path = f"student/{name}.ipynb"
        hosts = {"github.com": f"gh/{owner}", "gitlab.com": f"gl/{urllib.parse.quote(owner, safe='')}"}
        known = hosts.get(place.netloc, f"git/{urllib.parse.quote(address, safe='')}")
        binder = f"https://mybinder.org/v2/{known}/{branch}?labpath={urllib.parse.quote(path)}"
        found.append((binder, _("Open in Binder"), elsewhere))
        if place.netloc == "github.com":
            colab = f"https://colab.research.google.com/github/{owner}/blob/{branch}/{path}"
            found.append((colab, _("Open in Colab"), elsewhere))
    link = Markup('<a href="{}"{}>{}</a>').format
    return Markup('<p class="nev-launch">{}</p>').format(Markup(" ").join(link(a, m, text) for a, text, m in found))
