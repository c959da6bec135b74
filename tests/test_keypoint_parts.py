"""The parts of key points: sentences, passages, what is chosen, samples."""

from __future__ import annotations

import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from discourse.summary.keypoints.choosing import Crowd, choose, distinctive, generality, lowered, representatives
from discourse.summary.keypoints.comparing import PASSAGE, READ, compare, passages
from discourse.summary.keypoints.sampling import draw
from discourse.summary.keypoints.sentences import granting, quality, sentences, size

GOOD = "A foreign cloud puts our data under foreign law for good."


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("One thing. Another thing! A third?", ["One thing.", "Another thing!", "A third?"]),
        ("Vraiment ? Oui ! « Non. » Bien sûr…", ["Vraiment ?", "Oui !", "« Non. »", "Bien sûr…"]),
        ("He said “no.” Then he left.", ["He said “no.”", "Then he left."]),
        (
            "M. Dupont et le Dr. Martin, p. ex. ici, sont là. Bon.",
            ["M. Dupont et le Dr. Martin, p. ex. ici, sont là.", "Bon."],
        ),
        ("Version 2.5 is out on example.org today", ["Version 2.5 is out on example.org today"]),
        ("first line\nsecond line", ["first line", "second line"]),
        ("- one item\n* two items\n3. three items", ["one item", "two items", "three items"]),
        ("> what you wrote\nmy answer", ["my answer"]),
        ("これは良い考えです。でも高すぎる！", ["これは良い考えです。", "でも高すぎる！"]),
        ("x" * 49 + " wrapped by\na mail program. Next", ["x" * 49 + " wrapped by\na mail program.", "Next"]),
        ("… ! \n\n ", []),
    ],
)
def test_texts_are_cut_into_sentences(text, pieces):
    assert list(sentences(text)) == pieces


@given(st.text(alphabet="ab.!?…\n »”()>-M 。1"))
def test_sentences_are_pieces_of_the_text_in_order(text):
    start = 0
    for piece in sentences(text):
        start = text.index(piece, start) + len(piece)
        assert piece == piece.strip()


@pytest.mark.parametrize(
    "sentence",
    [
        "Is the cloud really that bad for our data?",
        "Is the cloud really that bad for our data ?!",
        "See https://example.org/cloud for all of it there.",
        "Cloud!",
        "THE CLOUD IS THE END OF OUR WORLD AND DATA.",
        "@anna the cloud is bad for all of our data.",
        "Thanks for the article about the cloud and data.",
        "Merci pour cet article sur le nuage et nos données.",
        "I totally agree that the cloud is bad for data.",
        "Je suis tout à fait d'accord avec ce qui est dit ici.",
        "« Le nuage est mauvais pour toutes nos données. »",
        "La ministre dit : « Le nuage est mauvais pour nos données »",
        ".@anna the cloud is bad for all of our data.",
        "1 2 3 4 5 6 7 8 9 10 11 12",
        " ".join(["word"] * 31),
    ],
)
def test_what_cannot_stand_alone_is_no_point(sentence):
    assert quality(sentence, "en") == 0.0
    assert quality(sentence, "fr") == 0.0


@pytest.mark.parametrize(
    ("worse", "better", "lang"),
    [
        ("And that is why the cloud is no good for our data.", GOOD, "en"),
        ("You must see that the cloud is no good for our data.", GOOD, "en"),
        ("the cloud is no good for our data", GOOD, "en"),
        ("A foreign cloud puts our data under #foreign law for good.", GOOD, "en"),
        ("A foreign cloud puts our data under...", GOOD, "en"),
        ("FLASH – A foreign cloud puts our data under foreign law.", GOOD, "en"),
        ("EN DIRECT : Un nuage étranger met toutes nos données en danger.", GOOD, "fr"),
        (
            "A foreign cloud puts all our data under foreign law, and no one here can do a thing to help us at all.",
            GOOD,
            "en",
        ),
        (
            "Mais cela ne marche jamais comme prévu dans nos villes.",
            "Il faut protéger nos données des lois étrangères.",
            "fr",
        ),
        ("Aber das ist für unsere Daten gar nicht gut.", "Es gibt für unsere Daten keine bessere Lösung.", "de"),
    ],
)
def test_a_sentence_that_leans_on_another_is_worth_less(worse, better, lang):
    assert 0 < quality(worse, lang) < quality(better, lang) <= 1


