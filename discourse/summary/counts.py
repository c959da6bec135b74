"""Distributions of labels: counts, shares and soft counts, by comment, by author and by score; stance × argument.

It counts whatever the model said; what a share of predicted labels is worth is told by its interval (`intervals`).
"""

from __future__ import annotations

import numpy as np

from discourse.labels import ARGUMENTS, FIELDS, STANCES
from discourse.summary.facts import Cell, Distribution, LabelShare
from discourse.summary.intervals import DIGITS, calibrated_interval
from discourse.summary.selectors import where
from discourse.summary.sheet import Flags, Floats, Ints, Judged, Sheet


def distribution(sheet: Sheet, judged: Judged, distinct: Flags) -> Distribution:
    """Spread the comments over the labels of one field; `distinct` leaves an author's near-duplicates out."""
    known = judged.labeled & distinct & (sheet.authors >= 0)
    per_author = _per_author_weights(sheet.authors, known)
    authors = len(np.unique(sheet.authors[known]))
    by_score = np.where(judged.labeled & np.isfinite(sheet.score), np.maximum(sheet.score, 0), 0.0)
    second = [set(label.secondary) if label is not None else set() for label in sheet.labels]
    return Distribution(
        field=judged.field,
        labeled=int(judged.labeled.sum()),
        abstained=int((judged.labeled & judged.abstained).sum()),
        authors=authors,
        labels=tuple(
            _label_share(sheet, judged, code, per_author, by_score, [label in held for held in second])
            for code, label in enumerate(FIELDS[judged.field])
        ),
    )


def _label_share(
    sheet: Sheet, judged: Judged, code: int, per_author: Floats, by_score: Floats, second: list[bool]
) -> LabelShare:
    chosen, p = judged.codes == code, judged.scores[:, code]
    labeled, sure = judged.labeled, judged.sure
    alone = sheet.authors[labeled]
    even = np.ones(int(labeled.sum()))
    label = FIELDS[judged.field][code]
    return LabelShare(
        label=label,
        count=int(chosen.sum()),
        share=ratio(chosen.sum(), labeled.sum()),
        sure=int((chosen & sure).sum()),
        sure_share=ratio((chosen & sure).sum(), sure.sum()),
        soft=round(float(p[labeled].sum()), DIGITS),
        soft_share=ratio(p[labeled].sum(), labeled.sum()),
        interval=calibrated_interval(p[labeled], even, alone),
        authors=len(np.unique(sheet.authors[chosen & (sheet.authors >= 0)])),
        by_author=ratio(per_author[chosen].sum(), per_author.sum()),
        soft_by_author=ratio(float(per_author @ p), per_author.sum()),
        author_interval=calibrated_interval(p, per_author, sheet.authors),
        by_score=ratio(by_score[chosen].sum(), by_score.sum()),
        secondary=sum(second) if judged.field == "argument" else 0,
        where=where(**{judged.field: label}),
    )


def _per_author_weights(authors: Ints, known: Flags) -> Floats:
    """Weigh each known author's comments alike, so that every author weighs 1 in all."""
    weights = np.zeros(len(authors))
    if known.any():
        weights[known] = 1 / np.bincount(authors[known])[authors[known]]
    return weights


def matrix(sheet: Sheet) -> tuple[Cell, ...]:
    """Count the comments by stance and argument type, row by row; empty where no comment has a stance."""
    both = sheet.stance.labeled & sheet.argument.labeled
    if not both.any():
        return ()
    counts = cross(sheet.stance.codes[both], sheet.argument.codes[both], len(STANCES), len(ARGUMENTS))
    soft = sheet.stance.scores[both].T @ sheet.argument.scores[both]
    return tuple(
        Cell(
            stance=stance,
            argument=argument,
            count=int(counts[row, column]),
            soft=round(float(soft[row, column]), DIGITS),
            where=where(stance=stance, argument=argument),
        )
        for row, stance in enumerate(STANCES)
        for column, argument in enumerate(ARGUMENTS)
    )


def cross(rows: Ints, columns: Ints, n_rows: int, n_columns: int) -> Ints:
    """Count pairs of codes; shape (n_rows, n_columns)."""
    return np.bincount(rows * n_columns + columns, minlength=n_rows * n_columns).reshape(n_rows, n_columns)


def contention(favor: float, against: float) -> float | None:
    """Return how even two sides are: 1 − |favor − against| / (favor + against), None where there is no side."""
    sides = favor + against
    return round(1 - abs(favor - against) / sides, DIGITS) if sides > 0 else None


def ratio(part: float, whole: float) -> float | None:
    """Return a share rounded as it is written, None of nothing."""
    return round(float(part) / float(whole), DIGITS) if whole else None
