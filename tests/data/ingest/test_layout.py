"""Tables as statistics offices lay them out: titles above, notes below, periods and measures as columns."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from nevbook.common.errors import DataError
from nevbook.data.ingest.columns import Package
from nevbook.data.ingest.grids import Sheet
from nevbook.data.ingest.layout import table
from nevbook.data.ingest.readers import read
from tests.conftest import DATA


@pytest.fixture(scope="module")
def package() -> Package:
    return Package(DATA)


def laid_out(package: Package, path: Path, text: str, encoding: str = "utf-8") -> tuple[str, Sheet]:
    path.write_bytes(text.encode(encoding))
    (grid,) = read(path, vocabulary=package.vocabulary())
    return table(package, grid)


def figures(sheet: Sheet) -> list[tuple[str, ...]]:
    """Indicator, entity, period, measure, value, unit, locator of each row."""
    return [tuple(line.cells) for line in sheet.rows]


V, N, CQ = "vehicle_production", "nev_production", "chongqing"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param(
            "指标：汽车产量(万辆)\n地区,2023年,2022年\n重庆市,231.79,209.21\n海南省,,\n四川省,97.84,—\n注：调整。\n",
            [(V, CQ, "2023", "level", "231.79", "万辆", "B3"), (V, CQ, "2022", "level", "209.21", "万辆", "C3"),
             (V, "sichuan", "2023", "level", "97.84", "万辆", "B5")],
            id="years as columns",
        ),
        pytest.param(
            "数据库：分省月度数据\n地区：重庆市\n时间：最近3个月\n指标,2025年3月,2025年2月\n汽车产量_当期值(万辆),20.0,\n"
            "汽车产量_累计值(万辆),49.1,30.2\n汽车产量_同比增长(%),-8.0,\n汽车产量_累计增长(%),-10.2,-12.1\n",
            [(V, CQ, "2025-03", "level", "20.0", "万辆", "B5"),
             (V, CQ, "2025-01/2025-03", "level", "49.1", "万辆", "B6"),
             (V, CQ, "2025-01/2025-02", "level", "30.2", "万辆", "C6"),
             (V, CQ, "2025-03", "yoy_growth", "-8.0", "%", "B7"),
             (V, CQ, "2025-01/2025-03", "yoy_growth", "-10.2", "%", "B8"),
             (V, CQ, "2025-01/2025-02", "yoy_growth", "-12.1", "%", "C8")],
            id="months as columns, measures in the stub",
        ),
        pytest.param(
            "2025年1-11月\n地区,汽车产量(万辆),新能源汽车产量(万辆)\n重庆市,250.1,115.2\n",
            [(V, CQ, "2025-01/2025-11", "level", "250.1", "万辆", "B3"),
             (N, CQ, "2025-01/2025-11", "level", "115.2", "万辆", "C3")],
            id="indicators as columns, the period in the title",
        ),
        pytest.param(
            "地区：重庆市\n单位：万辆\n时间,汽车产量,新能源汽车产量\n2024,254,95.32\n2023,232,50\n",
            [(V, CQ, "2024", "level", "254", "万辆", "B4"), (N, CQ, "2024", "level", "95.32", "万辆", "C4"),
             (V, CQ, "2023", "level", "232", "万辆", "B5"), (N, CQ, "2023", "level", "50", "万辆", "C5")],
            id="years as rows",
        ),
        pytest.param(
            "指标：汽车产量(万辆)\n地区,2023,2022\nChongqing,231.79,209.21\n",
            [(V, CQ, "2023", "level", "231.79", "万辆", "B3"), (V, CQ, "2022", "level", "209.21", "万辆", "C3")],
            id="bare years",
        ),
        pytest.param(
            "指标：汽车产量(万辆)\n地区,2025年3月,,2025年2月,\n,累计值,累计增长(%),累计值,累计增长(%)\n重庆市,49.1,-10.2%,30.2,-12.1\n",
            [(V, CQ, "2025-01/2025-03", "level", "49.1", "万辆", "B4"),
             (V, CQ, "2025-01/2025-03", "yoy_growth", "-10.2%", "", "C4"),
             (V, CQ, "2025-01/2025-02", "level", "30.2", "万辆", "D4"),
             (V, CQ, "2025-01/2025-02", "yoy_growth", "-12.1", "%", "E4")],
            id="two rows of heads",
        ),
        pytest.param(
            "时间：2025年\n地区：重庆市\n指标,1-11月,上半年,11月\n汽车产量(万辆),250.1,121.4,27\n",
            [(V, CQ, "2025-01/2025-11", "level", "250.1", "万辆", "B4"),
             (V, CQ, "2025-01/2025-06", "level", "121.4", "万辆", "C4"),
             (V, CQ, "2025-11", "level", "27", "万辆", "D4")],
            id="months without their year",
        ),
        pytest.param(
            "指标,地区,单位,2024年,2023年\n汽车产量,重庆市,万辆,254,232\n",
            [(V, CQ, "2024", "level", "254", "万辆", "D2"), (V, CQ, "2023", "level", "232", "万辆", "E2")],
            id="three columns of stubs",
        ),
        pytest.param(
            "汽车产量,,单位：万辆\n地  区,2024,2025\n全  国,2011.5,2025.1\n重  庆,254.0,278.8\n",
            [(V, "CHN", "2024", "level", "2011.5", "万辆", "B3"), (V, "CHN", "2025", "level", "2025.1", "万辆", "C3"),
             (V, CQ, "2024", "level", "254.0", "万辆", "B4"), (V, CQ, "2025", "level", "278.8", "万辆", "C4")],
            id="figures that may be years, names set wide, a title of two cells",
        ),
        pytest.param(
            "单位：万辆\n地区,汽车产量,,新能源汽车产量,\n,2025年,同比%,2025年,比上年增减%\n重庆市,278.8,9.7,130.0,25.1\n",
            [(V, CQ, "2025", "level", "278.8", "万辆", "B4"), (V, CQ, "2025", "yoy_growth", "9.7", "%", "C4"),
             (N, CQ, "2025", "level", "130.0", "万辆", "D4"), (N, CQ, "2025", "yoy_growth", "25.1", "%", "E4")],
            id="a growth beside its year",
        ),
        pytest.param(
            "年份：2025年\n地区,1-2月,同比增长(%)\n汽车产量(万辆),,\n重庆市,35.1,1.5\n新能源汽车产量(万辆),,\n重庆市,13.0,n/a\n",
            [(V, CQ, "2025-01/2025-02", "level", "35.1", "万辆", "B4"),
             (V, CQ, "2025-01/2025-02", "yoy_growth", "1.5", "%", "C4"),
             (N, CQ, "2025-01/2025-02", "level", "13.0", "万辆", "B6")],
            id="sections",
        ),
        pytest.param(
            "地区：重庆\n指标,2025年11月,1-11月,累计同比增长(%)\n汽车产量（万辆）,28.1,240.3,5.2\n",
            [(V, CQ, "2025-11", "level", "28.1", "万辆", "B3"),
             (V, CQ, "2025-01/2025-11", "level", "240.3", "万辆", "C3"),
             (V, CQ, "2025-01/2025-11", "yoy_growth", "5.2", "%", "D3")],
            id="months beside the month",
        ),
        pytest.param(
            "汽车产量（万辆）,2025年,2025年同期计划,去年同期\n重庆,278.8,300,254\n",
            [(V, CQ, "2025", "level", "278.8", "万辆", "B2")], id="the indicator in the corner, columns not known",
        ),
        pytest.param(
            "2025年1-11月重庆市汽车产量(单位：万辆)\n月份,产量\n", None, id="nothing of it known"
        ),
    ],
)  # fmt: skip
@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_a_wide_table_becomes_a_row_a_figure(
    package: Package, tmp_path: Path, text: str, said: list | None, encoding: str
) -> None:
    name, sheet = laid_out(package, tmp_path / "a.csv", text, encoding)
    if said is None:
        assert name == ""
    else:
        assert (name, figures(sheet), sheet.issues) == ("observations", said, [])


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("指标：汽车产量(万辆)\n地区,项目,2025年\n重庆,新能源汽车产量,130\n重庆,其中：插电,30\n", "其中：插电"),
        ("地区：重庆市\n指标,单位,2025年\n汽车产量,万辆,278\n其中：乘用车,万辆,100\n", "其中：乘用车"),
        ("Region,Unit,2025\nChongqing,%,3\nAtlantis,%,4\n", "Atlantis"),
    ],
)
def test_a_figure_of_what_is_not_known_is_refused(package: Package, tmp_path: Path, text: str, value: str) -> None:
    _, sheet = laid_out(package, tmp_path / "a.csv", "单位：万辆\n指标：汽车产量\n" * value.isascii() + text)
    assert [(issue.value, issue.problem) for issue in sheet.issues] == [(value, "is no name known here")]
    assert len(sheet.rows) == 1


def test_a_section_that_is_not_known_ends_the_one_above(package: Package, tmp_path: Path) -> None:
    text = "地区,2025年\n汽车产量（万辆）,\n重庆,278.8\n出口量（辆）,\n重庆,614000\n"
    _, sheet = laid_out(package, tmp_path / "a.csv", text)
    assert [line.cells[0] for line in sheet.rows] == [V, "出口量（辆）"]


def test_what_is_not_read_is_said(package: Package, tmp_path: Path) -> None:
    text = "数据库：分省\n指标：汽车产量(万辆)\n地区,2023年,客车产量(万辆)\n重庆市,231.79①,3.3\n火星市,1,\n合计,9,9\n"
    text += "注：一\n来源：局\n"
    _, sheet = laid_out(package, tmp_path / "a.csv", text)
    assert sheet.remarks[0] == "a.csv, row 1: not read: '数据库：分省'."
    assert sheet.remarks[1] == "a.csv, row 2: read as unit 万辆, indicator vehicle_production."
    assert "a.csv, column C: not read: '客车产量(万辆)'" in "\n".join(sheet.remarks)
    assert [r for r in sheet.remarks if "row 7" in r or "row 8" in r or "row 6" in r] == [
        "a.csv, row 6: not read: '合计 9'.", "a.csv, row 7: not read: '注：一'.", "a.csv, row 8: not read: '来源：局'."
    ]  # fmt: skip
    (issue,) = sheet.issues
    assert (issue.row, issue.column, issue.value, issue.problem) == (5, "地区", "火星市", "is no name known here")
    assert "entities.csv" in issue.remedy


def test_what_is_said_nowhere_is_asked_for(package: Package, tmp_path: Path) -> None:
    with pytest.raises(DataError, match="of which indicator its figures are; add a line 指标：汽车产量"):
        laid_out(package, tmp_path / "a.csv", "地区,2023年\n重庆市,231.79\n")
    with pytest.raises(DataError, match="add a line 地区：重庆市 above"):
        laid_out(package, tmp_path / "a.csv", "指标,2023年\n汽车产量(万辆),231.79\n")


def test_a_header_is_found_below_titles_and_above_notes(package: Package, tmp_path: Path) -> None:
    text = "重庆市\n2025年汽车\nindicator,entity,period,value,unit\nnev_production,chongqing,2025,1,辆\n注：1.口径\n"
    name, sheet = laid_out(package, tmp_path / "a.csv", text)
    assert (name, sheet.head_row, [line.number for line in sheet.rows]) == ("observations", 3, [4])
    assert [r.split(": ", 1)[1] for r in sheet.remarks] == [
        "not read: '重庆市'.", "not read: '2025年汽车'.", "not read: '注：1.口径'."
    ]  # fmt: skip


def test_rows_of_another_length(package: Package, tmp_path: Path) -> None:
    head = "id,title,publisher\n"
    _, sheet = laid_out(package, tmp_path / "a.csv", f"{head}1\n1,2,3,4\n1,2,3,,\n")
    assert [(f.row, f.problem) for f in sheet.issues] == [
        (2, "1 cells where the header has 3"), (3, "4 cells where the header has 3")
    ]  # fmt: skip
    assert [line.cells for line in sheet.rows] == [["1", "2", "3"]]


def test_a_sheet_names_the_cell_as_the_locator(package: Package, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.title = "分省"
    for row in (["汽车产量(万辆)", None, None], ["地区", "2023年", "2022年"], ["重庆市", 231.79, None]):
        book.active.append(row)
    book.active.merge_cells("A1:C1")
    book.save(tmp_path / "a.xlsx")
    (grid,) = read(tmp_path / "a.xlsx")
    assert figures(table(package, grid)[1]) == [(V, CQ, "2023", "level", "231.79", "万辆", "分省!B3")]
