"""The dataset for those who reuse it: data package, JSON and SQLite, all with the same rows."""

from __future__ import annotations

import csv
import json
from pathlib import Path

from nevbook.analysis.markets.describe import describe
from nevbook.common.i18n import N_, gettext as _
from nevbook.data.dataset import Dataset
from nevbook.data.package import read_descriptor
from nevbook.data.tables import PACKAGE_FILE, Table
from nevbook.export.sqlite import METADATA, metadata, write_sqlite
from nevbook.export.tables import JSON_FOLDER, MARKETS, database_name, json_path, markets_of, tables

README = "README.txt"  # not .md: an export into a project must not take the place of its own
_README = N_("""\
# {title}

The same rows in three formats:

- CSV with `{package}`, a Frictionless Data Package: it describes each table, its types and keys;
- JSON, `json/TABLE.json`: a list of rows, an object each; what is missing is null;
- SQLite, `{database}`: the tables with their types, primary and foreign keys.

Observations are as their sources have them. The table of corrections says which of them the book corrects, \
how, and why.

The terms of each source are in the table of sources; our compilation is under the licence that `{package}` names.
""")
_README_MARKETS = N_("""
## Markets abroad

`markets/ID.json` holds all that is known of a market: facts by topic, sales, policy events, gaps, sources.
In `{database}` the views `market_facts` and `market_events` put it in tables, those of blocs with their
members of the time, as of the day in the table `edition`;
`datasette {database} --metadata {metadata}` shows it.
""")
_encoded = json.JSONEncoder(ensure_ascii=False, allow_nan=False).encode  # one for all rows: making it takes longer


def write_package(
    data: Dataset, data_dir: Path, out: Path, edition: dict[str, object] | None = None, found: list[Table] | None = None
) -> None:
    """Write the data package that an edition rests on."""
    out.mkdir(parents=True, exist_ok=True)
    descriptor = read_descriptor(data_dir)
    for table in found or tables(data, data_dir):
        target = out / table.resource["path"]
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("w", encoding="utf-8", newline="") as handle:
            writer = csv.DictWriter(handle, list(table.fields), lineterminator="\n")
            writer.writeheader()
            writer.writerows(table.rows.values())
    if edition:
        descriptor = {**descriptor, "nevbook": {**descriptor.get("nevbook", {}), "edition": edition}}
    text = json.dumps(descriptor, ensure_ascii=False, indent=2) + "\n"
    (out / PACKAGE_FILE).write_text(text, encoding="utf-8")
    named = {"package": PACKAGE_FILE, "database": database_name(descriptor), "metadata": METADATA}
    readme = _(_README, title=descriptor["title"], **named)
    if any(r["path"].startswith(MARKETS) for r in descriptor["resources"]):
        readme += _(_README_MARKETS, **named)
    (out / README).write_text(readme, encoding="utf-8")


def write_json(data: Dataset, data_dir: Path, out: Path, found: list[Table] | None = None) -> None:
    """Write each table as ``json/TABLE.json``: a list of rows, an object each; parameters as of `write_package`."""
    (out / JSON_FOLDER).mkdir(parents=True, exist_ok=True)
    for table in found or tables(data, data_dir):
        rows = ",\n".join(map(_encoded, table.typed()))
        (out / json_path(table.resource)).write_text(f"[\n{rows}\n]\n" if rows else "[]\n", encoding="utf-8")


def write_all(data: Dataset, data_dir: Path, out: Path, edition: dict[str, object] | None = None) -> list[Path]:
    """Write package, JSON and SQLite; parameters as of `write_package`."""
    found = tables(data, data_dir)
    write_package(data, data_dir, out, edition, found)
    write_json(data, data_dir, out, found)
    markets = markets_of(data, data_dir)
    if markets is not None:
        (out / MARKETS).mkdir(parents=True, exist_ok=True)
        for place in markets.places:
            text = json.dumps(describe(markets, place).as_dict(), ensure_ascii=False)
            (out / MARKETS / f"{place}.json").write_text(text + "\n", encoding="utf-8")
    (out / METADATA).write_text(metadata(read_descriptor(data_dir)), encoding="utf-8")
    return files(out, write_sqlite(data, data_dir, out, edition, found))


def files(out: Path, database: Path) -> list[Path]:
    """Return the files of an export, the description first."""
    resources = read_descriptor(out)["resources"]
    csvs, jsons = [out / r["path"] for r in resources], [out / json_path(r) for r in resources]
    return [out / PACKAGE_FILE, out / README, *csvs, *jsons, out / METADATA, database]
