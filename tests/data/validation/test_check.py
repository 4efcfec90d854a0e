from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from nevbook.cli.main import main
from nevbook.common.errors import ChoiceError, DataError
from nevbook.data.dataset import load
from nevbook.data.issues import Issue
from nevbook.data.validation.check import check
from tests.conftest import DATA, Sheets

OBSERVATIONS = "observations.csv"
SEED = "ichongqing-2025-03-seed"
# a row that is well: each test spoils one thing of it
GOOD = {
    "id": "chn.test",
    "indicator": "vehicle_production",
    "entity": "CHN",
    "period": "2011",
    "measure": "level",
    "qualifier": "=",
    "value": "18418900",
    "unit": "vehicles",
    "resolution": "100",
    "kind": "stated",
    "basis": "caam",
    "source": SEED,
    "locator": "paragraph 1",
    "recorded": "2026-11-22",
}
GROWTH = {"measure": "yoy_growth", "unit": "percent", "value": "2.5", "resolution": "0.1"}
SHARE = {"indicator": "nev_penetration", "unit": "percent", "value": "5.1", "resolution": "0.1"}
TARGET = {"kind": "target", "resolution": "0"}


@pytest.fixture
def data_copy(little_copy: Path) -> Path:
    """What is wrong with a row is the same among few rows."""
    return little_copy


def only(issues: list[Issue]) -> Issue:
    assert len(issues) == 1, "\n".join(map(str, issues))
    return issues[0]


def place(issue: Issue) -> tuple[str, int | None, str | None, str | None]:
    return issue.file, issue.row, issue.column, issue.value


def test_the_real_data_are_clean() -> None:
    assert check(DATA) == []


def test_stock_frictionless_passes_the_real_data_and_not_a_spoiled_copy(sheets: Sheets) -> None:
    def validate(folder: Path) -> int:
        command = [sys.executable, "-m", "frictionless", "validate", str(folder / "datapackage.json")]
        return subprocess.run(command, capture_output=True, check=False).returncode

    assert validate(DATA) == 0
    sheets.edit(OBSERVATIONS, 2, "source", "nowhere")
    assert validate(sheets.folder) == 1


@pytest.mark.parametrize(
    "changes",
    [
        {},
        GROWTH,
        {"qualifier": ">", "resolution": "0"},
        {"kind": "forecast", "period": "2031"},
        TARGET | {"period": "2031", "value": "18418901"},
        SHARE,
        SHARE | {"measure": "yoy_change", "unit": "percentage_points", "value": "-1.5"},
        {"value": "18418900.000000000001"},
        {"period": "2011-01/2011-12", "entity": "chongqing"},
        {"recorded": "2025-03-08", "period": "2025-02"},
    ],
)
def test_a_row_that_is_well_is_no_issue(sheets: Sheets, changes: dict[str, str]) -> None:
    sheets.append(OBSERVATIONS, GOOD | changes)
    assert check(sheets.folder) == []
    assert load(sheets.folder).observations[-1].id == "chn.test"


