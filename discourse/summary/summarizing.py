"""Sum up a labeled thread towards each of its targets: counts, then what is said in words."""

from __future__ import annotations

from dataclasses import replace

from discourse.labels import LabeledThread
from discourse.summary.exemplars import Embed, exemplars
from discourse.summary.facts import ThreadSummary
from discourse.summary.narrative import narrate
from discourse.summary.repeats import distinct
from discourse.summary.rollup import roll_up
from discourse.summary.sheet import make_sheet


def summarize(
    labeled: LabeledThread, embed: Embed | None = None, *, with_post: bool = False
) -> tuple[ThreadSummary, ...]:
    """Sum up a thread, one summary per target in their order (one with target None if there is none).

    `embed` turns n texts into vectors of length 1, shape (n, width); without it likeness of comments is that of their
    words. `with_post` counts a labeled post as a comment.
    """
    return tuple(_summary(labeled, target, embed, with_post) for target in labeled.targets or (None,))


def _summary(labeled: LabeledThread, target: str | None, embed: Embed | None, with_post: bool) -> ThreadSummary:
    summary = roll_up(labeled, target, with_post=with_post)
    sheet = make_sheet(labeled, target, with_post=with_post)
    kept = distinct(sheet, summary.duplicates)
    summary = replace(summary, exemplars=exemplars(sheet, kept, embed))
    return replace(summary, narrative=(narrate(summary, "en"), narrate(summary, "fr")))
