"""Chapters and lessons on random subsets of the rows: none assumes that a figure exists because another does."""

from __future__ import annotations

import datetime as dt
import random
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
from bs4 import BeautifulSoup

from nevbook.data.dataset import load
from nevbook.data.ingest.add import add
from tests.conftest import DATA, ROOT, Sheets, drop_orphans
from tests.data.ingest.test_cases import CASES

RUN = """
import json, sys
from pathlib import Path
from nevbook.build import plan
from nevbook.build.execute import Job, execute
from nevbook.common.errors import ChapterError

out, year, region, data = Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3], sys.argv[4]
given = {"year": year, "region": region, "data_dir": data}
for chapter in plan.chapters(Path.cwd()):
    try:
        execute([Job(chapter, out / chapter.name, given)], 1, lambda job, seconds: None)
    except ChapterError as error:
        print(error)
"""
BROKEN = re.compile(
    r"\b(?:nan|NaN|NaT|None|inf|undefined|null)\b|\bas than\b|\(\s*\)|\s[.;](?:\s|$)|(?<!\.)\.\.(?!\.)"
    r"|[,;:] ?[.,;:]|\u2212\S+ (?:percent |million |yuan |points )*(?:more|less|fewer)\b"
)


Cells = dict[str, str]
# tables whose rows are figures, or are told like them
TOLD = (
    *("markets/facts.csv", "markets/events.csv", "markets/ev_sales.csv", "milestones.csv", "ownership.csv"),
    *("model_prices.csv", "questions.csv"),
)


def next_year(rows: list[Cells], chance: random.Random) -> list[Cells]:
    """Make rows of the year after the newest from those of it: more, less, the same, and bounds."""
    outcomes = [r for r in rows if r["kind"] in ("stated", "estimate")]
    newest = max(int(r["period"][:4]) for r in outcomes)
    made = []
    for n, row in enumerate(outcomes):
        if not all(part.startswith(str(newest)) for part in row["period"].split("/")):
            continue
        value = float(row["value"])
        if row["unit"] not in ("percent", "rank", "count"):
            value = round(value * chance.choice((0.4, 0.9, 1.0, 1.1, 1.8)))
        elif row["measure"] != "level":
            value = -value
        period = row["period"].replace(str(newest), str(newest + 1))
        told = {"id": f"made-up.{n}", "period": period, "value": f"{value:g}", "recorded": f"{newest + 2}-02-01"}
        made.append(row | told | {"qualifier": chance.choice((row["qualifier"], row["qualifier"], ">", "~"))})
    return made


def subset(folder: Path, chance: random.Random) -> tuple[int, str]:
    """Leave some of the rows of a package, with some of a next year; return an edition that it can have."""
    regions = [e.id for e in load(folder).regions()]
    sheets = Sheets(folder)
    left_out = {r for r in regions if r != "chongqing" and chance.random() < chance.choice((0.0, 0.5, 1.0))}
    share, coming = chance.choice((0.03, 0.2, 0.5, 0.9)), chance.choice((0.0, 0.01, 0.1, 0.5))
    head, *body = sheets.read("observations.csv")
    rows = [dict(zip(head, cells, strict=True)) for cells in body]
    kept = [r for r in rows if r["entity"] not in left_out and chance.random() < share]
    kept += [r for r in next_year(rows, chance) if chance.random() < coming]
    sheets.write("observations.csv", [head, *([r[c] for c in head] for r in kept)])
    for file in TOLD:
        share = chance.choice((0.0, 0.5, 1.0))
        head, *body = sheets.read(file)
        sheets.write(file, [head, *(row for row in body if chance.random() < share)])
    there = {r["id"] for r in kept}
    head, *claims = sheets.read("claims.csv")
    rests = head.index("observations")
    for row in claims:
        row[rests] = ";".join(one for one in row[rests].split(";") if one in there)
    sheets.write("claims.csv", [head, *claims])
    drop_orphans(sheets)
    data = load(folder)
    if not data.regions():
        pytest.skip("no region has an edition with these rows")
    region = chance.choice([e.id for e in data.regions()])
    if chance.random() < 0.6 and "chongqing" in {e.id for e in data.regions()}:
        region = "chongqing"  # most of what chapters tell is about it
    return chance.choice(data.editions(region)[-3:]), region


