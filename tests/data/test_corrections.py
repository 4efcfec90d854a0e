"""Corrections: data with a reason, made when loading, void where their expectation fails."""

from __future__ import annotations

import csv
import datetime as dt
from pathlib import Path

import pytest

from nevbook.analysis.quantities import quantity
from nevbook.common.errors import DataError
from nevbook.data.dataset import Dataset, load
from nevbook.data.ingest.add import add
from nevbook.data.validation.check import check
from nevbook.export.package import write_all
from nevbook.report.quantity_text import Register
from nevbook.report.source_cards import where_from
from tests.conftest import DATA, Sheets

ROW = "chongqing.nev_production.2024.level.test"
MADE = {"row": ROW, "action": "replace", "column": "value", "expected": "953200", "value": "953000",
        "reason": "The page <b>misprints</b> a digit.", "recorded": "2026-11-25"}  # fmt: skip


@pytest.fixture
def sheets(little_copy: Path) -> Sheets:
    """A package with a row that may be corrected."""
    sheets = Sheets(little_copy)
    sheets.append("observations.csv", {
        "id": ROW, "indicator": "nev_production", "entity": "chongqing", "period": "2024", "measure": "level",
        "qualifier": "=", "value": "953200", "unit": "vehicles", "resolution": "100", "kind": "stated",
        "basis": "registration", "source": "ichongqing-2025-03-seed", "locator": "x", "recorded": "2026-11-22",
    })  # fmt: skip
    return sheets


def values(data: Dataset) -> list[float]:
    return [r.value for r in data.observations if r.id == ROW]


def test_a_replaced_value_is_what_every_reader_gets(sheets: Sheets) -> None:
    sheets.append("corrections.csv", MADE)
    assert check(sheets.folder) == []
    data = load(sheets.folder)
    assert values(data) == [953000] and [r.value for r in data.raw if r.id == ROW] == [953200]
    (row,) = [r for r in data.observations if r.id == ROW]
    card = where_from(quantity(row), Register(data))
    assert "Corrected here" in card and "value: 953200 in the source, 953000 here" in card
    assert "&lt;b&gt;misprints" in card and "<b>" not in card


def test_an_edition_of_an_earlier_day_does_not_see_it(sheets: Sheets) -> None:
    sheets.append("corrections.csv", MADE)
    data = load(sheets.folder)
    early, late = (data.vintage(2024, dt.date(2026, 11, d)) for d in (24, 25))
    assert (values(early), early.corrections) == ([953200], ())
    assert values(late) == [953000] and [c.row for c in late.corrections] == [ROW]
    before = data.vintage(2023, dt.date(2026, 11, 25))
    assert values(before) == [] and before.corrections == ()


def test_an_excluded_row_is_left_out(sheets: Sheets) -> None:
    sheets.append("corrections.csv", MADE | {"action": "exclude", "value": ""})
    data = load(sheets.folder)
    assert check(sheets.folder) == [] and values(data) == []
    assert values(data.vintage(2024, dt.date(2026, 11, 24))) == [953200]
    seen = data.vintage(2024, dt.date(2026, 11, 25))
    assert values(seen) == [] and [c.row for c in seen.corrections] == [ROW]


@pytest.mark.parametrize("action", ["replace", "exclude"])
def test_an_export_holds_the_row_as_its_source_has_it_and_the_correction(
    sheets: Sheets, tmp_path: Path, action: str
) -> None:
    sheets.append("corrections.csv", MADE | {"action": action, "value": "953000" if action == "replace" else ""})
    data = load(sheets.folder)
    for day, corrections in ((24, 0), (25, 1)):
        out = tmp_path / str(day)
        seen = data.vintage(2024, dt.date(2026, 11, day))
        write_all(seen, sheets.folder, out)
        with (out / "observations.csv").open(encoding="utf-8", newline="") as handle:
            assert [r["value"] for r in csv.DictReader(handle) if r["id"] == ROW] == ["953200"]
        again = load(out)
        assert len(again.corrections) == corrections and values(again) == values(seen)


def test_a_basis_that_only_a_correction_uses_stays_known(sheets: Sheets, tmp_path: Path) -> None:
    sheets.append("bases.csv", {"id": "made_up", "indicator": "nev_production", "name": "Made up", "definition": "X."})
    assert any("no row of nev_production uses it" in str(issue) for issue in check(sheets.folder))
    moved = {"column": "basis", "expected": "registration", "value": "made_up"}
    sheets.append("corrections.csv", MADE | moved)
    assert check(sheets.folder) == []
    write_all(load(sheets.folder).vintage(2024, dt.date(2026, 11, 25)), sheets.folder, tmp_path / "out")
    assert ("made_up", "nev_production") in load(tmp_path / "out").bases and check(tmp_path / "out") == []


