"""What comes after a comment: who speaks again, and who then quotes or names its author.

A thread is read whole before it is linked, so what follows may say what a comment answered: one who was answered
tends to come back.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence, Set

import numpy as np

from discourse.links.cues import Cues
from discourse.links.past import Floats

QUOTED, NAMED = 2.0, 1.0
"""What an author who comes back may do to the author of the comment in between."""


class Ahead:
    """Answer what follows a comment; `spoken` and `sources` are by number, as comments were said.

    `sources` are the numbers that each comment quotes; one that quotes the post has POST among them.
    """

    def __init__(self, spoken: Sequence[Cues], sources: Sequence[Set[int]]) -> None:
        self._spoken = spoken
        self._turns: dict[str, list[int]] = {}
        self._quoters: dict[int, set[str]] = {}
        for number, cues in enumerate(spoken):
            if cues.author:
                self._turns.setdefault(cues.author, []).append(number)
            for source in sources[number]:
                self._quoters.setdefault(source, set()).add(cues.author)

    def returns(self, number: int, authors: Sequence[str]) -> Floats:
        """Return, for each author, how soon they speak after a comment and whether they then turn to its author.

        Shape (authors, 2): 1 for the next comment, 1/2 for the one after it, 0 for never; QUOTED, NAMED or 0. The
        author of the comment does not return to themselves.
        """
        me = self._spoken[number].author
        known = {"": (0.0, 0.0), me: (0.0, 0.0)}
        for author in authors:
            if author not in known:
                known[author] = self._return(number, me, author)
        return np.array([known[author] for author in authors], dtype=np.float32).reshape(-1, 2)

    def _return(self, number: int, me: str, author: str) -> tuple[float, float]:
        turn = self._next_turn(author, number)
        if turn is None:
            return 0.0, 0.0
        names = bool(me) and me in self._spoken[turn].addressed
        quotes = author in self._quoters.get(number, ())
        return 1.0 / (turn - number), QUOTED if quotes else NAMED if names else 0.0

    def after(self, number: int) -> tuple[float, bool, float]:
        """Return how much follows (log), whether the author also says what comes next, how soon they speak again."""
        turn = self._next_turn(self._spoken[number].author, number)
        following = float(np.log1p(len(self._spoken) - 1 - number))
        return following, turn == number + 1, 1.0 / (turn - number) if turn is not None else 0.0

    def _next_turn(self, author: str, number: int) -> int | None:
        turns = self._turns.get(author, [])
        place = bisect_right(turns, number)
        return turns[place] if place < len(turns) else None
