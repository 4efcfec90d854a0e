"""Interval arithmetic: the true value never leaves the interval, whatever was rounded."""

from __future__ import annotations

import datetime as dt
import math
from fractions import Fraction

import pytest
from hypothesis import given, strategies as st

from nevbook.analysis import arithmetic, quantities
from nevbook.analysis.quantities import Quantity
from nevbook.common.errors import BasisError, NevbookError
from nevbook.data.models import Observation
from nevbook.data.package import read_table
from tests.conftest import DATA


def observed(
    value: float, resolution: float = 0, qualifier: str = "=", unit: str = "vehicles", **fields: str
) -> Observation:
    known = {"indicator": "i", "entity": "e", "period": "2024", "measure": "level", "kind": "stated", "basis": "b"}
    return Observation(
        id="x", value=value, resolution=resolution, qualifier=qualifier, unit=unit, source="s", locator="",
        announced="", recorded=dt.date(2026, 1, 1), note="", **(known | fields),
    )  # fmt: skip


def stated(
    value: float, resolution: float = 0, qualifier: str = "=", unit: str = "vehicles", **fields: str
) -> Quantity:
    return quantities.quantity(observed(value, resolution, qualifier, unit, **fields))


PLACES = st.sampled_from([1, 10, 100, 1000, 10000])


@st.composite
def rounded(draw: st.DrawFn, least: int = 100_000, most: int = 10_000_000) -> tuple[Fraction, Quantity]:
    """A true value and what a source states of it."""
    true = Fraction(draw(st.integers(least * 7, most * 7)), 7)
    place = draw(PLACES)
    return true, stated(float(round(true / place) * place), place)


@st.composite
def rounded_rate(draw: st.DrawFn) -> tuple[Fraction, Quantity]:
    true = Fraction(draw(st.integers(-900, 5000)), 13)
    digits = draw(st.sampled_from([0, 1, 2]))
    place = Fraction(1, 10**digits)
    return true, stated(float(round(true / place) * place), float(place), unit="percent", measure="yoy_growth")


def holds(q: Quantity | None, true: Fraction) -> bool:
    assert q is not None
    return Fraction(q.low) <= true <= Fraction(q.high)


@given(rounded(), rounded())
def test_growth_holds_the_true_value(now: tuple, before: tuple) -> None:
    assert holds(arithmetic.growth(now[1], before[1]), (now[0] / before[0] - 1) * 100)


@given(rounded(), rounded_rate())
def test_backcast_holds_the_true_value(level: tuple, rate: tuple) -> None:
    assert holds(arithmetic.backcast(level[1], rate[1]), level[0] / (1 + rate[0] / 100))


@given(rounded(), rounded())
def test_share_ratio_and_value_per_unit_hold_the_true_value(a: tuple, b: tuple) -> None:
    assert holds(arithmetic.share(a[1], b[1]), a[0] / b[0] * 100)
    assert holds(arithmetic.ratio(a[1], b[1]), a[0] / b[0])
    assert holds(arithmetic.per_unit(a[1], b[1]), a[0] / b[0])


@given(rounded(), rounded())
def test_difference_and_rest_hold_the_true_value(a: tuple, b: tuple) -> None:
    assert holds(arithmetic.difference(a[1], b[1]), a[0] - b[0])
    assert holds(arithmetic.rest(a[1], b[1]), a[0] - b[0])


@given(rounded_rate(), rounded_rate())
def test_acceleration_holds_the_true_value(now: tuple, before: tuple) -> None:
    change = arithmetic.difference(now[1], before[1])
    assert holds(change, now[0] - before[0])
    assert change is not None and change.unit == "percentage_points"


@given(rounded(), st.integers(1, 8), rounded())
def test_required_growth_leads_to_the_target(now: tuple, years: int, target: tuple) -> None:
    aim = stated(target[1].value)
    rate = arithmetic.required(aim, now[1], years)
    assert rate is not None
    reached = now[1].value * (1 + rate.value / 100) ** years
    assert math.isclose(reached, aim.value, rel_tol=1e-9)
    assert rate.low <= rate.value <= rate.high


def test_exports_of_the_year_before_follow_from_level_and_growth() -> None:
    back = arithmetic.backcast(stated(477_000, 1000), stated(29.6, 0.1, unit="percent", measure="yoy_growth"))
    assert back is not None and back.low < 368_000 < back.high
    assert round(back.value) == 368_056


