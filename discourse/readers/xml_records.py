"""Read the records of an XML export one after another in bounded memory, each parsed for itself.

A record that is no XML is repaired where its intent is plain (a value without quotes, a bare `&`, an HTML entity, a
control character), else reported; the records around it stay. Nothing declared in a document type is expanded or
fetched: a document that declares entities is refused, since its words could be a bomb or somebody else's file.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from html.entities import html5
from typing import BinaryIO
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat

from discourse.errors import InputError
from discourse.readers.encoding import guess_encoding

_CHUNK = 1 << 20
RECORD_LIMIT = 64 * 1024 * 1024
"""Longest record kept, in characters: a WordPress item with its article is under 1 MB, its comments are records."""
_LONGEST_MARK = 256

_ENTITY_DECLARED = re.compile(r"<!ENTITY\b", re.I)
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_BAD_REFERENCE = re.compile(r"&#(?:0*(?:[0-8]|1[124-9]|2\d|3[01])|[xX]0*(?:[0-8bBcCeEfF]|1[0-9a-fA-F]));")
_NAMED_REFERENCE = re.compile(r"&(?!amp;|lt;|gt;|quot;|apos;|#\d+;|#[xX][0-9a-fA-F]+;)(\w{1,32};)?")
_BARE_VALUE = re.compile(r"(\s[\w:.-]+=)([^\s\"'<>=]+?)(?=\s|/?>)")
_UNQUOTED = re.compile(r"<[\w:.-]+(?:\s+[\w:.-]+=(?:\"[^\"<]*\"|'[^'<]*'|[^\s\"'<>=]+?))+\s*/?>")
_CDATA = re.compile(r"(<!\[CDATA\[.*?\]\]>)", re.S)


@dataclass(frozen=True, slots=True)
class Record:
    """Hold one record as text: its tag, the line it starts on, whether its end was found."""

    tag: str
    text: str
    line: int
    closed: bool


def records(stream: BinaryIO, tags: tuple[str, ...], within: frozenset[str] = frozenset()) -> Iterator[Record]:
    """Yield the elements of these names, in order; one that begins inside another ends the outer one's text there.

    The names in `within` are also parts of other records, where they begin none. Comments and CDATA sections hide what
    looks like a tag. Raises InputError where the document declares entities.
    """
    mark = _mark(tags)
    window = _Window(stream)
    tag, line = "", 0
    parts = _Parts()
    before = ""
    while True:
        distance = window.find(mark)
        passed = window.take_searched() if distance is None else window.take(distance)
        if tag:
            parts.add(passed)
        elif _ENTITY_DECLARED.search(before + passed):
            raise InputError("the document declares XML entities, which are refused; remove its document type")
        before = passed[-16:]
        if distance is None and window.ended:
            break
        found = window.match(mark) if distance is not None else None
        if found is None:
            continue
        opened, closed = found["open"], found["close"]
        written = window.take(len(found.group()))
        if not opened and not closed:
            parts.add(written + window.take_through("]]>" if written[2] == "[" else "-->"))
            continue
        if tag and (closed != tag if closed else opened != tag and opened in within):
            parts.add(written)
            continue
        if tag:
            parts.add(written if closed else "")
            yield Record(tag, parts.text(), line, bool(closed) and parts.whole)
            tag = ""
        parts = _Parts()
        if opened and written.endswith("/>"):
            yield Record(opened, written, window.line, True)
        elif opened:
            tag, line = opened, window.line
            parts.add(written)
    if tag:
        yield Record(tag, parts.text(), line, False)


def _mark(tags: tuple[str, ...]) -> re.Pattern[str]:
    names = "|".join(map(re.escape, tags))
    return re.compile(rf"<!\[CDATA\[|<!--|<(?P<open>{names})(?=[\s/>])[^<>]{{0,200}}>?|</(?P<close>{names})\s*>")


class _Parts:
    """Collect the text of a record up to RECORD_LIMIT; `whole` tells whether all of it is there."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._size = 0

    @property
    def whole(self) -> bool:
        return self._size <= RECORD_LIMIT

    def add(self, text: str) -> None:
        self._size += len(text)
        if text and self.whole:
            self._parts.append(text)

    def text(self) -> str:
        return "".join(self._parts)


def parse_record(record: Record) -> Element | None:
    """Parse a record without regard to namespaces; None where it is no XML even after repair."""
    if len(record.text) > RECORD_LIMIT:
        return None
    text = record.text if record.closed else f"{record.text}</{record.tag}>"
    try:
        return _parsed(text)
    except (expat.ExpatError, AssertionError):
        pass
    try:
        return _parsed(_repaired(text))
    except (expat.ExpatError, AssertionError):
        return None


