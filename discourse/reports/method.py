"""What the page says of how it was made: model, data, what was guessed and repaired.

Counts are of the threads of one page; each can be selected in it.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from discourse.labels import LabeledThread
from discourse.reports.addresses import selection
from discourse.reports.notices import in_french
from discourse.summary import Condition, ThreadSummary, where

LIMIT = 20
"""Sources and notices listed; the manifest holds them all."""

Manifest: TypeAlias = Mapping[str, object]
"""The run's manifest as read from JSON; what this page does not know it shows as it is."""


@dataclass(frozen=True, slots=True)
class Tallied:
    """Count one thing of the page, with the address of its comments."""

    name: str
    count: int
    href: str


@dataclass(frozen=True, slots=True)
class Method:
    """Hold what the method box says; each notice in English and French."""

    threads: int
    comments: int
    models: tuple[str, ...]
    sources: tuple[str, ...]
    more_sources: int
    notices: tuple[tuple[str, str], ...]
    unsure: tuple[Tallied, ...]
    truncated: Tallied
    statuses: tuple[Tallied, ...]
    links: tuple[Tallied, ...]
    repairs: tuple[Tallied, ...]
    record: str | None
    side: float | None
    taught: int = 0


def method_of(labeled: Iterable[LabeledThread], firsts: Iterable[ThreadSummary], manifest: Manifest | None) -> Method:
    """Gather the facts of a page from its threads and the first summary of each."""
    threads = list(labeled)
    summaries = list(firsts)
    models = dict.fromkeys(label.by for one in threads for label in one.labels if label.by)
    sources = list(dict.fromkeys(one.thread.source for one in threads if one.thread.source))
    notices = dict.fromkeys(notice for one in threads for notice in one.thread.notices)
    unsure = (
        ("stance", sum(s.stance.abstained for s in summaries), where(stance_abstained=True)),
        ("reply", sum(s.reply_stance.abstained for s in summaries), where(reply_abstained=True)),
        ("argument", sum(s.argument.abstained for s in summaries), where(argument_abstained=True)),
    )
    return Method(
        threads=len(threads),
        comments=sum(s.comments for s in summaries),
        models=tuple(models),
        sources=tuple(sources[:LIMIT]),
        more_sources=max(0, len(sources) - LIMIT),
        notices=tuple((notice, in_french(notice)) for notice in notices)[:LIMIT],
        unsure=tuple(Tallied(name, n, selection(selector)) for name, n, selector in unsure),
        truncated=Tallied("truncated", _truncated(threads), selection((Condition("truncated", True),))),
        statuses=_counted(c.status for one in threads for c in one.thread.replies if c.status != "ok"),
        links=_linked(threads),
        repairs=_repaired(threads),
        record=record(manifest),
        side=_side(manifest),
        taught=_taught(manifest),
    )


def _side(manifest: Manifest | None) -> float | None:
    """Return how often the model told favor from against when it was tested, None where the manifest does not say."""
    model = (manifest or {}).get("model")
    tested = model.get("tested") if isinstance(model, Mapping) else None
    value = tested.get("side") if isinstance(tested, Mapping) else None
    return float(value) if isinstance(value, (int, float)) else None


def _taught(manifest: Manifest | None) -> int:
    """Return to how many comments that people labeled the model was adapted."""
    model = (manifest or {}).get("model")
    keys = model.get("adapted_on") if isinstance(model, Mapping) else None
    return len(keys) if isinstance(keys, (list, tuple)) else 0


def record(manifest: Manifest | None) -> str | None:
    """Write a manifest for people to read: the comments that the model was taught are counted, not named."""
    if manifest is None:
        return None
    shown, model = dict(manifest), manifest.get("model")
    if isinstance(model, Mapping) and (taught := _taught(manifest)):
        shown["model"] = {**model, "adapted_on": taught}
    return json.dumps(shown, ensure_ascii=False, indent=2, default=str)


def _truncated(threads: list[LabeledThread]) -> int:
    """Count the comments whose labels towards their thread's first target rest on a cut text."""
    return sum(
        label.truncated
        for one in threads
        for comment_id, label in one.by_comment(one.targets[0] if one.targets else None).items()
        if not (one.thread.post and comment_id == one.thread.post.id)
    )


def _linked(threads: list[LabeledThread]) -> tuple[Tallied, ...]:
    counts: Counter[str] = Counter()
    for one in threads:
        counts.update(link.evidence for link in one.thread.links[len(one.thread.comments) - len(one.thread) :])
    return tuple(
        Tallied(name, n, selection((Condition("link", name),))) for name, n in sorted(counts.items(), key=_largest)
    )


def _repaired(threads: list[LabeledThread]) -> tuple[Tallied, ...]:
    """Count the comments that have a repair of each kind."""
    counts: Counter[str] = Counter()
    for one in threads:
        there = {comment.id for comment in one.thread.replies}
        found = {(repair.comment_id, repair.kind) for repair in one.thread.repairs if repair.comment_id in there}
        counts.update(kind for _, kind in found)
    return tuple(
        Tallied(name, n, selection((Condition("repairs", name),))) for name, n in sorted(counts.items(), key=_largest)
    )


def _counted(statuses: Iterable[str]) -> tuple[Tallied, ...]:
    counts = Counter(statuses)
    return tuple(
        Tallied(name, n, selection((Condition("status", name),))) for name, n in sorted(counts.items(), key=_largest)
    )


def _largest(item: tuple[str, int]) -> tuple[int, str]:
    return -item[1], item[0]
