"""Growth taken apart: exactly, with intervals that hold the truth, and never across ways of counting."""

from __future__ import annotations

import dataclasses
import datetime as dt
import math

import pytest
from hypothesis import given, strategies as st

from nevbook.analysis import decomposition, subperiods
from nevbook.analysis.decomposition import Split
from nevbook.analysis.quantities import Quantity
from nevbook.common.errors import BasisError
from nevbook.data import dataset

amounts = st.floats(1.0, 1e9)
offs = st.floats(-1.0, 1.0)
wide = st.floats(0.0, 0.3)


def about(true: float, width: float, off: float, unit: str = "vehicles", period: str = "2025") -> Quantity:
    """A figure whose interval holds the true value somewhere in it."""
    half = width * true
    value = true + half * off
    return Quantity(value, value - half, value + half, unit, "vehicle_production", "chongqing", period, basis="place")


def exact(value: float, unit: str = "vehicles", period: str = "2025", basis: str = "place") -> Quantity:
    return Quantity(value, value, value, unit, "vehicle_production", "chongqing", period, basis=basis)


def adds_up(split: Split, among: float) -> None:
    parts = sum(q.value for q in split.parts.values())
    assert math.isclose(parts, split.whole.value, rel_tol=1e-9, abs_tol=1e-9 * among)


def holds(q: Quantity, true: float) -> None:
    slack = 1e-9 * max(abs(true), abs(q.low), abs(q.high), 1e-9)
    assert q.low - slack <= true <= q.high + slack


@given(st.lists(amounts, min_size=4, max_size=4), st.lists(wide, min_size=4, max_size=4), st.lists(offs, min_size=4))
def test_number_and_value_add_up_and_their_intervals_hold_the_truth(
    true: list[float], width: list[float], off: list[float]
) -> None:
    v0, v1, n0, n1 = true
    given_ = [about(t, w, o) for t, w, o in zip(true, width, off, strict=False)]
    split = decomposition.volume_and_value(*given_)
    assert split is not None
    adds_up(split, max(q.value for q in given_) ** 2 / min(q.value for q in given_))
    holds(split["number"], (v0 / n0 + v1 / n1) / 2 * (n1 - n0))
    holds(split["value"], (n0 + n1) / 2 * (v1 / n1 - v0 / n0))
    holds(split.whole, v1 - v0)


@given(st.lists(amounts, min_size=4, max_size=4), st.lists(wide, min_size=4, max_size=4), st.lists(offs, min_size=4))
def test_contributions_add_up_to_the_growth(true: list[float], width: list[float], off: list[float]) -> None:
    w0, w1, p0, p1 = true
    given_ = [about(t, w, o) for t, w, o in zip(true, width, off, strict=False)]
    split = decomposition.contributions(*given_)
    assert split is not None
    adds_up(split, 100 * max(q.value for q in given_) / given_[0].value)
    holds(split["part"], (p1 - p0) / w0 * 100)
    holds(split["rest"], ((w1 - p1) - (w0 - p0)) / w0 * 100)
    holds(split.whole, (w1 / w0 - 1) * 100)
    assert split.whole.unit == "percent"
    assert split["part"].unit == "percentage_points"


def test_a_split_that_can_be_checked_by_head() -> None:
    split = decomposition.volume_and_value(
        exact(100, "yuan", "2024"), exact(300, "yuan"), exact(10, period="2024"), exact(20)
    )
    assert split is not None
    assert split.whole.value == 200
    assert split["number"].value == pytest.approx(125)  # ten more, at the mean of ten and fifteen yuan
    assert split["value"].value == pytest.approx(75)  # five yuan more, on the mean of ten and twenty


def test_ways_of_counting_are_never_mixed_in_a_split() -> None:
    old = exact(90, basis="registration")
    with pytest.raises(BasisError, match="counted in different ways \\(place, registration\\)"):
        decomposition.contributions(old, exact(100), exact(10), exact(20))
    with pytest.raises(BasisError):
        decomposition.volume_and_value(exact(1), exact(2), old, exact(3))


def test_what_is_missing_or_only_a_bound_splits_nothing() -> None:
    bound = dataclasses.replace(exact(100), high=math.inf, qualifier=">")
    assert decomposition.volume_and_value(exact(1), exact(2), None, exact(3)) is None
    assert decomposition.contributions(exact(1), bound, exact(1), exact(1)) is None


def test_stretches_of_a_year_add_up_to_it() -> None:
    data = dataset.load().vintage(2025, dt.date(2026, 11, 22))
    course = subperiods.year_path(data, "vehicle_exports_value", "ev_exports_value", "chongqing", 2025)
    assert course.ends[-1] == 12
    assert len(course.stretches) == len(course.ends) > 1
    changes = [s.change for s in course.stretches]
    whole = course.change("vehicle_exports_value", 12)
    assert whole is not None
    assert sum(q.value for q in changes if q) == pytest.approx(whole.value)
    assert [s.period.start.month for s in course.stretches] == [1, *(m + 1 for m in course.ends[:-1])]
    empty = subperiods.year_path(data, "vehicle_exports_value", "ev_exports_value", "anhui", 2025)
    assert empty.stretches == ()


def test_the_region_and_the_nation_are_compared_on_one_count() -> None:
    data = dataset.load().vintage(2025, dt.date(2026, 11, 25))
    ahead = {}
    for indicator in ("vehicle_production", "nev_production", "vehicle_exports_units"):
        found = decomposition.race(data, indicator, "chongqing", "CHN", 2025)
        assert found is not None and (found.one_count or found.gap.qualifier == "~")
        ahead[indicator] = found.gap.low > 0
    assert list(ahead.values()).count(True) == 1 and ahead["nev_production"]
    abroad = decomposition.race(data, "vehicle_exports_units", "chongqing", "CHN", 2025)
    assert (abroad.own.basis, abroad.own.value, abroad.nation.value) == ("customs", 28.7, 30)
    # without the figure of customs the gap is an estimate across two counts
    rows = tuple(r for r in data.observations if (r.entity, r.basis) != ("CHN", "customs"))
    loose = decomposition.race(
        dataclasses.replace(data, observations=rows), "vehicle_exports_units", "chongqing", "CHN", 2025
    )
    assert not loose.one_count and loose.gap.kind == "estimate"
