"""Sum up a labeled thread towards each of its targets: counts, then what is said in words."""

from __future__ import annotations

from dataclasses import replace

from discourse.labels import LabeledThread
from discourse.summary.exemplars import Embed, exemplars
from discourse.summary.facts import ThreadSummary
from discourse.summary.keypoints import Match, key_points
from discourse.summary.narrative import Writer, narrate
from discourse.summary.repeats import distinct
from discourse.summary.rollup import roll_up
from discourse.summary.sheet import make_sheet
from discourse.summary.words import Estimate


def summarize(
    labeled: LabeledThread, embed: Embed | None = None, match: Match | None = None, *, with_post: bool = False
) -> tuple[ThreadSummary, ...]:
    """Sum up a thread, one summary per target in their order (one with target None if there is none).

    `embed` turns n texts into vectors of length 1, shape (n, width); without it likeness of comments is that of their
    words. `match` turns n passages and m sentences into the probabilities, shape (n, m), that a passage makes a
    sentence's point; without it there are no key points. `with_post` counts a labeled post as a comment.
    """
    return tuple(_summary(labeled, target, embed, match, with_post) for target in labeled.targets or (None,))


def _summary(
    labeled: LabeledThread, target: str | None, embed: Embed | None, match: Match | None, with_post: bool
) -> ThreadSummary:
    summary = roll_up(labeled, target, with_post=with_post)
    sheet = make_sheet(labeled, target, with_post=with_post)
    kept = distinct(sheet, summary.duplicates)
    summary = replace(summary, exemplars=exemplars(sheet, kept, embed))
    if match is not None and target is not None:
        found = key_points(sheet, kept, match)
        summary = replace(summary, key_points=found.points, point_sides=found.sides, coverage=found.coverage)
    return retold(summary)


def corrected(summary: ThreadSummary, estimates: tuple[Estimate, ...]) -> ThreadSummary:
    """Return a summary with shares corrected by people's labels, and a narrative that tells them."""
    return retold(replace(summary, prevalence=estimates))


def retold(summary: ThreadSummary, writer: Writer | None = None, *, by: str | None = None) -> ThreadSummary:
    """Return a summary with its narrative told anew, in our words or a writer's who is called `by`."""
    return replace(summary, narrative=(narrate(summary, "en", writer, by=by), narrate(summary, "fr", writer, by=by)))
