"""What people hand in: taken in as it is meant, or refused with every issue named and nothing changed."""

from __future__ import annotations

import csv
import datetime as dt
import re
import shutil
from pathlib import Path

import openpyxl
import pytest

from nevbook.common.errors import DataError, PlaceError
from nevbook.data.dataset import load
from nevbook.data.ingest.add import add
from nevbook.data.ingest.columns import Package, columns, table_of
from nevbook.data.ingest.periods import period
from nevbook.data.ingest.template import write as write_template
from tests.conftest import Sheets
from tests.data.ingest.test_add import checksum

DAY = dt.date(2026, 12, 1)
SOURCE = "ichongqing-2025-03-seed"
GOOD = {
    "indicator": "nev_production",
    "entity": "chongqing",
    "period": "2025-11",
    "measure": "level",
    "qualifier": "=",
    "value": "12.05",
    "unit": "万辆",
    "resolution": "",
    "kind": "stated",
    "basis": "place",
    "source": SOURCE,
    "locator": "paragraph 1",
    "recorded": "",
    "note": "",
}
FINE = GOOD | {"period": "2025-10", "value": "11.9"}


@pytest.fixture(scope="module")
def bench(little: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A package that each test leaves as it was."""
    return Path(shutil.copytree(little, tmp_path_factory.mktemp("bench") / "data"))


def handed(path: Path, *rows: dict[str, str]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


def refused(bench: Path, file: Path, **more: object) -> str:
    before = checksum(bench)
    with pytest.raises(DataError, match=r"nothing was changed") as error:
        add(file, data_dir=bench, recorded=DAY, **more)  # type: ignore[arg-type]
    assert checksum(bench) == before and [p.name for p in bench.parent.iterdir()] == ["data"]
    return str(error.value)


def test_the_row_that_each_test_spoils_is_well(bench: Path, tmp_path: Path) -> None:
    done = add(handed(tmp_path / "new.csv", FINE, GOOD), data_dir=bench, recorded=DAY, dry_run=True)
    assert done.new == 2 and [r.value for r in done.observations] == [119_000, 120_500]
    assert [r.resolution for r in done.observations] == [1000, 100]


GROWTH = {"measure": "yoy_growth", "value": "17.5", "unit": "%"}
SHARE = {"indicator": "nev_penetration", "entity": "CHN", "basis": "caam", "value": "47.9", "unit": "%"}


@pytest.mark.parametrize(
    ("changes", "column", "problem", "remedy"),
    [
        pytest.param({"value": ""}, "value", "empty", "The figure", id="no value"),
        pytest.param({"value": "n/a"}, "value", "no number", "leave the row out", id="no figure yet"),
        pytest.param({"value": "many"}, "value", "no number", "in digits", id="words"),
        pytest.param({"value": "12,05"}, "value", "comma", "12.05 or 1205", id="decimal comma"),
        pytest.param({"value": "1.205.000"}, "value", "leave open", "1205000", id="points for thousands"),
        pytest.param({"value": "12-13"}, "value", "range", "qualifier", id="range"),
        pytest.param({"value": "12.05 lorries"}, "value", "'lorries'", "in unit", id="strange unit behind"),
        pytest.param({"value": "12.05万"}, "value", "so has the unit", "one of the two", id="scale twice"),
        pytest.param({"value": "12.05亿"}, "value", "another scale", "one of the two", id="two scales"),
        pytest.param({"value": "12.05亿元"}, "unit", "yuan", "write yuan", id="value brings another unit"),
        pytest.param({"value": "-12.05"}, "value", "under 0", "0 or more", id="fewer than none"),
        pytest.param({"value": "约12.05"}, "value", "says ~", "write ~", id="qualifier against the value"),
        pytest.param({"unit": ""}, "unit", "empty", "vehicles", id="no unit"),
        pytest.param({"unit": "万两"}, "unit", "no unit known", "vehicles", id="unit misspelt"),
        pytest.param({"unit": "亿元"}, "unit", "not the unit of nev_production", "vehicles", id="unit of another"),
        pytest.param({"unit": "港元"}, "unit", "no unit known", "vehicles", id="currency of no indicator"),
        pytest.param(GROWTH | {"unit": "个百分点"}, "unit", "yoy_growth", "percent", id="points for percent"),
        pytest.param(
            SHARE | {"measure": "yoy_change"}, "unit", "yoy_change", "percentage_points", id="percent for points"
        ),
        pytest.param(
            {"measure": "yoy_change", "value": "3", "unit": "pp"}, "measure", "vehicles", "yoy_growth", id="points"
        ),
        pytest.param(SHARE | {"value": "104.2"}, "value", "0 and 100", "yoy_growth", id="share over all"),
        pytest.param({"resolution": "rough"}, "resolution", "no number", "0.1 or 100", id="resolution in words"),
        pytest.param({"resolution": "100元"}, "resolution", "yuan", "vehicles", id="resolution in another unit"),
        pytest.param({"resolution": "100"}, "value", "multiple of its resolution", "resolution", id="too rough"),
        pytest.param({"resolution": "0"}, "resolution", "only targets", "100 for 120500", id="exact outcome"),
        pytest.param(
            {"kind": "target", "period": "2027", "resolution": "1"}, "resolution", "exact", "write 0", id="rough target"
        ),
        pytest.param({"indicator": "nev_productoin"}, "indicator", "no such", "nev_production", id="misspelt"),
        pytest.param({"indicator": "新能源汽车产值"}, "indicator", "no such", "nev_prod", id="in Chinese"),
        pytest.param({"indicator": ""}, "indicator", "empty", "What is measured", id="no indicator"),
        pytest.param({"entity": "chonqing"}, "entity", "no such", "chongqing", id="entity misspelt"),
        pytest.param({"entity": "重庆巿"}, "entity", "no such", "chongqing", id="entity in Chinese"),
        pytest.param({"basis": "custom"}, "basis", "no such", "caam", id="basis of none"),
        pytest.param({"basis": ""}, "basis", "empty", "Way of counting", id="no basis"),
        pytest.param({"basis": "registration"}, "basis", "to 2024-12-31 only", "place", id="basis no longer in use"),
        pytest.param({"basis": "place", "period": "2019"}, "basis", "from 2025-01-01", "registration", id="not yet"),
        pytest.param({"source": "ichongqing-2025-03-sed"}, "source", "no such", SOURCE, id="source misspelt"),
        pytest.param({"source": ""}, "source", "empty", "Source", id="no source"),
        pytest.param({"locator": ""}, "locator", "empty", "Where in the source", id="no locator"),
        pytest.param({"period": ""}, "period", "empty", "ISO 8601", id="no period"),
        pytest.param({"period": "last year"}, "period", "no period", "2025-01/2025-09", id="period in words"),
        pytest.param({"period": "2025-13"}, "period", "01 to 12", "2025", id="month 13"),
        pytest.param({"period": "2025年13月"}, "period", "no period", "2024-12", id="month 13 in Chinese"),
        pytest.param({"period": "2025-02-30"}, "period", "28 days", "2025-02-28", id="30 February"),
        pytest.param({"period": "2025-09/2025-01"}, "period", "ends before", "2025-01/2025-09", id="span reversed"),
        pytest.param({"period": "2026-12"}, "period", "not over", "forecast", id="outcome of the future"),
        pytest.param({"measure": "growth"}, "measure", "no measure", "yoy_growth", id="measure of none"),
        pytest.param({"qualifier": "c"}, "qualifier", "no qualifier", "=, ~, > or <", id="qualifier of none"),
        pytest.param({"kind": "rumour"}, "kind", "no kind", "stated", id="kind of none"),
        pytest.param({"recorded": "soon"}, "recorded", "no day", "2026-11-22", id="day in words"),
        pytest.param({"recorded": "2025-03-01", "period": "2025-01"}, "recorded", "before source", "03-08", id="early"),
    ],
)  # fmt: skip
def test_a_bad_cell_is_named_with_what_would_do(
    bench: Path, tmp_path: Path, changes: dict[str, str], column: str, problem: str, remedy: str
) -> None:
    cells = GOOD | changes
    said = refused(bench, handed(tmp_path / "new.csv", FINE, cells)).splitlines()[1:]
    assert len(said) == 1, said
    place, _, told = said[0].partition(" — ")
    assert place == f"new.csv, row 3, {column}: {cells[column]!r}"
    assert problem in told and remedy in told.split(";", 1)[1]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        pytest.param("indicator,entity\nx,y\n", "row 1: lacks the column period", id="columns missing"),
        pytest.param("a,b\n1,2\n", "is the header of no table", id="header of nothing"),
        pytest.param("{head},value\n", "'value' — stands twice", id="column twice"),
        pytest.param("{head},sauce\n", "'sauce' — observations has no such column; did you mean source", id="misspelt"),
        pytest.param("{head},数量\n", "'数量' — observations has no such column", id="strange column in Chinese"),
        pytest.param("{head}\n{row},more\n", "row 2 — 15 cells where the header has 14", id="long row"),
        pytest.param("{head}\n1,2\n", "row 2 — 2 cells where the header has 14; fill it up", id="short row"),
        pytest.param('{head}\n"{row}\n', "row 2 — the quotes of a cell do not close", id="quote that does not close"),
        pytest.param("{head}\n{row}\n{other}\n", "tells the same thing of the same source as row 2 (", id="twice"),
    ],
)
def test_a_bad_file_is_named_with_what_would_do(bench: Path, tmp_path: Path, content: str, said: str) -> None:
    row, other = (",".join((GOOD | {"value": v}).values()) for v in ("12.05", "13.05"))
    file = tmp_path / "new.csv"
    file.write_text(content.format(head=",".join(GOOD), row=row, other=other), encoding="utf-8")
    before = checksum(bench)
    with pytest.raises(DataError, match=re.escape(said)):
        add(file, data_dir=bench)
    assert checksum(bench) == before


def test_a_formula_is_refused(bench: Path, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(list(GOOD))
    book.active.append(["=1+1" if k == "value" else v for k, v in GOOD.items()])
    book.save(tmp_path / "new.xlsx")
    said = refused(bench, tmp_path / "new.xlsx")
    assert "new.xlsx (Sheet), row 2, value: '=1+1' — is a formula; paste its value" in said
    assert len(said.splitlines()) == 2


def test_every_issue_of_every_row_is_told_at_once(bench: Path, tmp_path: Path) -> None:
    rows = [
        GOOD | {"value": "n/a", "entity": "chonqing"},
        GOOD | {"unit": "斤", "basis": "?"},
        GOOD | {"period": "then"},
    ]
    said = refused(bench, handed(tmp_path / "new.csv", *rows)).splitlines()[1:]
    assert [line.split(":")[0] for line in said] == [
        *("new.csv, row 2, value", "new.csv, row 2, entity"),
        *("new.csv, row 3, unit", "new.csv, row 3, basis"),
        "new.csv, row 4, period",
    ]


NEW_SOURCE = {
    "id": "bureau-2026-12", "title": "2025年统计月报", "publisher": "Bureau", "published": "2025年12月",
    "url": "https://example.org/x", "tier": "官方", "licence": "public statistics",
}  # fmt: skip


def test_issues_of_sources_are_told_beside_those_of_rows(bench: Path, tmp_path: Path) -> None:
    rows = handed(tmp_path / "new.csv", GOOD | {"source": "bureau-2026-12", "value": "?"})
    known = {"id": SOURCE, "title": "Another title", "publisher": "X", "tier": "press", "licence": "none"}
    sources = handed(tmp_path / "sources.csv", NEW_SOURCE | {"tier": "high", "url": "www"})
    said = refused(bench, rows, sources=sources).splitlines()[1:]
    assert [line.split(":")[0] for line in said] == [
        "new.csv, row 2, value", "sources.csv, row 2, url", "sources.csv, row 2, tier",
    ]  # fmt: skip
    said = refused(
        bench, handed(tmp_path / "new.csv", GOOD), sources=handed(tmp_path / "sources.csv", known)
    ).splitlines()
    assert "sources.csv, row 2, title: 'Another title' — sources.csv has ichongqing-2025-03-seed already" in said[1]


def test_what_can_be_derived_may_be_left_out(bench: Path, tmp_path: Path) -> None:
    least = {k: GOOD[k] for k in ("indicator", "entity", "period", "value", "basis", "source", "locator")}
    rows = handed(
        tmp_path / "new.csv",
        least | {"value": "约12.05万辆", "source": "bureau-2026-12", "entity": "重庆", "indicator": "新能源汽车产量"},
    )
    done = add(rows, handed(tmp_path / "sources.csv", NEW_SOURCE), bench, dry_run=True, recorded=DAY)
    (row,) = done.observations
    assert (row.measure, row.qualifier, row.kind, row.recorded) == ("level", "~", "stated", DAY)
    assert (row.value, row.resolution, row.unit) == (120_500, 100, "vehicles")
    assert row.id == "chongqing.nev_production.2025-11.level.bureau-2026-12"
    source = done.after.sources["bureau-2026-12"]
    assert (source.language, source.published, source.tier) == ("zh", "2025-12", "official")


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("2026年", "2026"), ("2026年3月", "2026-03"), ("2026年1-9月", "2026-01/2026-09"),
        ("2026 H1", "2026-01/2026-06"),
        ("2026年1月至2月", "2026-01/2026-02"), ("2026年上半年", "2026-01/2026-06"), ("2026Q3", "2026-07/2026-09"),
        ("2026年第三季度", "2026-07/2026-09"), ("2026年3月5日", "2026-03-05"), ("２０２６", "2026"),
        ("2026-12", "2026-12"), ("2026年11月累计", "2026-01/2026-11"), ("2026年前11个月", "2026-01/2026-11"),
        ("2026年一至三季度", "2026-01/2026-09"), ("2026年1月累计", "2026-01"),
        ("2025/2026", "2025/2026"), ("2026年13月", "2026年13月"), ("soon", "soon"),
    ],
)  # fmt: skip
def test_periods_as_people_write_them(text: str, iso: str) -> None:
    assert period(text) == iso


def test_columns_in_either_language_and_any_order(bench: Path) -> None:
    package = Package(bench)
    head = ["数值", "Indicator", "entity 主体", "时期 (period)", "", "What"]
    assert columns(package, "observations", head) == (["value", "indicator", "entity", "period", "", ""], ["What"])
    assert table_of(package, "", list(NEW_SOURCE)) == "sources"
    assert table_of(package, "", list(GOOD)) == "observations"
    assert table_of(package, "数据", ["x"]) == "observations"
    assert table_of(package, "", ["colour", "taste"]) == ""


CHINESE = ["时期", "指标", "主体", "数值", "单位", "性质", "口径", "来源", "出处", "度量"]
FIGURES = [
    ["2026年", "新能源汽车产量", "重庆", "152.30", "万辆", "公布值", "place", SOURCE, "表1", ""],
    ["2026", "vehicle_exports_value", "chongqing", "612.4", "亿元", "", "customs", SOURCE, "表2", "绝对值"],
    ["2026年", "汽车产量", "重庆", "2,901,500", "辆", "", "place", SOURCE, "表1", ""],
    ["2026", "汽车产量", "重庆", "4.1%", "", "", "place", SOURCE, "表1", "同比增速"],
]


def spreadsheet(path: Path) -> Path:
    book = openpyxl.Workbook()
    book.active.append(CHINESE)
    for row in FIGURES:
        book.active.append(row)
    page = book.active
    page["D2"].value, page["D2"].number_format = 152.3, "0.00"
    page["D4"].value, page["D4"].number_format = 2901500, "#,##0"
    page["D5"].value, page["D5"].number_format = 0.041, "0.0%"
    page["A3"].value = 2026
    book.save(path)
    return path


def delimited(path: Path, encoding: str, delimiter: str) -> Path:
    with path.open("w", encoding=encoding, newline="") as handle:
        csv.writer(handle, delimiter=delimiter).writerows([CHINESE, *FIGURES])
    return path


def contents(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8-sig", "utf-16"])
def test_a_spreadsheet_and_the_same_rows_as_csv_give_the_same_package(
    little: Path, tmp_path: Path, encoding: str
) -> None:
    made: list[Path] = []
    files = [spreadsheet(tmp_path / "new.xlsx"), delimited(tmp_path / "new.csv", encoding, ";")]
    for file in files:
        folder = Path(shutil.copytree(little, tmp_path / f"as{file.suffix}" / "data"))
        assert add(file, data_dir=folder, recorded=dt.date(2027, 2, 1)).new == 4
        made.append(folder)
    one, other = made
    assert contents(one) == contents(other)
    rows = [r for r in load(one).observations if r.recorded == dt.date(2027, 2, 1)]
    assert [(r.value, r.resolution) for r in rows] == [(1523000, 100), (61.24e9, 1e7), (2901500, 100), (4.1, 0.1)]


def test_a_template_filled_in_is_taken_in(little: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(little, tmp_path / "data"))
    file = tmp_path / "figures.xlsx"
    write_template(Package(folder), file)
    book = openpyxl.load_workbook(file)
    assert book.sheetnames == ["observations", "sources", "ids"]
    rows = [GOOD | {"source": "bureau-2026-12", "unit": "万辆", "recorded": "2026-12-01"}], [NEW_SOURCE]
    for name, (cells,) in zip(book.sheetnames, rows, strict=False):
        head = {cell.value.split()[0]: cell.column for cell in book[name][1]}
        for column, value in cells.items():
            book[name].cell(2, head[column], value)
    book.save(file)
    done = add(file, data_dir=folder, recorded=DAY)
    assert done.new == 1 and done.after.sources["bureau-2026-12"].tier == "official"
    ids = {row[1].value: [c.value for c in row] for row in book["ids"].iter_rows(min_row=2)}
    assert ids["nev_production"][:5] == [
        "indicators", "nev_production", "New-energy vehicle output", "新能源汽车产量", "vehicles"
    ]  # fmt: skip
    rules = {next(iter(r.sqref.ranges)).min_col: r for r in book["observations"].data_validations.dataValidation}
    listed = rules[[c.value.split()[0] for c in book["observations"][1]].index("indicator") + 1].formula1
    first, last = (int(part) for part in listed.replace("ids!$B$", "").split(":$B$"))
    there = [book["ids"].cell(n, 2).value for n in range(first, last + 1)]
    assert there == list(load(folder).indicators)
    with pytest.raises(PlaceError, match="exists already"):
        write_template(Package(folder), file)
    with pytest.raises(DataError, match=r"write a\.xlsx"):
        write_template(Package(folder), tmp_path / "a.csv")


def test_a_template_of_another_table_is_taken_in(little_copy: Path, tmp_path: Path) -> None:
    file = tmp_path / "facts.xlsx"
    write_template(Package(little_copy), file, ["facts"])
    book = openpyxl.load_workbook(file)
    head = {cell.value.split()[0]: cell.column for cell in book["facts"][1]}
    for column, value in FACT.items():
        book["facts"].cell(2, head[column], value)
    book.save(file)
    assert add(file, data_dir=little_copy, recorded=DAY).new == 1
    assert "THA" in {row[1].value for row in book["ids"].iter_rows(min_row=2)}


def test_several_sheets_need_a_name(bench: Path, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for name in ("One", "Two"):
        page = book.create_sheet(name)
        page.append(list(GOOD))
        page.append(list((GOOD | {"period": "2025-09" if name == "One" else "2025-08"}).values()))
    book.save(tmp_path / "new.xlsx")
    with pytest.raises(DataError, match=r"--sheet: One, Two"):
        add(tmp_path / "new.xlsx", data_dir=bench)
    done = add(tmp_path / "new.xlsx", data_dir=bench, sheet="Two", dry_run=True)
    assert [r.period for r in done.observations] == ["2025-08"]
    with pytest.raises(DataError, match="unknown table 'figures'"):
        add(tmp_path / "new.xlsx", data_dir=bench, table="figures")


def test_an_older_file_read_once_more_does_not_undo_a_revision(little_copy: Path, tmp_path: Path) -> None:
    def given(value: str, day: str) -> tuple[int, int, int]:
        done = add(
            handed(tmp_path / "n.csv", GOOD | {"value": value}),
            data_dir=little_copy,
            recorded=dt.date.fromisoformat(day),
        )
        return done.new, done.revised, done.known

    assert given("12.05", "2026-12-01") == (1, 0, 0)
    assert given("12.15", "2026-12-05") == (0, 1, 0)
    assert given("12.05", "2026-12-09") == (0, 0, 1)
    back = handed(tmp_path / "n.csv", GOOD | {"recorded": "2026/12/9"})
    assert add(back, data_dir=little_copy).revised == 1


FACT = {"market": "Thailand", "attribute": "public_chargers_fast", "period": "2026-06", "value": "3,120",
        "source": "mk-iea-gevo2025", "contributor": "An institute"}  # fmt: skip
EVENT = {"id": "tha-99", "market": "THA", "topic": "policy", "title": "Duty raised", "status": "adopted",
         "effective_from": "2027年1月", "effective_to": "", "ending": "unknown", "measure": "tariff",
         "direction": "headwind", "value": "20", "unit": "percent", "source": "mk-iea-gevo2025"}  # fmt: skip


def test_market_facts_and_events_are_taken_in_too(little_copy: Path, tmp_path: Path) -> None:
    sheets = Sheets(little_copy)
    assert add(handed(tmp_path / "facts.csv", FACT), data_dir=little_copy, recorded=DAY).new == 1
    assert sheets.read("markets/facts.csv")[-1] == [
        "THA.public_chargers_fast.2026-06", "THA", "public_chargers_fast", "2026-06", "=", "3120", "stated", "", "",
        "2026-12-01", "2026-12-01", "An institute", "",
    ]  # fmt: skip
    assert sheets.read("markets/fact_sources.csv")[-1] == ["THA.public_chargers_fast.2026-06", "mk-iea-gevo2025"]
    assert add(handed(tmp_path / "facts.csv", FACT), data_dir=little_copy, recorded=DAY).known == 1
    later = handed(tmp_path / "facts.csv", FACT | {"value": "3125"})
    assert add(later, data_dir=little_copy, recorded=dt.date(2026, 12, 5)).revised == 1
    assert add(handed(tmp_path / "events.csv", EVENT), data_dir=little_copy, recorded=DAY).new == 1
    head, *_, last = sheets.read("markets/events.csv")
    assert last[head.index("effective_from")] == "2027-01"
    adopted = EVENT | {"value": "25", "contributor": "An institute"}
    done = add(handed(tmp_path / "events.csv", adopted), data_dir=little_copy, recorded=dt.date(2026, 12, 5))
    assert (done.new, done.revised) == (0, 1) and done.changes[0].cells["id"] == "tha-99.2026-12-05"
    nameless = EVENT | {"id": "", "title": "Another duty"}
    done = add(handed(tmp_path / "events.csv", nameless), data_dir=little_copy, recorded=DAY)
    assert done.changes[0].cells["id"] == "THA.2027-01.tariff"


@pytest.mark.parametrize(
    ("row", "changes", "column", "said"),
    [
        (FACT, {"market": "Tailand"}, "market", "write"),
        (FACT, {"attribute": "fast_chargers"}, "attribute", "no such attribute"),
        (FACT, {"value": "some"}, "value", "no number"),
        (FACT, {"value": "3120 miles"}, "value", "'miles'"),
        (FACT, {"attribute": "driving_side", "value": "middle"}, "value", "left or right"),
        (FACT, {"period": "2027-01"}, "period", "had not begun on 2026-12-01"),
        (FACT, {"source": ""}, "source", "write the id of a source"),
        (FACT, {"source": "mk-iea-gevo2052"}, "source", "mk-iea-gevo2025"),
        (EVENT, {"topic": "politics"}, "topic", "policy"),
        (EVENT, {"measure": "tarif"}, "measure", "tariff"),
        (EVENT, {"effective_from": "soon"}, "effective_from", "soon"),
        (EVENT, {"effective_to": "2026-01-01", "ending": "stated"}, "effective_to", "the other way round"),
        (EVENT, {"ending": "stated"}, "effective_to", "must not be empty"),
        (EVENT, {"effective_to": "2028"}, "ending", "write stated"),
        (EVENT, {"id": "tha 99"}, "id", "letters, digits"),
    ],
)
def test_a_bad_fact_or_event_is_refused(
    bench: Path, tmp_path: Path, row: dict[str, str], changes: dict[str, str], column: str, said: str
) -> None:
    (line,) = refused(bench, handed(tmp_path / "new.csv", row | changes)).splitlines()[1:]
    assert line.startswith(f"new.csv, row 2, {column}: {(row | changes)[column]!r} — ") and said in line


def test_a_template_holds_no_live_formulas(little_copy: Path, tmp_path: Path) -> None:
    sheets = Sheets(little_copy)
    row = sheets.row_of("entities.csv", "chongqing")
    name = '=HYPERLINK("https://example.org")'
    sheets.edit("entities.csv", row, "name", name)
    sheets.edit("entities.csv", row, "name_zh", "+1")
    write_template(Package(little_copy), tmp_path / "a.xlsx")
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} == {"s"} and {name, "+1"} <= {cell.value for cell in cells}
