"""Next year's edition from made-up rows, and the old ones that do not change; kills while a book is built."""

from __future__ import annotations

import json
import random
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import feedparser
import psutil
import pytest
from bs4 import BeautifulSoup

from nevbook.data.dataset import load
from nevbook.data.models import Observation
from tests.build.test_pipeline import checksums, small_book
from tests.conftest import Sheets, copy_book, nevbook

LATER = "2027-02-01"


def next_year(sheets: Sheets) -> dict[tuple[str, str], float]:
    """Add a made-up 2026 to what is known of 2025, a revision, and things that nobody knew before.

    Returns the values of the region by indicator and basis.
    """
    source = {"title": "Made up <b>", "publisher": "Nobody", "published": "2027-01-20", "url": "https://example.org/",
              "language": "en", "tier": "official", "licence": "none"}  # fmt: skip
    sheets.append("sources.csv", source | {"id": "made-up"})
    like = sheets.read("indicators.csv")[1]
    sheets.write("indicators.csv", [*sheets.read("indicators.csv"), ["made_up", "Made-up thing", *like[2:]]])
    basis = {"id": "as_published", "indicator": "made_up", "name": "As published", "definition": "x"}
    sheets.append("bases.csv", basis)
    firm = {"id": "made_up", "name": "Made up", "name_zh": "无", "kind": "company", "parent": "chongqing"}
    sheets.append("entities.csv", firm)
    told: dict[tuple[str, str, str], Observation] = {}
    for row in load(sheets.folder).observations:
        if (row.period, row.measure, row.kind, row.qualifier) == ("2025", "level", "stated", "=") and row.resolution:
            told.setdefault((row.indicator, row.entity, row.basis), row)
    made, region = [], {}
    for n, (key, row) in enumerate(told.items()):
        step = Decimal(str(row.resolution))
        value = Decimal(str(row.value))
        grown = (
            value if row.unit in ("percent", "rank", "count") else (value * Decimal("1.1") / step).quantize(1) * step
        )
        made.append(cells(row, id=f"made-up.{n}", period="2026", value=f"{grown:f}", source="made-up"))
        if key[1] == "chongqing":
            region[key[0], key[2]] = float(grown)
    first = told["vehicle_exports_units", "chongqing", "customs"]
    same = [r for r in load(sheets.folder).rows(first.indicator, first.entity) if r.period == "2025" and r.outcome]
    for n, row in enumerate(same):  # each source revises it, or one that does not would be shown
        made.append(cells(row, id=f"made-up.revised.{n}", value=str(int(first.value + 100 * first.resolution))))
    made.append(cells(first, id="made-up.firm", entity="made_up", source="made-up"))
    made.append(cells(first, id="made-up.thing", indicator="made_up", basis="as_published", source="made-up",
                      unit=sheets.read("indicators.csv")[-1][4]))  # fmt: skip
    for row in made:
        sheets.append("observations.csv", row)
    return region


def cells(row: Observation, **other: str) -> dict[str, str]:
    """A row as the table holds it, recorded later."""
    held = {k: str(getattr(row, k)) for k in row.__dataclass_fields__} | {"resolution": f"{row.resolution:g}"}
    return held | {"value": f"{Decimal(str(row.value)):f}", "recorded": LATER, "note": ""} | other


