"""The tables as Parquet, facts and events partitioned by topic."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

from nevbook.data.tables import Table

PARQUET = "parquet"
BY_TOPIC = ("facts", "events")


def write_parquet(tables: Sequence[Table], out: Path) -> Path:
    """Write each table as Parquet; facts and events partitioned by topic."""
    import pyarrow
    import pyarrow.parquet

    kinds = {"integer": pyarrow.int64(), "number": pyarrow.float64(), "date": pyarrow.date32()}
    topics = {r["id"]: r["topic"] for t in tables if t.name == "attributes" for r in t.rows.values()}
    for table in tables:
        types = {c: kinds.get(f.get("type"), pyarrow.string()) for c, f in table.fields.items()}
        parts: dict[str, list[dict]] = {"": []}
        for row in table.typed():
            row = row | {k: dt.date.fromisoformat(str(v)) for k, v in row.items() if v and types[k] == kinds["date"]}
            part = ""
            if table.name in BY_TOPIC:
                part = f"topic={row.get('topic') or topics[str(row['attribute'])]}"
            parts.setdefault(part, []).append(row)
        if table.name in BY_TOPIC:
            types.pop("topic", None)
            parts.pop("")
        for part, rows in parts.items():
            folder = out / PARQUET / table.name / part
            folder.mkdir(parents=True, exist_ok=True)
            columns = pyarrow.Table.from_pylist(rows, pyarrow.schema(list(types.items())))
            pyarrow.parquet.write_table(columns, folder / "part-0.parquet", compression="zstd")
    return out / PARQUET
