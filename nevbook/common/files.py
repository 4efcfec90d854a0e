"""Files: which places a command may write to, locks, and new things put in the place of old ones whole."""

from __future__ import annotations

import contextlib
import ctypes
import errno
import fcntl
import hashlib
import json
import os
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from nevbook.common.config import CONFIG, PACKAGE
from nevbook.common.errors import BuildError, PlaceError

# What a folder holds that a command of ours wrote; any other that holds something is left alone.
_OURS = {
    "book": ("a published book", ("index.html", "editions.js")),
    "export": ("an export", ("datapackage.json", "datasette.json", "json")),
    "course": ("a course", ("course.json", "student")),
    "site": ("a published book", ()),  # the default place of the book, where other tools build too: what is there goes
}
_KEPT = ("data", "chapters", "nevbook", "tests", "docs", ".git", ".venv")  # of a repository: never written into


def digest(*parts: str | bytes) -> str:
    """Return one hash of several parts; where one ends and the next begins counts too."""
    out = hashlib.sha256()
    for part in parts:
        raw = part.encode() if isinstance(part, str) else part
        out.update(len(raw).to_bytes(8, "big"))
        out.update(raw)
    return out.hexdigest()


def writable_place(path: str | Path, kind: str, *kept: Path) -> Path:
    """Return where a command may write a `kind`: new, empty, or written by it before; else raise PlaceError."""
    place = Path(path).expanduser().absolute()
    what = "a new file" if kind == "file" else f"a new or an empty folder, or one that holds {_OURS[kind][0]}"
    try:
        real = place.parent.resolve() / place.name if _swapped(place) else place.resolve()
        fault = _fault(real, kind, [k.resolve() for k in kept])
    except (OSError, RuntimeError, ValueError) as error:  # a circle of links, a name too long, a NUL
        raise PlaceError(f"{place}: {getattr(error, 'strerror', None) or error}; name {what}.") from None
    if fault:
        kind_of_error = BuildError if kind == "site" else PlaceError  # the default place is no word of anybody's
        raise kind_of_error(f"{place}: {fault}; name {what}. Nothing was changed.")
    return real


def _fault(real: Path, kind: str, kept: list[Path]) -> str:
    here = Path.cwd()
    roots = [PACKAGE.parent.resolve(), *(f for f in (here, *here.parents, *real.parents) if (f / CONFIG).is_file())]
    for own in (*kept, *roots, *(r / name for r in roots for name in _KEPT)):
        if real == own or own.is_relative_to(real):
            return f"holds {own}, which is kept" if real != own else "is kept as it is: the book is made from it"
        if real.is_relative_to(own) and own not in roots:
            return f"is in {own}, which is kept as it is"
    above = next(p for p in real.parents if p.exists())
    if not above.is_dir():
        return f"{above} is a file"
    if kind == "file" and real.exists():
        return "exists already"
    if real.exists() and not real.is_dir():
        return "is a file"
    if not writable(real):
        return "cannot be written to" if real.exists() else f"{above} cannot be written to"
    if not real.exists():
        return ""
    what, marks = _OURS[kind]
    if any(real.iterdir()) and not all((real / name).exists() for name in marks):
        return f"holds something else than {what}"
    if kind == "book" and (hidden := sorted(p.name for p in real.iterdir() if p.name.startswith("."))):
        return f"holds {hidden[0]}, which is not the book's"
    return ""


def writable(place: Path) -> bool:
    """Whether a folder can be written to, or made."""
    above = next(p for p in (place, *place.parents) if p.exists())
    return above.is_dir() and os.access(above, os.W_OK | os.X_OK)


_REFUSED = (8, 10, 13, 14)  # SQLITE_READONLY, _IOERR, _FULL, _CANTOPEN


@contextlib.contextmanager
def writing(place: Path) -> Iterator[None]:
    """Have the error name a place that the system refuses to write to: that of a full disk names none."""
    try:
        yield
    except OSError as error:
        error.filename = error.filename or str(place)
        raise
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode & 0xFF not in _REFUSED:
            raise
        raise OSError(errno.EIO, str(error), str(place)) from error


