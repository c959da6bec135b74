"""Read the elements of a JSON array one by one, so that an array larger than memory is no trouble."""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator
from typing import Any

from discourse.readers.base import Skip, Source
from discourse.readers.encoding import guess_encoding
from discourse.readers.source import CHUNK, LINE_LIMIT

_BETWEEN = re.compile(r"[\s,]*")
_NEXT_RECORD = re.compile(r"\}\s*,\s*(?=\{)")
_DECODER = json.JSONDecoder(strict=False)


def elements(source: Source) -> Iterator[Any | Skip]:
    """Yield each element of the array that a file is; a Skip for what is no JSON, and go on with the next record."""
    text = _Window(source)
    text.more()
    text.place = text.held.find("[") + 1
    while True:
        between = _BETWEEN.match(text.held, text.place)
        text.place = between.end() if between is not None else text.place
        if text.place >= len(text.held) and text.more():
            continue
        if text.place >= len(text.held):
            yield source.skip("the array is cut here: its end is missing", text.line())
            return
        if text.held[text.place] == "]":
            return
        yield _element(source, text)


def _element(source: Source, text: _Window) -> Any | Skip:
    """Return the element at the window's place and move behind it."""
    while True:
        try:
            value, end = _DECODER.raw_decode(text.held, text.place)
        except json.JSONDecodeError as error:
            reason = f"is no JSON ({error.msg.lower()})"
        except RecursionError:
            reason = "is nested too deep"
        else:
            if end < len(text.held) or not text.more():  # a number at the end may go on
                text.place = end
                return value
            continue
        left = len(text.held) - text.place
        following = _NEXT_RECORD.search(text.held, text.place)
        if left > LINE_LIMIT or (following is not None and left > CHUNK) or not text.more():
            skip = source.skip(reason, text.line())
            text.place = following.end() if following is not None else len(text.held)
            return skip


class _Window:
    """Hold the part of a file's text that is being read, from `place` on."""

    def __init__(self, source: Source) -> None:
        self._stream = source.open()
        self._waiting = self._stream.read(CHUNK)
        self._decoder = codecs.getincrementaldecoder(guess_encoding(self._waiting))(errors="replace")
        self._lines = 1
        self.held = ""
        self.place = 0

    def more(self) -> bool:
        """Read on, dropping what is before the place; False at the end of the file."""
        left = len(self.held) - self.place
        data = self._waiting or self._stream.read(max(CHUNK, left))
        self._waiting = b""
        if not data:
            return False
        self._lines += self.held.count("\n", 0, self.place)
        self.held = self.held[self.place :] + self._decoder.decode(data)
        self.place = 0
        return True

    def line(self) -> int:
        """Return the line of the place, from 1."""
        return self._lines + self.held.count("\n", 0, self.place)
