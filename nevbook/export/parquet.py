"""The markets as files: a JSON for each, Parquet partitioned by topic."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from nevbook.export.tables import Table

PARQUET = "parquet"
BY_TOPIC = ("facts", "events")


def write_parquet(tables: Sequence[Table], out: Path) -> Path:
    """Write each table as Parquet; facts and events partitioned by topic."""
    import pyarrow
    import pyarrow.parquet

    kinds = {"integer": pyarrow.int64(), "number": pyarrow.float64(), "date": pyarrow.date32()}
    named = {t.name: t for t in tables}
    topics = {r["id"]: r["topic"] for r in named["attributes"].rows} if "attributes" in named else {}
    for table in tables:
        rows = [dict(r) for r in table.typed]
        fields = [f for f in table.fields if not (table.name in BY_TOPIC and f["name"] == "topic")]
        schema = pyarrow.schema([(f["name"], kinds.get(f["type"], pyarrow.string())) for f in fields])
        parts: dict[str, list[dict]] = {"": rows}
        if table.name in BY_TOPIC:
            parts = {}
            for row in rows:
                topic = str(row.get("topic") or topics[str(row["attribute"])])
                parts.setdefault(f"topic={topic}", []).append(row)
        for part, some in parts.items():
            folder = out / PARQUET / table.name / part
            folder.mkdir(parents=True, exist_ok=True)
            columns = {f["name"]: _column([r[f["name"]] for r in some], f["type"], pyarrow) for f in fields}
            pyarrow.parquet.write_table(
                pyarrow.table(columns, schema=schema), folder / "part-0.parquet", compression="zstd"
            )
    return out / PARQUET


def _column(values: list, kind: str, pyarrow: object) -> object:
    import datetime as dt

    if kind == "date":
        return pyarrow.array([dt.date.fromisoformat(v) if v else None for v in values], pyarrow.date32())
    if kind == "number":
        return pyarrow.array([None if v is None else float(v) for v in values], pyarrow.float64())
    if kind == "integer":
        return pyarrow.array(values, pyarrow.int64())
    return pyarrow.array([None if v is None else str(v) for v in values], pyarrow.string())
