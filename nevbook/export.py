"""The dataset for those who reuse it: data package, JSON and SQLite, all with the same rows.

Every table that ``datapackage.json`` declares is written, so a new table needs no line here.
"""

from __future__ import annotations

import csv
import functools
import json
import re
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from . import claims
from .database import METADATA, finish, write_metadata
from .datapackage import PACKAGE_FILE, read_descriptor, read_table
from .dataset import Dataset
from .errors import DataError
from .market_files import write_market_json
from .markets import Markets, declared, load_markets
from .words import word

README = "README.txt"  # not .md: an export into a project must not take the place of its own
JSON_FOLDER = "json"
MARKETS = "markets/"
_PAGE_SIZE = 4096
_SQL_TYPES = {"integer": "INTEGER", "year": "INTEGER", "boolean": "INTEGER", "number": "REAL"}
_CAST = ("integer", "year", "number", "boolean")
_TRUE = ("true", "True", "TRUE", "1")

_encoded = json.JSONEncoder(ensure_ascii=False, allow_nan=False).encode  # one for all rows: making it takes longer

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


def _names(fields: str | list[str]) -> tuple[str, ...]:
    return (fields,) if isinstance(fields, str) else tuple(fields)


def tables(data: Dataset, data_dir: Path) -> list[Table]:
    """Return the tables as an edition sees them.

    Parameters
    ----------
    data : Dataset
        As the edition sees it, or the whole of it.
    data_dir : Path
        Where the whole package is.

    Returns
    -------
    list of Table
        In the order of the package. Left out are the observations that the edition does not
        see, and the rows of other tables that refer to one of them.
    """
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
        elif data.as_of and table.resource["path"].startswith(MARKETS):
            later = [r for r in table.rows if r.get("recorded", "") > data.as_of.isoformat()]
            gone[table.name] = later
            table.rows[:] = [r for r in table.rows if r.get("recorded", "") <= data.as_of.isoformat()]
        if data.later and table.name in ("indicators", "entities"):
            gone[table.name] = [r for r in table.rows if (table.name, r["id"]) in data.later]
            table.rows[:] = [r for r in table.rows if (table.name, r["id"]) not in data.later]
    less = data.as_of is not None or any(gone.values())
    while any(gone.values()):
        gone = {t.name: _drop(t, gone) for t in found}
    if less:  # what only the rows left out had used would be a fault of the package
        _drop_unused(found)
    return found


def _drop_unused(found: list[Table]) -> None:
    """Take out the sources and ways of counting that no row of any table uses."""
    for name in ("sources", "bases"):
        table = next((t for t in found if t.name == name), None)
        if table is None:
            continue
        keys = [
            (user, _names(key["fields"]), _names(key["reference"]["fields"]))
            for user in found
            for key in user.resource["schema"].get("foreignKeys", [])
            if key["reference"]["resource"] == name
        ]
        used = {(wanted, tuple(r[f] for f in fields)) for user, fields, wanted in keys for r in user.rows}
        wanted_keys = {wanted for _, _, wanted in keys}
        table.rows[:] = [r for r in table.rows if any((w, tuple(r[f] for f in w)) in used for w in wanted_keys)]


def _drop(table: Table, gone: dict[str, list[dict[str, str]]]) -> list[dict[str, str]]:
    """Take out of a table the rows that refer to one that is gone, and return them."""
    out = []
    for key in table.resource["schema"].get("foreignKeys", []):
        target, wanted = key["reference"]["resource"] or table.name, _names(key["reference"]["fields"])
        lost = {tuple(r[f] for f in wanted) for r in gone.get(target, [])}
        out += [r for r in table.rows if tuple(r[f] for f in _names(key["fields"])) in lost]
        table.rows[:] = [r for r in table.rows if tuple(r[f] for f in _names(key["fields"])) not in lost]
    return out


def database_name(descriptor: dict) -> str:
    """Return the name of the SQLite file of a package."""
    return f"{descriptor['name']}.sqlite"


def json_path(resource: dict) -> str:
    """Return where the JSON of a table is, from the folder of the package."""
    return f"{JSON_FOLDER}/{resource['name']}.json"


def write_package(
    data: Dataset,
    data_dir: Path,
    out: Path,
    edition: dict[str, object] | None = None,
    found: list[Table] | None = None,
) -> None:
    """Write the data package that an edition rests on.

    Parameters
    ----------
    data : Dataset
        As the edition sees it.
    data_dir : Path
        Where the whole package is.
    out : Path
        Folder for the edition's package.
    edition : dict, optional
        Year, region and day of the edition; the descriptor names them.
    found : list of Table, optional
        From `tables`, where they are at hand.
    """
    out.mkdir(parents=True, exist_ok=True)
    descriptor = read_descriptor(data_dir)
    for table in found or tables(data, data_dir):
        target = out / table.resource["path"]
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("w", encoding="utf-8", newline="") as handle:
            writer = csv.DictWriter(handle, [f["name"] for f in table.fields], lineterminator="\n")
            writer.writeheader()
            writer.writerows(table.rows)
    if edition:
        descriptor["nevbook"] = {"edition": edition}
    text = json.dumps(descriptor, ensure_ascii=False, indent=2) + "\n"
    (out / PACKAGE_FILE).write_text(text, encoding="utf-8")
    readme = word("export.readme", title=descriptor["title"], package=PACKAGE_FILE, database=database_name(descriptor))
    if any(r["path"].startswith(MARKETS) for r in descriptor["resources"]):
        readme += word("export.readme.markets", database=database_name(descriptor), metadata=METADATA)
    (out / README).write_text(readme, encoding="utf-8")


