"""The tables of the package that rows are taken in for, and what their columns go by."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from nevbook.data.ingest.numbers import folded
from nevbook.data.names import also_named
from nevbook.data.package import open_package

DEFAULTS = {"measure": "level", "qualifier": "=", "kind": "stated"}
LOOKUP = "ids"  # the sheet of a template that lists what may be written
OPTIONS = ("basis", "source")  # columns that an option of the command may fill for all rows
_FILLED = ("recorded", "checked", "resolution", "language")  # can be derived where they are missing
_GROWTH_UNITS = {"yoy_growth": "percent", "yoy_change": "percentage_points"}


class Package:
    """The tables that rows are taken in for, as text."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.resources = open_package(folder).resources
        self._rows: dict[str, list[dict[str, str]]] = {}
        self._names: dict[str, dict[str, list[str]]] = {}
        self._ids: dict[str, set[str]] = {}

    def rows(self, table: str) -> list[dict[str, str]]:
        """Return the rows of a table."""
        if table not in self._rows:
            self._rows[table] = open_package(self.folder).rows(table)
        return self._rows[table]

    def fields(self, table: str) -> dict[str, dict]:
        """Return the columns of a table, as its schema declares them."""
        return {f["name"]: f for f in self.resources[table]["schema"]["fields"]}

    def points_at(self, table: str, column: str) -> str:
        """Return the table whose rows a column names, or nothing."""
        for key in self.resources[table]["schema"].get("foreignKeys", []):
            fields, there = ([k] if isinstance(k, str) else k for k in (key["fields"], key["reference"]["fields"]))
            if column == fields[0] and there[0] == "id":  # a key may also hold that names agree
                return key["reference"]["resource"] or table
        return ""

    def link(self, table: str) -> tuple[str, str] | None:
        """Return the table that links a table's rows to their sources, and its column for the row."""
        for name, resource in self.resources.items():
            first, *rest = [f["name"] for f in resource["schema"]["fields"]]
            if rest == ["source"] and self.points_at(name, first) == table:
                return name, first
        return None

    def names(self, table: str) -> dict[str, list[str]]:
        """Return the ids of a table by everything that they go by: id, names, title."""
        if table not in self._names:
            found: dict[str, list[str]] = {}
            for row in self.rows(table):
                for one in ("id", "name", "name_zh", "title"):
                    word = folded(row.get(one, "")).casefold()
                    if word and row["id"] not in found.setdefault(word, []):
                        found[word].append(row["id"])
            for name, one in also_named(self.folder, table):
                if one not in found.setdefault(folded(name).casefold(), []):
                    found[folded(name).casefold()].append(one)
            self._names[table] = found
        return self._names[table]

    def vocabulary(self) -> set[str]:
        """Return the characters of all Chinese names, by which the encoding of a file is told."""
        listed = [f.get("name_zh", "") for r in self.resources.values() for f in (r, *r["schema"]["fields"])]
        for table in ("indicators", "entities", "sources"):
            listed += [row.get(c, "") for row in self.rows(table) for c in ("name_zh", "title", "publisher")]
        return {c for text in listed for c in text if ord(c) > 0x2FFF}

    def ids(self, table: str) -> set[str]:
        """Return the ids of a table; empty where its rows have none."""
        if table not in self._ids:
            self._ids[table] = {r["id"] for r in self.rows(table) if "id" in r}
        return self._ids[table]

    def takes(self, table: str, rows: list[dict[str, str]]) -> None:
        """Let the names of new rows be known to the rows that follow."""
        self._rows[table] = [*self.rows(table), *rows]
        self._names.pop(table, None)
        self._ids.pop(table, None)

    def unit_of(self, row: Mapping[str, str]) -> str:
        """Return the unit in which a row's value stands, as its indicator and measure ask for it."""
        if row.get("measure") in _GROWTH_UNITS:
            return _GROWTH_UNITS[row["measure"]]
        if "indicators" not in self.resources:
            return ""
        return next((r["unit"] for r in self.rows("indicators") if r["id"] == row.get("indicator")), "")


def columns(package: Package, table: str, head: list[str]) -> tuple[list[str], list[str]]:
    """Read a header."""
    spelled: dict[str, str] = {}
    linked = {"source": package.fields("observations")["source"]} if package.link(table) else {}
    for name, declared in (package.fields(table) | linked).items():
        for one in (name, name.replace("_", " "), declared.get("name_zh", "")):
            if one:
                spelled[one.casefold()] = name
    known, strange = [], []
    for cell in head:
        whole = folded(cell).casefold()
        parts = [whole, *(p for p in re.split(r"[ /()|]+", whole) if p)]
        meant = {spelled[p] for p in parts if p in spelled}
        known.append(meant.pop() if len(meant) == 1 else "")
        if not known[-1] and whole:
            strange.append(cell)
    return known, strange


def named_table(package: Package, name: str) -> str:
    """Return the table whose name a sheet has, English or Chinese; empty where none has it."""
    word = folded(name).casefold()
    for table, resource in package.resources.items():
        if word and word in (table, table.replace("_", " "), resource.get("name_zh")):
            return table
    return ""


def table_of(package: Package, sheet: str, head: list[str]) -> str:
    """Tell which table a sheet is for: by its name, or by the columns that its header names."""
    if name := named_table(package, sheet):
        return name
    scores = {}
    for name in package.resources:
        known, strange = columns(package, name, head)
        must = {c for c in needed(package, name) if c not in filled(package, name)}
        given = set(known) - {""}
        scores[name] = 3 * len(given) - 3 * len(strange) + len(must & given) - len(must - given)
    best = max(scores, key=lambda n: scores[n])
    share = sum(1 for c in columns(package, best, head)[0] if c)
    return best if share * 2 >= len([h for h in head if h]) else ""


def filled(package: Package, table: str) -> tuple[str, ...]:
    """Return the columns that may be left out; an id is made only of rows that a source may revise."""
    fields = package.fields(table)
    usual = [c for c in DEFAULTS if DEFAULTS[c] in fields.get(c, {}).get("constraints", {}).get("enum", ())]
    return (*(("id",) if "revision" in package.resources[table] else ()), *_FILLED, *usual)


def needed(package: Package, table: str) -> list[str]:
    """Return the columns that no row may leave empty."""
    return [n for n, f in package.fields(table).items() if f.get("constraints", {}).get("required")]
