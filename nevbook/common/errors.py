"""The errors that nevbook raises: one family, each message says what would do."""

from __future__ import annotations

import difflib
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


def nearest(word: str, known: Iterable[str], n: int = 3) -> list[str]:
    """Return the known words that look most like `word`, best first."""
    pool = {str(k).casefold(): str(k) for k in known}
    found = difflib.get_close_matches(str(word).casefold(), pool, n=n, cutoff=0.55)
    return [pool[f] for f in found]


def unknown(what: str, word: object, known: Iterable[object], most: int = 12) -> ChoiceError:
    """Make the error for a word that is not known, with the choices."""
    names = [str(k) for k in known]
    close = nearest(str(word), names)
    hint = f" Did you mean {' or '.join(close)}?" if close else ""
    listed = ", ".join(names[:most]) + (f" and {len(names) - most} more" if len(names) > most else "")
    return ChoiceError(f"unknown {what} {word!r}.{hint} Known: {listed or 'none'}.")
