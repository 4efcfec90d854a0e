"""Files as analysts hand them in: stored exactly, or refused with place, value and remedy."""

from __future__ import annotations

import csv
import datetime as dt
from pathlib import Path

import pytest

from nevbook.common.errors import DataError
from nevbook.data.dataset import load
from nevbook.data.ingest.add import Added, add
from nevbook.data.validation.check import check

CASES = Path(__file__).with_name("cases")
OFFICE = "statistics-office-source.csv"
TODAY, SPRING = dt.date(2026, 12, 1), dt.date(2027, 2, 10)


def take(folder: Path, name: str, sources: str | None = OFFICE, **more: object) -> Added:
    more = {"recorded": TODAY} | more
    return add(CASES / name, CASES / sources if sources else None, folder, **more)


def refused(folder: Path, name: str, sources: str | None = OFFICE, **more: object) -> list[str]:
    before = {p.name: p.read_bytes() for p in folder.glob("*.csv")}
    with pytest.raises(DataError) as error:
        take(folder, name, sources, **more)
    assert {p.name: p.read_bytes() for p in folder.glob("*.csv")} == before
    lines = str(error.value).splitlines()
    return lines[1:] if "nothing was changed" in lines[0] else lines


# file, what stands in sources and options, and each issue: its place and value, what is wrong, what would do
REFUSED = [
    ("unit-slips.csv", {}, [
        ("row 2, value: '2317900' — ", "10,078 times 2,300,000 in 2023 (row ", "--accept 'chongqing.vehicle_pro"),
        ("row 3, value: '300000' — ", "4,671 times 642,300 in 2019", "--accept 'sichuan.vehicle_production.2023.level"),
    ]),
    ("cumulative-as-month.csv", {}, [
        ("row 2, value: '120.5' — ", "more than the whole, 95", "correct value, unit or period"),
        ("row 3, value: '99.9' — ", "more than the whole, 95", "correct value, unit or period"),
        ("row 4, period: '2024-06-30' — ", "is a day", "write 2024-06 if the month is meant"),
        ("row 5, value: '9999' — ", "99,990,000", "correct value, unit or period"),
    ]),
    ("running-year-2026.csv", {}, [
        ("row 8, value: '49.1' — ", "302,000 in 2026-01/2026-02 (row 2, nbs-easyquery) + 200,000", "--accept"),
        ("row 11, value: '8.1' — ", "more than the whole, 189,000 in 2026-01/2026-03 (row 10", "--accept"),
    ]),
    ("two-digit-year/new.csv", {"sources": "two-digit-year/sources.csv"}, [
        ("row 2, recorded: '02/10/27' — ", "no date with its year first and in full", "write it as in 2027-01-31"),
    ]),
    ("impossible-date.csv", {"sources": None}, [
        ("row 2, recorded: '20270210000-2-1' — ", "no date", "write it as in 2027-01-31"),
        ("row 2, source: 'cqtjj-2027-01-20-2026' — ", "sources.csv has no such source", "or add it to sources.csv"),
    ]),
    ("period-spellings.csv", {}, [
        ("row 2, basis: 'registration' — ", "to 2024-12-31 only; the period is 2025-01/2025-02", "write place,"),
        ("row 3, basis: 'registration' — ", "the period is 2025-01/2025-11", "write place,"),
        ("row 5, basis: 'registration' — ", "the period is 2025-11", "write place,"),
        ("row 6, basis: 'registration' — ", "the period is 2025-11", "write place,"),
    ]),
    ("years-as-columns.csv", {}, [("row 4: ", "lacks the column basis", "with --basis registration, local,")]),
    ("html-named.xls", {"sources": None}, [(": ", "is a web page (HTML), whatever its name", "save it as XLSX")]),
    ("renamed-sheet.xlsx", {"sources": None}, [
        (" (重庆2026), row 2, period: '2026' — ", "is not over on 2026-12-01", "or a recorded day from 2026-12-31 on"),
    ]),
    ("more-unit-slips.csv", {}, [
        ("row 2, unit: '万亿' — ", "names a scale and no unit", "as in 万辆, 亿元"),
        ("row 3, value: '0.45' — ", "0.45 percent is 1/107 of 48.3 in 2024", "correct value, unit or period"),
        ("row 4, value: '-120' — ", "nothing falls by more than 100 percent", "write percent, -100 or more"),
        ("row 5, value: '231.79' — ", "is no whole number", "write the unit that it is in, as in 万辆"),
        ("row 6, value: '20.9' — ", "20,900 vehicles is by the day 1/100 of 2,092,000 in 2022", "correct value, unit"),
        ("row 7, value: '9532' — ", "95,320,000 in 2024 is more than the whole, 2,540,000 in 2024", "correct"),
        ("row 8, value: '1998' — ", "is more than the whole, 1,998 in 2021", "correct value, unit or period"),
        ("row 9, value: '375' — ", "a share lies between 0 and 100 percent", "if it is a change, write measure yoy"),
    ]),
    ("more-wholes.csv", {}, [
        ("row 2, value: '260' — ", "2,600,000 in 2023 is more than the whole, 2,3", "correct value, unit or period"),
        ("row 5, value: '1400' — ", "together 31,092,000, are more than the whole, 27,180,000 in 2022 CHN", "--accept"),
    ]),
    ("more-notes.csv", {}, [
        ("row 4, value: '①80.5' — ", "a mark and no digit", "write the figure without marks"),
        ("row 5, value: '179.45½' — ", "a mark and no digit", "write the figure without marks"),
        ("row 7, value: '80.5 1' — ", "leave open what it is", "write its digits without blanks, with one point"),
        ("row 8, value: '80.51)' — ", "ends with ')'", "write the number alone"),
    ]),
    ("months-without-year.csv", {"defaults": {"basis": "registration"}}, [
        ("row 6, period: '1-2月' — ", "names no year", "write it with its year, as in 2025年1-2月"),
    ]),
    ("month-end-dates.xlsx", {}, [
        (" (Sheet), row 2, period: '2024-06-30' — ", "is a day", "write 2024-06 if the month is meant"),
    ]),
    ("blank-in-the-last-row.xlsx", {"sources": None}, [
        (" (observations), row 2, period: '2026' — ", "is not over on 2026-12-01", "from 2026-12-31 on"),
        (" (observations), row 2, source: 'cqtjj-2027-01-20-2026' — ", "no such source", "or add it to sources.csv"),
    ]),
]  # fmt: skip


