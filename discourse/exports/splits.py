"""Train, validation and test parts of whole threads, stratified by what is said in them.

Each thread goes where its labels are missing most (iterative stratification: Sechidis, Tsoumakas and Vlahavas 2011,
with threads in place of examples), the longest first, in an order that the seed decides.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from discourse.labels import LabeledThread

LEFT_OUT = "left_out"
"""The part of the rows whose author stands in another part than their thread: nothing is lost."""

NAMES = ("train", "validation", "test", LEFT_OUT)

_TOO_SMALL = 0.5
"""A part that gets less than this share of what was asked is no use: authors are then kept apart row by row."""


@dataclass(frozen=True, slots=True)
class Member:
    """Hold what a thread weighs in a split: its comments by label, and by author."""

    thread_id: str
    labels: Counter[str]
    authors: Counter[str]

    @property
    def comments(self) -> int:
        """Count the labeled comments; an empty thread weighs nothing."""
        return self.labels.total()


@dataclass(frozen=True, slots=True)
class Split:
    """Tell the part of each thread, and (where threads share authors) the only part of each author."""

    names: tuple[str, ...]
    parts: dict[str, str]
    homes: dict[str, str]

    def part(self, thread_id: str, author: str | None) -> str:
        """Return the part a row belongs to, `LEFT_OUT` if its author stands in another part."""
        part = self.parts[thread_id]
        return part if author is None or self.homes.get(author, part) == part else LEFT_OUT


def members_of(labeled: Iterable[LabeledThread]) -> Iterable[Member]:
    """Weigh threads by stance (by argument type where there is no stance) and by author."""
    for thread in labeled:
        target = thread.targets[0] if thread.targets else None
        labels = Counter(
            (label.stance or label.argument).label  # type: ignore[union-attr]
            for label in thread.labels
            if label.target == target and (label.stance or label.argument)
        )
        authors = Counter(comment.author for comment in thread.thread.comments if comment.author is not None)
        yield Member(thread.thread.id, labels, authors)


def split_threads(
    members: Sequence[Member], shares: Sequence[float], *, seed: int = 0, disjoint_authors: bool = False
) -> Split:
    """Put each thread into a part; `shares` are of comments and sum to 1 (two: train and test, three: all)."""
    names = NAMES[:3] if len(shares) == 3 else (NAMES[0], NAMES[2])
    groups = _groups(members) if disjoint_authors else [[member] for member in members]
    parts = _assign(groups, names, shares, seed)
    if not disjoint_authors or _fits(members, parts, names, shares):
        return Split(names, parts, {})
    parts = _assign([[member] for member in members], names, shares, seed)
    counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for member in members:
        for author, count in member.authors.items():
            counts[author][parts[member.thread_id]] += count
    homes = {author: max(names, key=lambda name: found[name]) for author, found in counts.items()}
    return Split(names, parts, homes)


def _groups(members: Sequence[Member]) -> list[list[Member]]:
    """Join threads that share an author, directly or over other threads."""
    leader = list(range(len(members)))

    def find(at: int) -> int:
        while leader[at] != at:
            leader[at] = leader[leader[at]]
            at = leader[at]
        return at

    first: dict[str, int] = {}
    for position, member in enumerate(members):
        for author in member.authors:
            leader[find(position)] = find(first.setdefault(author, position))
    groups: defaultdict[int, list[Member]] = defaultdict(list)
    for position, member in enumerate(members):
        groups[find(position)].append(member)
    return list(groups.values())


def _assign(
    groups: Sequence[Sequence[Member]], names: Sequence[str], shares: Sequence[float], seed: int
) -> dict[str, str]:
    rng = np.random.default_rng(seed)
    weights = [sum((member.labels for member in group), Counter[str]()) for group in groups]
    wanted_labels = sum(weights, Counter[str]())
    missing = [{label: share * count for label, count in wanted_labels.items()} for share in shares]
    threads = [share * sum(map(len, groups)) for share in shares]
    order = sorted(rng.permutation(len(groups)), key=lambda at: -weights[at].total())
    parts: dict[str, str] = {}
    for at in order:
        best = max(
            range(len(names)), key=lambda part: (_need(weights[at], missing[part], wanted_labels), threads[part])
        )
        for label, count in weights[at].items():
            missing[best][label] -= count
        threads[best] -= len(groups[at])
        parts.update((member.thread_id, names[best]) for member in groups[at])
    return parts


def _need(weight: Counter[str], missing: dict[str, float], wanted: Counter[str]) -> float:
    """Return how much of the group's labels a part still misses, rare labels counting as much as frequent ones."""
    return sum(missing[label] * count / wanted[label] for label, count in weight.items())


def _fits(members: Sequence[Member], parts: dict[str, str], names: Sequence[str], shares: Sequence[float]) -> bool:
    sizes = Counter[str]()
    for member in members:
        sizes[parts[member.thread_id]] += member.comments
    total = sizes.total()
    return all(sizes[name] >= _TOO_SMALL * share * total for name, share in zip(names, shares, strict=True))
