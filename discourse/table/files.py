"""Labeled threads to Parquet and back, thread by thread, in bounded memory.

The same threads give the same bytes: no time and no host goes into a file. A file gets its name only when it is whole.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from itertools import groupby
from pathlib import Path
from types import TracebackType
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from discourse.errors import InputError, OutputError
from discourse.labels import LabeledThread
from discourse.table.decode import ThreadFacts, cells, check_columns, empty_thread, rebuild
from discourse.table.encode import BATCH_ROWS, comment_rows, record_batch, thread_rows
from discourse.table.schema import SCHEMA, THREAD_SCHEMA

ROW_GROUP_ROWS = 4 * BATCH_ROWS
"""Rows of a row group: 32,768 comments are some 20 MB, read in a tenth of a second."""


class LabeledWriter:
    """Write labeled threads to comments.parquet and, if `threads` is given, threads.parquet, as they come.

    Use it as a context manager: the files appear when the block ends without an error, else nothing is left.
    """

    def __init__(self, path: str | os.PathLike[str], threads: str | os.PathLike[str] | None = None) -> None:
        self._comments = _Sink(Path(path), SCHEMA)
        try:
            self._threads = _Sink(Path(threads), THREAD_SCHEMA) if threads is not None else None
        except OutputError:
            self._comments.discard()
            raise

    def write(self, labeled: LabeledThread) -> None:
        """Add one thread."""
        self._comments.add(comment_rows(labeled))
        if self._threads is not None:
            self._threads.add(thread_rows(labeled))

    def __enter__(self) -> LabeledWriter:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        sinks = [self._comments] if self._threads is None else [self._comments, self._threads]
        try:
            if kind is None:
                for sink in sinks:
                    sink.close()
                for sink in sinks:
                    sink.publish()
        finally:
            for sink in sinks:
                sink.discard()


class _Sink:
    """Collect rows into row groups of one Parquet file, written beside its final name."""

    def __init__(self, path: Path, schema: pa.Schema) -> None:
        self._path, self._schema = path, schema
        self._part = path.with_name(f".{path.name}.part")
        self._waiting: list[tuple[Any, ...]] = []
        self._batches: list[pa.RecordBatch] = []
        self._writer: pq.ParquetWriter | None = None
        with self._told():
            self._writer = pq.ParquetWriter(str(self._part), schema, compression="zstd")

    def add(self, rows: Iterable[tuple[Any, ...]]) -> None:
        for row in rows:
            self._waiting.append(row)
            if len(self._waiting) == BATCH_ROWS:
                self._pack()
                if len(self._batches) * BATCH_ROWS >= ROW_GROUP_ROWS:
                    self._flush()

    def close(self) -> None:
        """Write what is waiting and the end of the file."""
        self._pack()
        self._flush()
        with self._told():
            self._open_writer().close()
        self._writer = None

    def publish(self) -> None:
        """Give the closed file its name."""
        with self._told():
            self._part.replace(self._path)

    def discard(self) -> None:
        """Remove what is left of an unfinished file; do nothing after `publish`."""
        if self._writer is not None:
            with suppress(OSError):  # the disk may be full: the part is removed all the same
                self._writer.close()
            self._writer = None
        self._part.unlink(missing_ok=True)

    def _pack(self) -> None:
        if self._waiting:
            self._batches.append(record_batch(self._waiting, self._schema))
            self._waiting = []

    def _flush(self) -> None:
        if self._batches:
            table = pa.Table.from_batches(self._batches, self._schema)
            self._batches = []
            with self._told():
                self._open_writer().write_table(table, row_group_size=ROW_GROUP_ROWS)

    def _open_writer(self) -> pq.ParquetWriter:
        if self._writer is None:
            raise OutputError(f"{self._path}: already written; open another writer")
        return self._writer

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Turn a failure of the file system into one line."""
        try:
            yield
        except OSError as error:
            why = error.strerror or str(error)
            raise OutputError(f"{self._path}: cannot be written ({why}); make room or choose another folder") from error


def write_parquet(
    labeled: Iterable[LabeledThread],
    path: str | os.PathLike[str],
    *,
    threads: str | os.PathLike[str] | None = None,
) -> None:
    """Write labeled threads to a Parquet file of `SCHEMA`, and to one of `THREAD_SCHEMA` if `threads` names it."""
    with LabeledWriter(path, threads) as writer:
        for thread in labeled:
            writer.write(thread)


def read_parquet(
    path: str | os.PathLike[str], *, threads: str | os.PathLike[str] | None = None
) -> Iterator[LabeledThread]:
    """Yield the labeled threads of a Parquet file one at a time; memory is that of the largest thread.

    `threads` names the table of threads beside it: it gives titles, notices and threads without comments. The rows of
    a thread lie together in every file discourse writes; for a table put in another order use `from_table`.
    """
    facts = _facts(threads) if threads is not None else iter(())
    waiting = next(facts, None)
    for thread_id, group in groupby(_rows(path), key=lambda row: str(row.thread_id)):
        while waiting is not None and waiting.id != thread_id:
            if waiting.empty:
                yield empty_thread(waiting)
            waiting = next(facts, None)
        yield rebuild(list(group), waiting)
        waiting = next(facts, None)
    for left in (waiting, *facts) if waiting is not None else ():
        if left.empty:
            yield empty_thread(left)


def _rows(path: str | os.PathLike[str]) -> Iterator[Any]:
    with _open(path) as file:
        check_columns(file.schema_arrow.names, str(path))
        held = [name for name in SCHEMA.names if name in file.schema_arrow.names]
        for batch in file.iter_batches(batch_size=BATCH_ROWS, columns=held):
            yield from cells(batch, str(path))


def _facts(path: str | os.PathLike[str]) -> Iterator[ThreadFacts]:
    """Yield what the table of threads knows of each thread, the targets of its rows together."""
    with _open(path) as file:
        missing = [name for name in ("thread_id", "target", "title") if name not in file.schema_arrow.names]
        if missing:
            raise InputError(
                f"{path}: not a table of threads (no column {', '.join(missing)}); make one with discourse run"
            )
        records = (row for batch in file.iter_batches(batch_size=BATCH_ROWS) for row in batch.to_pylist())
        for thread_id, group in groupby(records, key=lambda row: str(row["thread_id"])):
            held = list(group)
            row = held[0]
            yield ThreadFacts(
                id=thread_id,
                title=row["title"],
                url=row.get("url"),
                source=row.get("source"),
                reply_field=row.get("reply_field", True),
                announced=row.get("announced"),
                notices=tuple(row.get("notices") or ()),
                targets=tuple(other["target"] for other in held),
                post_id=row.get("post_id"),
                comments=row.get("comments") or 0,
            )


def _open(path: str | os.PathLike[str]) -> pq.ParquetFile:
    try:
        return pq.ParquetFile(str(path))
    except FileNotFoundError as error:
        raise InputError(f"{path}: no such file; make it with discourse run or discourse classify") from error
    except (pa.ArrowInvalid, OSError) as error:
        raise InputError(f"{path}: not a Parquet file ({str(error).splitlines()[0]})") from error
