"""Places to write: what is not a command's own is refused by name, and nothing of it changes."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

import pytest

from nevbook.cli.main import main
from nevbook.common.config import PACKAGE
from nevbook.common.errors import PlaceError
from nevbook.common.files import writable_place
from tests.conftest import copy_book


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the book, with places around it where a command must not write."""
    around = tmp_path_factory.mktemp("around")
    root = copy_book(around / "book")
    (root / ".git").mkdir()
    (root / ".git" / "HEAD").write_text("ref: refs/heads/main\n")
    (root / "mine").mkdir()
    (root / "mine" / "thesis.txt").write_text("years of work")
    (root / "to_data").symlink_to("data")
    (root / "to_above").symlink_to("..")
    (root / "circle").symlink_to("circle")
    os.mkfifo(root / "pipe")
    published = around / "published"  # a book of ours that is somebody's repository too
    (published / ".git").mkdir(parents=True)
    for name in ("index.html", "editions.js", "CNAME"):
        (published / name).write_text("x")
    return root


DANGEROUS = {
    "the repository": ".",
    "its parent": "..",
    "the root of the machine": "/",
    "the dataset": "data",
    "inside the dataset": "data/markets/new",
    "the chapters": "chapters",
    "the package": str(PACKAGE),
    "the history": ".git",
    "a link to the dataset": "to_data",
    "a link to a parent": "to_above",
    "a link to itself": "circle",
    "a folder of somebody's": "mine",
    "a file": "README.md",
    "below a file": "README.md/site",
    "a pipe": "pipe",
    "a name too long": "x" * 300,
}
COMMANDS = {
    "build": ["build", "--year", "2025", "--out"],
    "pdf": ["pdf", "--year", "2025", "--out"],
    "export": ["export", "--to"],
    "course": ["course"],
}


def tree(folder: Path) -> dict[str, bytes | str]:
    """Everything in a folder: contents of files, targets of links."""
    found: dict[str, bytes | str] = {}
    for path in sorted(folder.rglob("*")):
        if "__pycache__" in path.parts:
            continue
        kind = os.readlink(path) if path.is_symlink() else "" if not path.is_file() else path.read_bytes()
        found[str(path.relative_to(folder))] = kind
    return found


@pytest.mark.parametrize("command", COMMANDS)
def test_no_command_writes_where_something_else_is(
    root: Path, command: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(root)
    before, package = tree(root.parent), tree(PACKAGE)
    assert len(before) > 100
    for what, place in DANGEROUS.items():
        assert main([*COMMANDS[command], place]) == 2, what
        said = capsys.readouterr().err
        assert said.startswith(f"nevbook: {Path(place).absolute()}: ") and said.count("\n") == 1, (what, said)
        assert "name a new or an empty folder" in said, what
    assert main(["build", "--out", "../published"]) == 2
    assert "holds .git, which is not the book's" in capsys.readouterr().err
    assert tree(root.parent) == before and tree(PACKAGE) == package


@pytest.mark.parametrize(
    "place", ["data/new.xlsx", "to_data/new.xlsx", "chapters/new.xlsx", "old.xlsx", "mine/old.xlsx"]
)
def test_a_template_takes_the_place_of_nothing(
    root: Path, place: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(root)
    for old in (root / "old.xlsx", root / "mine" / "old.xlsx"):
        old.write_text("somebody's")
    before = tree(root)
    assert main(["template", place]) == 2
    assert "name a new file" in capsys.readouterr().err
    assert tree(root) == before


def test_what_a_command_wrote_before_and_what_is_empty_is_taken(root: Path, tmp_path: Path) -> None:
    ours = {"book": ("index.html", "editions.js"), "export": ("datapackage.json", "datasette.json", "json"),
            "course": ("course.json", "student")}  # fmt: skip
    for kind, names in ours.items():
        place = tmp_path / kind
        assert writable_place(place, kind) == place
        place.mkdir()
        assert writable_place(place, kind) == place
        for name in names:
            with pytest.raises(PlaceError) if any(place.iterdir()) else contextlib.nullcontext():
                writable_place(place, kind)
            (place / name).write_text("")
        assert writable_place(place, kind) == place
        link = tmp_path / f"to_{kind}"
        link.symlink_to(place)
        assert writable_place(link, kind) == place
    assert writable_place(root / "out" / "site", "book") == root / "out" / "site"


def test_a_dataset_that_is_read_is_no_place_either(root: Path, tmp_path: Path) -> None:
    read = tmp_path / "figures"
    read.mkdir()
    for place in (read, read / "site", tmp_path):
        with pytest.raises(PlaceError, match=r"figures"):
            writable_place(place, "export", read)
