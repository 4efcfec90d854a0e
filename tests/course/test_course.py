"""The course: one source a lesson, notebooks for students, teachers and nbgrader, checks that know the slips."""

from __future__ import annotations

import contextlib
import io
import json
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import nbformat
import pytest

from nevbook.build import plan
from nevbook.course import answers, classroom
from nevbook.course.lesson import open_lesson
from nevbook.course.notebooks import PREFIX
from nevbook.data.markets.dataset import load_markets
from tests.conftest import ROOT, nevbook, once

MIME = "application/vnd.nevbook.lesson.v1+json"
SOURCES = [p for p in plan.chapters(ROOT) if p.stem.startswith(PREFIX) and p.stem != "learn-guide"]
NAMES = [p.stem.removeprefix(PREFIX) for p in SOURCES]


def made(tmp_path_factory: pytest.TempPathFactory, year: int, variant: int = 0) -> Path:
    def make(place: Path) -> None:
        done = nevbook(ROOT, "course", str(place), "--year", str(year), "--variant", str(variant))
        assert done.returncode == 0, done.stdout + done.stderr

    return once(tmp_path_factory, f"course-{year}" + f"-{variant}" * bool(variant), make)


@pytest.fixture(scope="session")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The course of the newest edition; not to be written to."""
    return made(tmp_path_factory, 2025)


@pytest.fixture(scope="session")
def earlier(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made(tmp_path_factory, 2024)


@pytest.fixture(scope="session")
def variant(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made(tmp_path_factory, 2025, 3)


def cells(path: Path) -> list[nbformat.NotebookNode]:
    book = nbformat.read(path, as_version=4)
    nbformat.validate(book)
    return book.cells


def said(folder: Path, exercise: str, answer: object) -> str:
    checks = json.loads((folder / "checks.json").read_text(encoding="utf-8"))
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        classroom.Lesson({}, checks).check(exercise, answer)
    return " ".join(out.getvalue().split())


RUN = """
import contextlib, io, json, pathlib, sys

for folder in map(pathlib.Path, sys.argv[1:]):
    sys.modules.pop("classroom", None)
    sys.path.insert(0, str(folder))
    for path in sorted(folder.glob("*.ipynb")):
        cells = [c for c in json.loads(path.read_text(encoding="utf-8"))["cells"] if c["cell_type"] == "code"]
        said = io.StringIO()
        with contextlib.redirect_stdout(said):
            exec("\\n\\n".join("".join(c["source"]) for c in cells).replace("lesson.show(", "id("), {})
        print(json.dumps([str(path), said.getvalue()]))
    sys.path.pop(0)
