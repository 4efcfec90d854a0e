"""Numbers as people write them: exact, with their unit and the place of their last digit."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given as drawn, strategies as st

from nevbook.data.ingest import numbers
from nevbook.data.ingest.numbers import NumberFormatError, plain, read


@pytest.mark.parametrize(
    ("value", "of", "wanted", "expected"),
    [
        ("95.32", "万辆", "vehicles", ("953200", "100", "vehicles", "")),
        ("95.30", "万辆", "vehicles", ("953000", "100", "vehicles", "")),
        ("95.32万辆", "", "vehicles", ("953200", "100", "vehicles", "")),
        ("431.1", "亿元", "yuan", ("43110000000", "10000000", "yuan", "")),
        ("431.1亿元", "亿元", "yuan", ("43110000000", "10000000", "yuan", "")),
        ("431.1亿", "元", "yuan", ("43110000000", "10000000", "yuan", "")),
        ("1,296,000", "vehicles", "vehicles", ("1296000", "1000", "vehicles", "")),
        ("1 296 000", "辆", "vehicles", ("1296000", "1000", "vehicles", "")),
        ("953200", "vehicles", "vehicles", ("953200", "100", "vehicles", "")),
        ("220", "个", "count", ("220", "1", "count", "")),
        ("36%", "", "percent", ("36", "1", "percent", "")),
        ("３６．５％", "", "percent", ("36.5", "0.1", "percent", "")),
        ("1，２９６，０００", "辆", "vehicles", ("1296000", "1000", "vehicles", "")),
        ("17.0", "%", "percent", ("17", "0.1", "percent", "")),
        ("1.3", "个百分点", "percentage_points", ("1.3", "0.1", "percentage_points", "")),
        ("1.3 pp", "", "percentage_points", ("1.3", "0.1", "percentage_points", "")),
        ("\N{MINUS SIGN}8.5％", "", "percent", ("-8.5", "0.1", "percent", "")),
        ("US$1.2 billion", "", "usd", ("1200000000", "100000000", "usd", "")),
        ("$27,618.4", "", "usd", ("27618.4", "0.1", "usd", "")),
        ("3.5", "亿美元", "usd", ("350000000", "10000000", "usd", "")),
        ("14.05", "100 million yuan", "yuan", ("1405000000", "1000000", "yuan", "")),
        ("120", "10 000 vehicles", "vehicles", ("1200000", "10000", "vehicles", "")),
        ("2.6 million", "vehicles", "vehicles", ("2600000", "100000", "vehicles", "")),
        ("1.8万", "台", "count", ("18000", "1000", "count", "")),
        ("2", "倍", "times", ("2", "1", "times", "")),
        ("7.24155", "元/美元", "yuan_per_usd", ("7.24155", "0.00001", "yuan_per_usd", "")),
        ("9.532E+05", "vehicles", "vehicles", ("953200", "100", "vehicles", "")),
        ("约95万辆", "", "vehicles", ("950000", "10000", "vehicles", "~")),
        ("nearly 2.5 million", "vehicles", "vehicles", ("2500000", "100000", "vehicles", "~")),
        ("约3000公里", "", "km", ("3000", "1000", "km", "~")),
        ("over 140 billion", "yuan", "yuan", ("140000000000", "1000000000", "yuan", ">")),
        ("超过1400亿元", "", "yuan", ("140000000000", "10000000000", "yuan", ">")),
        ("80多个", "", "count", ("80", "1", "count", ">")),
        ("300+", "count", "count", ("300", "1", "count", ">")),
        ("不足3%", "", "percent", ("3", "1", "percent", "<")),
        ("0", "vehicles", "vehicles", ("0", "1", "vehicles", "")),
    ],
)
def test_a_figure_as_people_write_it(value: str, of: str, wanted: str, expected: tuple[str, str, str, str]) -> None:
    found = read(value, of, wanted)
    assert (plain(found.value), plain(found.resolution), found.unit, found.qualifier) == expected


@pytest.mark.parametrize(
    ("resolution", "place"), [("0.1", "1000"), ("100辆", "100"), ("1万", "10000"), ("0", "0"), ("0.01 万辆", "100")]
)
def test_a_resolution_that_is_given_wins(resolution: str, place: str) -> None:
    assert plain(read("95.30", "万辆", "vehicles", resolution).resolution) == place


@pytest.mark.parametrize(
    ("value", "of", "column", "problem", "remedy"),
    [
        ("95,32", "万辆", "value", "comma", "95.32 or 9532"),
        ("1.296.000", "辆", "value", "leave open", "1296000"),
        ("1,29,600", "辆", "value", "leave open", "129600"),
        ("95-96", "万辆", "value", "range", "qualifier"),
        ("95至96", "万辆", "value", "range", "qualifier"),
        ("n/a", "辆", "value", "no number", "leave the row out"),
        ("暂无", "辆", "value", "no number", "leave the row out"),
        ("about many 5", "辆", "value", "no number", "digits only"),
        ("95.32 furlongs", "", "value", "'furlongs'", "in unit"),
        ("95.32", "furlongs", "unit", "no unit known", "vehicles"),
        ("95.32", "港元", "unit", "no unit known", "vehicles"),
        ("431.1亿", "亿元", "value", "so has the unit", "one of the two"),
        ("431.1亿", "万元", "value", "another scale", "one of the two"),
        ("431.1亿元", "万辆", "unit", "yuan", "write yuan"),
        ("$5元", "", "value", "by its sign", "one of them"),
    ],
)
def test_what_is_no_figure_is_told_with_what_would_do(
    value: str, of: str, column: str, problem: str, remedy: str
) -> None:
    with pytest.raises(NumberFormatError) as error:
        read(value, of, "vehicles")
    assert error.value.column == column
    assert problem in error.value.problem and remedy in error.value.remedy


def test_a_resolution_in_another_unit_is_refused() -> None:
    with pytest.raises(NumberFormatError) as error:
        read("95.30", "万辆", "vehicles", "100元")
    assert (error.value.column, error.value.remedy) == ("resolution", "write it in vehicles")


DIGITS = st.from_regex(r"-?(0|[1-9][0-9]{0,17})(\.[0-9]{1,12})?", fullmatch=True)
SCALES = {"万": 4, "亿": 8, "百万": 6, "万亿": 12, "thousand": 3, "million": 6, "billion": 9}


@drawn(DIGITS, st.sampled_from(sorted(SCALES)))
def test_scaling_is_exact(digits: str, scale: str) -> None:
    beside, behind = (
        read(digits, f"{scale} yuan" if scale.isascii() else f"{scale}元"),
        read(f"{digits} {scale}", "yuan"),
    )
    assert beside == behind
    assert Fraction(beside.value) == Fraction(digits) * 10 ** SCALES[scale]
    assert Decimal(plain(beside.value)) == beside.value and "E" not in plain(beside.value)


@drawn(DIGITS)
def test_a_value_is_a_multiple_of_its_resolution(digits: str) -> None:
    found = read(digits, "vehicles")
    assert found.resolution > 0 and (Fraction(found.value) / Fraction(found.resolution)).denominator == 1


@drawn(st.integers(0, 10**15))
def test_separators_and_full_width_digits_change_nothing(number: int) -> None:
    full = str(number).translate({ord("0") + n: ord("\N{FULLWIDTH DIGIT ZERO}") + n for n in range(10)})
    assert read(f"{number:,}", "辆") == read(str(number), "辆") == read(full, "辆")
    assert read(f"{number:,}", "辆").value == number


@drawn(st.text(max_size=12), st.text(max_size=6))
def test_no_text_raises_anything_else(value: str, of: str) -> None:
    try:
        found = read(value, of, "vehicles")
    except NumberFormatError as error:
        assert error.problem and error.remedy
    else:
        assert found.value.is_finite() and found.resolution.is_finite()


def test_words_of_qualifiers() -> None:
    meant = {"约": "~", "≈": "~", "more than": ">", "＞": ">", "不足": "<", "=": "=", "?": "?"}
    assert {word: numbers.qualifier(word) for word in meant} == meant
