"""Near-duplicates: comments in which an author nearly repeats himself, so that one voice counts once.

Two comments of one author repeat each other if the pairs of neighboring words they share are at least 0.6 of the pairs
that either holds (Jaccard): a message of 12 words with one word changed in the middle is at 9/13 = 0.69, two messages
that share only a greeting far below. MinHash (rensa) finds candidates in near-linear time, the share is then exact.
Comments under 5 words repeat only if they are equal: "thanks" said twice is the same word, not the same message.
"""

from __future__ import annotations

import re
from collections import defaultdict
from itertools import pairwise

import numpy as np
from rensa import RMinHash, RMinHashLSH

from discourse.summary.people import Duplicate
from discourse.summary.sheet import Flags, Sheet

SIMILARITY = 0.6
FEW_WORDS = 5
_PERMUTATIONS, _BANDS = 128, 32
"""32 bands of 4 rows find a pair at similarity 0.6 with probability 1 − (1 − 0.6⁴)³² = 0.99, at 0.05 with 0.0002."""
_CANDIDATES = 50
"""Candidates compared exactly, the earliest first: bounds the cost of a bot's ten thousand half-alike messages."""
_SEED = 42
_WORD = re.compile(r"\w+")
_LONG_WORD = 12
"""Mean word length above which a script without spaces is assumed and characters are compared."""


def duplicates(sheet: Sheet) -> tuple[Duplicate, ...]:
    """Name each comment that nearly repeats an earlier one of its author, in the thread's order."""
    of_author: defaultdict[int, list[int]] = defaultdict(list)
    for place, author in enumerate(sheet.authors.tolist()):
        if author >= 0 and sheet.comments[place].text.strip():
            of_author[author].append(place)
    found: list[tuple[int, int]] = []
    for places in of_author.values():
        if len(places) > 1:
            found += _repeats(sheet, places)
    return tuple(Duplicate(sheet.comments[late].id, sheet.comments[early].id) for late, early in sorted(found))


def distinct(sheet: Sheet, repeated: tuple[Duplicate, ...]) -> Flags:
    """Mark the comments that do not repeat an earlier one."""
    again = {duplicate.comment_id for duplicate in repeated}
    return np.asarray([comment.id not in again for comment in sheet.comments], dtype=np.bool_)


def _repeats(sheet: Sheet, places: list[int]) -> list[tuple[int, int]]:
    """Pair each of an author's comments with the first that it repeats."""
    first: dict[str, int] = {}
    shingles: dict[int, frozenset[str]] = {}
    found: list[tuple[int, int]] = []
    index = RMinHashLSH(threshold=SIMILARITY, num_perm=_PERMUTATIONS, num_bands=_BANDS)
    for place in places:
        words = _words(sheet.comments[place].text)
        plain = " ".join(words) or sheet.comments[place].text.strip()
        if plain in first:
            found.append((place, first[plain]))
            continue
        first[plain] = place
        if len(words) < FEW_WORDS:
            continue
        pairs = frozenset(f"{one} {two}" for one, two in pairwise(words))
        sketch = RMinHash(num_perm=_PERMUTATIONS, seed=_SEED)
        sketch.update(sorted(pairs))
        near = [
            other
            for other in sorted(index.query(sketch))[:_CANDIDATES]
            if _jaccard(pairs, shingles[other]) >= SIMILARITY
        ]
        if near:
            found.append((place, near[0]))
            continue
        shingles[place] = pairs
        index.insert(place, sketch)
    return found


def _words(text: str) -> list[str]:
    words = _WORD.findall(text.lower())
    if words and sum(map(len, words)) > _LONG_WORD * len(words):
        return list("".join(words))
    return words


def _jaccard(one: frozenset[str], two: frozenset[str]) -> float:
    return len(one & two) / len(one | two)
