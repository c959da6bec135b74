"""Open one file whatever it is wrapped in, and read it in bounded memory.

Compression is recognized by content, not by name. A damaged or cut stream gives what came before the damage and a
notice; a decompression bomb is stopped. What a source had to assume is in its `faults`.
"""

from __future__ import annotations

import codecs
import contextlib
import hashlib
import io
import os
import sys
import tempfile
import weakref
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, TypeAlias, cast

from discourse.errors import InputError
from discourse.readers.base import Notice, Sample, Skip
from discourse.readers.encoding import decode, guess_encoding
from discourse.readers.unpacking import Fingerprint, unpack

_Bytes: TypeAlias = bytes  # inside the class, `bytes` is the method

SAMPLE_SIZE = 64 * 1024
CHUNK = 1024 * 1024
TARGETS_FILE = "targets.toml"
"""States the targets of the files around it; it is never one of them."""
LINE_LIMIT = 32 * 1024 * 1024
"""Longest line kept, in bytes; the longest line of the sample dumps is a Reddit listing of 0.5 MB."""
DOCUMENT_LIMIT = 512 * 1024 * 1024
"""Largest file read in one piece, in bytes after decompression; line formats have no limit."""


class FileSource:
    """Give a reader one file, or a folder that is one dump; `path` is as the user gave it ("-" is standard input).

    `thread_name` is an id for the thread of a page that states none, unique among the inputs of one reading.
    """

    def __init__(
        self,
        path: str,
        *,
        file: Path | None = None,
        field_map: dict[str, str] | None = None,
        thread_name: str | None = None,
    ) -> None:
        self._path = path
        self.file = file or (_spool_stdin(self) if path == "-" else Path(path))
        self._field_map = dict(field_map or {})
        self._thread_name = thread_name or ("stdin" if path == "-" else bare_name(path))
        self._fingerprint: Fingerprint | None = None
        self.faults: list[Notice] = []

    @property
    def path(self) -> str:
        """Return the path as the user gave it."""
        return self._path

    @property
    def thread_name(self) -> str:
        """Return an id for the thread of a page that states none."""
        return self._thread_name

    @property
    def field_map(self) -> dict[str, str]:
        """Return the columns that the user named, ours → theirs."""
        return self._field_map

    @property
    def size(self) -> int:
        """Return the size on disk in bytes, of all files for a folder."""
        return sum(member.stat().st_size for member in self._files())

    @property
    def position(self) -> int:
        """Return how many bytes of the file on disk have been read."""
        return self._fingerprint.count if self._fingerprint is not None else 0

    def open(self) -> BinaryIO:
        """Open the decompressed bytes as a stream; it ends early, with a fault, where the file is damaged."""
        try:
            raw = self.file.open("rb", buffering=0)
        except OSError as error:
            raise InputError(
                f"{self._path}: cannot be read ({error.strerror or error}); check the path and its rights"
            ) from error
        self._fingerprint = Fingerprint(raw)
        return unpack(self._fingerprint, self._fault)

    def bytes(self) -> _Bytes:
        """Read all decompressed bytes; InputError above DOCUMENT_LIMIT."""
        with self.open() as stream:
            data = stream.read(DOCUMENT_LIMIT + 1)
        if len(data) > DOCUMENT_LIMIT:
            limit = DOCUMENT_LIMIT // 2**20
            raise InputError(
                f"{self._path}: is larger than {limit} MB in one piece; split it, or convert it to one record a line"
            )
        return data

    def text(self) -> str:
        """Read and decode all of it; the newline is `\\n`, a byte order mark is dropped, a guess is a fault."""
        data = self.bytes()
        encoding = guess_encoding(data[: 16 * SAMPLE_SIZE])
        text, replaced = decode(data, encoding)
        if encoding not in _CERTAIN:
            self._fault(f"is not UTF-8: read as {encoding}")
        if replaced:
            self._fault(f"has bytes that are no {encoding}: they are shown as �")
        return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")

    def lines(self) -> Iterator[tuple[int, _Bytes]]:
        """Yield (line number from 1, line without its end); a line over LINE_LIMIT comes out cut.

        The bytes are as in the file, but for a byte order mark, which is dropped, and UTF-16 and UTF-32, which
        become UTF-8.
        """
        number = 0
        rest = b""
        cut: _Bytes | None = None
        for chunk in self._chunks():
            if cut is not None:
                end = chunk.find(b"\n")
                if end < 0:
                    continue
                number += 1
                yield number, cut
                cut, chunk = None, chunk[end + 1 :]
            whole = rest + chunk
            pieces = whole.split(b"\n")
            rest = pieces.pop()
            if b"\r" in whole:
                pieces = [piece.removesuffix(b"\r") for piece in pieces]
            yield from enumerate(pieces, number + 1)
            number += len(pieces)
            if len(rest) > LINE_LIMIT:
                cut, rest = rest[:LINE_LIMIT], b""
        if cut is not None or rest:
            yield number + 1, cut if cut is not None else rest.removesuffix(b"\r")

    def skip(self, why: str, line: int | None = None) -> Skip:
        """Make the Skip of a record of this file."""
        return Skip(self._path if line is None else f"{self._path}:{line}", why)

    def member(self, name: str) -> FileSource:
        """Return the source of a file of this folder; `name` is relative, with `/`."""
        return FileSource(str(Path(self._path) / name), file=self.file / name, field_map=self._field_map)

    def members(self) -> list[str]:
        """List the files of this folder, relative and sorted, without hidden ones; empty if it is a file."""
        return [
            str(file.relative_to(self.file).as_posix())
            for file in self._files()
            if file != self.file and file.name != TARGETS_FILE
        ]

    def sample(self) -> Sample:
        """Read the beginning for sniffing."""
        with self.open() as stream:
            head = stream.read(SAMPLE_SIZE)
            complete = not stream.read(1)
        encoding = guess_encoding(head)
        text = head.decode(encoding, errors="ignore" if not complete else "replace")
        text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
        return Sample(self._path, head, text, complete)

    def sha256(self) -> str:
        """Return the digest of the file on disk; free after a full read. Of a folder: of the digests of its files."""
        if self._fingerprint is not None and self._fingerprint.complete:
            return self._fingerprint.hexdigest()
        digests = []
        for file in self._files():
            with file.open("rb") as stream:
                digests.append(
                    (file.relative_to(self.file).as_posix(), hashlib.file_digest(stream, "sha256").hexdigest())
                )
        if self.file.is_dir():
            return hashlib.sha256("".join(f"{digest}  {name}\n" for name, digest in digests).encode()).hexdigest()
        return digests[0][1]

    def _files(self) -> list[Path]:
        if not self.file.is_dir():
            return [self.file]
        return sorted(
            file
            for file in self.file.rglob("*")
            if file.is_file() and not any(part.startswith(".") for part in file.relative_to(self.file).parts)
        )

    def _fault(self, text: str) -> None:
        notice = Notice(self._path, text)
        if notice not in self.faults:
            self.faults.append(notice)

    def _chunks(self) -> Iterator[_Bytes]:
        """Yield the decompressed bytes; wide encodings become UTF-8, so that lines can be split by byte."""
        with self.open() as stream:
            first = stream.read(CHUNK)
            encoding = guess_encoding(first[:SAMPLE_SIZE])
            if encoding.startswith(("utf-16", "utf-32")):
                text = io.TextIOWrapper(
                    io.BufferedReader(_Joined(first, stream)), encoding=encoding, errors="replace", newline=""
                )
                while part := text.read(CHUNK):
                    yield part.removeprefix("\ufeff").encode("utf-8", errors="replace")
                return
            old_ends = b"\r" in first[:SAMPLE_SIZE] and b"\n" not in first[:SAMPLE_SIZE]
            chunk = first.removeprefix(codecs.BOM_UTF8)
            while chunk:
                yield chunk.replace(b"\r", b"\n") if old_ends else chunk
                chunk = stream.read(CHUNK)


