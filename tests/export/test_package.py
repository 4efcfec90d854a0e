"""The dataset in three formats: the same rows, types and keys, the same bytes again."""

from __future__ import annotations

import csv
import datetime as dt
import json
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from nevbook.common.errors import DataError
from nevbook.data.dataset import load
from nevbook.data.package import read_descriptor, read_table
from nevbook.export.package import write_all, write_json, write_package
from nevbook.export.sqlite import write_sqlite
from tests.conftest import DATA, EDITIONS, ROOT, Sheets, nevbook

DATABASE = "made-in-chongqing.sqlite"


def rows_of(folder: Path, resource: dict) -> tuple[list[tuple], list[tuple], list[tuple]]:
    """The rows of a table in CSV, cast by its schema, in JSON and in SQLite."""
    cast = {"number": float, "integer": int, "string": str, "date": str}
    kinds = [cast[f["type"]] for f in resource["schema"]["fields"]]
    names = [f["name"] for f in resource["schema"]["fields"]]
    with (folder / resource["path"]).open(encoding="utf-8", newline="") as handle:
        header, *body = csv.reader(handle)
    assert header == names
    from_csv = [tuple(k(c) if c else None for k, c in zip(kinds, cells, strict=True)) for cells in body]
    objects = json.loads((folder / "json" / f"{resource['name']}.json").read_text(encoding="utf-8"))
    assert all(list(o) == names for o in objects)
    with sqlite3.connect(folder / DATABASE) as base:
        stored = base.execute(f'SELECT * FROM "{resource["name"]}" ORDER BY rowid').fetchall()
    return from_csv, [tuple(o.values()) for o in objects], stored


@pytest.mark.parametrize("edition", EDITIONS)
def test_csv_json_and_sqlite_hold_the_same_rows(published: Path, edition: str) -> None:
    folder = published / edition / "data"
    told = read_descriptor(folder)
    resources, as_of = told["resources"], told["nevbook"]["edition"]["as_of"]
    assert {r["name"] for r in resources} >= {"observations", "indicators", "entities", "bases", "sources"}
    for resource in resources:
        from_csv, from_json, stored = rows_of(folder, resource)
        assert from_csv == from_json == stored, resource["name"]
        in_time = [r for r in read_table(DATA, resource["name"]) if r.get("recorded", "") <= as_of]
        assert from_csv or not in_time or resource["name"] == "corrections"  # an edition may see nothing corrected


