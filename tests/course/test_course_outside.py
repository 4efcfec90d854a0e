"""The course where nothing of the book is: a fresh environment without a network, and stock nbgrader. Slow."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from tests.conftest import ROOT, nevbook, once
from tests.course.test_course import NAMES, keys, value

pytestmark = pytest.mark.slow

# a student for each slip; in the other lessons one with the first of each, since `test_course` asks for every slip
EVERY_SLIP = ("points",)

# whatever Python starts with this on its path reaches this machine only
CUT = """
import socket

_connect, _look_up = socket.socket.connect, socket.getaddrinfo


def connect(self, address):
    if self.family in (socket.AF_INET, socket.AF_INET6) and address[0] not in ("127.0.0.1", "::1", "localhost"):
        raise OSError(f"the network is cut: {address}")
    return _connect(self, address)


def look_up(host, *rest, **more):
    if host not in (None, "", "127.0.0.1", "::1", "localhost", "0.0.0.0"):
        raise OSError(f"the network is cut: {host}")
    return _look_up(host, *rest, **more)


socket.socket.connect, socket.getaddrinfo = connect, look_up
"""


def environment(tmp_path_factory: pytest.TempPathFactory, name: str, *wanted: str) -> Path:
    """A fresh environment with what is named, and nothing else."""

    def make(place: Path) -> None:
        subprocess.run([sys.executable, "-m", "venv", str(place)], check=True, timeout=120)
        command = [place / "bin" / "python", "-m", "pip", "install", "-q", "--disable-pip-version-check", *wanted]
        done = subprocess.run(command, capture_output=True, text=True, timeout=900)
        assert done.returncode == 0, done.stderr[-2000:]

    return once(tmp_path_factory, name, make) / "bin"


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    def make(place: Path) -> None:
        done = nevbook(ROOT, "course", str(place), "--year", "2025")
        assert done.returncode == 0, done.stdout + done.stderr

    return once(tmp_path_factory, "course-2025", make)


def call(place: Path, home: Path, binaries: Path, *command: str, limit: int = 900) -> str:
    home.mkdir(exist_ok=True)
    (home / "sitecustomize.py").write_text(CUT, encoding="utf-8")
    clean = {k: v for k, v in os.environ.items() if k not in ("PYTHONPATH", "VIRTUAL_ENV", "PYTHONHOME")}
    clean |= {"HOME": str(home), "PYTHONPATH": str(home), "PATH": f"{binaries}:{os.environ['PATH']}"}
    done = subprocess.run([str(binaries / command[0]), *command[1:]], cwd=place, capture_output=True, text=True,
                          timeout=limit, env=clean)  # fmt: skip
    assert done.returncode == 0, (done.stdout + done.stderr)[-3000:]
    return done.stdout + done.stderr


@pytest.mark.parametrize("folder", ["student", "solutions"])
def test_every_notebook_runs_offline_with_the_requirements_only(
    course: Path, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, folder: str
) -> None:
    binaries = environment(tmp_path_factory, "course-env", "-r", str(course / "requirements.txt"))
    place = Path(shutil.copytree(course / folder, tmp_path / "class"))
    with pytest.raises(AssertionError, match="the network is cut"):
        call(
            place,
            tmp_path / "home",
            binaries,
            "python",
            "-c",
            "import socket; socket.create_connection(('1.1.1.1', 80))",
        )
    books = [f"{name}.ipynb" for name in NAMES]
    call(
        place, tmp_path / "home", binaries, "jupyter", "nbconvert", "--to", "notebook", "--execute", "--inplace", *books
    )
    for name in books:
        found = nbformat.read(place / name, as_version=4).cells
        outputs = [o for c in found if c.cell_type == "code" for o in c.outputs]
        text = "".join(o.get("text", "") for o in outputs)
        assert ("Right." in text) == (folder == "solutions"), name
        assert "No answer yet" not in text or folder == "student", name
        if name == "chart.ipynb":
            assert any("image/png" in o.get("data", {}) for o in outputs)


def test_nbgrader_marks_every_slip_by_its_name(
    course: Path, published: Path, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    binaries = environment(tmp_path_factory, "grader-env", "nbgrader==0.9.6", "pandas", "altair", "vl-convert-python")
    place = Path(shutil.copytree(course / "nbgrader", tmp_path / "nbgrader"))
    checks = json.loads((course / "student" / "checks.json").read_text(encoding="utf-8"))
    answers = keys(published, 2025)
    for name in NAMES:
        call(place, tmp_path / "home", binaries, "nbgrader", "generate_assignment", name)
        released = place / "release" / name
        text = (released / f"{name}.ipynb").read_text(encoding="utf-8")
        assert "BEGIN SOLUTION" not in text and "answer = ..." in text
        mine = {e: raw for e, raw in answers.items() if raw and e.rpartition("-")[0] == name}
        most = max(len(raw["slips"]) for raw in mine.values()) if name in EVERY_SLIP else 1
        students = ["right", *map(str, range(most))]
        wanted: dict[tuple[str, str], str] = {}
        for student in students:
            copy = Path(shutil.copytree(released, place / "submitted" / student / name))
            book = nbformat.read(copy / f"{name}.ipynb", as_version=4)
            for exercise, raw in mine.items():
                slips = list(raw["slips"].items())
                slip, answer = (
                    ("", raw["right"])
                    if student == "right"
                    else slips[int(student) % len(slips)]
                    if slips
                    else ("", raw["right"])
                )
                wanted[student, exercise] = slip
                cell = next(c for c in book.cells if c.id == f"{exercise}-solution")
                cell.source = f"answer = {value(answer)!r}"
            nbformat.write(book, copy / f"{name}.ipynb")
        call(place, tmp_path / "home", binaries, "nbgrader", "autograde", name)
        for student in students:
            marked = nbformat.read(place / "autograded" / student / name / f"{name}.ipynb", as_version=4).cells
            for exercise in mine:
                cell = next(c for c in marked if c.id == f"{exercise}-check")
                slip = wanted[student, exercise]
                errors = [o.evalue for o in cell.outputs if o.output_type == "error"]
                shown = ["\n".join(o.traceback) for o in cell.outputs if o.output_type == "error"]
                assert all(" ".join(s.split()) == e for s, e in zip(shown, errors, strict=True)), shown
                assert errors == ([f"Not right. {checks['slips'][slip]}"] if slip else []), (student, exercise)
    call(place, tmp_path / "home", binaries, "nbgrader", "generate_feedback", "points")
    feedback = (place / "feedback" / "0" / "points" / "points.html").read_text(encoding="utf-8")
    assert "for points" in feedback or "for percent" in feedback
