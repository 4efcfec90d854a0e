"""What places and firms go by beside their own names: aliases of the dataset, and countries as CLDR names them."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from pathlib import Path

from nevbook.data.package import open_package

_TABLES = {"entities": "entity", "countries": "market"}


def also_named(folder: Path, table: str) -> Iterator[tuple[str, str]]:
    """Name further names of the rows of ``entities`` or ``countries``, each with the id."""
    package, column = open_package(folder), _TABLES.get(table, "")
    if column and "aliases" in package.resources:
        yield from ((row["alias"], row[column]) for row in package.rows("aliases") if row[column])
    if column and "countries" in package.resources:
        ids = {row["id"] for row in package.rows(table)}
        codes = {row["id"]: row["iso2"] for row in package.rows("countries") if row["iso2"]}
        yield from ((name, one) for one in ids & codes.keys() for name in _territory(codes[one]))


@functools.cache
def _territory(code: str) -> tuple[str, ...]:
    from babel import Locale

    return tuple(dict.fromkeys(n for language in ("en", "zh") if (n := Locale(language).territories.get(code))))
