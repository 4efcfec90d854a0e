"""One table of the package: its cells as text, with the types of its schema, or as objects of a class."""

from __future__ import annotations

import csv
import dataclasses
import datetime as dt
import functools
import io
import re
import stat
import typing
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from operator import attrgetter
from pathlib import Path
from typing import Any, TypeVar

from nevbook.common.errors import DataError
from nevbook.data.issues import Issue

PACKAGE_FILE = "datapackage.json"
LARGEST = 100_000_000  # bytes of a file
LONGEST = 32_767  # letters of a cell, as in a spreadsheet
# control characters, what turns the direction of a line, line separators, and what no text has
csv.field_size_limit(LARGEST)  # a longer cell is named by its row and column
UNSAFE = re.compile("[\0-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff0-\ufffb\ufffd-\uffff]")
# as every tool reads it; no figure needs more digits than this
NUMBER = re.compile(r"-?[0-9]{1,30}(\.[0-9]{1,30})?([eE][+-]?[0-9]{1,2})?")
# names of files and folders on every system; `index` is the list of the pages that bear the others' names
_NAME = re.compile(
    r"(?!(?i:con|prn|aux|nul|index|com\d|lpt\d)(?:\.|\Z))(?!.*\.\.)[A-Za-z0-9](?:[A-Za-z0-9_.-]{0,148}[A-Za-z0-9_-])?"
)
NAME_REMEDY = "write letters, digits, '_', '.' and '-' only, a letter or digit first; no device's name, nor 'index'"
_TRUE = ("true", "True", "TRUE", "1")
Cell = str | int | float | bool | None
Kind, Row = TypeVar("Kind"), TypeVar("Row")


def is_name(text: str) -> bool:
    """Whether an id, or the name of a table, can name a file and a page on every system."""
    return bool(_NAME.fullmatch(text))


def number(text: str) -> int | float:
    """Read a number; a whole one stays whole."""
    if not NUMBER.fullmatch(text):
        raise ValueError(f"{text!r} is no plain number")
    return int(text) if text.removeprefix("-").isdigit() else float(text)


def whole(text: str) -> int:
    """Read a whole number."""
    value = number(text)
    if value != int(value):
        raise ValueError(f"{text!r} is no whole number")
    return int(value)


@functools.lru_cache(maxsize=4096)
def day(text: str) -> dt.date:
    """Read a date; written otherwise than 2026-11-22 it is none."""
    try:
        found = dt.date.fromisoformat(text)
    except ValueError:
        found = None
    if found is None or found.isoformat() != text:
        raise ValueError(f"{text!r} is no date; write it as in 2026-11-22")
    return found


def split(text: str) -> tuple[str, ...]:
    """Read a list: its parts are set apart by ``;``."""
    return tuple(part.strip() for part in text.split(";")) if text else ()


def column_names(fields: str | list[str]) -> tuple[str, ...]:
    """Return the columns of a key; the schema may name a single one as text."""
    return (fields,) if isinstance(fields, str) else tuple(fields)


_TYPES: dict[str, Callable[[str], Cell]] = {  # of the schema; a date stays ISO 8601
    "integer": whole, "year": whole, "number": number, "boolean": lambda text: text in _TRUE,
}  # fmt: skip
_FORMS: dict[object, Callable[[str], object]] = {  # of a class's fields
    str: str, int: whole, float: lambda text: float(number(text)), dt.date: day, tuple[str, ...]: split,
    dt.date | None: lambda text: day(text) if text else None,
    float | None: lambda text: float(number(text)) if text else None,
}  # fmt: skip


@functools.cache
def _fields(kind: type) -> dict[str, tuple[str, Callable[[str], object]]]:
    """Column and form of each field that is read from a row; by the field's name."""
    hints = typing.get_type_hints(kind)
    read = [f for f in dataclasses.fields(kind) if f.init and f.metadata.get("column", f.name)]
    return {f.name: (f.metadata.get("column", f.name), _FORMS[hints[f.name]]) for f in read}


