"""What an edition knows that the one before did not, from the day on which each row was recorded."""

from __future__ import annotations

import datetime as dt
from collections import Counter

import pytest

from nevbook.analysis.edition_changes import CORRECTED, OTHER, SOURCE, Changes, shown
from nevbook.data.dataset import load
from nevbook.data.models import Observation
from nevbook.report.book import Book
from nevbook.report.edition_view import EditionView
from nevbook.report.verdicts import why
from tests.conftest import Sheets

FIRST = "chongqing.nev_production.2024.level.people-cq-2025-01-21-stats"
EXPORTS = "vehicle_exports_units"


@pytest.fixture
def home(sheets: Sheets, monkeypatch: pytest.MonkeyPatch) -> Sheets:
    """The data in a book of two editions, the later one of a later day."""
    root = sheets.folder.parent
    (root / "_config.yml").write_text(
        "nevbook:\n  editions:\n"
        "  - {year: 2024, region: chongqing, as_of: 2026-11-22}\n"
        "  - {year: 2025, region: chongqing, as_of: 2027-02-15}\n",
        encoding="utf-8",
    )
    monkeypatch.chdir(root)
    return sheets


def again(sheets: Sheets, row: str, name: str, **cells: str) -> str:
    """Record a row once more, with other cells, on a later day."""
    rows = sheets.read("observations.csv")
    old = dict(zip(rows[0], rows[sheets.row_of("observations.csv", row) - 1], strict=True))
    sheets.append("observations.csv", old | {"id": name, "recorded": "2027-02-01"} | cells)
    return name


def lonely(period: str) -> Observation:
    """A figure of the region that one row alone tells."""
    rows = [r for r in load().observations if r.entity == "chongqing" and r.measure == "level" and r.outcome]
    told = Counter((r.indicator, r.period) for r in rows)
    return next(r for r in rows if r.period == period and r.qualifier == "=" and told[r.indicator, period] == 1)


def changes(sheets: Sheets, year: int = 2025) -> Changes:
    found = EditionView.open(year, data_dir=sheets.folder).changes
    assert found is not None
    return found


def named(found: tuple, row: str) -> list:
    return [c for c in found if any(q and q.observation and q.observation.id == row for q in (c.before, c.now))]


def test_a_year_of_new_data_goes_on_beside_the_year_before() -> None:
    found = EditionView.open(2025).changes
    assert found is not None and found.edition.year == 2024 and found.published
    step = next(s for s in found.steps if (s.now.indicator, s.now.entity) == (EXPORTS, "chongqing"))
    assert (step.before.period, step.now.period) == ("2024", "2025") and step.before.basis == step.now.basis
    # the growth that every page shows: the source's own, not one computed from two rounded levels
    assert step.change == EditionView.open(2025).growth(EXPORTS) and step.change.observation is not None
    assert found.new and not found.revised and not found.dropped
    told = {q.observation.id for q in shown(EditionView.open(2024).data).values() if q.observation}
    assert not any(c.now.observation.id in told for c in found.new if c.now and c.now.observation)


def test_what_was_not_published_is_said_to_stand_in() -> None:
    found = EditionView.open(2024).changes
    assert found is not None and not found.published and found.edition.year == 2023
    other = EditionView.open(2025, "anhui").changes
    assert other is not None and not other.published and other.edition.region == "anhui"
    first = min(load().editions("chongqing"))
    assert EditionView.open(first).changes is None


def test_a_later_revision_of_a_source_is_revised_with_both_values(home: Sheets) -> None:
    row = lonely("2023")
    name = again(home, row.id, "chongqing.made.up", value=f"{row.value * 1.1:g}")
    found = changes(home)
    assert not found.one_day and found.edition.as_of == dt.date(2026, 11, 22)
    (one,) = named(found.revised, name)
    assert (one.before.value, one.now.value, one.why) == (row.value, pytest.approx(row.value * 1.1, rel=1e-5), SOURCE)
    assert not named(found.new, name)
    old = EditionView.open(2024, data_dir=home.folder).level(row.indicator, period="2023", basis=row.basis)
    assert old is not None and old.value == row.value  # the edition of before the revision stays as it was


def test_a_better_source_is_revised_by_another(home: Sheets) -> None:
    press = next(
        r for r in load().observations
        if r.entity == "seres" and r.period == "2024" and r.kind == "stated" and r.measure == "level" and r.resolution
        and len(load().rows(r.indicator, r.entity)) == 1 and load().sources[r.source].tier != "official"
    )  # fmt: skip
    name = again(home, press.id, "seres.made.up", value=str(press.value * 1.5), source="people-cq-2025-01-21-stats")
    (one,) = named(changes(home).revised, name)
    assert one.why == OTHER and one.before.observation.id == press.id


def test_a_figure_of_an_earlier_year_found_later_is_new(home: Sheets) -> None:
    name = again(home, FIRST, "chongqing.made.up.2021", period="2021-05", value="12300")
    (one,) = named(changes(home).new, name)
    assert one.before is None and one.now.value == 12300
    assert not named(changes(home, 2024).new, name)  # an edition of before it was recorded does not know it


def test_a_correction_revises_and_an_exclusion_drops(home: Sheets) -> None:
    gone_row, other = lonely("2023"), lonely("2022")
    for row, action, value in ((gone_row, "exclude", ""), (other, "replace", f"{other.value * 2:g}")):
        cells = {"row": row.id, "action": action, "column": "value", "expected": f"{row.value:.15g}", "value": value,
                 "reason": "made up by the test", "recorded": "2027-01-10"}  # fmt: skip
        home.append("corrections.csv", cells)
    found = changes(home)
    (gone,) = named(found.dropped, gone_row.id)
    assert gone.now is None and gone.before.value == gone_row.value
    assert (gone.why, gone.reason) == (CORRECTED, "made up by the test")
    (mended,) = named(found.revised, other.id)
    assert (mended.before.value, mended.now.value, mended.why) == (other.value, other.value * 2, CORRECTED)
    book = Book(EditionView.open(2025, data_dir=home.folder))
    assert why(book, gone) == why(book, mended) == "corrected: made up by the test"


def test_a_new_row_that_cannot_fit_is_newly_in_conflict(home: Sheets) -> None:
    name = again(home, FIRST, "chongqing.made.up", value="1953200", source="ichongqing-2025-03-seed")
    found = changes(home)
    assert any(name in f.inputs for f in found.conflicts)
    before = {f.id for f in EditionView.open(2024, data_dir=home.folder).findings if f.verdict == "conflicts"}
    assert not before & {f.id for f in found.conflicts}
    assert not any(f.kind in ("target", "counting") for f in found.conflicts)


def test_months_never_go_on_a_year() -> None:
    found = EditionView.open(2026).changes
    assert found is not None and found.edition.year == 2025 and not found.steps


@pytest.mark.parametrize(("year", "region"), [(2024, "chongqing"), (2025, "anhui"), (2020, "chongqing")])
def test_no_figure_is_told_twice_and_none_is_lost(year: int, region: str) -> None:
    view = EditionView.open(year, region)
    found = view.changes
    assert found is not None
    fresh = [s.now for s in found.steps] + [c.now for c in found.new]
    kept = len(shown(view.data)) - len(fresh)
    assert len({q.observation.id for q in fresh}) == len(fresh) and kept >= len(found.revised)
