"""Group the records of many interleaved threads: in memory while they are few, through duckdb on disk when many."""

from __future__ import annotations

import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import chain, islice
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, TypeAlias

import msgspec

from discourse.errors import OutputError
from discourse.readers.base import Head, PackedComment
from discourse.threads import Comment

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

IN_MEMORY = 32 * 1024 * 1024
"""Bytes of packed records kept in memory before they go to disk."""
_OVERHEAD = 150
"""Bytes that a row takes besides its packed record (key, bytes object, places in lists), by sys.getsizeof."""
BATCH = 20_000
"""Records written to duckdb at once, and read back at once."""
WAITING = 10 * 1024 * 1024
"""Bytes of packed records that wait to be written, once some are on disk: about a batch of them."""
DATABASE_MEMORY = 128
"""Megabytes that duckdb may use before it spills. The whole reading then takes some 400 MB (benchmarks/threads.py), and
the window of a zstandard stream: its packer decided how much of what came before must be kept (`--long=31`: 2 GB)."""

RECORD_COPIES = 12
"""Copies of its largest record that duckdb needs room for when it sorts; measured with a mail of 50 MB."""

_encode = msgspec.msgpack.Encoder().encode
_comment = msgspec.msgpack.Decoder(Comment).decode
_packed_comment = msgspec.msgpack.Decoder(PackedComment).decode
_LIST = 0xDC
"""The byte that a list of 16 to 65,535 items begins with: a PackedComment is one, a Comment is a map (msgpack spec)."""
_head = msgspec.msgpack.Decoder(Head).decode
_values = msgspec.structs.astuple

Row: TypeAlias = tuple[int, bytes]
"""A packed record and its tag: twice the number of the file it came from, plus 1 for a Head."""


def pack(event: Comment | PackedComment | Head) -> bytes:
    """Pack a record; text that no encoding can hold (lone surrogates) is replaced, a number past 64 bits dropped."""
    try:
        return _encode(event)
    except (UnicodeEncodeError, OverflowError):
        return _encode(msgspec.convert(_mended(msgspec.to_builtins(event)), type(event)))


def unpack_row(row: Row) -> Comment | Head:
    """Return the record of a row; msgspec.ValidationError if a field is of the wrong type."""
    tag, record = row
    if tag & 1:
        return _head(record)
    return Comment(*_values(_packed_comment(record))) if record[0] == _LIST else _comment(record)


def unpack_comments(rows: Sequence[Row]) -> list[Comment] | None:
    """Return the comments of rows that hold nothing else, all well formed, several times as fast as one by one."""
    try:
        return [Comment(*_values(_packed_comment(record))) for _, record in rows]
    except msgspec.ValidationError:
        return None


def _mended(value: object) -> object:
    if isinstance(value, int) and value.bit_length() > 63:
        return None  # a score or a count past 64 bits is none
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, list | tuple):
        return [_mended(item) for item in value]
    if isinstance(value, dict):
        return {name: _mended(item) for name, item in value.items()}
    return value


