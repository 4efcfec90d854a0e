"""The database served by stock Datasette, and Parquet read by stock DuckDB: the same answers."""

from __future__ import annotations

import json
import re
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from nevbook.data.dataset import load
from nevbook.data.package import read_descriptor
from nevbook.export.package import write_all
from tests.conftest import DATA, ROOT, nevbook

NAME = "made-in-chongqing"


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("export")
    write_all(load(DATA), DATA, out)
    return out


@pytest.fixture(scope="module")
def served(exported: Path) -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    made = subprocess.run(["make", "-n", "database"], cwd=ROOT, capture_output=True, text=True).stdout
    command = [
        *(sys.executable, "-m", "datasette", "serve", "--immutable", f"{exported}/{NAME}.sqlite"),
        *("--metadata", f"{exported}/datasette.json", "--host", "127.0.0.1", "--port", str(port)),
        *re.findall(r"--(?:plugins-dir|setting).*", made)[0].split(),
    ]
    server = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    address = f"http://127.0.0.1:{port}/{NAME}"
    try:
        until = time.monotonic() + 60
        while True:
            try:
                urllib.request.urlopen(f"{address}.json", timeout=5).close()
                break
            except OSError:
                assert server.poll() is None and time.monotonic() < until, server.stdout.read()
                time.sleep(0.1)
        yield address
    finally:
        server.terminate()
        server.wait(20)


def ask(address: str, query: str, **values: str) -> list[dict]:
    arguments = urllib.parse.urlencode(values | {"_shape": "array"})
    with urllib.request.urlopen(f"{address}/{query}.json?{arguments}", timeout=20) as answer:
        return json.load(answer)


def test_datasette_answers_every_ready_made_query(served: str, exported: Path) -> None:
    told = json.loads((exported / "datasette.json").read_text(encoding="utf-8"))["databases"][NAME]
    values = {"market": "bra", "since": "2026-01-01", "attribute": "driving_side", "words": "duty"}
    answers = {}
    for name, query in told["queries"].items():
        wanted = {k: v for k, v in values.items() if f":{k}" in query["sql"]}
        answers[name] = ask(served, name, **wanted)
        assert answers[name], name
    assert {r["title"] for r in answers["coming"]} >= {"Euro 7 applies to new types of cars and vans"}
    assert {r["kind"] for r in answers["search"]} >= {"fact", "event", "source", "term"}
    assert {r["value"] for r in answers["compare"]} == {"left", "right"}
    assert any(r["value"] == "35" and r["state"] == "in_force" for r in answers["duties"])


def test_the_search_stems_knows_chinese_and_takes_any_sign_for_no_syntax(served: str) -> None:
    first = {
        "Norway": "NOR", "NOR": "NOR", "\u6cf0\u56fd": "THA", "\u95ee\u754cM9": "aito_m9",
        "\u957f\u5b89\u6c7d\u8f66": "changan",
        "nation thailand": "mk-nation-th", "33618": "c34-seres-33618", "penetrations": "penetration",
    }  # fmt: skip
    for words, wanted in first.items():
        assert wanted in [r["id"] for r in ask(served, "search", words=words)][:5], words
    for words in (
        "\u51fa\u53e3",
        "\u4ea7\u91cf",
        "\u957f\u5b89",
        "\u6c7d\u8f66\u51fa\u53e3",
        "tariffs",
        "100%",
        '"duties',
    ):
        assert ask(served, "search", words=words), words
    for words in ("anti-dumping", "e-mark", 'a" OR (b', "*", "NEAR(", "-", '"', ""):
        ask(served, "search", words=words)
    assert ask(served, "sources", _search="\u51fa\u53e3") and ask(served, "events", _search="exporting")


def test_datasette_shows_licence_descriptions_and_facets(served: str) -> None:
    with urllib.request.urlopen(f"{served}/market_events.json?_size=0&_facet=state", timeout=20) as answer:
        told = json.load(answer)
    assert {f["value"] for f in told["facet_results"]["state"]["results"]} >= {"in_force", "coming", "expired"}
    with urllib.request.urlopen(served, timeout=20) as answer:
        page = answer.read().decode()
    assert "Creative Commons Attribution 4.0" in page and "Full-text search" in page
    found = ask(served, "events", _search="countervailing")
    assert found and all("countervailing" in r["title"] for r in found)


def test_datasette_answers_nothing_huge_and_nobody_else(served: str) -> None:
    for query in ("select hex(zeroblob(60000))", "select group_concat(note || note) from observations, facts"):
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(f"{served}.json?{urllib.parse.urlencode({'sql': query})}", timeout=20)
        assert refused.value.code == 400
    for host, code in (("book.example", 421), ("127.0.0.1.book.example:8001", 421), ("localhost", 200)):
        try:
            asked = urllib.request.Request(f"{served}.json", headers={"Host": host})
            answered = urllib.request.urlopen(asked, timeout=20).status
        except urllib.error.HTTPError as error:
            answered = error.code
        assert answered == code, host


def test_make_database_names_the_newest_edition_and_asks_for_a_book_first(tmp_path: Path) -> None:
    text = subprocess.run(["make", "-n", "database"], cwd=ROOT, capture_output=True, text=True).stdout
    assert "datasette serve --immutable" in text and "--host 127.0.0.1" in text


def test_parquet_gives_duckdb_the_answers_that_sqlite_gives(tmp_path: Path) -> None:
    done = nevbook(ROOT, "export", "--to", str(tmp_path))
    assert done.returncode == 0, done.stderr
    lake = duckdb.connect()
    parquet = f"{tmp_path}/parquet"
    with sqlite3.connect(tmp_path / f"{NAME}.sqlite") as base:
        for resource in read_descriptor(tmp_path)["resources"]:
            name = resource["name"]
            ours = base.execute(f'SELECT count(*) FROM "{name}"').fetchone()
            glob = f"{parquet}/{name}/**/*.parquet"
            assert lake.execute(f"SELECT count(*) FROM read_parquet('{glob}')").fetchone() == ours, name
        facts = f"read_parquet('{parquet}/facts/*/*.parquet', hive_partitioning = true)"
        theirs = lake.execute(f"SELECT topic, count(*), min(id), max(value) FROM {facts} GROUP BY topic ORDER BY topic")
        query = """SELECT topic, count(*), min(f.id), max(value) FROM facts f JOIN attributes a ON a.id = attribute
            GROUP BY topic ORDER BY topic"""
        assert theirs.fetchall() == base.execute(query).fetchall()
        sales = f"read_parquet('{parquet}/ev_sales/*.parquet')"
        query = "SELECT source, metric, powertrain, count(*), max(value) FROM {} GROUP BY 1, 2, 3 ORDER BY 1, 2, 3"
        assert lake.execute(query.format(sales)).fetchall() == base.execute(query.format("ev_sales")).fetchall()
        assert (
            lake.execute(f"SELECT count(*) FROM {facts} WHERE topic = 'climate' AND market = 'AUS'").fetchone()[0] > 5
        )