@pytest.mark.parametrize(("qualifier", "low", "high"), [(">", 140, math.inf), ("<", -math.inf, 140)])
def test_a_bound_is_open_to_one_side(qualifier: str, low: float, high: float) -> None:
    q = stated(140, 10, qualifier)
    assert (q.low, q.high) == (low, high)


def test_what_is_computed_from_a_bound_is_a_bound() -> None:
    more = stated(1_200_000, 0, ">")
    rate = arithmetic.required(more, stated(637_000, 1000), 5)
    assert rate is not None and rate.qualifier == ">" and math.isinf(rate.high)
    portion = arithmetic.share(stated(953_200, 100), stated(13_000_000, 1_000_000, ">"))
    assert portion is not None and portion.qualifier == "<"
    assert portion.high < 7.34


def test_two_ways_of_counting_are_never_combined() -> None:
    one, other = stated(10, 1, basis="customs"), stated(20, 1, basis="caam")
    for operation in (arithmetic.share, arithmetic.difference, arithmetic.ratio, arithmetic.per_unit):
        with pytest.raises(BasisError, match="customs.*caam"):
            operation(one, other)
    with pytest.raises(BasisError):
        arithmetic.growth(one, other)


def test_two_counts_of_one_thing_may_be_compared_and_of_two_things_not() -> None:
    one, other = stated(2_663_400, 100, basis="registration"), stated(3_156_200, 100, basis="local")
    compared = arithmetic.against(one, other)
    assert compared is not None and compared.low < 84.387 < compared.high
    with pytest.raises(NevbookError, match="one thing only"):
        arithmetic.against(one, stated(1, 1, basis="local", period="2017"))


def test_growth_is_of_one_indicator() -> None:
    with pytest.raises(NevbookError, match="one indicator"):
        arithmetic.growth(stated(2, 0.1), stated(1, 0.1, indicator="j"))


@pytest.mark.parametrize("part", ["2025-01/2025-09", "2025-03", "2025-12-31"])
def test_a_part_of_a_year_is_not_compared_with_a_whole_one(part: str) -> None:
    nine, whole = stated(2, 0.1, period=part), stated(3, 0.1, period="2024")
    for now, before in ((nine, whole), (whole, nine)):
        with pytest.raises(NevbookError, match=f"growth of {now.period} on {before.period}.*whole year"):
            arithmetic.growth(now, before)
    months = stated(1, 0.1, period="2024-01/2024-09")
    assert arithmetic.growth(stated(2, 0.1, period="2025-01/2025-09"), months) is not None


def test_units_are_not_mixed() -> None:
    with pytest.raises(NevbookError, match="cannot subtract"):
        arithmetic.difference(stated(1, unit="percent"), stated(1))


def test_what_is_missing_stays_missing() -> None:
    q = stated(1, 0.1)
    for operation in (arithmetic.growth, arithmetic.share, arithmetic.ratio, arithmetic.difference, arithmetic.rest):
        assert operation(None, q) is None and operation(q, None) is None
    assert arithmetic.required(q, q, 0) is None
    assert arithmetic.share(q, stated(0)) is None  # nothing is a share of nothing


def test_a_target_makes_what_rests_on_it_a_target() -> None:
    gap = arithmetic.difference(stated(1_296_000, 1000), stated(1_300_000, kind="target"))
    assert gap is not None and gap.kind == "target"


def test_compare_is_silent_where_rounding_hides_the_order() -> None:
    assert stated(10, 2).compare(stated(11, 2)) == 0
    assert stated(10, 1).compare(stated(12, 1)) == -1
    assert stated(10, 1).compare(9.0) == 1


def test_a_row_of_another_table_is_a_value_with_its_bound_and_its_source() -> None:
    rows = {r["id"]: r for r in read_table(DATA, "ownership")}
    row = rows["catl.avatr.2024-05.h7-frandroid-2024-05-avatr07"]
    share = quantities.tabled(row, row["share"], "ownership_share", "avatr", "percent", "from")
    assert (share.value, share.low, share.high, share.period) == (17, 17, math.inf, "2024-05")
    assert [r.source for r in share.rows] == [row["source"]]
