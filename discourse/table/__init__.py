"""The labeled table: one row per comment and target, as objects, Arrow, pandas or Parquet.

`SCHEMA` is the only place that knows the columns and their types. The tree is rebuilt from the columns alone; what
they do not hold (titles, announced counts, notices) lies in the table of threads, `THREAD_SCHEMA`.
"""

from discourse.table.decode import from_frame, from_table
from discourse.table.encode import to_frame, to_table, to_thread_table
from discourse.table.files import LabeledWriter, read_parquet, write_parquet
from discourse.table.rows import Row, rows
from discourse.table.schema import SCHEMA, THREAD_SCHEMA

__all__ = [
    "SCHEMA",
    "THREAD_SCHEMA",
    "LabeledWriter",
    "Row",
    "from_frame",
    "from_table",
    "read_parquet",
    "rows",
    "to_frame",
    "to_table",
    "to_thread_table",
    "write_parquet",
]
