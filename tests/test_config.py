"""The settings: which editions are published, and as of when."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from nevbook import config
from nevbook.book import Book
from nevbook.config import Edition
from nevbook.errors import BuildError, ChoiceError

ROOT = Path(__file__).resolve().parents[1]


def settings(folder: Path, text: str) -> Path:
    (folder / "_config.yml").write_text(text, encoding="utf-8")
    return folder


def test_the_published_editions_are_read_oldest_first() -> None:
    listed = config.editions(ROOT)
    assert [e.year for e in listed] == [2024, 2025]
    assert all(e.region == "chongqing" and e.as_of == dt.date(2026, 11, 22) for e in listed)


def test_an_edition_of_another_region_has_a_folder_of_its_own() -> None:
    assert Edition(2025).path == "2025" and Edition(2025, "anhui").path == "anhui/2025"


def test_a_day_may_be_left_out_and_may_be_text(tmp_path: Path) -> None:
    root = settings(tmp_path, "nevbook:\n  editions:\n  - {year: 2024}\n  - {year: 2025, as_of: '2026-01-31'}\n")
    assert [e.as_of for e in config.editions(root)] == [None, dt.date(2026, 1, 31)]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("title: x\n", "names no edition"),
        ("nevbook:\n  editions:\n  - {region: anhui}\n", "edition 1 of nevbook: editions is no edition"),
        ("nevbook:\n  editions:\n  - {year: 2025, as_of: soon}\n", "edition 1"),
        ("nevbook:\n  editions:\n  - 2025\n", "edition 1"),
    ],
)
def test_a_wrong_setting_is_named(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(BuildError, match=said):
        config.editions(settings(tmp_path, text))


def test_the_day_is_that_of_the_book_that_is_built_even_for_data_elsewhere(
    tmp_path: Path, data_copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = tmp_path / "book"
    (root / "chapters").mkdir(parents=True)
    settings(root, "nevbook:\n  editions:\n  - {year: 2024, as_of: 2026-11-30}\n")
    monkeypatch.chdir(root / "chapters")
    assert Book(2024, data_dir=data_copy).as_of == dt.date(2026, 11, 30)
    assert Book(2025, data_dir=data_copy).as_of == dt.date(2026, 11, 22)  # not listed: the newest day recorded


def test_a_chapter_of_an_unknown_year_or_region_says_what_there_is() -> None:
    with pytest.raises(ChoiceError, match=r"unknown year 1999.*2024, 2025"):
        Book(1999)
    with pytest.raises(ChoiceError, match="Did you mean anhui"):
        Book(2025, "anhuy")
