"""What has been said so far in one thread, kept so that the next comment can be compared with it quickly."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from discourse.echoes import Words, shingles
from discourse.links.cues import Cues

_Key = TypeVar("_Key")

WINDOW = 40
"""Earlier comments that are compared; beyond it only those that are quoted or whose author is named.

In the sample forum 99 % of the replies answer one of the 40 comments before them, or the post.
"""
CHAIN = 12
"""Steps up the tree that are looked at; so deep a chain is one conversation whatever stands above it."""
POST = -1
NOBODY = -1

Floats = npt.NDArray[np.float32]
Numbers = npt.NDArray[np.int64]


class Past:
    """Hold the comments of a thread in the order they were said, by number from 0, and the parents decided so far.

    `total` counts the comments that hold a word, over the whole thread; `size` is the number of comments to come. Words
    and 3-grams are indexed for the comments of the window alone, so that memory does not grow with them.
    """

    def __init__(self, post: Cues | None, total: Counter[str], size: int) -> None:
        self.post = post
        self.count = 0
        self.cues: list[Cues] = []
        self.ids: dict[str, int] = {}
        self.author: Numbers = np.full(size, NOBODY)
        self.parent: Numbers = np.full(size, POST)
        self.parent_author: Numbers = np.full(size, NOBODY)
        self.replies: Floats = np.zeros(size, dtype=np.float32)
        self.said: Floats = np.zeros(size + 2, dtype=np.float32)
        self.said_post: Floats = np.zeros(size + 2, dtype=np.float32)
        self.flags: Floats = np.zeros((size, 4), dtype=np.float32)
        self.created: npt.NDArray[np.float64] = np.full(size, np.nan)
        self.depth: Floats = np.zeros(size, dtype=np.float32)
        self.quotes: Floats = np.zeros(size, dtype=np.float32)
        self.answered: dict[int, Counter[int]] = {}
        self.last: dict[int, int] = {}
        self.partner: dict[int, int] = {}
        self.addressing: dict[int, dict[int, int]] = {}
        self.to_post = 0
        self.to_previous = 0
        self.total = total
        self._size = size + 1
        self.word_holders: dict[str, list[int]] = {}
        self.gram_holders: dict[Words, list[int]] = {}
        self.norms: list[float] = []
        self.post_norm = self.norm(post.content) if post is not None else 0.0
        self.post_grams: frozenset[Words] = shingles(post.words) if post is not None else frozenset()
        self.starter = self.identity(post.author) if post is not None else NOBODY

    def identity(self, key: str) -> int:
        """Return the number of an author, NOBODY for an unknown one."""
        return self.ids.setdefault(key, len(self.ids)) if key else NOBODY

    def add(self, cues: Cues, parent: int, quotes: int = 0) -> None:
        """Remember a comment, how many quotes it has, and what it answers: a number, or POST for the whole thread."""
        number = self.count
        author = self.identity(cues.author)
        self.cues.append(cues)
        self.author[number] = author
        self.flags[number] = (cues.ends_asking, cues.asks, cues.second_person, math.log1p(len(cues.words)))
        self.created[number] = np.nan if cues.created is None else cues.created
        self.quotes[number] = quotes
        self._add_parent(number, author, parent)
        for key, level in cues.addressed.items():
            self.addressing.setdefault(self.identity(key), {})[number] = level
        self.norms.append(self.norm(cues.content))
        for word in cues.content:
            self.word_holders.setdefault(word, []).append(number)
        for gram in shingles(cues.words):
            self.gram_holders.setdefault(gram, []).append(number)
        if number >= WINDOW:
            self._forget(number - WINDOW)
        self.count += 1

    def _add_parent(self, number: int, author: int, parent: int) -> None:
        self.parent[number] = parent
        self.depth[number] = 1 if parent == POST else self.depth[parent] + 1
        if parent == POST:
            self.to_post += 1
            self.said_post[author] += author != NOBODY
        else:
            self.replies[parent] += 1
            self.parent_author[number] = self.author[parent]
            self.partner[author] = int(self.author[parent])
        self.to_previous += parent == number - 1 and number > 0
        if author != NOBODY:
            self.answered.setdefault(author, Counter())[parent] += 1
            self.last[author] = number
            self.said[author] += 1

    def answered_by(self, author: int) -> Mapping[int, int]:
        """Return how often an author has answered which comments."""
        return self.answered.get(author, Counter())

    def chain(self, number: int) -> dict[int, int]:
        """Return a comment and those it stands under, each with how far up it is, from 1; none for a negative one."""
        found: dict[int, int] = {}
        while number >= 0 and len(found) < CHAIN:
            found[number] = len(found) + 1
            number = int(self.parent[number])
        return found

    def weight(self, word: str) -> float:
        """Return how rare a word is in the thread (inverse document frequency)."""
        return math.log(self._size / max(1, self.total[word]))

    def norm(self, content: frozenset[str]) -> float:
        """Return the length of a comment's word vector."""
        return math.sqrt(sum(self.weight(word) ** 2 for word in content))

    def _forget(self, number: int) -> None:
        """Drop a comment that leaves the window from the indexes; it is the oldest holder of all it holds."""
        for word in self.cues[number].content:
            _drop_first(self.word_holders, word)
        for gram in shingles(self.cues[number].words):
            _drop_first(self.gram_holders, gram)


def _drop_first(holders: dict[_Key, list[int]], key: _Key) -> None:
    numbers = holders[key]
    if len(numbers) == 1:
        del holders[key]
    else:
        del numbers[0]
