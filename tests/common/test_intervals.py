"""A number as written lies in its interval as written; parts as written sum to their whole as written."""

from __future__ import annotations

import math
import re

import pytest
from hypothesis import assume, given, strategies as st

from nevbook.analysis.quantities import Quantity, summing
from nevbook.common.formatting import interval_ends, number
from nevbook.common.intervals import place_of, places_of_parts, rounded, shown_place
from nevbook.report.quantity_text import parts

SCALES = {"thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12}
UNITS = st.sampled_from(["vehicles", "yuan", "percent", "percentage_points"])


def read(text: str) -> float:
    """Read a number as it is written."""
    sign, digits, scale = re.fullmatch(
        r"(\N{MINUS SIGN}?)([\d,]+(?:\.\d+)?)(?:[ \N{NO-BREAK SPACE}](\w+))?", text
    ).groups()
    return (-1 if sign else 1) * float(digits.replace(",", "")) * SCALES.get(scale, 1.0)


@given(st.floats(-1e13, 1e13), st.floats(1e-9, 0.9), st.floats(0, 1), UNITS)
def test_a_number_lies_in_its_interval_as_written(value: float, width: float, skew: float, unit: str) -> None:
    assume(abs(value) > 1e-3)
    low, high = value - abs(value) * width * skew, value + abs(value) * width * (1 - skew)
    assume(low < value < high)
    shown = read(number(value, unit, shown_place(value, low, high)))
    low_end, high_end = map(read, interval_ends(value, low, high, unit))
    assert low_end <= shown * (1 + 1e-12 * (shown > 0)) and shown * (1 - 1e-12 * (shown > 0)) <= high_end
    assert (
        low_end <= low + abs(low) * 1e-9 and high_end >= high - abs(high) * 1e-9
    )  # nothing is promised that is not so


def test_what_was_wrong() -> None:
    # "100 percent, at least 50, at most 80"; "13" for 13.50 between 13.3 and 13.7
    assert number(71.2, "percent", shown_place(71.2, 50, 80)) == "70"
    assert number(13.5, "percent", shown_place(13.5, 13.3, 13.7)) == "13.5"
    assert place_of(13.3, 13.7) == 1.0  # which is what was written before


@pytest.mark.parametrize(("toward", "shown"), [(-1, 8.49), (0, 8.5), (1, 8.5)])
def test_a_number_is_rounded_toward(toward: int, shown: float) -> None:
    assert rounded(8.4987, 0.01, toward) == shown
    assert rounded(8.4, 0.1, toward) == 8.4  # binary fractions add nothing


@given(st.floats(0.01, 1e6), st.sampled_from([">", "<"]))
def test_a_computed_bound_is_never_written_beyond_what_it_bounds(value: float, qualifier: str) -> None:
    ends = (value, math.inf) if qualifier == ">" else (-math.inf, value)
    q = Quantity(value, *ends, "percent", qualifier=qualifier, formula="growth")
    shown = read(parts(q, size_only=False)[1])
    assert shown <= value * (1 + 1e-9) if qualifier == ">" else shown >= value * (1 - 1e-9)


@given(st.lists(st.integers(-(10**6), 10**6), min_size=2, max_size=4))
def test_parts_as_written_sum_to_their_whole(cents: list[int]) -> None:
    values = [c / 100 for c in cents]
    step = places_of_parts(values, sum(values), 1.0)
    assert math.isclose(sum(rounded(v, step) for v in values), rounded(sum(values), step), abs_tol=1e-6)


def test_parts_that_did_not_add_up_do() -> None:
    def points(value: float, half: float) -> Quantity:
        return Quantity(value, value - half, value + half, "percentage_points", formula="contribution")

    one, other, whole = points(13.5, 0.4), points(-3.8, 0.4), points(9.7, 0.05)
    (a, b), c = summing([one, other], whole)
    written = [parts(q, size_only=False)[1] for q in (a, b, c)]
    assert sum(map(read, written[:2])) == pytest.approx(read(written[2]))
    assert written == ["13.5", "\N{MINUS SIGN}3.8", "9.7"]
