"""Files: locks, and new things put in the place of old ones whole."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from nevbook.common import files
from nevbook.common.errors import BuildError
from nevbook.common.files import beside, locked, swap_in, whole


def folder(path: Path, text: str) -> Path:
    path.mkdir()
    (path / "page").write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("can_exchange", [True, False])
def test_a_folder_takes_the_place_of_another_whole(
    tmp_path: Path, can_exchange: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not can_exchange:
        monkeypatch.setattr(files, "exchange", lambda new, old: False)
    place = tmp_path / "html"
    for text in ("first", "second", "third", "fourth"):
        swap_in(folder(beside(place, "new"), text), place)
        assert (place / "page").read_text(encoding="utf-8") == text
        assert len(list(tmp_path.iterdir())) == 2 if place.is_symlink() else [place]  # nothing old is left
    assert place.is_symlink() is not can_exchange


def test_where_folders_cannot_be_exchanged_the_place_is_never_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "exchange", lambda new, old: False)
    place = tmp_path / "html"
    for text in ("first", "second"):
        swap_in(folder(beside(place, "new"), text), place)
    there: list[bool] = []

    def watched(act: Callable[[Path, Path], Path]) -> Callable[[Path, Path], Path]:
        def step(self: Path, target: Path) -> Path:
            there.append((place / "page").exists())
            done = act(self, target)
            there.append((place / "page").exists())
            return done

        return step

    monkeypatch.setattr(Path, "rename", watched(Path.rename))
    monkeypatch.setattr(Path, "replace", watched(Path.replace))
    swap_in(folder(beside(place, "new"), "third"), place)
    assert len(there) == 4 and all(there)


def test_what_is_new_is_on_the_disk_before_what_was_there_goes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place, told = tmp_path / "html", []

    def synced(where: Path) -> None:
        told.append((where.name, (place / "page").read_text(encoding="utf-8"), (beside(place, "new")).exists()))

    swap_in(folder(beside(place, "new"), "old"), place)
    monkeypatch.setattr(files, "_synced", synced)
    swap_in(folder(beside(place, "new"), "new"), place)
    assert told == [(".html.new", "old", True), (tmp_path.name, "new", True)]
    assert not beside(place, "new").exists()


def test_a_lock_is_one_s_own_and_leaves_nothing(tmp_path: Path) -> None:
    lock = tmp_path / "below" / "lock"
    with locked(lock, "busy here"):
        assert lock.exists()
        with pytest.raises(BuildError, match="busy here"), locked(lock, "busy here"):
            pass
        assert lock.exists()  # who was refused has not freed it
    assert not lock.exists()
    with locked(lock, "busy here"):
        pass


def test_a_file_that_is_not_finished_is_not_there(tmp_path: Path) -> None:
    path = tmp_path / "new" / "a.txt"
    with pytest.raises(ValueError), whole(path) as part:
        part.write_text("half")
        raise ValueError
    assert list(path.parent.iterdir()) == []
    with whole(path) as part:
        part.write_text("whole")
    assert [p.name for p in path.parent.iterdir()] == ["a.txt"]
