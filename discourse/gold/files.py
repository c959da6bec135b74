"""The gold table as a file: CSV (from Excel too), JSON Lines, Parquet, or the JSON export of Label Studio.

A table has a row a label (`field`, `label`), or a row a comment with a column a field (`stance`, `reply_stance`,
`argument`). A row that cannot be used is skipped and told; the others stay.
"""

from __future__ import annotations

import csv
import io
import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from discourse.errors import InputError, OutputError
from discourse.gold.cells import guarded, unguarded
from discourse.gold.rows import GOLD_COLUMNS, GoldLabel
from discourse.gold.studio import is_studio_export, studio_rows
from discourse.labels import FIELDS

_NEEDED = ("comment_id",)


@dataclass(frozen=True, slots=True)
class SkippedRow:
    """Tell which row of a gold file was not used, and why."""

    where: str
    why: str


@dataclass(frozen=True, slots=True)
class Gold:
    """Hold the labels of a gold file, and the rows that could not be used; rows without a label are neither."""

    labels: tuple[GoldLabel, ...]
    skipped: tuple[SkippedRow, ...] = ()


def read_gold(path: str | os.PathLike[str]) -> Gold:
    """Read a gold table; InputError if the file is none, a `SkippedRow` for each row that is no label."""
    file = Path(path)
    labels: list[GoldLabel] = []
    skipped: list[SkippedRow] = []
    for where, row in _records(file):
        for one in _fields_of(row):
            problem = _problem(one)
            if problem is None:
                labels.append(_label(one))
            elif problem:
                skipped.append(SkippedRow(f"{file}:{where}", problem))
    if not labels and skipped:
        raise InputError(f"{skipped[0].where}: {skipped[0].why}; no row of this file is a label")
    return Gold(tuple(labels), tuple(skipped))


def write_gold(labels: Iterable[GoldLabel], path: str | os.PathLike[str]) -> None:
    """Write a gold table as CSV, JSON Lines or Parquet, by the file's suffix."""
    file = Path(path)
    rows = [{name: getattr(label, name) for name in GOLD_COLUMNS} for label in labels]
    try:
        if file.suffix == ".parquet":
            import pyarrow as pa
            import pyarrow.parquet as pq

            types = {"probability": pa.float64()}
            schema = pa.schema([(name, types.get(name, pa.string())) for name in GOLD_COLUMNS])
            pq.write_table(pa.Table.from_pylist(rows, schema), file)
        elif file.suffix in (".jsonl", ".ndjson"):
            file.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
        else:
            with file.open("w", encoding="utf-8", newline="") as out:
                writer = csv.DictWriter(out, GOLD_COLUMNS)
                writer.writeheader()
                writer.writerows(
                    {name: guarded(cell) if isinstance(cell, str) else cell for name, cell in row.items()}
                    for row in rows
                )
    except OSError as error:
        raise OutputError(f"{file}: cannot be written ({error.strerror}); name a folder you may write to") from error


def _records(file: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield (line or number, row) of any of the forms of a gold file."""
    try:
        data = file.read_bytes()
    except OSError as error:
        raise InputError(f"{file}: cannot be read ({error.strerror}); name a gold table") from error
    if data[:4] == b"PAR1":
        import pyarrow.parquet as pq

        yield from ((str(number), row) for number, row in enumerate(pq.read_table(file).to_pylist(), 1))
        return
    text = _decoded(data)
    start = text.lstrip()[:1]
    try:
        if start == "[":
            tasks = json.loads(text)
            if not is_studio_export(tasks):
                raise InputError(f"{file}: a JSON array that is no Label Studio export; export it as JSON there")
            yield from studio_rows(tasks)
        elif start == "{":
            lines = enumerate(text.splitlines(), 1)
            rows = ((str(number), json.loads(line)) for number, line in lines if line.strip())
            yield from ((number, row) for number, row in rows if isinstance(row, dict))
        else:
            yield from _csv_rows(file, text)
    except (json.JSONDecodeError, csv.Error) as error:
        raise InputError(f"{file}: cannot be read as a gold table ({error}); use CSV, JSON Lines or Parquet") from error


def _csv_rows(file: Path, text: str) -> Iterator[tuple[str, dict[str, Any]]]:
    header = text.partition("\n")[0]
    delimiter = max(",;\t", key=header.count)
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter)
    missing = [name for name in _NEEDED if name not in (reader.fieldnames or ())]
    if missing:
        raise InputError(f"{file}:1: no column {missing[0]}; a gold table has {', '.join(GOLD_COLUMNS)}")
    yield from ((str(reader.line_num), row) for row in reader)


def _decoded(data: bytes) -> str:
    for encoding in ("utf-8-sig", "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "cp1252"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return data.decode("latin-1")


def _fields_of(row: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield one row a field: a row of the long form as it is, a row of the wide form once a filled column."""
    if row.get("field"):
        yield row
        return
    for field in FIELDS:
        if row.get(field):
            yield {**row, "field": field, "label": row[field]}


def _problem(row: dict[str, Any]) -> str | None:
    """Return None for a label, the empty string for a row not labeled yet, else why the row cannot be used."""
    label, field = _text(row.get("label")), row.get("field")
    if label is None:
        return ""
    if field not in FIELDS:
        return f"field {field!r} is none of {', '.join(FIELDS)}"
    if label.casefold() not in FIELDS[field]:
        return f"label {label!r} is none of {', '.join(FIELDS[field])}"
    if _text(row.get("comment_id")) is None:
        return "no comment_id"
    probability = _text(row.get("probability"))
    if probability is not None and not 0 < _number(probability) <= 1:
        return f"probability {probability} is not above 0 and at most 1"
    return None


def _label(row: dict[str, Any]) -> GoldLabel:
    probability = _text(row.get("probability"))
    return GoldLabel(
        thread_id=_text(row.get("thread_id")) or "",
        comment_id=_text(row.get("comment_id")) or "",
        target=_text(row.get("target")),
        field=row["field"],
        label=str(row["label"]).strip().casefold(),
        annotator=_text(row.get("annotator")),
        probability=None if probability is None else _number(probability),
        note=_text(row.get("note")),
    )


def _text(value: object) -> str | None:
    """Return a cell's text without the apostrophe that guards a spreadsheet, None if it is empty."""
    if value is None:
        return None
    return unguarded(str(value).strip()).strip() or None


def _number(text: str) -> float:
    """Read a number with a decimal point or comma; 0 (which is no probability) if it is none."""
    try:
        return float(text.replace(",", "."))
    except ValueError:
        return 0.0
