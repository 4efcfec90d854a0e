"""Data folders from anyone: each is refused by every command in a sentence, with no request and nothing written."""

from __future__ import annotations

import csv
import json
import os
import socket
import time
from collections.abc import Callable
from pathlib import Path

import frictionless
import pytest
from frictionless import FrictionlessException

from nevbook.cli.main import main
from nevbook.common.errors import DataError
from nevbook.data.dataset import load
from nevbook.data.validation.check import check
from tests.conftest import Sheets

OBSERVATIONS, INDICATORS, COUNTRIES = "observations.csv", "indicators.csv", "markets/countries.csv"
Spoil = Callable[[Path], object]


def package(change: Callable[[dict], object]) -> Spoil:
    """Change the description of a data package."""

    def spoil(folder: Path) -> None:
        path = folder / "datapackage.json"
        descriptor = json.loads(path.read_text(encoding="utf-8"))
        change(descriptor)
        path.write_text(json.dumps(descriptor), encoding="utf-8")

    return spoil


def table(**told: object) -> Spoil:
    """Change what is said of the first table, `indicators`."""
    return package(lambda d: d["resources"][0].update(told))


def text(content: str) -> Spoil:
    """Put something else in the place of the description."""
    return lambda folder: (folder / "datapackage.json").write_text(content, encoding="utf-8")


def cell(file: str, column: str, value: str) -> Spoil:
    """Write a cell of the first row, as anybody can."""

    def spoil(folder: Path) -> None:
        head, first, *rows = Sheets(folder).read(file)
        first[head.index(column)] = value
        with (folder / file).open("w", encoding="utf-8", newline="") as handle:
            csv.writer(handle, quoting=csv.QUOTE_ALL).writerows([head, first, *rows])

    return spoil


def instead(file: str, make: Callable[[Path], object]) -> Spoil:
    """Put something that is no regular file of the folder in the place of one."""

    def spoil(folder: Path) -> None:
        (folder / file).rename(folder.parent / "kept")
        make(folder / file)

    return spoil


def previous_schema(folder: Path) -> None:
    """Take out a column, in the file and in the description, as before it was introduced."""
    sheets = Sheets(folder)
    rows = sheets.read("entities.csv")
    place = rows[0].index("name_zh")
    sheets.write("entities.csv", [row[:place] + row[place + 1 :] for row in rows])

    def change(descriptor: dict) -> None:
        schema = next(r for r in descriptor["resources"] if r["name"] == "entities")["schema"]
        schema["fields"] = [f for f in schema["fields"] if f["name"] != "name_zh"]
        descriptor["schemaRevision"] = 1

    package(change)(folder)


HOSTILE: dict[str, tuple[Spoil, str]] = {
    "table named upwards": (table(name="../../up"), "no name of a table"),
    "table named as a device": (table(name="CON"), "no name of a table"),
    "table named with a line break": (table(name="a\nb"), "no name of a table"),
    "two tables of one name": (table(name="Sources"), "names a second table"),
    "package named upwards": (package(lambda d: d.update(name="../../up")), "no name of a package"),
    "path upwards": (table(path="../kept.csv"), "not safe"),
    "absolute path": (table(path=os.path.abspath("/etc/hosts.csv")), "not safe"),
    "path of another system": (table(path="..\\kept.csv"), "not safe"),
    "path of another table": (table(path="Sources.csv"), "not safe"),
    "path of the description": (table(path="datapackage.json"), "not safe"),
    "path at an address": (table(path="http://127.0.0.1:9/a.csv"), "not safe"),
    "schema at an address": (table(schema="http://127.0.0.1:9/a.json"), "refers to another place"),
    "schema in another file": (table(schema="schema"), "refers to another place"),
    "dialect at an address": (table(dialect="https://127.0.0.1:9/a.json"), "refers to another place"),
    "profile of a table": (table(profile="http://127.0.0.1:9/a.json"), "refers to another place"),
    "profile": (package(lambda d: d.update(profile="http://127.0.0.1:9/a.json")), "refers to another place"),
    "$schema": (package(lambda d: d.update({"$schema": "http://127.0.0.1:9/a"})), "refers to another place"),
    "table at an address": (
        package(lambda d: d["resources"].append("http://127.0.0.1:9/a.json")),
        "is no name of a table",
    ),
    "key into another package": (
        package(lambda d: d["resources"][1]["schema"]["foreignKeys"][0]["reference"].update(package="http://x.cn")),
        "refers to another place",
    ),
    "control character": (table(title="a\x1b[2Jb"), "U+001B"),
    "half a character": (table(title="a\ud800b"), "U+D800"),
    "no fields": (table(schema={"fields": []}), "without a schema that has fields"),
    "fields that are none": (table(schema={"fields": ["id"]}), "with a field that has no name"),
    "keys that are none": (
        table(schema={"fields": [{"name": "id"}], "foreignKeys": [1]}),
        "with a key that cannot be read",
    ),
    "missing values": (table(schema={"fields": [{"name": "id"}], "missingValues": ["NA"]}), "other missing values"),
    "previous schema": (previous_schema, "declares entities with other columns than nevbook reads"),
    "no title": (package(lambda d: d.pop("title")), "has no title"),
    "licence that is none": (package(lambda d: d.update(licenses=["MIT"])), "names no licence"),
    "list": (text("[]"), "no JSON object"),
    "broken": (text('{"name": "x", '), "no JSON"),
    "deep": (text('{"a":' * 100_000 + "1" + "}" * 100_000), "nested too deep"),
    "rather deep": (package(lambda d: d.update(x=json.loads("[" * 60 + "]" * 60))), "nested too deep"),
    "pipe": (instead(INDICATORS, os.mkfifo), "no regular file"),
    "device": (instead(INDICATORS, lambda path: path.symlink_to("/dev/zero")), "no regular file"),
    "folder": (instead(INDICATORS, Path.mkdir), "no regular file"),
    "link out": (instead(INDICATORS, lambda path: path.symlink_to(path.parent.parent / "kept")), "link out"),
    "description linked out": (
        instead("datapackage.json", lambda path: path.symlink_to(path.parent.parent / "kept")),
        "link out",
    ),
    "indicator told at length": (cell(INDICATORS, "definition", "a" * 10_000_000), "holds 10,000,000 letters"),
    "indicator named upwards": (cell(INDICATORS, "id", "../../up"), "no id"),
    "indicator named index": (cell(INDICATORS, "id", "Index"), "no id"),
    "market named upwards": (cell(COUNTRIES, "id", "../../up"), "no id"),
    "market named as a device": (cell(COUNTRIES, "id", "nul"), "no id"),
    "observation with a NUL": (cell(OBSERVATIONS, "note", "a\0b"), "U+0000"),
    "carriage return": (cell(OBSERVATIONS, "locator", "a\rb"), "a line break"),
    "line break": (cell(COUNTRIES, "name", "a\nb"), "a line break"),
    "text that turns round": (cell(INDICATORS, "name", "a\u202eb"), "U+202E"),
    "replaced character": (cell("sources.csv", "title", "a\ufffdb"), "U+FFFD"),
}  # fmt: skip
# which commands read no table of these, so that nothing in it can harm them
UNREAD = {
    "market": (
        "previous",
        "indicator",
        "observation",
        "carriage",
        "text that turns",
        "pipe",
        "device",
        "folder",
        "link out",
    ),
    "audit": ("market", "line break"),
    "template": ("previous", "market", "line break", "observation", "carriage"),
}


