"""JSON Lines: comments.jsonl and threads.jsonl, a row a line, the columns of the tables as keys."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa

from discourse.errors import InputError
from discourse.exports.numbers import shortest
from discourse.exports.options import ExportOptions
from discourse.exports.sourcing import Labels, gathered
from discourse.labels import LabeledThread
from discourse.table import SCHEMA, THREAD_SCHEMA

_FIELDS = (*SCHEMA, *THREAD_SCHEMA)
_TIMES = frozenset(field.name for field in _FIELDS if pa.types.is_timestamp(field.type))


def write(labels: Labels, out: Path, options: ExportOptions) -> tuple[str, ...]:
    """Write both tables."""
    _write(out / "comments.jsonl", labels.rows(), SCHEMA)
    _write(out / "threads.jsonl", labels.thread_rows(), THREAD_SCHEMA)
    return ()


def holds(folder: Path) -> bool:
    """Tell whether the folder has the labeled table in this form."""
    return (folder / "comments.jsonl").is_file()


def read(folder: Path) -> Iterator[LabeledThread]:
    """Yield the labeled threads."""
    with gathered(_read(folder / "comments.jsonl"), _read(folder / "threads.jsonl")) as labels:
        yield from labels.labeled()


def _write(path: Path, rows: Iterable[dict[str, Any]], schema: pa.Schema) -> None:
    with path.open("w", encoding="utf-8", newline="\n") as out:
        for row in rows:
            out.write(json.dumps(plain(row, schema), ensure_ascii=False, allow_nan=False) + "\n")


def plain(row: dict[str, Any], schema: pa.Schema) -> dict[str, Any]:
    """Return a row as JSON can hold it: times as text, numbers with the fewest digits."""
    return {name: _plain(value, schema.field(name).type) for name, value in row.items()}


def typed(row: dict[str, Any]) -> dict[str, Any]:
    """Return the row that `plain` made plain; ValueError or TypeError if it is none."""
    return {name: datetime.fromisoformat(value) if value and name in _TIMES else value for name, value in row.items()}


def _plain(value: Any, kind: pa.DataType) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, float):
        return shortest(value, kind)
    if isinstance(value, list) and pa.types.is_floating(kind.value_type):
        return [None if one is None else shortest(one, kind.value_type) for one in value]
    return value


def _read(path: Path) -> Iterator[dict[str, Any]]:
    if not path.is_file():
        return
    with path.open(encoding="utf-8", newline="\n") as lines:
        for number, line in enumerate(lines, 1):
            try:
                row = typed(json.loads(line))
            except (ValueError, AttributeError, TypeError) as error:
                raise InputError(f"{path}:{number}: no row of an export ({error}); export the run again") from error
            yield row
