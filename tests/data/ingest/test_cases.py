"""Files as analysts hand them in: stored exactly, or refused with place, value and remedy."""

from __future__ import annotations

import csv
import datetime as dt
from pathlib import Path

import pytest

from nevbook.common.errors import DataError
from nevbook.data.dataset import load
from nevbook.data.ingest.add import Added, add
from nevbook.data.validation.check import check

CASES = Path(__file__).with_name("cases")
OFFICE = "statistics-office-source.csv"


def take(folder: Path, name: str, sources: str | None = OFFICE, **more: object) -> Added:
    more = {"recorded": dt.date(2026, 11, 25)} | more
    return add(CASES / name, CASES / sources if sources else None, folder, **more)


def refused(folder: Path, name: str, sources: str | None = OFFICE, **more: object) -> list[str]:
    before = {p.name: p.read_bytes() for p in folder.glob("*.csv")}
    with pytest.raises(DataError, match="nothing was changed") as error:
        take(folder, name, sources, **more)
    assert {p.name: p.read_bytes() for p in folder.glob("*.csv")} == before
    return str(error.value).splitlines()[1:]


REFUSED = {
    "unit-slips.csv": [
        (
            "row 2, value: '2317900'",
            "10,078 times 2,300,000 in 2023 (row ",
            "--accept 'chongqing.vehicle_production.2023.level.nbs-easyquery",
        ),
        (
            "row 3, value: '300000'",
            "4,671 times 642,300 in 2019",
            "--accept 'sichuan.vehicle_production.2023.level.nbs-easyquery",
        ),
    ],
    "cumulative-as-month.csv": [
        ("row 2, value: '120.5'", "more than the whole, 95", "correct value, unit or period"),
        ("row 3, value: '99.9'", "more than the whole, 95", "correct value, unit or period"),
        ("row 4, period: '2024-06-30'", "is a day", "write 2024-06 if the month is meant"),
        ("row 5, value: '9999'", "99,990,000", "correct value, unit or period"),
    ],
    "running-year-2026.csv": [
        ("row 8, value: '49.1'", "302,000 in 2026-01/2026-02 (row 2, nbs-easyquery) + 200,000", "--accept"),
        ("row 11, value: '8.1'", "more than the whole, 189,000 in 2026-01/2026-03 (row 10, ", "--accept"),
    ],
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_file_is_refused_with_place_value_and_remedy(data_copy: Path, name: str) -> None:
    lines = refused(data_copy, name)
    assert len(lines) == len(REFUSED[name]), "\n".join(lines)
    for line, (place, problem, remedy) in zip(lines, REFUSED[name], strict=True):
        assert line.startswith(f"{name}, {place} — ") and problem in line and remedy in line, line


def test_what_is_implausible_is_kept_where_the_analyst_says_so(data_copy: Path) -> None:
    ids = [f"chongqing.{i}.2026-{p}.level.nbs-easyquery" for i, p in
           (("vehicle_production", "01_to_2026-03"), ("nev_production", "03"))]  # fmt: skip
    accept = dict.fromkeys(ids, "The office revised January and February.")
    done = take(data_copy, "running-year-2026.csv", accept=accept)
    assert done.new == 10 and check(data_copy) == []
    with (data_copy / "acceptances.csv").open(encoding="utf-8", newline="") as handle:
        rows = list(csv.DictReader(handle))[-2:]
    assert [tuple(r.values()) for r in rows] == [(i, "parts", accept[i], "2026-11-25") for i in ids]
    assert {a.row for a in load(data_copy).acceptances} >= set(ids)
    again = take(data_copy, "running-year-2026.csv")
    assert again.known == 11 and not again.changes


def test_an_acceptance_that_nothing_needs_is_refused(data_copy: Path) -> None:
    lines = refused(data_copy, "running-year-2026.csv", accept={"chongqing.nowhere": "why not"})
    assert lines[0].startswith("--accept chongqing.nowhere: no implausible row has this id")
