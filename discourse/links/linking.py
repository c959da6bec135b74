"""Give comments that state no parent the one they seem to answer, each guess with its evidence and probability."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal, TypeAlias, get_args

from discourse.links.guessing import Guess, guess
from discourse.links.ranker import Ranker, load_ranker
from discourse.threads import NO_LINK, Link, Thread, with_links

Mode: TypeAlias = Literal["stated", "auto", "all"]
MODES: tuple[Mode, ...] = get_args(Mode)


def link(threads: Iterable[Thread], mode: Mode = "auto") -> Iterator[Thread]:
    """Yield the threads with guessed links added; what a dump states is never touched.

    `stated` adds none. `auto` guesses in formats that state no replies (flat pages, some tables), for comments that
    state none. `all` guesses for top-level comments of the other formats too. A comment thought to answer the thread
    as a whole, or nothing with enough probability, stays without a parent; the comment quoted first is always linked.
    """
    if mode not in MODES:
        raise ValueError(f"{mode}: links are {', '.join(MODES)}")
    for thread in threads:
        yield thread if mode == "stated" or (thread.reply_field and mode == "auto") else add_links(thread)


def add_links(thread: Thread, ranker: Ranker | None = None) -> Thread:
    """Return the thread with guessed parents for the comments that state none, where one is probable enough."""
    unstated = frozenset(position for position in range(len(thread.comments)) if _is_open(thread, position))
    if not unstated:
        return thread
    ranker = ranker or load_ranker()
    links = list(thread.links)
    for found in guess(thread, unstated, ranker):
        links[found.position] = _as_link(thread, found, ranker.threshold)
    return with_links(thread, links) if links != list(thread.links) else thread


def _is_open(thread: Thread, position: int) -> bool:
    """Tell whether a comment states no parent, and has words to go by."""
    comment = thread.comments[position]
    says_nothing = comment.parent_id is None and thread.links[position] == NO_LINK
    return comment.kind == "comment" and says_nothing and (comment.status == "ok" or bool(comment.quotes))


def _as_link(thread: Thread, found: Guess, threshold: float) -> Link:
    """Make a link of a guess; a quote whose source is found always makes one."""
    if found.parent is None or (found.evidence != "quote" and found.confidence < threshold):
        return NO_LINK
    return Link(thread.comments[found.parent].id, found.evidence, round(found.confidence, 4))
