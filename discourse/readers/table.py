"""Read anybody's table of comments: JSON lines, JSON, CSV, Parquet, Arrow, a saved dataset, and discourse's own."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import chain, islice
from pathlib import Path
from typing import Any

from discourse.errors import InputError
from discourse.readers import wire
from discourse.readers.arrow_files import (
    ARROW_MAGIC,
    PARQUET_MAGIC,
    STREAM_MAGIC,
    arrow_rows,
    dataset_rows,
    is_dataset,
    parquet_rows,
)
from discourse.readers.base import Event, Format, Head, Notice, Sample, Skip, Source
from discourse.readers.columns import PEEK, choose_columns, looks_like_comments
from discourse.readers.delimited import guess_dialect, records
from discourse.readers.json_array import elements
from discourse.readers.nesting import Node, flatten, rows_of
from discourse.readers.rows import RowReader, day_first

_OWN_MARKS = 0.9
_LIKELY = 0.3
"""Sureness of a file with a column named like the comments' text; a forum's own marks are worth more."""
_POSSIBLE = 0.12
"""Sureness of a file of records of some kind: a better reader goes first, prose goes after."""
_LABELED = ("comments.parquet", "threads.parquet", "manifest.json")
_REBUILT = frozenset({"missing-parent"})
"""Repairs that building the tree again finds again."""


def _read_rows(source: Source, nodes: Iterable[Node | Skip]) -> Iterator[Event]:
    """Choose the columns from the first rows, then turn every row into a comment."""
    waiting = iter(nodes)
    first = list(islice(waiting, PEEK))
    cells = [node.cells for node in first if isinstance(node, Node) and node.problem is None]
    if not cells:
        yield from (_problem(source, node) for node in first)
        return
    columns = choose_columns(cells, source.field_map, source.path)
    if advice := columns.advice():
        yield Notice(source.path, advice)
    dates = [columns.values(row).get("created") for row in cells]
    nested = any(isinstance(node, Node) and node.nested for node in first)
    reader = RowReader(source, columns, day_first=day_first(dates), nested=nested)
    for node in chain(first, waiting):
        if isinstance(node, Skip):
            yield node
        else:
            yield from reader.read(node)
    yield from reader.end()


def _problem(source: Source, node: Node | Skip) -> Skip:
    return node if isinstance(node, Skip) else source.skip(node.problem or "is empty", node.line)


def _flat(rows: Iterable[Mapping[str, Any]]) -> Iterator[Node]:
    for number, row in enumerate(rows, 1):
        yield from flatten(None, row, number)


def _read_json(source: Source) -> Iterator[Event]:
    yield from _read_rows(source, _json_nodes(source))


def _json_nodes(source: Source) -> Iterator[Node | Skip]:
    """Yield the rows of JSON lines, of an array of any size, or of a document that wraps one."""
    if _starts_array(source):
        found: Iterable[tuple[int | None, Any] | Skip] = (
            item if isinstance(item, Skip) else (None, item) for item in elements(source)
        )
    else:
        found = wire.documents(source)
    count = 0
    for item in found:
        if isinstance(item, Skip):
            yield item
            continue
        line, value = item
        for row in rows_of(value):
            count += 1
            yield from flatten(line, row, count)


def _starts_array(source: Source) -> bool:
    """Tell an array of records from lines that are arrays each: the first line of those is whole."""
    for _, line in source.lines():
        if line.strip():
            return line.lstrip().startswith(b"[") and not (line.rstrip().endswith(b"]") and _has_more(source))
    return False


def _has_more(source: Source) -> bool:
    return len(list(islice((line for _, line in source.lines() if line.strip()), 2))) > 1


def _read_csv(source: Source) -> Iterator[Event]:
    with source.open() as stream:
        head = stream.read(64 * 1024)
        complete = not stream.read(1)
    lines = [wire_line.decode("utf-8", "replace") for _, wire_line in islice(source.lines(), 200)]
    yield from _read_rows(source, _csv_nodes(source, "\n".join(lines), head, complete))


def _csv_nodes(source: Source, text: str, head: bytes, complete: bool) -> Iterator[Node | Skip]:
    dialect = guess_dialect(text, head, complete)
    if dialect is None:
        raise InputError(f"{source.path}: is no table that a delimiter separates; see discourse formats")
    names: list[str] = []
    for record in records(source, dialect):
        if record.problem is not None:
            yield source.skip(record.problem, record.line)
        elif not names:
            names = _header(record.fields)
        elif len(record.fields) > len(names) and any(record.fields[len(names) :]):
            yield source.skip(f"has {len(record.fields)} fields, the header has {len(names)}", record.line)
        elif len(record.fields) == 1 < len(names) - 1:
            yield source.skip(f"has 1 field, the header has {len(names)}", record.line)
        else:
            cells = {name: value for name, value in zip(names, record.fields, strict=False) if value != ""}
            yield Node(record.line, cells)


def _header(fields: list[str]) -> list[str]:
    """Return the column names; those that are empty or repeated are told apart by their place."""
    names: list[str] = []
    for place, field in enumerate(fields, 1):
        name = field.strip()
        names.append(name if name and name not in names else f"{name or 'column'} {place}")
    return names


def _read_parquet(source: Source) -> Iterator[Event]:
    rows = parquet_rows(source)
    first = next(rows, None)
    if first is None:
        return
    if _is_labeled(first) and source.path != "-":
        yield from _read_labeled(source, Path(source.path))
    else:
        yield from _read_rows(source, _flat(chain([first], rows)))


def _read_arrow(source: Source) -> Iterator[Event]:
    yield from _read_rows(source, _flat(arrow_rows(source)))


def _read_dataset(source: Source) -> Iterator[Event]:
    yield from _read_rows(source, _flat(dataset_rows(source)))


def _is_labeled(row: Mapping[str, Any]) -> bool:
    from discourse.table.schema import REQUIRED

    return all(name in row for name in REQUIRED)


def _is_run(folder: str) -> bool:
    """Recognize a run folder: its other files are made of its comments."""
    return all((Path(folder) / name).is_file() for name in _LABELED[:2])


def _read_run(source: Source) -> Iterator[Event]:
    yield from _read_labeled(source.member(_LABELED[0]), Path(source.path) / _LABELED[0])


def _read_labeled(source: Source, file: Path) -> Iterator[Event]:
    """Read the threads of a labeled table: what was stated, not what was guessed; guesses are made again."""
    from discourse.table import read_parquet

    beside = file.with_name(_LABELED[1])
    for labeled in read_parquet(file, threads=beside if file.name == _LABELED[0] and beside.is_file() else None):
        thread = labeled.thread
        stated = [link.evidence for link in thread.links if link.stated]
        yield Head(
            thread.id,
            title=thread.title,
            url=thread.url,
            announced=thread.announced,
            targets=thread.targets,
            reply_field=thread.reply_field,
            evidence=stated[0] if stated else None,
            repairs=tuple(repair for repair in thread.repairs if repair.kind not in _REBUILT),
        )
        for comment, link in zip(thread.comments, thread.links, strict=True):
            parent = comment.parent_id if link.stated else None
            title = thread.title if comment.kind == "post" else comment.title
            yield replace(comment, parent_id=parent, title=title)


def _sniff_json_lines(sample: Sample) -> float:
    lines = [line for line in sample.text.split("\n") if line.strip()]
    if len(lines) < 2 and not sample.complete:
        return 0.0
    return _sureness(wire.glance(sample)) if lines and lines[0].lstrip().startswith("{") else 0.0


def _sniff_json(sample: Sample) -> float:
    value = wire.glance(sample)
    return _sureness(_first_element(sample.text) if value is None else value)


def _first_element(text: str) -> Any:
    """Return the first element of an array that is damaged further on."""
    start = re.match(r"\s*\[\s*(?=\{)", text)
    try:
        return json.JSONDecoder(strict=False).raw_decode(text, start.end())[0] if start is not None else None
    except (ValueError, RecursionError):
        return None


def _sureness(value: Any) -> float:
    """Return how sure it is that JSON holds comments: by the names of its records."""
    rows = [row for row in rows_of(value)[:PEEK] if isinstance(row, Mapping)] if value is not None else []
    nodes = [node for row in rows[:20] for node in islice(flatten(None, row, 1), 20)]
    if not nodes:
        return 0.0
    return _LIKELY if any(looks_like_comments([str(name) for name in node.cells]) for node in nodes) else _POSSIBLE


def _sniff_csv(sample: Sample) -> float:
    if b"\x00" in sample.head[:4096] and not sample.head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return 0.0
    if re.match(r"\s*[<{\[]", sample.text) or "\n" not in sample.text.strip("\n"):
        return 0.0
    dialect = guess_dialect(sample.text, sample.head, sample.complete)
    if dialect is None:
        return 0.0
    header = sample.text.lstrip("\n").split("\n", 1)[0].split(dialect.delimiter)
    return _LIKELY if looks_like_comments([name.strip().strip('"') for name in header]) else _POSSIBLE


def _sniff_magic(*marks: bytes) -> Callable[[Sample], float]:
    return lambda sample: _OWN_MARKS if sample.head.startswith(marks) else 0.0


_KEEPS = (
    "id, thread, parent or level, author, time, score, title, url, targets, under any names: by --field or by guess"
)
FORMATS = (
    Format("jsonl", "JSON lines, one comment a line", _KEEPS, "columns of other names", _sniff_json_lines, _read_json),
    Format("json", "JSON: a list of comments, nested or not", _KEEPS, "fields of other names", _sniff_json, _read_json),
    Format("csv", "CSV, TSV and the like", _KEEPS, "columns of other names", _sniff_csv, _read_csv),
    Format("parquet", "Parquet", _KEEPS, "columns of other names", _sniff_magic(PARQUET_MAGIC), _read_parquet),
    Format("arrow", "Arrow", _KEEPS, "columns of other names", _sniff_magic(ARROW_MAGIC, STREAM_MAGIC), _read_arrow),
    Format(
        "datasets", "A folder saved by Hugging Face datasets", _KEEPS, "columns of other names",
        lambda _: 0.0, _read_dataset, folder=is_dataset,
    ),
    Format(
        "run", "A run folder of discourse", "everything but labels and guessed replies, which are made again", "labels",
        lambda _: 0.0, _read_run, folder=_is_run,
    ),
)  # fmt: skip