"""


def run(*folders: Path) -> dict[Path, str]:
    """Run the code of every notebook in folders, as a script without nevbook; what each prints."""
    command = [sys.executable, "-I", "-c", RUN, *map(str, folders)]
    done = subprocess.run(command, cwd=folders[0], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr[-2000:]
    return {Path(path): said for path, said in map(json.loads, done.stdout.splitlines())}


def test_solutions_are_right_and_nothing_needs_an_answer(course: Path, earlier: Path, variant: Path) -> None:
    folders = [made / kind for made in (course, earlier, variant) for kind in ("student", "solutions")]
    for path, said_ in run(*folders).items():
        checks = sum(c.source.startswith("lesson.check") for c in cells(path))
        assert checks >= 3 and said_.count("No answer yet" if path.parent.name == "student" else "Right.") == checks, (
            path
        )


def test_at_most_a_quarter_of_the_answers_is_shared(course: Path, earlier: Path, variant: Path) -> None:
    seen = [
        json.loads((c / "student" / "checks.json").read_text(encoding="utf-8"))["exercises"]
        for c in (course, earlier, variant)
    ]
    for other in seen[1:]:
        assert len(other) >= 50 and seen[0].keys() == other.keys()
        same = [k for k in other if other[k].get("right", other[k]) == seen[0][k].get("right", seen[0][k])]
        assert len(same) <= len(other) / 4, same


@pytest.mark.parametrize("folder", ["student", "solutions"])
def test_a_notebook_runs_in_a_kernel(course: Path, tmp_path: Path, folder: str) -> None:
    from nbclient import NotebookClient

    place = Path(shutil.copytree(course / folder, tmp_path / folder))
    book = nbformat.read(place / "points.ipynb", as_version=4)
    NotebookClient(book, timeout=120, resources={"metadata": {"path": str(place)}}).execute()
    told = "".join(o.get("text", "") for c in book.cells for o in c.get("outputs", []))
    assert ("Right." in told) == (folder == "solutions")


def test_every_lesson_is_in_the_course(course: Path) -> None:
    for folder in ("student", "solutions"):
        assert {p.stem for p in (course / folder).glob("*.ipynb")} == set(NAMES)
    assert {p.name for p in (course / "nbgrader" / "source").iterdir()} == set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_a_lesson_is_slides_with_notes(course: Path, name: str) -> None:
    found = cells(course / "solutions" / f"{name}.ipynb")
    kinds = [c.metadata["slideshow"]["slide_type"] for c in found]
    assert kinds[0] == "slide" and kinds.count("slide") >= 5 and kinds.count("notes") >= 6
    for cell, kind in zip(found, kinds, strict=True):
        assert (kind == "notes") == cell.source.startswith(("<details>", "**Solution")), cell.id
        assert "lesson.check" not in cell.source or kind in ("skip", "slide", "subslide"), cell.id
    assert not any("slideshow" in c.metadata for c in cells(course / "student" / f"{name}.ipynb"))


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: p.stem)
def test_a_lesson_has_what_a_lesson_needs(path: Path) -> None:
    found = cells(path)
    first, whole = found[0].source, "\n".join(c.source for c in found if c.cell_type == "markdown")
    assert "*Time:*" in first and "*Before it:*" in first and "*Chapter:*" in first and "You learn" in first
    needed = ("Worked example", "Exercises", "Key points", "For discussion", "Further reading", "Marking")
    for heading in (f"## {name}" for name in needed):
        assert f"\n{heading}\n" in whole, heading
    exercises = [c for c in found if "exercise" in c.metadata.get("tags", [])]
    assert 3 <= len(exercises) <= 5
    for one in exercises:
        kinds = {t for c in found if c.id.startswith(f"{one.id}-") for t in c.metadata.tags}
        assert {"hint", "solution"} <= kinds, one.id


@pytest.mark.parametrize("name", NAMES)
def test_student_notebooks_hold_no_solution(course: Path, name: str) -> None:
    source = nbformat.read(ROOT / "chapters" / f"{PREFIX}{name}.ipynb", as_version=4).cells
    places = [course / "student" / f"{name}.ipynb"]
    text = "\n".join(c.source for p in places for c in cells(p))
    told: dict[bool, set[str]] = {True: set(), False: set()}
    for cell in source:
        secret = bool({"solution", "key"} & set(cell.metadata.get("tags", [])))
        told[secret] |= {line.strip() for line in cell.source.splitlines()}
    for line in told[True] - told[False]:
        if re.fullmatch(r'"?[a-z]+(-\d")?,', line):  # an argument of one word: an exercise, or a variable
            continue
        assert len(line) < 4 or line.startswith(("```", ":label")) or line not in text, line
    assert not re.search(r"\bsolutions?\b", text.casefold())
    assert "nevbook" not in text


@pytest.mark.parametrize("name", NAMES)
def test_notebooks_for_students_look_complete(course: Path, name: str) -> None:
    found = cells(course / "student" / f"{name}.ipynb")
    text = "\n".join(c.source for c in found)
    assert not re.search(r"\{(exercise|solution)|:label:|</?(?:p|a|data|span)\b|\b(?:nan|None|inf)\b", text)
    assert text.count("### Exercise") == len([c for c in found if c.source.startswith("### Exercise")]) >= 3
    for cell in found:
        for _, target in re.findall(r"\[([^\]]+)\]\(([^)]+)\)", cell.source if cell.cell_type == "markdown" else ""):
            assert target.startswith("https://") or (course / "student" / target).is_file(), target


@pytest.mark.parametrize("name", NAMES)
def test_checks_tell_right_wrong_and_slips(course: Path, name: str, published: Path) -> None:
    checks = json.loads((course / "student" / "checks.json").read_text(encoding="utf-8"))
    for exercise, raw in keys(published, 2025).items():
        if exercise.rpartition("-")[0] != name or not raw:
            continue
        assert said(course / "student", exercise, value(raw["right"])) == "Right.", (exercise, raw)
        for slip, answer in raw["slips"].items():
            assert said(course / "student", exercise, value(answer)) == f"Not right. {checks['slips'][slip]}", (
                exercise,
                slip,
            )
        assert said(course / "student", exercise, ...).startswith("No answer yet")


def value(written: str) -> object:
    """An answer as it is written in Python."""
    return eval(written, {"inf": float("inf")})


def keys(published: Path, year: int) -> dict[str, dict]:
    """The answers of the exercises, as the build that made the site has them beside it."""
    found = {}
    for path in (published.parent / "nevbook" / "chapters").glob("*.ipynb"):
        book = json.loads(path.read_text(encoding="utf-8"))
        told = [o["data"][MIME] for c in book["cells"] for o in c.get("outputs", []) if MIME in o.get("data", {})]
        if any((t.get("year"), t.get("region")) == (year, "chongqing") for t in told):
            found |= {t["exercise"]: t["raw"] for t in told if "exercise" in t}
    return found


def test_no_answer_stands_in_what_students_get(course: Path) -> None:
    for path in (course / "student").glob("checks.json"):
        kept = json.loads(path.read_text(encoding="utf-8"))
        assert set(kept) == {"words", "slips", "lessons", "exercises"}
        for key in kept["exercises"].values():
            if set(key) == {"chart"}:  # its data are no secret
                continue
            assert set(key) == {"right", "slips", "unit", "whole", "words"}
            assert all(re.fullmatch(r"[0-9a-f]{16}", h) for mark in key["right"] for h in mark["any"])


def test_the_guide_leads_to_the_notebooks(course: Path) -> None:
    text = (course / "GUIDE.md").read_text(encoding="utf-8")
    links = re.findall(r"\]\(([^)]+)\)", text)
    assert len(links) > len(NAMES) and all((course / target).is_file() for target in links)
    assert "Where the figures" not in text and text.strip().endswith("editing theirs.")


def test_names_of_the_data_stay_text_in_a_notebook() -> None:
    from nevbook.course.notebooks import text_of

    name = "R&amp;D &lt;img src=x onerror=alert(1)&gt; [x](javascript:1) `a` *b*"
    output = {"data": {"text/html": f"<p>Of <strong>{name}</strong>, <em>c</em>:</p><ul><li>d</li></ul>"}}
    cell = {"cell_type": "code", "id": "a", "source": "", "metadata": {"tags": ["remove-input"]}, "outputs": [output]}
    said = text_of({"cells": [cell]}, "lessons")
    text = r"R&D \<img src=x onerror=alert(1)> \[x\](javascript:1) \`a\` \*b\*"
    assert said == f"Of **{text}**, *c*:\n\n\n- d\n"


def test_a_folder_with_something_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("kept", encoding="utf-8")
    done = nevbook(ROOT, "course", str(tmp_path))
    assert done.returncode == 2 and "something else than a course" in done.stderr
    assert [p.name for p in tmp_path.iterdir()] == ["mine.txt"]


def test_each_edition_has_its_course_to_download(published: Path) -> None:
    for edition in ("2024", "2025", "anhui/2025"):
        with zipfile.ZipFile(published / edition / "course.zip") as whole:
            names = whole.namelist()
            assert names == sorted(names) and len(names) == len(set(names))
            assert {i.date_time for i in whole.infolist()} == {(1980, 1, 1, 0, 0, 0)}
            about = json.loads(whole.read("made-in-chongqing-course/course.json"))
            assert about["year"] == int(edition[-4:])
        for name in NAMES:
            page = (published / edition / f"{PREFIX}{name}.html").read_text(encoding="utf-8")
            assert f'href="course/{name}.zip"' in page and 'href="course.zip"' in page
            assert "mybinder" not in page and "colab" not in page
            with zipfile.ZipFile(published / edition / "course" / f"{name}.zip") as one:
                assert f"{name}/{name}.ipynb" in one.namelist() and f"{name}/data/values.csv" in one.namelist()


def test_a_replaced_check_earns_nothing(course: Path, published: Path) -> None:
    """nbgrader's hidden tests judge alone: whoever makes `check` say nothing, or shadows a name, gains nothing."""
    cheat = "lesson.check = lesson.check_chart = lambda *a, **k: None\nfloat = str = len = lambda *a: answer"
    chart = (
        "import altair as alt\nanswer = alt.Chart(lesson.values.head(1), title='exports').mark_bar().encode(y='value')"
    )
    raw = keys(published, 2025)
    for name in ("points", "bound", "source", "chart", "rounding"):
        folder = course / "nbgrader" / "source" / name
        code = [c for c in cells(folder / f"{name}.ipynb") if c.cell_type == "code"]
        script = ["import sys", f"sys.path.insert(0, {str(folder)!r})", "earned = {}", code[0].source]
        for number, cell in enumerate(code[1:], start=1):
            if not cell.source.startswith("lesson.check"):
                script.append(cell.source.replace("lesson.show(", "id("))
                continue
            exercise = re.search(r'"([\w-]+)"', cell.source)[1]
            assert "### BEGIN HIDDEN TESTS" in cell.source
            wrong = [raw[exercise]["slips"][n] for n in raw[exercise]["slips"]] if raw[exercise] else []
            judged = f"exec({cell.source!r}, globals())"
            script += [judged, "kept, checks = answer, dict(vars(lesson))", cheat]
            for bad in [*map("answer = {}".format, [*wrong, "None", "object()"]), *([] if wrong else [chart])]:
                script += [bad, f"earned[{exercise!r}, {bad!r}, {number}] = True", "try:", f"    {judged}",
                           f"    print('EARNED', {exercise!r}, {bad!r})", "except Exception:", "    pass"]  # fmt: skip
            script += ["answer = kept", "del float, str, len, lesson.check, lesson.check_chart"]
        done = subprocess.run([sys.executable, "-c", "\n".join(script)], capture_output=True, text=True, timeout=120)
        assert done.returncode == 0, done.stderr[-2000:]
        assert "EARNED" not in done.stdout and "Right." in done.stdout, done.stdout


