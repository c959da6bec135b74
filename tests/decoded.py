"""Everything that a folder says, decoded: Parquet, JSON, HTML and what is embedded in it, CSV, XML, packed files."""

from __future__ import annotations

import bz2
import csv
import gzip
import html
import io
import json
import lzma
import re
import zipfile
import zlib
from base64 import b64decode
from binascii import Error
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pyarrow.parquet as pq
import zstandard

FREE = ("text", "title", "quotes.text", "context.text", "codebook", "target", "targets")
"""Columns whose words are people's own: a name that is also a common word may stand there."""

_BASE64 = re.compile(r"[A-Za-z0-9+/]{40,}={0,2}")
_PACKED = {b"\x1f\x8b": gzip.decompress, b"BZh": bz2.decompress, b"\xfd7zXZ": lzma.decompress,
           b"\x28\xb5\x2f\xfd": lambda data: zstandard.ZstdDecompressor().decompressobj().decompress(data)}  # fmt: skip


def spoken(folder: Path) -> Iterator[tuple[str, str, str]]:
    """Yield (file, field, text) of everything in a folder, file names included; the field of loose text is empty."""
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        yield name, "path", name
        if path.is_file():
            yield from ((name, field, text) for field, text in _file(path.name, path.read_bytes()))


def _file(name: str, data: bytes) -> Iterator[tuple[str, str]]:
    unpack = next((function for magic, function in _PACKED.items() if data.startswith(magic)), None)
    if unpack is not None:
        yield from _file(name, unpack(data))
    elif data[:4] == b"PK\x03\x04":
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for inner in archive.namelist():
                yield from _file(inner, archive.read(inner))
    elif data[:4] == b"PAR1":
        table = pq.ParquetFile(io.BytesIO(data))
        yield from _values("metadata", {str(k): str(v) for k, v in (table.schema_arrow.metadata or {}).items()})
        for row in table.read().to_pylist():
            yield from _values("", row)
    else:
        yield from _text(name, data.decode("utf-8-sig"))


def _text(name: str, text: str) -> Iterator[tuple[str, str]]:
    if name.endswith(".json"):
        yield from _values("", json.loads(text))
    elif name.endswith(".jsonl"):
        for line in text.splitlines():
            yield from _values("", json.loads(line))
    elif name.endswith(".csv"):
        for row in csv.DictReader(io.StringIO(text, newline="")):
            for column, cell in row.items():
                yield from _values(column, json.loads(cell) if cell[:1] in ("[", "{") else cell)
    else:
        yield "", text
        yield "", html.unescape(text)
        for script in re.findall(r"<script[^>]*>(.*?)</script>", text, re.DOTALL):
            if script.strip()[:1] in ("[", "{"):
                yield from _values("", json.loads(script))
        for attribute in re.findall(r"=\"([^\"]*)\"|='([^']*)'", text):
            plain = html.unescape("".join(attribute))
            if plain[:1] in ("[", "{"):
                try:
                    yield from _values("", json.loads(plain))
                except ValueError:
                    yield "", plain


def _values(field: str, value: Any) -> Iterator[tuple[str, str]]:
    """Yield every text in nested values under the names that lead to it; packed bytes in base 64 are opened."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield f"{field}.keys".lstrip("."), str(key)
            yield from _values(f"{field}.{key}".lstrip("."), inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _values(field, inner)
    elif isinstance(value, str):
        yield field, value
        if "%" in value:
            yield field, unquote(value)
        for found in _BASE64.findall(value):
            yield from ((field, text) for text in _from_base64(found))


def _from_base64(text: str) -> Iterator[str]:
    try:
        data = b64decode(text, validate=True)
    except Error:
        return
    for unpack in (lambda data: data, gzip.decompress, zlib.decompress):
        try:
            yield unpack(data).decode("utf-8")
        except (OSError, zlib.error, UnicodeDecodeError):
            continue
