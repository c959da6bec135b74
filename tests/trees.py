"""Write trees as text: `tree("a > b > c, a > d")` is four comments, `a` at the top."""

from __future__ import annotations

from collections.abc import Iterable

from discourse.threads import Comment, Thread, build_thread


def tree(written: str, thread_id: str = "t") -> list[Comment]:
    """Return the comments of chains such as `a > b > c, a > d`, in order of first mention; `a > b` makes b answer a.

    A name that only stands on the left of `>` and begins with `?` is a parent that the dump does not hold.
    """
    parents: dict[str, str | None] = {}
    for chain in written.split(","):
        above: str | None = None
        for name in (part.strip() for part in chain.split(">")):
            if not name.startswith("?") and (name not in parents or above is not None):
                parents[name] = above
            above = name.removeprefix("?")
    return [Comment(name, thread_id, parent_id=parent) for name, parent in parents.items() if name]


def build(comments: Iterable[Comment] | str) -> Thread:
    """Build the thread of comments or of a written tree."""
    return build_thread(tree(comments) if isinstance(comments, str) else comments, id="t")


def parents_of(thread: Thread) -> dict[str, str | None]:
    """Return comment id → id of the parent that stands in the tree."""
    ids = [comment.id for comment in thread.comments]
    return {name: None if parent < 0 else ids[parent] for name, parent in zip(ids, thread.parents, strict=True)}


def kinds(thread: Thread) -> dict[str, list[str]]:
    """Return repair kind → the comments concerned."""
    found: dict[str, list[str]] = {}
    for repair in thread.repairs:
        found.setdefault(repair.kind, []).append(repair.comment_id)
    return found
