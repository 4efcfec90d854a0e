"""Models, prices, owners, milestones, places and open questions: checked, taken in and exported by their schema."""

from __future__ import annotations

import csv
import datetime as dt
import json
import shutil
import sqlite3
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from nevbook.data.dataset import load
from nevbook.data.ingest import template
from nevbook.data.ingest.add import add
from nevbook.data.ingest.columns import Package
from nevbook.data.issues import Issue
from nevbook.data.package import read_descriptor, read_table
from nevbook.data.validation.check import check
from nevbook.export.package import write_json, write_package
from nevbook.export.sqlite import write_sqlite
from tests.conftest import DATA, Sheets

TABLES = ("places", "models", "model_prices", "ownership", "milestones", "questions")
POISON = [  # file, key of the row, column, value, problem, remedy
    ("models", "aito_m5", "name", "Aito M55", "entities.csv has no such name for id 'aito_m5'", "write Aito M5"),
    ("models", "aito_m7", "name_zh", "问界7", "no such name_zh for id 'aito_m7'", "write 问界M7"),
    ("models", "aito_m8", "plant", "seres_liangjang", "places.csv has no such plant", "seres_liangjiang"),
    ("models", "avatr_06", "powertrain", "petrol", "is no powertrain", "set apart by"),
    ("models", "avatr_11", "launch", "2022-13", "is no period: months run", "2022 for the year"),
    ("models", "deepal_s07", "recorded", "2024-06-30", "lies before source", "2024-07-01 or later"),
    ("model_prices", "aito_m7.CHN.2022-07-04.first.h7-technode-2022-07-05-m7", "low", "cheap", "no number", "digits"),
    ("model_prices", "aito_m7.CHN.2023-09-12.revised.h7-menafn-2023-11-07", "high", "24", "is under low", "249800"),
    ("model_prices", "avatr_06.CHN.2025-04.all.h7-evmagz-avatr06", "date", "2025-02-30", "28 days", "2025-02-28"),
    ("model_prices", "avatr_12.CHN.2025.range_extender.pay1999-avatr12", "currency", "yuan", "no currency", "4217"),
    ("ownership", "changan.deepal.2025-11.h7-qunfa-deepal-holders", "owner", "changn", "has no such owner", "changan"),
    ("ownership", "catl.avatr.2021-11.h7-drive-61960955-avatr11", "share", "123.99", "over 100", "100 or less"),
    ("ownership", "nio.avatr.2021-11.h7-drive-61960955-avatr11", "qualifier", "", "beside share 1.13", "leave share"),
    ("milestones", "2021-05.avatr.firms", "date", "2027-05", "had not come", "a date up to 2026-11-25"),
    ("milestones", "2021-12-23.aito_m5.product", "theme", "produkt", "is no theme", "product"),
    ("milestones", "2022-08.avatr_11.product", "what_zh", "", "must not be empty", "write the what_zh"),
    ("places", "deepal_tha_s05", "models", "deepal_s05;deepal_s06", "models.csv has no deepal_s06", "deepal_s0"),
    ("places", "deepal_tha", "market", "THAI", "countries.csv has no such market", "write THA"),
    ("places", "avatr_tha", "kind", "shop", "is no kind", "plant, office or entry"),
    ("questions", "accounts_2025_seres", "indicator", "revenu", "indicators.csv has no such indicator", "revenue"),
    ("questions", "accounts_2025_avatr", "looked_in", "", "must not be empty", "write the looked_in"),
]  # fmt: skip
ROWS = {  # a row that a sheet brings: what has to be there, in English or in Chinese
    "places": {"id": "deepal_test", "name": "Deepal test", "name_zh": "深蓝测试", "kind": "市场进入", "entity": "深蓝",
               "market": "THA", "status": "计划", "models": "deepal_s07"},
    "models": {"id": "changan_mazda_ez6", "name": "Mazda EZ-6", "name_zh": "马自达EZ-6", "brand": "长安马自达",
               "maker": "长安马自达", "powertrain": "bev"},
    "model_prices": {"model": "问界M5", "market": "CHN", "date": "2025年4月", "version": "all", "version_zh": "全系",
                     "kind": "指导价", "low": "229,800", "currency": "CNY"},
    "ownership": {"owner": "长安汽车", "owned": "阿维塔", "from": "2026", "relation": "持股", "qualifier": "=",
                  "share": "40.9"},
    "milestones": {"date": "2025-04-29", "entity": "问界", "theme": "产品", "what": "A test", "what_zh": "测试"},
    "questions": {"id": "test", "question": "A test", "question_zh": "测试", "entity": "重庆", "looked_in": "nowhere",
                  "looked_in_zh": "无"},
    "entities": {"id": "changan_mazda_ez6", "name": "Mazda EZ-6", "name_zh": "马自达EZ-6", "kind": "车型",
                 "parent": "changan_mazda"},
}  # fmt: skip
PLANTS = ("seres_liangjiang", "changan_chongqing_avatr", "changan_nanjing")
SOURCED = {"source": "people-2025-05-17-thai", "locator": "paragraph 1"}


@pytest.fixture(scope="module")
def poisoned(little: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Sheets, list[Issue]]:
    """All issues of a package with a poisoned cell for each case, checked once."""
    folder = shutil.copytree(little, tmp_path_factory.mktemp("poisoned") / "data")
    sheets = Sheets(folder)
    for table, key, column, value, *_ in POISON:
        sheets.edit(f"{table}.csv", sheets.row_of(f"{table}.csv", key), column, value)
    return sheets, check(folder)


