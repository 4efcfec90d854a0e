"""What a new year still lacks, and when it usually appears."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from nevbook.analysis.missing import MissingValue, missing, questions
from nevbook.cli.data_text import awaited_line
from nevbook.cli.main import main
from nevbook.common.errors import ChoiceError
from nevbook.data.dataset import Dataset, load
from tests.conftest import DATA, Sheets


@pytest.fixture(scope="module")
def data() -> Dataset:
    return load(DATA)


def one(found: list[MissingValue], indicator: str, entity: str) -> MissingValue:
    (it,) = [a for a in found if (a.last.indicator, a.last.entity) == (indicator, entity)]
    return it


def test_each_series_of_the_year_before_is_awaited_once(data: Dataset) -> None:
    found = missing(data, 2026)
    told = {(a.last.indicator, a.last.entity) for a in found}
    assert len(told) == len(found)
    last_year = {(r.indicator, r.entity) for r in data.observations if r.outcome and r.period == "2025"}
    this_year = {(r.indicator, r.entity) for r in data.observations if r.outcome and r.period == "2026"}
    assert told == last_year - this_year
    days = [a.about for a in found]
    known = [d for d in days if d]
    assert known == sorted(known) and days[: len(known)] == known  # what cannot be told stands last


def test_the_last_value_its_source_and_when_it_appears(data: Dataset) -> None:
    it = one(missing(data, 2026, "chongqing"), "vehicle_exports_value", "chongqing")
    assert it.last.value == 53.03e9 and it.last.observation is not None and it.source.id == it.last.observation.source
    for appeared in it.earlier:
        rows = [r for r in data.rows("vehicle_exports_value", "chongqing") if r.period == appeared.period]
        days = {data.sources[r.source].published for r in rows}
        assert appeared.published.text in days and appeared.published.start.year == int(appeared.period) + 1
    assert it.about is not None and dt.date(2027, 1, 1) <= it.about <= dt.date(2027, 3, 1)
    text = awaited_line(data, it)
    assert "53.03 billion yuan" in text and it.source.publisher in text and "usually appears about" in text


def test_a_filled_series_is_no_longer_missing_and_months_are_told(little_copy: Path) -> None:
    sheets = Sheets(little_copy)
    year = {
        "indicator": "vehicle_production", "entity": "chongqing", "period": "2025", "measure": "level",
        "qualifier": "=", "value": "2788000", "unit": "vehicles", "resolution": "1000", "kind": "stated",
        "basis": "place", "source": "ichongqing-2025-03-seed", "locator": "x", "recorded": "2027-03-01",
    }  # fmt: skip
    sheets.append("observations.csv", year | {"id": "a"})
    sheets.append("observations.csv", year | {"id": "b", "period": "2026-01/2026-03", "value": "700000"})
    found = missing(load(little_copy), 2026, "chongqing")
    assert [q.period for q in one(found, "vehicle_production", "chongqing").partial] == ["2026-01/2026-03"]
    line = awaited_line(load(little_copy), one(found, "vehicle_production", "chongqing"))
    assert line.splitlines()[1].strip() == "so far: January to March 2026 700,000"
    sheets.append("observations.csv", year | {"id": "c", "period": "2026"})
    told = [(a.last.indicator, a.last.entity) for a in missing(load(little_copy), 2026, "chongqing")]
    assert ("vehicle_production", "chongqing") not in told


def test_when_cannot_be_told_from_what_names_no_month(little_copy: Path) -> None:
    sheets = Sheets(little_copy)
    head, *rows = sheets.read("sources.csv")
    sheets.write("sources.csv", [head, *([*r[:3], r[3][:4], *r[4:]] for r in rows)])  # only years are known
    found = missing(load(little_copy), 2025)
    assert found and all(a.about is None for a in found)
    assert "not known when it appears" in awaited_line(load(little_copy), found[0])


def test_a_region_and_a_year_of_which_nothing_is_known(data: Dataset) -> None:
    entities = {a.last.entity for a in missing(data, 2026, "chongqing")}
    assert "chongqing" in entities and entities <= {"chongqing", *(e.id for e in data.members("chongqing"))}
    with pytest.raises(ChoiceError, match="Did you mean chongqing"):
        missing(data, 2026, "chonqing")
    with pytest.raises(ChoiceError, match=r"nothing is known of 2039.*Known: .*2026"):
        missing(data, 2040)


def test_the_command(capsys: pytest.CaptureFixture[str], data: Dataset) -> None:
    assert main(["missing", "--year", "2026", "--region", "anhui", "--data", str(DATA)]) == 0
    *lines, last = capsys.readouterr().out.splitlines()
    n = len(missing(data, 2026, "anhui"))
    assert last == f"{n} series of 2025 have no value for 2026 yet" and len(lines) >= n > 0


def test_what_was_looked_for_in_vain_is_told(capsys: pytest.CaptureFixture[str], data: Dataset) -> None:
    assert main(["missing", "--year", "2026", "--region", "chongqing", "--data", str(DATA)]) == 0
    told = [line for line in capsys.readouterr().out.splitlines() if line.startswith("not found by ")]
    asked = questions(data, 2026, "chongqing")
    assert len(told) == len(asked) > 0 and {r["entity"] for r in asked} >= {"chongqing", "seres", "avatr_07"}
    seres = next(line for line in told if "Annual accounts of Seres for 2025" in line)
    assert seres.startswith("not found by 25 November 2026: ") and "Looked in: Company reports" in seres
    assert all(not r["period"] or r["period"] <= "2024" for r in questions(data, 2023))
    assert {r["entity"] for r in questions(data, 2026, "anhui")} == set()
