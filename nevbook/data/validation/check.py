"""Check the data: every issue at once, each with what would do."""

from __future__ import annotations

import itertools
from pathlib import Path

from nevbook.data.issues import Issue
from nevbook.data.package import PACKAGE_FILE, data_folder
from nevbook.data.validation.claims import claim_issues
from nevbook.data.validation.corrections import correction_issues
from nevbook.data.validation.markets import market_issues
from nevbook.data.validation.observations import RULES, View, expected
from nevbook.data.validation.records import record_issues
from nevbook.data.validation.schema import read


def check(data_dir: Path | None = None) -> list[Issue]:
    """List everything that is wrong with the data; raises DataError where the folder has no ``datapackage.json``."""
    tables, issues = read(folder := data_folder(data_dir))
    if tables or not issues:
        issues += expected(tables)
        # a cell that the schema refuses is told of once
        spoiled = {(f.file, f.row, f.column) for f in issues if f.row}
        view = View(tables)
        own = (claim_issues(tables, folder.parent / "chapters"), correction_issues(tables), market_issues(tables))
        found = itertools.chain(*(rule(view) for rule in (*RULES, record_issues)), *own)
        issues += [f for f in found if (f.file, f.row, f.column) not in spoiled]
    files = [PACKAGE_FILE, *(t.file for t in tables.values())]
    columns = {t.file: list(t.fields) for t in tables.values()}

    def order(issue: Issue) -> tuple[int, int, int]:
        known = columns.get(issue.file, [])
        column = known.index(issue.column) if issue.column in known else -1
        return files.index(issue.file) if issue.file in files else len(files), issue.row or 0, column

    return sorted(issues, key=order)