@pytest.mark.parametrize(("name", "more", "issues"), REFUSED, ids=[name for name, *_ in REFUSED])
def test_a_file_is_refused_with_place_value_and_remedy(
    data_copy: Path, name: str, more: dict[str, object], issues: list[tuple[str, str, str]]
) -> None:
    lines = [line for line in refused(data_copy, name, **more) if "read as" not in line]  # which are remarks
    assert len(lines) == len(issues), "\n".join(lines)
    for line, (place, problem, remedy) in zip(lines, issues, strict=True):
        start = Path(name).name + (place if place.startswith((" (", ":")) else f", {place}")
        assert line.startswith(start) and problem in line and remedy in line, line


# file, sources and options, the values stored in the order of the file, and what is said of the file
STORED = [
    ("footnotes.csv", {}, [2_317_900, 2_490_000], ["'231.79①' read as '231.79', without its note '①'",
                                                  "'249¹' read as '249', without its note '¹'"]),
    ("official-names.csv", {}, [2_317_900, 2_490_700, 805_000, 30_113_000, 1_794_500], []),
    ("years-as-columns.csv", {"defaults": {"basis": "registration"}},
     [1_063_200, 870_800, 1_355_500, 2_317_900, 2_092_100, 1_998_100, 978_400, 702_500, 739_300, 32_300, 20_300,
      18_500],
     ["row 1: not read: '", "row 2: read as unit 万辆", "row 3: not", "row 10: not read: '注", "row 11: not read"]),
    ("months-as-columns.csv", {"defaults": {"basis": "registration"}},
     [251_000, 240_000, 230_000, 2_271_000, 2_020_000, 1_780_000, 8.1, 7, 6, 7.7, 7.6, 7.5],
     ["read as GB18030", "row 1: not read", "row 2: read as entity chongqing", "row 3: not read", "row 9: not read"]),
    ("title-rows.xlsx", {"sources": None}, [2_271_000, 2_011_000],
     ["row 1: not read", "row 5: not read: '注", "row 4, indicator: empty, read as '", "row 4, entity: empty"]),
    ("cp1252-observations.csv", {"sources": "cp1252-sources.csv"}, [2_629_000], ["cp1252-sources.csv: read as cp1252"]),
    ("headline-2026.csv", {"sources": "headline-2026-sources.csv", "recorded": SPRING}, [53.7], []),
    ("renamed-sheet.xlsx", {"sources": None, "recorded": SPRING}, [1_624_000],
     ["renamed-sheet.xlsx (重庆2026): read as observations, by its columns"]),
    ("year-2026-libreoffice.xlsx", {"sources": None, "recorded": SPRING},
     [2_913_500, 1_624_000, 25.3, 4.5, 786_000, 68_420_000_000, 29, 528_000, 55, 900e9, 9.1, 41.2, 50, 23.1e9, -3.4,
      67.3, 2_614_800, 2_610, 725_000, 11.2, 1.9, 6.8, 1, 3.61, 53.7, 2_000_000, 3_000_000],
     ["(observations): column L hidden there"]),
]  # fmt: skip


