"""What a reader is: a format that recognizes its files and turns each into a flat stream of events.

A reader does not group, build trees, label or print. It yields, in any order, the comments it finds, what is known of
their threads, and the records it could not read; `readers.reading` joins them across files and builds the trees.
A comment whose id is empty is numbered there: 1, 2, 3, … within its thread.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO, Protocol, TypeAlias

import msgspec

from discourse.threads import Comment, Evidence, Kind, Quote, Repair, Status


@dataclass(frozen=True, slots=True)
class Head:
    """Say what a file knows of a thread besides its comments.

    Several heads of one thread join: the first that states a field wins. `announced` is the number of comments the
    page says it has; `reply_field` and `evidence` are set where files of the format differ in it; `repairs` are those
    that an earlier reading made (tables).
    """

    thread_id: str
    title: str | None = None
    url: str | None = None
    announced: int | None = None
    targets: tuple[str, ...] = ()
    reply_field: bool | None = None
    notices: tuple[str, ...] = ()
    evidence: Evidence | None = None
    repairs: tuple[Repair, ...] = ()


@dataclass(frozen=True, slots=True)
class Skip:
    """Count a record that could not be read: `where` is path or path:line, `why` one clause."""

    where: str
    why: str


@dataclass(frozen=True, slots=True)
class Notice:
    """Tell the user something about a file that is no error ("no comment structure was recognized")."""

    where: str
    text: str


class PackedComment(msgspec.Struct, array_like=True, gc=False):
    """Hold a Comment in its wire form, field by field; made five times as fast, for formats of millions of lines."""

    id: str
    thread_id: str
    parent_id: str | None = None
    kind: Kind = "comment"
    text: str = ""
    quotes: tuple[Quote, ...] = ()
    author: str | None = None
    created: datetime | None = None
    age: str | None = None
    edited: bool | None = None
    edited_at: datetime | None = None
    score: float | None = None
    lang: str | None = None
    title: str | None = None
    url: str | None = None
    status: Status = "ok"
    targets: tuple[str, ...] = ()
    source: str | None = None


Event: TypeAlias = Comment | PackedComment | Head | Skip | Notice

_Bytes: TypeAlias = bytes  # inside Source, `bytes` is the method


@dataclass(frozen=True, slots=True)
class Sample:
    """Show a reader the beginning of a file: `head` is up to 64 KiB after decompression, `text` the same decoded."""

    name: str
    head: bytes
    text: str
    complete: bool


class Source(Protocol):
    """Give a reader the whole of one file, decompressed; every way of reading is bounded in memory but `text`/`bytes`.

    `path` is as the user gave it; `field_map` renames columns (ours → theirs) for tables. `thread_name` is the thread
    id for a page that states none: made of the path, unique among the inputs. `member`/`members` open the files of a
    folder that is one dump (see `Format.folder`).
    """

    @property
    def path(self) -> str:
        """Return the path as the user gave it."""
        ...

    @property
    def thread_name(self) -> str:
        """Return the thread id for a page that states none."""
        ...

    @property
    def field_map(self) -> dict[str, str]:
        """Return the columns that the user named, ours → theirs."""
        ...

    def open(self) -> BinaryIO:
        """Open the decompressed bytes as a stream."""
        ...

    def bytes(self) -> _Bytes:
        """Read all decompressed bytes; InputError above the limit for documents (not for line formats)."""
        ...

    def text(self) -> str:
        """Read and decode all of it (UTF-8, BOMs, else a guessed encoding); the newline is `\\n`."""
        ...

    def lines(self) -> Iterator[tuple[int, _Bytes]]:
        """Yield (line number from 1, line without its end); a line over the limit comes out cut and is then no JSON."""
        ...

    def skip(self, why: str, line: int | None = None) -> Skip:
        """Make the Skip of a record of this file."""
        ...

    def member(self, name: str) -> Source:
        """Return the source of a file of this folder; `name` is relative, with `/`."""
        ...

    def members(self) -> list[str]:
        """List the files of this folder, relative and sorted; empty if it is a file."""
        ...


@dataclass(frozen=True, slots=True)
class Format:
    """Describe one format: how it is recognized, read, and what it keeps and loses (`discourse formats` shows this).

    `sniff` returns how sure the reader is, 0 (no) to 1 (its own marks are there); the surest reads the file.
    `evidence` is what stated parents rest on; `reply_field` False means that a comment without a stated parent may
    still answer another one (flat pages), so links may be guessed. `folder` recognizes a folder that is one dump.
    `own_numbers` tells that each server numbers its threads anew, and a thread's url tells two of one number apart.
    """

    name: str
    title: str
    keeps: str
    loses: str
    sniff: Callable[[Sample], float]
    read: Callable[[Source], Iterator[Event]]
    evidence: Evidence = "explicit"
    reply_field: bool = True
    folder: Callable[[str], bool] | None = None
    own_numbers: bool = False
