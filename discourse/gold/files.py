"""The gold table as a file: CSV (from Excel too), JSON Lines, Parquet, or the JSON export of Label Studio.

A table has a row a label (`field`, `label`), or a row a comment with a column a field (`stance`, `reply_stance`,
`argument`). A row that cannot be used is skipped and told; the others stay. A column `lang` tells the comment's
language.
"""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from discourse.errors import InputError, OutputError
from discourse.gold.cells import guarded, unguarded
from discourse.gold.records import gold_rows
from discourse.gold.rows import GOLD_COLUMNS, GoldLabel
from discourse.labels import FIELDS


@dataclass(frozen=True, slots=True)
class SkippedRow:
    """Tell which row of a gold file was not used, and why."""

    where: str
    why: str


@dataclass(frozen=True, slots=True)
class Gold:
    """Hold the labels of a gold file, and the rows that could not be used; rows without a label are neither.

    `languages` maps (thread id, comment id) to the language of the comment, where the file tells it.
    """

    labels: tuple[GoldLabel, ...]
    skipped: tuple[SkippedRow, ...] = ()
    languages: Mapping[tuple[str, str], str] = field(default_factory=dict)


def read_gold(path: str | os.PathLike[str], *, field_map: Mapping[str, str] | None = None) -> Gold:
    """Read a gold table; InputError if the file is none, a `SkippedRow` for each row that is no label.

    `field_map` says which of its columns is which of ours, as ours → theirs.
    """
    file = Path(path)
    labels: list[GoldLabel] = []
    skipped: list[SkippedRow] = []
    languages: dict[tuple[str, str], str] = {}
    for where, row in gold_rows(file, field_map or {}):
        for one in _fields_of(row):
            problem = _problem(one)
            if problem is None:
                label = _label(one)
                labels.append(label)
                if lang := _text(row.get("lang")):
                    languages[label.thread_id, label.comment_id] = lang
            elif problem:
                skipped.append(SkippedRow(f"{file}:{where}", problem))
    if not labels and skipped:
        raise InputError(f"{skipped[0].where}: {skipped[0].why}; no row of this file is a label")
    return Gold(tuple(labels), tuple(skipped), languages)


def read_golds(paths: Iterable[str | os.PathLike[str]], *, field_map: Mapping[str, str] | None = None) -> Gold:
    """Read the gold tables of several people as one; who is not named in his file gets the file's name."""
    files = [Path(path) for path in paths]
    labels: list[GoldLabel] = []
    skipped: list[SkippedRow] = []
    languages: dict[tuple[str, str], str] = {}
    for file in files:
        gold = read_gold(file, field_map=field_map)
        name = file.stem if len({other.stem for other in files}) == len(files) else str(file)
        labels += [
            label if len(files) == 1 or label.annotator is not None else replace(label, annotator=name)
            for label in gold.labels
        ]
        skipped += gold.skipped
        languages |= gold.languages
    return Gold(tuple(labels), tuple(skipped), languages)


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


def _fields_of(row: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield one row a field: a row of the long form as it is, a row of the wide form once a filled column."""
    if row.get("field"):
        yield row
        return
    for name in FIELDS:
        if row.get(name):
            yield {**row, "field": name, "label": row[name]}


def _problem(row: dict[str, Any]) -> str | None:
    """Return None for a label, the empty string for a row not labeled yet, else why the row cannot be used."""
    label, name = _text(row.get("label")), _text(row.get("field"))
    if label is None:
        return ""
    if name is None or _plain(name) not in FIELDS:
        return f"field {name!r} is none of {', '.join(FIELDS)}{_meant(name or '', FIELDS)}"
    known = FIELDS[_plain(name)]  # type: ignore[index]
    if _plain(label) not in known:
        return f"label {label!r} is none of {', '.join(known)}{_meant(label, known)}"
    if _text(row.get("comment_id")) is None:
        return "no comment_id"
    probability = _text(row.get("probability"))
    if probability is not None and not 0 < _number(probability) <= 1:
        return f"probability {probability} is not above 0 and at most 1"
    return None


def _plain(name: str) -> str:
    """Return a label as the codebook writes it: `Ad hominem` is `ad_hominem`."""
    return "_".join(name.casefold().replace("-", " ").replace("_", " ").split())


def _meant(name: str, known: Iterable[str]) -> str:
    close = get_close_matches(_plain(name), list(known), 1)
    return f" (do you mean {close[0]}?)" if close else ""


def _label(row: dict[str, Any]) -> GoldLabel:
    probability = _text(row.get("probability"))
    return GoldLabel(
        thread_id=_text(row.get("thread_id")) or "",
        comment_id=_text(row.get("comment_id")) or "",
        target=_text(row.get("target")),
        field=_plain(_text(row["field"]) or ""),  # type: ignore[arg-type]  # `_problem` has checked it
        label=_plain(_text(row["label"]) or ""),
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
