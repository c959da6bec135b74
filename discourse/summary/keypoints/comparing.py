"""Which comments make which point: their passages beside sentences, every text encoded once.

The matcher turns a text into a vector, some 60 to 100 short texts a second on one core; comparing vectors costs next
to nothing. What is to be spared is therefore texts, not pairs. It learned from arguments of a sentence or two: comments
are cut into passages of that length, and a comment makes a point if one of its passages does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from discourse.summary.keypoints.sentences import sentences, size
from discourse.summary.sheet import Floats

Match: TypeAlias = Callable[[Sequence[str], Sequence[str]], NDArray[np.float32]]
"""Turn n passages and m sentences into the probabilities, shape (n, m), that a passage makes a sentence's point.

A text that was asked lately costs nothing.
"""

SAME = 0.5
"""Probability from which a comment is said to make a point: the more likely of the two."""
PASSAGE = 30
"""Words up to which sentences are read together; the arguments of ArgKP-2021, of which the matcher learned, have 18 on
average and up to 50."""
READ = 3000
"""Characters of a comment that are read, some 500 words."""


def passages(comment: str) -> tuple[str, ...]:
    """Cut a comment into runs of whole sentences of at most some 30 words; a short comment is one."""
    if size(comment) <= PASSAGE:
        return (comment,)
    found: list[str] = []
    held, words = "", 0
    for piece in _pieces(comment[:READ]):
        length = size(piece)
        if held and words + length > PASSAGE:
            found.append(held)
            held, words = "", 0
        held, words = f"{held} {piece}".strip(), words + length
    if held:
        found.append(held)
    return tuple(found) or (comment[:READ],)


def _pieces(text: str) -> Iterator[str]:
    """Yield sentences; those that never end, in pieces of a passage's length."""
    for sentence in sentences(text):
        words = sentence.split()
        if len(words) <= 2 * PASSAGE:
            yield sentence
        else:
            yield from (" ".join(words[at : at + PASSAGE]) for at in range(0, len(words), PASSAGE))


def compare(match: Match, comments: Sequence[tuple[str, ...]], said: Sequence[str]) -> Floats:
    """Return the probability that a comment, given as its passages, makes the point of a sentence.

    Shape (sentences, comments).
    """
    if not comments or not said:
        return np.zeros((len(said), len(comments)))
    found = match([passage for one in comments for passage in one], said).astype(np.float64)
    starts = np.cumsum([0, *map(len, comments)])[:-1]
    made: Floats = np.maximum.reduceat(found, starts, axis=0).T
    return made
