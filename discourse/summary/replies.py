"""The exchange: how camps answer each other, who answers whom, and where a subtree turns against its surroundings."""

from __future__ import annotations

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
    top, so the outermost turn is named; the largest come first. One pass up, one pass down.
    """
    favor = (sheet.stance.codes == 0).astype(np.int64).tolist()
    against = (sheet.stance.codes == 1).astype(np.int64).tolist()
    parents = sheet.parents.tolist()
    for place in range(len(sheet) - 1, -1, -1):
        if parents[place] >= 0:
            favor[parents[place]] += favor[place]
            against[parents[place]] += against[place]
    total = int((sheet.stance.codes == 0).sum()), int((sheet.stance.codes == 1).sum())
    around: list[int] = []
    found: list[tuple[int, int]] = []
    for place, parent in enumerate(parents):
        within = around[parent] if parent >= 0 else -1
        whole = total if within < 0 else (favor[within], against[within])
        inside = (favor[place], against[place])
        turned = sheet.comments[place].kind != "post" and _turns(inside, whole)
        if turned:
            found.append((place, within))
        around.append(place if turned else within)
    found.sort(key=lambda pair: (-(favor[pair[0]] + against[pair[0]]), pair[0]))
    points = []
    for place, within in found[:TURNING_LIMIT]:
        whole = total if within < 0 else (favor[within], against[within])
        leads: Stance = "favor" if favor[place] > against[place] else "against"
        comment = sheet.comments[place]
        points.append(
            TurningPoint(
                comment_id=comment.id,
                author=comment.author,
                within=sheet.comments[within].id if within >= 0 else None,
                leads=leads,
                favor=favor[place],
                against=against[place],
                favor_outside=whole[0] - favor[place],
                against_outside=whole[1] - against[place],
                where=where(under=comment.id),
            )
        )
    return tuple(points)


def _turns(inside: tuple[int, int], whole: tuple[int, int]) -> bool:
    outside = (whole[0] - inside[0], whole[1] - inside[1])
    if sum(inside) < TURNING_SIDES or sum(outside) < TURNING_SIDES:
        return False
    lead, other = ((favor - against) / (favor + against) for favor, against in (inside, outside))
    return lead * other < 0 and abs(lead) >= TURNING_LEAD and abs(other) >= TURNING_LEAD


def _by_reply_stance(sheet: Sheet, replies: Ints, groups: Ints, size: int) -> Ints:
    """Count the reply stances of each group of replies; shape (size, 3)."""
    codes = sheet.reply_stance.codes[replies]
    return cross(groups[codes >= 0], codes[codes >= 0], size, len(REPLY_STANCES))
