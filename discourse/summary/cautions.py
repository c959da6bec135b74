"""What a reader of a summary must beware of, as facts that a view puts into words.

The thresholds are conventions of this project, chosen so that a share can move by ten points on one more comment,
author or label below them; they decide only whether a warning is shown.
"""

from __future__ import annotations

import numpy as np

from discourse.labels import LabeledThread
from discourse.summary.facts import Warn, WarningKind
from discourse.summary.people import Participation
from discourse.summary.selectors import Selector, where
from discourse.summary.sheet import Sheet

FEW = 10
MANY = 1 / 3
DOMINANT = 1 / 2


def cautions(labeled: LabeledThread, target: str | None, sheet: Sheet, taking_part: Participation) -> tuple[Warn, ...]:
    """List what weakens the summary of a thread, the gravest first."""
    size = len(sheet)
    found: list[Warn] = []

    def warn(kind: WarningKind, count: int, total: int, selector: Selector | None = None) -> None:
        found.append(Warn(kind, count, total, selector))

    if target is None:
        warn("target-missing", size, size)
    if size < FEW:
        warn("few-comments", size, size)
    elif taking_part.authors < FEW and taking_part.without_author < size * MANY:
        warn("few-authors", taking_part.authors, taking_part.authors)
    judged = sheet.stance if target is not None else sheet.argument
    unsure = int((judged.labeled & judged.abstained).sum())
    if unsure > MANY * judged.labeled.sum():
        column = "stance_abstained" if target is not None else "argument_abstained"
        warn("many-abstained", unsure, int(judged.labeled.sum()), where(**{column: True}))
    missing = size - int(sheet.labeled.sum())
    if missing > MANY * size:
        warn("many-unlabeled", missing, size, where(argument=None))
    if taking_part.without_author > MANY * size:
        warn("unknown-authors", taking_part.without_author, size, where(author=None))
    if size >= FEW and taking_part.comments and (taking_part.most_active_share or 0) > DOMINANT:
        of_author = round((taking_part.most_active_share or 0) * taking_part.comments)
        warn("one-author-dominates", of_author, taking_part.comments, where(author=taking_part.most_active))
    links = labeled.thread.links[len(labeled.thread.comments) - len(labeled.thread) :]
    guessed = sum(link.parent is not None and not link.stated for link in links)
    if guessed:
        warn("guessed-links", guessed, size)
    cut = int(np.sum([label is not None and label.truncated for label in sheet.labels]))
    if cut:
        warn("truncated", cut, size, where(truncated=True))
    announced = labeled.thread.announced
    if announced is not None and announced != len(labeled.thread):
        warn("announced-differs", len(labeled.thread), announced)
    return tuple(found)
