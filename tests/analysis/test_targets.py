"""Targets: scored when due, never before, and remembered when they are moved."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest

from nevbook.analysis.audit.audit import audit
from nevbook.analysis.targets import TargetOutcome, target_outcomes
from nevbook.data import dataset

AS_OF = dt.date(2026, 11, 22)
LATER = dt.date(2026, 11, 25)


def found(year: int, *entities: str, day: dt.date = AS_OF) -> list[TargetOutcome]:
    return target_outcomes(dataset.load().vintage(year, day), entities, year)


def one(listed: list[TargetOutcome], indicator: str, period: str, value: float) -> TargetOutcome:
    return next(
        a for a in listed if (a.target.indicator, a.target.period, a.target.value) == (indicator, period, value)
    )


def test_targets_for_the_next_year_are_there_in_time_and_scored_a_year_later() -> None:
    before, after = found(2024, "chongqing"), found(2025, "chongqing")
    for indicator, value in (("vehicle_production", 2_600_000), ("nev_production", 1_300_000)):
        early = one(before, indicator, "2025", value)
        assert early.state == "open" and early.outcome is None
    assert one(after, "vehicle_production", "2025", 2_600_000).state == "met"
    assert one(after, "nev_production", "2025", 1_300_000).state == "missed"


def test_an_aim_for_the_same_year_at_another_value_moved_it() -> None:
    listed = found(2025, "changan", "deepal")
    first = one(listed, "vehicle_sales", "2030", 4_500_000)
    second = one(listed, "vehicle_sales", "2030", 5_000_000)
    assert first.moved is not None and first.moved.value == 5_000_000
    assert second.moved is not None and second.moved.value == 4_000_000
    assert one(listed, "vehicle_sales", "2030", 4_000_000).moved is None
    lowered = one(listed, "nev_sales", "2025", 500_000)
    assert lowered.state == "missed"  # to lower it did not make it met
    assert lowered.moved is not None and lowered.moved.value == 360_000


def test_the_same_aim_for_a_later_year_put_it_off() -> None:
    listed = found(2025, "seres")
    early = one(listed, "nev_sales", "2026", 1_000_000)
    assert early.moved is not None and early.moved.period == "2028"
    assert one(listed, "nev_sales", "2028", 1_000_000).moved is None


def test_a_higher_aim_for_a_later_year_moves_nothing() -> None:
    listed = found(2025, "changan", "avatr")
    assert one(listed, "vehicle_sales", "2026", 3_300_000).moved is None
    assert one(listed, "export_countries", "2024", 25).moved is None


def test_an_open_target_tells_how_far_it_is_and_what_it_needs() -> None:
    goal = one(found(2025, "seres"), "nev_sales", "2028", 1_000_000)
    assert goal.newest is not None and goal.reached is not None and goal.pace is not None
    assert goal.reached.value == pytest.approx(goal.newest.value / 10_000)
    assert goal.newest.value * (1 + goal.pace.value / 100) ** 3 == pytest.approx(1_000_000)


def test_the_day_of_a_report_is_not_that_of_a_target() -> None:
    data = dataset.load()
    told = next(r for r in data.observations if r.id.startswith("seres.nev_sales.2026.level.target"))
    assert (
        told.announced
        == "2023-02"
        < data.sources[told.source].published
        == data.told(dataclasses.replace(told, announced=""))
    )
    late = next(r for r in data.observations if r.id == "deepal.nev_sales.2025.level.target.digipub-2026-01-deepal")
    assert data.told(late) == "2025" and data.sources[late.source].published > "2025-12-31"
    # an old aim that is only reported after its successor was announced is not what replaced it
    rows = tuple(r for r in data.observations if r.id != told.id) + (dataclasses.replace(told, announced="2030"),)
    wrong = dataclasses.replace(data, observations=rows)
    assert one(target_outcomes(wrong, ("seres",), 2025), "nev_sales", "2026", 1_000_000).moved is None


def test_a_plan_made_before_a_way_of_counting_is_not_held_against_it() -> None:
    data = dataset.load()
    for row in data.observations:
        starts = data.basis(row.indicator, row.basis).first
        if row.kind == "target" and starts and (told := data.told(row)):
            assert told[:4] >= str(starts.year - 1), row.id


def test_one_promise_counts_once() -> None:
    listed = [a for a in found(2025, "chongqing") if a.target.indicator == "supercharging_stations"]
    assert [(a.target.value, a.moved) for a in listed] == [(2040, None)]
    data = dataset.load().vintage(2025, dt.date(2026, 11, 25))
    told = [f for f in audit(data, 2025) if f.kind == "target" and f.entity == "deepal" and f.indicator == "nev_sales"]
    assert [(f.stated.value, f.verdict) for f in told] == [(360_000, "missed")]


def test_what_was_missed_by_little_and_met_with_more_are_both_told() -> None:
    listed = found(2025, "chongqing")
    made, electric = (one(listed, i, "2025", v) for i, v in (("vehicle_production", 2.6e6), ("nev_production", 1.3e6)))
    assert made.state == "met" and round(made.reached.value) == 107
    assert electric.state == "missed" and round(100 - electric.reached.value, 1) == 0.3


def test_the_stock_at_the_end_of_a_year_is_the_outcome_of_that_year() -> None:
    goal = one(found(2025, "chongqing", day=LATER), "supercharging_stations", "2025", 2040)
    assert goal.outcome is not None and (goal.outcome.period, goal.state) == ("2025-12", "met")
    # a stock of an earlier month may fall again: it is told, and judges nothing
    points = one(found(2025, "chongqing", day=LATER), "charging_piles", "2025", 240_000)
    assert points.newest is not None and (points.newest.period, points.state) == ("2024-08", "unknown")
    # sales of December are not those of the year
    data = dataset.load().vintage(2025, LATER)
    year = ("nev_sales", "changan", "2025")
    rows = tuple(r for r in data.observations if r.kind == "target" or (r.indicator, r.entity, r.period) != year)
    flow = one(
        target_outcomes(dataclasses.replace(data, observations=rows), ("changan",), 2025),
        "nev_sales",
        "2025",
        1_000_000,
    )
    assert any(r.period == "2025-12" for r in rows if (r.indicator, r.entity) == ("nev_sales", "changan"))
    assert flow.outcome is None


def test_the_newest_outcome_is_the_newest_by_its_date() -> None:
    goal = one(found(2025, "chongqing", day=LATER), "icv_nev_parts_suppliers", "2027", 1000)
    assert goal.newest is not None and goal.pace is not None and goal.newest.period == "2025-09"
    assert goal.newest.value * (1 + goal.pace.value / 100) ** 2.25 == pytest.approx(1000)
