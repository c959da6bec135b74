"""Which comments make which point: a matcher asked as little as possible.

The matcher reads a comment and a sentence together, some 40 pairs a second on one core: not every pair can be asked.
Comments are examined in random order. Many sentences meet the first of them, the better half meets more, the best meet
all: successive halving. A comment longer than a passage is read where it is most like the sentence.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from discourse.summary.keypoints.likeness import likeness
from discourse.summary.keypoints.sentences import sentences
from discourse.summary.sheet import Flags, Floats, Ints

Match: TypeAlias = Callable[[Sequence[tuple[str, str]]], NDArray[np.float32]]
"""Turn n pairs of a comment and a sentence into the probabilities, shape (n,), that the comment makes its point."""

SAME = 0.5
"""Probability from which a comment is said to make a point: the more likely of the two."""

PASSAGE = 60
"""Words of a passage; the arguments of ArgKP-2021, on which the matcher learns, have up to 50."""
READ = 6000
"""Characters of a comment that are cut into passages, some 1,000 words."""
SCREENED = 16
"""Sentences that enter the first round."""
_GLANCE = 3
"""Comments that a sentence meets in the first round at least; its likeness to all others counts beside them."""
_SCREENING = 0.5
"""Part of the pairs spent on finding the best sentences; the rest is spent on counting who makes their points."""


@dataclass(frozen=True, slots=True)
class Round:
    """Compare the best `sentences` with the examined comments up to the `upto`-th."""

    sentences: int
    upto: int


def rounds(sentences: int, comments: int, points: int, pairs: int) -> tuple[Round, Round, Round]:
    """Plan three rounds within a number of pairs: screening, a closer look, and the count.

    One sentence more than `points` reaches the last round, as a spare for one that repeats another.
    """
    last = min(sentences, points + 1)
    first = max(last, min(sentences, SCREENED, int(pairs * _SCREENING / 2) // _GLANCE))
    middle = (first + last + 1) // 2
    half = pairs * _SCREENING / 2
    one = min(comments, max(1, int(half) // max(first, 1)))
    two = min(comments, one + max(1, int(half) // max(middle, 1)))
    left = pairs - one * first - (two - one) * middle
    three = min(comments, two + max(0, left) // max(last, 1))
    return Round(first, one), Round(middle, two), Round(last, three)


class Comparison:
    """Hold the probabilities of sentences (rows) and examined comments (columns), asked for as they are needed."""

    def __init__(self, match: Match, candidates: Sequence[str], own: Ints, comments: Sequence[str]) -> None:
        """Take sentences, the column of each sentence's own comment (-1: not examined), and the comments' texts."""
        self._match, self._sentences = match, tuple(candidates)
        self._passages = [passages(comment) for comment in comments]
        self._best = _closest(candidates, self._passages)
        self.pairs = 0
        self.probability: Floats = np.full((len(candidates), len(comments)), np.nan)
        known = np.flatnonzero(own >= 0)
        self.probability[known, own[known]] = 1.0

    def compare(self, rows: Sequence[int], upto: int) -> None:
        """Ask for the pairs of some sentences and the first comments that are not known yet."""
        asked = [(row, column) for row in rows for column in range(upto) if np.isnan(self.probability[row, column])]
        if not asked:
            return
        found = self._match([(self._passages[c][self._best[r][c]], self._sentences[r]) for r, c in asked])
        self.pairs += len(asked)
        for (row, column), probability in zip(asked, found, strict=True):
            self.probability[row, column] = probability

    def carried(self, row: int) -> Flags:
        """Mark the examined comments that make a sentence's point; what was not asked is not marked."""
        flags: Flags = np.nan_to_num(self.probability[row]) >= SAME
        return flags

    def alike(self, one: int, others: Sequence[int]) -> bool:
        """Tell whether a sentence makes the point of one of the others, or one of them its point."""
        texts = self._sentences
        asked = [pair for other in others for pair in ((texts[one], texts[other]), (texts[other], texts[one]))]
        self.pairs += len(asked)
        return bool(asked) and bool((self._match(asked) >= SAME).any())


def passages(comment: str) -> tuple[str, ...]:
    """Cut a comment into passages of whole sentences and at most some 60 words; a short comment is one."""
    if len(comment.split()) <= PASSAGE:
        return (comment,)
    found: list[str] = []
    held: list[str] = []
    for sentence in sentences(comment[:READ]):
        if held and sum(len(one.split()) for one in held) + len(sentence.split()) > PASSAGE:
            found.append(" ".join(held))
            held = []
        held.append(sentence)
    if held:
        found.append(" ".join(held))
    return tuple(found) or (comment,)


def _closest(candidates: Sequence[str], cut: Sequence[tuple[str, ...]]) -> list[list[int]]:
    """Return for each sentence and comment the passage that is most like the sentence."""
    ends = np.cumsum([0, *map(len, cut)])
    if ends[-1] == len(cut):
        return [[0] * len(cut) for _ in candidates]
    near = likeness(candidates, [passage for one in cut for passage in one])
    return [[int(np.argmax(row[start:end])) for start, end in pairwise(ends.tolist())] for row in near]
