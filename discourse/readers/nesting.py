"""Flatten rows that hold further rows: a comment with its replies, a thread with its comments."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from discourse.readers import wire
from discourse.readers.columns import looks_like_comments

_REPLIES = ("replies", "children", "responses", "answers", "subcomments", "sub_comments", "comments", "reponses")
_COMMENTS = ("comments", "posts", "messages", "utterances", "discussion", "commentaires", "kommentare", "thread")
_ROWS = (*_COMMENTS, "data", "items", "results", "rows", "records", "entries", "hits", "train", "replies")
_IDS = ("id", "comment_id", "commentId", "_id", "cid")
_THREAD_IDS = ("thread_id", "threadId", "id", "_id", "post_id", "article_id", "url")
_TITLES = ("title", "text", "body", "headline", "subject")


@dataclass(frozen=True, slots=True)
class Node:
    """Hold one row of a table: its line, its cells, and what its place among other rows says.

    `id` is made up where a row with replies has none; `parent` and `thread` are those of the rows around it;
    `thread_number` counts the threads of a file that have no id; `problem` says why it is no row.
    """

    line: int | None
    cells: Mapping[str, Any]
    id: str | None = None
    parent: str | None = None
    thread: str | None = None
    thread_number: int = 1
    is_post: bool = False
    nested: bool = False
    problem: str | None = None


def flatten(line: int | None, value: Any, count: int) -> Iterator[Node]:
    """Yield the rows of one JSON record, those around others first; `count` makes ids of rows without any.

    A record with a list of comments and a text or title of its own is a thread and its post.
    """
    if not isinstance(value, Mapping):
        yield _no_record(line)
        return
    top = Node(line, value)
    if _is_thread(value):
        top = Node(
            line, value, id="post", thread=_name(value, _THREAD_IDS), thread_number=count, is_post=True, nested=True
        )
    stack = [top]
    made = 0
    while stack:
        node = stack.pop()
        inner = _inner(node.cells, _COMMENTS if node.is_post else _REPLIES)
        if inner and not node.is_post and _name(node.cells, _IDS) is None:
            made += 1
            node = replace(node, id=f"{count}.{made}" if made > 1 else str(count))
        yield replace(node, nested=True) if inner else node
        below = None if node.is_post else node.id or _name(node.cells, _IDS)
        around = replace(node, id=None, parent=below, is_post=False, nested=True)
        stack.extend(
            replace(around, cells=item) if isinstance(item, Mapping) else _no_record(line) for item in reversed(inner)
        )


def _no_record(line: int | None) -> Node:
    return Node(line, {}, problem="is no record: an object with names is expected")


def _name(cells: Mapping[str, Any], names: tuple[str, ...]) -> str | None:
    return next((found for name in names if (found := wire.identifier(cells.get(name)))), None)


def rows_of(document: Any) -> list[Any]:
    """Return the rows of a JSON value: itself, a list, the list that it wraps, or columns as pandas writes them."""
    if _is_rows(document):
        return list(document)
    if not isinstance(document, Mapping):
        return [document]
    if _is_thread(document) or looks_like_comments(
        [name for name, value in document.items() if isinstance(value, str)]
    ):
        return [document]
    columns, data = document.get("columns"), document.get("data")
    if isinstance(columns, list) and isinstance(data, list) and all(isinstance(row, list) for row in data):
        return [dict(zip(map(str, columns), row, strict=False)) for row in data]
    values = list(document.values())
    if len(values) > 1 and all(isinstance(value, Mapping) for value in values):
        if all(value.keys() == values[0].keys() for value in values) and not any(map(_is_record, values)):
            return [{name: column.get(key) for name, column in document.items()} for key in values[0]]
        return values
    wrapped = [document[name] for name in _ROWS if _is_rows(document.get(name))]
    return wrapped[0] if wrapped else [document]


def _is_rows(value: Any) -> bool:
    return isinstance(value, list) and any(isinstance(item, Mapping) for item in value)


def _is_record(value: Mapping[str, Any]) -> bool:
    """Tell a record from a column of a table: its keys are names, not row numbers."""
    return any(not str(key).isdigit() for key in value)


def _is_thread(value: Mapping[str, Any]) -> bool:
    """Tell whether an object is a thread: comments in a list, and a title, text or id of its own."""
    own = any(isinstance(value.get(name), str) and value[name] for name in _TITLES)
    return own and any(_is_rows(value.get(name)) for name in _COMMENTS) and not _is_reply(value)


def _is_reply(value: Mapping[str, Any]) -> bool:
    return any(value.get(key) for key in ("parent_id", "parent", "author", "user")) and not value.get("title")


def _inner(cells: Mapping[str, Any], names: tuple[str, ...]) -> list[Any]:
    return next((cells[name] for name in names if _is_rows(cells.get(name))), [])