@pytest.mark.parametrize("case", POISON, ids=lambda case: f"{case[0]}-{case[2]}-{case[1]}")
def test_a_poisoned_row_is_named(poisoned: tuple[Sheets, list[Issue]], case: tuple[str, ...]) -> None:
    sheets, issues = poisoned
    table, key, column, value, problem, remedy = case
    told = [f for f in issues if (f.file, f.row) == (f"{table}.csv", sheets.row_of(f"{table}.csv", key))]
    assert [(f.column, f.value) for f in told] == [(column, value)], list(map(str, told))
    assert problem in told[0].problem and remedy in told[0].remedy, str(told[0])


def test_nothing_but_the_poisoned_rows_is_wrong(poisoned: tuple[Sheets, list[Issue]]) -> None:
    assert len(poisoned[1]) == len(POISON), "\n".join(map(str, poisoned[1]))


def test_a_sheet_of_each_table_is_taken_in(little_copy: Path, tmp_path: Path) -> None:
    book = Workbook()
    book.remove(book.active)
    fields = Package(little_copy).fields
    for table, cells in ROWS.items():
        sheet = book.create_sheet(table)
        row = cells | (SOURCED if "source" in fields(table) else {})
        sheet.append([fields(table)[name].get("name_zh", name) for name in row])
        sheet.append(list(row.values()))
    book.save(tmp_path / "new.xlsx")
    before = {t: read_table(little_copy, t) for t in ROWS}
    added = add(tmp_path / "new.xlsx", data_dir=little_copy, recorded=dt.date(2027, 1, 5))
    assert added.new == len(ROWS) and check(little_copy) == []
    new = {t: [r for r in read_table(little_copy, t) if r not in before[t]] for t in ROWS}
    assert all(len(rows) == 1 for rows in new.values())
    price, share, stone = (new[t][0] for t in ("model_prices", "ownership", "milestones"))
    assert (price["model"], price["low"], price["kind"], price["date"]) == ("aito_m5", "229800", "list", "2025-04")
    assert (share["owner"], share["owned"], share["relation"]) == ("changan", "avatr", "shareholder")
    assert (stone["id"], stone["recorded"]) == ("2025-04-29.aito.product", "2027-01-05")


def test_another_price_of_the_same_day_and_source_is_a_revision(little_copy: Path, tmp_path: Path) -> None:
    row = next(r for r in read_table(little_copy, "model_prices") if r["model"] == "aito_m8" and r["kind"] == "list")
    row = row | {"low": "355800", "recorded": "2027-01-05", "id": ""}
    with (tmp_path / "prices.csv").open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, list(row))
        writer.writeheader()
        writer.writerow(row)
    added = add(tmp_path / "prices.csv", data_dir=little_copy)
    assert (added.new, added.revised) == (0, 1)
    change = added.changes[0]
    assert (change.earlier["low"], change.cells["low"]) == ("359800", "355800") and change.cells[
        "id"
    ] != change.earlier["id"]


def test_a_template_has_a_sheet_for_each(tmp_path: Path) -> None:
    template.write(Package(DATA), tmp_path / "new.xlsx", TABLES)
    book = load_workbook(tmp_path / "new.xlsx")
    heads = {t: [c.value for c in book[t][1]] for t in TABLES}
    assert "low 最低价" in heads["model_prices"] and "what_zh 中文事件" in heads["milestones"]
    assert "id" not in heads["ownership"] and "id 编号" in heads["models"]


def test_json_and_database_hold_them(little: Path, tmp_path: Path) -> None:
    data = load(little)
    write_json(data, little, tmp_path)
    with sqlite3.connect(write_sqlite(data, little, tmp_path)) as base:
        counts = {t: base.execute(f'SELECT count(*) FROM "{t}"').fetchone()[0] for t in TABLES}
        dearest = base.execute("SELECT model FROM model_prices WHERE currency = 'CNY' ORDER BY high DESC").fetchone()
        assert base.execute("SELECT count(*) FROM vehicles JOIN models USING (id)").fetchone()[0] == 6
    assert dearest == ("aito_m9",)
    for table in TABLES:
        rows = json.loads((tmp_path / "json" / f"{table}.json").read_text(encoding="utf-8"))
        assert len(rows) == counts[table] == len(read_table(little, table)) > 0


def test_an_edition_of_an_earlier_day_knows_only_what_it_refers_to(tmp_path: Path) -> None:
    seen = load(DATA).vintage(2025, dt.date(2026, 11, 22))
    write_package(seen, DATA, tmp_path)
    kept = {t: [r["id"] for r in read_table(tmp_path, t)] for t in TABLES}
    # a profile of that day refers to its model, and the model to its plant
    assert set(kept["models"]) == {r["id"] for r in read_table(tmp_path, "vehicles")}
    assert kept["places"] == [r["id"] for r in read_table(DATA, "places") if r["id"] in PLANTS]
    assert not any(kept[t] for t in TABLES if t not in ("models", "places"))
    known = {r["id"] for r in read_table(tmp_path, "entities")}
    assert not {"catl", "avatr_06", "MEX"} & known and known >= set(kept["models"])
    assert "avatr_12" not in {e.id for e in seen.members("chongqing")}
    write_sqlite(seen, DATA, tmp_path)  # refuses a key that leads nowhere
    assert {r["name"] for r in read_descriptor(tmp_path)["resources"]} >= set(TABLES)


def test_whatever_is_told_in_english_is_told_in_chinese() -> None:
    for table, column in (("indicators", "definition"), ("attributes", "definition"), ("events", "title")):
        for row in read_table(DATA, table):
            assert any("\u4e00" <= c <= "\u9fff" for c in row[f"{column}_zh"]), (table, row["id"])
