"""Key points: verbatim, apart from each other, with the comments that make them, and honest about what was examined."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from discourse.labels import ARGUMENTS, STANCES, Label, LabeledThread, Verdict
from discourse.summary import KeyPoint, PointSide, summarize
from discourse.summary.keypoints import key_points
from discourse.summary.keypoints.examining import EXAMINED, PASSAGES
from discourse.summary.keypoints.finding import CANDIDATES, FEW
from discourse.summary.repeats import distinct, duplicates
from discourse.summary.sheet import make_sheet
from discourse.threads import Comment, Quote, build_thread

TOPICS = ("cloud", "jobs", "price")
AGAINST = {
    "cloud": "A foreign cloud puts our data under foreign law for good.",
    "jobs": "Thousands of engineers will lose their jobs within two years.",
    "price": "The price of every subscription will rise for all customers.",
}
ENDINGS = ("north", "river", "window", "garden", "kettle", "orbit", "violin", "meadow", "harbor", "lantern")


def by_topic(passages, points):
    """Match passages and sentences that name the same topic."""
    rows, columns = (
        [{topic for topic in TOPICS if topic in text.lower()} for text in held] for held in (passages, points)
    )
    found = [[0.9 if one & two else 0.1 for two in columns] for one in rows]
    return np.asarray(found, dtype=np.float32).reshape(len(rows), len(columns))


def always(passages, points):
    return np.full((len(passages), len(points)), 0.9, dtype=np.float32)


def sure(label, labels, confidence=0.9):
    rest = (1 - confidence) / (len(labels) - 1)
    return Verdict(label, confidence, tuple(confidence if label == one else rest for one in labels))


def thread_of(rows, confidence=0.9):
    """Return a labeled thread of (text, stance, author, argument) rows."""
    comments = [Comment(f"{i}", "t", text=row[0], author=row[2], lang="en") for i, row in enumerate(rows)]
    labels = [
        Label(f"{i}", "x", sure(r[1], STANCES, confidence), None, sure(r[3], ARGUMENTS)) for i, r in enumerate(rows)
    ]
    return LabeledThread(build_thread(comments, id="t", targets=["x"]), tuple(labels), ("x",))


def found_in(labeled, match=by_topic):
    sheet = make_sheet(labeled, "x")
    return key_points(sheet, distinct(sheet, duplicates(sheet)), match)


def said(topic, number):
    return f"Remark {number} about the {ENDINGS[number % 10]} comes first here. {AGAINST[topic]}"


def rows_of(counts, argument="consequence"):
    topics = [topic for topic, count in counts.items() for _ in range(count)]
    return [(said(topic, i), "against", f"a{i % 7}", argument) for i, topic in enumerate(topics)]


@pytest.fixture(name="mixed")
def fixture_mixed():
    return thread_of([*rows_of({"cloud": 6, "jobs": 4, "price": 3}), ("Just no.", "against", "b", "none")])


def test_points_are_verbatim_ranked_and_apart(mixed):
    found = found_in(mixed)
    topics = [next(topic for topic in TOPICS if topic in point.text) for point in found.points]
    assert topics == ["cloud", "jobs", "price"]
    assert [point.comments for point in found.points] == [6, 4, 3]
    texts = {comment.id: comment.text for comment in mixed.thread.comments}
    authors = {comment.id: comment.author for comment in mixed.thread.comments}
    for topic, point in zip(topics, found.points, strict=True):
        assert point.side == "against"
        assert point.text in texts[point.comment_id]
        assert point.author == authors[point.comment_id]
        assert set(point.comment_ids) == {key for key, text in texts.items() if topic in text}
        assert point.authors == len({authors[key] for key in point.comment_ids})
        assert point.author_share == round(point.authors / 8, 6)
        assert (point.examined, point.share) == (14, round(point.comments / 14, 6))
        assert (point.low, point.high) == (None, None)


def test_what_was_done_is_said(mixed):
    favor, against = found_in(mixed).sides
    assert favor == PointSide("favor", 0, "few-comments")
    assert (against.side, against.comments, against.outcome) == ("against", 14, "found")
    assert (against.examined, against.carrying) == (14, 13)
    assert against.share == round(13 / 14, 6)


def test_few_comments_have_no_points():
    rows = rows_of({"cloud": FEW - 1})
    found = found_in(thread_of(rows))
    assert found.points == ()
    assert found.sides[1] == PointSide("against", FEW - 1, "few-comments")
    assert found_in(thread_of([])).points == ()
    assert found_in(thread_of([])).coverage is None


def test_what_only_one_person_says_is_no_point():
    rows = [(said("cloud", i), "against", "a", "fact") for i in range(3)]
    rows += [(f"The {word} is a nice thing to look at in spring.", "against", f"b{word}", "fact") for word in ENDINGS]
    found = found_in(thread_of(rows))
    assert found.points == ()
    assert found.sides[1].outcome == "nothing-shared"
    assert found.coverage == 0.0


def test_people_without_a_name_are_not_one_person():
    rows = [(text, stance, None, argument) for text, stance, _, argument in rows_of({"cloud": 6})]
    (point,) = found_in(thread_of(rows)).points
    assert (point.comments, point.authors, point.author_share) == (6, 0, None)


def test_an_author_who_repeats_himself_counts_once():
    rows = [("Remark. " + AGAINST["cloud"], "against", "loud", "fact")] * 8 + rows_of({"cloud": 3, "jobs": 4})
    points = {next(t for t in TOPICS if t in p.text): p for p in found_in(thread_of(rows)).points}
    assert points["cloud"].comments == 4
    assert points["jobs"].comments == 4


def test_the_surest_comments_lend_their_words():
    rows = rows_of({"cloud": 6})
    assert found_in(thread_of(rows, confidence=0.5)).sides[1].outcome == "no-sentence"
    labeled = thread_of(rows)
    unsure = replace(labeled.labels[0], stance=replace(labeled.labels[0].stance, abstained=True))
    (point,) = found_in(replace(labeled, labels=(unsure, *labeled.labels[1:]))).points
    assert point.comment_id != "0"
    assert "0" in point.comment_ids


def test_words_of_others_are_no_points():
    rows = rows_of({"cloud": 6})
    labeled = thread_of(rows)
    quoting = tuple(replace(c, quotes=(Quote(None, AGAINST["cloud"]),)) for c in labeled.thread.comments)
    labeled = replace(labeled, thread=replace(labeled.thread, comments=quoting))
    (point,) = found_in(labeled, always).points
    assert point.text.startswith("Remark")


def test_no_point_is_cut_off_in_a_very_long_comment():
    long = "The cloud " + "really " * 20
    rows = [(f"{long}{' ' * 2980}matters to all of us. {i}", "against", f"a{i}", "fact") for i in range(6)]
    assert found_in(thread_of(rows)).sides[1].outcome == "no-sentence"


def test_coverage_is_of_the_cells_with_two_comments():
    rows = [*rows_of({"cloud": 7}), *rows_of({"jobs": 6}, argument="value")]
    alone = ("Nothing in this world is as fine as this deal.", "favor", "z", "irony")
    lost = [(f"The {word} shines over every {word} tonight, friends.", "against", word, "fact") for word in ENDINGS[:2]]
    found = found_in(thread_of([*rows, alone, *lost]))
    assert len(found.points) == 2
    assert found.coverage == round(2 / 3, 6)


def large(sizes, length=1):
    """Return rows of one side in which a topic is named every so many comments."""
    rows = []
    for i in range(3000):
        topic = next((topic for topic, every in sizes.items() if i % every == 0), None)
        text = AGAINST.get(topic, "Every summer the weather here is warm.")
        rows.append((f"{ENDINGS[i % 10]} {i} {text} {'Nothing more is to be said about all of this today. ' * length}",
                     "against", f"a{i}", "fact"))  # fmt: skip
    return rows


def test_a_large_side_is_sampled_and_says_so():
    asked = set()

    def match(passages, points):
        asked.update(passages, points)
        return by_topic(passages, points)

    labeled = thread_of(large({"cloud": 4, "jobs": 5}))
    found = found_in(labeled, match)
    side = found.sides[1]
    assert side.examined == EXAMINED < side.comments == 3000
    assert len(asked) <= side.passages + CANDIDATES
    points = {next(t for t in TOPICS if t in p.text): p for p in found.points}
    assert set(points) == {"cloud", "jobs"}
    for point in points.values():
        assert point.low < point.share < point.high
        assert point.examined == side.examined
        assert point.comments == pytest.approx(point.share * side.examined, rel=0.2)
    assert points["cloud"].low < 0.25 < points["cloud"].high
    assert points["jobs"].low < 0.15 < points["jobs"].high
    assert found_in(labeled) == found


def test_fewer_long_comments_are_examined():
    side = found_in(thread_of(large({"cloud": 4}, length=20))).sides[1]
    assert 0.9 * PASSAGES <= side.passages <= PASSAGES
    assert side.passages == 11 * side.examined


def test_a_long_comment_makes_a_point_in_one_of_its_passages():
    filler = "Nothing more is to be said about all of this today. " * 10
    rows = [*rows_of({"cloud": 4}), (f"{filler}{AGAINST['cloud']} {filler}", "against", "long", "fact")]
    (point,) = found_in(thread_of(rows)).points
    assert point.comments == 5


@pytest.mark.parametrize("others", ["favor", "none"])
def test_what_is_said_on_all_sides_says_nothing(others):
    empty = "This whole story is a scandal for everybody in the country."
    scandal = [[(f"{empty} {word.title()}.", stance, f"{stance} {word}", "fact") for word in ENDINGS[:4]]
               for stance in ("against", others)]  # fmt: skip
    ours = [*scandal[0], *rows_of({"cloud": 3})]
    theirs = [*scandal[1], (f"{empty} Again.", others, "z", "fact")]

    def match(passages, points):
        found = [[0.9 if ("scandal" in one) == ("scandal" in two) else 0.1 for two in points] for one in passages]
        return np.asarray(found, dtype=np.float32).reshape(len(passages), len(points))

    (alone,) = found_in(thread_of(ours), match).points
    assert alone.text == empty
    beside = next(point for point in found_in(thread_of([*ours, *theirs]), match).points if point.side == "against")
    assert beside.text != empty
    assert beside.comments == 3


def test_two_wordings_of_one_point_are_told_once():
    other = "Whatever is stored abroad belongs to other judges, cloud or not."
    labeled = thread_of([(text, "against", f"a{i}", "fact") for i, text in enumerate([AGAINST["cloud"], other] * 5)])

    def match(passages, points, *, alike):
        """Match equal texts, and sentences beside each other if they are alike."""
        among = alike and list(passages) == list(points)
        return np.asarray([[0.9 if among or one == two else 0.1 for two in points] for one in passages], np.float32)

    assert len(found_in(labeled, lambda one, two: match(one, two, alike=False)).points) == 2
    assert len(found_in(labeled, lambda one, two: match(one, two, alike=True)).points) == 1


def test_a_summary_has_points_only_if_a_matcher_is_given(mixed):
    (without,) = summarize(mixed)
    assert (without.key_points, without.point_sides, without.coverage) == ((), (), None)
    (having,) = summarize(mixed, match=by_topic)
    assert having.key_points == found_in(mixed).points
    assert all(isinstance(point, KeyPoint) for point in having.key_points)
    assert having.coverage == 1.0
    told = " ".join(having.narrative[0].sentences)
    assert f"6 comments against make this point: “{having.key_points[0].text}”" in told