@pytest.mark.slow
def test_next_year_s_book_is_one_command_and_the_old_ones_do_not_change(published: Path, tmp_path: Path) -> None:
    root = Path(shutil.copytree(published.parents[1], tmp_path / "book", symlinks=True))
    site = root / "_build" / "html"
    before = {e: checksums(site / e) for e in ("2024", "2025", "anhui/2025")}
    region = next_year(Sheets(root / "data"))
    config = root / "_config.yml"
    named = "    - {year: 2025, region: chongqing, as_of: 2026-11-25}\n"
    text = config.read_text(encoding="utf-8")
    assert named in text
    config.write_text(text.replace(named, named + named.replace("2025", "2026").replace("2026-11-25", "2027-02-15")))
    checked = nevbook(root, "check")
    assert checked.returncode == 0, checked.stdout
    done = nevbook(root, "build", "--year", "2026")
    assert done.returncode == 0, done.stdout + done.stderr
    for edition, sums in before.items():
        assert checksums(site / edition) == sums, edition
    listed = (site / "editions.js").read_text(encoding="utf-8")
    entries = json.loads(listed[listed.index("[") : listed.rindex("]") + 1])
    assert [e["label"] for e in entries[:3]] == ["Chongqing 2026", "Chongqing 2025", "Chongqing 2024"]
    assert "2026/index.html" in (site / "index.html").read_text(encoding="utf-8")

    def values(page: str) -> set[tuple[str | None, str | None, float]]:
        soup = BeautifulSoup((site / page).read_text(encoding="utf-8"), "html.parser")
        assert "so far" not in soup.title.text and not soup.select(".nev-notice")
        found = soup.select("data.nev-value[data-entity=chongqing]")
        return {(v.get("data-indicator"), v.get("data-period"), float(v["value"])) for v in found}

    for page, indicators in (
        ("index.html", ("vehicle_production", "nev_production", "vehicle_exports_units", "vehicle_exports_value")),
        ("output.html", ("vehicle_production", "nev_production")),
        ("globalization.html", ("vehicle_exports_units", "vehicle_exports_value")),
        ("changes.html", ("vehicle_exports_units", "vehicle_exports_value")),
    ):
        for indicator in indicators:
            made = {v for (i, _), v in region.items() if i == indicator}
            assert made & {v for i, p, v in values(f"2026/{page}") if (i, p) == (indicator, "2026")}, (page, indicator)
    cover = BeautifulSoup((site / "2026" / "index.html").read_text(encoding="utf-8"), "html.parser").get_text(" ")
    assert re.search(r"more\s+than in\s+2025", cover)
    for name in ("output", "globalization"):
        page = BeautifulSoup((site / "2026" / f"{name}.html").read_text(encoding="utf-8"), "html.parser")
        assert any("2026" in cell.text for cell in page.select(".nev-figure .nev-data td")), name
    indicator = (site / "indicators" / "nev_production.html").read_text(encoding="utf-8")
    assert (
        f"{next(v for (i, _), v in region.items() if i == 'nev_production'):,.0f}" in indicator or "2026" in indicator
    )
    changed = BeautifulSoup((site / "2026" / "changes.html").read_text(encoding="utf-8"), "html.parser").get_text(" ")
    assert re.search(r"edition\s+2025\s+as it was known on\s+25 November 2026", changed)
    assert "Its source says so now" in changed
    feed = feedparser.parse((site / "feed.xml").read_bytes())
    assert feed.entries[0].title == "Edition Chongqing 2026" and any("revised" in e.title for e in feed.entries)

    again = nevbook(root, "build", "--year", "2025", "--force")  # from today's data, at its own day
    assert again.returncode == 0, again.stdout + again.stderr
    after = checksums(site / "2025")
    assert sorted(k for k in after.keys() | before["2025"].keys() if after.get(k) != before["2025"].get(k)) == []


@pytest.mark.slow
@pytest.mark.parametrize(("make", "kills"), [(lambda place: small_book(place, "output"), 100), (copy_book, 5)])
def test_a_build_killed_at_any_moment_leaves_the_old_book_or_the_new(
    tmp_path: Path, make: Callable[[Path], Path], kills: int
) -> None:
    book = make(tmp_path / "book")
    site, path = book / "_build" / "html", book / "data" / "observations.csv"
    row = "2024.level.people-cq-2025-01-21-stats,nev_production,chongqing,2024,level,=,953200,"
    first = path.read_text(encoding="utf-8")
    states = [first, first.replace(row, row.replace("953200", "951300"))]
    assert states[0] != states[1]
    whole, slowest = [], 0.0
    for state in states:
        path.write_text(state, encoding="utf-8")
        since = time.monotonic()
        assert nevbook(book, "build", "--year", "2024").returncode == 0
        slowest = max(slowest, time.monotonic() - since)
        whole.append(checksums(site))
    assert whole[0] != whole[1]
    command = [sys.executable, "-m", "nevbook.cli", "build", "--year", "2024"]
    chance = random.Random(2026)
    ends = 0
    for turn in range(kills):
        path.write_text(states[turn % 2], encoding="utf-8")
        running = subprocess.Popen(command, cwd=book, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            # an even spread over the time that a build takes, so that its end, where it publishes, has its share
            running.wait(timeout=slowest * (turn + chance.random()) / kills)
            ends += 1
        except subprocess.TimeoutExpired:
            workers = psutil.Process(running.pid).children(recursive=True)
            running.kill()
            running.wait()
            assert not psutil.wait_procs(workers, timeout=10)[1]
        assert checksums(site) in whole, turn
    assert ends < kills
    for state, sums in zip(states, whole, strict=True):
        path.write_text(state, encoding="utf-8")
        done = nevbook(book, "build", "--year", "2024")
        assert done.returncode == 0, done.stderr
        assert checksums(site) == sums
