"""Read CSV as the world writes it: any delimiter, quoting and encoding, line ends inside fields, and stray quotes."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace

from discourse.readers.base import Source
from discourse.readers.columns import looks_like_comments
from discourse.readers.encoding import guess_encoding

_DELIMITERS = (",", ";", "\t", "|", "\x1f", "^")
_FIELD_LIMIT = 2**31 - 1
_LINES_OF_A_RECORD = 20_000
"""Lines that one quoted field may span; beyond, the quote at its beginning is taken for a stray one."""
_ROWS_OF_A_TABLE = 5
"""Rows of equal width without which lines with commas are taken for prose, if no column name is known."""
_NAME = re.compile(r"[^\n.!?,;:]{1,60}$")
_PATIENCE = 20
"""Stray quotes after which a field may span a hundredth of that: many of them would make reading slow."""


@dataclass(frozen=True, slots=True)
class Dialect:
    """Say how a file separates and quotes its fields; `escape` is set where quotes are escaped by a backslash."""

    delimiter: str
    quoted: bool
    escape: str | None
    encoding: str


@dataclass(frozen=True, slots=True)
class Record:
    """Hold the fields of one record and the line it begins at; `problem` says why it cannot be read."""

    line: int
    fields: list[str]
    problem: str | None = None


def guess_dialect(text: str, head: bytes, complete: bool) -> Dialect | None:
    """Guess the dialect from the beginning of a file; None if it does not look like a table."""
    lines = text.split("\n")
    lines = [line for line in (lines if complete else lines[:-1] or lines) if line.strip()][:200]
    if not lines:
        return None
    encoding = guess_encoding(head)
    escape = "\\" if '\\"' in text and '""' not in text.replace(',""', "") else None
    best: tuple[float, Dialect] | None = None
    for delimiter in _DELIMITERS:
        for quoted in (True, False) if delimiter == "\t" else (True,):
            dialect = Dialect(delimiter, quoted, escape, encoding)
            score = _regularity(lines, dialect)
            if score and (best is None or score > best[0]):
                best = (score, dialect)
    if best is None and looks_like_comments([lines[0].strip().strip('"')]) and len(lines[0]) < 40 and len(lines) > 1:
        return Dialect(",", True, escape, encoding)
    return best[1] if best is not None else None


def records(source: Source, dialect: Dialect) -> Iterator[Record]:
    """Yield the records of a file, the header first; a record that cannot be read is given with its problem."""
    csv.field_size_limit(_FIELD_LIMIT)
    lines = _Lines(source, dialect.encoding)
    reader = _reader(lines, dialect, strict=True)
    width = 0
    while True:
        lines.begin()
        try:
            fields = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            one_line = len(lines.taken) == 1 and "unexpected end" not in str(error)
            loose = _loosely(lines.taken, dialect) if one_line else None
            reader = _reader(lines, dialect, strict=True)
            if loose is None:
                lines.keep_first_only()
                loose = _unquoted(lines.taken, dialect)
                if len(loose) != width:
                    yield Record(lines.first, [], "has a quote that is not closed")
                    continue
            fields = loose
        if any(fields):
            width = width or len(fields)
            yield Record(lines.first, fields)


class _Lines:
    """Give csv its lines, remembering those of the record at hand so that they can be given again."""

    def __init__(self, source: Source, encoding: str) -> None:
        self._source = source.lines()
        self._encoding = "utf-8" if encoding.startswith(("utf-16", "utf-32", "utf-8")) else encoding
        self._again: list[tuple[int, str]] = []
        self._record: list[tuple[int, str]] = []
        self._strays = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        limit = _LINES_OF_A_RECORD if self._strays < _PATIENCE else _LINES_OF_A_RECORD // 100
        if len(self._record) >= limit:
            raise csv.Error("a field spans too many lines")
        if self._again:
            number, line = self._again.pop()
        else:
            number, data = next(self._source)
            line = data.decode(self._encoding, errors="replace") + "\n"
        self._record.append((number, line))
        return line

    @property
    def first(self) -> int:
        """Return the number of the first line of the record at hand."""
        return self._record[0][0] if self._record else 0

    @property
    def taken(self) -> list[str]:
        """Return the lines of the record at hand."""
        return [line for _, line in self._record]

    def begin(self) -> None:
        """Begin a record."""
        self._record = []

    def keep_first_only(self) -> None:
        """Give all lines of the record but the first again."""
        self._strays += 1
        self._again.extend(reversed(self._record[1:]))
        del self._record[1:]


def _reader(lines: Iterator[str], dialect: Dialect, *, strict: bool) -> Iterator[list[str]]:
    return csv.reader(
        lines,
        delimiter=dialect.delimiter,
        quoting=csv.QUOTE_MINIMAL if dialect.quoted else csv.QUOTE_NONE,
        escapechar=dialect.escape,
        doublequote=dialect.escape is None,
        strict=strict,
    )


def _loosely(lines: list[str], dialect: Dialect) -> list[str] | None:
    """Read lines whose quotes are not quite right, None if that fails too or gives more than one record."""
    try:
        found = list(_reader(iter(lines), dialect, strict=False))
    except csv.Error:
        return None
    return found[0] if len(found) == 1 else None


def _unquoted(lines: list[str], dialect: Dialect) -> list[str]:
    """Read a line as if quotes meant nothing."""
    return next(_reader(iter(lines), replace(dialect, quoted=False), strict=False), [])


def _regularity(lines: list[str], dialect: Dialect) -> float:
    """Score a delimiter by the share of records with as many fields as the header; 0 if it makes no table."""
    csv.field_size_limit(_FIELD_LIMIT)
    try:
        rows = [row for row in _reader((line + "\n" for line in lines), dialect, strict=False) if row]
    except csv.Error:
        return 0.0
    if not rows or len(rows[0]) < 2 or not all(map(_NAME.match, rows[0][1:])):
        return 0.0
    width = len(rows[0])
    counts = Counter(len(row) for row in rows[1:-1] or rows[1:])  # the last one may be cut
    share = counts[width] / sum(counts.values()) if counts else 0.5
    named = looks_like_comments(rows[0])
    if not named and (len(rows) < _ROWS_OF_A_TABLE or share < 1):
        return 0.0
    return share + named + min(width, 50) / 1000
