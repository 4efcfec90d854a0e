"""Scenarios: plain multiplication, with intervals, and never called a forecast."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given, strategies as st

from nevbook.analysis import scenarios
from nevbook.analysis.quantities import Quantity, assumed
from nevbook.common.errors import NevbookError


def made(value: float = 2_000_000, half: float = 0) -> Quantity:
    return Quantity(
        value, value - half, value + half, "vehicles", "vehicle_production", "chongqing", "2025", basis="place"
    )


GIVEN: dict[str, Sequence[float | None]] = {
    "output_growth": [-2, 0, 2],
    "nev_share": [None, 60, 80],
    "export_share": [20, 25, 30],
    "value_per_car": [80_000, None, 100_000],
}
NOW = {"nev_share": assumed(50, "percent"), "value_per_car": assumed(90_000, "yuan")}


def test_a_scenario_can_be_redone_by_head() -> None:
    first, second, third = scenarios.scenarios(made(), 2030, GIVEN, NOW)
    assert second.output.value == 2_000_000
    assert second.nevs.value == pytest.approx(1_200_000)
    assert second.exports.value == pytest.approx(500_000)
    assert second.value.value == pytest.approx(500_000 * 90_000)
    assert second.nev_value.value == pytest.approx(500_000 * 90_000 * 0.6)
    assert first.output.value == pytest.approx(2_000_000 * 0.98**5)
    assert first.nevs.value == pytest.approx(first.output.value / 2)
    assert third.output.period == "2030"


def test_nothing_of_it_is_called_a_forecast_or_an_outcome() -> None:
    for one in scenarios.scenarios(made(), 2030, GIVEN, NOW):
        assert {q.kind for q in (one.output, one.nevs, one.exports, one.value, one.nev_value)} == {"scenario"}


@given(st.floats(1e3, 1e7), st.floats(0, 0.05), st.floats(-1, 1), st.floats(-5, 10), st.floats(1, 100))
def test_intervals_hold_whatever_was_rounded(true: float, width: float, off: float, rate: float, part: float) -> None:
    half = true * width
    output = made(true + half * off, half)
    given_ = {"output_growth": [rate], "nev_share": [part], "export_share": [part], "value_per_car": [1e5]}
    (one,) = scenarios.scenarios(output, 2028, given_, {})
    exact = true * (1 + rate / 100) ** 3
    for q, value in ((one.output, exact), (one.exports, exact * part / 100), (one.value, exact * part * 1e3)):
        assert q.low * (1 - 1e-9) <= value <= q.high * (1 + 1e-9)


def test_the_widest_swing_comes_first_and_the_others_stand_still() -> None:
    found = scenarios.swings(made(), 2030, GIVEN, NOW)
    assert sorted(s.name for s in found) == sorted(scenarios.ASSUMPTIONS)
    assert [s.width for s in found] == sorted((s.width for s in found), reverse=True)
    middle = scenarios.scenarios(made(), 2030, GIVEN, NOW)[1].nev_value.value
    by_name = {s.name: s for s in found}
    assert by_name["export_share"].first.value == pytest.approx(middle * 20 / 25)
    assert by_name["nev_share"].last.value == pytest.approx(middle * 80 / 60)


def test_what_is_not_known_makes_no_scenario() -> None:
    assert scenarios.scenarios(None, 2030, GIVEN, NOW) == []
    assert scenarios.scenarios(made(), 2030, GIVEN, {}) == []
    assert scenarios.scenarios(made(), 2025, GIVEN, NOW) == []
    assert scenarios.swings(made(), 2030, GIVEN, {}) == []


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"nev_share": [50, 60]}, "as many values as the others; found .*nev_share 2"),
        ({"nev_share": [-50, 60, 70]}, "nev_share of a scenario is -50"),
        ({"nev_shar": [1, 2, 3]}, "a scenario needs output_growth, nev_share"),
    ],
)
def test_strange_assumptions_are_refused(change: dict[str, list[float]], message: str) -> None:
    with pytest.raises(NevbookError, match=message):
        scenarios.scenarios(made(), 2030, GIVEN | change, NOW)
