"""From executed lessons, by the tags of their cells, to notebooks for students, solutions and nbgrader."""

from __future__ import annotations

import ast
import dataclasses
import html
import re
from collections.abc import Iterator

from nevbook.common.config import PACKAGE
from nevbook.common.i18n import N_, gettext as _
from nevbook.course.answers import FINER, SPELLINGS, split
from nevbook.course.lesson import MIME

PREFIX = "learn-"  # of the chapters that may be lessons
KINDS = ("student", "solution", "nbgrader")
FENCE = re.compile(r"```\{exercise\} (?P<title>[^\n]*)\n:label: (?P<label>\S+)\n\n(?P<text>.*?)\n```", re.DOTALL)
_SOURCES = re.compile(r"\n## Where the figures of this lesson come from\s*$")
_PLACES = re.compile(r"\n+## Where the figures of this page come from\s*$")
_GATE = re.compile(r"```\{solution-(?:start|end)\}[^`]*```", re.DOTALL)
_LINK = re.compile(r"\[([^\]]+)\]\(([\w-]+)\.ipynb(?:#[\w-]*)?\)")
STUB = N_("{name} = ...  # your answer in the place of the dots; no need to round a number")
ANSWER = N_("*Write your answer here.*")
_POINTS = {"checked": 2, "chart": 4, "open": 4}
_GIVEN = """given = [answer]
try:
    given = [answer.item()]
except:
    try:
        given = given if answer.__class__ is "".__class__ else [*answer]
    except:
        pass"""
_COLAB = """import os, subprocess, sys

if "google.colab" in sys.modules and not os.path.exists("classroom.py"):
    subprocess.run(["git", "clone", "-q", "--depth", "1", "-b", "{branch}", "{address}", "course"], check=True)
    os.chdir("course/student")
    sys.path.insert(0, os.getcwd())
    subprocess.run([sys.executable, "-m", "pip", "install", "-q", "-r", "../requirements-colab.txt"], check=True)"""


@dataclasses.dataclass(frozen=True)
class Lesson:
    """An executed lesson."""

    name: str  # of its notebook in the course
    title: str  # its heading
    year: int  # the newest year that it sees
    region: str  # entity id of its region
    names: dict[str, object]  # variables that its cells find
    keys: dict[str, dict]  # of each checked exercise what tells answers: ``sealed`` and ``raw``
    cells: list[dict]  # as executed


def code(name: str) -> str:
    """Return a module of this room as it stands beside the notebooks of a course."""
    return (PACKAGE / "course" / f"{name}.py").read_text(encoding="utf-8").replace("from nevbook.course.", "from ")


def read(book: dict) -> Lesson | None:
    """Return the lesson that an executed chapter is; None for one that is none, or lacks its data."""
    told = [o["data"][MIME] for c in book["cells"] for o in c.get("outputs", []) if MIME in o.get("data", {})]
    start = next((t for t in told if "lesson" in t), None)
    if start is None or any("stopped" in t for t in told):
        return None
    title = next(line[2:] for line in source(book["cells"][0]).splitlines() if line.startswith("# "))
    keys = {t["exercise"]: t for t in told if "exercise" in t}
    return Lesson(start["lesson"], title, start["year"], start["region"], start["names"], keys, book["cells"])


def source(cell: dict) -> str:
    """Return the text of a cell."""
    return "".join(cell["source"])


def tags(cell: dict) -> set[str]:
    """Return the tags of a cell."""
    return set(cell["metadata"].get("tags", []))


def notebook(one: Lesson, kind: str, kept: tuple[str, str] = ("", "")) -> dict:
    """Return a lesson as a notebook."""
    cells = []
    for cell in _cells(one, kind, kept):
        made = {"id": cell["id"], "cell_type": cell["type"], "metadata": cell.get("metadata", {})}
        made["source"] = cell["source"]
        if kind == "solution":  # what `jupyter nbconvert --to slides` reads
            made["metadata"] = made["metadata"] | {"slideshow": {"slide_type": _slide(cell)}}
        cells.append(made | ({"outputs": [], "execution_count": None} if cell["type"] == "code" else {}))
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    about = {"kernelspec": kernel, "language_info": {"name": "python"}}
    return {"cells": cells, "metadata": about, "nbformat": 4, "nbformat_minor": 5}


