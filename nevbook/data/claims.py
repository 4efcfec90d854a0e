"""The claims of the article that the report starts from, each with what it rests on."""

from __future__ import annotations

from collections.abc import Collection, Container
from dataclasses import dataclass

from nevbook.common.errors import DataError, nearest

UNSEEN = "This edition does not see the figures that it rests on."  # beside the note of a claim in a package
SEPARATOR = ";"


@dataclass(frozen=True)
class Claim:
    """One claim; fields as in ``claims.csv``.

    Attributes
    ----------
    id : str
        Stays the same when claims are added.
    paragraph : int
        Of the article, from 1.
    claim : str
        What is claimed, in our words.
    kind : str
        ``figure``, ``comparison``, ``event``, ``plan`` or ``opinion``.
    observations : tuple of str
        Ids of the observations it rests on, the article's own first. An edition may not
        see all of them.
    chapter : str
        File stem of the chapter that discusses it.
    note : str
        What to know of it; may be empty.
    """

    id: str
    paragraph: int
    claim: str
    kind: str
    observations: tuple[str, ...]
    chapter: str
    note: str


def named(row: dict[str, str]) -> tuple[str, ...]:
    """Return the ids of the observations that a row of ``claims.csv`` names."""
    return tuple(row["observations"].split(SEPARATOR)) if row["observations"] else ()


def read_claim(row: dict[str, str], where: str, known: Collection[str]) -> Claim:
    """Make a claim of its row.

    Raises DataError where the paragraph is no number from 1 up, or an observation does not exist.
    """
    where = f"{where} ({row['id']})"
    try:
        paragraph = int(row["paragraph"])
    except ValueError:
        paragraph = 0
    if paragraph < 1:
        raise DataError(f"{where}: paragraph {row['paragraph']!r} is no number from 1 up.")
    for one in named(row):
        if one not in known:
            close = nearest(one, known, n=1)
            hint = f" Did you mean {close[0]}?" if close else ""
            raise DataError(f"{where}: observations.csv has no {one!r}.{hint}")
    return Claim(**{**row, "paragraph": paragraph, "observations": named(row)})


def seen_row(row: dict[str, str], seen: Container[str]) -> dict[str, str]:
    """Return a row of ``claims.csv`` with only the observations that an edition sees.

    A claim stays when its last observation goes; its note then says so.
    """
    left = [one for one in named(row) if one in seen]
    cut = {**row, "observations": SEPARATOR.join(left)}
    if named(row) and not left:
        cut["note"] = f"{row['note']} {UNSEEN}".strip()
    return cut
