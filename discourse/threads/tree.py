"""Rebuild a reply tree from records in any order, and walk it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from importlib import import_module
from typing import Any, NamedTuple

from discourse.threads.comment import NO_LINK, Comment, Evidence, Link, Repair
from discourse.threads.mending import mended, parents_before_replies

_ROOT = -1


@dataclass(frozen=True, slots=True)
class Thread:
    """Hold a rebuilt thread; `comments`, `parents`, `depths` and `links` are aligned.

    Parents precede their replies; the post, if there is one, is first. `parents[i]` is the position of the parent of
    `comments[i]`, -1 where it has none in the thread. The post has depth 0, top-level comments depth 1.
    `reply_field` tells whether the format states replies: then a comment without parent answers the thread as a whole.
    """

    id: str
    comments: tuple[Comment, ...]
    parents: tuple[int, ...]
    depths: tuple[int, ...]
    links: tuple[Link, ...]
    repairs: tuple[Repair, ...] = ()
    title: str | None = None
    source: str | None = None
    url: str | None = None
    targets: tuple[str, ...] = ()
    reply_field: bool = True
    announced: int | None = None
    notices: tuple[str, ...] = ()

    @property
    def post(self) -> Comment | None:
        """Return the thing commented on, or None where the dump does not hold it."""
        return self.comments[0] if self.comments and self.comments[0].kind == "post" else None

    @property
    def replies(self) -> tuple[Comment, ...]:
        """Return the comments without the post, in the thread's order."""
        return self.comments[1:] if self.post is not None else self.comments

    def __len__(self) -> int:
        """Count the comments; the post is not one of them."""
        return len(self.comments) - (self.post is not None)

    def __bool__(self) -> bool:
        """Say that a thread is there even if it has no comments."""
        return True

    def _repr_html_(self) -> str:
        """Show the tree in a notebook."""
        return str(import_module("discourse.views").thread_html(self))

    def _repr_pretty_(self, printer: Any, _cycle: bool) -> None:
        """Show one line where a notebook shows no HTML."""
        printer.text(f"<Thread {self.id}: {len(self)} comments>")

    def children(self) -> tuple[tuple[int, ...], ...]:
        """List the positions of each comment's replies, in order; shape (n comments, its replies)."""
        lists: list[list[int]] = [[] for _ in self.comments]
        for position, parent in enumerate(self.parents):
            if parent != _ROOT:
                lists[parent].append(position)
        return tuple(map(tuple, lists))

    def roots(self) -> tuple[int, ...]:
        """List the positions without a parent in the thread: the post, and every top-level comment that names none."""
        return tuple(position for position, parent in enumerate(self.parents) if parent == _ROOT)

    def walk(self) -> Iterator[int]:
        """Yield positions depth first, a parent before its replies, siblings in order."""
        first_reply = [_ROOT] * len(self.parents)
        next_sibling = [_ROOT] * len(self.parents)
        step = _ROOT
        for position in range(len(self.parents) - 1, -1, -1):
            parent = self.parents[position]
            if parent == _ROOT:
                next_sibling[position], step = step, position
            else:
                next_sibling[position], first_reply[parent] = first_reply[parent], position
        waiting: list[int] = []
        while step != _ROOT:
            yield step
            below, beside = first_reply[step], next_sibling[step]
            if below != _ROOT:
                if beside != _ROOT:
                    waiting.append(beside)
                step = below
            else:
                step = beside if beside != _ROOT or not waiting else waiting.pop()

    def path(self, position: int) -> tuple[int, ...]:
        """Return the positions from the top of the tree down to `position`, both included."""
        steps = []
        while position != _ROOT:
            steps.append(position)
            position = self.parents[position]
        return tuple(reversed(steps))

    def paths(self) -> Iterator[tuple[int, ...]]:
        """Yield every path from the top of the tree to a comment without replies, depth first.

        The paths of a chain of n comments hold n positions, those of a comb n²/2: they are made one at a time.
        """
        branch: list[int] = []
        depth_of: list[int] = [0] * len(self.comments)
        children = self.children()
        stack = list(reversed(self.roots()))
        while stack:
            position = stack.pop()
            parent = self.parents[position]
            level = 0 if parent == _ROOT else depth_of[parent] + 1
            depth_of[position] = level
            del branch[level:]
            branch.append(position)
            if children[position]:
                stack.extend(reversed(children[position]))
            else:
                yield tuple(branch)