def write_json(data: Dataset, data_dir: Path, out: Path, found: list[Table] | None = None) -> None:
    """Write each table as ``json/TABLE.json``: a list of rows, an object each; parameters as of `write_package`."""
    (out / JSON_FOLDER).mkdir(parents=True, exist_ok=True)
    for table in found or tables(data, data_dir):
        rows = ",\n".join(map(_encoded, table.typed))
        (out / json_path(table.resource)).write_text(f"[\n{rows}\n]\n" if rows else "[]\n", encoding="utf-8")


def markets_of(data: Dataset, data_dir: Path) -> Markets | None:
    """Return the market tables as an edition sees them; None where the package has none."""
    if not declared(data_dir):
        return None
    markets = load_markets(data_dir)
    return markets.as_seen(data.as_of) if data.as_of else markets


def _day(data: Dataset, markets: Markets | None) -> str:
    days = [r.recorded for r in data.observations]
    return (data.as_of or max([*days, *([markets.as_of] if markets else [])])).isoformat()


def write_sqlite(
    data: Dataset,
    data_dir: Path,
    out: Path,
    edition: dict[str, object] | None = None,
    found: list[Table] | None = None,
) -> Path:
    """Write all tables as one SQLite file, with the types and keys of the schema, and what `database` adds.

    Parameters
    ----------
    data, data_dir
        As of `write_package`.
    out : Path
        Folder of the edition's package.
    edition, found
        As of `write_package`.

    Returns
    -------
    Path
        The file. The same rows give the same bytes with the same version of SQLite.

    Raises
    ------
    DataError
        Where a row breaks a key of the schema.
    """
    out.mkdir(parents=True, exist_ok=True)
    path = out / database_name(read_descriptor(data_dir))
    part = path.with_suffix(".part")
    part.unlink(missing_ok=True)
    found, markets = found or tables(data, data_dir), markets_of(data, data_dir)
    unique = {t.name: _unique(t) for t in found}
    base = sqlite3.connect(part, isolation_level=None)
    try:
        base.execute(f"PRAGMA page_size = {_PAGE_SIZE}")
        base.execute("PRAGMA journal_mode = OFF")
        base.execute("BEGIN")
        for table in found:
            base.execute(_create(table, unique))
            gaps = ", ".join("?" * len(table.fields))
            base.executemany(
                f"INSERT INTO {_quoted(table.name)} VALUES ({gaps})", (tuple(r.values()) for r in table.typed)
            )
        base.execute("COMMIT")
        broken = base.execute("PRAGMA foreign_key_check").fetchone()
        base.execute("VACUUM")
        finish(base, markets, {"as_of": _day(data, markets)} | (edition or {}))
    except sqlite3.Error as error:
        raise DataError(f"{path.name} cannot be written: {error}. `nevbook check` lists every fault.") from None
    finally:
        base.close()
    if broken:
        part.unlink()
        raise DataError(
            f"{broken[0]}, row {broken[1] + 1}: refers to no row of {broken[2]}. `nevbook check` lists every fault."
        )
    part.replace(path)
    return path


def write_all(data: Dataset, data_dir: Path, out: Path, edition: dict[str, object] | None = None) -> list[Path]:
    """Write package, JSON and SQLite; parameters as of `write_package`.

    Returns
    -------
    list of Path
        Every file written, the description first.
    """
    found = tables(data, data_dir)
    write_package(data, data_dir, out, edition, found)
    write_json(data, data_dir, out, found)
    markets = markets_of(data, data_dir)
    if markets is not None:
        write_market_json(markets, out)
    write_metadata(read_descriptor(data_dir), out)
    return files(out, write_sqlite(data, data_dir, out, edition, found))


def files(out: Path, database: Path) -> list[Path]:
    """Return the files of an export, the description first."""
    resources = read_descriptor(out)["resources"]
    csvs, jsons = [out / r["path"] for r in resources], [out / json_path(r) for r in resources]
    return [out / PACKAGE_FILE, out / README, *csvs, *jsons, out / METADATA, database]


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _unique(table: Table) -> list[tuple[str, ...]]:
    """The sets of columns by which a row can be referred to; the primary key first."""
    schema = table.resource["schema"]
    found = [_names(schema["primaryKey"])] if schema.get("primaryKey") else []
    found += [_names(k) for k in schema.get("uniqueKeys", [])]
    found += [(f["name"],) for f in table.fields if f.get("constraints", {}).get("unique")]
    return list(dict.fromkeys(found))


def _create(table: Table, unique: dict[str, list[tuple[str, ...]]]) -> str:
    def listed(names: Iterable[str]) -> str:
        return ", ".join(map(_quoted, names))

    schema = table.resource["schema"]
    lines = []
    for field in table.fields:
        needed = " NOT NULL" if field.get("constraints", {}).get("required") else ""
        lines.append(f"{_quoted(field['name'])} {_SQL_TYPES.get(field['type'], 'TEXT')}{needed}")
    for place, key in enumerate(unique[table.name]):
        kind = "PRIMARY KEY" if not place and schema.get("primaryKey") else "UNIQUE"
        lines.append(f"{kind} ({listed(key)})")
    for key in schema.get("foreignKeys", []):
        target, there = key["reference"]["resource"] or table.name, _names(key["reference"]["fields"])
        # SQLite refers to unique columns only
        if any(set(there) == set(k) for k in unique.get(target, [])):
            lines.append(
                f"FOREIGN KEY ({listed(_names(key['fields']))}) REFERENCES {_quoted(target)} ({listed(there)})"
            )
    return f"CREATE TABLE {_quoted(table.name)} (\n  " + ",\n  ".join(lines) + "\n)"