@pytest.mark.parametrize("edition", [e if e == "2025" else pytest.param(e, marks=pytest.mark.slow) for e in EDITIONS])
def test_every_edition_s_package_is_valid_and_names_its_edition(published: Path, edition: str) -> None:
    folder = published / edition / "data"
    command = [sys.executable, "-m", "frictionless", "validate", "datapackage.json"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout
    told = read_descriptor(folder)["nevbook"]["edition"]
    assert (told["year"], told["region"]) == (int(edition[-4:]), "anhui" if "anhui" in edition else "chongqing")
    dt.date.fromisoformat(told["as_of"])


@pytest.mark.parametrize("edition", EDITIONS)
def test_the_database_has_types_and_keys_that_hold(published: Path, tmp_path: Path, edition: str) -> None:
    # a copy: even a statement that a key refuses changes bytes of the file
    with sqlite3.connect(shutil.copy(published / edition / "data" / DATABASE, tmp_path)) as base:
        assert base.execute("PRAGMA foreign_key_check").fetchall() == []
        assert base.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        columns = {r[1]: (r[2], r[3], r[5]) for r in base.execute("PRAGMA table_info(observations)")}
        assert columns["id"] == ("TEXT", 1, 1) and columns["value"] == ("REAL", 1, 0)
        assert columns["note"] == ("TEXT", 0, 0)
        keys = {(r[2], r[3], r[4]) for r in base.execute("PRAGMA foreign_key_list(observations)")}
        assert keys == {
            ("indicators", "indicator", "id"), ("entities", "entity", "id"), ("sources", "source", "id"),
            ("bases", "basis", "id"), ("bases", "indicator", "indicator"),
        }  # fmt: skip
        base.execute("PRAGMA foreign_keys = ON")
        with pytest.raises(sqlite3.IntegrityError):
            base.execute("UPDATE observations SET source = 'nobody'")
        with pytest.raises(sqlite3.IntegrityError):
            base.execute("INSERT INTO sources SELECT * FROM sources LIMIT 1")


def test_the_same_rows_give_the_same_bytes(tmp_path: Path) -> None:
    for name in ("one", "two"):
        write_all(load(DATA), DATA, tmp_path / name)
    found = sorted(p.relative_to(tmp_path / "one") for p in (tmp_path / "one").rglob("*") if p.is_file())
    assert Path(DATABASE) in found and Path("json/observations.json") in found
    for path in found:
        assert (tmp_path / "one" / path).read_bytes() == (tmp_path / "two" / path).read_bytes(), path


def test_an_empty_cell_is_null_and_a_whole_number_stays_whole(tmp_path: Path) -> None:
    write_json(load(DATA), DATA, tmp_path)
    rows = json.loads((tmp_path / "json" / "observations.json").read_text(encoding="utf-8"))
    assert any(r["note"] is None for r in rows) and not any(r["note"] == "" for r in rows)
    values = {r["id"]: r["value"] for r in rows}
    text = (tmp_path / "json" / "observations.json").read_text(encoding="utf-8")
    assert 953200 in values.values() and '"value": 953200,' in text and '"value": 26.7,' in text


def test_a_table_that_refers_to_what_an_edition_does_not_see_loses_those_rows(
    data_copy: Path, sheets: Sheets, tmp_path: Path
) -> None:
    path = data_copy / "datapackage.json"
    package = json.loads(path.read_text(encoding="utf-8"))
    field = {"type": "string", "constraints": {"required": True}}

    def table(name: str, refers: str) -> dict:
        return {
            "name": name, "title": name, "path": f"{name}.csv",
            "schema": {
                "fields": [field | {"name": "id"}, field | {"name": "of"}],
                "primaryKey": "id",
                "foreignKeys": [{"fields": "of", "reference": {"resource": refers, "fields": "id"}}],
            },
        }  # fmt: skip

    package["resources"] += [table("notes", "observations"), table("remarks", "notes")]
    path.write_text(json.dumps(package), encoding="utf-8")
    data = load(data_copy)
    seen = data.vintage(2024, dt.date(2026, 11, 22))
    kept = seen.observations[0].id
    lost = next(r.id for r in data.observations if r not in seen.observations)
    sheets.write("notes.csv", [["id", "of"], ["a", kept], ["b", lost]])
    sheets.write("remarks.csv", [["id", "of"], ["x", "a"], ["y", "b"]])
    write_package(seen, data_copy, tmp_path / "out")
    assert (tmp_path / "out" / "notes.csv").read_text(encoding="utf-8") == f"id,of\na,{kept}\n"
    assert (tmp_path / "out" / "remarks.csv").read_text(encoding="utf-8") == "id,of\nx,a\n"
    with sqlite3.connect(write_sqlite(seen, data_copy, tmp_path / "out")) as base:
        assert base.execute("SELECT * FROM remarks").fetchall() == [("x", "a")]


def test_a_row_that_refers_to_nothing_is_named_and_leaves_no_database(
    data_copy: Path, sheets: Sheets, tmp_path: Path
) -> None:
    sheets.edit("glossary.csv", 2, "source", "atlantis")
    with pytest.raises(DataError, match="glossary, row 2: refers to no row of sources"):
        write_sqlite(load(data_copy), data_copy, tmp_path / "out")
    assert list((tmp_path / "out").iterdir()) == []


def test_the_command_writes_what_an_edition_sees_or_everything(tmp_path: Path) -> None:
    counts, tables = {}, len(read_descriptor(DATA)["resources"])
    for name, arguments in (("all", []), ("old", ["--year", "2024"]), ("region", ["--region", "anhui"])):
        done = nevbook(ROOT, "export", "--to", str(tmp_path / name), *arguments)
        assert done.returncode == 0 and f"datapackage.json: {tables} tables" in done.stdout, done.stderr
        with sqlite3.connect(tmp_path / name / DATABASE) as base:
            counts[name] = base.execute("SELECT count(*) FROM observations").fetchone()[0]
    everything = load(DATA)
    assert counts["all"] == len(everything.raw or everything.observations) > counts["old"] > 0
    assert "nevbook" not in read_descriptor(tmp_path / "all")
    assert read_descriptor(tmp_path / "region")["nevbook"]["edition"]["region"] == "anhui"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--to", "data"], "is kept as it is: the book is made from it"),
        (["--to", "README.md"], "is a file"),
        (["--to", "out/x", "--year", "1999"], "unknown year 1999"),
        (["--to", "out/x", "--region", "chonqing"], "Did you mean chongqing"),
    ],
)
def test_the_command_refuses_what_would_do_harm(arguments: list[str], said: str) -> None:
    before = (ROOT / "README.md").read_bytes(), (ROOT / "data" / "datapackage.json").read_bytes()
    done = nevbook(ROOT, "export", *arguments)
    assert done.returncode == 2 and said in done.stderr and "Traceback" not in done.stderr
    assert ((ROOT / "README.md").read_bytes(), (ROOT / "data" / "datapackage.json").read_bytes()) == before
    assert not (ROOT / "out" / "x").exists()
