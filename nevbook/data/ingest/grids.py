"""Rows of text as a file holds them, before anyone asks what its columns mean."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field

from nevbook.common.errors import DataError
from nevbook.data.issues import Issue

MOST_ROWS, MOST_COLUMNS = 100_000, 500
_LONGEST = 32_767  # characters that a cell of a spreadsheet holds
_HIDDEN = ("Cc", "Cf", "Co", "Cs", "Cn")  # categories of characters that nobody sees
_BREAKS = re.compile(r"\s*[\r\n\t\x0b\x0c\x85\u2028\u2029]+\s*")


@dataclass
class Grid:
    """One sheet of a file, as text."""

    file: str  # as messages name it; with the sheet's name where the file has sheets
    name: str = ""  # of the sheet; empty for CSV
    rows: list[tuple[int, list[str]]] = field(default_factory=list)  # the rows that are not empty, by number
    issues: list[tuple[int, int, Issue]] = field(default_factory=list)  # row, column, and what is wrong there
    remarks: list[str] = field(default_factory=list)  # what the reader of the file had to decide

    def add(self, number: int, texts: list[str]) -> None:
        """Take in a row, unless it is empty."""
        if not any(text.strip() for text in texts):
            return
        if len(self.rows) == MOST_ROWS:
            raise DataError(f"{self.file}: more than {MOST_ROWS:,} filled rows; hand in a part of them at a time.")
        if beyond := next((n for n, text in enumerate(texts[MOST_COLUMNS:], MOST_COLUMNS) if text.strip()), 0):
            raise DataError(f"{self.file}: holds something in column {letter(beyond)}; keep to {MOST_COLUMNS} columns.")
        del texts[MOST_COLUMNS:]
        for place, text in enumerate(texts):
            texts[place] = text = _BREAKS.sub(" ", text).strip()
            if len(text) > _LONGEST:
                problem = f"holds {len(text):,} characters, more than a cell of a spreadsheet can"
                texts[place] = text = text[:_LONGEST]  # which nothing need read to its end
                self.refuse(number, place, text, problem, "write what the column asks for")
            elif not text.isascii() and (strange := next(filter(_strange, text), "")):
                self.refuse(number, place, text, *_named(strange))
            elif not text.isprintable() and text.isascii():
                self.refuse(number, place, text, *_named(next(c for c in text if not c.isprintable())))
        self.rows.append((number, texts))

    def refuse(self, number: int, place: int, value: str, problem: str, remedy: str) -> None:
        """Tell what is wrong with a cell."""
        self.issues.append((number, place, Issue(self.file, number, letter(place), value, problem, remedy)))

    def remark(self, number: int, place: int, text: str) -> None:
        """Tell what had to be decided about a cell."""
        self.remarks.append(f"{self.file}, {letter(place)}{number}: {text}.")

    def locator(self, number: int, place: int) -> str:
        """Name a cell as a spreadsheet does: ``Sheet1!C5``."""
        return f"{self.name}!{letter(place)}{number}" if self.name else f"{letter(place)}{number}"


@dataclass(frozen=True, slots=True)
class Line:
    """The cells of one row of a table, in the order of its header."""

    number: int  # of the row in the file
    cells: list[str]  # as many as the header has
    names: dict[str, str] = field(default_factory=dict)  # what the file calls a column, if not as the header here


@dataclass
class Sheet:
    """A table: a header, and the rows below it."""

    file: str  # as of the grid
    name: str = ""
    head: list[str] = field(default_factory=list)  # what the columns are called
    head_row: int = 1  # the header's row in the file
    printed: bool = False  # whether it is laid out for readers: what stands once holds for the rows below
    rows: list[Line] = field(default_factory=list)  # the rows of the table
    issues: list[Issue] = field(default_factory=list)  # rows and cells that cannot be read
    remarks: list[str] = field(default_factory=list)  # what was decided, and what was not read


def letter(place: int) -> str:
    """Name a column as a spreadsheet does: A, B, ... AA."""
    name = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        name = chr(65 + rest) + name
    return name


def _strange(character: str) -> bool:
    return character == "\ufffd" or unicodedata.category(character) in _HIDDEN


def _named(character: str) -> tuple[str, str]:
    code = f"U+{ord(character):04X}"
    name = unicodedata.name(character, "a control character")
    if character == "\ufffd":
        return f"holds {code}, which stands for a character that was lost", "write what the source has there"
    return f"holds {code} ({name.lower()}), which nobody sees", "write the text anew, without it"
