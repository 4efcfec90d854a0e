"""Put a new book in the place of the old one: all of it, or nothing."""

from __future__ import annotations

import contextlib
import ctypes
import errno
import fcntl
import hashlib
import json
import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

from nevbook.common.errors import BuildError


def digest(*parts: str | bytes) -> str:
    """Return one hash of several parts; where one ends and the next begins counts too."""
    out = hashlib.sha256()
    for part in parts:
        raw = part.encode() if isinstance(part, str) else part
        out.update(len(raw).to_bytes(8, "big"))
        out.update(raw)
    return out.hexdigest()


_AT_FDCWD = -100
_EXCHANGE = 2


def exchange(new: Path, old: Path) -> bool:
    """Exchange two directories in one step of the file system, where it can do that."""
    if not sys.platform.startswith("linux"):
        return False
    try:
        step = ctypes.CDLL(None, use_errno=True).renameat2
    except (OSError, AttributeError):
        return False
    if step(_AT_FDCWD, os.fsencode(new), _AT_FDCWD, os.fsencode(old), _EXCHANGE) == 0:
        return True
    code = ctypes.get_errno()
    if code in (errno.EINVAL, errno.ENOSYS, errno.ENOTSUP):
        return False
    raise OSError(code, os.strerror(code), str(old))


def swap_in(new: Path, place: Path) -> None:
    """Make `new` the directory at `place`; what was there is removed afterwards."""
    place.parent.mkdir(parents=True, exist_ok=True)
    if not place.exists() and not place.is_symlink():
        new.rename(place)
        return
    if place.is_symlink() or not place.is_dir():
        place.unlink()
        new.rename(place)
        return
    if not exchange(new, place):
        aside = place.with_name(place.name + ".old")
        shutil.rmtree(aside, ignore_errors=True)
        place.rename(aside)
        new.rename(place)
        new = aside
    shutil.rmtree(new)


@contextlib.contextmanager
def locked(lock: Path, folder: Path) -> Iterator[None]:
    """Hold the lock of a folder; a second build in it says so and stops."""
    lock.parent.mkdir(parents=True, exist_ok=True)
    with lock.open("a+") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise BuildError(f"another build is at work in {folder}; wait for it or stop it.") from None
        yield


def read_json(path: Path) -> dict:
    """Read a JSON object; an empty one where there is none."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}


def write_json(path: Path, content: dict) -> None:
    """Write a JSON object beside its place and rename it there."""
    part = path.with_suffix(".part")
    part.write_text(json.dumps(content, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    part.replace(path)
