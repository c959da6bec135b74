"""The rows of a gold file, whatever it is: CSV, JSON Lines, Parquet, or the JSON export of Label Studio.

Columns are checked and renamed here; what the cells say is not looked at.
"""

from __future__ import annotations

import csv
import io
import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeAlias

from discourse.errors import InputError
from discourse.gold.rows import GOLD_COLUMNS
from discourse.gold.studio import is_studio_export, studio_rows
from discourse.labels import FIELDS

Row: TypeAlias = tuple[str, dict[str, Any]]
"""Where a row stands (its line, its number or its task), and its cells by column."""


def gold_rows(file: Path, field_map: Mapping[str, str]) -> list[Row]:
    """Return the rows of a gold file under our column names; InputError if columns are missing."""
    columns, rows = _read(file)
    absent = [theirs for theirs in field_map.values() if theirs not in columns]
    if absent:
        raise InputError(f"{file}: no column {absent[0]}; it has {_listed(columns)}")
    found = {*columns, *field_map}
    needed = ("comment_id",) if found & FIELDS.keys() else ("comment_id", "field", "label")
    missing = [name for name in needed if name not in found]
    if missing:
        raise InputError(
            f"{file}: no column {missing[0]}; it has {_listed(columns)}; a gold table has {', '.join(GOLD_COLUMNS)}: "
            f"say which of its columns is which, as {missing[0]}=THEIRS (--field)"
        )
    if not field_map:
        return rows
    return [(where, row | {ours: row.get(theirs) for ours, theirs in field_map.items()}) for where, row in rows]


def _read(file: Path) -> tuple[Sequence[str], list[Row]]:
    """Return the columns and the rows of a file."""
    try:
        data = file.read_bytes()
    except OSError as error:
        raise InputError(f"{file}: cannot be read ({error.strerror}); name a gold table") from error
    if data[:4] == b"PAR1":
        return _parquet_rows(file)
    text = _decoded(data)
    if "\0" in text[:4096]:
        raise InputError(
            f"{file}: cannot be read as a gold table (it is binary); save it as CSV, JSON Lines or Parquet"
        )
    start = text.lstrip()[:1]
    try:
        if start == "[":
            tasks = json.loads(text)
            if is_studio_export(tasks):
                return (*GOLD_COLUMNS, "lang"), list(studio_rows(tasks))
            if not all(isinstance(task, dict) for task in tasks):
                raise InputError(f"{file}: a JSON array that is no Label Studio export; export it as JSON there")
            return _objects((str(number), task) for number, task in enumerate(tasks, 1))
        if start == "{":
            lines = ((str(number), line) for number, line in enumerate(text.split("\n"), 1) if line.strip())
            return _objects((number, json.loads(line)) for number, line in lines)
        return _csv_rows(text)
    except (ValueError, RecursionError, csv.Error) as error:
        raise InputError(f"{file}: cannot be read as a gold table ({error}); use CSV, JSON Lines or Parquet") from error


def _objects(values: Iterable[tuple[str, Any]]) -> tuple[Sequence[str], list[Row]]:
    """Return JSON objects as rows, whose columns are all of their keys."""
    rows = [(where, value) for where, value in values if isinstance(value, dict)]
    return list(dict.fromkeys(name for _, row in rows for name in row)), rows


def _parquet_rows(file: Path) -> tuple[Sequence[str], list[Row]]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        table = pq.read_table(file)
    except (OSError, pa.ArrowException) as error:
        first = str(error).splitlines()[0]
        raise InputError(f"{file}: cannot be read as a gold table ({first}); write the file again") from error
    return table.column_names, [(str(number), row) for number, row in enumerate(table.to_pylist(), 1)]


def _csv_rows(text: str) -> tuple[Sequence[str], list[Row]]:
    header = text.partition("\n")[0]
    delimiter = max(",;\t", key=header.count)
    csv.field_size_limit(min(sys.maxsize, 2**31 - 1))
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter)
    names = [(name or "").strip() for name in reader.fieldnames or ()]
    reader.fieldnames = names
    return [name for name in names if name], [(str(reader.line_num), row) for row in reader]


def _listed(columns: Iterable[str]) -> str:
    """Name columns for a message."""
    names = [str(name)[:40] for name in columns]
    return ", ".join(names[:12]) + (", …" if len(names) > 12 else "") if names else "none"


def _decoded(data: bytes) -> str:
    for encoding in ("utf-8-sig", "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "cp1252"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return data.decode("latin-1")