@pytest.mark.parametrize(("name", "more", "values", "remarks"), STORED, ids=[name for name, *_ in STORED])
def test_a_file_is_stored_exactly(
    data_copy: Path, name: str, more: dict[str, object], values: list[float], remarks: list[str]
) -> None:
    done = take(data_copy, name, **more)
    assert [r.value for r in done.observations] == values and check(data_copy) == []
    assert load(data_copy).observations[-len(values) :] == done.observations
    assert len(done.remarks) == len(remarks), done.remarks
    for said, wanted in zip(done.remarks, remarks, strict=True):
        assert wanted in said


def test_the_cells_of_a_wide_table_are_the_locators(data_copy: Path) -> None:
    done = take(data_copy, "years-as-columns.csv", defaults={"basis": "registration"})
    assert [r.locator for r in done.observations][:4] == ["B5", "C5", "D5", "B6"]
    assert {r.source for r in done.observations} == {"nbs-easyquery"}


def test_the_periods_are_those_that_were_meant(data_copy: Path, tmp_path: Path) -> None:
    text = (CASES / "period-spellings.csv").read_text(encoding="utf-8").replace("registration", "place")
    file = tmp_path / "new.csv"
    file.write_text(text, encoding="utf-8")
    done = add(file, CASES / OFFICE, data_copy, recorded=TODAY)
    assert [(r.period, r.measure, r.value) for r in done.observations] == [
        ("2025-01/2025-02", "level", 105_000), ("2025-01/2025-11", "level", 1_102_000),
        ("2025-11", "yoy_growth", -5.3), ("2025-11", "level", 102_000),
    ]  # fmt: skip
    assert done.known == 2  # two of them are written twice


def test_what_is_implausible_is_kept_where_the_analyst_says_so(data_copy: Path) -> None:
    ids = [f"chongqing.{i}.2026-{p}.level.nbs-easyquery" for i, p in
           (("vehicle_production", "01_to_2026-03"), ("nev_production", "03"))]  # fmt: skip
    accept = dict.fromkeys(ids, "The office revised January and February.")
    done = take(data_copy, "running-year-2026.csv", accept=accept)
    assert done.new == 10 and check(data_copy) == []
    with (data_copy / "acceptances.csv").open(encoding="utf-8", newline="") as handle:
        rows = list(csv.DictReader(handle))[-2:]
    assert [tuple(r.values()) for r in rows] == [(i, "parts", accept[i], "2026-12-01") for i in ids]
    assert {a.row for a in load(data_copy).acceptances} >= set(ids)
    again = take(data_copy, "running-year-2026.csv")
    assert again.known == 11 and not again.changes


def test_an_acceptance_that_nothing_needs_is_refused(data_copy: Path) -> None:
    lines = refused(data_copy, "running-year-2026.csv", accept={"chongqing.nowhere": "why not"})
    assert lines[0].startswith("--accept chongqing.nowhere: no implausible row has this id")


