"""Exemplars: for each stance and each argument type, readable comments that represent it and differ from each other.

Candidates are the surest readable comments of a label. They are chosen one by one by maximal marginal relevance
(Carbonell & Goldstein 1998): what represents the label, less its likeness to those chosen before. Likeness is the
cosine of the encoder's embeddings where `embed` is given, else the words two comments share.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from discourse.labels import FIELDS, Field
from discourse.summary.intervals import DIGITS
from discourse.summary.sheet import Flags, Floats, Ints, Sheet
from discourse.summary.words import Exemplar, Reason

Embed: TypeAlias = Callable[[Sequence[str]], NDArray[np.float32]]
"""Turn n texts into an array of shape (n, width) of vectors of length 1."""

PER_LABEL: dict[Field, int] = {"stance": 3, "argument": 2}
"""Exemplars for each label of a field; the reply stance has none, it needs its parent beside it."""

CANDIDATES = 32
"""Candidates a label: bounds the texts compared for one thread, at most 14 labels, to some 450."""

EXCERPT = 500
"""Characters shown: what a reader takes in at a glance, some 80 words."""

_RELEVANCE = 0.5
"""Weight of relevance against diversity, the λ of maximal marginal relevance: of two comments that say the same, the
second is worth less than any other sure one."""
_SHORT, _LONG = 40, 800
"""Below 40 characters a comment gives no reason, above 800 it is not read in passing."""
_TYPICAL, _SURE = 0.75, 0.8
_ENOUGH = 3
"""Comments among which none is typical, and whose mean says nothing of all texts."""
_WORD = re.compile(r"[^\W\d_]{3,}")
_LINK = re.compile(r"https?://\S+")


def exemplars(sheet: Sheet, kept: Flags, embed: Embed | None = None) -> tuple[Exemplar, ...]:
    """Choose exemplars for each stance and argument type that has comments; `kept` leaves near-duplicates out."""
    readable = np.asarray([_readability(comment.text) for comment in sheet.comments])
    answers = np.bincount(sheet.parents[sheet.parents >= 0], minlength=len(sheet))
    groups = [
        (field, code, _candidates(sheet, field, code, kept, readable))
        for field in PER_LABEL
        for code in range(len(FIELDS[field]))
    ]
    places = sorted({place for _, _, found in groups for place in found.tolist()})
    if not places:
        return ()
    alike = _likeness([sheet.comments[place].text for place in places], embed)
    index = {place: row for row, place in enumerate(places)}
    chosen: list[Exemplar] = []
    for field, code, found in groups:
        if len(found):
            rows = [index[place] for place in found.tolist()]
            near = alike(rows)
            ranks = _mmr(_relevance(sheet, field, code, found, near, readable), near, PER_LABEL[field])
            own = [_exemplar(sheet, field, code, found, rank, near, answers) for rank in ranks]
            chosen += [_with_reason(one, place) for place, one in enumerate(own)]
    return tuple(chosen)


def _candidates(sheet: Sheet, field: Field, code: int, kept: Flags, readable: Floats) -> Ints:
    """Return the positions of a label's surest and most readable comments; abstained ones only if there is no other."""
    judged = sheet.field(field)
    found = np.flatnonzero((judged.codes == code) & kept)
    sure = found[~judged.abstained[found]]
    found = sure if len(sure) else found
    worth = judged.scores[found, code] * readable[found]
    return found[np.argsort(-worth, kind="stable")[:CANDIDATES]]


def _relevance(sheet: Sheet, field: Field, code: int, found: Ints, near: Floats, readable: Floats) -> Floats:
    """Score the candidates by how sure, readable and typical they are; shape (candidates,)."""
    values: Floats = sheet.field(field).scores[found, code] * readable[found] * (0.8 + 0.2 * _typicality(near))
    return values


def _typicality(near: Floats) -> Floats:
    """Return each candidate's mean likeness to the others, scaled to 1 for the most typical; 1 among a few."""
    if len(near) <= _ENOUGH:
        return np.ones(len(near))
    means: Floats = (near.sum(axis=1) - near.diagonal()) / (len(near) - 1)
    top = float(means.max())
    return means / top if top > 0 else np.ones(len(near))


