"""Which value is shown, and what is never joined."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest

from nevbook.analysis import source_selection
from nevbook.analysis.acceleration import acceleration
from nevbook.analysis.targets import target_outcomes
from nevbook.data import dataset
from nevbook.data.dataset import Dataset

AS_OF = dt.date(2026, 11, 22)


@pytest.fixture(scope="module")
def seen() -> Dataset:
    return dataset.load().vintage(2025, AS_OF)


def with_rows(data: Dataset, *changes: dict) -> Dataset:
    """Rows like that of Chongqing's 2024 NEV output, changed."""
    model = next(
        r for r in data.observations if r.id == "chongqing.nev_production.2024.level.people-cq-2025-01-21-stats"
    )
    rows = [dataclasses.replace(model, **({"id": f"r{n}"} | change)) for n, change in enumerate(changes)]
    return dataclasses.replace(data, observations=tuple(rows), raw=(), corrections=())


def shown(data: Dataset) -> str:
    found = source_selection.value(data, "nev_production", "chongqing", "2024")
    assert found is not None and found.observation is not None
    return found.observation.id


def test_plain_values_come_before_about_before_bounds(seen: Dataset) -> None:
    assert shown(with_rows(seen, {"qualifier": ">"}, {"qualifier": "~"}, {"qualifier": "="})) == "r2"
    assert shown(with_rows(seen, {"qualifier": ">"}, {"qualifier": "~"})) == "r1"


def test_outcomes_come_before_estimates_and_targets_never(seen: Dataset) -> None:
    assert shown(with_rows(seen, {"kind": "estimate"}, {"qualifier": "~"})) == "r1"
    assert source_selection.value(with_rows(seen, {"kind": "target"}), "nev_production", "chongqing", "2024") is None
    assert source_selection.value(with_rows(seen, {"kind": "forecast"}), "nev_production", "chongqing", "2024") is None


def test_the_tier_comes_before_rounding_and_rounding_before_age(seen: Dataset) -> None:
    tiers = {t: next(s.id for s in seen.sources.values() if s.tier == t) for t in ("official", "press", "secondary")}
    assert shown(with_rows(seen, {"source": tiers["secondary"], "resolution": 1}, {"source": tiers["press"]})) == "r1"
    assert shown(with_rows(seen, {"source": tiers["press"]}, {"source": tiers["official"], "resolution": 1000})) == "r1"
    same = tiers["press"]
    rows = with_rows(seen, {"source": same, "resolution": 1000, "value": 953000}, {"source": same, "resolution": 100})
    assert shown(rows) == "r1"


def test_agreement_with_growth_decides_between_equals(seen: Dataset) -> None:
    # two sources of 2019; the growth of 2020 on it supports only one of them
    found = source_selection.value(seen, "vehicle_production", "chongqing", "2019")
    assert found is not None and found.value == 1_383_000
    assert [r.value for r in found.others] == [1_374_600]


def test_a_series_names_its_way_of_counting_and_keeps_both_of_2016(seen: Dataset) -> None:
    series = source_selection.series(seen, "vehicle_production", "chongqing")
    assert {(q.period, q.basis) for q in series} >= {("2016", "local"), ("2016", "registration"), ("2025", "place")}
    assert all(
        q.basis == "registration"
        for q in source_selection.series(seen, "vehicle_production", "chongqing", "registration")
    )


def test_growth_is_not_computed_across_a_change_of_counting(seen: Dataset) -> None:
    stated = source_selection.yearly_growth(seen, "vehicle_production", "guangdong", 2025)
    assert stated is None  # 2024 by registration, 2025 by place: nobody states a yearly growth
    moved = acceleration(seen, "nev_production", "chongqing", 2025)
    assert (moved.verdict, moved.reason) == ("none", "basis")


def test_the_year_before_is_worked_back_where_nobody_states_it(seen: Dataset) -> None:
    back = source_selection.previous(seen, "vehicle_exports_units", "chongqing", 2023)
    assert back is not None and back.derived and round(back.value, -2) == 283_500
    stated = source_selection.previous(seen, "vehicle_exports_units", "chongqing", 2024)
    assert stated is not None and not stated.derived and stated.value == 368_000


def test_an_edition_sees_no_outcome_after_its_year_and_no_later_target() -> None:
    data = dataset.load().vintage(2024, AS_OF)
    assert all(r.span.end <= dt.date(2024, 12, 31) for r in data.observations if r.outcome)
    targets = {(r.indicator, r.period, r.source) for r in data.observations if r.kind == "target"}
    assert ("nev_production", "2025", "ichongqing-2025-03-seed") in targets  # published in March 2025
    late = "stockstar-aijian-changan-2025"  # published in January 2026
    assert not [t for t in targets if t[2] == late]


def test_an_edition_sees_only_what_was_recorded_by_its_day() -> None:
    assert dataset.load().vintage(2024, dt.date(2026, 11, 21)).observations == ()


@pytest.mark.parametrize(
    ("speeds", "verdict", "reason"),
    [((30, 20), "up", ""), ((20, 30), "down", ""), ((20, 20.4), "none", "rounding")],
)
def test_a_verdict_follows_from_the_interval(seen: Dataset, speeds: tuple, verdict: str, reason: str) -> None:
    growth = {"measure": "yoy_growth", "unit": "percent", "resolution": 1}
    rows = with_rows(seen, growth | {"value": speeds[0]}, growth | {"value": speeds[1], "period": "2023"})
    found = acceleration(rows, "nev_production", "chongqing", 2024)
    assert (found.verdict, found.reason) == (verdict, reason)


def test_targets_are_met_missed_open_or_cannot_be_told(seen: Dataset) -> None:
    found = {
        (a.target.indicator, a.target.period, a.target.entity): a
        for a in target_outcomes(seen, ("chongqing", "changan"), 2025)
    }
    assert found["nev_production", "2025", "chongqing"].state == "missed"
    assert found["vehicle_production", "2025", "chongqing"].state == "met"
    assert found["nev_sales", "2026", "changan"].state == "open"
    assert found["share_of_china_icv_nev_production", "2025", "chongqing"].state == "unknown"
    gap = found["nev_production", "2025", "chongqing"].gap
    assert gap is not None and gap.value == -4000 and gap.high < 0


def test_a_target_is_missed_however_small_the_gap_unless_rounding_hides_it(seen: Dataset) -> None:
    aim = {"kind": "target", "resolution": 0, "value": 953_300}
    assert target_outcomes(with_rows(seen, aim, {}), ("chongqing",), 2024)[0].state == "missed"
    assert target_outcomes(with_rows(seen, aim | {"value": 953_220}, {}), ("chongqing",), 2024)[0].state == "unknown"
    assert target_outcomes(with_rows(seen, aim | {"value": 953_100}, {}), ("chongqing",), 2024)[0].state == "met"


def test_a_revision_is_shown_and_what_it_revised_stays_beside_it(seen: Dataset) -> None:
    later = {"value": 960_000, "recorded": dt.date(2026, 12, 1), "resolution": 1000}
    assert shown(with_rows(seen, {}, later)) == "r1"
    both = with_rows(seen, {}, later)
    found = source_selection.value(both, "nev_production", "chongqing", "2024")
    assert found is not None and [r.id for r in found.others] == ["r0"]
    earlier = both.vintage(2025, AS_OF)  # an edition of before the revision does not know it
    assert shown(earlier) == "r0"