def test_a_row_that_would_change_a_published_edition_is_named(
    data_copy: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    editions = "nevbook: {editions: [{year: 2022, as_of: 2026-11-21}, {year: 2024, as_of: 2026-11-22}]}"
    (tmp_path / "_config.yml").write_text(editions, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    lines = refused(data_copy, "official-names.csv", recorded=dt.date(2026, 11, 22))
    assert "row 2, recorded: '2026-11-22' — 2026-11-22 would change the edition 2024, published as of 2026" in lines[0]
    assert "write a day after 2026-11-22" in lines[0]
    assert take(data_copy, "official-names.csv", recorded=dt.date(2026, 11, 23)).new == 5


def test_a_revision_is_not_recorded_before_what_it_revises(data_copy: Path, tmp_path: Path) -> None:
    take(data_copy, "official-names.csv")
    text = (CASES / "official-names.csv").read_text(encoding="utf-8").replace("231.79", "231.80")
    file = tmp_path / "new.csv"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(DataError, match="2026-11-30 lies before 2026-12-01, when .*2023.level.nbs-easyquery, which it"):
        add(file, None, data_copy, recorded=dt.date(2026, 11, 30))


def test_a_source_that_no_row_uses_is_left_out_and_said(data_copy: Path) -> None:
    done = take(data_copy, "title-rows.xlsx")
    assert f"{OFFICE}, row 2: nbs-easyquery is left out, for no row uses it." in done.remarks
    assert "nbs-easyquery" not in done.after.sources


def test_issues_stop_at_a_hundred(data_copy: Path, tmp_path: Path) -> None:
    head, row = (CASES / "unit-slips.csv").read_text(encoding="utf-8").splitlines()[:2]
    file = tmp_path / "new.csv"
    file.write_text("\n".join([head, *(row.replace("2023", f"once{n}") for n in range(150))]), encoding="utf-8")
    with pytest.raises(DataError) as error:
        add(file, CASES / OFFICE, data_copy, recorded=TODAY)
    lines = str(error.value).splitlines()
    assert len(lines) == 102 and lines[-1] == "and 50 more"


HEAD = "indicator,entity,period,value,unit,basis,source,locator,recorded\n"
ROW = "vehicle_exports_units,chongqing,2025-11,6.05,万辆,customs,nbs-easyquery,p,"


def lines_of(folder: Path, tmp_path: Path, text: str, **more: object) -> list[str]:
    file = tmp_path / "new.csv"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(DataError) as error:
        add(file, CASES / OFFICE, folder, **{"recorded": TODAY} | more)
    return str(error.value).splitlines()[1:]


def test_a_wrong_cell_has_one_issue(data_copy: Path, tmp_path: Path) -> None:
    (torn,) = lines_of(data_copy, tmp_path, f"{HEAD}{ROW}Dec 1, 2026\n")
    assert "10 cells where the header has 9" in torn
    for day in ("1226-12-01", "2227-02-10"):
        (line,) = lines_of(data_copy, tmp_path, f"{HEAD}{ROW}{day}\n")
        assert f"row 2, recorded: '{day}' — lies outside the years 1900 to " in line
    (line,) = lines_of(data_copy, tmp_path, f"{HEAD}{ROW}\n", recorded=dt.date(2227, 2, 10))
    assert "row 2, recorded: '2227-02-10' — lies outside the years 1900 to " in line
    (line,) = lines_of(data_copy, tmp_path, f"{HEAD}{ROW}\n".replace("2025-11", "2025/11/30"))
    assert "period: '2025/11/30' — is a day" in line and "write 2025-11 if the month is meant" in line


def test_a_source_beside_known_rows_is_no_issue(data_copy: Path) -> None:
    take(data_copy, "official-names.csv")
    done = take(data_copy, "official-names.csv", "cp1252-sources.csv")
    assert done.known == 5 and not done.changes and "is left out" in done.remarks[-1]


def test_a_file_without_rows_is_refused_whatever_its_sources_hold(data_copy: Path, tmp_path: Path) -> None:
    (tmp_path / "new.csv").write_text(HEAD, encoding="utf-8")
    with pytest.raises(DataError, match="no row stands under its header"):
        add(tmp_path / "new.csv", CASES / OFFICE, data_copy, recorded=TODAY)
