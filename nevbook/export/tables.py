"""The tables of the package as an edition sees them, with the types of the schema."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from pathlib import Path

from nevbook.data import claims
from nevbook.data.dataset import Dataset
from nevbook.data.markets.dataset import Markets, declared, load_markets
from nevbook.data.package import read_descriptor, read_table

JSON_FOLDER = "json"
MARKETS = "markets/"
_CAST = ("integer", "year", "number", "boolean")
_TRUE = ("true", "True", "TRUE", "1")
Cell = str | int | float | bool | None


@dataclass(frozen=True)
class Table:
    """One table of the package.

    Attributes
    ----------
    resource : dict
        As ``datapackage.json`` describes it.
    rows : list of dict
        Text, as in the CSV file.
    """

    resource: dict
    rows: list[dict[str, str]]

    @property
    def name(self) -> str:
        """Its name, in SQLite and in JSON too."""
        return self.resource["name"]

    @property
    def fields(self) -> list[dict]:
        """Its columns."""
        return self.resource["schema"]["fields"]

    @functools.cached_property
    def typed(self) -> list[dict[str, Cell]]:
        """The rows with the types of the schema; what is missing is None."""
        missing = self.resource["schema"].get("missingValues", [""])
        cast = {f["name"]: f["type"] for f in self.fields if f["type"] in _CAST}
        found: list[dict[str, Cell]] = []
        for row in self.rows:
            cells: dict[str, Cell] = {k: None if v in missing else v for k, v in row.items()}
            for name, kind in cast.items():
                if cells[name] is not None:
                    cells[name] = _cast(str(cells[name]), kind)
            found.append(cells)
        return found


def _cast(text: str, kind: str) -> Cell:
    if kind in ("integer", "year"):
        return int(text)
    if kind == "number":
        return int(text) if re.fullmatch(r"-?\d+", text) else float(text)
    if kind == "boolean":
        return text in _TRUE
    return text  # a day stays ISO 8601


def column_names(fields: str | list[str]) -> tuple[str, ...]:
    """Return the columns of a key as a tuple; the schema may name a single one as text."""
    return (fields,) if isinstance(fields, str) else tuple(fields)


def tables(data: Dataset, data_dir: Path) -> list[Table]:
    """Return the tables as an edition sees them."""
    found = [Table(r, read_table(data_dir, r["name"])) for r in read_descriptor(data_dir)["resources"]]
    made = {(c.row, c.column) for c in data.corrections}
    # a row that a correction excludes stays in the package, as its source has it, with the correction
    seen = {r.id for r in data.observations} | {row for row, _ in made}
    gone: dict[str, list[dict[str, str]]] = {}
    for table in found:
        if table.name == "observations":
            gone[table.name] = [r for r in table.rows if r["id"] not in seen]
            table.rows[:] = [r for r in table.rows if r["id"] in seen]
        elif table.name == "corrections":
            table.rows[:] = [r for r in table.rows if (r["row"], r["column"]) in made]
        elif table.name == "claims":
            table.rows[:] = [claims.seen_row(r, seen) for r in table.rows]
        elif data.as_of:
            later = [r for r in table.rows if r.get("recorded", "") > data.as_of.isoformat()]
            gone[table.name] = later
            table.rows[:] = [r for r in table.rows if r.get("recorded", "") <= data.as_of.isoformat()]
        if data.later and table.name in ("indicators", "entities"):
            gone[table.name] = [r for r in table.rows if (table.name, r["id"]) in data.later]
            table.rows[:] = [r for r in table.rows if (table.name, r["id"]) not in data.later]
    _restore(found, gone)
    less = data.as_of is not None or any(gone.values())
    while any(gone.values()):
        gone = {t.name: _drop(t, gone) for t in found}
    if less:  # what only the rows left out had used would be an issue of the package
        _drop_unused(found, {(r.basis, r.indicator) for r in data.observations})
    return found


def _restore(found: list[Table], gone: dict[str, list[dict[str, str]]]) -> None:
    """Take back rows of a later day that a dated row of an earlier one refers to: they belong to what was known."""
    hidden = {name: rows for name, rows in gone.items() if name != "observations"}
    tables_by_name = {t.name: t for t in found}
    waiting = [t for t in found if any(f["name"] == "recorded" for f in t.fields)]
    while waiting:
        table = waiting.pop()
        for key in table.resource["schema"].get("foreignKeys", []):
            target, wanted = key["reference"]["resource"] or table.name, column_names(key["reference"]["fields"])
            named = {tuple(r[f] for f in column_names(key["fields"])) for r in table.rows}
            back = [r for r in hidden.get(target, []) if tuple(r[f] for f in wanted) in named]
            if back:
                gone[target] = hidden[target] = [r for r in hidden[target] if r not in back]
                tables_by_name[target].rows.extend(back)
                waiting.append(tables_by_name[target])


def _drop_unused(found: list[Table], corrected: set[tuple[str, str]]) -> None:
    """Take out the sources and ways of counting that no row of any table uses, as it stands or as it is corrected."""
    for name in ("sources", "bases"):
        table = next((t for t in found if t.name == name), None)
        if table is None:
            continue
        keys = [
            (user, column_names(key["fields"]), column_names(key["reference"]["fields"]))
            for user in found
            for key in user.resource["schema"].get("foreignKeys", [])
            if key["reference"]["resource"] == name
        ]
        used = {(wanted, tuple(r[f] for f in fields)) for user, fields, wanted in keys for r in user.rows}
        wanted_keys = {wanted for _, _, wanted in keys}
        table.rows[:] = [
            r
            for r in table.rows
            if any((w, tuple(r[f] for f in w)) in used for w in wanted_keys)
            or (name == "bases" and (r["id"], r["indicator"]) in corrected)
        ]


def _drop(table: Table, gone: dict[str, list[dict[str, str]]]) -> list[dict[str, str]]:
    """Take out of a table the rows that refer to one that is gone, and return them."""
    out = []
    for key in table.resource["schema"].get("foreignKeys", []):
        target, wanted = key["reference"]["resource"] or table.name, column_names(key["reference"]["fields"])
        lost = {tuple(r[f] for f in wanted) for r in gone.get(target, [])}
        out += [r for r in table.rows if tuple(r[f] for f in column_names(key["fields"])) in lost]
        table.rows[:] = [r for r in table.rows if tuple(r[f] for f in column_names(key["fields"])) not in lost]
    return out


def database_name(descriptor: dict) -> str:
    """Return the name of the SQLite file of a package."""
    return f"{descriptor['name']}.sqlite"


def json_path(resource: dict) -> str:
    """Return where the JSON of a table is, from the folder of the package."""
    return f"{JSON_FOLDER}/{resource['name']}.json"


def markets_of(data: Dataset, data_dir: Path) -> Markets | None:
    """Return the market tables as an edition sees them; None where the package has none."""
    if not declared(data_dir):
        return None
    markets = load_markets(data_dir)
    return markets.vintage(data.as_of) if data.as_of else markets