@pytest.mark.parametrize(
    ("changes", "column", "problem", "remedy"),
    [
        # what the schema says
        pytest.param({"value": "many"}, "value", "no number", "write digits only", id="type of a number"),
        pytest.param({"value": "18,418,900"}, "value", "no number", "write 18418900", id="thousands separators"),
        pytest.param(GROWTH | {"value": "2.5%"}, "value", "no number", "write 2.5", id="percent sign"),
        pytest.param({"value": "NaN"}, "value", "no plain number", "write digits only", id="not a number"),
        pytest.param({"value": "18_418_900"}, "value", "no plain number", "write 18418900", id="underscores"),
        pytest.param({"recorded": "soon"}, "recorded", "no day", "as in 2026-11-22", id="type of a day"),
        pytest.param({"recorded": "2026/11/22"}, "recorded", "no day", "write 2026-11-22", id="slashes"),
        pytest.param({"recorded": "2026-1-5"}, "recorded", "no day", "write 2026-01-05", id="short day"),
        pytest.param({"unit": "vehicels"}, "unit", "no unit", "write vehicles", id="enum, with the nearest"),
        pytest.param({"qualifier": "c."}, "qualifier", "no qualifier", "write =, ~, > or <", id="enum, far from all"),
        pytest.param({"locator": ""}, "locator", "not be empty", "write the locator", id="required"),
        pytest.param({"locator": "  "}, "locator", "not be empty", "write the locator", id="required, blanks"),
        pytest.param({"id": "chn test"}, "id", "is no id", "letters, digits", id="pattern of an id"),
        pytest.param({"period": "in 2011"}, "period", "no period", "a year 2024", id="pattern of a period"),
        pytest.param({"resolution": "-100"}, "resolution", "under 0", "write 0 or more", id="minimum"),
        pytest.param({"entity": "chongqin"}, "entity", "entities.csv has no such", "write chongqing", id="entity"),
        pytest.param(
            {"source": "ichongqing-2025-03-sed"}, "source", "sources.csv has no such", SEED, id="source, nearest"
        ),
        pytest.param({"source": "?"}, "source", "sources.csv has no such", "add it to sources.csv", id="source, new"),
        pytest.param(
            {"indicator": "vehicle_producton"},
            "indicator",
            "indicators.csv has no such",
            "write vehicle_production",
            id="indicator",
        ),
        pytest.param(
            {"basis": "registrations"},
            "basis",
            "no such basis for indicator 'vehicle_production'",
            "write registration",
            id="basis, nearest",
        ),
        pytest.param({"basis": "idc"}, "basis", "no such basis for indicator", "caam", id="basis of another indicator"),
        # periods
        pytest.param({"period": "2011-13"}, "period", "months run from 01 to 12", "2011", id="month 13"),
        pytest.param({"period": "2023-02-30"}, "period", "has 28 days", "write 2023-02-28", id="30 February"),
        pytest.param({"period": "2011/2010"}, "period", "ends before", "write 2010/2011", id="span reversed"),
        pytest.param({"period": "2026"}, "period", "not over on 2026-11-22", "forecast", id="outcome of the future"),
        pytest.param(
            {"period": "2026", "kind": "estimate"}, "period", "not over", "2026-12-31", id="estimate of the future"
        ),
        # units and ranges
        pytest.param({"unit": "count"}, "unit", "not the unit of vehicle_production", "write vehicles", id="unit"),
        pytest.param(
            GROWTH | {"unit": "percentage_points"},
            "unit",
            "not the unit of yoy_growth",
            "write percent",
            id="unit of a growth",
        ),
        pytest.param(
            SHARE | {"measure": "yoy_change"},
            "unit",
            "not the unit of yoy_change",
            "write percentage_points",
            id="unit of a change",
        ),
        pytest.param(
            GROWTH | {"measure": "yoy_change", "unit": "percentage_points"},
            "measure",
            "is in vehicles",
            "write yoy_growth",
            id="points of vehicles",
        ),
        pytest.param(SHARE | {"value": "100.1"}, "value", "between 0 and 100", "yoy_growth", id="share over 100"),
        pytest.param(SHARE | {"value": "-0.1"}, "value", "between 0 and 100", "yoy_change", id="share under 0"),
        pytest.param(
            SHARE | TARGET | {"value": "101"}, "value", "between 0 and 100", "from 0 to 100", id="share aimed at"
        ),
        pytest.param({"value": "-100"}, "value", "cannot be under 0", "write 0 or more", id="fewer than no vehicles"),
        # rounding
        pytest.param(TARGET | {"resolution": "100"}, "resolution", "a target is exact", "write 0", id="rough target"),
        pytest.param({"resolution": "0"}, "resolution", "only targets", "100 for 18418900", id="exact outcome"),
        pytest.param({"resolution": "1000"}, "value", "multiple of its resolution", "resolution 100,", id="too rough"),
        pytest.param(
            GROWTH | {"value": "2.55"}, "value", "multiple of its resolution", "resolution 0.01,", id="too fine a value"
        ),
        # ways of counting
        pytest.param({"basis": "place"}, "basis", "from 2025-01-01 only", "registration", id="basis before its time"),
        pytest.param(
            {"basis": "registration", "period": "2025"}, "basis", "to 2024-12-31 only", "place", id="basis after it"
        ),
        # sources
        pytest.param(
            {"recorded": "2025-03-07"}, "recorded", f"before source {SEED}", "2025-03-08 or later", id="read too early"
        ),
    ],
)
def test_an_issue_of_an_observation(
    sheets: Sheets, changes: dict[str, str], column: str, problem: str, remedy: str
) -> None:
    cells = GOOD | changes
    row = sheets.append(OBSERVATIONS, cells)
    issue = only(check(sheets.folder))
    assert place(issue) == (OBSERVATIONS, row, column, cells[column])
    assert problem in issue.problem
    assert remedy in issue.remedy


