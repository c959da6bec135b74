"""Say what a comment is, how it is tied to its parent, and what was changed to make a tree of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias

from discourse.threads.slots import filled_directly

Kind: TypeAlias = Literal["post", "comment"]
Status: TypeAlias = Literal["ok", "deleted", "removed", "empty"]
Evidence: TypeAlias = Literal["explicit", "indent", "quote", "mention", "inferred", "none"]

STATED: frozenset[Evidence] = frozenset({"explicit", "indent"})
"""Evidence that the dump itself gives; every other evidence but `none` is a guess."""


@filled_directly
@dataclass(frozen=True, slots=True)
class Quote:
    """Hold words of somebody else that a comment repeats; `author` is None where the page does not name one."""

    author: str | None
    text: str


@filled_directly
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


@filled_directly
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
