"""What a comment's words share with those of its candidates: similarity, words that only one of them has, echoes."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

from discourse.echoes import Words
from discourse.links.cues import Cues
from discourse.links.past import POST, WINDOW, Past

RARE = 3
"""Most comments of a thread that hold a word which is rare in it."""


@dataclass(slots=True)
class Overlap:
    """Hold, by number of the candidate, what it shares with a comment; weights are squared inverse frequencies.

    `similarity` is the cosine of the word vectors, `beyond` the same without the words of the post; `exclusive` and
    `introduced` are the lengths of the part that only this candidate holds, or was the first to hold; `rare` counts
    words, `echo` is the longest run of 3-grams.
    """

    similarity: dict[int, float] = field(default_factory=dict)
    beyond: dict[int, float] = field(default_factory=dict)
    exclusive: dict[int, float] = field(default_factory=dict)
    introduced: dict[int, float] = field(default_factory=dict)
    rare: dict[int, float] = field(default_factory=dict)
    echo: dict[int, float] = field(default_factory=dict)


def overlap(past: Past, cues: Cues, candidates: Sequence[int]) -> Overlap:
    """Compare a comment's words with those of its candidates."""
    found = Overlap(echo=_echoes(past, cues.words))
    start = max(0, past.count - WINDOW)
    distant = [number for number in candidates if 0 <= number < start]
    total = 0.0
    for word in cues.content:
        weight = past.weight(word) ** 2
        total += weight
        holders = [*(at for at in distant if word in past.cues[at].content), *past.word_holders.get(word, ())]
        of_post = past.post is not None and word in past.post.content
        _count(found, [POST, *holders] if of_post else holders, weight, past.total[word] <= RARE)
    root = math.sqrt(total) or 1.0
    for cosine in (found.similarity, found.beyond):
        for number, value in cosine.items():
            norm = past.post_norm if number == POST else past.norms[number]
            cosine[number] = value / (root * norm) if norm else 0.0
    for length in (found.exclusive, found.introduced):
        for number, value in length.items():
            length[number] = math.sqrt(value) / root
    return found


def _count(found: Overlap, holders: Sequence[int], weight: float, rare: bool) -> None:
    """Add one word to what its holders share; they are in the order in which they were said."""
    if not holders:
        return
    _add(found.introduced, holders[0], weight)
    if len(holders) == 1:
        _add(found.exclusive, holders[0], weight)
    for number in holders:
        _add(found.similarity, number, weight)
        if rare:
            _add(found.rare, number, 1.0)
        if holders[0] != POST:
            _add(found.beyond, number, weight)


def _add(values: dict[int, float], number: int, value: float) -> None:
    values[number] = values.get(number, 0.0) + value


def _echoes(past: Past, spoken: Words) -> dict[int, float]:
    """Return, by number, the longest run of 3-grams that a comment takes over."""
    longest: dict[int, float] = {}
    running: dict[int, int] = {}
    for at in range(len(spoken) - 2):
        gram = spoken[at : at + 3]
        holders = past.gram_holders.get(gram, [])
        if gram in past.post_grams:
            holders = [*holders, POST]
        running = {number: running.get(number, 0) + 1 for number in holders}
        for number, run in running.items():
            longest[number] = max(float(run), longest.get(number, 0.0))
    return longest
