"""The exchange: how camps answer each other, who answers whom, and where a subtree turns against its surroundings."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from discourse.labels import REPLY_STANCES, STANCES, Stance
from discourse.summary.counts import cross
from discourse.summary.people import Pair, ReplyCell, TurningPoint
from discourse.summary.selectors import where
from discourse.summary.sheet import Ints, Sheet

PAIR_LIMIT = 200
"""Pairs of authors that are listed, the most frequent first: the edges a drawing can show."""

TURNING_LIMIT = 20
TURNING_SIDES = 3
"""Comments that take a side needed within a subtree and around it: fewer are one or two people's mood."""
TURNING_LEAD = 1 / 3
"""Lead, (favor − against) / (favor + against), needed on both sides of a turn: two against one."""


def reply_matrix(sheet: Sheet) -> tuple[ReplyCell, ...]:
    """Count replies by the stances of the reply and of the comment answered; empty where none has a stance.

    The post is nobody's camp: replies to it are not counted, even where the post is part of the summary.
    """
    replies = np.flatnonzero(sheet.parents >= 0)
    codes, answered = sheet.stance.codes[replies], sheet.stance.codes[sheet.parents[replies]]
    both = (codes >= 0) & (answered >= 0)
    if not both.any():
        return ()
    cells = codes[both] * len(STANCES) + answered[both]
    counts = np.bincount(cells, minlength=len(STANCES) ** 2)
    spread = _by_reply_stance(sheet, replies[both], cells, len(STANCES) ** 2)
    return tuple(
        ReplyCell(
            stance=stance,
            parent_stance=other,
            replies=int(counts[row * len(STANCES) + column]),
            agree=int(spread[row * len(STANCES) + column, 0]),
            disagree=int(spread[row * len(STANCES) + column, 1]),
            neutral=int(spread[row * len(STANCES) + column, 2]),
            where=where(stance=stance, parent_stance=other),
        )
        for row, stance in enumerate(STANCES)
        for column, other in enumerate(STANCES)
    )


def pairs(sheet: Sheet) -> tuple[tuple[Pair, ...], int]:
    """List who answers whom, known authors only and nobody himself, and count all such pairs."""
    replies = np.flatnonzero(sheet.parents >= 0)
    authors, answered = sheet.authors[replies], sheet.authors[sheet.parents[replies]]
    kept = (authors >= 0) & (answered >= 0) & (authors != answered)
    size = len(sheet.names)
    keys, first, inverse, counts = np.unique(
        authors[kept] * size + answered[kept], return_index=True, return_inverse=True, return_counts=True
    )
    spread = _by_reply_stance(sheet, replies[kept], inverse, len(keys))
    order = np.lexsort((first, -counts))[:PAIR_LIMIT].tolist()
    found = []
    for place in order:
        author, other = sheet.names[keys[place] // size], sheet.names[keys[place] % size]
        agree, disagree, neutral = spread[place].tolist()
        selector = where(author=author, parent_author=other)
        found.append(Pair(author, other, int(counts[place]), agree, disagree, neutral, selector))
    return tuple(found), len(keys)


def turning_points(sheet: Sheet) -> tuple[TurningPoint, ...]:
    """List the subtrees that lean clearly one way where what surrounds them leans clearly the other.

    What surrounds a subtree is the rest of the nearest turned subtree that holds it, else of the thread. Read from the
    top, so the outermost turn is named, but at the comment that starts it: one with a single reply that holds the whole
    of the turn is passed over. The largest come first. One pass up, one pass down.
    """
    sides = _sides(sheet)
    total = Sides(int((sheet.stance.codes == 0).sum()), int((sheet.stance.codes == 1).sum()), 0, 0)
    around: list[int] = []
    found: list[tuple[int, int]] = []
    for place, parent in enumerate(sheet.parents.tolist()):
        within = around[parent] if parent >= 0 else -1
        turned = _turns(sides[place], total if within < 0 else sides[within])
        if turned:
            found.append((place, within))
        around.append(place if turned else within)
    found.sort(key=lambda pair: (-(sides[pair[0]].favor + sides[pair[0]].against), pair[0]))
    return tuple(
        _turning_point(sheet, place, within, sides[place], total if within < 0 else sides[within])
        for place, within in found[:TURNING_LIMIT]
    )


class Sides(NamedTuple):
    """Count the sides taken in a subtree, and the most that one direct reply's subtree holds of each."""

    favor: int
    against: int
    favor_below: int
    against_below: int


def _sides(sheet: Sheet) -> list[Sides]:
    """Count the sides taken in each comment's subtree, itself included."""
    counts = [(sheet.stance.codes == code).astype(np.int64).tolist() for code in (0, 1)]
    below = [[0] * len(sheet), [0] * len(sheet)]
    for place, parent in reversed(list(enumerate(sheet.parents.tolist()))):
        if parent >= 0:
            for count, most in zip(counts, below, strict=True):
                most[parent] = max(most[parent], count[place])
                count[parent] += count[place]
    return list(map(Sides, *counts, *below))


def _turns(inside: Sides, whole: Sides) -> bool:
    favor, against = whole.favor - inside.favor, whole.against - inside.against
    if inside.favor + inside.against < TURNING_SIDES or favor + against < TURNING_SIDES:
        return False
    lead = (inside.favor - inside.against) / (inside.favor + inside.against)
    other = (favor - against) / (favor + against)
    if lead * other >= 0 or abs(lead) < TURNING_LEAD or abs(other) < TURNING_LEAD:
        return False
    return inside.favor_below < inside.favor if lead > 0 else inside.against_below < inside.against


def _turning_point(sheet: Sheet, place: int, within: int, inside: Sides, whole: Sides) -> TurningPoint:
    leads: Stance = "favor" if inside.favor > inside.against else "against"
    return TurningPoint(
        comment_id=sheet.comments[place].id,
        author=sheet.comments[place].author,
        within=sheet.comments[within].id if within >= 0 else None,
        leads=leads,
        favor=inside.favor,
        against=inside.against,
        favor_outside=whole.favor - inside.favor,
        against_outside=whole.against - inside.against,
        where=where(under=sheet.comments[place].id),
    )


def _by_reply_stance(sheet: Sheet, replies: Ints, groups: Ints, size: int) -> Ints:
    """Count the reply stances of each group of replies; shape (size, 3)."""
    codes = sheet.reply_stance.codes[replies]
    return cross(groups[codes >= 0], codes[codes >= 0], size, len(REPLY_STANCES))
