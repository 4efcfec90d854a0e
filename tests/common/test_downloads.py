"""CSV for people: a spreadsheet reads it as text and numbers, and runs nothing."""

from __future__ import annotations

import csv
import io

import pytest

from nevbook.common.downloads import people_csv


def cell(value: object) -> str:
    head, row = csv.reader(io.StringIO(people_csv(["a"], [{"a": value, "b": 1}]).removeprefix("\ufeff")))
    assert head == ["a"]
    return row[0]


def test_it_begins_with_the_mark_of_utf_8() -> None:
    assert people_csv(["名"], []).encode() == b"\xef\xbb\xbf" + "名\n".encode()


@pytest.mark.parametrize(
    "text", ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "=", "-2.5", "-2e9", "+1", "a=b", "万"]
)
def test_a_text_that_would_be_run_is_marked_as_text(text: str) -> None:
    assert cell(text) == (text if text in ("=", "-2.5", "-2e9", "+1", "a=b", "万") else f"'{text}")


@pytest.mark.parametrize(
    ("number", "written"),
    [(1.6999999999999995, "1.7"), (953200.0, "953200"), (0.1 + 0.2, "0.3"), (float("nan"), ""), (7, "7"), (None, "")],
)
def test_a_number_is_written_as_it_reads(number: object, written: str) -> None:
    assert cell(number) == written
