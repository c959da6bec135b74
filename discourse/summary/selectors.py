"""Selectors: say which comments a number counts, instead of listing them.

A selector is a conjunction of conditions on columns of the labeled table and on a few that are derived from it. Views
evaluate the same conditions in the page; `select` evaluates them here. It does not know what the numbers mean.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, TypeAlias

from discourse.labels import LabeledThread
from discourse.threads import Thread

Column: TypeAlias = Literal[
    "comment_id",
    "kind",
    "author",
    "depth",
    "created",
    "lang",
    "link",
    "status",
    "stance",
    "stance_abstained",
    "reply_stance",
    "reply_abstained",
    "argument",
    "argument_abstained",
    "secondary",
    "truncated",
    "repairs",
    "parent_author",
    "parent_stance",
    "under",
]
"""What a condition looks at. `parent_author` and `parent_stance` are those of the comment answered (never the post);
`under` is a comment id: the comment itself and every reply below it. `secondary` and `repairs` (by kind) contain the
value, `created` is compared as a UTC time in ISO 8601, all others are columns of the table."""

Test: TypeAlias = Literal["is", "from", "before"]


@dataclass(frozen=True, slots=True)
class Condition:
    """Ask one thing of a comment: that a column is a value (None: empty), or lies from it on, or before it."""

    column: Column
    value: str | int | bool | None
    test: Test = "is"


Selector: TypeAlias = tuple[Condition, ...]
"""Conditions that all hold; the empty selector selects every comment but the post."""


def where(**values: Any) -> Selector:
    """Make a selector of equalities: `where(stance="favor", author=None)`."""
    return tuple(Condition(column, value) for column, value in values.items())  # type: ignore[arg-type]


def select(
    labeled: LabeledThread, target: str | None, selector: Selector, *, with_post: bool = False
) -> tuple[str, ...]:
    """Return the ids of the comments that a selector describes, in the thread's order; linear in the thread.

    The post is one of them only if the summary was made `with_post`.
    """
    thread = labeled.thread
    labels = labeled.by_comment(target)
    columns = {condition.column: _column(labeled, labels, condition) for condition in selector}
    offset = 0 if with_post else len(thread.comments) - len(thread)
    return tuple(
        comment.id
        for place, comment in enumerate(thread.comments)
        if place >= offset and all(_holds(columns[condition.column](place), condition) for condition in selector)
    )


def _holds(value: Any, condition: Condition) -> bool:
    wanted = condition.value
    if condition.column in ("secondary", "repairs"):
        return wanted in value
    if condition.test == "is":
        return bool(value == wanted)
    if value is None or wanted is None:
        return False
    if isinstance(value, datetime):
        wanted = datetime.fromisoformat(str(wanted))  # type: ignore[assignment]
    return bool(value >= wanted if condition.test == "from" else value < wanted)


def _column(labeled: LabeledThread, labels: dict[str, Any], condition: Condition) -> Callable[[int], Any]:
    """Return the function from a position in the thread to the value that a condition looks at."""
    thread, name = labeled.thread, condition.column
    if name == "under":
        below = _below(thread, condition.value)
        return lambda place: condition.value if place in below else None
    if name in ("parent_author", "parent_stance"):
        return lambda place: _of_parent(thread, labels, place, name)
    if name == "repairs":
        kinds: dict[str, set[str]] = {}
        for repair in thread.repairs:
            kinds.setdefault(repair.comment_id, set()).add(repair.kind)
        return lambda place: kinds.get(thread.comments[place].id, frozenset())
    if name == "depth":
        return lambda place: thread.depths[place]
    if name == "link":
        return lambda place: thread.links[place].evidence
    if name == "comment_id":
        return lambda place: thread.comments[place].id
    if name in ("kind", "author", "created", "lang", "status"):
        return lambda place: getattr(thread.comments[place], name)
    return lambda place: _of_label(labels.get(thread.comments[place].id), name)


def _of_label(label: Any, name: str) -> Any:
    if label is None:
        return () if name == "secondary" else None
    if name in ("secondary", "truncated"):
        return getattr(label, name)
    field = {"stance_abstained": "stance", "reply_abstained": "reply_stance", "argument_abstained": "argument"}
    verdict = getattr(label, field.get(name, name))
    if verdict is None:
        return None
    return verdict.abstained if name in field else verdict.label


def _of_parent(thread: Thread, labels: dict[str, Any], place: int, name: str) -> Any:
    parent = thread.parents[place]
    if parent < 0 or thread.comments[parent].kind == "post":
        return None
    if name == "parent_author":
        return thread.comments[parent].author
    return _of_label(labels.get(thread.comments[parent].id), "stance")


def _below(thread: Thread, comment_id: Any) -> set[int]:
    """Return the positions of a comment and of all replies below it; parents precede replies."""
    found: set[int] = set()
    for place, comment in enumerate(thread.comments):
        if comment.id == comment_id or thread.parents[place] in found:
            found.add(place)
    return found