def read_row(kind: type[Kind], row: dict[str, str], **more: Callable[[dict[str, str]], object]) -> Kind:
    """Make an object of a row; `more` makes the fields that no column holds."""
    cells = {name: make(row) for name, make in more.items()}
    for name, (column, form) in _fields(kind).items():
        try:
            cells[name] = form(row[column])
        except ValueError as error:
            raise ValueError(f"{column} {error}") from None
    return kind(**cells)


def column(name: str | None, **more: Any) -> Any:
    """Make a dataclass's field that another column holds, or none."""
    return field(metadata={"column": name}, **more)


def columns_of(kind: type) -> tuple[str, ...]:
    """Return the columns that a class is read from."""
    return tuple(name for name, _ in _fields(kind).values())


def known(rows: Iterable[Row], as_of: Any, recorded: Callable[[Row], Any] = attrgetter("recorded")) -> list[Row]:
    """Return the rows that were recorded by a date: what an edition of that date may know."""
    return [row for row in rows if recorded(row) <= as_of]


@dataclass
class Table:
    """One table of the package, as text."""

    resource: dict[str, Any]  # as the description has it
    rows: dict[int, dict[str, str]] = field(default_factory=dict)  # by number, those with as many cells as the header
    issues: list[Issue] = field(default_factory=list)  # of the file, its form, its text and its ids
    readable: bool = False  # whether file and header are well, so that `rows` can be relied on
    torn: set[str] = field(default_factory=set)  # the cells of the rows that have another length

    @property
    def name(self) -> str:
        """Its name, in SQLite and in JSON too."""
        return self.resource["name"]

    @property
    def file(self) -> str:
        """Its file, from the folder of the package."""
        return self.resource["path"]

    @functools.cached_property
    def fields(self) -> dict[str, dict[str, Any]]:
        """The declared fields, by column, in order."""
        return {f["name"]: f for f in self.resource["schema"]["fields"]}

    @functools.cached_property
    def keys(self) -> list[tuple[tuple[str, ...], str, tuple[str, ...]]]:
        """The foreign keys: columns, the table that they refer to, its columns."""
        return [
            (column_names(key["fields"]), target.get("resource") or self.name, column_names(target["fields"]))
            for key in self.resource["schema"].get("foreignKeys", [])
            for target in [key["reference"]]
        ]

    def typed(self) -> Iterator[dict[str, Cell]]:
        """Return the rows with the types of the schema; what is missing is None."""
        forms = {name: _TYPES.get(declared.get("type", "string"), str) for name, declared in self.fields.items()}
        for row in self.rows.values():
            yield {name: forms[name](cell) if cell else None for name, cell in row.items()}

    def objects(self, kind: type[Kind], **more: Callable[[dict[str, str]], object]) -> list[Kind]:
        """Return the rows as objects of a dataclass; see `read_row`."""
        found = []
        for number, row in self.rows.items():
            try:
                found.append(read_row(kind, row, **more))
            except ValueError as error:
                raise self.error(number, error) from None
        return found

    def cell(self, number: int, column: str, form: Callable[[str], Kind]) -> Kind:
        """Read one cell; raises DataError that names it where it cannot be read."""
        try:
            return form(self.rows[number][column])
        except ValueError as error:
            raise self.error(number, f"{column} {error}") from None

    def error(self, number: int, problem: object) -> DataError:
        """Make the error that stops the loading at a row."""
        name = self.rows[number].get("id")
        where = f"{self.file}, row {number}" + (f" ({name})" if name else "")
        return DataError(f"{where}: {problem}. `nevbook check` lists every issue.")

    def issue(self, number: int, column: str, problem: str, remedy: str, *others: tuple[str, int]) -> Issue:
        """Make the issue of one cell; `others` are the rows that the problem refers to."""
        return Issue(self.file, number, column, self.rows[number][column], problem, remedy, others)

    def may_hold(self, word: str) -> bool:
        """Whether a row of another length has the word, where a lost quote may have swallowed it."""
        return any(word in cell for cell in self.torn)

    def known(self, as_of: dt.date | None) -> Table:
        """Return the table as of a date, of the rows that say when they were recorded."""
        if as_of is None or "recorded" not in self.fields:
            return self
        return self.with_rows(dict(known(self.rows.items(), as_of.isoformat(), lambda item: item[1]["recorded"])))

    def with_rows(self, rows: dict[int, dict[str, str]]) -> Table:
        """Return the table with other rows."""
        return dataclasses.replace(self, rows=rows)

    def where(self, keep: Callable[[dict[str, str]], bool]) -> Table:
        """Return the table with some of its rows."""
        return self.with_rows({number: row for number, row in self.rows.items() if keep(row)})


