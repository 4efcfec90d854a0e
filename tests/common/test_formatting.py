"""Numbers in words: no digit that the interval does not support."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, strategies as st

from nevbook.common import formatting, intervals


@pytest.mark.parametrize(
    ("value", "unit", "place", "text"),
    [
        (953_200, "vehicles", 100, "953,200"),
        (2_787_700, "vehicles", 100, "2.7877 million"),
        (2_600_000, "vehicles", None, "2.6 million"),
        (43_110_000_000, "yuan", 10_000_000, "43.11 billion"),
        (1_000_000_000_000, "yuan", None, "1 trillion"),
        (999_960, "vehicles", 100, "1,000,000"),
        (999_960_000, "vehicles", 1e5, "1.0000 billion"),
        (26.7, "percent", 0.1, "26.7"),
        (30, "percent", 1, "30"),
        (31.4, "percent", 10, "30"),
        (-4.1, "percent", 0.1, "\N{MINUS SIGN}4.1"),
        (-0.01, "percent", 0.1, "0.0"),
        (7.24155, "yuan_per_usd", None, "7.2416"),
        (0, "count", None, "0"),
        (125.51, "km", 0.01, "125.51"),
    ],
)
def test_numbers_are_written_as_the_book_writes_them(value: float, unit: str, place: float | None, text: str) -> None:
    assert formatting.number(value, unit, place) == text


@given(st.floats(0.001, 1e12), st.floats(1e-6, 0.4))
def test_no_more_digits_than_the_interval_supports(value: float, width: float) -> None:
    low, high = value * (1 - width), value * (1 + width)
    place = intervals.place_of(low, high)
    assert place is not None
    # the last digit shown is off by about one at most, unless the place before would make it nought
    assert (high - low) / 2 <= place * 1.26 or value < place * 10 / 2
    assert place < (high - low) / 2 * 8.001  # and not a digit coarser than it must be


def test_a_stated_digit_keeps_its_own_place() -> None:
    for place in (0.01, 0.1, 1.0, 10.0, 100.0, 1e6):
        found = intervals.place_of(5 - place / 2, 5 + place / 2)
        assert found is not None and math.isclose(found, place)


def test_exact_and_unbounded_numbers_have_no_place() -> None:
    assert intervals.place_of(5, 5) is None
    assert intervals.place_of(5, math.inf) is None


def test_what_is_no_number_is_not_written() -> None:
    with pytest.raises(ValueError, match="no number"):
        formatting.number(math.inf, "percent")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("2024", "2024"),
        ("2024-12", "December 2024"),
        ("2026-11-22", "22 November 2026"),
        ("2025-01/2025-09", "January to September 2025"),
        ("2018/2022", "2018 to 2022"),
        ("2023-09/2024-04", "September 2023 to April 2024"),
    ],
)
def test_periods_in_words(text: str, said: str) -> None:
    assert formatting.period(text) == said


def test_a_list_in_words() -> None:
    assert formatting.listing([]) == "none"
    assert formatting.listing(["a"]) == "a"
    assert formatting.listing(["a", "b", "c"]) == "a, b and c"


def test_what_is_surely_not_nought_is_not_written_as_nought() -> None:
    assert formatting.number(37, "percent", intervals.place_of(23, 51)) == "40"
    assert formatting.number(-37, "percent", intervals.place_of(-51, -23)).endswith("40")
    assert formatting.number(5, "percent", intervals.place_of(-20, 30)) == "0"  # it may be nought
