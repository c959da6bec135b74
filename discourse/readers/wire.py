"""Decode JSON that may be cut, damaged or not quite JSON, and read fields whose type may be anything.

Documents and line formats come out the same way. What is damaged costs the record it is in, not the file: the smallest
list element around the damage is left out, and a cut document keeps every element before the cut.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any, TypeVar

import msgspec

from discourse.readers.base import Sample, Skip, Source
from discourse.readers.deep_json import decode_deep

MENDS = 200
"""Most damaged elements left out of one document; beyond, what follows is given up."""
_MEND_BUDGET = 2**31
"""Bytes that may be parsed again while mending one document; bounds the time of mending a large one to some minutes."""

_TOKEN = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"|["{}\[\],]', re.DOTALL)
_ESCAPE = re.compile(
    r"\\\\|\\u[dD][89abAB][0-9a-fA-F]{2}(\\u[dD][c-fC-F][0-9a-fA-F]{2})?|\\u[dD][c-fC-F][0-9a-fA-F]{2}"
)
_SURROGATE = re.compile("[\ud800-\udfff]")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

Model = TypeVar("Model", bound=msgspec.Struct)


def decode(data: bytes, *, deep: bool = False) -> Any:
    """Decode one JSON value; ValueError where it is none. NaN, long numbers and lone surrogates are let pass.

    `deep` allows any depth of nesting: for readers that walk the value without recursion.
    """
    try:
        return msgspec.json.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return _decode_text(_as_text(data), deep=deep)
    except RecursionError as error:
        if deep:
            return decode_deep(_as_text(data))
        raise ValueError("is nested too deep") from error


def documents(source: Source, *, deep: bool = False) -> Iterator[tuple[int | None, Any] | Skip]:
    """Yield (line, value) of every record of a line format, or (None, value) of a document; a Skip for what is no JSON.

    A file whose first record fills a line is a line format; anything else is read in one piece. `deep` as in `decode`.
    """
    if _is_line_format(source):
        for number, line in source.lines():
            if line.strip():
                try:
                    yield number, decode(line, deep=deep)
                except ValueError as error:
                    yield source.skip(f"is no JSON ({_reason(error)})", number)
        return
    data = source.bytes()
    try:
        yield None, decode(data, deep=deep)
    except ValueError:
        yield from _mended(source, _as_text(data))


@lru_cache(maxsize=8)
def _glance(head: bytes) -> Any:
    line, newline, _ = head.lstrip(b"\xef\xbb\xbf \t\r\n").partition(b"\n")
    if newline and len(line) > 2:
        try:
            return decode(line)
        except ValueError:
            pass
    try:
        return decode(head)
    except ValueError:
        text = _as_text(head)
    try:
        return _decode_text(_cut(text), deep=True)
    except ValueError:
        return None


def glance(sample: Sample) -> Any:
    """Return the first record of a sample, or as much of the document as the sample holds; None if it is no JSON."""
    start = sample.text[:64].lstrip()
    if not start.startswith(("{", "[")):
        return None
    if sample.head.startswith((b"{", b"[", b" ", b"\n", b"\r", b"\t", b"\xef\xbb\xbf")):
        return _glance(sample.head)
    return _glance(sample.text.encode("utf-8", errors="replace"))


def convert(value: Any, model: type[Model]) -> Model | None:
    """Return a mapping as a struct whose fields may hold anything; None if it is no mapping."""
    if not isinstance(value, dict):
        return None
    try:
        return msgspec.convert(value, model)
    except (msgspec.ValidationError, RecursionError):
        return None


def listing(value: Any) -> list[Any]:
    """Return a list as it is, anything else as an empty one."""
    return value if isinstance(value, list) else []


def text(value: Any) -> str:
    """Return a text or number as text, anything else as an empty text."""
    if isinstance(value, str):
        return _SURROGATE.sub("\ufffd", value)
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return identifier(value) or ""
    return ""


def name(value: Any) -> str | None:
    """Return a text without surrounding white space, None if there is none."""
    return text(value).strip() or None


def identifier(value: Any) -> str | None:
    """Return an id as text: a number, or a text that is not blank."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else str(value) if math.isfinite(value) else None
    return name(value) if isinstance(value, str) else None


def server(url: str) -> str:
    """Return the server that a url names, the url itself if it names none; any text will do."""
    return url.partition("://")[2].partition("/")[0] or url


def number(value: Any) -> float | None:
    """Return a finite number, also one written as a text."""
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return None
    try:
        found = float(value)
    except (ValueError, OverflowError):
        return None
    return found if math.isfinite(found) else None


def flag(value: Any) -> bool | None:
    """Return a truth value, also one written as a number or a word; None if it is neither."""
    if isinstance(value, (bool, int)):
        return bool(value)
    if isinstance(value, str):
        return {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}.get(value.lower())
    return None


def moment(value: Any) -> datetime | None:
    """Return a time as UTC: ISO 8601, or an epoch in seconds, milliseconds or microseconds; no zone means UTC."""
    seconds = number(value)
    if seconds is not None:
        return _from_epoch(seconds)
    if not isinstance(value, str) or not value.strip():
        return None
    written = value.strip()
    try:
        found = datetime.fromisoformat(written)
    except ValueError:
        return _from_words(written)
    return _to_utc(found)


def _to_utc(found: datetime) -> datetime | None:
    try:
        return found.astimezone(UTC) if found.tzinfo is not None else found.replace(tzinfo=UTC)
    except (OverflowError, ValueError):
        return None