def file_problem(folder: Path, name: str) -> str:
    """Say why a file of the package must not be read; nothing where it may."""
    path = folder / name
    try:
        found = path.stat()
    except FileNotFoundError:
        return f"missing, but {PACKAGE_FILE} declares it"
    except (OSError, ValueError) as error:
        return f"cannot be read ({error})"
    if not stat.S_ISREG(found.st_mode):
        return "is no regular file"
    if not path.resolve().is_relative_to(folder.resolve()):
        return "is a link out of the folder"
    return f"is larger than {LARGEST // 1_000_000} MB" if found.st_size > LARGEST else ""


def read_csv(folder: Path, resource: dict[str, Any]) -> Table:
    """Read a table as text; what is wrong with its form, its text and its ids stands in its `issues`."""
    table = Table(resource)
    table.issues += _read_rows(table, folder)
    table.issues += _text_issues(table)
    return table


def _read_rows(table: Table, folder: Path) -> Iterator[Issue]:
    def broken(row: int | None, problem: str, remedy: str) -> Issue:
        return Issue(table.file, row, None, None, problem, remedy)

    if problem := file_problem(folder, table.file):
        yield broken(None, problem, "put the file there, or mend its path")
        return
    content = (folder / table.file).read_bytes()
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = error.object.count(b"\n", 0, error.start) + 1
        yield broken(row, f"not UTF-8 (byte 0x{error.object[error.start]:02x})", "save the file as UTF-8")
        return
    records = csv.reader(io.StringIO(text, newline=""))
    try:
        found, wanted = next(records, []), list(table.fields)
        if found != wanted:
            place = next((i for i, name in enumerate(wanted) if found[i : i + 1] != [name]), len(wanted))
            column = wanted[place] if place < len(wanted) else None
            value = found[place] if place < len(found) else None
            yield Issue(table.file, 1, column, value, "the header is not the declared one", f"write {','.join(wanted)}")
            return
        table.readable = True
        for number, cells in enumerate(records, start=2):
            if not any(cells):
                yield broken(number, "the row is empty", "remove it")
            elif len(cells) != len(wanted):
                table.torn.update(cells)
                hint = "put a cell with a comma in double quotes" if len(cells) > len(wanted) else "fill it up"
                yield broken(number, f"{len(cells)} cells where the header has {len(wanted)}", hint)
            else:
                table.rows[number] = dict(zip(wanted, cells, strict=True))
    except csv.Error as error:
        table.readable = False
        yield broken(len(table.rows) + 2, f"not CSV ({error})", "save the file as CSV with commas and double quotes")


def _text_issues(table: Table) -> Iterator[Issue]:
    """Cells that hold what no text should, and ids that could not name a file."""
    for number, row in table.rows.items():
        whole_row = "".join(row.values())
        if not whole_row.isprintable() or "\ufffd" in whole_row or len(whole_row) > LONGEST:
            for column, cell in row.items():
                if bad := UNSAFE.search(cell):
                    what = "a line break" if bad[0] in "\r\n" else f"the character U+{ord(bad[0]):04X}"
                    yield table.issue(number, column, f"holds {what}", "remove it; a cell is one line of plain text")
                elif len(cell) > LONGEST:
                    yield table.issue(number, column, f"holds {len(cell):,} letters", f"shorten it to {LONGEST:,}")
        if not is_name(row.get("id", "a")):
            yield table.issue(number, "id", "is no id" if row["id"] else "must not be empty", NAME_REMEDY)
