"""Check the data: every issue at once, each with what would do."""

from __future__ import annotations

import itertools
from pathlib import Path

from nevbook.data.package import PACKAGE_FILE, data_folder
from nevbook.data.validation.claims import claim_faults
from nevbook.data.validation.corrections import correction_faults
from nevbook.data.validation.markets import market_faults
from nevbook.data.validation.observations import RULES, View, expected
from nevbook.data.validation.schema import Fault, read


def check(data_dir: Path | None = None) -> list[Fault]:
    """List everything that is wrong with the data.

    Raises DataError where the folder has no ``datapackage.json``. What the files hold raises nothing.
    """
    tables, faults = read(folder := data_folder(data_dir))
    if tables or not faults:
        faults += expected(tables)
        # a cell that the schema refuses is told of once
        spoiled = {(f.file, f.row, f.column) for f in faults if f.row}
        view = View(tables)
        own = (claim_faults(tables, folder.parent / "chapters"), correction_faults(tables), market_faults(tables))
        found = itertools.chain(*(rule(view) for rule in RULES), *own)
        faults += [f for f in found if (f.file, f.row, f.column) not in spoiled]
    files = [PACKAGE_FILE, *(t.file for t in tables.values())]
    columns = {t.file: list(t.fields) for t in tables.values()}

    def order(fault: Fault) -> tuple[int, int, int]:
        known = columns.get(fault.file, [])
        column = known.index(fault.column) if fault.column in known else -1
        return files.index(fault.file) if fault.file in files else len(files), fault.row or 0, column

    return sorted(faults, key=order)
