"""Decompress gzip, bzip2, xz and zstandard streams that may be damaged, cut, concatenated or malicious."""

from __future__ import annotations

import bz2
import gzip
import hashlib
import io
import lzma
import zlib
from collections.abc import Callable
from typing import BinaryIO, Protocol, cast

import zstandard

WINDOW = 2**31
"""Largest zstandard window in bytes; the monthly Reddit dumps are packed with `zstd --long=31`."""
BOMB_RATIO = 200
"""Bytes out per byte in beyond which a stream is a bomb; forum records pack 3 to 60 times, gzip cannot exceed 1,032."""
BOMB_FLOOR = 256 * 1024 * 1024
"""Bytes out below which no stream is taken for a bomb."""
BUFFER = 256 * 1024
_SMALL_STEP = 4096
_SALVAGED = 2**30
"""Bytes out up to which a damaged stream is unpacked twice, to save the last of what came before the damage."""

Fault = Callable[[str], None]

_DAMAGE = (OSError, EOFError, zlib.error, lzma.LZMAError, zstandard.ZstdError, ValueError)

_MAGICS = {
    "gzip": (b"\x1f\x8b\x08",),
    "bzip2": tuple(b"BZh%d%s" % (level, start) for level in range(1, 10) for start in (b"1AY&SY", b"\x17rE8P\x90")),
    "xz": (b"\xfd7zXZ\x00", b"]\x00\x00"),
    "zstandard": (b"\x28\xb5\x2f\xfd",),
}
"""The first bytes of the packings; `_decompressor` looks for them."""

_UNREADABLE = (
    (b"PK\x03\x04", "is a zip archive: unpack it first"),
    (b"7z\xbc\xaf\x27\x1c", "is a 7z archive: unpack it first"),
    (b"Rar!\x1a\x07", "is a rar archive: unpack it first"),
    (b"\x04\x22\x4d\x18", "is packed with lz4: unpack it first (lz4 -d)"),
    (b"\x1f\x9d", "is packed with compress: unpack it first (uncompress)"),
)


class _Packed(Protocol):
    def read1(self, size: int = -1, /) -> bytes: ...