_CERTAIN = frozenset({"utf-8", "utf-8-sig", "utf-16", "utf-32"})


class _Joined(io.RawIOBase):
    """Put bytes that were read ahead back in front of a stream."""

    def __init__(self, first: bytes, stream: BinaryIO) -> None:
        self._first = io.BytesIO(first)
        self._stream = stream

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object) -> int:
        view = memoryview(cast("bytearray", buffer))
        data = self._first.read(len(view)) or self._stream.read(len(view))
        view[: len(data)] = data
        return len(data)


def bare_name(path: str) -> str:
    """Return a file's name without its endings ("dump/RC_2005-12.json.zst" → "RC_2005-12")."""
    name = Path(path).name
    stem = name.split(".", 1)[0] if not name.startswith(".") else name
    return stem or name


def _spool_stdin(owner: FileSource) -> Path:
    """Copy standard input to a temporary file, which goes away with its owner: readers may need it twice."""
    handle, name = tempfile.mkstemp(prefix="discourse-stdin-")
    weakref.finalize(owner, _remove, name)
    try:
        with os.fdopen(handle, "wb") as target:
            while chunk := sys.stdin.buffer.read(CHUNK):
                target.write(chunk)
    except OSError as error:
        raise InputError(
            f"-: standard input cannot be kept in {name} ({error.strerror or error}); give a file instead"
        ) from error
    return Path(name)


def _remove(name: str) -> None:
    with contextlib.suppress(OSError):
        os.unlink(name)
