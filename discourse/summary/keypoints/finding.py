"""Key points: what each side says, in the words of its own comments, and how many make each point.

A key point is a sentence of a comment, never invented. Many make it or it is none: at least two comments by two people.
Of a large side a random sample of comments is examined, shares are then estimates with an interval, and both are said.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np

from discourse.labels import STANCES
from discourse.summary.intervals import DIGITS
from discourse.summary.keypoints.choosing import choose, representatives, screen
from discourse.summary.keypoints.comparing import Comparison, Match, Round, rounds
from discourse.summary.keypoints.likeness import likeness
from discourse.summary.keypoints.sampling import Sample, draw
from discourse.summary.keypoints.sentences import quality, sentences
from discourse.summary.sheet import Flags, Floats, Ints, Sheet
from discourse.summary.words import KeyPoint, PointSide

PAIRS = 600
"""Pairs that the matcher reads for one side of a thread at most: some 15 seconds on one core."""
PAIRS_A_COMMENT = 8
"""Pairs for each comment of a small side; up to 75 comments are then examined one and all."""
FEW = 5
"""Comments of a side below which there is nothing to sum up: reading them is quicker."""
POINTS = 5
"""Points of a side: what a reader keeps in mind; in ArgKP-2021 experts wrote 4 on average."""
COMMENTS_A_POINT = 4
"""Comments of a side for each of its points: fewer points where there is less to sum up."""
READ = 300
"""Comments of a side whose sentences may become points; beyond, a random sample of them is read."""
SENTENCES = 6
"""Sentences of a comment that are read, the first ones: a comment's point is rarely further down."""
LONGEST = 3000
"""Characters of a comment in which they are looked for."""
_COMMON = 0.2
"""Part of a side's comments in a language from which its sentences may stand for the side."""
_SURE = 0.6
"""Probability of its stance from which a comment may lend its words: a point must not stand on the wrong side."""

Side: TypeAlias = Literal["favor", "against"]
_SIDES: tuple[Side, Side] = ("favor", "against")


@dataclass(frozen=True, slots=True)
class KeyPoints:
    """Hold the points of both sides, what was done to find them, and the share of cells they speak for (see there)."""

    points: tuple[KeyPoint, ...]
    sides: tuple[PointSide, ...]
    coverage: float | None


@dataclass(frozen=True, slots=True)
class _Sentence:
    place: int
    text: str
    quality: float


def key_points(sheet: Sheet, kept: Flags, match: Match) -> KeyPoints:
    """Find the key points of those in favor and of those against; `kept` leaves near-duplicates out.

    `coverage` is minority coverage: of the cells (favor or against) × argument type with at least two comments, the
    share that a key point speaks for, because a comment in the cell makes it. None without such a cell.
    """
    found: list[KeyPoint] = []
    told: list[PointSide] = []
    carriers: set[int] = set()
    for side in _SIDES:
        places = np.flatnonzero((sheet.stance.codes == STANCES.index(side)) & kept)
        points, about, held = _side(sheet, side, places, match)
        found += points
        told.append(about)
        carriers |= held
    return KeyPoints(tuple(found), tuple(told), _coverage(sheet, carriers))


