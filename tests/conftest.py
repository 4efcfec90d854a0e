"""What the tests share: a copy of the data that a test may spoil."""

from __future__ import annotations

import csv
import dataclasses
import fcntl
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from nevbook.analysis.audit import findings
from nevbook.build import plan
from nevbook.common import config
from nevbook.data.dataset import load
from nevbook.export.package import write_package

DATA = Path(__file__).resolve().parents[1] / "data"


class Sheets:
    """The tables of a data folder, edited as in a spreadsheet: row 1 is the header."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def read(self, file: str) -> list[list[str]]:
        with (self.folder / file).open(encoding="utf-8", newline="") as handle:
            return list(csv.reader(handle))

    def write(self, file: str, rows: list[list[str]]) -> None:
        with (self.folder / file).open("w", encoding="utf-8", newline="") as handle:
            csv.writer(handle, lineterminator="\n").writerows(rows)

    def row_of(self, file: str, key: str) -> int:
        """Number of the row whose first cell is `key`."""
        return [cells[0] for cells in self.read(file)].index(key) + 1

    def cell(self, file: str, row: int, column: str) -> str:
        rows = self.read(file)
        return rows[row - 1][rows[0].index(column)]

    def edit(self, file: str, row: int, column: str, value: str) -> None:
        rows = self.read(file)
        rows[row - 1][rows[0].index(column)] = value
        self.write(file, rows)

    def append(self, file: str, cells: Mapping[str, str]) -> int:
        """Add a row, cells that are not named left empty; returns its number."""
        rows = self.read(file)
        assert set(cells) <= set(rows[0])
        rows.append([cells.get(column, "") for column in rows[0]])
        self.write(file, rows)
        return len(rows)


@pytest.fixture
def data_copy(tmp_path: Path) -> Path:
    """A copy of ``data/`` under the test's own folder."""
    return Path(shutil.copytree(DATA, tmp_path / "data"))


