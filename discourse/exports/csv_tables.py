"""CSV for spreadsheets: comments.csv and threads.csv; lists as JSON, formulas guarded, a byte order mark for Excel."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa

from discourse.errors import InputError
from discourse.exports.numbers import shortest
from discourse.exports.options import ExportOptions
from discourse.exports.sourcing import Labels, gathered
from discourse.gold.cells import guarded, unguarded
from discourse.labels import LabeledThread
from discourse.table import SCHEMA, THREAD_SCHEMA

_NEVER_NULL = frozenset({"thread_id", "comment_id", "kind", "link", "status", "text"})
_LONGEST_CELL = 32_767
"""Characters of a cell that Excel keeps ("Excel specifications and limits")."""


def write(labels: Labels, out: Path, options: ExportOptions) -> tuple[str, ...]:
    """Write both tables; tell if Excel would cut a text."""
    encoding = "utf-8-sig" if options.bom else "utf-8"
    longest = _write(out / "comments.csv", labels.rows(), SCHEMA, encoding)
    _write(out / "threads.csv", labels.thread_rows(), THREAD_SCHEMA, encoding)
    if longest > _LONGEST_CELL:
        return (f"the longest cell has {longest:,} characters: Excel cuts cells after {_LONGEST_CELL:,}",)
    return ()


def holds(folder: Path) -> bool:
    """Tell whether the folder has the labeled table in this form."""
    return (folder / "comments.csv").is_file()


def read(folder: Path) -> Iterator[LabeledThread]:
    """Yield the labeled threads."""
    comments, threads = _read(folder / "comments.csv", SCHEMA), _read(folder / "threads.csv", THREAD_SCHEMA)
    with gathered(comments, threads) as labels:
        yield from labels.labeled()


def _write(path: Path, rows: Iterable[dict[str, Any]], schema: pa.Schema, encoding: str) -> int:
    longest = 0
    with path.open("w", encoding=encoding, newline="") as out:
        writer = csv.writer(out)
        writer.writerow(schema.names)
        for row in rows:
            cells = [_cell(row.get(field.name), field.type) for field in schema]
            longest = max(longest, *map(len, cells))
            writer.writerow(cells)
    return longest


def _cell(value: Any, kind: pa.DataType) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, float):
        return str(shortest(value, kind) if shortest(value, kind) is not None else "")
    if isinstance(value, list):
        if pa.types.is_floating(kind.value_type):
            value = [one if one is None else shortest(one, kind.value_type) for one in value]
        return json.dumps(value, ensure_ascii=False)
    return guarded(value) if isinstance(value, str) else str(value)


def _read(path: Path, schema: pa.Schema) -> Iterator[dict[str, Any]]:
    if not path.is_file():
        return
    csv.field_size_limit(min(sys.maxsize, 2**31 - 1))
    parsers = {field.name: _parser(field) for field in schema}
    with path.open(encoding="utf-8-sig", newline="") as lines:
        reader = csv.DictReader(lines)
        for row in reader:
            try:
                yield {name: parsers[name](cell) for name, cell in row.items() if name in parsers}
            except (ValueError, TypeError) as error:
                where = f"{path}:{reader.line_num}"
                raise InputError(f"{where}: no row of an export ({error}); export the run again") from error


def _parser(field: pa.Field) -> Callable[[str], Any]:
    """Return what reads a column's cells; an empty cell is None, but for texts that are never null."""
    kind = field.type
    if pa.types.is_string(kind):
        empty = "" if field.name in _NEVER_NULL else None
        return lambda cell: unguarded(cell) or empty
    if pa.types.is_boolean(kind):
        return lambda cell: cell == "true" if cell else None
    if pa.types.is_timestamp(kind):
        return lambda cell: datetime.fromisoformat(cell) if cell else None
    if pa.types.is_list(kind):
        return lambda cell: json.loads(cell) if cell else None
    number = int if pa.types.is_integer(kind) else float
    return lambda cell: number(cell) if cell else None
