"""Keep own words and quoted words apart while a text is read from its beginning to its end."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from discourse.text.cleaning import tidy
from discourse.threads import Quote
from discourse.threads.slots import filled_directly

DEEPEST_LINE = 1_000
"""Levels of quoting that one line can show by its marks; a line with more is read as of this many."""


@filled_directly
@dataclass(frozen=True, slots=True)
class Body:
    """Hold an author's own words, plain, and the quotes among them in order of opening (an outer before its inner)."""

    text: str
    quotes: tuple[Quote, ...] = ()


class Layers:
    """Collect words by the depth of quotation they stand at; whatever the depth, each word is kept once."""

    __slots__ = ("_depth", "_layers", "_open")

    def __init__(self) -> None:
        self._layers: list[tuple[str | None, list[str]] | None] = [(None, [])]
        self._open: list[int] = [0]

    @property
    def depth(self) -> int:
        """Count the quotes that are open."""
        return len(self._open) - 1

    @property
    def pieces(self) -> list[str]:
        """Return the pieces written so far at the present depth; the caller may change their end."""
        return self._innermost()[1]

    def write(self, words: str) -> None:
        """Add words at the present depth."""
        self._innermost()[1].append(words)

    def open_quote(self, author: str | None = None) -> None:
        """Begin a quote inside what is open."""
        self._layers.append((author, []))
        self._open.append(len(self._layers) - 1)

    def name_author(self, author: str) -> None:
        """Name the author of the innermost open quote, unless it has one."""
        known, pieces = self._innermost()
        if self.depth and known is None:
            self._layers[self._open[-1]] = (author, pieces)

    def close_quote(self) -> None:
        """End the innermost quote, if one is open; one without words is forgotten."""
        if self.depth:
            wordless = not any(map(str.strip, self.pieces))
            position = self._open.pop()
            if wordless:
                self._layers[position] = None

    def body(self, finish: Callable[[str], str] = tidy) -> Body:
        """Return own words and quotes, finished; a quote without words is none."""
        own, *quoted = [(layer[0], finish("".join(layer[1]))) for layer in self._layers if layer is not None]
        return Body(own[1], tuple([Quote(author or None, words) for author, words in quoted if words]))

    def _innermost(self) -> tuple[str | None, list[str]]:
        layer = self._layers[self._open[-1]]
        assert layer is not None  # only closed quotes are forgotten
        return layer