@pytest.mark.parametrize(
    ("right", "to", "fits", "fails"),
    [
        (21.6, 0.1, (21.6, 21.63, 21.649, 21.551), (21.7, 21.5, 2.16, "21.6", [21.6, 1])),
        (953200.0, 100, (953200, 953249, 953151), (953300, 953)),
        (12, 1, (12, 12.0), (12.2, 13, "12")),
        ("Cannot be told", 1, ("cannot be told", " Cannot  be told. "), ("cannot", 1)),
        (True, 1, (True, "yes"), (False, "no", 1)),
        ((1.5, "at least"), 0.1, ((1.5, "at least"), [1.52, "At least"]), (("at least", 1.5), 1.5)),
    ],
)
def test_an_answer_may_be_off_by_half_its_place(right: object, to: float, fits: tuple, fails: tuple) -> None:
    key = answers.seal("x", right, {}, to)
    assert all(answers.verdict("x", a, key) == "right" for a in fits)
    assert not any(answers.verdict("x", a, key) == "right" for a in fails)


def test_a_mistake_that_comes_to_the_right_answer_is_left_out() -> None:
    key = answers.seal("x", 2.0, {"same": (2.04, 0.1), "other": (3.0, 0.1), "twice": (3.01, 0.1)}, 0.1)
    assert [name for name, _ in key["slips"]] == ["other"]