class Fingerprint(io.RawIOBase):
    """Pass the bytes of a file through, counting and hashing them on the way."""

    def __init__(self, raw: io.FileIO) -> None:
        self._raw = raw
        self._hash = hashlib.sha256()
        self._straight = True
        self.count = 0
        self.complete = False

    def readable(self) -> bool:
        """Say yes."""
        return True

    def seekable(self) -> bool:
        """Say yes."""
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Move; what is read from here on is not hashed."""
        self._straight = False
        return self._raw.seek(offset, whence)

    def tell(self) -> int:
        """Return the position in the file."""
        return self._raw.tell()

    def readinto(self, buffer: object) -> int:
        """Read into a buffer, as io.RawIOBase does."""
        view = memoryview(cast("bytearray", buffer))
        count = self._raw.readinto(view) or 0
        if self._straight:
            self._hash.update(view[:count])
            self.complete = self.complete or count == 0
        self.count += count
        return count

    def hexdigest(self) -> str:
        """Return the SHA-256 of what passed."""
        return self._hash.hexdigest()

    def close(self) -> None:
        """Close the file."""
        self._raw.close()
        super().close()


class _Unpacked(io.RawIOBase):
    """Read a decompressor until its end, its first damage or the bomb limit; damage ends the stream quietly."""

    def __init__(self, magic: bytes, file: io.BufferedReader[Fingerprint], raw: Fingerprint, fault: Fault) -> None:
        self._magic = magic
        self._file = file
        self._raw = raw
        self._fault = fault
        self._name, self._packed = _decompressor(magic, file)
        self._step = BUFFER
        self._out = 0
        self._ended = self._packed is None

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object) -> int:
        view = memoryview(cast("bytearray", buffer))
        if self._ended or self._packed is None or not len(view):
            return 0
        try:
            data = self._packed.read1(min(len(view), self._step))
        except _DAMAGE as error:
            if self._step == BUFFER and self._out < _SALVAGED and self._again():
                return self.readinto(buffer)
            return self._end(f"is a damaged {self._name} stream, read up to byte {self._out} ({error})")
        if not data:
            cut = self._name == "zstandard" and not _whole_zstandard(self._file)
            return self._end(f"is a cut {self._name} stream, read up to byte {self._out}" if cut else None)
        self._out += len(data)
        if self._out > BOMB_FLOOR and self._out > BOMB_RATIO * self._raw.count:
            return self._end(f"unpacks to over {BOMB_RATIO} times its size: stopped at byte {self._out} (a bomb?)")
        view[: len(data)] = data
        return len(data)

    def _again(self) -> bool:
        """Unpack once more up to here, to go on in small steps: a failed step loses what it had unpacked."""
        self._file.seek(0)
        self._packed = _decompressor(self._magic, self._file)[1]
        self._step = _SMALL_STEP
        left = self._out
        try:
            while left and self._packed is not None and (data := self._packed.read1(min(left, BUFFER))):
                left -= len(data)
        except _DAMAGE:
            return False
        return not left

    def _end(self, fault: str | None) -> int:
        self._ended = True
        if fault is not None:
            self._fault(fault)
        return 0

    def close(self) -> None:
        """Close the file."""
        self._file.close()
        super().close()


def unpack(raw: Fingerprint, fault: Fault) -> BinaryIO:
    """Return the stream of what `raw` holds, decompressed if its first bytes say so; `fault` hears of damage."""
    file = io.BufferedReader(raw, BUFFER)
    magic = file.peek(16)[:16]
    if _decompressor(magic, file)[1] is None:
        return file
    return io.BufferedReader(_Unpacked(magic, file, raw, fault), BUFFER)


def archive(head: bytes) -> str | None:
    """Say what to do about a file whose beginning is that of an archive, None if it is none."""
    for magic, advice in _UNREADABLE:
        if head.startswith(magic):
            return advice
    return "is a tar archive: unpack it first" if head[257:262] == b"ustar" else None


def cut_packing(whole: bytes) -> str | None:
    """Name the packing of a file that holds no more than the first bytes by which one is known, None if it is none."""
    for name, magics in _MAGICS.items():
        if len(whole) > 1 and whole != b"BZ" and any(magic.startswith(whole) for magic in magics):
            return name
    return None


def _decompressor(magic: bytes, file: io.BufferedReader[Fingerprint]) -> tuple[str, _Packed | None]:
    if magic.startswith(b"\x1f\x8b"):
        return "gzip", cast("_Packed", gzip.GzipFile(fileobj=file, mode="rb"))
    if magic.startswith(b"BZh") and magic[4:10] in {b"1AY&SY", b"\x17rE8P\x90"}:
        return "bzip2", cast("_Packed", bz2.BZ2File(file))
    if magic.startswith((b"\xfd7zXZ\x00", b"]\x00\x00")):
        return "xz", cast("_Packed", lzma.LZMAFile(file))
    if magic.startswith(b"\x28\xb5\x2f\xfd") or (magic[1:4] == b"\x2a\x4d\x18" and 0x50 <= magic[0] <= 0x5F):
        reader = zstandard.ZstdDecompressor(max_window_size=WINDOW).stream_reader(
            file, read_across_frames=True, closefd=False
        )
        return "zstandard", cast("_Packed", reader)
    return "", None


def _whole_zstandard(file: io.BufferedReader[Fingerprint]) -> bool:
    """Tell whether the last frame is complete, from the headers of its blocks (RFC 8878, section 3.1).

    The decompressor ends without an error where the bytes end. Reads 3 bytes for each block of up to 128 KiB.
    """
    end = file.seek(0, io.SEEK_END)
    place = 0
    while place < end:
        file.seek(place)
        magic = file.read(4)
        if magic[1:] == b"\x2a\x4d\x18" and 0x50 <= magic[0] <= 0x5F:
            place += 8 + int.from_bytes(file.read(4), "little")
            continue
        if magic != b"\x28\xb5\x2f\xfd":
            return False
        place = _frame_end(file, place + 4)
    return place == end


def _frame_end(file: io.BufferedReader[Fingerprint], place: int) -> int:
    """Return the position after the frame whose descriptor is at `place`, or a position past the end of the file."""
    descriptor = int.from_bytes(file.read(1), "little")
    single, checksum = descriptor >> 5 & 1, descriptor >> 2 & 1
    size_field = (single, 2, 4, 8)[descriptor >> 6]
    place += 1 + (1 - single) + (0, 1, 2, 4)[descriptor & 3] + size_field
    while True:
        file.seek(place)
        header = file.read(3)
        block = int.from_bytes(header, "little")
        rle = block >> 1 & 3 == 1
        place += 3 + (1 if rle else block >> 3)
        if len(header) < 3 or block & 1:
            return place + 4 * checksum