def _mmr(relevance: Floats, near: Floats, size: int) -> list[int]:
    """Choose positions by maximal marginal relevance, ties by order."""
    chosen: list[int] = []
    closest: Floats = np.zeros(len(relevance))
    while len(chosen) < min(size, len(relevance)):
        gain = _RELEVANCE * relevance - (1 - _RELEVANCE) * closest
        gain[chosen] = -np.inf
        best = int(np.argmax(gain))
        chosen.append(best)
        closest = np.maximum(closest, near[:, best])
    return chosen


def _likeness(texts: list[str], embed: Embed | None) -> Callable[[list[int]], Floats]:
    """Return a function from rows to their likeness, shape (rows, rows), 0…1."""
    if embed is not None:
        vectors = _centered(np.asarray(embed(texts), dtype=np.float64))
        return lambda rows: np.clip(vectors[rows] @ vectors[rows].T, 0.0, 1.0)
    words = [frozenset(_WORD.findall(text.lower())) for text in texts]
    return lambda rows: _shared(_content([words[row] for row in rows]))


def _centered(vectors: Floats) -> Floats:
    """Take out what all texts have in common: the cosines of an encoder lie in a narrow range near 1 (e5: 0.7…1)."""
    if len(vectors) <= _ENOUGH:
        return vectors
    moved = vectors - vectors.mean(axis=0)
    scaled: Floats = moved / np.maximum(np.linalg.norm(moved, axis=1, keepdims=True), 1e-9)
    return scaled


def _content(words: list[frozenset[str]]) -> list[frozenset[str]]:
    """Leave out the words that more than half of the comments use: they tell no comment from another."""
    seen = Counter(word for held in words for word in held)
    return [frozenset(word for word in held if seen[word] * 2 <= len(words)) or held for held in words]


def _shared(words: list[frozenset[str]]) -> Floats:
    near = np.eye(len(words))
    for row, one in enumerate(words):
        for column in range(row):
            both = len(one & words[column])
            if both:
                near[row, column] = near[column, row] = both / np.sqrt(len(one) * len(words[column]))
    return near


def _readability(text: str) -> float:
    """Rate a text 0…1: of readable length, made of words, not shouted, not mostly a link."""
    size = len(text)
    if not size:
        return 0.0
    words = _LINK.sub("", text)
    letters = sum(map(str.isalpha, words))
    rating: float = min(1.0, len(words) / _SHORT) * min(1.0, (_LONG / size) ** 0.5)
    rating *= min(1.0, letters / (0.6 * size))
    if letters > 10 and sum(map(str.isupper, words)) > letters / 2:
        rating *= 0.5
    return rating


def _exemplar(sheet: Sheet, field: Field, code: int, found: Ints, rank: int, near: Floats, answers: Ints) -> Exemplar:
    place = int(found[rank])
    comment, confidence = sheet.comments[place], float(sheet.field(field).scores[place, code])
    reasons: list[Reason] = []
    if len(found) == 1:
        reasons.append("only")
    if confidence >= _SURE:
        reasons.append("sure")
    if len(found) > _ENOUGH and _typicality(near)[rank] >= _TYPICAL:
        reasons.append("typical")
    scores = sheet.score[found]
    if len(found) > 1 and np.isfinite(scores).any() and sheet.score[place] == np.nanmax(scores) > np.nanmin(scores):
        reasons.append("approved")
    if len(found) > 1 and answers[place] == answers[found].max() > 0:
        reasons.append("answered")
    return Exemplar(
        field=field,
        label=FIELDS[field][code],
        comment_id=comment.id,
        author=comment.author,
        text=excerpt(comment.text),
        confidence=round(confidence, DIGITS),
        reasons=tuple(reasons),
    )


def _with_reason(exemplar: Exemplar, place: int) -> Exemplar:
    """Say why an exemplar without any other reason was chosen, the first of its group or after others."""
    return exemplar if exemplar.reasons else replace(exemplar, reasons=("different" if place else "clear",))


def excerpt(text: str, size: int = EXCERPT) -> str:
    """Return a text's beginning, verbatim, cut at a word with an ellipsis."""
    text = text.strip()
    if len(text) <= size:
        return text
    head = text[:size]
    return (head[: head.rfind(" ")] if " " in head[size // 2 :] else head).rstrip() + "…"
