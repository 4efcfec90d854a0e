"""An issue of the data: its place as data, what is wrong, what would do."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from nevbook.common.errors import nearest

OTHER = "{0}"  # in a problem: the row that it refers to; a second one is {1}
_LONGEST = 80


@dataclass(frozen=True)
class Issue:
    """One thing that is wrong with the data."""

    file: str  # as the data package names it
    row: int | None  # as a spreadsheet counts, the header being row 1; None if the issue is of the file
    column: str | None
    value: str | None
    problem: str
    remedy: str
    others: tuple[tuple[str, int], ...] = ()  # file and number of the rows that the problem refers to

    def __str__(self) -> str:
        row = None if self.row is None else f"row {self.row}"
        where = ", ".join(part for part in (self.file, row, self.column) if part is not None)
        shown = self.value
        if shown is not None and len(shown) > _LONGEST:
            shown = f"{shown[: _LONGEST - 20]}…{shown[-19:]}"
        value = "" if shown is None else f": {shown!r}"
        problem = self.problem
        for place, (file, number) in enumerate(self.others):
            problem = problem.replace(f"{{{place}}}", f"row {number}" + (f" of {file}" if file != self.file else ""))
        return printable(f"{where}{value} — " + " ".join(f"{problem}; {self.remedy}".split()))


def printable(text: str) -> str:
    """Write what a terminal would obey, and what turns the direction of a line, as its code."""
    return "".join(c if c.isprintable() else repr(c)[1:-1] for c in text)


@lru_cache(maxsize=4096)
def near(word: str, known: tuple[str, ...]) -> tuple[str, ...]:
    """Return the known ids most like `word`; kept, for one mistake often stands in many rows."""
    return tuple(nearest(word, known))


def either(words: Iterable[str]) -> str:
    """Join choices: a, b or c."""
    *most, last = words
    return f"{', '.join(most)} or {last}" if most else last