def test_a_resolution_of_nought_fits_a_price(sheets: Sheets) -> None:
    header, *rows = sheets.read(OBSERVATIONS)
    unit, kind = header.index("unit"), header.index("kind")
    row = next(n for n, r in enumerate(rows, start=2) if r[unit] == "yuan" and r[kind] == "stated")
    sheets.edit(OBSERVATIONS, row, "resolution", "0")
    assert check(sheets.folder) == []


@pytest.mark.parametrize(
    ("file", "key", "column", "value", "problem", "remedy"),
    [
        pytest.param(
            "indicators.csv", "nev_penetration", "theme", "markets", "no theme", "write market", id="theme of none"
        ),
        pytest.param(
            "indicators.csv", "nev_penetration", "definition", "A share", "full stop", "end it", id="definition"
        ),
        pytest.param(
            "indicators.csv", "nev_penetration", "definition_zh", "占比", "full stop", "end it with 。", id="in Chinese"
        ),
        pytest.param("indicators.csv", "nev_penetration", "name_zh", "", "empty", "Name in Chinese", id="no name_zh"),
        pytest.param("indicators.csv", "nev_penetration", "name_zh", " ", "empty", "Name in Chinese", id="blanks"),
        pytest.param("entities.csv", "liangjiang", "parent", "chongqin", "no such", "chongqing", id="parent of none"),
        pytest.param(
            "entities.csv",
            "CHN",
            "parent",
            "liangjiang",
            "CHN in liangjiang in chongqing in CHN",
            "empty",
            id="parents in a circle",
        ),
        pytest.param("entities.csv", "CHN", "parent", "CHN", "CHN in CHN", "empty", id="its own parent"),
        pytest.param("bases.csv", "conventional", "to", "late", "no day", "as in 2026-11-22", id="basis, no day"),
        pytest.param("bases.csv", "conventional", "to", "2022.12.31", "no day", "write 2022-12-31", id="basis, dots"),
        pytest.param("bases.csv", "conventional", "from", "2022-1-1", "no day", "2022-01-01", id="basis, short day"),
        pytest.param("sources.csv", SEED, "url", "ftp://a.cn/b", "no url", "http", id="address of another kind"),
        pytest.param("sources.csv", SEED, "url", "https:///b", "no web address", "http", id="address without host"),
        pytest.param("sources.csv", SEED, "url", "http://[a", "no web address", "http", id="address torn"),
        pytest.param("sources.csv", SEED, "tier", "offical", "no tier", "write official", id="tier of none"),
        pytest.param("sources.csv", SEED, "language", "eng", "no language", "two letters", id="language"),
        pytest.param("sources.csv", SEED, "published", "March", "no published", "2024-12", id="published, words"),
        pytest.param("sources.csv", SEED, "published", "2025-13", "01 to 12", "2025", id="published in month 13"),
    ],
)
def test_an_issue_of_another_table(
    sheets: Sheets, file: str, key: str, column: str, value: str, problem: str, remedy: str
) -> None:
    row = sheets.row_of(file, key)
    sheets.edit(file, row, column, value)
    issue = only(check(sheets.folder))
    assert place(issue) == (file, row, column, value)
    assert problem in issue.problem
    assert remedy in issue.remedy


