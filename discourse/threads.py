"""Reply trees: what a comment is, how a thread is rebuilt from records in any order, and how it is walked.

One builder serves every reader. It is iterative and linear in the number of comments, whatever the depth, and
it never fails on a malformed tree: what it had to change is a `Repair`, so that every guess can be counted.
It does not know where records come from, nor what any comment means.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from importlib import import_module
from typing import Literal, TypeAlias

Kind: TypeAlias = Literal["post", "comment"]
Status: TypeAlias = Literal["ok", "deleted", "removed", "empty"]
Evidence: TypeAlias = Literal["explicit", "indent", "quote", "mention", "inferred", "none"]

STATED: frozenset[Evidence] = frozenset({"explicit", "indent"})
"""Evidence that the dump itself gives; every other evidence but `none` is a guess."""

_ROOT = -1
_EARLIEST = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Quote:
    """Hold words of somebody else that a comment repeats; `author` is None where the page does not name one."""

    author: str | None
    text: str


@dataclass(frozen=True, slots=True)
class Comment:
    """Hold one comment or post as the dump states it.

    `text` is the author's own words, plain; `parent_id` is what the dump's reply field says, None for a reply to the
    thread as a whole; times are UTC; `age` is a printed age ("4 months ago") where the page shows no date;
    `targets` are stance targets that the row itself states; `source` is the path, with `:line` for line formats.
    """

    id: str
    thread_id: str
    parent_id: str | None = None
    kind: Kind = "comment"
    text: str = ""
    quotes: tuple[Quote, ...] = ()
    author: str | None = None
    created: datetime | None = None
    age: str | None = None
    edited: bool | None = None
    edited_at: datetime | None = None
    score: float | None = None
    lang: str | None = None
    title: str | None = None
    url: str | None = None
    status: Status = "ok"
    targets: tuple[str, ...] = ()
    source: str | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """Tie a comment to its parent: `parent` is an id or None, `confidence` a probability (None without a link)."""

    parent: str | None
    evidence: Evidence
    confidence: float | None

    @property
    def stated(self) -> bool:
        """Tell whether the dump itself gives this link."""
        return self.evidence in STATED


NO_LINK = Link(None, "none", None)


@dataclass(frozen=True, slots=True)
class Repair:
    """Record one thing that was changed or assumed while rebuilding a tree."""

    comment_id: str
    kind: str
    detail: str = ""


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
    kept = {record.id: record for record in records}
    kept = kept if len(kept) == len(records) else _unique(records, found)
    order = list(kept)
    _single_post(kept, order, found)
    if not _parents_first(kept, order):
        _cut_self_replies(kept, order, found)
        _cut_cycles(kept, order, found)
    ordered = [kept[comment_id] for comment_id in order]
    found.extend(
        Repair(comment.id, "missing-parent", f"{comment.parent_id} is not in the dump")
        for comment in ordered
        if comment.parent_id is not None and comment.parent_id not in kept
    )
    own_targets = [target for comment in ordered if comment.targets for target in comment.targets]
    frame = Thread(
        id=id, comments=(), parents=(), depths=(), links=(), repairs=tuple(found), title=title, source=source, url=url,
        targets=tuple(dict.fromkeys((*targets, *own_targets))), reply_field=reply_field, announced=announced,
        notices=tuple(notices),
    )  # fmt: skip
    return _assemble(ordered, _stated_links(ordered, evidence), frame)


def with_links(thread: Thread, links: Sequence[Link]) -> Thread:
    """Return the thread with other links, aligned with its comments: positions, depths and order follow.

    A link whose parent is not in the thread leaves its comment at depth 1. Raises ValueError if the links are not one
    a comment, or close a cycle.
    """
    if len(links) != len(thread.comments):
        raise ValueError(f"{len(links)} links for {len(thread.comments)} comments of thread {thread.id}")
    rebuilt = _assemble(list(thread.comments), list(links), thread)
    if len(rebuilt.comments) != len(thread.comments):
        raise ValueError(f"the links of thread {thread.id} close a cycle")
    return rebuilt


def _stated_links(comments: list[Comment], evidence: Evidence) -> list[Link]:
    """Return the links that the parents say, aligned; replies to one comment share one object."""
    shared: dict[str | None, Link] = {None: NO_LINK}
    links: list[Link] = []
    for comment in comments:
        link = shared.get(comment.parent_id)
        if link is None:
            link = shared[comment.parent_id] = Link(comment.parent_id, evidence, 1.0)
        links.append(link)
    return links


def _unique(comments: list[Comment], found: list[Repair]) -> dict[str, Comment]:
    """Keep one comment an id: the newest by edit or creation time, else the last read; order is of first sight."""
    kept: dict[str, Comment] = {}
    for comment in comments:
        earlier = kept.get(comment.id)
        if earlier is None:
            kept[comment.id] = comment
            continue
        newest = comment if _version(comment) >= _version(earlier) else earlier
        merged = tuple(dict.fromkeys((*earlier.targets, *comment.targets)))
        kept[comment.id] = replace(newest, targets=merged) if merged != newest.targets else newest
        same = replace(earlier, source=None, targets=()) == replace(comment, source=None, targets=())
        dropped = earlier if newest is comment else comment
        detail = "same content" if same else "other content; the newest is kept"
        found.append(Repair(comment.id, "duplicate-id", f"{detail} ({dropped.source})" if dropped.source else detail))
    return kept


def _version(comment: Comment) -> datetime:
    """Return the time that tells the newer of two records with one id."""
    return _utc(comment.edited_at or comment.created)


def _utc(moment: datetime | None) -> datetime:
    if moment is None:
        return _EARLIEST
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)


def _single_post(kept: dict[str, Comment], order: list[str], found: list[Repair]) -> None:
    """Put the first post first; a further one becomes a comment, a post's own parent is dropped."""
    posts = [comment_id for comment_id, comment in kept.items() if comment.kind == "post"]
    if not posts:
        return
    first = posts[0]
    for comment_id in posts[1:]:
        kept[comment_id] = replace(kept[comment_id], kind="comment")
        found.append(Repair(comment_id, "second-post", f"the thread's post is {first}"))
    if kept[first].parent_id is not None:
        found.append(Repair(first, "post-with-parent", f"{kept[first].parent_id} is named as the parent of the post"))
        kept[first] = replace(kept[first], parent_id=None)
    if order[0] != first:
        order.remove(first)
        order.insert(0, first)


