"""Merging new rows: all or nothing, revisions kept, new conflicts said."""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
from pathlib import Path

import pytest

from nevbook.add import add
from nevbook.check import check
from nevbook.dataset import load
from nevbook.errors import DataError

from .conftest import ROOT, nevbook

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


def test_a_new_row_is_merged_with_an_id_and_a_day(data_copy: Path, tmp_path: Path) -> None:
    before = load(data_copy)
    file = write(tmp_path / "new.csv", changed(period="2025-12", value="70000"))
    done = add(file, data_dir=data_copy, recorded=DAY)
    assert (done.new, done.revised, done.known) == (1, 0, 0)
    row = load(data_copy).observations[-1]
    assert row.id == f"chongqing.vehicle_exports_units.2025-12.level.{SOURCE}" and row.recorded == DAY
    assert load(data_copy).observations[:-1] == before.observations and check(data_copy) == []
    assert not list(tmp_path.glob("data.new*"))


def test_a_row_that_is_there_already_changes_nothing(data_copy: Path, tmp_path: Path) -> None:
    before = checksum(data_copy)
    done = add(write(tmp_path / "new.csv", changed(value="614000.0")), data_dir=data_copy, recorded=DAY)
    assert (done.new, done.revised, done.known) == (0, 0, 1) and checksum(data_copy) == before


def test_a_revision_keeps_both_rows_and_its_conflict_is_said(data_copy: Path, tmp_path: Path) -> None:
    done = add(write(tmp_path / "new.csv", changed(value="650000")), data_dir=data_copy, recorded=DAY)
    assert (done.new, done.revised) == (0, 1)
    values = {
        r.value
        for r in load(data_copy).rows("vehicle_exports_units", "chongqing")
        if r.source == SOURCE and r.period == "2025"
    }
    assert values == {614_000, 650_000} and check(data_copy) == []
    assert any("Vehicle exports of Chongqing, 2025" in s for s in done.conflicts)


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
def test_one_bad_row_and_nothing_changes(data_copy: Path, tmp_path: Path, cells: dict[str, str], said: str) -> None:
    before = checksum(data_copy)
    file = write(tmp_path / "new.csv", changed(period="2025-11", value="60000"), changed(**{"value": "70000", **cells}))
    with pytest.raises(DataError, match=r"nothing was changed") as error:
        add(file, data_dir=data_copy, recorded=DAY)
    assert "new.csv, row 3" in str(error.value) and said in str(error.value)
    assert checksum(data_copy) == before and not list(tmp_path.glob("data.new*"))


def test_every_fault_is_listed_at_once(data_copy: Path, tmp_path: Path) -> None:
    file = write(
        tmp_path / "new.csv", changed(unit="yuan", value="1000"), changed(period="2025-13"), changed(source="nobody")
    )
    with pytest.raises(DataError) as error:
        add(file, data_dir=data_copy, recorded=DAY)
    assert all(f"new.csv, row {n}" in str(error.value) for n in (2, 3, 4))


@pytest.mark.parametrize(
    ("head", "said"), [([*HEAD[:-1], "locater"], "did you mean locator"), (HEAD[:-1], "lacks the column locator")]
)
def test_a_wrong_header_is_named(data_copy: Path, tmp_path: Path, head: list[str], said: str) -> None:
    file = write(tmp_path / "new.csv", EXPORTS[: len(head)], head=head)
    with pytest.raises(DataError, match=said):
        add(file, data_dir=data_copy, recorded=DAY)


def test_a_new_source_comes_with_its_rows(data_copy: Path, tmp_path: Path) -> None:
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
    assert add(file, sources, data_copy, recorded=DAY).new == 1
    assert load(data_copy).sources["bureau-2026"].publisher == "Bureau" and check(data_copy) == []


def test_a_dry_run_changes_nothing_and_the_command_says_what_it_means(data_copy: Path, tmp_path: Path) -> None:
    before = checksum(data_copy)
    file = write(tmp_path / "new.csv", changed(period="2025-12", value="70000"))
    done = nevbook(ROOT, "add", str(file), "--data", str(data_copy), "--dry-run")
    assert done.returncode == 0 and "would be 1 new" in done.stdout and checksum(data_copy) == before
    bad = nevbook(ROOT, "add", str(tmp_path / "none.csv"), "--data", str(data_copy))
    assert bad.returncode == 2 and "no such file" in bad.stderr
