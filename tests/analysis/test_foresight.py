"""No edition knows what came after it: every later outcome may be poisoned, and no page changes."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from nevbook.analysis.backtesting import Backtest
from nevbook.build import plan
from nevbook.common.periods import parse
from nevbook.data import dataset
from nevbook.report.edition_view import EditionView
from tests.conftest import Sheets, copy_book, nevbook

ANALYSIS = ("three-accelerations", "outlook")


def poison(folder: Path, year: int) -> int:
    """Make every outcome of a later period a thousand times what it is; returns how many there were."""
    sheets = Sheets(folder)
    rows = sheets.read("observations.csv")
    column = {name: n for n, name in enumerate(rows[0])}
    done = 0
    for cells in rows[1:]:
        outcome = cells[column["kind"]] in ("stated", "estimate")
        if outcome and parse(cells[column["period"]]).end > dt.date(year, 12, 31):
            cells[column["value"]] = f"{float(cells[column['value']]) * 1000 + 7:.10g}"
            done += 1
    sheets.write("observations.csv", rows)
    return done


def test_an_edition_sees_the_same_whatever_came_later(data_copy: Path) -> None:
    clean = dataset.load(data_copy)
    as_of = max(r.recorded for r in clean.observations)
    before = {y: clean.vintage(y, as_of).observations for y in (2024, 2025)}
    assert poison(data_copy, 2024) > 300
    after = dataset.load(data_copy)
    assert after.vintage(2024, as_of).observations == before[2024]
    assert after.vintage(2025, as_of).observations != before[2025]  # the poison does work


def test_what_last_year_s_edition_would_have_said_sees_no_later_outcome(data_copy: Path) -> None:
    said = {}
    for name in ("clean", "poisoned"):
        view = EditionView.open(2025, data_dir=data_copy)
        before = Backtest(view.shares("nev_sales", "vehicle_sales", "CHN", "caam", 2024))
        forecast = before.forecast(1)
        assert forecast is not None
        said[name] = (before.choice(), forecast.value, forecast.low, forecast.high)
        poison(data_copy, 2024)
    assert said["clean"] == said["poisoned"]


def test_targets_published_in_time_are_known_and_no_outcome_of_theirs_is(published: Path) -> None:
    page = (published / "2024" / "outlook.html").read_text(encoding="utf-8")
    quoted = re.findall(r'data-period="(2025[^"]*)" data-measure="level" data-unit="[^"]*" data-kind="(\w+)"', page)
    assert ("2025", "target") in quoted
    assert {kind for _, kind in quoted} <= {"target", "forecast", "estimate"}
    for tag in BeautifulSoup(page, "html.parser").select('data[data-period^="2025"][data-source]'):
        assert tag["data-kind"] in ("target", "forecast"), tag


@pytest.mark.slow
def test_no_page_of_2024_changes_when_every_outcome_of_2025_is_poisoned(tmp_path: Path, published: Path) -> None:
    root = copy_book(tmp_path / "book")
    assert poison(root / "data", 2024) > 300
    done = nevbook(root, "build", "--year", "2024")
    assert done.returncode == 0, done.stdout + done.stderr
    for chapter in plan.chapters(root):
        ours, theirs = (
            BeautifulSoup((site / "2024" / f"{chapter.stem}.html").read_text(encoding="utf-8"), "html.parser").article
            for site in (root / "_build" / "html", published)
        )
        assert ours is not None and theirs is not None
        assert str(ours) == str(theirs), chapter.stem


@pytest.mark.slow
def test_the_assumptions_of_the_outlook_can_be_set_and_no_others(tmp_path: Path) -> None:
    import subprocess
    import sys

    root = Path(__file__).resolve().parents[1]

    def run(*extra: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "papermill", "chapters/outlook.ipynb", str(tmp_path / "out.ipynb")]
        return subprocess.run(
            [*command, "--no-progress-bar", *extra], cwd=root, capture_output=True, text=True, timeout=120
        )

    done = run("-p", "until", "2035", "-y", "nev_share: [50, 70, 90]")
    assert done.returncode == 0, done.stderr[-2000:]
    text = (tmp_path / "out.ipynb").read_text(encoding="utf-8")
    assert "Scenarios for 2035" in text and "Scenarios for 2030" not in text
    refused = run("-p", "nev_shares", "50")
    assert refused.returncode != 0
    assert "nev_shares" in refused.stderr and "nev_share" in refused.stderr


def test_a_forecast_is_never_an_outcome() -> None:
    data = dataset.load().vintage(2025, dt.date(2026, 11, 22))
    row = next(r for r in data.observations if r.kind == "forecast")
    assert not row.outcome
    assert dataclasses.replace(row, kind="stated").outcome
