"""People: each author's position and camp, who changed sides, and how evenly authors take part.

An author's near-duplicate comments count once for his position. Comments of unknown author belong to no person.
"""

from __future__ import annotations

from collections import defaultdict
from itertools import pairwise

import numpy as np

from discourse.labels import ARGUMENTS, REPLY_STANCES, STANCES
from discourse.summary.counts import cross, ratio
from discourse.summary.intervals import DIGITS
from discourse.summary.people import Camp, Change, Participation, Person
from discourse.summary.selectors import where
from discourse.summary.sheet import Flags, Floats, Ints, Sheet

AUTHOR_LIMIT = 500
"""Authors that are listed, the most active first: what a page can show; the summary counts the others."""

CHANGE_LIMIT = 200
"""Changes of side that are listed, in the thread's order."""

_UNKNOWN = -2
"""Camp of an author none of whose comments has a stance."""


def people(sheet: Sheet, kept: Flags, camp_of: Ints) -> tuple[Person, ...]:
    """Describe the most active known authors; `camp_of` holds a code an author (`camps_of`)."""
    size, known = len(sheet.names), sheet.authors >= 0
    if not size:
        return ()
    comments = np.bincount(sheet.authors[known], minlength=size)
    distinct = np.bincount(sheet.authors[known & kept], minlength=size)
    positions = _mean_scores(sheet, known & kept & sheet.stance.labeled)
    answered = _answered(sheet)
    scored = known & np.isfinite(sheet.score)
    scores = np.bincount(sheet.authors[scored], sheet.score[scored], minlength=size)
    has_score = np.bincount(sheet.authors[scored], minlength=size) > 0
    spread = [
        cross(sheet.authors[known & judged.labeled], judged.codes[known & judged.labeled], size, len(labels))
        for judged, labels in zip(sheet.judged, (STANCES, REPLY_STANCES, ARGUMENTS), strict=True)
    ]
    order = np.argsort(-comments, kind="stable")[:AUTHOR_LIMIT].tolist()
    return tuple(
        Person(
            author=sheet.names[code],
            comments=int(comments[code]),
            distinct=int(distinct[code]),
            camp=None if camp_of[code] == _UNKNOWN else STANCES[camp_of[code]],
            position=_rounded(positions[code]),
            stance=tuple(spread[0][code].tolist()),
            reply_stance=tuple(spread[1][code].tolist()),
            argument=tuple(spread[2][code].tolist()),
            replies=int(answered[code]),
            score=round(float(scores[code]), DIGITS) if has_score[code] else None,
            where=where(author=sheet.names[code]),
        )
        for code in order
    )


def camps_of(sheet: Sheet, kept: Flags) -> Ints:
    """Return each author's camp as a stance code: the side that most of his comments which take one are on.

    Between equal sides the larger mean probability decides; `none` where no comment takes a side or the means are
    equal, `_UNKNOWN` (-2) without any stance.
    """
    usable = kept & (sheet.authors >= 0) & sheet.stance.labeled
    sided = usable & (sheet.stance.codes < STANCES.index("none"))
    means = _mean_scores(sheet, sided)[:, :2]
    camps = np.full(len(sheet.names), _UNKNOWN, dtype=np.int64)
    camps[np.unique(sheet.authors[usable])] = STANCES.index("none")
    counts = cross(sheet.authors[sided], sheet.stance.codes[sided], len(sheet.names), len(STANCES)).astype(np.float64)
    lead = counts[:, 0] - counts[:, 1]
    lead = np.where(lead == 0, np.nan_to_num(means[:, 0] - means[:, 1]), lead)
    camps[lead > 1e-9] = STANCES.index("favor")
    camps[lead < -1e-9] = STANCES.index("against")
    return camps


def camps(sheet: Sheet, camp_of: Ints) -> tuple[Camp, ...]:
    """Count the authors of each camp and all their comments; empty where no known author has a stance."""
    if not (camp_of != _UNKNOWN).any():
        return ()
    known = sheet.authors >= 0
    of_comment = camp_of[sheet.authors[known]]
    return tuple(
        Camp(stance, int((camp_of == code).sum()), int((of_comment == code).sum()))
        for code, stance in enumerate(STANCES)
    )