def build_thread(
    comments: Iterable[Comment],
    *,
    id: str,
    title: str | None = None,
    source: str | None = None,
    url: str | None = None,
    targets: Iterable[str] = (),
    evidence: Evidence = "explicit",
    reply_field: bool = True,
    repairs: Iterable[Repair] = (),
    announced: int | None = None,
    notices: Iterable[str] = (),
) -> Thread:
    """Rebuild one thread from its records in any order, counting every repair.

    Comments out are records in, less one `duplicate-id` repair for each record dropped. `evidence` is what the
    format's parents rest on. Linear in the number of comments; never raises on a malformed tree.
    """
    records = list(comments)
    found = list(repairs)
    placed = _in_order(records)
    if placed is None or not _post_leads(records, placed):
        records = mended(records, found)
        placed = _in_order(records)
        assert placed is not None  # nothing is left that could be out of order
    names = [comment.parent_id for comment in records]
    links: dict[str | None, Link] = {name: Link(name, evidence, 1.0) for name in set(names)}  # shared by siblings
    links[None] = NO_LINK
    found.extend(
        Repair(records[orphan].id, "missing-parent", f"{names[orphan]} is not in the dump") for orphan in placed.orphans
    )
    own_targets = [target for comment in records if comment.targets for target in comment.targets]
    return Thread(
        id=id, comments=tuple(records), parents=tuple(placed.parents), depths=tuple(placed.depths),
        links=tuple([links[name] for name in names]), repairs=tuple(found), title=title, source=source, url=url,
        targets=tuple(dict.fromkeys((*targets, *own_targets))), reply_field=reply_field, announced=announced,
        notices=tuple(notices),
    )  # fmt: skip


def with_links(thread: Thread, links: Sequence[Link]) -> Thread:
    """Return the thread with other links, aligned with its comments: positions, depths and order follow.

    A link whose parent is not in the thread leaves its comment at depth 1. Raises ValueError if the links are not one
    a comment, or close a cycle.
    """
    if len(links) != len(thread.comments):
        raise ValueError(f"{len(links)} links for {len(thread.comments)} comments of thread {thread.id}")
    comments, aligned = list(thread.comments), list(links)
    placed = _in_order(comments, [link.parent for link in links])
    if placed is None:
        order = parents_before_replies(comments, [link.parent for link in links])
        comments, aligned = [comments[index] for index in order], [links[index] for index in order]
        placed = _in_order(comments, [link.parent for link in aligned])
    if placed is None or len(comments) != len(links):
        raise ValueError(f"the links of thread {thread.id} close a cycle")
    return replace(
        thread,
        comments=tuple(comments),
        parents=tuple(placed.parents),
        depths=tuple(placed.depths),
        links=tuple(aligned),
    )


class _Placed(NamedTuple):
    """Hold the places of the parents and the depths, aligned with the comments; the places of posts and orphans."""

    parents: list[int]
    depths: list[int]
    posts: list[int]
    orphans: list[int]


def _in_order(comments: Sequence[Comment], names: Sequence[str | None] | None = None) -> _Placed | None:
    """Place comments as they stand, in one pass; None if an id comes twice, or a parent after its reply.

    `names` are their parents' ids, where they are not the stated ones.
    """
    place: dict[str, int] = {}
    found = _Placed([], [], [], [])
    parents, depths, posts, orphans = found
    stated = names if names is not None else [comment.parent_id for comment in comments]
    for number, (comment, name) in enumerate(zip(comments, stated, strict=True)):
        parent = _ROOT
        if name is not None:
            parent = place.get(name, _ROOT)
            if parent == _ROOT:
                orphans.append(number)
        if comment.kind == "post":
            posts.append(number)
            depths.append(0)
        else:
            depths.append(1 if parent == _ROOT else depths[parent] + 1)
        parents.append(parent)
        place[comment.id] = number
    out_of_order = len(place) != len(comments) or any(stated[orphan] in place for orphan in orphans)
    return None if out_of_order else found


def _post_leads(comments: Sequence[Comment], placed: _Placed) -> bool:
    """Tell whether the only post is the first comment and answers none, or there is none."""
    return not placed.posts or (placed.posts == [0] and comments[0].parent_id is None)
