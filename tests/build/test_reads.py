"""A chapter is executed again when a table that it read has changed, and only then."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from nevbook.build.execute import Job, execute
from nevbook.build.plan import Plan, plan
from nevbook.common import config
from nevbook.data.dataset import load
from nevbook.data.markets.dataset import TABLES as MARKETS
from nevbook.data.package import read_descriptor
from tests.build.test_execute import notebook
from tests.conftest import DATA, ROOT, Sheets

TABLES = [resource["name"] for resource in read_descriptor(DATA)["resources"]]
MAIN = {"indicators", "entities", "bases", "sources", "observations", "claims", "corrections", "acceptances"}
PARAMETERS = "year = 2025\nregion = 'chongqing'\ndata_dir = None"
OPEN = "from nevbook.report.book import open_edition\nview, book = open_edition(year, region, data_dir)"
CHAPTERS = {  # what each reads, and how
    "plain": ("view.level('nev_production')", MAIN),
    "abroad": ("from nevbook.report.markets import MarketChapter\nMarketChapter(view, data_dir).wheel('AUS')",
               MAIN | set(MARKETS)),
    "terms": ("from nevbook.report.reference_tables import glossary\nglossary(view.data)", MAIN | {"glossary"}),
}  # fmt: skip


def made(root: Path, data: Path, *names: str) -> Path:
    """Make a book of some chapters around a copy of some data."""
    shutil.copytree(data, root / "data")
    (root / config.CONFIG).write_text("nevbook: {editions: [{year: 2025, as_of: 2027-01-01}]}\n", encoding="utf-8")
    listed = "".join(f"- file: chapters/{name}\n" for name in names[1:])
    text = f"format: jb-book\nroot: chapters/{names[0]}\nchapters:\n{listed}"
    (root / config.TOC).write_text(text, encoding="utf-8")
    return root


def planned(root: Path) -> Plan:
    return plan(root, config.editions(root)[0], root / "data", load(root / "data"), "", "")


def stale(root: Path) -> set[str]:
    due = planned(root)
    return {c.stem for c in due.chapters if due.stale(c, root)}


def run(root: Path) -> dict[str, Path]:
    """Execute the chapters that are due; returns where each stands."""
    due = planned(root)
    parameters = {"year": 2025, "region": "chongqing", "data_dir": str(root / "data")}
    jobs = [Job(c, due.output(c, root), parameters, due.tables) for c in due.chapters if due.stale(c, root)]
    execute(jobs, 2, lambda *_: None)
    return {c.stem: due.output(c, root) for c in due.chapters}


def change(folder: Path, table: str) -> None:
    """Say something else in a text of each row of a table that may hold any."""
    resource = next(r for r in read_descriptor(folder)["resources"] if r["name"] == table)
    fields = {f["name"]: f for f in resource["schema"]["fields"]}
    referred = {k["fields"] for k in resource["schema"].get("foreignKeys", []) if isinstance(k["fields"], str)}
    texts = [n for n, f in fields.items() if f["type"] == "string" and "enum" not in f.get("constraints", {})]
    free = [n for n in texts if n not in referred and n not in ("id", "recorded", "checked")]
    column = (free or texts)[-1]
    sheets = Sheets(folder)
    head, *rows = sheets.read(resource["path"])
    key, value = (sheets.cell("observations.csv", 2, c) for c in ("id", "value"))
    if table == "corrections":  # the least one that may be made: a row is left out
        rows = [[key, "exclude", "value", value, "", "Made up", "2026-01-01"]]
    if table == "acceptances":
        rows = [[key, "size", "Made up", "2026-01-01"]]
    for row in (rows := rows or Sheets(DATA).read(resource["path"])[1:2]):
        row[head.index(column)] += " or other"
    sheets.write(resource["path"], [head, *rows])


def test_any_table_that_changes_is_read_again_by_the_chapters_that_read_it(tmp_path: Path, little: Path) -> None:
    root = made(tmp_path, little, *CHAPTERS)
    (root / "chapters").mkdir()
    for name, (cell, _) in CHAPTERS.items():
        notebook(root / "chapters" / f"{name}.ipynb", OPEN, cell, parameters=PARAMETERS)
    assert stale(root) == set(CHAPTERS)
    whole = planned(root).key
    for name, output in run(root).items():
        kept = json.loads(output.with_suffix(".json").read_text(encoding="utf-8"))
        assert set(kept["tables"]) == CHAPTERS[name][1], name
    assert stale(root) == set() and planned(root).key == whole
    for table in TABLES:
        change(root / "data", table)
        assert stale(root) == {name for name, (_, tables) in CHAPTERS.items() if table in tables}, table
        assert planned(root).key != whole, table  # the edition's downloads hold every table
        shutil.rmtree(root / "data")
        shutil.copytree(little, root / "data")
    assert stale(root) == set()


def test_a_fact_of_a_market_that_changes_is_shown_by_the_chapter_that_tells_it(tmp_path: Path) -> None:
    root = made(tmp_path, DATA, "output", "globalization", "learn-timeline")
    shutil.copytree(ROOT / "chapters", root / "chapters")
    outputs = run(root)
    said = outputs["globalization"].read_text(encoding="utf-8")
    sheets = Sheets(root / "data")
    facts = sheets.read("markets/facts.csv")
    head = facts[0]
    side = next(n for n, row in enumerate(facts, start=1) if row[1:3] == ["AUS", "driving_side"])
    assert sheets.cell("markets/facts.csv", side, "value") == "left" and head[1:3] == ["market", "attribute"]
    sheets.edit("markets/facts.csv", side, "value", "right")
    assert stale(root) == {"globalization"}  # the lesson reads events, no facts
    again = run(root)["globalization"].read_text(encoding="utf-8")
    assert again.count("on the left") > said.count("on the left")
    change(root / "data", "events")
    assert stale(root) == {"globalization", "learn-timeline"}
