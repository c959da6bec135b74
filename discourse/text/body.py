"""Keep own words and quoted words apart while a text is read from its beginning to its end."""

from __future__ import annotations

from dataclasses import dataclass

from discourse.text.cleaning import tidy
from discourse.threads import Quote


@dataclass(frozen=True, slots=True)
class Body:
    """Hold an author's own words, plain, and the quotes among them in order of opening (an outer before its inner)."""

    text: str
    quotes: tuple[Quote, ...] = ()


class Layers:
    """Collect words by the depth of quotation they stand at; whatever the depth, each word is kept once."""

    __slots__ = ("_depth", "_layers", "_open")

    def __init__(self) -> None:
        self._layers: list[tuple[str | None, list[str]]] = [(None, [])]
        self._open: list[int] = [0]

    @property
    def depth(self) -> int:
        """Count the quotes that are open."""
        return len(self._open) - 1

    @property
    def pieces(self) -> list[str]:
        """Return the pieces written so far at the present depth; the caller may change their end."""
        return self._layers[self._open[-1]][1]

    def write(self, words: str) -> None:
        """Add words at the present depth."""
        self._layers[self._open[-1]][1].append(words)

    def open_quote(self, author: str | None = None) -> None:
        """Begin a quote inside what is open."""
        self._layers.append((author, []))
        self._open.append(len(self._layers) - 1)

    def name_author(self, author: str) -> None:
        """Name the author of the innermost open quote, unless it has one."""
        position = self._open[-1]
        known, pieces = self._layers[position]
        if position and known is None:
            self._layers[position] = (author, pieces)

    def close_quote(self) -> None:
        """End the innermost quote, if one is open."""
        if len(self._open) > 1:
            self._open.pop()

    def body(self) -> Body:
        """Return own words and quotes; a quote without words is none."""
        own, *quoted = ((author, tidy("".join(pieces))) for author, pieces in self._layers)
        return Body(own[1], tuple(Quote(author or None, words) for author, words in quoted if words))
