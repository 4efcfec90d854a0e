"""The notebooks as they are stored: short, readable, without outputs and without typed numbers."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from bs4 import BeautifulSoup

from nevbook.build import plan
from nevbook.build.execute import parameters_of, read

ROOT = Path(__file__).resolve().parents[1]
PATHS = plan.chapters(ROOT)
# what may stand in a chapter's Markdown as a digit: names, licences and the example of a command line
ALLOWED = re.compile(r"CC BY 4\.0|`[^`]*`|^ {4}.*$|\]\([^)]*\)", re.MULTILINE)


@pytest.fixture(params=PATHS, ids=lambda p: p.stem)
def path(request: pytest.FixtureRequest) -> Path:
    return request.param


@pytest.fixture
def chapter(path: Path) -> nbformat.NotebookNode:
    book = nbformat.read(path, as_version=4)
    nbformat.validate(book)
    return book


def code(book: nbformat.NotebookNode) -> list[nbformat.NotebookNode]:
    return [c for c in book.cells if c.cell_type == "code"]


def tags(cell: nbformat.NotebookNode) -> set[str]:
    return set(cell.metadata.get("tags", []))


def test_it_is_stored_without_outputs(chapter: nbformat.NotebookNode) -> None:
    assert all(not c.outputs and c.execution_count is None for c in code(chapter))


def test_its_cells_have_stable_ids_in_words(chapter: nbformat.NotebookNode) -> None:
    ids = [c.id for c in chapter.cells]
    assert len(set(ids)) == len(ids)
    assert all(re.fullmatch(r"[a-z][a-z0-9_-]*", i) for i in ids)


def test_its_parameters_are_those_of_every_chapter_and_its_own_assumptions() -> None:
    shared = {"year": 2025, "region": "chongqing", "data_dir": None}
    own = {"outlook": {"until", "output_growth", "nev_share", "export_share", "value_per_car"}}
    own |= {p.stem: {"variant"} for p in PATHS if p.stem.startswith("learn-") and p.stem != "learn-guide"}
    for path in PATHS:
        source = next(c.source for c in read(path).cells if "parameters" in c.metadata.get("tags", []))
        found: dict[str, object] = {}
        exec(source, {}, found)
        assert set(found) == parameters_of(path), path.name
        assert {k: found[k] for k in shared} == shared, path.name
        assert set(found) - set(shared) == own.get(path.stem, set()), path.name


def test_no_cell_defines_reads_writes_or_colours(chapter: nbformat.NotebookNode) -> None:
    for cell in code(chapter):
        found = re.search(
            r"^\s*(def|class) |#[0-9a-fA-F]{6}\b|open\(|read_csv|Path\(|\.to_csv|^\s*import os",
            cell.source,
            re.MULTILINE,
        )
        assert not found, f"{cell.id}: {found}"


def test_code_that_a_reader_can_unfold_is_short(path: Path, chapter: nbformat.NotebookNode) -> None:
    lesson = path.stem.startswith("learn-")  # there the code is what is taught
    for cell in code(chapter):
        if not tags(cell) & {"remove-cell", "remove-input"}:
            assert lesson or "hide-input" in tags(cell), cell.id
            assert len(cell.source.splitlines()) <= 15, cell.id


def test_the_code_of_all_chapters_together_is_small() -> None:
    counts = {path.stem: sum(len(c.source) for c in code(read(path))) for path in PATHS}
    assert min(counts.values()) > 100
    assert sum(counts.values()) <= 130_000, counts


def test_no_number_is_typed_into_prose(chapter: nbformat.NotebookNode) -> None:
    for cell in chapter.cells:
        if cell.cell_type == "markdown":
            assert not re.search(r"\d", ALLOWED.sub("", cell.source)), cell.id


def test_no_number_is_typed_into_a_sentence(chapter: nbformat.NotebookNode) -> None:
    for cell in code(chapter):
        for node in ast.walk(ast.parse(cell.source)):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and "datum" not in node.value:
                bare = re.sub(r"\{[^{}]*\}|level-2", "", node.value)  # "level-2" is the name of a class
                if re.search(r"[A-Za-z]{2,} [a-z]", bare):
                    assert not re.search(r"\d", bare), f"{cell.id}: {node.value}"


def test_it_opens_with_a_question_and_ends_with_its_sources(chapter: nbformat.NotebookNode) -> None:
    first = chapter.cells[0].source
    assert first.startswith("# ") and re.search(r"\*\*[^*]+\?\*\*", first)
    assert chapter.cells[-1].source == "book.sources()"
    assert chapter.cells[-2].source.splitlines()[-1].startswith("## ")


def test_headings_are_plain(chapter: nbformat.NotebookNode) -> None:
    for cell in chapter.cells:
        if cell.cell_type == "code":
            assert not re.search(r"<h[1-6]", cell.source), cell.id


# `test_course` runs the lessons as notebooks each time
@pytest.mark.parametrize(
    "path",
    [pytest.param(p, marks=pytest.mark.slow) if p.stem.startswith("learn-") else p for p in PATHS],
    ids=lambda p: p.stem,
)
def test_stock_papermill_runs_it(path: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.ipynb"
    command = [
        sys.executable,
        "-m",
        "papermill",
        f"chapters/{path.name}",
        str(out),
        "-p",
        "year",
        "2024",
        "--no-progress-bar",
    ]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr[-2000:]
    book = nbformat.read(out, as_version=4)
    assert any(o for c in code(book) for o in c.outputs)


def test_stock_papermill_stops_at_a_parameter_that_no_chapter_has(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "papermill", "chapters/about.ipynb", str(tmp_path / "out.ipynb")]
    done = subprocess.run([*command, "-p", "yaer", "2024"], cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert done.returncode and "unknown parameter 'yaer'. Did you mean year? Known: year, region" in done.stderr


EVERYWHERE = """
import sys
from pathlib import Path
from nevbook.build import plan
from nevbook.data.dataset import load
from nevbook.build.execute import Job, execute

root, out = Path.cwd(), Path(sys.argv[1])
data = load()
jobs = [
    Job(chapter, out / place / str(year) / chapter.name, {"year": year, "region": place, "data_dir": str(data.folder)})
    for place in (region.id for region in data.regions())
    for year in data.editions(place)
    for chapter in plan.chapters(root)
]
execute(jobs, 3, lambda job, seconds: None)
print(len(jobs))
"""


@pytest.mark.slow
def test_every_year_of_every_region_can_be_told(tmp_path: Path) -> None:
    done = subprocess.run([sys.executable, "-c", EVERYWHERE, str(tmp_path)], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-3000:]
    told = list(tmp_path.rglob("*.ipynb"))
    assert len(told) == int(done.stdout.splitlines()[-1]) > 1000
    for path in told:
        for cell in code(nbformat.read(path, as_version=4)):
            for shown in (o["data"].get("text/html", "") for o in cell.outputs if "data" in o):
                words = BeautifulSoup(shown, "html.parser").get_text(" ")
                found = re.search(r".{0,60}\b(nan|NaN|NaT|None|inf|undefined|null)\b.{0,20}", words)
                assert not found, f"{path.relative_to(tmp_path)}, {cell.id}: {found[0]}"
