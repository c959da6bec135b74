"""Exemplars: readable, of their label, different from each other, and with a reason that holds."""

from __future__ import annotations

import numpy as np
import pytest
from generated import labeled_thread

from discourse.labels import STANCES, Label, LabeledThread, Verdict
from discourse.summary import summarize
from discourse.summary.exemplars import excerpt
from discourse.threads import Comment, build_thread

SOVEREIGN = "Selling our data to an American company means giving up every bit of independence we had."
SAME = "Giving our data to an American company means selling every bit of independence that we had."
JOBS = "Thousands of engineers will lose their work within two years once the research moves away."


def thread_of(*rows, sure=True) -> LabeledThread:
    comments = [
        Comment(str(i), "t", None, text=text, author=f"a{i}", score=score) for i, (text, _, score) in enumerate(rows)
    ]
    labels = tuple(
        Label(str(i), "x", Verdict("against", p, (0.0, p, 1 - p), abstained=not sure))
        for i, (_, p, _) in enumerate(rows)
    )
    return LabeledThread(build_thread(comments, id="t", targets=["x"]), labels, ("x",))


def test_the_surest_first_then_what_differs():
    labeled = thread_of((SOVEREIGN, 0.95, 9.0), (SAME, 0.93, 1.0), (JOBS, 0.85, 2.0), ("no!", 0.99, 0.0))
    (summary,) = summarize(labeled)
    chosen = [one.comment_id for one in summary.exemplars]
    assert chosen[:2] == ["0", "2"]
    assert "approved" in summary.exemplars[0].reasons
    assert "approved" not in summary.exemplars[1].reasons
    assert all(one.field == "stance" and one.label == "against" for one in summary.exemplars)


def test_embeddings_tell_likeness_where_words_do_not():
    texts = [SOVEREIGN, "Nous perdons toute indépendance si nos données partent chez les Américains.", JOBS]
    vectors = {SOVEREIGN: (1.0, 0.0), texts[1]: (0.99, 0.14), JOBS: (0.0, 1.0)}
    labeled = thread_of((texts[0], 0.9, 0.0), (texts[1], 0.89, 0.0), (texts[2], 0.8, 0.0))
    asked = []

    def embed(batch):
        asked.extend(batch)
        return np.asarray([vectors[text] for text in batch], dtype=np.float32)

    (summary,) = summarize(labeled, embed)
    assert [one.comment_id for one in summary.exemplars][:2] == ["0", "2"]
    assert sorted(asked) == sorted(texts)


@pytest.mark.parametrize(
    "noise",
    ["https://example.org/" + "x" * 200, "NO NO NO NEVER EVER WILL WE ACCEPT THIS DEAL AT ALL", "?!?! ... !!!!", "ok"],
)
def test_unreadable_comments_come_last(noise):
    (summary,) = summarize(thread_of((noise, 0.99, 0.0), (JOBS, 0.8, 0.0)))
    assert summary.exemplars[0].comment_id == "1"


def test_unsure_comments_only_where_there_are_no_others():
    (summary,) = summarize(thread_of((JOBS, 0.5, 0.0), sure=False))
    assert [one.reasons for one in summary.exemplars] == [("only",)]


def test_reasons_hold_and_labels_are_those_of_the_comments():
    labeled = labeled_thread(300, 2)
    (summary,) = summarize(labeled)
    labels = labeled.by_comment("the deal")
    comments = {comment.id: comment for comment in labeled.thread.comments}
    assert {one.label for one in summary.exemplars if one.field == "stance"} == set(STANCES)
    for one in summary.exemplars:
        verdict = getattr(labels[one.comment_id], one.field)
        assert (verdict.label, one.author) == (one.label, comments[one.comment_id].author)
        assert comments[one.comment_id].text.strip().startswith(one.text.removesuffix("…"))
        assert ("sure" in one.reasons) == (verdict.confidence >= 0.8)
    per_group = [(one.field, one.label) for one in summary.exemplars]
    assert max(map(per_group.count, per_group)) <= 3
    assert len({(one.field, one.label, one.comment_id) for one in summary.exemplars}) == len(summary.exemplars)


def test_excerpts_end_at_a_word():
    assert excerpt("a word " * 100, 20) == "a word a word a…"
    assert excerpt("x" * 30, 20) == "x" * 20 + "…"
    assert excerpt(" short ") == "short"