@pytest.mark.parametrize(
    ("sentence", "following", "lang"),
    [
        ("The cloud is cheap and it works.", "But our data are at risk.", "en"),
        ("The cloud is cheap and it works.", "On the other hand, our data are at risk.", "en"),
        ("Le nuage est bon marché.", "Mais nos données sont en danger.", "fr"),
        ("C’est vrai que le nuage est bon marché.", "Nos données sont en danger.", "fr"),
        ("Eine Senkung ist nötig.", "doch eine Kürzung muss verhindert werden.", "de"),
    ],
)
def test_what_is_granted_to_the_other_side_is_seen(sentence, following, lang):
    assert granting(sentence, following, lang)
    assert not granting(sentence, "", None)


@pytest.mark.parametrize(
    ("sentence", "following", "lang"),
    [
        ("Oui, le nuage est bon marché.", "Mairie fermée, nuage ouvert.", "fr"),
        ("Certes le nuage est bon marché, mais nos données sont en danger.", "", "fr"),
        ("Butter is cheap.", "Butterflies are free.", "en"),
    ],
)
def test_what_is_not_granted_stays(sentence, following, lang):
    assert not granting(sentence, following, lang)


def test_word_lists_hold_for_their_language_only():
    assert quality("En France les données sont protégées par la loi.", "fr") == 1.0
    assert quality("En het is slecht voor al onze gegevens daar.", "nl") < 1.0


def test_representatives_speak_for_different_comments():
    near = np.array([[0.9, 0.8, 0.0], [0.9, 0.7, 0.0], [0.0, 0.0, 0.6]])
    assert representatives(near, np.ones(3), 2) == [0, 2]
    assert representatives(near, np.array([0.1, 1.0, 1.0]), 3) == [1, 2, 0]


def test_what_the_other_side_says_as_often_is_worth_half():
    here = np.array([[1.0, 1.0, 0.0, 0.0], [1.0, 0.0, 1.0, 0.0]])
    there = np.array([[0.0] * 1000, [1.0, 0.0] * 500])
    rated = distinctive(here, there, np.ones(4))
    assert rated[0] == 1.0
    assert rated[1] == pytest.approx(0.5, abs=0.01)
    assert distinctive(here, np.zeros((2, 0)), np.ones(4)).tolist() == [1.0, 1.0]


def test_a_sentence_that_the_median_of_the_others_seems_to_make_needs_more():
    there = np.array([[0.01, 0.01, 0.05, 0.9, 0.9], [0.3, 0.3, 0.5, 0.6, 0.6]])
    odds = generality(there)
    assert odds.tolist() == pytest.approx([0.0, np.log(9)])
    made = lowered(np.array([[0.5, 0.9, 0.0, 1.0]] * 2), odds[:, None])
    assert made[0] == pytest.approx([0.5, 0.9, 0.0, 1.0], abs=1e-5)
    assert made[1] == pytest.approx([0.1, 0.5, 0.0, 1.0], abs=1e-4)
    assert generality(np.ones((2, 4))).tolist() == generality(np.zeros((2, 0))).tolist() == [0.0, 0.0]


def crowd(size, authors=None):
    names = np.arange(size) if authors is None else np.asarray(authors)
    return Crowd(np.ones(size), names, np.zeros(size, dtype=np.int64))


def test_the_choice_is_apart_shared_and_worth_it():
    made = np.array([
        [0.9, 0.9, 0.9, 0.9, 0.1, 0.1],
        [0.9, 0.9, 0.9, 0.6, 0.1, 0.1],
        [0.1, 0.1, 0.1, 0.9, 0.9, 0.9],
        [0.4, 0.4, 0.4, 0.4, 0.4, 1.0],
    ])  # fmt: skip
    apart, worth = np.zeros((4, 4), dtype=np.bool_), np.ones(4)
    assert choose(made, apart, worth, crowd(6), 5) == [0, 2]
    assert choose(made, apart, worth, crowd(6), 1) == [0]
    assert choose(made, apart, np.array([0.5, 1.0, 1.0, 1.0]), crowd(6), 5) == [1, 2]
    assert choose(made, apart, worth, crowd(6, [0, 0, 0, 0, 1, 2]), 5) == [2]
    assert choose(made, ~apart, worth, crowd(6), 5) == [0]


