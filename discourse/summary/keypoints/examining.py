"""What is read of a side: the comments that are examined, their passages, and the sentences that may become points."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np

from discourse.labels import ARGUMENTS, STANCES
from discourse.summary.keypoints.comparing import READ, passages
from discourse.summary.keypoints.sampling import Sample, draw
from discourse.summary.keypoints.sentences import granting, quality, sentences
from discourse.summary.sheet import Floats, Ints, Sheet

EXAMINED = 300
"""Comments of a side that are examined at most: a share of 10 % is then known to ± 4.8 points (`Sample.halves`)."""
PASSAGES = 300
"""Passages of a side that are encoded at most, half of what a large thread costs; long comments have many."""
NEUTRAL, NEUTRAL_PASSAGES = 50, 2
"""Comments that take no side, and passages of each, that are compared: what they make, too, is no point of a side."""
SENTENCES = 6
"""Sentences of a comment that may become points, the first ones: a comment's point is rarely further down."""
_COMMON = 0.2
"""Part of a side's comments in a language from which its sentences may stand for the side."""
_SURE = 0.6
"""Probability of its stance from which a comment may lend its words: a point must not stand on the wrong side."""
_NO_REASON = [ARGUMENTS.index(name) for name in ("ad_hominem", "irony", "question", "none")]
_GRANTED = 0.3
"""What a sentence is worth that seems to grant the other side's point: it would stand on the wrong side."""
_UNREASONED = 0.5
"""What a sentence of a comment that gives no reason is worth, beside one of a comment that does."""

Side: TypeAlias = Literal["favor", "against"]
SIDES: tuple[Side, Side] = ("favor", "against")


@dataclass(frozen=True, slots=True)
class Said:
    """Hold a sentence that can stand as a point, the examined comment and passage it is of, and how well it stands."""

    column: int
    text: str
    passage: str
    quality: float


@dataclass(frozen=True, slots=True)
class Examined:
    """Hold a side's examined comments, each as its passages, and the sentences among them that can be points."""

    side: Side
    sample: Sample
    comments: tuple[tuple[str, ...], ...]
    sentences: tuple[Said, ...]

    @property
    def passages(self) -> int:
        """Count the passages of the examined comments."""
        return sum(map(len, self.comments))


def examine(sheet: Sheet, side: Side, places: Ints) -> Examined:
    """Read the comments of a side, given by position: all of them, or a random sample of very many."""
    strata = sheet.argument.codes[places]
    sample = draw(places, strata, EXAMINED)
    cut = _cut(sheet, sample)
    while (count := sum(map(len, cut))) > PASSAGES and len(sample) > 1:
        sample = draw(places, strata, min(len(sample) * PASSAGES // count, len(sample) - 1))
        cut = _cut(sheet, sample)
    return Examined(side, sample, cut, _readable(sheet, side, sample, cut))


def neutral(sheet: Sheet, places: Ints) -> tuple[tuple[str, ...], ...]:
    """Return the first passages of comments that take no side, of a random sample of very many."""
    sample = draw(places, sheet.argument.codes[places], NEUTRAL)
    return tuple(one[:NEUTRAL_PASSAGES] for one in _cut(sheet, sample))


def _cut(sheet: Sheet, sample: Sample) -> tuple[tuple[str, ...], ...]:
    return tuple(passages(sheet.comments[place].text) for place in sample.places.tolist())


def _readable(sheet: Sheet, side: Side, sample: Sample, cut: tuple[tuple[str, ...], ...]) -> tuple[Said, ...]:
    """Return the sentences that can stand as a point, each once."""
    choosing, _ = sample.halves()
    sure = (
        choosing & sheet.stance.sure[sample.places] & (sheet.stance.scores[sample.places, STANCES.index(side)] >= _SURE)
    )
    spoken, reasoned = _spoken(sheet, sample.places), _reasoned(sheet.argument.scores[sample.places])
    found: dict[str, Said] = {}
    for column in np.flatnonzero(sure).tolist():
        place = int(sample.places[column])
        comment = sheet.comments[place]
        if comment.lang not in spoken:
            continue
        others = _of_others(sheet, place)
        whole = sentences(comment.text[:READ])
        whole = whole if len(comment.text) <= READ else whole[:-1]
        for text, following in zip(whole[:SENTENCES], (*whole[1:], ""), strict=False):
            rated = quality(text, comment.lang)
            if granting(text, following, comment.lang):
                rated *= _GRANTED
            if rated > 0 and _plain(text) not in others:
                passage = next((one for one in cut[column] if text in one), text)
                found.setdefault(_plain(text), Said(column, text, passage, rated * float(reasoned[column])))
    return tuple(found.values())


def _reasoned(scores: Floats) -> Floats:
    """Rate comments by the probability that they give a reason, shape (n,)."""
    rated: Floats = 1.0 - _UNREASONED * scores[:, _NO_REASON].sum(axis=1)
    return rated


def _spoken(sheet: Sheet, places: Ints) -> set[str | None]:
    """Return the languages of a side that are more than a few comments'."""
    langs = Counter(sheet.comments[place].lang for place in places.tolist())
    return {lang for lang, count in langs.items() if count >= _COMMON * len(places)} | {None, "und"}


def _of_others(sheet: Sheet, place: int) -> str:
    """Return the words a comment may have from others: its quotations, and the comment it answers."""
    texts = [quote.text for quote in sheet.comments[place].quotes]
    parent = int(sheet.parents[place])
    if parent >= 0:
        texts.append(sheet.comments[parent].text)
    return _plain("\n".join(texts))


def _plain(text: str) -> str:
    return " ".join(text.lower().split())