@pytest.fixture(scope="session")
def little(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A package with a few rows of each kind: each indicator in each way of counting, and the article's; not to be
    written to."""
    data = load(DATA)
    told: dict[tuple[str, str], str] = {}
    stated = data.raw or data.observations  # without corrections
    for row in sorted(stated, key=lambda r: (r.measure != "level", r.id)):
        told.setdefault((row.indicator, row.basis), row.id)
    cited = (findings.ARTICLE, "shangyou-2026-03-07-proposal")
    kept = {*told.values(), *(r.id for r in stated if r.source in cited)}
    rows = tuple(r for r in stated if r.id in kept)
    place = tmp_path_factory.mktemp("little") / "data"
    write_package(dataclasses.replace(data, observations=rows, corrections=(), raw=()), DATA, place)
    keep_few_markets(place)
    return place


def keep_few_markets(folder: Path) -> None:
    """Leave two markets and a bloc in a package: all the others take a build and a check time."""
    sheets = Sheets(folder)
    kept = ("AUS", "THA", "RCEP", "CHN")
    head, *places = sheets.read("markets/countries.csv")
    sheets.write("markets/countries.csv", [head, *(cells for cells in places if cells[0] in kept)])
    drop_orphans(sheets)


def drop_orphans(sheets: Sheets) -> None:
    """Take out the rows that refer to one that is gone, and the sources that no row refers to."""
    package = json.loads((sheets.folder / "datapackage.json").read_text(encoding="utf-8"))
    resources = {r["name"]: r for r in package["resources"]}
    rows = {name: sheets.read(r["path"]) for name, r in resources.items()}

    def cells(name: str, fields: str | list[str], row: list[str]) -> tuple[str, ...]:
        return tuple(row[rows[name][0].index(f)] for f in ([fields] if isinstance(fields, str) else fields))

    for _ in resources:  # as often as a row that goes may take others with it
        for name, resource in resources.items():
            for key in resource["schema"].get("foreignKeys", []):
                target = key["reference"]["resource"] or name
                there = {cells(target, key["reference"]["fields"], row) for row in rows[target][1:]}
                head, *body = rows[name]
                keys = [cells(name, key["fields"], row) for row in body]
                rows[name] = [head, *(r for r, k in zip(body, keys, strict=True) if k in there or not any(k))]
    used = {
        cells(name, key["fields"], row)
        for name, resource in resources.items()
        for key in resource["schema"].get("foreignKeys", [])
        if key["reference"]["resource"] == "sources"
        for row in rows[name][1:]
    }
    rows["sources"][1:] = [row for row in rows["sources"][1:] if (row[0],) in used]
    for name, resource in resources.items():
        sheets.write(resource["path"], rows[name])


@pytest.fixture
def little_copy(little: Path, tmp_path: Path) -> Path:
    """A copy of `little` under the test's own folder, for tests that check it many times."""
    return Path(shutil.copytree(little, tmp_path / "data"))


@pytest.fixture
def sheets(data_copy: Path) -> Sheets:
    """The tables of `data_copy`, to edit."""
    return Sheets(data_copy)


ROOT = Path(__file__).resolve().parents[1]
EDITIONS = ["2024", "2025", "anhui/2025"]  # what the tests look at


def day_told(edition: str) -> str:
    """The day of an edition in words: the one of the settings, else the newest that a row was recorded."""
    day = next((e.as_of for e in config.editions(ROOT) if e.path == edition), None)
    day = day or max(r.recorded for r in load(DATA).observations)
    return f"{day.day} {day:%B %Y}"


THIN = ("2020", "2023")  # and these, of which little is known, where the slow tests run


def pytest_configure(config: pytest.Config) -> None:
    """Look at the thin years too when slow tests are asked for."""
    if config.getoption("markexpr") != "not slow":
        EDITIONS.extend(THIN)


# Files of tests that take long, longest first: `make test` gives them out in this order, before all others.
LONG = (
    "site.browser.test_cards", "build.test_pipeline", "report.charts.test_charts", "site.browser.test_figures",
    "site.browser.test_access", "site.browser.test_page", "course.test_course", "data.markets.test_dataset",
    "site.markets.test_pages", "test_chapters", "site.test_pages", "data.validation.test_check", "export.test_package",
)  # fmt: skip


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the long files first, so that no process is left alone with one at the end."""

    def place(item: pytest.Item) -> int:
        name = ".".join(item.path.relative_to(ROOT / "tests").with_suffix("").parts)
        return LONG.index(name) if name in LONG else len(LONG)

    items.sort(key=place)


def copy_book(place: Path) -> Path:
    """Copy what a build reads, so that a test may spoil it."""
    left_out = shutil.ignore_patterns(
        ".venv", "_build", ".git", "tests", "*.egg-info", "__pycache__", ".*_cache", "out"
    )
    return Path(shutil.copytree(ROOT, place, ignore=left_out))


def nevbook(root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the command line in a copy of the book."""
    command = [sys.executable, "-m", "nevbook.cli", *arguments]
    return subprocess.run(
        command, cwd=root, capture_output=True, text=True, timeout=300, env=os.environ | {"PYTHONPATH": ""}
    )


def once(tmp_path_factory: pytest.TempPathFactory, name: str, make: Callable[[Path], None]) -> Path:
    """Make a folder once a test run, however many processes run the tests."""
    base = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        base = base.parent
    with (base / f"{name}.lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        place = base / name
        if not (base / f"{name}.done").exists():
            shutil.rmtree(place, ignore_errors=True)
            make(place)
            (base / f"{name}.done").touch()
    return place


@pytest.fixture(scope="session")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site with the published editions and those of `EDITIONS`, built once; not to be written to."""

    def make(place: Path) -> None:
        root = copy_book(place)
        thin = [x for year in EDITIONS if year in THIN for x in ("--year", year)]
        for arguments in ([], *([thin] if thin else []), ["--year", "2025", "--region", "anhui"]):
            done = nevbook(root, "build", *arguments)
            assert done.returncode == 0, done.stdout + done.stderr

    return once(tmp_path_factory, "book", make) / "_build" / "html"


@pytest.fixture(scope="session")
def chapters(request: pytest.FixtureRequest) -> list[str]:
    """The names of the chapters, in their order; of the lessons one, where the slow tests do not run."""
    quick = request.config.getoption("markexpr") == "not slow"
    names = [path.stem for path in plan.chapters(ROOT)]
    return [n for n in names if not (quick and n.startswith("learn-") and n not in ("learn-points", "learn-guide"))]