def test_what_one_in_two_hundred_say_is_no_point_of_a_large_side():
    made = np.full((1, 400), 0.1)
    made[0, :3] = 0.9
    assert choose(made[:, :200], np.zeros((1, 1), dtype=np.bool_), np.ones(1), crowd(200), 5) == [0]
    assert choose(made, np.zeros((1, 1), dtype=np.bool_), np.ones(1), crowd(400), 5) == []


def test_a_comment_makes_what_one_of_its_passages_makes():
    def match(texts, points):
        return np.array([[0.8 if point in text else 0.3 for point in points] for text in texts], dtype=np.float32)

    made = compare(match, [("a b", "c"), ("d",)], ["a", "d", "e"])
    assert made.tolist() == pytest.approx(np.array([[0.8, 0.3], [0.3, 0.8], [0.3, 0.3]]))
    assert compare(match, [], ["a"]).shape == (1, 0)
    assert compare(match, [("a",)], []).shape == (0, 1)


def test_every_stratum_is_drawn_and_weighted():
    strata = np.array([0] * 900 + [1] * 98 + [2] * 2)
    sample = draw(np.arange(1000), strata, 100)
    assert len(sample) == 100
    assert len(set(sample.places.tolist())) == 100
    assert np.bincount(sample.strata).min() == 2
    assert sample.weights.sum() == pytest.approx(1000)
    assert sample.share(sample.strata == 2) == pytest.approx(0.002)
    everything = draw(np.arange(5), np.array([0, 0, 1, 1, 1]), 9)
    assert everything.whole
    assert everything.interval(np.ones(5, dtype=bool)) is None
    assert sorted(everything.places.tolist()) == [0, 1, 2, 3, 4]


def test_the_interval_covers_the_true_share(monkeypatch):
    random = np.random.default_rng(7)
    strata = random.choice(5, 3000, p=[0.6, 0.2, 0.1, 0.08, 0.02])
    made = random.random(3000) < np.array([0.1, 0.3, 0.05, 0.5, 0.9])[strata]
    covered = 0
    for seed in range(200):
        monkeypatch.setattr("discourse.summary.keypoints.sampling.SEED", seed)
        sample = draw(np.arange(3000), strata, 80)
        low, high = sample.interval(made[sample.places])
        covered += low <= made.mean() <= high
    assert covered >= 186


def test_what_no_drawn_comment_makes_may_still_be_made():
    sample = draw(np.arange(3000), np.array([0] * 2900 + [1] * 100), 250)
    low, high = sample.interval(np.zeros(250, dtype=bool))
    assert low == 0.0
    assert 0.01 < high < 0.025


def test_points_are_chosen_by_one_half_of_a_sample_and_counted_by_the_other():
    strata = np.array([0] * 900 + [1] * 98 + [2])
    sample = draw(np.arange(999), strata, 101)
    choosing, counting = sample.halves()
    assert not (choosing & counting).any()
    assert (choosing | counting).all()
    assert set(sample.strata[counting].tolist()) == {0, 1, 2}
    for flags in (counting, choosing):
        part = sample.part(flags)
        assert len(part) == flags.sum() == pytest.approx(50, abs=2)
        for stratum, all_ in ((0, 900), (1, 98)):
            assert part.weights[part.strata == stratum].sum() == pytest.approx(all_)
    everything = draw(np.arange(5), np.array([0, 0, 1, 1, 1]), 9)
    assert all(flags.all() for flags in everything.halves())
    np.testing.assert_array_equal(everything.part(everything.halves()[1]).weights, np.ones(5))


def test_long_comments_are_read_in_passages():
    assert passages(GOOD) == (GOOD,)
    long = " ".join(f"This is sentence number {i} of a long comment." for i in range(40))
    cut = passages(long)
    assert " ".join(cut) == long
    assert all(size(one) <= PASSAGE for one in cut)
    assert len(cut) == 14
    endless = passages("word " * 400)
    assert " ".join(endless) == ("word " * 400).strip()
    assert all(size(one) <= PASSAGE for one in endless)
    assert len(" ".join(passages("word " * 2000))) <= READ
    assert len(passages("私たちのデータは外国の法律の下に置かれる。" * 8)) > 2
    assert passages("") == ("",)


def test_odd_texts_cost_little():
    started = time.process_time()
    for text in ("." * 200_000, "a.\n" * 50_000, "a " * 200_000, "»" * 100_000, "« a. " * 50_000):
        passages(text)
        quality(text)
    assert time.process_time() - started < 20
