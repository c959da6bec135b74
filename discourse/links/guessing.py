"""Go through a thread in the order it was said and guess, for each comment that states none, what it answers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from discourse.links.ahead import Ahead
from discourse.links.cues import Cues, author_key, names_by_first_word, read_cues
from discourse.links.features import Matrix, describe, window
from discourse.links.past import POST, Past
from discourse.links.quotations import find_origins
from discourse.links.ranker import Ranker
from discourse.threads import Evidence, Thread

_COMMON_NAME = 0.2
"""Share of comments in which a word must not appear to be taken for an author's name."""


@dataclass(frozen=True, slots=True)
class Guess:
    """Hold what a comment is thought to answer: a position in the thread, or None for the thread as a whole.

    `confidence` is the probability of just this answer.
    """

    position: int
    parent: int | None
    evidence: Evidence
    confidence: float


@dataclass(frozen=True, slots=True)
class Case:
    """Hold one comment as the ranker sees it: positions of the candidates (None: the thread) and their features.

    `quoted` is the candidate whose words are quoted first, `addressed` the positions of those whose authors are named.
    """

    position: int
    candidates: tuple[int | None, ...]
    table: Matrix
    quoted: int | None
    addressed: frozenset[int]


class Walk:
    """Describe the comments of one thread one by one; the caller decides each before the next is described."""

    def __init__(self, thread: Thread) -> None:
        self.thread = thread
        self.order = said_order(thread)
        self._offset = thread.comments[0].kind == "post" if thread.comments else False
        self._cues = _all_cues(thread)
        total = Counter(word for cues in self._cues for word in cues.content)
        self._past = Past(self._cues[0] if self._offset else None, total, len(thread.comments))
        said = [position for position in self.order if position >= self._offset]
        self._numbers = {position: number for number, position in enumerate(said)}
        origins = find_origins(thread, self.order)
        self._sources = [
            [self._numbers.get(one.position, POST) for one in origins[position] if one is not None] for position in said
        ]
        self._ahead = Ahead([self._cues[position] for position in said], [frozenset(one) for one in self._sources])
        self._positions: list[int] = []

    def describe(self, position: int) -> Case:
        """Describe a comment that has not been decided."""
        cues = self._cues[position]
        quoted = self._sources[self._past.count]
        identities = [self._past.identity(key) for key in cues.addressed]
        named = [self._past.last[author] for author in identities if author in self._past.last]
        numbers = window(self._past, [*named, *quoted])
        table = describe(self._past, cues, numbers, quoted, self._ahead)
        return Case(
            position,
            tuple(None if number == POST else self._positions[number] for number in numbers),
            table,
            numbers.index(quoted[0]) if quoted else None,
            frozenset(self._positions[number] for number in named),
        )

    def decide(self, position: int, parent: int | None) -> None:
        """Take down what a comment answers (a position, None for the thread) and go on."""
        number = self._numbers.get(parent, POST) if parent is not None else POST
        number = number if number < len(self._positions) else POST
        self._positions.append(position)
        self._past.add(self._cues[position], number, len(self.thread.comments[position].quotes))


def guess(thread: Thread, open_positions: frozenset[int], ranker: Ranker) -> Iterator[Guess]:
    """Yield a guess for each comment in `open_positions`; the other comments count with what they state."""
    walk = Walk(thread)
    post = 0 if thread.post is not None else None
    for position in walk.order:
        if position == post:
            continue
        if position not in open_positions:
            stated = thread.parents[position]
            walk.decide(position, stated if stated >= 0 and stated != post else None)
            continue
        found = _decide(walk.describe(position), ranker)
        walk.decide(position, found.parent)
        yield found


def _decide(case: Case, ranker: Ranker) -> Guess:
    """Follow the first quote whose source is found, else the most probable candidate."""
    probabilities = ranker.probabilities(case.table)
    best = int(np.argmax(probabilities)) if case.quoted is None else case.quoted
    parent = case.candidates[best]
    evidence: Evidence = "inferred"
    if case.quoted is not None:
        evidence = "quote"
    elif parent in case.addressed:
        evidence = "mention"
    return Guess(case.position, parent, evidence, float(probabilities[best]))


def said_order(thread: Thread) -> Sequence[int]:
    """Return positions in the order in which they were said: by time if all have one, else as they stand.

    Where a stated reply is older than its parent, times are not trusted: as the comments stand, parents come first.
    """
    moments = [comment.created for comment in thread.comments]
    if any(moment is None for moment in moments):
        return range(len(moments))
    first = 1 if thread.post is not None else 0
    stamps = [moment.timestamp() for moment in moments if moment is not None]
    order = [*range(first), *sorted(range(first, len(stamps)), key=lambda position: (stamps[position], position))]
    rank = {position: place for place, position in enumerate(order)}
    backward = any(parent >= 0 and rank[parent] > rank[at] for at, parent in enumerate(thread.parents))
    return range(len(moments)) if backward else order


def _all_cues(thread: Thread) -> list[Cues]:
    """Read every comment; a name that is a usual word of the thread addresses nobody."""
    keys = {author_key(comment.author) for comment in thread.comments} - {""}
    names = names_by_first_word(keys)
    holders = Counter(
        word for comment in thread.comments for word in set(comment.text.casefold().split()) if word in names
    )
    limit = max(3.0, _COMMON_NAME * len(thread.comments))
    usual = {word for word, count in holders.items() if count > limit}
    names = {word: key for word, key in names.items() if word not in usual}
    return [read_cues(comment, keys, names) for comment in thread.comments]
