"""Key figures on the cover: what the line shows is what the dataset has, and no line crosses a gap."""

from __future__ import annotations

import re

from bs4 import BeautifulSoup

from nevbook.analysis import source_selection
from nevbook.analysis.quantities import Quantity
from nevbook.data.dataset import load
from nevbook.report import key_figures


def of(year: int, value: float, basis: str = "a") -> Quantity:
    return Quantity(value, value, value, "vehicles", period=str(year), basis=basis)


def lines(drawn: str) -> list[str]:
    return re.findall(r'<path class="nev-(?:own|other)" d="([^"]+)"', drawn)


def test_a_line_joins_years_that_follow_each_other_in_one_way_of_counting() -> None:
    whole = [of(2020, 10), of(2021, 20), of(2022, 40)]
    assert len(lines(key_figures.spark(whole, whole[-1]))) == 1
    gap = [of(2018, 10), of(2019, 20), of(2021, 30), of(2022, 40)]
    assert [path.count("L") for path in lines(key_figures.spark(gap, gap[-1]))] == [1, 1]
    two = [of(2020, 10, "b"), of(2021, 20, "b"), of(2022, 40)]
    drawn = key_figures.spark(two, two[-1])
    assert len(lines(drawn)) == 1 and 'class="nev-other"' in drawn and "other counts" in drawn


def test_the_line_starts_at_zero_and_its_words_give_both_ends() -> None:
    series = [of(2020, 100), of(2021, 150), of(2022, 200)]
    drawn = BeautifulSoup(key_figures.spark(series, series[-1]), "html.parser")
    heights = [float(y) for y in re.findall(r"[ML][\d.]+ ([\d.]+)", drawn.select_one("path.nev-own")["d"])]
    base = key_figures.TALL - key_figures.EDGE
    assert (base - heights[0]) * 2 == base - heights[2]
    assert drawn.svg["aria-label"] == "3 years on record: from 100 in 2020 to 200 in 2022"


def test_two_years_are_no_line() -> None:
    assert key_figures.spark([of(2020, 1), of(2021, 2)], None) == "" == key_figures.spark([], None)


def test_every_year_that_the_edition_sees_is_drawn() -> None:
    data = load()
    series = source_selection.series(data, "vehicle_production", "chongqing")
    drawn = key_figures.spark(series, series[-1])
    points = sum(path.count("L") + 1 for path in lines(drawn)) + drawn.count('r="1.8"')
    assert points == len(series)