def test_a_basis_that_ends_before_it_begins(sheets: Sheets) -> None:
    row = sheets.row_of("bases.csv", "conventional")
    sheets.edit("bases.csv", row, "from", "2023-01-01")
    issue = only(check(sheets.folder))
    assert place(issue) == ("bases.csv", row, "to", "2022-12-31")
    assert "2023-01-01" in issue.problem
    assert "the other way round" in issue.remedy


def test_an_id_that_stands_twice(sheets: Sheets) -> None:
    taken = sheets.cell(OBSERVATIONS, 2, "id")
    row = sheets.append(OBSERVATIONS, GOOD | {"id": taken})
    issue = only(check(sheets.folder))
    assert place(issue) == (OBSERVATIONS, row, "id", taken)
    assert "row 2 too" in str(issue)
    assert "another id" in issue.remedy


def test_a_key_of_two_columns_that_stands_twice(sheets: Sheets) -> None:
    cells = {"id": "caam", "indicator": "vehicle_production", "name": "CAAM", "definition": "Again."}
    first = next(n for n, r in enumerate(sheets.read("bases.csv"), start=1) if r[:2] == ["caam", "vehicle_production"])
    row = sheets.append("bases.csv", cells)
    issue = only(check(sheets.folder))
    assert place(issue) == ("bases.csv", row, "id", "caam")
    assert f"row {first} too, with the same indicator" in str(issue)
    assert "remove one" in issue.remedy


@pytest.mark.parametrize(
    ("value", "period", "problem", "remedy"),
    [
        ("18418900", "2011", "says what row {row} (chn.test) says", "remove one of the two"),
        ("18418900", "2011-01/2011-12", "says what row {row} (chn.test) says", "remove one of the two"),
        ("18400000", "2011", "row {row} (chn.test), there 18418900, here 18400000", "keep what the source states"),
    ],
)
def test_one_source_says_one_thing_once(sheets: Sheets, value: str, period: str, problem: str, remedy: str) -> None:
    first = sheets.append(OBSERVATIONS, GOOD)
    row = sheets.append(OBSERVATIONS, GOOD | {"id": "chn.again", "value": value, "period": period})
    issue = only(check(sheets.folder))
    assert place(issue) == (OBSERVATIONS, row, "id", "chn.again")
    assert problem.format(row=first) in str(issue)
    assert issue.others == ((OBSERVATIONS, first),)
    assert remedy in issue.remedy


def test_a_revision_that_revises_nothing(sheets: Sheets) -> None:
    first = sheets.append(OBSERVATIONS, GOOD)
    row = sheets.append(OBSERVATIONS, GOOD | {"id": "chn.later", "recorded": "2026-11-23"})
    issue = only(check(sheets.folder))
    assert place(issue) == (OBSERVATIONS, row, "value", "18418900")
    assert f"row {first} (chn.test), recorded 2026-11-22" in str(issue)
    assert "remove this row" in issue.remedy


@pytest.mark.parametrize("changes", [{"value": "18418800"}, {"resolution": "10"}, {"qualifier": "~"}])
def test_a_revision_is_no_issue(sheets: Sheets, changes: dict[str, str]) -> None:
    sheets.append(OBSERVATIONS, GOOD)
    sheets.append(OBSERVATIONS, GOOD | {"id": "chn.later", "recorded": "2026-11-23"} | changes)
    # and back again, a day later
    sheets.append(OBSERVATIONS, GOOD | {"id": "chn.back", "recorded": "2026-11-24"})
    assert check(sheets.folder) == []