@contextlib.contextmanager
def whole(path: Path) -> Iterator[Path]:
    """Give a place to write a file; it takes its own when it is finished, so that none is seen half."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with writing(path):
            yield part
            part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def write_whole(path: Path, content: str | bytes) -> None:
    """Write a file: a reader who asks meanwhile gets the old one."""
    with whole(path) as part:
        part.write_bytes(content.encode() if isinstance(content, str) else content)


def exchange(new: Path, old: Path) -> bool:
    """Exchange two directories in one step of the file system, where it can do that."""
    libc = ctypes.CDLL(None, use_errno=True)
    at = (-100,)  # AT_FDCWD
    for name, before in (("renameat2", at), ("renamex_np", ())):  # Linux, macOS; the flag is 2 on both
        step = getattr(libc, name, None)
        if step is None:
            continue
        if step(*before, os.fsencode(new), *before, os.fsencode(old), 2) == 0:
            return True
        code = ctypes.get_errno()
        if code not in (errno.EINVAL, errno.ENOSYS, errno.ENOTSUP):
            raise OSError(code, os.strerror(code), str(old))
    return False


def beside(place: Path, what: str) -> Path:
    """Return a hidden name next to a place, ours to write and to remove."""
    return place.with_name(f".{place.name}.{what}")


def _swapped(place: Path) -> bool:
    """Whether a place is a link that `swap_in` made."""
    return place.is_symlink() and os.readlink(place).startswith(f".{place.name}.")


def swap_in(new: Path, place: Path) -> None:
    """Make the folder `new` the one at `place`, by a link where folders cannot be exchanged."""
    place.parent.mkdir(parents=True, exist_ok=True)
    _synced(new)
    if not place.exists() and not place.is_symlink():
        new.rename(place)
        old = None
    elif place.is_dir() and not place.is_symlink() and exchange(new, place):
        old = new
    else:
        old = place.parent / os.readlink(place) if place.is_symlink() else beside(place, "old")
        if not place.is_symlink():
            shutil.rmtree(old, ignore_errors=True)
        target = new.rename(beside(place, f"{new.stat().st_ino:x}"))
        link = beside(place, "link")
        link.unlink(missing_ok=True)
        link.symlink_to(target.name)
        if not place.is_symlink():
            place.rename(old)
        link.replace(place)
    _synced(place.parent)
    if old is not None:
        shutil.rmtree(old, ignore_errors=True)  # published is published: what stays is removed the next time


def _synced(folder: Path) -> None:
    """Wait until the file system has written all it was given: file by file takes a hundred times as long."""
    sync = getattr(ctypes.CDLL(None), "syncfs", None)
    if sync is None:
        os.sync()
        return
    place = os.open(folder, os.O_RDONLY)
    try:
        sync(place)
    finally:
        os.close(place)


@contextlib.contextmanager
def locked(lock: Path, busy: str) -> Iterator[None]:
    """Hold a lock, a file that is there as long; raises BuildError(`busy`) for who comes second."""
    lock.parent.mkdir(parents=True, exist_ok=True)
    with contextlib.ExitStack() as stack:
        while True:
            handle = stack.enter_context(lock.open("a+"))
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise BuildError(busy) from None
            except OSError:  # a file system without locks: on without one
                break
            with contextlib.suppress(FileNotFoundError):
                if lock.stat().st_ino == os.fstat(handle.fileno()).st_ino:
                    break  # else whoever held it has removed it meanwhile
        try:
            yield
        finally:
            lock.unlink(missing_ok=True)


def read_regular(path: Path) -> bytes:
    """Read a file; a pipe or a device, which may never end, is refused as the system refuses a folder."""
    if path.exists() and not (path.is_file() or path.is_dir()):
        raise OSError(errno.EINVAL, "it is no regular file", str(path))
    return path.read_bytes()


def read_json(path: Path) -> dict:
    """Read a JSON object; an empty one where there is none."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}


def write_json(path: Path, content: dict) -> None:
    """Write a JSON object, whole."""
    write_whole(path, json.dumps(content, indent=1, sort_keys=True) + "\n")
