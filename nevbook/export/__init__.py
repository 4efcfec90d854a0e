"""The dataset for reuse: data package, JSON, SQLite, Parquet."""