def child_text(element: Element | None, name: str) -> str:
    """Return the text of a child by its name without prefix, stripped; empty where there is none."""
    child = child_named(element, name)
    return "".join(child.itertext()).strip() if child is not None else ""


def child_named(element: Element | None, name: str) -> Element | None:
    """Return the first child of this name, whatever its prefix."""
    return next((part for part in element if local_name(part.tag) == name), None) if element is not None else None


def attribute_named(element: Element | None, name: str) -> str | None:
    """Return an attribute by its name without prefix, None where it is missing or empty."""
    if element is None:
        return None
    return next((value.strip() for key, value in element.attrib.items() if local_name(key) == name), None) or None


def local_name(tag: str) -> str:
    """Return a name without its prefix."""
    return tag.rpartition(":")[2]


def _parsed(text: str) -> Element:
    """Parse one element, names as written, entities refused; AssertionError where tags do not pair."""
    builder = TreeBuilder()
    parser = expat.ParserCreate("utf-8")
    parser.buffer_text = True
    parser.StartElementHandler = builder.start
    parser.EndElementHandler = builder.end
    parser.CharacterDataHandler = builder.data
    parser.Parse(text.encode("utf-8", "replace"), True)
    element: Element = builder.close()
    return element


def _repaired(text: str) -> str:
    """Repair what is plain between CDATA sections; in them only characters that XML does not know are dropped."""
    text = _CONTROL.sub("", text)
    pieces = _CDATA.split(text)
    return "".join(piece if piece.startswith("<![CDATA[") else _repaired_markup(piece) for piece in pieces)


def _repaired_markup(text: str) -> str:
    text = _BAD_REFERENCE.sub("", text)
    text = _UNQUOTED.sub(lambda tag: _BARE_VALUE.sub(r'\1"\2"', tag.group()), text)
    return _NAMED_REFERENCE.sub(_reference, text)


def _reference(match: re.Match[str]) -> str:
    known = html5.get(match.group(1) or "")
    return known if known and known not in "&<>" else f"&amp;{match.group(1) or ''}"


class _Window:
    """Show the decoded part of a stream that is being searched; what was taken is forgotten."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._text = ""
        self._at = 0
        self._decoder: codecs.IncrementalDecoder | None = None
        self.ended = False
        self.line = 1

    def find(self, mark: re.Pattern[str]) -> int | None:
        """Return how far the next mark is, reading on as needed; None where none is in what was read."""
        start = self._at
        while True:
            found = mark.search(self._text, start)
            if found is not None and (self.ended or found.end() < len(self._text) - _LONGEST_MARK):
                return found.start() - self._at
            if self.ended or len(self._text) - self._at > 4 * _CHUNK:
                return None
            start = max(self._at, (found.start() if found else len(self._text)) - _LONGEST_MARK)
            start -= self._read()

    def match(self, mark: re.Pattern[str]) -> re.Match[str] | None:
        """Match a mark at the front."""
        return mark.match(self._text, self._at)

    def take(self, length: int) -> str:
        """Take this many characters from the front."""
        taken = self._text[self._at : self._at + length]
        self._at += length
        self.line += taken.count("\n")
        return taken

    def take_searched(self) -> str:
        """Take all in which no mark was found; what could be the beginning of one stays."""
        kept = 0 if self.ended else _LONGEST_MARK
        return self.take(max(0, len(self._text) - self._at - kept))

    def take_through(self, end: str) -> str:
        """Take up to and with this end, or all where it never comes; of what is too long only the beginning."""
        taken: list[str] = []
        size = 0
        while (place := self._text.find(end, self._at)) < 0 and not self.ended:
            passed = self.take(max(0, len(self._text) - self._at - len(end)))
            size += len(passed)
            if size <= RECORD_LIMIT:
                taken.append(passed)
            self._read()
        taken.append(self.take((place + len(end) if place >= 0 else len(self._text)) - self._at))
        return "".join(taken)

    def _read(self) -> int:
        """Read on; return by how much places in the text have moved to the front."""
        chunk = self._stream.read(_CHUNK)
        if self._decoder is None:
            self._decoder = codecs.getincrementaldecoder(guess_encoding(chunk))("replace")
        self.ended = not chunk
        moved, self._at = self._at, 0
        self._text = self._text[moved:] + self._decoder.decode(chunk, final=self.ended)
        return moved