def shown(path: Path) -> Iterator[tuple[str, str]]:
    """Yield what the cells of an executed chapter write, each with its place; an empty paragraph is a text, too."""
    for cell in nbformat.read(path, as_version=4).cells:
        for written in (o["data"].get("text/html", "") for o in cell.get("outputs", []) if "data" in o):
            page = BeautifulSoup(written, "html.parser")
            for figure in page.select("figure, table, script, style"):
                figure.decompose()
            place = f"{path.stem}, {cell.id}"
            yield from ((place, "") for p in page.select("p, li, h2, h3, figcaption") if not p.get_text(strip=True))
            if text := " ".join(page.get_text().split()):
                yield place, text


def wrong(folder: Path) -> list[str]:
    """Return what in the executed chapters of a folder is no sentence."""
    found = []
    for place, text in (told for path in sorted(folder.glob("*.ipynb")) for told in shown(path)):
        parts = [text[max(0, m.start() - 60) : m.end() + 20] for m in BROKEN.finditer(text)]
        found += [f"{place}: {part}" for part in parts] if text else [f"{place}: empty"]
    return found


def test_what_is_no_sentence_is_found(tmp_path: Path) -> None:
    told = {
        "<p>It made None.</p>": "made None", "<p> </p>": "empty", "<p>It fell, .</p>": "fell, .",
        "<p>\u22125 million yuan more</p>": "yuan more", "<p>It made 5 cars (2.1).</p>": "",
    }  # fmt: skip
    for text, fault in told.items():
        output = nbformat.v4.new_output("display_data", data={"text/html": text})
        book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(outputs=[output])])
        nbformat.write(book, tmp_path / "x.ipynb")
        assert [fault in f for f in wrong(tmp_path)] == [True] * bool(fault), text


def told_of_2026(file: Path, sources: Path, place: Path, recorded: dt.date) -> dict[str, str]:
    """Add rows to a copy of the data and write every chapter of 2026; return their texts."""
    data = Path(shutil.copytree(DATA, place / "data"))
    add(file, sources, data, recorded=recorded)
    command = [sys.executable, "-c", RUN, str(place / "out"), "2026", "chongqing", str(data)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, ""), done.stdout + done.stderr
    assert wrong(place / "out") == []
    return {path.stem: " ".join(text for _, text in shown(path)) for path in (place / "out").glob("*.ipynb")}


@pytest.mark.slow
@pytest.mark.parametrize("name", ["headline-2026.csv", "year-2026-libreoffice.xlsx"])
def test_the_files_of_the_next_year_make_a_book(name: str, tmp_path: Path) -> None:
    texts = told_of_2026(CASES / name, CASES / "headline-2026-sources.csv", tmp_path, dt.date(2027, 2, 10))
    assert len(texts) > 20 and all("2026" in texts[n] for n in ("index", "output", "globalization"))


@pytest.mark.slow
def test_what_is_known_of_a_running_year_stands_in_the_chapters(tmp_path: Path) -> None:
    rows = Sheets(CASES).read("running-year-2026.csv")
    Sheets(tmp_path).write("new.csv", [r for r in rows if r[2] != "2026年3月"])
    sources = CASES / "statistics-office-source.csv"
    texts = told_of_2026(tmp_path / "new.csv", sources, tmp_path, dt.date(2026, 11, 25))
    assert "In January to March 2026 plants in Chongqing built 491,000 vehicles" in texts["output"]
    assert "New-energy output was 189,000 in January to March 2026" in texts["output"]
    assert "491,000" in texts["index"]
    assert not [n for n, text in texts.items() if "2027, not published yet" in text]
