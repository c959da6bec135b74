"""How alike short texts are by their spelling: TF-IDF over character sequences within words.

No model is asked: on the development motions of ArgKP-2021 this orders pairs better than the embeddings of the released
encoder do (docs/keypoints.md), in any language, at almost no cost.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

import numpy as np
from scipy.sparse import csr_matrix

from discourse.summary.sheet import Floats

SIZES, UNSPACED_SIZES = (3, 4, 5), (1, 2, 3)
"""Characters of a sequence, in scripts with spaces between words and in others."""
_LONGEST = 400
"""Characters of a text that are read: a passage of 60 words has fewer."""
_WORD = re.compile(r"\w+")
_LONG_WORD = 12
"""Mean word length above which a script without spaces is assumed."""


def likeness(rows: Sequence[str], columns: Sequence[str]) -> Floats:
    """Return the cosines of n and m texts, shape (n, m), 0…1; what is rare among the columns weighs more."""
    counted = [_sequences(text[:_LONGEST].lower()) for text in (*rows, *columns)]
    seen = Counter(sequence for held in counted[len(rows) :] for sequence in held)
    index: dict[str, int] = {}
    weights: list[float] = []
    places: list[int] = []
    ends = [0]
    for held in counted:
        for sequence, count in held.items():
            weights.append((1 + np.log(count)) * (1 + np.log((1 + len(columns)) / (1 + seen[sequence]))))
            places.append(index.setdefault(sequence, len(index)))
        ends.append(len(places))
    matrix = csr_matrix((weights, places, ends), shape=(len(counted), len(index)), dtype=np.float64)
    norms = np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=1)).ravel())
    near: Floats = (matrix[: len(rows)] @ matrix[len(rows) :].T).toarray()
    near /= np.maximum(np.outer(norms[: len(rows)], norms[len(rows) :]), 1e-9)
    return near


def _sequences(text: str) -> Counter[str]:
    words = _WORD.findall(text)
    unspaced = bool(words) and sum(map(len, words)) > _LONG_WORD * len(words)
    found: Counter[str] = Counter()
    for word in words:
        padded = f" {word} "
        for size in UNSPACED_SIZES if unspaced else SIZES:
            found.update(padded[at : at + size] for at in range(len(padded) - size + 1))
    return found
