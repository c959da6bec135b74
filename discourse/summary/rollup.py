"""All that is counted of one thread towards one target, put together; linear in the comments but for sorting."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import numpy as np

from discourse.labels import LabeledThread
from discourse.summary.authors import camps, camps_of, changes, participation, people
from discourse.summary.cautions import cautions
from discourse.summary.counts import contention, distribution, matrix
from discourse.summary.facts import Count, ThreadSummary
from discourse.summary.groups import by_branch, by_depth, by_language, by_period, grouped
from discourse.summary.repeats import distinct, duplicates
from discourse.summary.replies import pairs, reply_matrix, turning_points
from discourse.summary.selectors import where
from discourse.summary.sheet import make_sheet
from discourse.table.rows import utc


def roll_up(labeled: LabeledThread, target: str | None, *, with_post: bool = False) -> ThreadSummary:
    """Count a thread towards one target; exemplars, key points and the narrative are added by `summarize`."""
    sheet = make_sheet(labeled, target, with_post=with_post)
    thread = labeled.thread
    repeated = duplicates(sheet)
    kept = distinct(sheet, repeated)
    camp_of = camps_of(sheet, kept)
    stance, reply, argument = (distribution(sheet, judged, kept) for judged in sheet.judged)
    branches, all_branches, top_level = by_branch(sheet)
    exchanged, all_pairs = pairs(sheet)
    camp_counts = camps(sheet, camp_of)
    taking_part = participation(sheet)
    times = [moment for moment in (utc(comment.created) for comment in sheet.comments) if moment is not None]
    return ThreadSummary(
        thread_id=thread.id,
        target=target,
        title=thread.title,
        url=thread.url,
        source=thread.source,
        post_id=thread.post.id if thread.post is not None else None,
        comments=len(sheet),
        labeled=int(sheet.labeled.sum()),
        announced=thread.announced,
        first_created=min(times, default=None),
        last_created=max(times, default=None),
        max_depth=max(thread.depths, default=0),
        top_level=top_level,
        statuses=_counted("status", (comment.status for comment in sheet.comments)),
        links=_counted("link", (link.evidence for link in thread.links[len(thread.comments) - len(sheet) :])),
        repairs=_counted("repairs", (repair.kind for repair in thread.repairs)),
        stance=stance,
        reply_stance=reply,
        argument=argument,
        matrix=matrix(sheet),
        contention=contention(stance["favor"].count, stance["against"].count),
        sure_contention=contention(stance["favor"].sure, stance["against"].sure),
        author_contention=contention(camp_counts[0].authors, camp_counts[1].authors) if camp_counts else None,
        depths=by_depth(sheet),
        languages=by_language(sheet),
        periods=by_period(sheet),
        branches=branches,
        all_branches=all_branches,
        camps=camp_counts,
        authors=people(sheet, kept, camp_of),
        all_authors=len(sheet.names),
        unknown_authors=grouped(sheet, np.where(sheet.authors < 0, 0, -1), 1).tally(0, where(author=None)),
        changes=changes(sheet, kept),
        duplicates=repeated,
        participation=taking_part,
        replies=reply_matrix(sheet),
        pairs=exchanged,
        all_pairs=all_pairs,
        turning_points=turning_points(sheet),
        exemplars=(),
        warnings=cautions(labeled, target, sheet, taking_part),
        with_post=with_post,
    )


def _counted(column: str, names: Iterable[str]) -> tuple[Count, ...]:
    """Count names, the most frequent first, each with the selector of its comments."""
    return tuple(
        Count(name, count, where(**{column: name}))
        for name, count in sorted(Counter(names).items(), key=lambda item: (-item[1], item[0]))
    )
