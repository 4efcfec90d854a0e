"""Years of which only months are published: never taken for a year, compared month for month."""

from __future__ import annotations

from pathlib import Path

import pytest

from nevbook.analysis.targets import target_outcomes
from nevbook.data.dataset import load
from nevbook.report.edition_view import EditionView
from tests.conftest import Sheets

SOURCE = "people-cq-2025-01-21-stats"


def stated(sheets: Sheets, entity: str, period: str, value: str, measure: str = "level", **cells: str) -> None:
    """Add a made-up output of new-energy vehicles."""
    unit = "vehicles" if measure == "level" else "percent"
    row = {
        "id": f"{entity}.test.{period.replace('/', '_to_')}.{measure}", "indicator": "nev_production",
        "entity": entity, "period": period, "measure": measure, "qualifier": "=", "value": value, "unit": unit,
        "resolution": "100" if measure == "level" else "0.1", "kind": "stated", "basis": "place", "source": SOURCE,
        "locator": "made up", "recorded": "2026-11-22",
    }  # fmt: skip
    sheets.append("observations.csv", row | cells)


@pytest.fixture
def months(sheets: Sheets) -> Path:
    """The data with nine made-up months of 2026 and of 2025, and a year of 2025, in one way of counting."""
    for period, value in (("2026-01/2026-09", "900000"), ("2025-01/2025-09", "750000"), ("2025", "1200000")):
        stated(sheets, "chongqing", period, value)
    return sheets.folder


def test_an_edition_of_some_months_says_how_far_it_reaches(months: Path) -> None:
    view = EditionView.open(2026, data_dir=months)
    assert view.until is not None and view.until.text == "2026-09"
    assert EditionView.open(2025, data_dir=months).until is None
    stored = EditionView.open(2026)
    assert stored.until is not None and stored.until.text == "2026-02"  # of the region's firms only
    assert EditionView.open(2023).until is None and EditionView.open(2025, "anhui").until is None


def test_a_part_of_a_year_never_stands_for_it(months: Path) -> None:
    view = EditionView.open(2026, data_dir=months)
    assert view.level("nev_production") is None and view.growth("nev_production") is None
    assert all(q.period != "2026" and len(q.period) == 4 for q in view.series("nev_production"))
    assert view.acceleration("nev_production").level is None and view.previous("nev_production") is None
    assert view.newest("nev_production").period == "2026-01/2026-09"


def test_months_stand_beside_the_same_months(months: Path) -> None:
    one = next(m for m in EditionView.open(2026, data_dir=months).months() if m.now.entity == "chongqing")
    assert (one.now.value, one.before.value, one.before.period) == (900000, 750000, "2025-01/2025-09")
    assert one.change.value == pytest.approx(20)


def test_without_the_same_months_nothing_is_compared(sheets: Sheets) -> None:
    for period, value in (("2026-01/2026-07", "900000"), ("2025-01/2025-08", "750000"), ("2025", "1200000")):
        stated(sheets, "chongqing", period, value)
    one = next(m for m in EditionView.open(2026, data_dir=sheets.folder).months() if m.now.entity == "chongqing")
    assert one.now.period == "2026-01/2026-07" and one.before is None and one.change is None


def test_a_stated_growth_of_the_months_gives_the_months_before(sheets: Sheets) -> None:
    stated(sheets, "chongqing", "2026-01/2026-07", "900000")
    stated(sheets, "chongqing", "2026-01/2026-07", "20", "yoy_growth")
    one = next(m for m in EditionView.open(2026, data_dir=sheets.folder).months() if m.now.entity == "chongqing")
    assert one.change.observation is not None and one.before.value == pytest.approx(750000)
    assert one.before.period == "2025-01/2025-07" and one.before.derived


def test_every_comparison_of_months_is_of_the_same_months_and_count() -> None:
    for year in (2022, 2023, 2024, 2025, 2026):
        for one in EditionView.open(year).months("chongqing", "CHN", "seres", "changan"):
            assert len(one.now.period) > 4
            if one.before is not None:
                assert one.before.period[4:7] == one.now.period[4:7] and one.before.basis == one.now.basis
                assert int(one.before.period[:4]) == year - 1 and len(one.before.period) == len(one.now.period)


def test_a_target_for_a_year_that_is_not_over_is_open() -> None:
    data = load()
    view = EditionView.open(2026)
    due = [a for a in view.targets("changan", "seres") if a.target.period == "2026"]
    assert due and {a.state for a in due} == {"open"}
    whole = target_outcomes(data.vintage(2025, view.as_of), ["chongqing"], 2025)
    assert "open" not in {a.state for a in whole if a.target.period == "2025"}
