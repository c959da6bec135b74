"""Group the records of many interleaved threads: in memory while they are few, through duckdb on disk when many."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import TYPE_CHECKING, Self, TypeAlias

import msgspec

from discourse.errors import OutputError
from discourse.readers.base import Head, PackedComment
from discourse.threads import Comment

if TYPE_CHECKING:
    import duckdb

IN_MEMORY = 32 * 1024 * 1024
"""Bytes of packed records kept in memory before they go to disk."""
_OVERHEAD = 150
"""Bytes that a row takes besides its packed record (tuple, bytes object, place in a list), by sys.getsizeof."""
BATCH = 20_000
"""Records written to duckdb at once, and read back at once."""
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
    return Comment(*msgspec.structs.astuple(_packed_comment(record))) if record[0] == _LIST else _comment(record)


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
        self._limit = in_memory
        self._groups: dict[str, list[Row]] = {}
        self._bytes = 0
        self._written = 0
        self._pending: list[tuple[str, Row]] = []
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._base: duckdb.DuckDBPyConnection | None = None
        self._room = DATABASE_MEMORY

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
        if self._base is not None:
            self._pending.append((key, row))
            self._bytes += len(row[1])
            if len(self._pending) >= BATCH or self._bytes > self._limit:
                self._write()
            return
        self._groups.setdefault(key, []).append(row)
        self._bytes += len(row[1]) + _OVERHEAD
        if self._bytes > self._limit:
            self._spill()

    def groups(self) -> Iterator[tuple[str, list[Row]]]:
        """Yield each key with its rows; the rows of one group are in memory, those of all groups need not be."""
        if self._base is None:
            yield from self._groups.items()
            return
        self._write()
        last: str | None = None
        rows: list[Row] = []
        for key, tag, record in self._sorted():
            if key != last:
                if last is not None:
                    yield last, rows
                last, rows = key, []
            rows.append((tag, record))
        if last is not None:
            yield last, rows

    def shared_names(self) -> frozenset[str]:
        """Return what follows the newline in more than one key: thread ids that several families state."""
        if self._base is None:
            count = Counter(key.split("\n", 1)[1] for key in self._groups)
            return frozenset(name for name, families in count.items() if families > 1)
        self._write()
        answer = self._base.execute(
            "SELECT substr(key, instr(key, chr(10)) + 1) AS name FROM rows GROUP BY name HAVING count(DISTINCT key) > 1"
        )
        return frozenset(name for (name,) in answer.fetchall())

    def _spill(self) -> None:
        """Move everything to disk: the order of the groups is kept, since later rows get later places."""
        import duckdb

        self._folder = tempfile.TemporaryDirectory(prefix="discourse-", ignore_cleanup_errors=True)
        self._base = duckdb.connect(":memory:")
        self._base.execute(f"SET memory_limit = '{self._room}MB'")
        self._base.execute("SET threads = 1")  # more would bring the batches of the answer out of order
        self._base.execute(f"SET temp_directory = '{self._folder.name.replace(chr(39), chr(39) * 2)}'")
        self._base.execute("CREATE TABLE rows (key VARCHAR, place BIGINT, tag INTEGER, record BLOB)")
        for key in list(self._groups):
            self._pending.extend((key, row) for row in self._groups.pop(key))
            if len(self._pending) >= BATCH:
                self._write()

    def _write(self) -> None:
        """Append the waiting rows to the table."""
        import pyarrow as pa

        if self._base is None or not self._pending:
            return
        keys, rows = zip(*self._pending, strict=True)
        tags, records = zip(*rows, strict=True)
        places = range(self._written, self._written + len(keys))
        batch = pa.table(
            [
                pa.array(keys, pa.string()),
                pa.array(places, pa.int64()),
                pa.array(tags, pa.int32()),
                pa.array(records, pa.large_binary()),
            ],
            names=["key", "place", "tag", "record"],
        )
        self._pending.clear()
        self._bytes = 0
        room = RECORD_COPIES * max(map(len, records)) // 2**20
        if room > self._room:
            self._room = room
            self._base.execute(f"SET memory_limit = '{room}MB'")
        self._written += len(batch)
        with _disk_errors():
            self._base.register("batch", batch)
            self._base.execute("INSERT INTO rows SELECT * FROM batch")
            self._base.unregister("batch")

    def _sorted(self) -> Iterator[tuple[str, int, bytes]]:
        """Yield (key, tag, record) sorted by the first place of the key, then by place."""
        assert self._base is not None
        with _disk_errors():
            answer = self._base.sql(
                "SELECT key, tag, record FROM rows"
                " JOIN (SELECT key, min(place) AS first FROM rows GROUP BY key) USING (key) ORDER BY first, place"
            )
            for batch in answer.to_arrow_reader(BATCH):
                columns = (column.to_numpy(zero_copy_only=False).tolist() for column in batch.columns)
                yield from zip(*columns, strict=True)


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