def test_a_growth_whose_indicator_has_no_level(sheets: Sheets) -> None:
    new = sheets.read("indicators.csv")
    sheets.append("indicators.csv", dict(zip(new[0], new[1], strict=True)) | {"id": "horses"})
    sheets.append("bases.csv", {"id": "herd", "indicator": "horses", "name": "Herd", "definition": "All."})
    row = sheets.append(OBSERVATIONS, GOOD | GROWTH | {"indicator": "horses", "basis": "herd"})
    issue = only(check(sheets.folder))
    assert place(issue) == (OBSERVATIONS, row, "indicator", "horses")
    assert "yoy_growth but no level" in issue.problem
    assert "add a level of horses" in issue.remedy


def test_a_source_and_a_basis_that_no_row_uses(sheets: Sheets) -> None:
    basis = {"id": "herd", "indicator": "vehicle_production", "name": "Herd", "definition": "All."}
    source = dict(zip(*sheets.read("sources.csv")[:2], strict=True)) | {"id": "idle"}
    rows = sheets.append("bases.csv", basis), sheets.append("sources.csv", source)
    issues = check(sheets.folder)
    assert [place(f) for f in issues] == [("bases.csv", rows[0], "id", "herd"), ("sources.csv", rows[1], "id", "idle")]
    assert issues[0].problem == "no row of vehicle_production uses it"
    assert issues[1].problem == "no row uses it"
    assert all("remove it" in f.remedy for f in issues)


def test_a_source_that_another_table_uses_is_used(sheets: Sheets) -> None:
    source = dict(zip(*sheets.read("sources.csv")[:2], strict=True)) | {"id": "idle"}
    sheets.append("sources.csv", source)
    spoil_package(
        sheets.folder,
        lambda package: package["resources"].append(
            {
                "name": "findings",
                "type": "table",
                "path": "findings.csv",
                "schema": {
                    "fields": [{"name": "source", "type": "string"}],
                    "foreignKeys": [{"fields": "source", "reference": {"resource": "sources", "fields": "id"}}],
                },
            }
        ),
    )
    (sheets.folder / "findings.csv").write_text("source\nidle\n", encoding="utf-8")
    assert check(sheets.folder) == []
    (sheets.folder / "findings.csv").write_text("source\nidel\n", encoding="utf-8")
    issue = only(check(sheets.folder))
    assert place(issue) == ("findings.csv", 2, "source", "idel")
    assert "write idle" in issue.remedy


def resource(package: dict, name: str) -> dict:
    return next(one for one in package["resources"] if one["name"] == name)


def spoil_package(folder: Path, change: Callable[[dict], object]) -> None:
    path = folder / "datapackage.json"
    package = json.loads(path.read_text(encoding="utf-8"))
    change(package)
    path.write_text(json.dumps(package), encoding="utf-8")


def spoil_text(file: str, change: Callable[[str], str], encoding: str = "utf-8") -> Callable[[Path], object]:
    return lambda folder: (folder / file).write_bytes(
        change((folder / file).read_bytes().decode("utf-8")).encode(encoding)
    )


def spoil_line(file: str, row: int, change: Callable[[str], str]) -> Callable[[Path], object]:
    def spoil(text: str) -> str:
        lines = text.split("\n")
        lines[row - 1] = change(lines[row - 1])
        return "\n".join(lines)

    return spoil_text(file, spoil)


