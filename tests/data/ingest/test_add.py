"""Merging new rows: all or nothing, revisions kept, new conflicts said."""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import random
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from nevbook.cli.data_text import told
from nevbook.cli.main import main
from nevbook.common.errors import BuildError, DataError
from nevbook.common.files import beside, locked
from nevbook.data.dataset import load
from nevbook.data.ingest.add import add
from nevbook.data.validation.check import check
from tests.conftest import ROOT, copy_book, nevbook

HEAD = [
    "entity",
    "indicator",
    "period",
    "measure",
    "qualifier",
    "value",
    "unit",
    "resolution",
    "kind",
    "basis",
    "source",
    "locator",
]
SOURCE = "shangyou-2026-03-07-proposal"
EXPORTS = [
    "chongqing",
    "vehicle_exports_units",
    "2025",
    "level",
    "=",
    "614000",
    "vehicles",
    "1000",
    "stated",
    "customs",
    SOURCE,
    "section scale",
]
DAY = dt.date(2026, 12, 1)


def write(path: Path, *rows: list[str], head: list[str] = HEAD) -> Path:
    with path.open("w", encoding="utf-8", newline="") as handle:
        csv.writer(handle).writerows([head, *rows])
    return path


def checksum(folder: Path) -> str:
    return hashlib.sha256(b"".join(p.read_bytes() for p in sorted(folder.rglob("*.*")))).hexdigest()


def changed(**cells: str) -> list[str]:
    return [cells.get(name, cell) for name, cell in zip(HEAD, EXPORTS, strict=True)]


def test_a_new_row_is_merged_with_an_id_and_a_day(little_copy: Path, tmp_path: Path) -> None:
    before = load(little_copy)
    file = write(tmp_path / "new.csv", changed(period="2025-12", value="70000"))
    done = add(file, data_dir=little_copy, recorded=DAY)
    assert (done.new, done.revised, done.known) == (1, 0, 0)
    row = load(little_copy).observations[-1]
    assert row.id == f"chongqing.vehicle_exports_units.2025-12.level.{SOURCE}" and row.recorded == DAY
    assert load(little_copy).observations[:-1] == before.observations and check(little_copy) == []
    assert not list(tmp_path.glob(".data.*"))


def test_a_row_that_is_there_already_changes_nothing(little_copy: Path, tmp_path: Path) -> None:
    before = checksum(little_copy)
    done = add(write(tmp_path / "new.csv", changed(value="614000.0")), data_dir=little_copy, recorded=DAY)
    assert (done.new, done.revised, done.known) == (0, 0, 1) and checksum(little_copy) == before


def test_a_revision_keeps_both_rows_and_its_conflict_is_said(
    data_copy: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = write(tmp_path / "new.csv", changed(value="650000"), changed(period="2025-11", value="60000"))
    assert main(["add", str(file), "--data", str(data_copy), "--recorded", "2026-12-01"]) == 0
    said = capsys.readouterr().out.splitlines()
    assert said[0] == f"revised: Vehicle exports, Chongqing, 2025: 650,000, before 614,000 ({SOURCE})"
    assert said[1] == f"new: Vehicle exports, Chongqing, November 2025: 60,000 ({SOURCE})"
    assert said[2].startswith("new conflict: Vehicle exports, Chongqing, 2025 (customs): 650,000 shown; ")
    assert said[-1].startswith("1 new, 1 revised, 0 known already;")
    rows = load(data_copy).rows("vehicle_exports_units", "chongqing")
    assert {r.value for r in rows if r.source == SOURCE and r.period == "2025"} == {614_000, 650_000}
    assert check(data_copy) == []


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ({"indicator": "vehicle_export_units"}, "vehicle_exports_units"),
        ({"entity": "chonqing"}, "chongqing"),
        ({"source": "nobody"}, "nobody"),
        ({"unit": "yuan"}, "vehicles"),
        ({"period": "2025-13"}, "2025-13"),
        ({"value": "many"}, "many"),
        ({"basis": "place", "period": "2025-12"}, "place"),
        ({"qualifier": "?"}, "?"),
        ({"kind": "target", "period": "2027"}, "resolution"),
    ],
)
def test_one_bad_row_and_nothing_changes(little_copy: Path, tmp_path: Path, cells: dict[str, str], said: str) -> None:
    before = checksum(little_copy)
    file = write(tmp_path / "new.csv", changed(period="2025-11", value="60000"), changed(**{"value": "70000", **cells}))
    with pytest.raises(DataError, match=r"nothing was changed") as error:
        add(file, data_dir=little_copy, recorded=DAY)
    assert "new.csv, row 3" in str(error.value) and said in str(error.value)
    assert checksum(little_copy) == before and not list(tmp_path.glob(".data.*"))


def test_every_issue_is_listed_at_once(little_copy: Path, tmp_path: Path) -> None:
    file = write(
        tmp_path / "new.csv", changed(unit="yuan", value="1000"), changed(period="2025-13"), changed(source="nobody")
    )
    with pytest.raises(DataError) as error:
        add(file, data_dir=little_copy, recorded=DAY)
    assert all(f"new.csv, row {n}" in str(error.value) for n in (2, 3, 4))


