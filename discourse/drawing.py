"""A reply tree as lines of text, for a terminal.

Lines are cut at a width and indentation at a depth, so that a chain of 100,000 replies prints in linear time.
"""

from __future__ import annotations

from collections.abc import Iterator

from discourse.threads import Comment, Link, Thread

DEEPEST = 24
"""Levels that are indented; deeper ones are marked with their depth (a line of 24 levels still shows 40 letters)."""

WIDTH = 100

GUESSED = {"quote": "by its quote", "mention": "by a name", "inferred": "inferred"}


def draw(thread: Thread, width: int = WIDTH) -> Iterator[str]:
    """Yield a heading, then a line a comment, depth first: author, score, how a guessed link was found, first words."""
    heading = thread.title or thread.id
    yield f"{heading}  ({_plural(len(thread), 'comment')})"
    for notice in thread.notices:
        yield f"  ! {notice}"
    children = thread.children()
    post = thread.post is not None
    roots = [place for place in thread.roots() if not (post and place == 0)]
    tops = [*children[0], *roots] if post else roots
    stack = [(place, 0, index == len(tops) - 1) for index, place in enumerate(tops)][::-1]
    open_levels: list[bool] = []
    while stack:
        place, level, last = stack.pop()
        del open_levels[level:]
        open_levels.append(not last)
        yield _line(thread.comments[place], thread.links[place], open_levels, width)
        replies = children[place]
        stack.extend(
            (reply, level + 1, index == len(replies) - 1) for index, reply in reversed(list(enumerate(replies)))
        )


def _line(comment: Comment, link: Link, open_levels: list[bool], width: int) -> str:
    level = len(open_levels) - 1
    shown = open_levels[: min(level, DEEPEST)]
    lead = "".join("│  " if is_open else "   " for is_open in shown) + ("├─ " if open_levels[level] else "└─ ")
    if level > DEEPEST:
        lead += f"[{level + 1}] "
    marks = [comment.author or "?"]
    if comment.score is not None:
        marks.append(f"{comment.score:+g}")
    if link.evidence in GUESSED:
        marks.append(f"→ {link.parent} {GUESSED[link.evidence]}, {link.confidence or 0:.0%}")
    words = f"({comment.status})" if comment.status != "ok" else " ".join(comment.text[: 4 * width].split())
    line = f"{lead}{' · '.join(marks)}: {words}"
    return line if len(line) <= width else line[: width - 1] + "…"


def _plural(count: int, noun: str) -> str:
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"
