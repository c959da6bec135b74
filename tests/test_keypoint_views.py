"""Key points where they are read: on the terminal, in the narrative, on the page, in summaries.jsonl."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from types import SimpleNamespace

import msgspec
import numpy as np
import pytest
from generated import labeled_thread
from rich.console import Console

from discourse.labels import Label, LabeledThread, Verdict
from discourse.reports import write_report
from discourse.reports.strings import STRINGS
from discourse.run_folder import summaries_of
from discourse.run_summaries import matcher_of, write_summaries
from discourse.summary import KeyPoint, PointSide, ThreadSummary, summarize, terminal_view
from discourse.summary.narrative import check, narrate
from discourse.table import LabeledWriter
from discourse.threads import Comment, build_thread

CLOUD = "A foreign cloud puts our data under foreign law for good."
JOBS = "Thousands of engineers will lose their jobs within two years."
OUTCOMES = ("few-comments", "no-sentence", "nothing-shared")


@pytest.fixture(name="labeled", scope="module")
def fixture_labeled():
    return labeled_thread(150, 3, targets=("the deal",), authors=12, lean=(0.4, 0.7, 0.5))


@pytest.fixture(name="summary", scope="module")
def fixture_summary(labeled):
    """Return a summary with a counted point in favor and an estimated one against."""
    (summary,) = summarize(labeled)
    first = {e.label: e for e in reversed(summary.exemplars) if e.field == "stance"}
    favor, against = first["favor"], first["against"]
    points = (
        KeyPoint("favor", favor.text, favor.comment_id, favor.author, 9, 5, 0.3, (favor.comment_id,), 30, 0.5),
        KeyPoint(
            "against", against.text, against.comment_id, against.author, 7, 4, 0.1, (against.comment_id,), 70, 0.2
        ),
    )
    points = (points[0], replace(points[1], low=0.0512, high=0.1949))
    sides = (
        PointSide("favor", 30, "found", 30, 12, 0.4, 20, 90),
        PointSide("against", 900, "found", 70, 9, 0.13, 80, 500),
    )
    return replace(summary, key_points=points, point_sides=sides, coverage=0.75)


def printed(summary, lang="en"):
    stream = io.StringIO()
    Console(width=220, file=stream).print(terminal_view([summary], lang))
    return stream.getvalue()


def test_the_terminal_shows_points_samples_and_coverage(summary):
    text = printed(summary)
    favor, against = summary.key_points
    assert f"favor · 9 (30 %) {favor.text[:60]}" in text
    assert f"against · 7 (5–19 %) {against.text[:60]}" in text
    assert "random sample of 70 of its 900 comments" in text
    assert "30 of its 30" not in text
    assert "speak for 75 %" in text
    assert "échantillon au hasard de 70 de ses 900" in printed(summary, "fr")


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_views_say_why_there_are_none(labeled, summary, outcome, tmp_path):
    none = replace(summary, key_points=(), coverage=0.0, point_sides=(PointSide("favor", 4, outcome),))
    reasons = {"few-comments": "too few", "no-sentence": "stands on its own", "nothing-shared": "two people"}
    assert reasons[outcome] in printed(none)
    page = tmp_path / "page.html"
    write_report([labeled], page, summaries=[none])
    assert f'data-say="points.{outcome}"' in page.read_text(encoding="utf-8")
    assert STRINGS[f"points.{outcome}"][1].format(n=4) != STRINGS[f"points.{outcome}"][0].format(n=4)


def test_views_are_silent_where_none_were_looked_for(labeled, tmp_path):
    (summary,) = summarize(labeled)
    assert "key points" not in printed(summary)
    write_report([labeled], tmp_path / "page.html", summaries=[summary])
    assert 'data-say="points.' not in re.sub(
        r"<script.*?</script>", "", (tmp_path / "page.html").read_text(), flags=re.S
    )


def test_the_page_shows_points_samples_and_coverage(labeled, summary, tmp_path):
    page = tmp_path / "page.html"
    write_report([labeled], page, summaries=[summary])
    text = re.sub(r"<[^>]+>", "", page.read_text(encoding="utf-8"))
    text = " ".join(text.split())
    assert "9 comments, 5 people, 30% of this side" in text
    assert "7 comments, 4 people, about 10% of this side (5% to 19%)" in text
    assert "speak for 40% of this side" in text
    assert "random sample of 70 of its 900 comments" in text
    assert "Key points speak for 75% of the pairs" in text


@pytest.mark.parametrize(
    ("lang", "sentence", "false"),
    [
        ("en", "An estimated between 5 and 19% of comments against make this point: “", ("5 and 20%", "in favor")),
        (
            "fr",
            "Selon une estimation, entre 5 et 19\u202f% des commentaires opposés défendent ce point",
            ("5 et 20\u202f%", "favorables"),
        ),
    ],
)
def test_an_estimate_is_told_and_checked(summary, lang, sentence, false):
    told = next(one for one in narrate(summary, lang).sentences if one.startswith(sentence))
    assert check(told, summary, lang) is None
    right = ("5 and 19%", "against") if lang == "en" else ("5 et 19\u202f%", "opposés")
    for true, planted in zip(right, false, strict=True):
        assert check(told.replace(true, planted, 1), summary, lang) is not None
    counted = (
        re.sub("An estimated between 5 and 19%", "7", told)
        if lang == "en"
        else told.replace("Selon une estimation, entre 5 et 19\u202f% des", "7")
    )
    assert check(counted, summary, lang) is not None


def test_points_survive_summaries_jsonl(summary):
    assert msgspec.json.decode(msgspec.json.encode(summary), type=ThreadSummary) == summary


def test_a_run_looks_for_points_with_a_matcher(tmp_path):
    rows = [(f"{place} {text}", place) for place, text in enumerate([CLOUD] * 4 + [JOBS] * 4)]
    comments = [Comment(str(place), "t", text=text, author=f"a{place}", lang="en") for text, place in rows]
    sure = Verdict("against", 0.9, (0.05, 0.9, 0.05))
    labels = tuple(Label(comment.id, "x", sure, None, Verdict("fact", 1.0, (1.0, *[0.0] * 10))) for comment in comments)
    with LabeledWriter(tmp_path / "comments.parquet", tmp_path / "threads.parquet") as writer:
        writer.write(LabeledThread(build_thread(comments, id="t", targets=["x"]), labels, ("x",)))

    def match(passages, points):
        return np.array([[(JOBS in one) == (JOBS in two) for two in points] for one in passages], dtype=np.float32)

    write_summaries(tmp_path, match=matcher_of(SimpleNamespace(matcher=match)))
    (summary,) = summaries_of(tmp_path)
    assert [point.comments for point in summary.key_points] == [4, 4]
    write_summaries(tmp_path, match=matcher_of(SimpleNamespace(matcher=None)))
    (summary,) = summaries_of(tmp_path)
    assert (summary.key_points, summary.point_sides) == ((), ())
