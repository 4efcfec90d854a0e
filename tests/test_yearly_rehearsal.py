"""A year of an analyst, command by command: what is missing, new figures, the edition, a revision, the way back."""

from __future__ import annotations

import subprocess
from pathlib import Path

import openpyxl
import pytest
from bs4 import BeautifulSoup

from tests.build.test_pipeline import checksums, small_book
from tests.conftest import nevbook

SOURCE = "cqtjj-2027-01-25-yearbook"
FIGURES = [  # as the source writes them
    ("汽车产量", "重庆", "2026", "291.4", "万辆", "place"),
    ("nev_production", "chongqing", "2026", "148.62", "万辆", "place"),
    ("vehicle_exports_units", "chongqing", "2026年", "81.3", "万辆", "customs"),
    ("vehicle_exports_value", "chongqing", "2026年", "812.6", "亿元", "customs"),
]
REVISION = f"""indicator,entity,period,value,unit,basis,source,locator
nev_production,chongqing,2026,149.05,万辆,place,{SOURCE},table 2 as corrected in April
"""


@pytest.mark.slow
def test_a_year_of_the_book(tmp_path: Path) -> None:
    book = small_book(tmp_path / "book", "output", "changes")
    site, config = book / "_build" / "html", book / "_config.yml"

    def run(*words: str) -> str:
        done = nevbook(book, *words)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def git(*words: str) -> None:
        subprocess.run(["git", "-c", "user.name=A", "-c", "user.email=a@b.cn", *words], cwd=book, check=True)

    def shown(page: str) -> set[float]:
        """Values of the region's NEV output of the year on a page."""
        text = (site / "2026" / page).read_text(encoding="utf-8")
        place = "data[data-indicator=nev_production][data-entity=chongqing][data-period='2026'][data-measure=level]"
        return {float(str(one["value"])) for one in BeautifulSoup(text, "html.parser").select(place)}

    # The state at the end of 2026: two editions are published, and kept in git.
    run("build")
    published = {edition: checksums(site / edition) for edition in ("2024", "2025")}
    git("init", "-q")
    git("add", "data", "_config.yml")
    git("commit", "-q", "-m", "The editions 2024 and 2025")

    # January 2027: what is to be looked for, and a spreadsheet for it.
    awaited = "New-energy vehicle output, Chongqing, 2025: 1.296 million"
    assert awaited in run("missing", "--year", "2026")
    run("template", "new.xlsx")

    # It is filled in.
    new = openpyxl.load_workbook(book / "new.xlsx")
    for table, told in (
        ("observations", [dict(zip(("indicator", "entity", "period", "value", "unit", "basis"), f, strict=True),
                               source=SOURCE, locator="table 2") for f in FIGURES]),
        ("sources", [{"id": SOURCE, "title": "2026年统计年报", "publisher": "重庆市统计局", "published": "2027-01-25",
                      "url": "https://example.org/2026", "language": "zh", "tier": "official", "licence": "none"}]),
    ):  # fmt: skip
        sheet = new[table]
        columns = {cell.value.split()[0]: cell.column for cell in sheet[1]}
        for row, cells in enumerate(told, start=2):
            for name, value in cells.items():
                sheet.cell(row, columns[name], value)
    new.save(book / "new.xlsx")

    # It is tried, then added: all rows or none.
    before = (book / "data" / "observations.csv").read_bytes()
    assert "4 new" in run("add", "new.xlsx", "--recorded", "2027-02-10", "--dry-run")
    assert (book / "data" / "observations.csv").read_bytes() == before
    run("add", "new.xlsx", "--recorded", "2027-02-10")
    run("check")
    assert awaited not in run("missing", "--year", "2026")

    # The edition is named and published. Those of the years before do not change.
    named = "    - {year: 2025, region: chongqing, as_of: 2026-11-25}\n"
    text = config.read_text(encoding="utf-8")
    assert named in text
    edition = named.replace("2025", "2026").replace("2026-11-25", "2027-02-15")
    config.write_text(text.replace(named, named + edition), encoding="utf-8")
    run("build")
    assert {e: checksums(site / e) for e in published} == published
    assert shown("index.html") == shown("output.html") == {1_486_200}
    first = checksums(site)
    git("commit", "-qam", "The edition 2026")

    # In April the office revises a figure: a new row, a later day, and the page that says what changed.
    (book / "revision.csv").write_text(REVISION, encoding="utf-8")
    assert "1 revised" in run("add", "revision.csv", "--recorded", "2027-04-20")
    run("build")
    assert checksums(site / "2026") == first_of(first, "2026"), "an edition changed before its day was moved"
    config.write_text(config.read_text(encoding="utf-8").replace("2027-02-15", "2027-04-30"), encoding="utf-8")
    run("build")
    assert shown("output.html") == {1_490_500}
    assert {e: checksums(site / e) for e in published} == published
    git("commit", "-qam", "The revision of April")

    # The office withdraws it. Back to the state before: the same bytes.
    git("revert", "--no-edit", "HEAD")
    run("build")
    assert checksums(site) == first


def first_of(sums: dict[str, str], edition: str) -> dict[str, str]:
    """Return the checksums of one edition, as of a folder of its own."""
    return {name.removeprefix(f"{edition}/"): one for name, one in sums.items() if name.startswith(f"{edition}/")}