@pytest.mark.parametrize(
    ("spoil", "file", "row", "column", "value", "problem", "remedy"),
    [
        pytest.param(
            spoil_line("entities.csv", 3, lambda line: line + ",,"),
            *("entities.csv", 3, None, None, "7 cells where the header has 5", "double quotes"),
            id="long row",
        ),
        pytest.param(
            spoil_line("entities.csv", 3, lambda line: line.rsplit(",", 2)[0]),
            *("entities.csv", 3, None, None, "3 cells where the header has 5", "fill it up"),
            id="short row",
        ),
        pytest.param(
            spoil_line("entities.csv", 3, lambda line: "\n" + line),
            *("entities.csv", 3, None, None, "the row is empty", "remove it"),
            id="empty line",
        ),
        pytest.param(
            spoil_line("entities.csv", 3, lambda line: ",,,,\n" + line),
            *("entities.csv", 3, None, None, "the row is empty", "remove it"),
            id="empty cells",
        ),
        pytest.param(
            spoil_line("sources.csv", 1, lambda line: line.replace("title", "Title")),
            *("sources.csv", 1, "title", "Title", "header", "write id,title,publisher"),
            id="header misspelt",
        ),
        pytest.param(
            spoil_line("sources.csv", 1, lambda line: line + ",more"),
            *("sources.csv", 1, None, "more", "header", "write id,title,publisher"),
            id="header too long",
        ),
        pytest.param(
            spoil_text("sources.csv", lambda text: ""),
            *("sources.csv", 1, "id", None, "header", "write id,title,publisher"),
            id="empty file",
        ),
        pytest.param(
            spoil_text("sources.csv", lambda text: "id\n重庆\n", "gb18030"),
            *("sources.csv", 2, None, None, "not UTF-8 (byte 0xd6)", "save the file as UTF-8"),
            id="not UTF-8",
        ),
        pytest.param(
            lambda folder: (folder / "sources.csv").unlink(),
            *("sources.csv", None, None, None, "missing", "put the file there"),
            id="no file",
        ),
        pytest.param(
            lambda folder: (folder / "datapackage.json").write_text("{"),
            *("datapackage.json", None, None, None, "no JSON", "mend the file"),
            id="package is no JSON",
        ),
        pytest.param(
            lambda folder: (folder / "datapackage.json").write_text("[]"),
            *("datapackage.json", None, None, None, "no JSON object", "begin it with {"),
            id="package is a list",
        ),
        pytest.param(
            lambda folder: spoil_package(folder, lambda p: p["resources"][0].update(path="../indicators.csv")),
            *(
                "datapackage.json",
                None,
                "path",
                "../indicators.csv",
                'path "../indicators.csv"',
                "inside",
            ),
            id="path that leads out",
        ),
        pytest.param(
            lambda folder: spoil_package(
                folder,
                lambda p: [
                    p["resources"].remove(resource(p, n)) for n in ("observations", "corrections", "acceptances")
                ],
            ),
            *("datapackage.json", None, "resources", None, "no table observations", "declare it"),
            id="table not declared",
        ),
        pytest.param(
            lambda folder: spoil_package(
                folder, lambda p: p["resources"][0]["schema"]["fields"][0]["constraints"].update(pattern="(")
            ),
            *("datapackage.json", None, "pattern", "(", "the pattern of id in indicators", "mend it"),
            id="pattern that is none",
        ),
        pytest.param(
            lambda folder: spoil_package(
                folder, lambda p: p["resources"][2]["schema"]["foreignKeys"][0]["reference"].update(fields="no")
            ),
            *("datapackage.json", None, "foreignKeys", "indicators (no)", "a key of bases", "indicators"),
            id="key that leads nowhere",
        ),
    ],
)
def test_an_issue_of_a_file(
    data_copy: Path,
    spoil: Callable[[Path], object],
    file: str,
    row: int | None,
    column: str | None,
    value: str | None,
    problem: str,
    remedy: str,
) -> None:
    spoil(data_copy)
    issue = only(check(data_copy))
    assert place(issue) == (file, row, column, value)
    assert problem in issue.problem
    assert remedy in issue.remedy


def test_columns_that_nevbook_cannot_read(data_copy: Path) -> None:
    def add(package: dict) -> None:
        package["resources"][2]["schema"]["fields"].append({"name": "more", "type": "string"})

    spoil_package(data_copy, add)
    package, table = check(data_copy)
    assert place(package)[:3] == ("datapackage.json", None, "fields")
    assert "declare id,indicator,name,definition,from,to" in package.remedy
    assert place(table) == ("bases.csv", 1, "more", None)


