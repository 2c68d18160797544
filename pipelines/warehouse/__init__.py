"""The warehouse: a fresh DuckDB file built from Parquet and sql/, verified, published whole."""
