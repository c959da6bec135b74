"""What the page shows of several threads together: one answer where they share a target, and a line each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from discourse.labels import LabeledThread
from discourse.reports.camps import camps_of
from discourse.reports.rows import Camps
from discourse.reports.scopes import Scope
from discourse.reports.strings import Lang
from discourse.summary import Corpus, Estimate, ThreadLine, compare, corrected, summarize
from discourse.threads import Comment, Link, Thread


@dataclass(frozen=True, slots=True)
class Overview:
    """Hold the threads of a page: those with comments, the largest first, and those without.

    `together` is the answer of all threads as one, None where they were asked about different targets; `camps` is
    where each person stands in all of them.
    """

    lines: tuple[tuple[Scope, ThreadLine], ...]
    silent: tuple[Scope, ...]
    threads: int
    comments: int
    common: bool
    target: str | None
    together: Scope | None
    camps: Camps

    @property
    def most(self) -> int:
        """Return the most comments with a stance in one thread."""
        return max((scope.summary.stance.labeled for scope, _ in self.lines), default=0)


def overview_of(
    threads: Sequence[LabeledThread], scopes: Sequence[Scope], lang: Lang, overall: Sequence[Estimate] = ()
) -> Overview:
    """Put the scopes of several threads side by side, and sum the threads up as one if they share a target.

    `overall` are the shares of all threads as one that people's labels corrected.
    """
    corpus: Corpus = compare(scope.summary for scope in scopes)
    spoken = [(scope, line) for scope, line in zip(scopes, corpus.lines, strict=True) if scope.summary.comments]
    spoken.sort(key=lambda pair: (-pair[0].summary.comments, pair[0].place, pair[0].target))
    firsts = {scope.place: scope for scope in reversed(scopes)}  # the scope of each thread's first target
    targets = {scope.summary.target for scope, _ in spoken}
    common = len(targets) == 1
    target = next(iter(targets)) if common else None
    together, camps = _together(threads, target, lang, tuple(overall)) if common else (None, {})
    return Overview(
        lines=tuple(spoken),
        silent=tuple(scope for scope in reversed(firsts.values()) if not scope.summary.comments),
        threads=len(firsts),
        comments=sum(scope.summary.comments for scope in firsts.values()),
        common=common,
        target=target,
        together=together,
        camps=camps,
    )


def _together(
    threads: Sequence[LabeledThread], target: str | None, lang: Lang, overall: tuple[Estimate, ...]
) -> tuple[Scope, Camps]:
    """Sum up the comments of all threads as one thread; people of one name are one person, which the page says."""
    merged, names = _merge(threads, target)
    found = summarize(merged)
    if overall:
        found = tuple(corrected(summary, overall) for summary in found)
    of_name = Counter(name for one in threads for name in {comment.author for comment in one.thread.replies} - {None})
    scope = Scope(
        place=None,
        target=0,
        choices=((0, target),),
        thread_id=None,
        title=None,
        url=None,
        summary=found[0],
        hidden=False,
        lang=lang,
        names=names,
        shared_names=sum(held > 1 for held in of_name.values()),
    )
    return scope, camps_of(merged, found)


def _merge(threads: Sequence[LabeledThread], target: str | None) -> tuple[LabeledThread, dict[str, tuple[str, str]]]:
    """Join threads into one without posts; also return thread id and comment id of each of its comments."""
    comments: list[Comment] = []
    parents: list[int] = []
    depths: list[int] = []
    links: list[Link] = []
    labels = []
    names: dict[str, tuple[str, str]] = {}
    for place, one in enumerate(threads):
        thread = one.thread
        skipped = len(thread.comments) - len(thread)
        offset = len(comments) - skipped
        of_comment = one.by_comment(target)
        for position in range(skipped, len(thread.comments)):
            comment = thread.comments[position]
            new = f"{place}/{comment.id}"
            names[new] = (thread.id, comment.id)
            parent = thread.parents[position]
            comments.append(replace(comment, id=new))
            parents.append(parent + offset if parent >= skipped else -1)
            depths.append(thread.depths[position])
            links.append(thread.links[position])
            if comment.id in of_comment:
                labels.append(replace(of_comment[comment.id], comment_id=new))
    merged = Thread("", tuple(comments), tuple(parents), tuple(depths), tuple(links))
    return LabeledThread(merged, tuple(labels), (target,)), names
