"""Mend what is malformed in a thread's records: doubles, a second post, self-replies, cycles, late parents."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from discourse.threads.comment import Comment, Repair

_EARLIEST = datetime.min.replace(tzinfo=UTC)
_LASTING = ("author", "created", "age", "score", "lang", "title", "url")
"""Fields that no edit takes away."""


def mended(comments: list[Comment], found: list[Repair]) -> list[Comment]:
    """Return one comment an id, the post first, circles cut, parents before their replies."""
    kept = _unique(comments, found)
    order = list(kept)
    _single_post(kept, order, found)
    _cut_self_replies(kept, order, found)
    _cut_cycles(kept, order, found)
    ordered = [kept[comment_id] for comment_id in order]
    return [ordered[place] for place in parents_before_replies(ordered, [one.parent_id for one in ordered])]


def _unique(comments: list[Comment], found: list[Repair]) -> dict[str, Comment]:
    """Keep one comment an id: the newest by edit or creation time, else the last read; order is of first sight."""
    kept: dict[str, Comment] = {}
    for comment in comments:
        earlier = kept.get(comment.id)
        if earlier is None:
            kept[comment.id] = comment
            continue
        newest = newer(earlier, comment)
        dropped = earlier if newest is comment else comment
        merged = tuple(dict.fromkeys((*earlier.targets, *comment.targets)))
        whole = filled(newest, dropped)
        kept[comment.id] = replace(whole, targets=merged) if merged != newest.targets else whole
        same = replace(earlier, source=None, targets=()) == replace(comment, source=None, targets=())
        detail = "same content" if same else "other content; the newest is kept"
        found.append(Repair(comment.id, "duplicate-id", f"{detail} ({dropped.source})" if dropped.source else detail))
    return kept


def newer(earlier: Comment, later: Comment) -> Comment:
    """Return the newer of two records with one id: by edit or creation time, else the one read later."""
    return later if _version(later) >= _version(earlier) else earlier


def filled(newest: Comment, other: Comment) -> Comment:
    """Return a record with what it lacks and another record of the same comment has, as pages show more or less of one.

    A comment that is gone lacks its author on purpose; words are taken only from a record that is as new.
    """
    if newest.status in ("deleted", "removed"):
        return newest
    lacking: dict[str, Any] = {
        name: known
        for name in _LASTING
        if getattr(newest, name) is None and (known := getattr(other, name)) is not None
    }
    if newest.status == "empty" and other.status == "ok" and _version(newest) == _version(other):
        lacking |= {"text": other.text, "quotes": other.quotes, "status": "ok"}
    return replace(newest, **lacking) if lacking else newest


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


def parents_before_replies(comments: list[Comment], parents: list[str | None]) -> list[int]:
    """Return an order in which a late parent comes just before its first reply; what leads into a cycle drops out."""
    by_id = {comment.id: index for index, comment in enumerate(comments)}
    done: dict[int, None] = {}
    dropped: dict[int, None] = {}
    for index in range(len(comments)):
        branch: dict[int, None] = {}
        step: int | None = index
        while not (step is None or step in done or step in branch or step in dropped):
            branch[step] = None
            parent_id = parents[step]
            step = by_id.get(parent_id) if parent_id is not None else None
        ends = step is None or step in done
        (done if ends else dropped).update(dict.fromkeys(reversed(branch)))
    return list(done)
