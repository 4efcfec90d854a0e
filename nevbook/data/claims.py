"""The claims of the article that the report starts from, each with what it rests on."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass

from nevbook.data.tables import split

UNSEEN = "This edition does not see the figures that it rests on."  # beside the note of a claim in a package
SEPARATOR = ";"


@dataclass(frozen=True)
class Claim:
    """One claim of the article; `observations` are the ids of what it rests on, its own first."""

    id: str
    paragraph: int
    claim: str
    kind: str
    observations: tuple[str, ...]
    chapter: str
    note: str

    def __post_init__(self) -> None:
        if self.paragraph < 1:
            raise ValueError(f"paragraph {self.paragraph} is no number from 1 up")


def seen_row(row: dict[str, str], seen: Container[str]) -> dict[str, str]:
    """Return a row of ``claims.csv`` with only the observations that an edition sees; its note says if none."""
    names = split(row["observations"])
    left = [name for name in names if name in seen]
    cut = {**row, "observations": SEPARATOR.join(left)}
    if names and not left:
        cut["note"] = f"{row['note']} {UNSEEN}".strip()
    return cut
