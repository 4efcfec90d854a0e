"""The tables of the package as an edition sees them."""

from __future__ import annotations

from pathlib import Path

from nevbook.data.claims import seen_row
from nevbook.data.dataset import Dataset
from nevbook.data.markets.dataset import Markets, declared, load_markets
from nevbook.data.package import open_package
from nevbook.data.tables import Table

JSON_FOLDER = "json"
MARKETS = "markets/"


def tables(data: Dataset, data_dir: Path) -> list[Table]:
    """Return the tables as an edition sees them."""
    package = open_package(data_dir)
    whole = {name: package.table(name) for name in package.resources}
    corrected = {(c.row, c.column) for c in data.corrections}
    # a row that a correction excludes stays in the package, as its source has it, with the correction
    seen = {r.id for r in data.observations} | {row for row, _ in corrected}

    def sees(table: str, row: dict[str, str]) -> bool:
        if table == "observations":
            return row["id"] in seen
        return (row["row"], row["column"]) in corrected if table == "corrections" else True

    found = {
        name: table.known(data.as_of).where(lambda r, n=name: sees(n, r) and (n, r.get("id")) not in data.later)
        for name, table in whole.items()
    }
    _restore(found, whole)
    lost = {name: [r for n, r in whole[name].rows.items() if n not in table.rows] for name, table in found.items()}
    less = data.as_of is not None or any(lost.values())
    while any(lost.values()):
        before, lost = lost, {}
        for name, table in found.items():
            found[name] = _without(table, before)
            lost[name] = [r for n, r in table.rows.items() if n not in found[name].rows]
    if less:  # what only the rows left out had used would be an issue of the package
        for name in {"sources", "bases"} & found.keys():
            bases = {(r.basis, r.indicator) for r in data.observations} if name == "bases" else set()
            found[name] = _used(found[name], list(found.values()), bases)
    if "claims" in found:
        rows = found["claims"].rows
        found["claims"] = found["claims"].with_rows({n: seen_row(r, seen) for n, r in rows.items()})
    return list(found.values())


def _restore(found: dict[str, Table], whole: dict[str, Table]) -> None:
    """Take back rows of a later date that a dated row of an earlier one refers to: they belong to what was known."""
    waiting = [name for name, table in found.items() if "recorded" in table.fields]
    while waiting:
        referring = found[waiting.pop()]
        for mine, target, theirs in referring.keys:
            if target == "observations" or target not in found:
                continue
            named, kept = {tuple(r[c] for c in mine) for r in referring.rows.values()}, found[target].rows
            rows = whole[target].rows.items()
            back = {n: r for n, r in rows if n in kept or tuple(r[c] for c in theirs) in named}
            if len(back) > len(kept):
                found[target] = found[target].with_rows(back)
                waiting.append(target)


def _without(table: Table, lost: dict[str, list[dict[str, str]]]) -> Table:
    """Leave out the rows that refer to one that is lost."""
    for mine, target, theirs in table.keys:
        if keys := {tuple(r[c] for c in theirs) for r in lost.get(target, ())}:
            table = table.where(lambda r, mine=mine, keys=keys: tuple(r[c] for c in mine) not in keys)
    return table


def _used(table: Table, found: list[Table], corrected: set[tuple[str, str]]) -> Table:
    """Leave only the rows to which some row of any table refers, as it stands or as it is corrected."""
    keys = [(t, mine, theirs) for t in found for mine, target, theirs in t.keys if target == table.name]
    used = {(theirs, tuple(r[c] for c in mine)) for t, mine, theirs in keys for r in t.rows.values()}
    columns = {theirs for _, _, theirs in keys}
    used |= {(("id", "indicator"), key) for key in corrected}
    return table.where(lambda r: any((c, tuple(r[name] for name in c)) in used for c in columns))


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
