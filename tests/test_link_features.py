"""What a candidate shows of being the comment that is answered: what follows, shared words, turns, quotes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from discourse.links.ahead import NAMED, QUOTED
from discourse.links.features import FEATURES
from discourse.links.guessing import Walk
from discourse.threads import Comment, Quote, build_thread

START = datetime(2024, 3, 1, tzinfo=UTC)


class Described:
    """The features of the last comment described, by candidate (a comment's number, None for the thread) and name."""

    def __init__(self, *said: tuple[str | None, str, int | None], at: int, quotes: tuple[Quote, ...] = ()) -> None:
        post = Comment(
            "post", "t", kind="post", text="The bridge is closed for repairs.", author="Editor", created=START
        )
        comments = [
            Comment(
                str(n), "t", text=text, author=author, created=START + timedelta(hours=n),
                quotes=quotes if n == at else (Quote(said[at - 1][0], said[at - 1][1]),) if "[quotes]" in text else (),
            )
            for n, (author, text, _) in enumerate(said, start=1)
        ]  # fmt: skip
        walk = Walk(build_thread([post, *comments], id="t", reply_field=False))
        for position in range(1, at):
            walk.describe(position)
            walk.decide(position, said[position - 1][2])
        self.case = walk.describe(at)

    def __call__(self, name: str, candidate: int | None) -> float:
        return float(self.case.table[self.case.candidates.index(candidate), FEATURES.index(name)])


TALK = [
    ("Ana", "The ferry is full every morning.", None),
    ("Ben", "Take the train then, it runs each hour.", 1),
    ("Cy", "Who pays for the repairs of the bridge?", None),
    ("Dan", "The ferry needs a second boat.", None),
]


def test_who_is_answered_comes_back():
    described = Described(
        *TALK, ("Eve", "Nonsense.", None), ("Cy", "Why?", None), ("Ana", "Eve, say more.", None), at=5
    )
    assert described("returns", 3) == pytest.approx(1.0)
    assert described("returns", 1) == pytest.approx(0.5)
    assert described("returns", 4) == 0.0
    assert (described("returns_to_me", 1), described("returns_to_me", 3)) == (NAMED, 0.0)
    assert described("following", None) == pytest.approx(np.log1p(2))


def test_who_is_answered_quotes_the_answer():
    answer = "A second boat costs more than the whole bridge ever did."
    described = Described(*TALK, ("Eve", answer, None), ("Dan", "[quotes] It does not.", None), at=5)
    assert (described("returns_to_me", 4), described("returns_to_me", 1)) == (QUOTED, 0.0)


def test_an_author_without_a_name_does_not_come_back():
    described = Described((None, "One.", None), (None, "Two.", None), (None, "Three.", None), at=2)
    assert described("returns", 1) == 0.0
    assert described("answered_by_me", 1) == 0.0


def test_words_that_one_candidate_alone_holds():
    described = Described(*TALK, ("Eve", "That train is late, and the ferry as well, bridge or not.", None), at=5)
    assert described("exclusive", 2) > 0
    assert described("exclusive", 1) == 0.0
    assert described("introduced", 1) > described("introduced", 4) == 0.0
    assert described("beyond_post", 1) > 0
    assert described("beyond_post", 3) == 0.0
    assert described("similarity", 3) > 0


def test_turns_of_the_author():
    described = Described(
        *TALK[:2], ("Ana", "It does not on Sundays.", 2), ("Ben", "It will.", 3), ("Ana", "So?", None), at=5
    )
    assert described("answered_by_me", 2) == 1.0
    assert (described("unanswered", 2), described("unanswered", 4)) == (0.0, 1.0)
    assert [described("depth", at) for at in (None, 1, 2, 3, 4)] == [0, 1, 2, 3, 4]
    assert [described("in_own_chain", at) for at in (3, 2, 1, 4, None)] == [1, 2, 3, 0, 0]
    assert described("hours_since_own", None) == pytest.approx(np.log1p(2.0))
    assert described("hours_since_previous", None) == pytest.approx(np.log1p(1.0))


def test_quotes_of_a_comment_and_of_the_post():
    quotes = (Quote("Ben", "it runs each hour"), Quote(None, "bridge is closed for repairs"), Quote(None, "no source"))
    described = Described(*TALK, ("Eve", "Both wrong.", None), at=5, quotes=quotes)
    assert described.case.candidates[described.case.quoted] == 2
    assert [described("quoted", at) for at in (None, 1, 2)] == [1, 0, 1]
    assert [described("quoted_first", at) for at in (None, 1, 2)] == [0, 0, 1]
    assert described("sources", 1) == 2


def test_every_value_is_a_number():
    described = Described(*TALK, (None, "", None), at=5)
    assert described.case.table.shape == (5, len(FEATURES))
    assert np.isfinite(described.case.table).all()


def test_a_quoted_comment_is_a_candidate_however_old():
    said = [("Ana", "The very first remark of them all.", None)] + [("Ben", f"Remark {n}.", None) for n in range(60)]
    described = Described(*said, ("Cy", "True.", None), at=62, quotes=(Quote("Ana", "very first remark of them all"),))
    assert described.case.candidates[:2] == (None, 1)
    assert len(described.case.candidates) == 42
    assert described("quoted_first", 1) == 1.0