def test_a_byte_order_mark_is_no_issue(data_copy: Path) -> None:
    for file in data_copy.glob("*.csv"):
        file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes())
    assert check(data_copy) == []


def test_the_delimiter_is_not_guessed(sheets: Sheets) -> None:
    # for Python's sniffer, apostrophes between semicolons outweigh every comma
    rows = sheets.read("sources.csv")
    sheets.write("sources.csv", [rows[0], *([r[0], "so;'called';", *r[2:]] for r in rows[1:])])
    assert check(sheets.folder) == []


def test_an_unknown_indicator_is_told_of_once_though_two_keys_fail(sheets: Sheets) -> None:
    # also where the key of both columns comes first
    spoil_package(sheets.folder, lambda package: resource(package, "observations")["schema"]["foreignKeys"].reverse())
    row = sheets.append(OBSERVATIONS, GOOD | {"indicator": "horses"})
    assert place(only(check(sheets.folder))) == (OBSERVATIONS, row, "indicator", "horses")


def test_a_package_without_tables(data_copy: Path) -> None:
    spoil_package(data_copy, lambda package: package["resources"].clear())
    issues = check(data_copy)
    names = ["indicators", "entities", "sources", "bases", "observations"]
    assert [f.problem for f in issues] == [f"declares no table {name}" for name in names]


def test_a_source_that_only_a_torn_row_uses_is_used(sheets: Sheets) -> None:
    sheets.append("sources.csv", dict(zip(*sheets.read("sources.csv")[:2], strict=True)) | {"id": "idle"})
    row = sheets.append(OBSERVATIONS, GOOD | {"source": "idle"})
    spoil_line(OBSERVATIONS, row, lambda line: line + ",")(sheets.folder)
    assert place(only(check(sheets.folder))) == (OBSERVATIONS, row, None, None)


def test_a_lost_quote_is_told_of_where_it_was_lost(data_copy: Path) -> None:
    file = data_copy / "sources.csv"
    lines = file.read_text(encoding="utf-8").split("\n")
    row = next(n for n, line in enumerate(lines) if ',"' in lines[n + 1] and n > 1)
    lines.insert(row, 'lost,"no end,press,2024,,en,press,none')
    file.write_text("\n".join(lines), encoding="utf-8")
    issues = check(data_copy)
    assert {f.file for f in issues} == {"sources.csv"}
    assert issues[0].row == row + 1


def test_all_issues_at_once_in_the_order_of_files_and_rows(sheets: Sheets) -> None:
    bad = [
        GOOD | {"id": "a", "value": "many", "unit": "count"},
        GOOD | {"id": "b", "entity": "nobody", "period": "2010"},
        GOOD | {"id": "c", "resolution": "1000", "basis": "place", "period": "2009"},
    ]
    first, second, third = (sheets.append(OBSERVATIONS, cells) for cells in bad)
    region = sheets.row_of("entities.csv", "liangjiang")
    sheets.edit("entities.csv", region, "kind", "district")
    sheets.edit("sources.csv", 2, "url", "www")
    assert [place(f)[:3] for f in check(sheets.folder)] == [
        ("entities.csv", region, "kind"),
        ("sources.csv", 2, "url"),
        (OBSERVATIONS, first, "value"),
        (OBSERVATIONS, first, "unit"),
        (OBSERVATIONS, second, "entity"),
        (OBSERVATIONS, third, "value"),
        (OBSERVATIONS, third, "basis"),
    ]


