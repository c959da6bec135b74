"""Find whose words a comment quotes: quoted text against the own words of everything said before.

A name above a quote filters the candidates; without one, all earlier comments and the post are compared. Measured on
1,498 quotes of a real forum whose source is known (see docs/links.md).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from discourse.echoes import SHINGLE, Sources, Words, repeats, shingles, words
from discourse.threads import Quote, Thread

NAMED_SHARE = 0.25
"""Share of a quote's 3-grams that an earlier text by the named author must hold."""
BARE_SHARE = 0.6
"""The same where no author is named, or the named author has said nothing like it."""
LONE_SHARE = 0.3
"""The same where no other text holds more than half as much: a quote that was cut or edited in many places."""
BARE_WORDS = 2
"""Fewest words of a quote that is looked for without a name; two or three must stand in one earlier text alone."""
CLOSE = 0.999
"""Candidates within this factor of the best share are equals: the latest of them is taken."""
_RECENT = 50
"""Texts that are looked through for a quote of one or two words, the latest ones."""


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
        found = self._of_author(part, theirs) if theirs else None
        if found is not None:
            return Origin(self._number[found[0]], found[1], named=True)
        found = self._of_anybody(part) if len(part) >= BARE_WORDS else None
        return Origin(self._number[found[0]], found[1], named=False) if found is not None else None

    def _of_author(self, part: Words, theirs: Sequence[int]) -> tuple[int, float] | None:
        """Return which of some texts holds most of the words, and the share; the latest of equals."""
        if len(part) < SHINGLE:
            return max(((number, 1.0) for number in self._holding(part, theirs)), default=None)
        shares = self._sources.shares(part, theirs)
        top = max(shares.values(), default=0.0)
        return (_latest(shares, top), top) if top >= NAMED_SHARE else None

    def _of_anybody(self, part: Words) -> tuple[int, float] | None:
        """Return which text holds most of the words, and the share: enough of them, or far more than any other."""
        if len(part) < SHINGLE:
            holding = self._holding(part, range(len(self._words)))
            return (holding[0], 1.0) if len(holding) == 1 else None
        shares = self._sources.shares(part)
        top = max(shares.values(), default=0.0)
        if len(part) == SHINGLE and len(shares) != 1:
            return None
        alone = sum(share > top / 2 for share in shares.values()) == 1
        return (_latest(shares, top), top) if top >= (LONE_SHARE if alone else BARE_SHARE) else None

    def _holding(self, part: Words, among: Sequence[int]) -> list[int]:
        """Return which of some texts repeat a quote that is too short for 3-grams, among the latest."""
        return [number for number in among[-_RECENT:] if repeats(part, self._words[number])]


def _latest(shares: Mapping[int, float], top: float) -> int:
    return max(number for number, share in shares.items() if share >= CLOSE * top)