def changes(sheet: Sheet, kept: Flags) -> tuple[Change, ...]:
    """List where an author who was sure of one side is next sure of the other, in time where all of it is known."""
    sided = kept & (sheet.authors >= 0) & sheet.stance.sure & (sheet.stance.codes < STANCES.index("none"))
    of_author: defaultdict[int, list[int]] = defaultdict(list)
    for place in np.flatnonzero(sided).tolist():
        of_author[int(sheet.authors[place])].append(place)
    found: list[tuple[int, int]] = []
    for places in of_author.values():
        if np.isfinite(sheet.created[places]).all():
            places = sorted(places, key=lambda place: (sheet.created[place], place))
        found += [
            (late, early) for early, late in pairwise(places) if sheet.stance.codes[late] != sheet.stance.codes[early]
        ]
    return tuple(
        Change(
            author=sheet.names[sheet.authors[late]],
            comment_id=sheet.comments[late].id,
            earlier_id=sheet.comments[early].id,
            before=STANCES[sheet.stance.codes[early]],
            after=STANCES[sheet.stance.codes[late]],
        )
        for late, early in sorted(found)[:CHANGE_LIMIT]
    )


def participation(sheet: Sheet) -> Participation:
    """Measure how evenly known authors take part (Gini 1912, over authors with a comment)."""
    known = sheet.authors >= 0
    counts = np.bincount(sheet.authors[known], minlength=len(sheet.names))
    ranked = np.sort(counts)[::-1]
    total, size = int(counts.sum()), len(counts)
    tenth = int(np.ceil(size / 10))
    answered = _parent_authors(sheet)
    return Participation(
        authors=size,
        comments=total,
        without_author=int((~known).sum()),
        gini=_gini(counts) if size else None,
        most_active=sheet.names[int(counts.argmax())] if size else None,
        most_active_share=ratio(ranked[0], total) if size else None,
        top_tenth_share=ratio(ranked[:tenth].sum(), total) if size else None,
        half=int(np.searchsorted(np.cumsum(ranked), total / 2) + 1) if size else 0,
        self_replies=int((known & (answered == sheet.authors)).sum()),
    )


def _gini(counts: Ints) -> float:
    """Return Σᵢ (2i − n − 1) xᵢ / (n Σ x) over counts in increasing order."""
    ordered = np.sort(counts)
    size = len(ordered)
    weights = 2 * np.arange(1, size + 1) - size - 1
    return round(float(weights @ ordered) / (size * float(ordered.sum())), DIGITS)


def _mean_scores(sheet: Sheet, chosen: Flags) -> Floats:
    """Average the stance probabilities of each author's chosen comments; NaN without one; shape (authors, 3)."""
    size = len(sheet.names)
    counts = np.bincount(sheet.authors[chosen], minlength=size).astype(np.float64)
    counts[counts == 0] = np.nan
    columns = [
        np.bincount(sheet.authors[chosen], sheet.stance.scores[chosen, code], minlength=size)
        for code in range(len(STANCES))
    ]
    means: Floats = np.stack(columns, axis=1) / counts[:, None]
    return means


def _rounded(values: Floats) -> tuple[float, ...] | None:
    return None if np.isnan(values[0]) else tuple(round(value, DIGITS) for value in values.tolist())


def _parent_authors(sheet: Sheet) -> Ints:
    """Return the author code of what each comment answers: -1 where nothing is answered or the author is unknown."""
    has = sheet.parents >= 0
    found = np.full(len(sheet), -1, dtype=np.int64)
    found[has] = sheet.authors[sheet.parents[has]]
    return found


def _answered(sheet: Sheet) -> Ints:
    """Count for each author the replies that others wrote to him; a reply of unknown author is another's."""
    to = _parent_authors(sheet)
    others = (to >= 0) & (to != sheet.authors)
    return np.bincount(to[others], minlength=len(sheet.names))