@pytest.mark.parametrize(
    ("changes", "column", "problem"),
    [
        ({"expected": "953100"}, "expected", "not what row {row} of observations.csv says now, '953200'"),
        ({"value": "953200.0"}, "value", "by itself"),
        ({"value": ""}, "value", "must not be empty"),
        ({"action": "exclude"}, "value", "no new value"),
        ({"action": "remove"}, "action", "no action known here"),
        ({"column": "locator"}, "column", "no column known here"),
        ({"row": "nobody"}, "row", "no such row"),
        ({"reason": ""}, "reason", "must not be empty"),
        ({"recorded": "2026-11-01"}, "recorded", "before the row was recorded, 2026-11-22"),
    ],
)
def test_a_correction_that_does_not_hold_is_told_of(
    sheets: Sheets, changes: dict[str, str], column: str, problem: str
) -> None:
    number = sheets.append("corrections.csv", MADE | changes)
    row = sheets.row_of("observations.csv", ROW)
    (issue,) = [f for f in check(sheets.folder) if f.file == "corrections.csv"]
    assert (issue.row, issue.column) == (number, column) and problem.format(row=row) in str(issue) and issue.remedy


def test_a_correction_can_be_added_as_a_file(sheets: Sheets, tmp_path: Path) -> None:
    file, cells = tmp_path / "new.csv", {k: v for k, v in MADE.items() if k != "recorded"}

    def handed(**changes: str) -> Path:
        file.write_text("\n".join([",".join(cells), ",".join((cells | changes).values())]), encoding="utf-8")
        return file

    number = sheets.row_of("observations.csv", ROW)
    with pytest.raises(
        DataError, match=rf"new.csv, row 2, expected: '9' — is not what row {number} of observations.csv"
    ):
        add(handed(expected="9"), data_dir=sheets.folder)
    assert add(handed(action="替换"), data_dir=sheets.folder, recorded=dt.date(2026, 11, 25)).new == 1
    assert sheets.read("corrections.csv")[-1] == list(MADE.values())


def test_what_a_correction_makes_of_a_row_is_checked_too(sheets: Sheets) -> None:
    sheets.append("corrections.csv", MADE | {"column": "period", "expected": "2024", "value": "2024-13"})
    (issue,) = check(sheets.folder)
    assert (issue.file, issue.column) == ("observations.csv", "period") and "01 to 12" in issue.problem


def test_a_source_that_mended_its_figure_stops_the_book(sheets: Sheets) -> None:
    sheets.append("corrections.csv", MADE)
    sheets.edit("observations.csv", sheets.row_of("observations.csv", ROW), "value", "953000")
    with pytest.raises(DataError, match=r"expects value '953200', but the row now has '953000'; remove the correction"):
        load(sheets.folder)


def test_the_evidence_page_lists_what_is_corrected(published: Path) -> None:
    page = (published / "2025" / "evidence.html").read_text(encoding="utf-8")
    assert (
        "Figures corrected in this edition" in page
        and "period: 2025 in the source, January to November 2025 here" in page
    )
    early = (published / "2024" / "evidence.html").read_text(encoding="utf-8")
    assert "consolidated in the source, restated here" in early and "January to November 2025 here" not in early


def test_rows_that_were_wrong_are_told_right() -> None:
    seen = load(DATA).vintage(2025, dt.date(2026, 11, 25))
    rows = {r.id: r for r in seen.observations}
    nearly = rows["chongqing.vehicle_production.2025-01_to_2025-11.level.yicai-2026-01-06-map.2026-11-25"]
    assert (nearly.qualifier, nearly.value) == ("<", 2_500_000)
    assert rows["shanghai.vehicle_production.2025.level.reportify-2026-01-first-city"].period == "2025-01/2025-11"
    staff = [r for r in seen.observations if (r.indicator, r.entity, r.kind) == ("rd_staff", "changan", "target")]
    assert [r.basis for r in staff] == ["new_fields"]
    margins = {r.basis for r in seen.rows("gross_margin", "changan") if r.measure == "level" and r.period >= "2024"}
    assert margins == {"restated"}  # a series of its own: no line leads to it
    own = {r.period: r.basis for r in seen.rows("own_brand_sales", "changan") if r.measure == "level"}
    assert (own["2022"], own["2023"]) == ("without_ventures", "as_published")