def _from_epoch(seconds: float) -> datetime | None:
    for limit, scale in ((1e14, 1e6), (1e11, 1e3)):
        if abs(seconds) >= limit:
            seconds /= scale
            break
    try:
        return _EPOCH + timedelta(seconds=seconds)
    except OverflowError:
        return None


def _from_words(written: str) -> datetime | None:
    """Read a date that is not ISO 8601 ("2021-03-19 19:27:25 UTC", "Thu, 1 Nov 2001 11:19:12 +0100")."""
    from dateutil import parser

    if not re.search(r"\d{4}", written) or len(written) > 60:
        return None
    try:
        found = parser.parse(written.removesuffix(" UTC"), tzinfos=lambda name, offset: offset or 0)
    except (ValueError, OverflowError, TypeError, AttributeError):
        return None
    return _to_utc(found)


def _reason(error: Exception) -> str:
    return str(error).split(": line", 1)[0].split(" (byte", 1)[0] or "malformed"


def _as_text(data: bytes) -> str:
    """Decode the bytes of a JSON document: UTF-8, or what its zero bytes say (RFC 4627, section 3)."""
    return data.decode(json.detect_encoding(data), errors="replace").removeprefix("\ufeff")


def _decode_text(source_text: str, *, deep: bool = False) -> Any:
    readable = _ESCAPE.sub(_whole_character, source_text)
    try:
        return json.loads(readable, strict=False)
    except RecursionError as error:
        if deep:
            return decode_deep(readable)
        raise ValueError("is nested too deep") from error


def _whole_character(escape: re.Match[str]) -> str:
    """Replace half of a surrogate pair, which no encoding can hold."""
    return escape.group() if escape.group(1) or escape.group() == "\\\\" else "\\ufffd"


def _is_line_format(source: Source) -> bool:
    """Tell whether one of the first lines is a whole record by itself (the first may be damaged)."""
    tried = 0
    for _, line in source.lines():
        if not line.strip():
            continue
        try:
            found = decode(line)
        except ValueError:
            found = None
        if isinstance(found, (dict, list)) and len(line.strip()) > 2:
            return True
        tried += 1
        if tried == 3 or not line.lstrip(b"\xef\xbb\xbf \t").startswith(b"{") or line.strip() == b"{":
            return False
    return False


def _mended(source: Source, whole: str) -> Iterator[tuple[None, Any] | Skip]:
    """Yield the values of a document that is damaged, cut, or several one after the other."""
    place, budget, mends = 0, _MEND_BUDGET, 0
    while whole[place:].strip():
        rest = whole[place:]
        start = len(rest) - len(rest.lstrip())
        budget -= len(rest)
        try:
            value, end = json.JSONDecoder(strict=False).raw_decode(rest, start)
        except json.JSONDecodeError as error:
            element = _element_around(rest, error.pos) if mends < MENDS and budget > 0 else None
            if element is not None:
                mends += 1
                yield source.skip(
                    f"has an element that is no JSON ({error.msg.lower()})", _line(whole, place + error.pos)
                )
                whole = whole[: place + element[0]] + "null" + whole[place + element[1] :]
                continue
            yield from _remains(source, whole, place, error)
            return
        except RecursionError:
            yield source.skip("is nested too deep")
            return
        yield None, value
        place += end


def _remains(source: Source, whole: str, place: int, error: json.JSONDecodeError) -> Iterator[tuple[None, Any] | Skip]:
    """Yield what stands before a cut, and say that the rest is lost."""
    line = _line(whole, place + error.pos)
    try:
        yield None, _decode_text(_cut(whole[place : place + error.pos]))
    except ValueError:
        yield source.skip(f"is no JSON ({error.msg.lower()})", line)
    else:
        yield source.skip("is cut or damaged here: what follows is lost", line)


def _line(whole: str, position: int) -> int:
    return whole.count("\n", 0, position) + 1


def _element_around(whole: str, position: int) -> tuple[int, int] | None:
    """Return the span of the smallest list element around a position; None if there is none or it does not end."""
    stack: list[tuple[str, int]] = []
    for token in _TOKEN.finditer(whole):
        found = token.group()
        if token.start() >= position and not (token.end() <= position):
            break
        if not _step(stack, found, token.end()):
            return None
    while stack and stack[-1][0] != "[":
        stack.pop()
    if not stack:
        return None
    start = stack[-1][1]
    inside: list[tuple[str, int]] = []
    for token in _TOKEN.finditer(whole, start):
        found = token.group()
        if not inside and found in ",]":
            return (start, token.start()) if token.start() >= position else None
        if not _step(inside, found, token.end()):
            return None
    return None


def _step(stack: list[tuple[str, int]], token: str, end: int) -> bool:
    """Follow one token of the structure; False where it does not fit. The stack: (opener, element start)."""
    if token == '"':
        return False
    if token in "{[":
        stack.append((token, end))
    elif token in "}]":
        if not stack or stack.pop()[0] != ("{" if token == "}" else "["):
            return False
    elif token == "," and stack:
        stack[-1] = (stack[-1][0], end)
    return True


def _cut(whole: str) -> str:
    """Close a document that ends too early, after its last whole element."""
    stack: list[tuple[str, int]] = []
    keep, depth = 0, 0
    for token in _TOKEN.finditer(whole):
        found = token.group()
        if not _step(stack, found, token.end()):
            break
        if found in "}]":
            keep, depth = token.end(), len(stack)
        elif found == ",":
            keep, depth = token.start(), len(stack)
    closers = "".join("}" if opener == "{" else "]" for opener, _ in reversed(stack[:depth]))
    return whole[:keep] + closers