def _side(sheet: Sheet, side: Side, places: Ints, match: Match) -> tuple[list[KeyPoint], PointSide, set[int]]:
    """Return a side's points, what was done to find them, and the positions of the comments that make one."""
    if len(places) < FEW:
        return [], PointSide(side, len(places), "few-comments"), set()
    heard = _heard(sheet, side, places)
    read = _readable(sheet, heard, _spoken(sheet, places))
    if not read:
        return [], PointSide(side, len(places), "no-sentence"), set()
    points = min(POINTS, max(1, len(places) // COMMENTS_A_POINT))
    plan = rounds(len(read), len(places), points, min(PAIRS, PAIRS_A_COMMENT * len(places)))
    sample = draw(places, sheet.argument.codes[places], plan[-1].upto)
    candidates, near = _representative(sheet, read, heard, plan[0].sentences)
    made, pairs = _made(sheet, sample, candidates, near, plan, points, match)
    found = [_key_point(sheet, side, said, sample, carried) for said, carried in made]
    carrying: Flags = (
        np.any([carried for _, carried in made], axis=0) if made else np.zeros(len(sample), dtype=np.bool_)
    )
    about = PointSide(
        side,
        len(places),
        "found" if found else "nothing-shared",
        examined=len(sample),
        carrying=int(carrying.sum()),
        share=round(sample.share(carrying), DIGITS),
        sentences=len(read),
        pairs=pairs,
    )
    held = set(sample.places[carrying].tolist()) | {said.place for said, _ in made}
    return sorted(found, key=lambda point: -point.share), about, held


def _made(
    sheet: Sheet,
    sample: Sample,
    candidates: list[_Sentence],
    near: Floats,
    plan: tuple[Round, ...],
    points: int,
    match: Match,
) -> tuple[list[tuple[_Sentence, Flags]], int]:
    """Return the chosen sentences, each with the examined comments that make its point, and the pairs it took."""
    column = {place: number for number, place in enumerate(sample.places.tolist())}
    own = np.asarray([column.get(one.place, -1) for one in candidates], dtype=np.int64)
    comments = [sheet.comments[place].text for place in sample.places.tolist()]
    compared = Comparison(match, [one.text for one in candidates], own, comments)
    last = Round(plan[-1].sentences, len(sample))
    alive = screen(compared, (*plan[:-1], last), sample.weights, near)
    authors, cells = sheet.authors[sample.places], sheet.argument.codes[sample.places]
    rated = np.asarray([one.quality for one in candidates])
    chosen = choose(compared, alive, sample.weights, authors, cells, rated, points)
    return [(candidates[row], compared.carried(row)) for row in chosen], compared.pairs


def _heard(sheet: Sheet, side: Side, places: Ints) -> Ints:
    """Return the comments that may lend their words, those whose stance is sure; a random sample of very many."""
    sure = sheet.stance.sure[places] & (sheet.stance.scores[places, STANCES.index(side)] >= _SURE)
    heard = places[sure]
    return heard if len(heard) <= READ else np.sort(draw(heard, sheet.argument.codes[heard], READ).places)


def _spoken(sheet: Sheet, places: Ints) -> set[str | None]:
    """Return the languages of a side that are more than a few comments'."""
    langs = Counter(sheet.comments[place].lang for place in places.tolist())
    return {lang for lang, count in langs.items() if count >= _COMMON * len(places)} | {None, "und"}


def _readable(sheet: Sheet, heard: Ints, spoken: set[str | None]) -> list[_Sentence]:
    """Return the sentences that can stand as a point, each once."""
    found: dict[str, _Sentence] = {}
    for place in heard.tolist():
        comment = sheet.comments[place]
        if comment.lang in spoken:
            others = _of_others(sheet, place)
            cut = sentences(comment.text[:LONGEST])
            for text in (cut if len(comment.text) <= LONGEST else cut[:-1])[:SENTENCES]:
                rated = quality(text, comment.lang)
                if rated > 0 and _plain(text) not in others:
                    found.setdefault(_plain(text), _Sentence(place, text, rated))
    return list(found.values())


def _of_others(sheet: Sheet, place: int) -> str:
    """Return the words a comment may have from others: its quotations, and the comment it answers."""
    texts = [quote.text for quote in sheet.comments[place].quotes]
    parent = int(sheet.parents[place])
    if parent >= 0:
        texts.append(sheet.comments[parent].text)
    return _plain("\n".join(texts))


def _plain(text: str) -> str:
    return " ".join(text.lower().split())


def _representative(sheet: Sheet, read: list[_Sentence], heard: Ints, size: int) -> tuple[list[_Sentence], Floats]:
    """Choose the sentences most like what the side says; also return how like they are to the comments heard."""
    column = {place: number for number, place in enumerate(heard.tolist())}
    near = likeness([one.text for one in read], [sheet.comments[place].text for place in heard.tolist()])
    near[np.arange(len(read)), [column[one.place] for one in read]] = 0.0
    rows = representatives(near, np.asarray([one.quality for one in read]), size)
    return [read[row] for row in rows], near[rows]


def _key_point(sheet: Sheet, side: Side, said: _Sentence, sample: Sample, carried: Flags) -> KeyPoint:
    """State a point with the comments that make it, its own among them."""
    comment = sheet.comments[said.place]
    carriers = np.union1d(sample.places[carried], [said.place])
    known, examined = sheet.authors[carriers], sheet.authors[sample.places]
    people = len(np.unique(known[known >= 0]))
    everyone = len(np.unique(np.append(examined[examined >= 0], known[known >= 0])))
    bounds = sample.interval(carried)
    return KeyPoint(
        side=side,
        text=said.text,
        comment_id=comment.id,
        author=comment.author,
        comments=len(carriers),
        authors=people,
        share=round(sample.share(carried), DIGITS),
        comment_ids=tuple(sheet.comments[place].id for place in carriers.tolist()),
        examined=len(sample),
        author_share=round(people / everyone, DIGITS) if everyone else None,
        low=bounds[0] if bounds else None,
        high=bounds[1] if bounds else None,
    )


def _coverage(sheet: Sheet, carriers: set[int]) -> float | None:
    sided = (sheet.stance.codes >= 0) & (sheet.stance.codes < len(_SIDES)) & (sheet.argument.codes >= 0)
    cells = list(zip(sheet.stance.codes.tolist(), sheet.argument.codes.tolist(), strict=True))
    sizes = Counter(cells[place] for place in np.flatnonzero(sided).tolist())
    held = {cell for cell, size in sizes.items() if size >= 2}
    told = held & {cells[place] for place in carriers}
    return round(len(told) / len(held), DIGITS) if held else None
