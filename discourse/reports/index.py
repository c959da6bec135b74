"""The index of a large report: one line a thread with the address of its page, sorted and searched in the browser."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from discourse.labels import LabeledThread
from discourse.reports.addresses import selection
from discourse.reports.method import Manifest, record
from discourse.reports.page import INDEX_SCRIPTS, PageFacts, render
from discourse.reports.rows import title_of
from discourse.reports.strings import Lang
from discourse.reports.wording import say
from discourse.summary import Estimate, ThreadSummary, first_method

SHOWN = 200
"""Lines that are in the page itself, for readers without script; the script shows all."""


class IndexLine(msgspec.Struct, frozen=True):
    """Hold one thread and target of the index; `stance` counts are in codebook order, `picks` their addresses."""

    title: str
    target: str | None
    href: str
    comments: int
    people: int
    stance: list[int]
    picks: list[str]
    contention: float | None


class IndexData(msgspec.Struct, frozen=True):
    """Hold what the index's script reads."""

    lines: Sequence[IndexLine]


def index_lines(labeled: LabeledThread, summaries: Sequence[ThreadSummary], file: str) -> list[IndexLine]:
    """Return the lines of a thread, one a target; `file` is the address of its page."""
    title = title_of(labeled.thread) or labeled.thread.id
    lines = []
    for place, summary in enumerate(summaries):
        target = place if len(summaries) > 1 else None
        lines.append(
            IndexLine(
                title=title,
                target=summary.target,
                href=file + (selection((), thread_id=labeled.thread.id, target=target) if target is not None else ""),
                comments=summary.comments,
                people=summary.all_authors,
                stance=[share.count for share in summary.stance.labels],
                picks=[
                    file + selection(s.where, thread_id=labeled.thread.id, target=target) for s in summary.stance.labels
                ],
                contention=summary.contention,
            )
        )
    return lines


def render_index(
    lines: Sequence[IndexLine],
    threads: int,
    lang: Lang,
    manifest: Manifest | None,
    overall: Sequence[Estimate] = (),
) -> str:
    """Render the index; `overall` are the shares of all threads together that people's labels corrected."""
    shown = sorted(lines, key=lambda line: -line.comments)[:SHOWN]
    targets = {line.target for line in lines if line.comments}
    return render(
        "index.html.j2",
        lang,
        INDEX_SCRIPTS,
        IndexData(lines),
        page=PageFacts(lang, say(lang, "page.title", n=threads), True, None),
        lines=shown,
        threads=threads,
        comments=sum({line.href.partition("#")[0]: line.comments for line in lines}.values()),
        target=next(iter(targets)) if len(targets) == 1 else None,
        corrected=first_method(overall, "stance"),
        record=record(manifest),
    )
