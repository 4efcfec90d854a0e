"""Verdicts follow from intervals: they flip when intervals part, and not before."""

from __future__ import annotations

import dataclasses
import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given, strategies as st

from nevbook.analysis.acceleration import acceleration
from nevbook.data import dataset
from nevbook.data.dataset import Dataset
from nevbook.report.edition_view import EditionView

AS_OF = dt.date(2026, 11, 22)
PLACES = [Decimal(x) for x in ("0.01", "0.1", "1", "10")]


@pytest.fixture(scope="module")
def seen() -> Dataset:
    return dataset.load().vintage(2025, AS_OF)


def with_growth(data: Dataset, *rates: tuple[str, Decimal, Decimal]) -> Dataset:
    """Two growth rates of one series, each with its last stated place, and nothing else."""
    model = next(r for r in data.observations if r.measure == "yoy_growth" and r.indicator == "nev_production")
    rows = [
        dataclasses.replace(
            model, id=f"r{n}", entity="chongqing", period=year, value=float(value), resolution=float(place),
            basis="registration", kind="stated", qualifier="=",
        )
        for n, (year, value, place) in enumerate(rates)
    ]  # fmt: skip
    return dataclasses.replace(data, observations=tuple(rows), corrections=(), raw=())


rates = st.tuples(st.integers(-90_00, 300_00), st.sampled_from(PLACES)).map(
    lambda x: ((Decimal(x[0]) / 100).quantize(x[1]) if x[1] < 10 else Decimal(round(x[0], -3)) / 100, x[1])
)


@given(rates, rates)
def test_a_verdict_is_given_exactly_where_the_two_intervals_do_not_touch(
    seen: Dataset, one: tuple[Decimal, Decimal], two: tuple[Decimal, Decimal]
) -> None:
    data = with_growth(seen, ("2023", *one), ("2024", *two))
    (before, before_place), (now, now_place) = one, two
    apart = abs(now - before) > (before_place + now_place) / 2
    expected = "none" if not apart else "up" if now > before else "down"
    found = acceleration(data, "nev_production", "chongqing", 2024)
    assert found.verdict == expected
    assert found.reason == ("" if apart else "rounding")


@given(rates, st.sampled_from(PLACES))
def test_a_figure_flips_its_verdict_in_the_moment_its_interval_passes_the_other(
    seen: Dataset, one: tuple[Decimal, Decimal], place: Decimal
) -> None:
    before, before_place = one
    edge = before + (before_place + place) / 2  # here the two intervals touch
    hair = Decimal("0.001")
    for value, verdict in ((edge - hair, "none"), (edge, "none"), (edge + hair, "up")):
        data = with_growth(seen, ("2023", *one), ("2024", value, place))
        assert acceleration(data, "nev_production", "chongqing", 2024).verdict == verdict, value
    edge = before - (before_place + place) / 2
    for value, verdict in ((edge + hair, "none"), (edge, "none"), (edge - hair, "down")):
        data = with_growth(seen, ("2023", *one), ("2024", value, place))
        assert acceleration(data, "nev_production", "chongqing", 2024).verdict == verdict, value


def test_a_missing_year_and_another_count_are_told_apart(seen: Dataset) -> None:
    assert acceleration(seen, "vehicle_production", "chongqing", 2025).reason == "basis"
    assert acceleration(seen, "ev_exports_units", "chongqing", 2025).reason == "missing"
    assert acceleration(seen, "vehicle_exports_units", "chongqing", 2025).verdict == "down"


def test_what_next_year_must_pass(seen: Dataset) -> None:
    units = acceleration(seen, "vehicle_exports_units", "chongqing", 2025).turning
    assert units is not None
    assert units.low <= 614_000 * 1.287 <= units.high
    assert (units.period, units.kind) == ("2026", "estimate")
    share = acceleration(seen, "nev_penetration", "CHN", 2025).turning
    assert share is not None
    assert share.value == pytest.approx(47.9 + 7)
    assert acceleration(seen, "local_supply_rate", "chongqing", 2025).turning is None


def test_an_edition_whose_year_before_is_unknown_awaits_without_it() -> None:
    assert EditionView.open(2008).due("no_such_series") == (None, False)
    assert EditionView.open(2025).due("vehicle_production")[0] is not None


def test_a_figure_is_late_once_its_month_is_over() -> None:
    coming, own = EditionView.open(2026), EditionView.open(2025)
    assert coming.as_of == dt.date(2026, 11, 25)
    awaited = {a.last.indicator: coming.due(a.last.indicator) for a in coming._awaited.values() if a.year == 2026}
    told = [(when, late) for when, late in awaited.values() if when is not None]
    assert {late for when, late in told if when.start > coming.as_of} == {False}
    assert all(late == (when.end < coming.as_of) for when, late in told)
    assert own.due("auto_value_added_growth")[1] and not own.due("vehicle_production")[1]
    assert not EditionView.open(2024).due("vehicle_production")[1]  # of 2025: it has appeared, this edition sees it not