def _slide(cell: dict) -> str:
    """Return what a cell is among slides; hints and solutions are the speaker's notes."""
    text = cell["source"]
    if cell["type"] == "code":
        return "skip" if text.startswith(("lesson.check", "from classroom")) else "fragment"
    if text.startswith(("<details>", f"**{_('Solution')}")):
        return "notes"
    return "slide" if text.startswith("#") else "subslide"


def _cells(one: Lesson, kind: str, kept: tuple[str, str]) -> Iterator[dict]:
    label, number = "", 0
    for cell in one.cells:
        known, text = tags(cell), source(cell)
        if known & {"parameters", "injected-parameters", "key", "book"}:
            continue
        if "open" in known:
            if kept[0]:
                yield _code("colab", _COLAB.format(address=kept[0], branch=kept[1]))
            yield _code("setup", _setup(one))
        elif "exercise" in known:
            number, found = number + 1, FENCE.search(text)
            if found is None:
                raise ValueError(f"{one.name}, cell {cell['id']}: not an exercise")
            label = found["label"]
            heading = _("Exercise {n}. {title}", n=number, title=found["title"])
            yield _markdown(cell["id"], f"### {heading}\n\n{found['text']}", _graded(kind, cell["id"]))
        elif "solution" in known:
            yield from _solution(one, kind, label, cell)
        elif "check" in known:
            if kind == "nbgrader":
                text = f"{text.rstrip(')')}, strict=True)\n{_hidden(one.keys[label])}"
            points = _POINTS["chart" if "check_chart" in text else "checked"]
            yield _code(cell["id"], text, _graded(kind, cell["id"], points=points))
        elif cell["cell_type"] == "markdown":
            yield _markdown(cell["id"], _plain(text))
        elif "remove-input" in known:
            if told := said(cell):
                yield _markdown(cell["id"], told)
        else:
            yield _code(cell["id"], text)


def _hidden(key: dict) -> str:
    """Return the tests that students do not get: they judge alone, whatever a notebook made of ``lesson`` or a name."""
    if key["raw"] is None:
        judge = code("charts").split("from __future__ import annotations\n")[1]
        test = [judge, f"assert chart_faults(answer, {key['sealed']['chart']!r}) == [], 'Not right.'"]
        return "\n".join(["### BEGIN HIDDEN TESTS", "from builtins import *", *test, "### END HIDDEN TESTS"])
    right, to = ast.literal_eval(key["raw"]["right"]), key["raw"]["to"]
    tests = []
    for n, part in enumerate(parts := split(right)):
        given = f"given[{n}]"
        if isinstance(part, str):
            same = [part, *(k for k, word in SPELLINGS.items() if word == part)]
            tests.append(f"""assert " ".join("".__class__({given}).casefold().split()).strip(".\\"'") in {same!r}""")
        else:  # the classes of literals: a name as `float` may be another's by now
            span = 0 if key["sealed"]["whole"] else to * (0.5 + 1 / FINER)
            tests.append(f"assert {-span!r} <= (0.0).__class__({given}) - {part!r} <= {span!r}")
    tests = [f"{test}, 'Not right.'" for test in (f"assert given.__len__() == {len(parts)}", *tests)]
    return "\n".join(["### BEGIN HIDDEN TESTS", _GIVEN, *tests, "### END HIDDEN TESTS"])