@pytest.mark.parametrize("asked", [("--year", "1990"), ("--region", "nowhere")])
def test_what_has_no_data_is_refused_as_by_build(tmp_path: Path, asked: tuple[str, str]) -> None:
    done = [nevbook(ROOT, *command, *asked) for command in (("course", str(tmp_path / "c")), ("build",))]
    assert [d.returncode for d in done] == [2, 2] and done[0].stderr == done[1].stderr != ""
    assert "Traceback" not in done[0].stderr and not (tmp_path / "c").exists()


def test_launch_buttons_come_with_a_repository(tmp_path: Path) -> None:
    from nevbook.common.errors import BuildError
    from nevbook.course.package import links

    def told(course: str) -> str:
        text = f"nevbook:\n  editions: [{{year: 2025}}]\n  course: {course}\n"
        (tmp_path / "_config.yml").write_text(text, encoding="utf-8")
        return links(tmp_path, "points")

    assert "https://" not in told("{}")
    here = told("{repository: 'https://github.com/school/cars', branch: term}")
    assert "https://mybinder.org/v2/gh/school/cars/term?labpath=student/points.ipynb" in here
    assert "https://colab.research.google.com/github/school/cars/blob/term/student/points.ipynb" in here
    assert "mybinder.org/v2/gl/school%2Fcars/main" in told("{repository: 'https://gitlab.com/school/cars.git'}")
    elsewhere = told("{repository: 'https://git.example.org/cars'}")
    assert "/v2/git/https%3A%2F%2Fgit.example.org%2Fcars/main" in elsewhere and "colab" not in elsewhere
    for wrong in ("{repository: github.com/x}", "{address: x}", "[1]"):
        with pytest.raises(BuildError, match="course"):
            told(wrong)


