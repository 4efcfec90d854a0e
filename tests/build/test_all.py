"""Every edition in one command: as each alone, and those that fail left out by name."""

from __future__ import annotations

from pathlib import Path

import pytest

from nevbook.cli.main import main
from tests.build.test_pipeline import checksums, instead, small_book
from tests.conftest import nevbook


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small_book(tmp_path_factory.mktemp("all") / "book")


@pytest.mark.slow
def test_an_edition_that_fails_is_named_and_the_others_are_published(root: Path, tmp_path: Path) -> None:
    choice = ("--years", "2023-2024", "--regions", "chongqing,anhui")
    opened = '"view, book = open_edition('
    assert opened in (root / "chapters" / "output.ipynb").read_text(encoding="utf-8")
    with instead(root / "chapters" / "output.ipynb", opened, '"1 / (year - 2023)\\n' + opened[1:]):
        done = nevbook(root, "build", "--all", *choice, "--out", str(tmp_path / "some"))
    assert done.returncode == 1
    said = done.stderr.splitlines()
    assert said[0] == "nevbook: 2 of 4 editions failed, the others are published:" and len(said) == 3
    for line, edition in zip(sorted(said[1:]), ("2023", "anhui/2023"), strict=True):
        assert line.startswith(f"{edition}: output.ipynb, cell ")
        assert line.endswith("ZeroDivisionError: division by zero")
    found = {p.parent.relative_to(tmp_path / "some").as_posix() for p in (tmp_path / "some").rglob("output.html")}
    assert found == {"2024", "anhui/2024"}

    assert nevbook(root, "build", "--all", *choice, "--out", str(tmp_path / "all")).returncode == 0
    assert nevbook(root, "build", "--year", "2024", "--out", str(tmp_path / "one")).returncode == 0
    assert (
        checksums(tmp_path / "all" / "2024")
        == checksums(tmp_path / "one" / "2024")
        == checksums(tmp_path / "some" / "2024")
    )


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--all", "--year", "2024"], "with --all write --years and --regions"),
        (["--years", "2024-2020"], "'2024-2020' is no span of years: write 2020-2024"),
        (["--years", "1950-1960"], "no edition can be told of the years 1950 to 1960"),
        (["--regions", "anhuy"], "Did you mean anhui?"),
    ],
)
def test_a_choice_that_is_none_is_refused(words: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["build", *words]) == 2
    assert said in capsys.readouterr().err