def _solution(one: Lesson, kind: str, label: str, cell: dict) -> Iterator[dict]:
    text = source(cell)
    if cell["cell_type"] == "code":
        if text.startswith("answer = truth"):
            text = f"answer = {one.keys[label]['raw']['right']}"
        if kind == "nbgrader":
            text = f"### BEGIN SOLUTION\n{text}\n### END SOLUTION"
        elif kind == "student":
            text = _(STUB, name=_asked(one, label))
        yield _code(cell["id"], text, _graded(kind, cell["id"], solution=True))
        return
    told = _plain(_GATE.sub("", text)).strip()
    opens = "{solution-start}" in text
    if opens and told:  # an open exercise: its answer is written, and marked by a person
        if kind == "solution":
            yield _markdown(cell["id"], f"**{_('Solution')}.** {told}")
        else:
            meta = _graded(kind, cell["id"], points=_POINTS["open"], solution=True)
            yield _markdown(cell["id"], _(ANSWER) if kind == "student" else told, meta)
    elif told and kind == "solution":
        yield _markdown(cell["id"], f"**{_('Solution')}.** {told}")


def _asked(one: Lesson, label: str) -> str:
    """Return the variable that the check of an exercise looks at."""
    check = next(source(c) for c in one.cells if c["id"] == f"{label}-check")
    return check.rstrip(")").split(", ")[1]


def _setup(one: Lesson) -> str:
    lines = ["from classroom import open_lesson", "", f'lesson = open_lesson("{one.name}")']
    return "\n".join(lines + [f"{name} = {value!r}" for name, value in one.names.items()])


def _graded(kind: str, name: str, points: int = 0, solution: bool = False) -> dict:
    """Return what nbgrader wants to know of a cell."""
    if kind != "nbgrader":
        return {}
    about = {
        "grade": bool(points), "grade_id": name, "locked": not solution, "schema_version": 3, "solution": solution,
        "task": False,
    }  # fmt: skip
    return {"nbgrader": about | ({"points": points} if points else {})}


def _markdown(name: str, text: str, metadata: dict | None = None) -> dict:
    return {"id": name, "type": "markdown", "source": text, "metadata": metadata or {}}


def _code(name: str, text: str, metadata: dict | None = None) -> dict:
    return {"id": name, "type": "code", "source": text, "metadata": metadata or {}}


def _plain(text: str) -> str:
    """Write Markdown of the book as Markdown of a notebook that stands alone."""

    def link(found: re.Match[str]) -> str:
        name = found[2].removeprefix(PREFIX)
        return f"[{found[1]}]({name}.ipynb)" if found[2].startswith(PREFIX) else f"*{found[1]}*"

    sources = _("*Every row of `lesson.values` names the source and the publisher of its figure.*")
    return _LINK.sub(link, _SOURCES.sub(f"\n{sources}", text))


def said(cell: dict) -> str:
    """Return as Markdown what a cell of the book wrote."""
    shown = [o["data"]["text/html"] for o in cell.get("outputs", []) if "text/html" in o.get("data", {})]
    return "\n\n".join(filter(None, (_markdown_of("".join(x)) for x in shown)))


def _markdown_of(text: str) -> str:
    """Write HTML as Markdown; a name that the dataset brings stays text: no tag, link, code or emphasis."""
    parts = re.split(r"(<[^>]+>)", re.sub(r"\s+", " ", text))
    parts[::2] = [re.sub(r"[\\`*\[\]<]", r"\\\g<0>", html.unescape(part)) for part in parts[::2]]
    text = "".join(parts)
    for pattern, mark in ((r"</?strong>", "**"), (r"</?em>", "*"), (r"<li>", "\n- "), (r"</?p[^>]*>", "\n\n")):
        text = re.sub(rf"(?<!\\){pattern}", mark, text)
    return re.sub(r"(?<!\\)<[^>]+>", "", text).strip()


def text_of(book: dict, folder: str) -> str:
    """Return an executed chapter that has no code to be read as one Markdown text."""
    kept = [c for c in book["cells"] if "book" not in tags(c)]
    parts = [_plain(source(c)) if c["cell_type"] == "markdown" else said(c) for c in kept]
    text = _PLACES.sub("", "\n\n".join(filter(None, parts)))
    return re.sub(r"\]\(([\w-]+\.ipynb)\)", rf"]({folder}/\1)", text) + "\n"