@pytest.mark.parametrize("name", NAMES)
def test_a_page_folds_its_solutions_and_counts_its_exercises_from_one(published: Path, name: str) -> None:
    from bs4 import BeautifulSoup

    text = (published / "2025" / f"{PREFIX}{name}.html").read_text(encoding="utf-8")
    page = BeautifulSoup(text, "html.parser")
    source = [c.source for c in cells(ROOT / "chapters" / f"{PREFIX}{name}.ipynb")]
    titles = [m[1] for s in source if (m := re.match(r"```\{exercise\} (.*)", s))]
    shown = [p.get_text() for p in page.select(".nev-exercise > .admonition-title")]
    assert shown == [f"Exercise {n}. {title}" for n, title in enumerate(titles, start=1)]
    folded = page.select("details.nev-solution")
    assert len(folded) == len(titles) and not any(d.has_attr("open") for d in folded)
    assert all(d.find("summary").get_text() == "Solution" for d in folded)
    assert "application/vnd.nevbook" not in text and "book.key(" not in text


def test_colab_fetches_what_stands_beside_the_notebook(course: Path, tmp_path: Path) -> None:
    from nevbook.course.notebooks import Lesson, notebook

    remote, away = tmp_path / "remote", tmp_path / "away"
    shutil.copytree(course / "student", remote / "student")
    (remote / "requirements-colab.txt").write_text("", encoding="utf-8")
    for command in (
        ["init", "-q", "-b", "term"],
        ["add", "."],
        ["-c", "user.name=t", "-c", "user.email=t@example.org", "commit", "-qm", "x"],
    ):
        subprocess.run(["git", "-C", str(remote), *command], check=True)
    opens = {"id": "open", "cell_type": "code", "metadata": {"tags": ["open"]}, "source": ""}
    one = Lesson("points", "Points", 2025, "chongqing", {}, {}, [opens])
    assert [c["id"] for c in notebook(one, "student")["cells"]] == ["setup"]
    code = "\n\n".join(c["source"] for c in notebook(one, "student", (remote.as_uri(), "term"))["cells"])
    away.mkdir()
    script = f"import sys\nsys.modules['google.colab'] = sys\n{code}\nprint(len(lesson.values) > 100)"
    done = subprocess.run([sys.executable, "-c", script], cwd=away, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0 and done.stdout.split()[-1] == "True", done.stderr


def test_a_measure_that_was_revised_is_one_measure() -> None:
    view, book, lesson = open_lesson("timeline", 2025, "chongqing", ROOT / "data")
    told = load_markets(ROOT / "data").vintage(view.as_of)
    assert sorted(lesson.events["id"]) == sorted(e.id for e in told.events)
    assert "gbr-09.2026-11-25" in set(lesson.events["id"]) and "gbr-09" not in set(lesson.events["id"])