def test_no_issue_is_left_out_however_many(sheets: Sheets) -> None:
    rows = sheets.read(OBSERVATIONS)
    column, period = rows[0].index("qualifier"), rows[0].index("period")
    rows += [[f"{cells[0]}.{n}", *cells[1:]] for n in range(6) for cells in rows[1:]]
    for cells in rows[1:]:
        cells[column] = "?"
        cells[period] = "?"  # so that no row repeats another
    sheets.write(OBSERVATIONS, rows)
    issues = check(sheets.folder)
    assert len(rows) > 1001  # where frictionless would stop
    assert [f.row for f in issues if f.column == "qualifier"] == list(range(2, len(rows) + 1))


def test_cells_of_any_kind_raise_nothing(sheets: Sheets) -> None:
    nasty = ["", " ", "0", "-1e99", "9" * 40, "1e-99", "nan", "/", "2024-00", "0000", "٣", "\n", "\0", "x" * 999]
    spoiled: list[tuple[str, int]] = []
    for file in ("indicators.csv", "entities.csv", "bases.csv", "sources.csv", OBSERVATIONS):
        rows = sheets.read(file)
        model = rows[1]
        for column in range(len(model)):
            for cell in nasty:
                rows.append([*model[:column], cell, *model[column + 1 :]])
                if column > (file == "bases.csv"):  # a row with another key may be well
                    spoiled.append((file, len(rows)))
        sheets.write(file, rows)
    issues = check(sheets.folder)
    assert all("\n" not in str(f) for f in issues)
    # each of these at least repeats a key
    assert set(spoiled) <= {(f.file, f.row) for f in issues}


@pytest.mark.parametrize(
    "changes",
    [{"value": "many"}, {"period": "2011-13"}, {"recorded": "2026-1-5"}, {"entity": "nobody"}, {"basis": "none"}],
)
def test_what_cannot_be_loaded_is_told_of(sheets: Sheets, changes: dict[str, str]) -> None:
    row = sheets.append(OBSERVATIONS, GOOD | changes)
    with pytest.raises(DataError):
        load(sheets.folder)
    assert {f.row for f in check(sheets.folder)} == {row}


def test_an_issue_is_one_line() -> None:
    issue = Issue("a.csv", 12, "unit", "yu\nan", "is no\nunit", "write yuan")
    assert str(issue) == "a.csv, row 12, unit: 'yu\\nan' — is no unit; write yuan"
    assert str(Issue("a.csv", None, None, None, "missing", "put it there")) == "a.csv — missing; put it there"
    long = Issue("a.csv", 2, "note", "word " * 99 + "end", "too long", "cut it")
    assert len(str(long)) < 130
    assert "end'" in str(long)


def test_a_folder_without_a_package(tmp_path: Path) -> None:
    with pytest.raises(ChoiceError, match=r"datapackage\.json"):
        check(tmp_path)


def test_the_command_says_no_issue(data_copy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--data", str(data_copy)]) == 0
    assert capsys.readouterr().out == "no issue\n"


def test_the_command_prints_a_line_for_each_issue(sheets: Sheets, capsys: pytest.CaptureFixture[str]) -> None:
    sheets.append(OBSERVATIONS, GOOD | {"unit": "count"})
    row = sheets.append(OBSERVATIONS, GOOD | {"id": "b", "period": "2010", "source": "nowhere", "value": "many"})
    assert main(["check", "--data", str(sheets.folder)]) == 1
    said = capsys.readouterr()
    assert said.out.splitlines() == [str(issue) for issue in check(sheets.folder)]
    assert len(said.out.splitlines()) == 3
    assert f"{OBSERVATIONS}, row {row}, value: 'many' — is no number; " in said.out
    assert said.err == "3 issues\n"


def test_the_command_from_another_folder_ends_with_its_code(sheets: Sheets, tmp_path: Path) -> None:
    def run() -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "nevbook.cli", "check", "--data", "data"]
        return subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, encoding="utf-8", check=False)

    assert run().returncode == 0
    sheets.edit("sources.csv", 2, "tier", "offical")
    done = run()
    assert done.returncode == 1
    assert done.stdout == "sources.csv, row 2, tier: 'offical' — is no tier known here; write official\n"
