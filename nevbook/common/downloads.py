"""CSV that people open in a spreadsheet: UTF-8 with its mark, numbers as they read, no cell that is run."""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Iterable, Mapping, Sequence

_RUN = re.compile(r"[=+\-@\t\r](?!\Z)(?![0-9.]+([eE][+-]?[0-9]+)?\Z)")  # what a spreadsheet would take for a formula


def people_csv(columns: Sequence[str], rows: Iterable[Mapping[str, object]]) -> str:
    """Write some columns of rows; a text that a spreadsheet would run is marked as one."""
    out = io.StringIO()
    out.write("\ufeff")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([_cell(row[column]) for column in columns] for row in rows)
    return out.getvalue()


def _cell(value: object) -> object:
    if isinstance(value, float):
        return "" if math.isnan(value) else f"{value:.12g}"
    return f"'{value}" if isinstance(value, str) and _RUN.match(value) else value
