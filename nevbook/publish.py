"""Put a new book in the place of the old one: all of it, or nothing."""

from __future__ import annotations

import ctypes
import errno
import os
import shutil
import sys
from pathlib import Path

_AT_FDCWD = -100
_EXCHANGE = 2


def exchange(new: Path, old: Path) -> bool:
    """Exchange two directories in one step of the file system, where it can do that.

    Parameters
    ----------
    new, old : Path
        Both exist, on one file system.

    Returns
    -------
    bool
        False where the system has no such step; then nothing was changed.
    """
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
    """Make `new` the directory at `place`; what was there is removed afterwards.

    Parameters
    ----------
    new : Path
        The finished directory, on the same file system as `place`.
    place : Path
        Where it shall be.
    """
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
