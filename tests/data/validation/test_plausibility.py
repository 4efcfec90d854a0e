"""Figures that cannot be right, and figures that only look so."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from nevbook.data.dataset import load
from nevbook.data.models import Entity, Observation
from nevbook.data.validation.plausibility import Implausible, implausible, told
from tests.conftest import DATA

ENTITIES = {
    one.id: one
    for one in (
        Entity("CHN", "China", "中国", "country", ""),
        Entity("chongqing", "Chongqing", "重庆", "region", "CHN"),
        Entity("anhui", "Anhui", "安徽", "region", "CHN"),
        Entity("seres", "Seres", "赛力斯", "company", "chongqing"),
    )
}
ROW = Observation(
    "r0", "vehicle_production", "chongqing", "2024", "level", "=", 2_540_000, "vehicles", 10_000, "stated",
    "registration", "bureau", "p1", "", dt.date(2026, 11, 22), "",
)  # fmt: skip


def rows(*changes: dict[str, object]) -> list[Observation]:
    """Rows like `ROW`; named by their place."""
    return [replace(ROW, **{"id": f"r{n}", **one}) for n, one in enumerate(changes)]


def found(*changes: dict[str, object]) -> list[tuple[str, str, tuple[str, ...]]]:
    first: dict[str, Implausible] = {}
    for one in implausible(rows(*changes), ENTITIES):
        first.setdefault(one.row.id, one)
    return [(f.rule, f.row.id, tuple(o.id for o in f.others)) for f in first.values()]


def month(n: int, value: float, **more: object) -> dict[str, object]:
    return {"period": f"2024-{n:02d}", "value": value, "resolution": 1000, **more}


@pytest.mark.parametrize(
    ("change", "bad"),
    [
        ({"value": -1.0}, True),
        ({"value": 231.79}, True),  # 万辆 that lost its 万
        ({"unit": "percent", "indicator": "nev_share_of_production", "value": 100.1}, True),
        ({"unit": "percent", "indicator": "nev_share_of_production", "value": 100.0}, False),
        ({"unit": "percent", "measure": "yoy_growth", "value": -100.1}, True),
        ({"unit": "percent", "measure": "yoy_growth", "value": 350.0}, False),
        ({"unit": "rank", "indicator": "vehicle_production_rank", "value": 0.0}, True),
        ({"unit": "percent", "indicator": "industrial_value_added_growth", "value": -3.0}, False),
    ],
)
def test_bounds(change: dict[str, object], bad: bool) -> None:
    assert found(change) == ([("bounds", "r0", ())] if bad else [])


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        # ten thousand times its own series, a ten-thousandth, ten times
        ([{}, {"period": "2023", "value": 23_179_000_000}], [("size", "r1", ("r0",))]),
        ([{}, {"period": "2023", "value": 2_318}], [("size", "r1", ("r0",))]),
        ([{}, {"period": "2023", "value": 23_179_000}], [("size", "r1", ("r0",))]),
        # a file in the wrong unit throughout does not support itself
        ([{}, {"period": "2023", "value": 23e9}, {"period": "2022", "value": 21e9}], [("size", "r1", ("r0",)),
                                                                                     ("size", "r2", ("r0",))]),
        # without a series of its own: the nation
        ([{"entity": "CHN", "period": "2016", "value": 28_119_000}, {"entity": "anhui", "value": 3e9}],
         [("size", "r1", ("r0",))]),
        # another basis says nothing; a firm starts from nothing; a target is years ahead; a month is a month
        ([{}, {"period": "2023", "value": 23e9, "basis": "place"}], []),
        ([{"entity": "CHN", "value": 1000}, {"entity": "seres", "period": "2025", "value": 900_000}], []),
        ([{}, {"period": "2030", "value": 30e6, "kind": "target", "resolution": 0}], []),
        ([{}, {"period": "2025-01", "value": 150_000}], []),
        ([{}, {"period": "2025", "value": 1000, "qualifier": ">"}], []),
        # a source that merely disagrees
        ([{}, {"source": "press", "value": 2_800_000}], []),
    ],
)  # fmt: skip
def test_size(changes: list[dict[str, object]], said: list) -> None:
    assert found(*changes) == said


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ([{}, month(5, 2_600_000, source="press")], [("parts", "r1", ("r0", "r1"))]),
        ([{}, {"period": "2024-01/2024-10", "value": 2_600_000}], [("parts", "r1", ("r0", "r1"))]),
        # rounding: 2.54 million may be 2,545,000
        ([{}, {"period": "2024-01/2024-10", "value": 2_544_000, "resolution": 1000}], []),
        # the year came last
        ([{"period": "2024-01/2024-10", "value": 2_600_000}, {}], [("parts", "r1", ("r1", "r0"))]),
        # January-February and March against January-March, above and below
        ([{"period": "2024-01/2024-02", "value": 302_000, "resolution": 1000}, month(3, 200_000),
          {"period": "2024-01/2024-03", "value": 491_000, "resolution": 1000}], [("parts", "r2", ("r2", "r0", "r1"))]),
        ([{"period": "2024-01/2024-02", "value": 302_000, "resolution": 1000},
          {"period": "2024-01/2024-03", "value": 520_000, "resolution": 1000}, month(3, 200_000)],
         [("parts", "r2", ("r1", "r0", "r2"))]),
        # two sources need not add up to the last vehicle
        ([{"period": "2024-01/2024-02", "value": 302_000, "resolution": 1000}, month(3, 200_000, source="press"),
          {"period": "2024-01/2024-03", "value": 491_000, "resolution": 1000}], []),
        # a year and its eleven months
        ([{}, *(month(n, 235_000) for n in range(1, 12))], [("parts", "r11", tuple(f"r{n}" for n in range(12)))]),
        # a province above the nation, provinces above it together, a month of one above its year
        ([{"entity": "CHN"}, {"value": 3_000_000}], [("parts", "r1", ("r0", "r1"))]),
        ([{"entity": "CHN", "value": 3_000_000}, {}, {"entity": "anhui", "value": 900_000}],
         [("parts", "r2", ("r0", "r1", "r2"))]),
        ([{"entity": "CHN", "value": 2_400_000}, month(5, 2_500_000)], [("parts", "r1", ("r0", "r1"))]),
        # kinds
        ([{}, {"indicator": "nev_production", "value": 2_600_000}], [("parts", "r1", ("r0", "r1"))]),
        ([{}, {"indicator": "passenger_production", "value": 2_000_000},
          {"indicator": "commercial_vehicle_production", "value": 600_000}], [("parts", "r2", ("r0", "r1", "r2"))]),
        # a firm sells outside its region, too; stocks do not add up over months
        ([{"indicator": "vehicle_sales"}, {"indicator": "vehicle_sales", "entity": "seres", "value": 3_000_000}], []),
        ([{"indicator": "charging_piles", "unit": "count", "period": "2024-12", "value": 50_000},
          {"indicator": "charging_piles", "unit": "count", "period": "2024-06", "value": 60_000}], []),
        # sources disagree on the year: the highest counts
        ([{}, {"source": "press", "value": 2_650_000}, {"period": "2024-01/2024-10", "value": 2_600_000}], []),
        ([{}, {"value": 2_400_000, "basis": "place"}, {"period": "2024-01/2024-10", "value": 2_500_000}], []),
    ],
)  # fmt: skip
def test_parts_and_wholes(changes: list[dict[str, object]], said: list) -> None:
    assert found(*changes) == said


def test_an_accepted_size_supports_its_neighbours() -> None:
    launch = rows({"value": 114, "period": "2022"}, {"value": 20_021, "period": "2023"}, {"value": 61_588})
    assert [f.row.id for f in implausible(launch, ENTITIES)] == ["r1", "r2"]
    assert [f.row.id for f in implausible(launch, ENTITIES, {("r1", "size")})] == ["r1"]


def test_the_dataset_holds_what_was_accepted_and_nothing_else() -> None:
    data = load(DATA)
    accepted = {(a.row, a.rule) for a in data.acceptances}
    assert {(f.row.id, f.rule) for f in implausible(data.observations, data.entities, accepted)} == accepted


def test_an_issue_names_neighbour_and_remedy() -> None:
    year, part = rows({}, month(5, 2_600_000))
    problem, remedy = told(Implausible("parts", part, (year, part)))
    assert problem == "2,600,000 in 2024-05 is more than the whole, 2,540,000 in 2024 ({0}, bureau)"
    assert "--accept 'r1=REASON'" in remedy
    problem, _ = told(Implausible("size", part, (year,)))
    assert problem == "2,600,000 vehicles is by the day 12.1 times 2,540,000 in 2024 ({0}, bureau)"
