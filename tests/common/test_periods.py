"""Periods: what is one, and what is none."""

from __future__ import annotations

import datetime as dt

import pytest

from nevbook.common.periods import parse


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("2024", (2024, 1, 1), (2024, 12, 31)),
        ("2024-02", (2024, 2, 1), (2024, 2, 29)),
        ("2025-01/2025-09", (2025, 1, 1), (2025, 9, 30)),
        ("2018/2022", (2018, 1, 1), (2022, 12, 31)),
        ("2026-01-13", (2026, 1, 13), (2026, 1, 13)),
    ],
)
def test_a_period_has_a_first_and_a_last_day(text: str, start: tuple, end: tuple) -> None:
    found = parse(text)
    assert (found.start, found.end) == (dt.date(*start), dt.date(*end))


@pytest.mark.parametrize(
    "text", ["", "24", "2024-13", "2024-00", "2025-02-30", "2025-09/2025-01", "2024-H1", "a/b", "1/2/3"]
)
def test_what_is_no_period_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="period|before"):
        parse(text)


def test_the_same_period_of_the_year_before() -> None:
    assert parse("2025-01/2025-09").before == "2024-01/2024-09"
    assert parse("2025").before == "2024"
