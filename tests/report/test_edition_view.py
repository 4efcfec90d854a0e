"""A table of the package as an edition sees it: nothing recorded after its day, nothing of a later year."""

from __future__ import annotations

from pathlib import Path

import pytest

from nevbook.common.errors import DataError
from nevbook.common.periods import parse
from nevbook.report.edition_view import EditionView
from tests.conftest import Sheets

EVENT = {
    "entity": "chongqing",
    "theme": "policy",
    "what": "An event",
    "what_zh": "事件",
    "source": "zaker-2026-01-16-first-city",
    "locator": "paragraph 1",
}


@pytest.mark.parametrize(
    ("date", "recorded", "seen"),
    [
        ("2024-12-31", "2026-11-25", True),
        ("2024", "2026-11-25", True),
        ("2025-01", "2026-11-25", False),
        ("2024-12-31", "2026-11-26", False),
    ],
)
def test_an_edition_sees_rows_by_its_day_and_its_year(data_copy: Path, date: str, recorded: str, seen: bool) -> None:
    cells = EVENT | {"id": "event", "date": date, "recorded": recorded}
    Sheets(data_copy).append("milestones.csv", cells)
    found = EditionView.open(2024, data_dir=data_copy).table("milestones")
    assert ("event" in set(found["id"])) is seen
    assert found["date"].map(lambda d: parse(d).end).is_monotonic_increasing


def test_what_has_no_date_is_seen_from_the_year_of_its_source_on(data_copy: Path) -> None:
    sheets, source = Sheets(data_copy), "business-standard-2025-05-19-seres"
    sheets.edit("models.csv", sheets.row_of("models.csv", "aito_m9"), "launch", "")
    for published, seen in (("2025-05-19", False), ("2024-02", True), ("", False)):
        sheets.edit("sources.csv", sheets.row_of("sources.csv", source), "published", published)
        found = EditionView.open(2024, data_dir=data_copy).table("models")
        assert ("aito_m9" in set(found["id"])) is seen, published


def test_a_table_without_dates_is_seen_whole_and_one_that_is_none_is_refused() -> None:
    view = EditionView.open(2020)
    assert len(view.table("claims")) == len(view.data.claims)
    assert next(iter(view.table("models").columns)) == "id"
    with pytest.raises(DataError, match="no table 'milestone'"):
        view.table("milestone")


def test_what_is_dated_comes_oldest_first_one_for_a_period_and_none_of_a_later_year() -> None:
    found = EditionView.open(2024).dated("l2_penetration", "CHN")
    assert [q.period for q in found] == ["2020", "2021-05", "2021", "2022-01/2022-03", "2024"]
    assert EditionView.open(2025).dated("l2_penetration", "CHN")[-1].period == "2025-01/2025-09"
    assert EditionView.open(2025).dated("l2_penetration") == []
