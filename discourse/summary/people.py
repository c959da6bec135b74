"""What a summary says of people: who answers whom, where a branch turns, who changed sides, who takes part.

It does not know how anything is computed.
"""

from __future__ import annotations

from dataclasses import dataclass

from discourse.labels import Stance
from discourse.summary.selectors import Selector


@dataclass(frozen=True, slots=True)
class ReplyCell:
    """Count replies by the stance of the reply and of the comment it answers, and how they stand to it."""

    stance: Stance
    parent_stance: Stance
    replies: int
    agree: int
    disagree: int
    neutral: int
    where: Selector


@dataclass(frozen=True, slots=True)
class Pair:
    """Count the replies of one author to another, and how they stand to what they answer."""

    author: str
    answered: str
    replies: int
    agree: int
    disagree: int
    neutral: int
    where: Selector


@dataclass(frozen=True, slots=True)
class TurningPoint:
    """Name a subtree whose balance is the reverse of what surrounds it.

    `within` is the comment whose subtree surrounds it, None for the whole thread; the counts outside leave the subtree
    out.
    """

    comment_id: str
    author: str | None
    within: str | None
    leads: Stance
    favor: int
    against: int
    favor_outside: int
    against_outside: int
    where: Selector


@dataclass(frozen=True, slots=True)
class Change:
    """Record that an author, sure each time, took one side and then the other; `comment_id` is the later comment."""

    author: str
    comment_id: str
    earlier_id: str
    before: Stance
    after: Stance


@dataclass(frozen=True, slots=True)
class Person:
    """Sum up one author; `position` is the mean of his comments' probabilities (favor, against, none).

    `camp` is the side that most of his comments which take one are on, the larger mean where these are equally many,
    `none` where no comment takes a side.
    `distinct` leaves near-duplicates out; `replies` is how often others answered him.
    """

    author: str
    comments: int
    distinct: int
    camp: Stance | None
    position: tuple[float, ...] | None
    stance: tuple[int, ...]
    reply_stance: tuple[int, ...]
    argument: tuple[int, ...]
    replies: int
    score: float | None
    where: Selector


@dataclass(frozen=True, slots=True)
class Camp:
    """Count the authors of one camp and their comments."""

    stance: Stance
    authors: int
    comments: int


@dataclass(frozen=True, slots=True)
class Duplicate:
    """Name a comment that nearly repeats an earlier one of the same author."""

    comment_id: str
    of: str


@dataclass(frozen=True, slots=True)
class Participation:
    """Measure how evenly known authors take part.

    `gini` is 0 where all write equally much and nears 1 where one writes all; `most_active_share` is the share of the
    comments of known authors that `most_active` wrote, `top_tenth_share` that of the most active tenth (at least one);
    `half` is the fewest authors who wrote half of them. `self_replies` answer their own author.
    """

    authors: int
    comments: int
    without_author: int
    gini: float | None
    most_active: str | None
    most_active_share: float | None
    top_tenth_share: float | None
    half: int
    self_replies: int
