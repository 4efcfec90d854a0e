"""Issues of the market tables: each names file, row, value, what is wrong and what would do."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from nevbook.data.issues import Issue
from nevbook.data.package import read_descriptor
from nevbook.data.validation.check import check
from nevbook.report.market_labels import UNITS
from tests.conftest import DATA, Sheets

FACTS, EVENTS = "markets/facts.csv", "markets/events.csv"


def put(file: str, key: str, column: str, value: str) -> Callable[[Sheets], int]:
    def spoil(sheets: Sheets) -> int:
        row = sheets.row_of(file, key)
        sheets.edit(file, row, column, value)
        return row

    return spoil


def again(file: str, key: str, name: str, **more: str) -> Callable[[Sheets], int]:
    """Write a row once more, under another id."""

    def spoil(sheets: Sheets) -> int:
        header, *_ = rows = sheets.read(file)
        cells = dict(zip(header, rows[sheets.row_of(file, key) - 1], strict=True))
        links, column = (file.replace("s.csv", "_sources.csv"), file.split("/")[1].removesuffix("s.csv"))
        for link in [r for r in sheets.read(links) if r[0] == key]:
            sheets.append(links, {column: name, "source": link[1]})
        return sheets.append(file, cells | {"id": name} | more)

    return spoil


def member(**cells: str) -> Callable[[Sheets], int]:
    about = {"source": "mk-europa-members", "recorded": "2026-11-22"}
    return lambda sheets: sheets.append("markets/memberships.csv", cells | about)


def share(sheets: Sheets) -> int:
    rows = sheets.read("markets/ev_sales.csv")
    number = next(n for n, r in enumerate(rows, start=1) if r[3] == "sales_share")
    sheets.edit("markets/ev_sales.csv", number, "value", "101")
    return number


MEMBERS, CARS, RULES = "markets/memberships.csv", "markets/vehicles.csv", "markets/fit_rules.csv"
START = {"from": "2026-01-01"}
# each spoils another row: they are all made at once, because a check of all tables takes a while
CASES = {
    "unknown market": (put(FACTS, "AUS.population.2025", "market", "AUT1"), FACTS, "market", "no such market", "AUT"),
    "unknown attribute": (put(FACTS, "AUT.population.2025", "attribute", "populaton"), FACTS, "attribute",
                          "no such attribute", "population"),
    "no number": (put(FACTS, "BEL.population.2025", "value", "12 million"), FACTS, "value", "is no number", "people"),
    "no choice": (put(FACTS, "AUS.driving_side.2026-08", "value", "lef"), FACTS, "value", "no choice", "left"),
    "no range": (put(FACTS, "EU.base_duty_cars.2024", "value", "ten"), FACTS, "value", "is no range", "45-100"),
    "no period": (put(FACTS, "DNK.population.2025", "period", "2025-13"), FACTS, "period", "is no period",
                  "2025 for the year"),
    "fact twice": (again(FACTS, "FIN.population.2025", "FIN.population.2"), FACTS, "id", "says what row", "remove"),
    "end before start": (put(EVENTS, "nor-01", "effective_to", "2025-12-31"), EVENTS, "effective_to",
                         "lies before effective_from", "other way round"),
    "end not stated": (put(EVENTS, "aus-01", "ending", "stated"), EVENTS, "effective_to", "must not be empty",
                       "unknown"),
    "no such state": (put(EVENTS, "aus-02", "status", "adopt"), EVENTS, "status", "is no status", "adopted"),
    "no powertrain": (put(EVENTS, "deu-01", "powertrains", "bev;petrol"), EVENTS, "powertrains", "is no powertrains",
                      "bev"),
    "event twice": (again(EVENTS, "aus-08", "aus-98"), EVENTS, "id", "says what row", "remove"),
    "checked before recorded": (put(EVENTS, "aus-09", "checked", "2026-11-01"), EVENTS, "checked", "lies before",
                                "2026-11-22 or later"),
    "no bloc": (member(bloc="DEU", member="FRA", **START), MEMBERS, "bloc", "not a bloc", "id of a bloc"),
    "member twice": (member(bloc="EU", member="FRA", **START), MEMBERS, "from", "already in that time",
                     "joined and left"),
    "no share": (share, "markets/ev_sales.csv", "value", "between 0 and 100", "percent"),
    "property without source": (put(CARS, "deepal_s05", "dc_connector", "CCS2"), CARS, "dc_connector", "has no source",
                                "vehicle_sources.csv"),
    "rule without threshold": (put(RULES, "heat", "threshold", ""), RULES, "threshold", "must not be empty",
                               "write the threshold"),
    "unknown unit": (put("markets/attributes.csv", "alcohol_consumption", "unit", "liters_per_person"),
                     "markets/attributes.csv", "unit", "is no unit", "litres_per_person"),
    "rule on nothing": (put(RULES, "steering", "property", "stering"), RULES, "property", "is no column", "steering"),
}  # fmt: skip
Found = tuple[dict[str, int], list[Issue]]


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Found:
    folder = Path(shutil.copytree(DATA, tmp_path_factory.mktemp("spoiled") / "data"))
    rows = {name: case[0](Sheets(folder)) for name, case in CASES.items()}
    return rows, check(folder)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_an_issue_is_named_with_its_remedy(found: Found, case: str) -> None:
    rows, issues = found
    _, file, column, problem, remedy = CASES[case]
    told = [f for f in issues if (f.file, f.row) == (file, rows[case])]
    assert [f.column for f in told] == [column], list(map(str, told))
    assert problem in str(told[0]) and remedy in told[0].remedy, str(told[0])


def test_nothing_else_is_blamed(found: Found) -> None:
    rows, issues = found
    assert len(issues) == len(rows), list(map(str, issues))


def test_a_member_may_leave_and_join_again(sheets: Sheets) -> None:
    member(bloc="EU", member="GBR", **{"from": "2027-01-01"})(sheets)
    assert check(sheets.folder) == []


def test_every_unit_that_an_attribute_may_have_can_be_written() -> None:
    (attributes,) = (r for r in read_descriptor(DATA)["resources"] if r["name"] == "attributes")
    (unit,) = (f for f in attributes["schema"]["fields"] if f["name"] == "unit")
    assert set(unit["constraints"]["enum"]) - {"rank", "local_currency"} == set(UNITS)
