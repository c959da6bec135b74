"""Whose words are quoted: with a name and without, whole and cut, long and of two words."""

from __future__ import annotations

import pytest

from discourse.links.quotations import find_origins
from discourse.threads import Comment, Quote, build_thread

FERRY = "Nobody has crossed the river since the first of the month, and the ferry is always full."
TOLL = "The toll pays for the repairs, and the repairs will last for thirty years or more."


def origin(quote: Quote, *said: tuple[str, str]) -> int | None:
    """Return which of the comments (author, text) a quote comes from, counted from 0."""
    comments = [Comment(str(at), "t", text=text, author=author) for at, (author, text) in enumerate(said)]
    quoting = Comment("last", "t", text="No.", author="Zoe", quotes=(quote,))
    thread = build_thread([*comments, quoting], id="t", reply_field=False)
    found = next(iter(find_origins(thread, range(len(thread.comments)))[-1]), None)
    return None if found is None else found.position


def test_a_name_chooses_among_equal_words():
    said = [("Ana", FERRY), ("Ben", FERRY), ("Cy", TOLL)]
    assert origin(Quote("Ana", "the ferry is always full"), *said) == 0
    assert origin(Quote("@ben", "the ferry is always full"), *said) == 1


def test_a_wrong_name_does_not_hide_the_source():
    assert origin(Quote("Ben", FERRY), ("Ana", FERRY), ("Ben", TOLL)) == 0


def test_a_quote_cut_in_many_places_is_found_where_no_other_text_is_near():
    cut = "the toll pays for everything, say some, and the repairs will hardly last for us"
    assert origin(Quote(None, cut), ("Ana", TOLL), ("Ben", FERRY)) == 0
    near = "Some say that the toll pays for nothing and the repairs are late."
    assert origin(Quote(None, cut), ("Ana", TOLL), ("Ben", near)) is None


@pytest.mark.parametrize("words", ["always full", "ferry is always"])
def test_two_or_three_words_must_stand_in_one_text_alone(words: str):
    assert origin(Quote(None, words), ("Ana", TOLL), ("Ben", FERRY)) == 1
    assert origin(Quote(None, words), ("Ana", f"Yes, the {words}."), ("Ben", f"No, the {words}.")) is None
    assert origin(Quote("Ana", words), ("Ana", f"Yes, the {words}."), ("Ben", f"No, the {words}.")) == 0


def test_one_word_is_a_source_only_with_a_name():
    said = [("Ana", "Expensive."), ("Ben", TOLL)]
    assert origin(Quote("Ana", "expensive"), *said) == 0
    assert origin(Quote(None, "expensive"), *said) is None


@pytest.mark.parametrize("words", ["", "…", "all roads lead to Rome", "I'll be back"])
def test_words_from_elsewhere_have_no_source(words: str):
    assert origin(Quote(None, words), ("Ana", FERRY), ("Ben", TOLL)) is None
    assert origin(Quote("Ana", words), ("Ana", FERRY), ("Ben", TOLL)) is None
