"""Find whose words a comment quotes: quoted text against the own words of everything said before.

A name above a quote filters the candidates; without one, all earlier comments and the post are compared. Measured on
1,531 quotes of a real forum whose source is known (see docs/links.md).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from discourse.echoes import SHINGLE, Sources, Words, repeats, shingles, words
from discourse.threads import Quote, Thread

NAMED_SHARE = 0.25
"""Share of a quote's 3-grams that an earlier text by the named author must hold."""
BARE_SHARE = 0.6
"""The same where no author is named, or the named author has said nothing like it."""
BARE_WORDS = 4
"""Fewest words of a quote that is looked for without a name."""
CLOSE = 0.999
"""Candidates within this factor of the best share are equals: the latest of them is taken."""
_RECENT = 50
"""Comments of the named author that are looked through for a quote of one or two words, newest first."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Say where a quote comes from: the position in the thread, the share of its 3-grams found, whether it is named."""

    position: int
    share: float
    named: bool


def find_origins(thread: Thread, order: Sequence[int]) -> list[tuple[Origin | None, ...]]:
    """Return the origin of each quote of each comment, aligned with `thread.comments`; None where there is none.

    `order` lists positions as they were said: only what comes before a comment is compared. Memory and time are linear
    in the words of the thread.
    """
    quoted = [tuple(words(quote.text) for quote in comment.quotes) for comment in thread.comments]
    wanted = frozenset().union(*(shingles(part) for parts in quoted for part in parts))
    found: list[tuple[Origin | None, ...]] = [()] * len(thread.comments)
    if not wanted:
        return found
    said = _Said(thread, wanted)
    for position in order:
        comment = thread.comments[position]
        found[position] = tuple(
            said.origin(part, quote) for part, quote in zip(quoted[position], comment.quotes, strict=True)
        )
        said.add(position)
    return found


class _Said:
    """Remember what has been said so far, by whom."""

    def __init__(self, thread: Thread, wanted: frozenset[Words]) -> None:
        self._thread = thread
        self._sources = Sources(only=wanted)
        self._number: list[int] = []
        self._words: list[Words] = []
        self._by: dict[str, list[int]] = {}

    def add(self, position: int) -> None:
        """Remember one comment."""
        comment = self._thread.comments[position]
        spoken = words(comment.text)
        if comment.title:
            spoken += words(comment.title)
        self._sources.add(len(self._number), spoken)
        if comment.author is not None:
            self._by.setdefault(comment.author.casefold(), []).append(len(self._number))
        self._number.append(position)
        self._words.append(spoken)

    def origin(self, part: Words, quote: Quote) -> Origin | None:
        """Find where one quote comes from."""
        theirs = self._by.get(quote.author.casefold().removeprefix("@"), []) if quote.author else []
        for number, share in self._best(part, theirs, NAMED_SHARE):
            return Origin(self._number[number], share, named=True)
        if len(part) >= BARE_WORDS:
            for number, share in self._best(part, None, BARE_SHARE):
                return Origin(self._number[number], share, named=False)
        return None

    def _best(self, part: Words, among: Sequence[int] | None, least: float) -> Iterator[tuple[int, float]]:
        """Yield the text that holds most of the words, if it holds enough of them."""
        if among is not None and not among:
            return
        if len(part) < SHINGLE:
            short = [number for number in (among or ())[-_RECENT:] if repeats(part, self._words[number])]
            if short:
                yield short[-1], 1.0
            return
        shares = self._sources.shares(part, among)
        top = max(shares.values(), default=0.0)
        if top >= least:
            yield max(number for number, share in shares.items() if share >= CLOSE * top), top
