"""The settings: which editions are published, and as of when."""

from __future__ import annotations

import datetime as dt
import math
from pathlib import Path

import pytest

from nevbook.common import config
from nevbook.common.config import Edition
from nevbook.common.errors import BuildError, ChoiceError
from nevbook.data.dataset import load
from nevbook.report.edition_view import EditionView
from tests.conftest import ROOT


def settings(folder: Path, text: str) -> Path:
    (folder / "_config.yml").write_text(text, encoding="utf-8")
    return folder


def test_the_published_editions_are_read_oldest_first() -> None:
    listed = config.editions(ROOT)
    assert [e.year for e in listed] == [2024, 2025]
    assert all(e.region == "chongqing" and e.as_of == dt.date(2026, 11, 25) for e in listed)


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
        ("nevbook:\n  edition:\n  - {year: 2025}\n", "unknown key 'edition'. Did you mean editions"),
        ("nevbook:\n  editions: {year: 2025}\n", "write a list"),
        ("nevbook: [2025]\n", "write editions: below it"),
        ("nevbook:\n  editions:\n  - {year: 2025, regoin: anhui}\n", "unknown key 'regoin'. Did you mean region"),
        ("nevbook:\n  editions:\n  - {year: 2025, as_off: 2026-11-22}\n", "Did you mean as_of"),
        ("nevbook:\n  editions:\n  - {year: 2025}\n  - {year: 2024.5}\n", "edition 2 .* has the year 2024.5"),
        ("nevbook:\n  editions:\n  - {year: true}\n", "has the year True"),
        ("nevbook:\n  editions:\n  - {year: 25}\n", "has the year 25"),
        ("nevbook:\n  editions:\n  - {year: 2025, region: 5}\n", "has the region 5"),
        ("nevbook:\n  editions:\n  - {year: 2025, as_of: 22.11.2026}\n", "as_of '22.11.2026', which is no day"),
        ("nevbook:\n  editions:\n  - {year: 2025, as_of: 20261122}\n", "as_of '20261122'"),
        ("nevbook:\n  editions:\n  - {year: 2025, as_of: '2026-W47-7'}\n", "which is no day"),
        ("nevbook:\n  editions:\n  - {year: 2025, as_of: 2026-11-22 10:00:00}\n", "which is no day"),
        ("nevbook:\n  editions:\n  - {year: 2025}\n  - {year: '2025'}\n", "edition 2 .* is 2025 once more"),
        ("nevbook: {editions: [\n", "not valid YAML"),
        ("", "is empty; write names with values"),
        ("- 1\n", "holds list; write names with values"),
        ("nevbook:\n  editions:\n  - {year: 2025, as_of: 2026-02-30}\n", "not valid YAML .day is out of range"),
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
    assert EditionView.open(2024, data_dir=data_copy).as_of == dt.date(2026, 11, 30)
    # an edition that is not listed: the newest day recorded
    newest = max(r.recorded for r in load(data_copy).observations)
    assert EditionView.open(2025, data_dir=data_copy).as_of == newest


def test_a_chapter_of_an_unknown_year_or_region_says_what_there_is() -> None:
    with pytest.raises(ChoiceError, match=r"unknown year 1999.*2024, 2025"):
        EditionView.open(1999)
    with pytest.raises(ChoiceError, match="Did you mean anhui"):
        EditionView.open(2025, "anhuy")
    with pytest.raises(ChoiceError, match="It is text; give it as a number"):
        EditionView.open("2025")  # type: ignore[arg-type]
    for odd in (True, 2025.0, None):
        with pytest.raises(ChoiceError, match="unknown year"):
            EditionView.open(odd)  # type: ignore[arg-type]


def test_what_a_chapter_asks_for_by_a_wrong_name_is_no_gap() -> None:
    view = EditionView.open(2025)
    for call, said in (
        (lambda: view.level("nev_prodution"), "Did you mean nev_production"),
        (lambda: view.level("nev_production", "chonqing"), "unknown entity 'chonqing'. Did you mean chongqing"),
        (lambda: view.level("vehicle_production", basis="registraton"), "Did you mean registration"),
        (lambda: view.series("vehicle_production", basis="registraton"), "Did you mean registration"),
        (lambda: view.stated("nev_production", "yoy_grwoth"), "Did you mean yoy_growth"),
        (lambda: view.level("nev_production", period="2025-13"), "'2025-13' is no period: write a year"),
        (lambda: view.called("serse"), "Did you mean seres"),
    ):
        with pytest.raises(ChoiceError, match=said):
            call()


def test_an_edition_of_before_its_figures_were_recorded_says_so(
    tmp_path: Path, data_copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings(tmp_path, "nevbook:\n  editions:\n  - {year: 2024, as_of: 2020-01-01}\n")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ChoiceError, match="nothing of chongqing in 2024 was recorded by 2020-01-01.*2026-11-22"):
        EditionView.open(2024, data_dir=data_copy)


def test_how_long_a_cell_may_take_is_jupyter_book_s_setting(tmp_path: Path) -> None:
    for text, limit in (("", config.TIMEOUT), ("execute: {timeout: 20}\n", 20), ("execute: {timeout: -1}\n", math.inf)):
        assert config.timeout(settings(tmp_path, f"title: x\n{text}")) == limit
    for text in ("soon", "0", "true"):
        with pytest.raises(BuildError, match="execute: timeout is .*; write seconds"):
            config.timeout(settings(tmp_path, f"title: x\nexecute: {{timeout: {text}}}\n"))
    assert config.settings(settings(tmp_path, "execute: {timeout: 20}\n"))["title"]