@pytest.mark.parametrize(
    ("head", "said"), [([*HEAD[:-1], "locater"], "did you mean locator"), (HEAD[:-1], "lacks the column locator")]
)
def test_a_wrong_header_is_named(little_copy: Path, tmp_path: Path, head: list[str], said: str) -> None:
    file = write(tmp_path / "new.csv", EXPORTS[: len(head)], head=head)
    with pytest.raises(DataError, match=said):
        add(file, data_dir=little_copy, recorded=DAY)


def test_a_new_source_comes_with_its_rows(little_copy: Path, tmp_path: Path) -> None:
    head = ["id", "title", "publisher", "published", "url", "language", "tier", "licence"]
    made = [
        "bureau-2026",
        "Figures of the year",
        "Bureau",
        "2026-11",
        "https://example.org/x",
        "en",
        "official",
        "CC BY 4.0",
    ]
    sources = write(tmp_path / "sources.csv", made, head=head)
    file = write(tmp_path / "new.csv", changed(source="bureau-2026"))
    assert add(file, sources, little_copy, recorded=DAY).new == 1
    assert load(little_copy).sources["bureau-2026"].publisher == "Bureau" and check(little_copy) == []


def test_what_the_year_still_lacks_is_named(little_copy: Path, tmp_path: Path) -> None:
    done = add(
        write(tmp_path / "new.csv", changed(period="2026-01", value="50000")), data_dir=little_copy, recorded=DAY
    )
    (lacks,) = [line for line in told(done, ()) if line.startswith("still missing for 2026, Chongqing")]
    assert "vehicle output" in lacks and "nevbook missing --year 2026" in lacks


@pytest.mark.slow
def test_a_kill_at_any_moment_leaves_the_old_package_or_the_new(little_copy: Path, tmp_path: Path) -> None:
    file = write(tmp_path / "new.csv", changed(period="2025-12", value="70000"))
    command = [
        sys.executable,
        "-m",
        "nevbook.cli",
        "add",
        str(file),
        "--data",
        str(little_copy),
        "--recorded",
        "2026-12-01",
    ]
    old = checksum(little_copy)
    keep = shutil.copytree(little_copy, tmp_path / "keep")
    began = time.monotonic()
    assert subprocess.run(command, cwd=ROOT, capture_output=True).returncode == 0
    whole, new = time.monotonic() - began, checksum(little_copy)
    assert new != old
    chance, found = random.Random(20261122), []
    for n in range(100):
        shutil.rmtree(little_copy)
        shutil.copytree(keep, little_copy)
        with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
            # half of the moments in its last third, where it writes and exchanges
            time.sleep(whole * (chance.random() if n % 2 else chance.uniform(0.65, 1.05)))
            process.kill()
        found.append(checksum(little_copy))
        assert found[-1] in (old, new)
        assert check(little_copy) == []
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        assert checksum(little_copy) == new
        assert sorted(p.name for p in tmp_path.iterdir()) == ["data", "keep", "new.csv"]
    assert old in found  # some were killed in time


def test_a_second_merge_at_once_says_so_and_stops(little_copy: Path, tmp_path: Path) -> None:
    file = write(tmp_path / "new.csv", changed(period="2025-12", value="70000"))
    with locked(beside(little_copy, "lock"), ""), pytest.raises(BuildError, match="another `nevbook add` is at work"):
        add(file, data_dir=little_copy, recorded=DAY)
    assert add(file, data_dir=little_copy, recorded=DAY).new == 1


@pytest.mark.slow
def test_a_year_is_added_and_its_edition_shows_the_numbers(tmp_path: Path) -> None:
    from tests.data.ingest.test_normalize import spreadsheet

    root = copy_book(tmp_path / "book")
    done = nevbook(root, "add", str(spreadsheet(tmp_path / "new.xlsx")), "--recorded", "2027-02-01")
    assert done.returncode == 0, done.stderr
    built = nevbook(root, "build", "--year", "2026")
    assert built.returncode == 0, built.stdout + built.stderr
    page = BeautifulSoup((root / "_build" / "html" / "2026" / "output.html").read_text(encoding="utf-8"), "html.parser")
    shown = {(d.get("data-indicator"), d.get("data-period"), float(d["value"])) for d in page.find_all("data")}
    assert {("vehicle_production", "2026", 2_901_500), ("nev_production", "2026", 1_523_000)} <= shown


def test_a_dry_run_changes_nothing_and_the_command_says_what_it_means(little_copy: Path, tmp_path: Path) -> None:
    before = checksum(little_copy)
    file = write(tmp_path / "new.csv", changed(period="2025-12", value="70000"))
    done = nevbook(ROOT, "add", str(file), "--data", str(little_copy), "--dry-run")
    assert done.returncode == 0 and "would be 1 new" in done.stdout and checksum(little_copy) == before
    bad = nevbook(ROOT, "add", str(tmp_path / "none.csv"), "--data", str(little_copy))
    assert bad.returncode == 1 and "no such file" in bad.stderr


@pytest.mark.parametrize("content", ['"id,indicator', '"', "\n", ""])
def test_a_file_without_a_whole_row_is_named(
    content: str, little: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "torn.csv"
    file.write_text(content, encoding="utf-8")
    assert main(["add", str(file), "--data", str(little), "--dry-run"]) == 1
    told = capsys.readouterr()
    assert "torn.csv" in told.out + told.err