def tree(folder: Path) -> dict[str, object]:
    """Everything below a folder, with what changes when it is written to."""
    return {str(p.relative_to(folder)): (p.lstat().st_mode, p.lstat().st_size, p.lstat().st_mtime_ns)
            for p in folder.rglob("*") if not p.is_dir()}  # fmt: skip


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Whom a command asked for something; nobody answers."""
    found: list[object] = []

    def ask(*whom: object, **_: object) -> None:
        found.append(whom)
        raise OSError("nobody answers in this test")

    monkeypatch.setattr(socket.socket, "connect", ask)
    monkeypatch.setattr(socket, "getaddrinfo", ask)
    return found


def test_the_stock_tool_does_ask_where_it_is_sent(little_copy: Path, asked: list[object]) -> None:
    HOSTILE["schema at an address"][0](little_copy)
    with pytest.raises(FrictionlessException):
        frictionless.Package(str(little_copy / "datapackage.json"))
    assert asked


@pytest.mark.parametrize("name", HOSTILE)
def test_every_command_refuses_it(
    name: str, little_copy: Path, tmp_path: Path, asked: list[object], capsys: pytest.CaptureFixture[str]
) -> None:
    spoil, said = HOSTILE[name]
    spoil(little_copy)
    rows = tmp_path / "new.csv"
    rows.write_text("id,title,publisher,url,language,tier,licence\nx,X,X,,en,press,none\n", encoding="utf-8")
    before = tree(tmp_path)
    out = tmp_path / "out"
    commands = {
        "check": [], "add": [str(rows), "--table", "sources"], "build": ["--year", "2025", "--out", str(out)],
        "export": ["--to", str(out)], "audit": [], "market": ["AUS"],
        "template": [str(out / "new.xlsx")], "course": [str(out)],
    }  # fmt: skip
    for command, words in commands.items():
        if name.startswith(UNREAD.get(command, ("-",))) and not name.startswith("description"):
            continue
        since = time.process_time()
        code = main([command, *words, "--data", str(little_copy)])
        assert time.process_time() - since < 10, command
        told = capsys.readouterr()
        lines = (told.out + told.err).splitlines()
        assert code, command
        assert any(said in line for line in lines), (command, lines[:3])
        assert all(len(line) < 1000 and line.isprintable() for line in lines), (command, lines[:3])
        assert len(lines) <= 3 or command in ("check", "add"), (command, lines)
        assert tree(tmp_path) == before, command
        assert not asked, command


def test_a_slow_pattern_stalls_nothing(little_copy: Path) -> None:
    def slow(descriptor: dict) -> None:
        fields = descriptor["resources"][0]["schema"]["fields"]
        next(f for f in fields if f["name"] == "definition")["constraints"]["pattern"] = "(a+)+"

    package(slow)(little_copy)
    cell(INDICATORS, "definition", "a" * 60 + ".")(little_copy)
    (issue,) = [i for i in check(little_copy) if i.row == 2]
    assert (issue.file, issue.column, issue.problem) == (INDICATORS, "definition", "is no definition")


def test_parents_in_a_circle_stop_no_reader(little_copy: Path) -> None:
    sheets = Sheets(little_copy)
    sheets.edit("entities.csv", sheets.row_of("entities.csv", "CHN"), "parent", "chongqing")
    with pytest.raises(DataError, match="its parents go in a circle"):
        load(little_copy)
