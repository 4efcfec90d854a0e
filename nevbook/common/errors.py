"""The errors that nevbook raises: one family, each message says what would do."""

from __future__ import annotations

import difflib
import errno
from collections.abc import Iterable


class NevbookError(Exception):
    """Base of every error that a user of nevbook can meet."""


class UsageError(NevbookError):
    """Wrong words on the command line."""


class PlaceError(UsageError):
    """A place to write that holds something else, or cannot be written to."""


class ChoiceError(UsageError):
    """A name (year, region, indicator, parameter, ...) that is not known here."""


class DataError(NevbookError):
    """The dataset holds something that cannot be right."""


class BasisError(NevbookError):
    """An attempt to combine values that are counted in different ways."""


class ChapterError(NevbookError):
    """A chapter failed while it was executed."""


class BuildError(NevbookError):
    """The book could not be built or published."""


_FULL, _FORBIDDEN = "free some space there, or write elsewhere", "change its permissions, or name another place"
_REMEDIES = {
    errno.ENOSPC: _FULL, errno.EDQUOT: _FULL, errno.EFBIG: _FULL, errno.EACCES: _FORBIDDEN, errno.EPERM: _FORBIDDEN,
    errno.EROFS: "name another place with --out, --to or --data", errno.ENAMETOOLONG: "choose a shorter name",
    errno.ENOENT: "see whether it is named rightly", errno.EMFILE: "allow more open files (ulimit -n)",
    errno.ENOMEM: "close other programs, or take fewer --jobs",
}  # fmt: skip


def of_system(error: OSError) -> str:
    """Return what the system refused as one sentence: where, what, and what would do."""
    if error.args and isinstance(error.args[0], list):  # of shutil, which collects
        where, what = error.args[0][0][0], error.args[0][0][-1]
    else:
        where, what = error.filename or error.filename2, error.strerror or str(error) or type(error).__name__
    remedy = _REMEDIES.get(error.errno or 0, "mend that, then run it again")
    return f"{where or 'this system'}: {str(what).rstrip('.')}; {remedy}."


# From which likeness on a word is near. Long ids are alike by chance; of a Chinese name, one sign is much.
_NEAR, _NEAR_LONG, _NEAR_ZH = 0.7, 0.8, 0.6


def nearest(word: str, known: Iterable[str], n: int = 3) -> list[str]:
    """Return the known words that look most like `word`, best first."""
    pool = {str(k).casefold(): str(k) for k in known}
    cutoff = _NEAR_ZH if not str(word).isascii() else _NEAR if len(str(word)) < 16 else _NEAR_LONG
    found = difflib.get_close_matches(str(word).casefold(), pool, n=n, cutoff=cutoff)
    return [pool[f] for f in found]


def unknown(what: str, word: object, known: Iterable[object], most: int = 12) -> ChoiceError:
    """Make the error for a word that is not known, with the choices."""
    names = [str(k) for k in known]
    close = nearest(str(word), names)
    hint = f" Did you mean {' or '.join(close)}?" if close else ""
    listed = ", ".join(names[:most]) + (f" and {len(names) - most} more" if len(names) > most else "")
    return ChoiceError(f"unknown {what} {word!r}.{hint} Known: {listed or 'none'}.")
