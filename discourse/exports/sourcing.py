"""What is exported: a run folder, a labeled table, or labeled threads in memory, as one thing to read repeatedly."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import groupby, islice
from pathlib import Path
from typing import Any, TypeAlias

import pyarrow as pa
import pyarrow.parquet as pq

from discourse.errors import InputError
from discourse.labels import LabeledThread
from discourse.manifest import NAME, Manifest, read_manifest
from discourse.table import SCHEMA, THREAD_SCHEMA, read_parquet, write_parquet

Exportable: TypeAlias = str | os.PathLike[str] | LabeledThread | Iterable[LabeledThread]

BATCH_ROWS = 4096
"""Rows held at a time: some 5 MB of Python objects."""


@dataclass(frozen=True, slots=True)
class Conversation:
    """Hold the rows of one thread in the labeled table, and those in the table of threads."""

    thread_id: str
    rows: tuple[dict[str, Any], ...]
    facts: tuple[dict[str, Any], ...]


@dataclass(frozen=True, slots=True)
class Labels:
    """Hold where the labeled table lies, the table of threads beside it, and the manifest of the run, if known."""

    comments: Path
    threads: Path | None
    manifest: Manifest | None = None

    def labeled(self) -> Iterator[LabeledThread]:
        """Yield the labeled threads; memory is that of the largest."""
        return read_parquet(self.comments, threads=self.threads)

    def rows(self, columns: Sequence[str] = tuple(SCHEMA.names)) -> Iterator[dict[str, Any]]:
        """Yield the rows of the labeled table in order, by column; few columns are read several times faster."""
        return _rows(self.comments, columns)

    def thread_rows(self) -> Iterator[dict[str, Any]]:
        """Yield the rows of the table of threads."""
        return iter(()) if self.threads is None else _rows(self.threads, THREAD_SCHEMA.names)

    def targets(self) -> tuple[str | None, ...]:
        """Return the targets of all threads in order of appearance."""
        known = self.thread_rows() if self.threads is not None else self.rows(("target",))
        return tuple(dict.fromkeys(row["target"] for row in known))

    def count(self) -> tuple[int, int]:
        """Count the threads, those without comments included, and the rows."""
        rows, threads = 0, set[str]()
        for row in self.rows(("thread_id",)):
            threads.add(row["thread_id"])
            rows += 1
        return len(threads.union(row["thread_id"] for row in self.thread_rows())), rows

    def conversations(self) -> Iterator[Conversation]:
        """Yield the rows of each thread in order, threads that nobody wrote in included."""
        facts = groupby(self.thread_rows(), key=lambda row: str(row["thread_id"]))
        waiting = [(thread_id, tuple(rows)) for thread_id, rows in islice(facts, 1)]
        for thread_id, rows in groupby(self.rows(), key=lambda row: str(row["thread_id"])):
            known: tuple[dict[str, Any], ...] = ()
            while waiting and not known:
                if waiting[0][0] == thread_id:
                    known = waiting[0][1]
                elif not waiting[0][1][0]["comments"] and waiting[0][1][0]["post_id"] is None:
                    yield Conversation(waiting[0][0], (), waiting[0][1])
                waiting = [(other, tuple(group)) for other, group in islice(facts, 1)]
            yield Conversation(thread_id, tuple(rows), known)
        for thread_id, group in [*waiting, *((other, tuple(rows)) for other, rows in facts)]:
            yield Conversation(thread_id, (), group)


@contextmanager
def labels_of(source: Exportable) -> Iterator[Labels]:
    """Open what is to be exported; labeled threads in memory wait in a temporary file, so that they can be reread."""
    if isinstance(source, str | os.PathLike):
        yield _labels_at(Path(source))
        return
    with tempfile.TemporaryDirectory() as folder:
        comments, threads = Path(folder, "comments.parquet"), Path(folder, "threads.parquet")
        write_parquet((source,) if isinstance(source, LabeledThread) else source, comments, threads=threads)
        yield Labels(comments, threads)


def _labels_at(path: Path) -> Labels:
    if path.is_file():
        beside = path.with_name("threads.parquet")
        return Labels(path, beside if beside.is_file() and path.name == "comments.parquet" else None)
    comments, threads = path / "comments.parquet", path / "threads.parquet"
    if not comments.is_file():
        raise InputError(f"{path}: no comments.parquet there; name the folder that `discourse run` wrote")
    manifest = read_manifest(path) if (path / NAME).is_file() else None
    return Labels(comments, threads if threads.is_file() else None, manifest)


def _rows(path: Path, columns: Sequence[str]) -> Iterator[dict[str, Any]]:
    with pq.ParquetFile(path) as file:
        held = [name for name in columns if name in file.schema_arrow.names]
        for batch in file.iter_batches(batch_size=BATCH_ROWS, columns=held):
            yield from batch.to_pylist()


@contextmanager
def gathered(comments: Iterable[dict[str, Any]], threads: Iterable[dict[str, Any]]) -> Iterator[Labels]:
    """Turn rows of both tables back into labels that can be read."""
    with tempfile.TemporaryDirectory() as folder:
        paths = Path(folder, "comments.parquet"), Path(folder, "threads.parquet")
        counts = [
            _write(path, rows, schema)
            for path, rows, schema in zip(paths, (comments, threads), (SCHEMA, THREAD_SCHEMA), strict=True)
        ]
        yield Labels(paths[0], paths[1] if counts[1] else None)


def _write(path: Path, rows: Iterable[dict[str, Any]], schema: pa.Schema) -> int:
    count = 0
    with pq.ParquetWriter(path, schema) as writer:
        waiting: list[dict[str, Any]] = []
        for row in rows:
            waiting.append(row)
            count += 1
            if len(waiting) == BATCH_ROWS:
                writer.write_batch(pa.RecordBatch.from_pylist(waiting, schema))
                waiting = []
        if waiting:
            writer.write_batch(pa.RecordBatch.from_pylist(waiting, schema))
    return count
