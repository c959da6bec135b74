"""Key points: what each side says, in the words of its own comments, and how many make each point.

A key point is a sentence of a comment, never invented. Many make it or it is none: at least two comments by two people.
Of a large side a random sample of comments is examined, shares are then estimates with an interval, and both are said.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np

from discourse.labels import STANCES
from discourse.summary.intervals import DIGITS
from discourse.summary.keypoints.choosing import Crowd, choose, distinctive, generality, lowered, representatives
from discourse.summary.keypoints.comparing import SAME, Match, compare
from discourse.summary.keypoints.examining import SIDES, Examined, Said, examine, neutral
from discourse.summary.sheet import Flags, Floats, Sheet
from discourse.summary.words import KeyPoint, PointSide

FEW = 5
"""Comments of a side below which there is nothing to sum up: reading them is quicker."""
POINTS = 5
"""Points of a side: what a reader keeps in mind; in ArgKP-2021 experts wrote 4 on average."""
COMMENTS_A_POINT = 4
"""Comments of a side for each of its points: fewer points where there is less to sum up."""
CANDIDATES = 60
"""Sentences of a side that are compared with its comments; each may be a text to encode beside the passages."""


@dataclass(frozen=True, slots=True)
class KeyPoints:
    """Hold the points of both sides, what was done to find them, and the share of cells they speak for (see there)."""

    points: tuple[KeyPoint, ...]
    sides: tuple[PointSide, ...]
    coverage: float | None


@dataclass(frozen=True, slots=True)
class _Point:
    """Hold a chosen sentence and mark the examined comments that make its point, its own among them."""

    said: Said
    carried: Flags


def key_points(sheet: Sheet, kept: Flags, match: Match) -> KeyPoints:
    """Find the key points of those in favor and of those against; `kept` leaves near-duplicates out.

    `coverage` is minority coverage: of the cells (favor or against) × argument type with at least two comments, the
    share that a key point speaks for, because a comment in the cell makes it. None without such a cell.
    """
    found: list[KeyPoint] = []
    told: list[PointSide] = []
    carriers: set[int] = set()
    places = [np.flatnonzero((sheet.stance.codes == STANCES.index(side)) & kept) for side in SIDES]
    read = [examine(sheet, side, of) if len(of) >= FEW else None for side, of in zip(SIDES, places, strict=True)]
    beside = neutral(sheet, np.flatnonzero((sheet.stance.codes == STANCES.index("none")) & kept))
    for side, of, one, other in zip(SIDES, places, read, reversed(read), strict=True):
        if one is None:
            told.append(PointSide(side, len(of), "few-comments"))
            continue
        made = _made(sheet, one, (*(other.comments if other else ()), *beside), match)
        told.append(_about(one, made))
        stated = [_stated(sheet, one, point) for point in made]
        found += sorted(stated, key=lambda point: -point.share)
        carriers |= set(one.sample.places[_any(one, made)].tolist())
    return KeyPoints(tuple(found), tuple(told), _coverage(sheet, carriers))


def _made(sheet: Sheet, one: Examined, others: tuple[tuple[str, ...], ...], match: Match) -> list[_Point]:
    """Choose the points of a side; `others` are the passages of comments not on it, which tell what says nothing."""
    said = _candidates(one, match)
    texts = [sentence.text for sentence in said]
    there = compare(match, others, texts)
    odds = generality(there)
    made = _with_own(lowered(compare(match, one.comments, texts), odds[:, None]), said)
    between = lowered(match(texts, texts).astype(np.float64), odds) >= SAME if texts else np.zeros((0, 0), np.bool_)
    choosing, counting = one.sample.halves()
    asked = one.sample.part(choosing)
    rated = distinctive(made[:, choosing], lowered(there, odds[:, None]), asked.weights)
    worth = np.asarray([sentence.quality for sentence in said]) * rated
    crowd = Crowd(asked.weights, sheet.authors[asked.places], sheet.argument.codes[asked.places])
    points = min(POINTS, max(1, one.sample.total // COMMENTS_A_POINT))
    chosen = choose(made[:, choosing], between | between.T, worth, crowd, points)
    carried = made >= SAME
    return [_Point(said[row], carried[row]) for row in chosen if carried[row, counting].any()]


def _candidates(one: Examined, match: Match) -> list[Said]:
    """Return the sentences that are most like what their side says, judged by their passages: those are encoded."""
    if len(one.sentences) <= CANDIDATES:
        return list(one.sentences)
    near = compare(match, one.comments, [sentence.passage for sentence in one.sentences])
    near[np.arange(len(near)), [sentence.column for sentence in one.sentences]] = 0.0
    rows = representatives(
        near[:, one.sample.halves()[0]], np.asarray([sentence.quality for sentence in one.sentences]), CANDIDATES
    )
    return [one.sentences[row] for row in rows]


def _with_own(made: Floats, said: list[Said]) -> Floats:
    """Have every sentence's own comment make its point."""
    made[np.arange(len(said)), [sentence.column for sentence in said]] = 1.0
    return made


def _any(one: Examined, made: list[_Point]) -> Flags:
    """Mark the examined comments that make at least one point."""
    carrying: Flags = np.zeros(len(one.sample), dtype=np.bool_)
    for point in made:
        carrying |= point.carried
    return carrying


def _about(one: Examined, made: list[_Point]) -> PointSide:
    """Say what was done to find a side's points."""
    if not one.sentences:
        return PointSide(one.side, one.sample.total, "no-sentence")
    carrying = _any(one, made)
    _, counting = one.sample.halves()
    return PointSide(
        one.side,
        one.sample.total,
        "found" if made else "nothing-shared",
        examined=len(one.sample),
        carrying=int(carrying.sum()),
        share=round(one.sample.part(counting).share(carrying[counting]), DIGITS),
        sentences=len(one.sentences),
        passages=one.passages,
    )


def _stated(sheet: Sheet, one: Examined, point: _Point) -> KeyPoint:
    """State a point with the comments that make it."""
    _, counting = one.sample.halves()
    counted = one.sample.part(counting)
    comment = sheet.comments[int(one.sample.places[point.said.column])]
    carriers = np.sort(one.sample.places[point.carried])
    known, examined = sheet.authors[carriers], sheet.authors[one.sample.places]
    people, everyone = len(np.unique(known[known >= 0])), len(np.unique(examined[examined >= 0]))
    bounds = counted.interval(point.carried[counting])
    return KeyPoint(
        side=one.side,
        text=point.said.text,
        comment_id=comment.id,
        author=comment.author,
        comments=len(carriers),
        authors=people,
        share=round(counted.share(point.carried[counting]), DIGITS),
        comment_ids=tuple(sheet.comments[place].id for place in carriers.tolist()),
        examined=len(one.sample),
        author_share=round(people / everyone, DIGITS) if everyone else None,
        low=bounds[0] if bounds else None,
        high=bounds[1] if bounds else None,
    )


def _coverage(sheet: Sheet, carriers: set[int]) -> float | None:
    sided = (sheet.stance.codes >= 0) & (sheet.stance.codes < len(SIDES)) & (sheet.argument.codes >= 0)
    cells = list(zip(sheet.stance.codes.tolist(), sheet.argument.codes.tolist(), strict=True))
    sizes = Counter(cells[place] for place in np.flatnonzero(sided).tolist())
    held = {cell for cell, size in sizes.items() if size >= 2}
    told = held & {cells[place] for place in carriers}
    return round(len(told) / len(held), DIGITS) if held else None