class Grouper:
    """Collect rows by key; give them back group by group in order of first appearance, rows in order of arrival."""

    def __init__(self, in_memory: int = IN_MEMORY) -> None:
        self._room = in_memory
        self._keys: list[str] = []
        self._tags: list[int] = []
        self._records: list[bytes] = []
        self._written = 0
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._base: duckdb.DuckDBPyConnection | None = None
        self._database_memory = DATABASE_MEMORY

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._base is not None:
            self._base.close()
        if self._folder is not None:
            self._folder.cleanup()

    def add(self, key: str, row: Row) -> None:
        """Put one row into the group of `key`."""
        tag, record = row
        self._keys.append(key)
        self._tags.append(tag)
        self._records.append(record)
        self._room -= len(record) + _OVERHEAD
        if self._room < 0:
            self._write()

    def groups(self) -> Iterator[tuple[str, list[Row]]]:
        """Yield each key with its rows; the rows of one group are in memory, those of all groups need not be."""
        if self._base is None:
            groups: defaultdict[str, list[Row]] = defaultdict(list)
            for key, tag, record in zip(self._keys, self._tags, self._records, strict=True):
                groups[key].append((tag, record))
            yield from groups.items()
            return
        self._write()
        yield from self._sorted(self._base)

    def shared_names(self) -> frozenset[str]:
        """Return what follows the newline in more than one key: thread ids that several families state."""
        if self._base is None:
            count = Counter(key.split("\n", 1)[1] for key in set(self._keys))
            return frozenset(name for name, families in count.items() if families > 1)
        self._write()
        answer = self._base.execute(
            "SELECT substr(key, instr(key, chr(10)) + 1) AS name FROM (SELECT DISTINCT key FROM rows)"
            " GROUP BY name HAVING count(*) > 1"
        )
        return frozenset(name for (name,) in answer.fetchall())

    def _opened(self) -> duckdb.DuckDBPyConnection:
        """Make the database, at the first call."""
        import duckdb

        if self._base is None:
            self._folder = tempfile.TemporaryDirectory(prefix="discourse-", ignore_cleanup_errors=True)
            self._base = duckdb.connect(":memory:")
            self._base.execute(f"SET memory_limit = '{self._database_memory}MB'")
            self._base.execute("SET threads = 1")  # more would bring the batches of the answer out of order
            self._base.execute(f"SET temp_directory = '{self._folder.name.replace(chr(39), chr(39) * 2)}'")
            self._base.execute("CREATE TABLE rows (key VARCHAR, place BIGINT, tag INTEGER, record BLOB)")
        return self._base

    def _write(self) -> None:
        """Append the waiting rows to the table, batch by batch."""
        base = self._opened()
        for start in range(0, len(self._keys), BATCH):
            part = slice(start, start + BATCH)
            self._append(base, self._keys[part], self._tags[part], self._records[part])
        self._keys, self._tags, self._records = [], [], []
        self._room = WAITING

    def _append(self, base: duckdb.DuckDBPyConnection, keys: list[str], tags: list[int], records: list[bytes]) -> None:
        import pyarrow as pa

        batch = pa.table(
            [
                pa.array(keys, pa.string()),
                pa.array(range(self._written, self._written + len(keys)), pa.int64()),
                pa.array(tags, pa.int32()),
                pa.array(records, pa.large_binary()),
            ],
            names=["key", "place", "tag", "record"],
        )
        self._written += len(keys)
        memory = RECORD_COPIES * max(map(len, records)) // 2**20
        if memory > self._database_memory:
            self._database_memory = memory
            base.execute(f"SET memory_limit = '{memory}MB'")
        with _disk_errors():
            base.register("batch", batch)
            base.execute("INSERT INTO rows SELECT * FROM batch")
            base.unregister("batch")

    def _sorted(self, base: duckdb.DuckDBPyConnection) -> Iterator[tuple[str, list[Row]]]:
        """Yield the groups by the first place of their keys, their rows by place; two answers are read side by side."""
        with _disk_errors():
            base.execute(
                "CREATE OR REPLACE TABLE firsts AS"
                " SELECT key, min(place) AS first, count(*) AS size FROM rows GROUP BY key"
            )
            keys = base.cursor().sql("SELECT key, size FROM firsts ORDER BY first").to_arrow_reader(BATCH)
            rows = base.sql("SELECT tag, record FROM rows JOIN firsts USING (key) ORDER BY first, place")
            waiting = chain.from_iterable(map(_listed, rows.to_arrow_reader(BATCH)))
            for key, size in chain.from_iterable(map(_listed, keys)):
                yield key, list(islice(waiting, size))


def _listed(batch: pa.RecordBatch) -> Iterator[tuple[Any, ...]]:
    """Give the rows of a batch; through numpy, five times as fast as pyarrow's own lists."""
    return zip(*(column.to_numpy(zero_copy_only=False).tolist() for column in batch.columns), strict=True)


@contextmanager
def _disk_errors() -> Iterator[None]:
    """Say what to do when the disk is full."""
    import duckdb

    try:
        yield
    except (duckdb.IOException, duckdb.OutOfMemoryException) as error:
        reason = str(error).split("\n", 1)[0]
        raise OutputError(
            f"{tempfile.gettempdir()}: the records cannot be sorted there ({reason}); point TMPDIR to a larger disk"
        ) from error