def _parents_first(kept: dict[str, Comment], order: list[str]) -> bool:
    """Tell whether every parent that is there comes before its replies: then there is no cycle to look for."""
    seen: set[str] = set()
    for comment_id in order:
        parent = kept[comment_id].parent_id
        if parent is not None and parent not in seen and parent in kept:
            return False
        seen.add(comment_id)
    return True


def _cut_self_replies(kept: dict[str, Comment], order: list[str], found: list[Repair]) -> None:
    for comment_id in order:
        if kept[comment_id].parent_id == comment_id:
            kept[comment_id] = replace(kept[comment_id], parent_id=None)
            found.append(Repair(comment_id, "self-reply", f"{comment_id} is named as its own parent"))


def _cut_cycles(kept: dict[str, Comment], order: list[str], found: list[Repair]) -> None:
    """Cut each cycle at its earliest comment (by time, else by place in the dump)."""
    place = {comment_id: position for position, comment_id in enumerate(order)}
    done: set[str] = set()
    for start in order:
        trail: list[str] = []
        on_trail: set[str] = set()
        step: str | None = start
        while step is not None and step in kept and step not in done and step not in on_trail:
            trail.append(step)
            on_trail.add(step)
            step = kept[step].parent_id
        if step is not None and step in on_trail:
            cycle = trail[trail.index(step) :]
            timed = all(kept[member].created is not None for member in cycle)
            earliest = min(
                cycle, key=lambda member: (_utc(kept[member].created) if timed else _EARLIEST, place[member])
            )
            parent = kept[earliest].parent_id
            kept[earliest] = replace(kept[earliest], parent_id=None)
            found.append(Repair(earliest, "cycle", f"{parent} is named as parent, in a cycle of {len(cycle)}"))
        done.update(trail)


def _assemble(comments: list[Comment], links: list[Link], frame: Thread) -> Thread:
    """Place comments and their aligned links so that parents precede replies: a late parent just before its first."""
    placed = _placed(comments, links)
    if placed is None:
        order = _parents_before_replies(comments, links)
        comments, links = [comments[index] for index in order], [links[index] for index in order]
        placed = _placed(comments, links) or ([], [])
    parents, depths = map(tuple, placed)
    return replace(frame, comments=tuple(comments), parents=parents, depths=depths, links=tuple(links))


def _placed(comments: list[Comment], links: list[Link]) -> tuple[list[int], list[int]] | None:
    """Return the parents' positions and the depths of comments in this order; None if a parent comes after a reply."""
    position: dict[str, int] = {}
    parents: list[int] = []
    depths: list[int] = []
    unseen: list[str] = []
    for number, (comment, link) in enumerate(zip(comments, links, strict=True)):
        parent = _ROOT
        if link.parent is not None:
            parent = position.get(link.parent, _ROOT)
            if parent == _ROOT:
                unseen.append(link.parent)
        position[comment.id] = number
        parents.append(parent)
        depths.append(0 if comment.kind == "post" else 1 if parent == _ROOT else depths[parent] + 1)
    return None if any(name in position for name in unseen) else (parents, depths)


def _parents_before_replies(comments: list[Comment], links: list[Link]) -> list[int]:
    """Return an order in which a late parent comes just before its first reply; what leads into a cycle drops out."""
    by_id = {comment.id: index for index, comment in enumerate(comments)}
    done: dict[int, None] = {}
    dropped: dict[int, None] = {}
    for index in range(len(comments)):
        branch: dict[int, None] = {}
        step: int | None = index
        while not (step is None or step in done or step in branch or step in dropped):
            branch[step] = None
            parent_id = links[step].parent
            step = by_id.get(parent_id) if parent_id is not None else None
        ends = step is None or step in done
        (done if ends else dropped).update(dict.fromkeys(reversed(branch)))
    return list(done)
