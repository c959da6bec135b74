"""Every number of a summary, recomputed by other means from the rows of the labeled table."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import msgspec
import numpy as np
import pandas as pd
import pytest
from generated import labeled_thread
from hypothesis import given, settings
from hypothesis import strategies as st

from discourse.labels import ARGUMENTS, FIELDS, REPLY_STANCES, STANCES, Label, LabeledThread, Verdict
from discourse.summary import ThreadSummary, select, summarize
from discourse.table import from_table, to_frame, to_table, to_thread_table
from discourse.threads import Comment, build_thread

CASES = [(0, 0), (1, 1), (2, 2), (7, 3), (60, 4)]
ABSTAINED = {"stance": "stance_abstained", "reply_stance": "reply_abstained", "argument": "argument_abstained"}


def comments_frame(labeled: LabeledThread, target) -> pd.DataFrame:
    """Return the rows of the comments towards one target, with what their parents say beside them."""
    frame = to_frame(labeled)
    frame = frame[(frame.kind == "comment") & (frame.target.isna() if target is None else frame.target == target)]
    parents = frame[["comment_id", "author", "stance"]].add_prefix("parent_")
    frame = frame.merge(parents, left_on="parent_id", right_on="parent_comment_id", how="left")
    for field, labels in FIELDS.items():
        for place, label in enumerate(labels):
            column = frame.argument_scores.map(lambda held, place=place: 0.0 if held is None else float(held[place]))
            name = f"{field.removesuffix('_stance')}_{label}"
            frame[f"p_{field}_{label}"] = column if field == "argument" else frame[name].astype(float).fillna(0.0)
    text = frame.select_dtypes("string").columns
    return frame.drop(columns=["text", "quotes", "url", "source", "age"], errors="ignore").astype(
        {name: object for name in text if name not in ("text", "url", "source", "age")}
    )


def summary_and_frame(n: int, seed: int, **options) -> tuple[ThreadSummary, pd.DataFrame]:
    labeled = labeled_thread(n, seed, **options)
    (summary,) = summarize(labeled)
    return summary, comments_frame(labeled, summary.target)


def share(part, whole):
    return None if not whole else pytest.approx(part / whole, abs=2e-6)


def scores(frame: pd.DataFrame, field: str, label: str) -> pd.Series:
    return frame[f"p_{field}_{label}"]


@pytest.mark.parametrize(("n", "seed"), CASES)
def test_shares_by_comment_and_score(n, seed):
    summary, frame = summary_and_frame(n, seed)
    assert (summary.comments, summary.labeled) == (len(frame), frame.argument.notna().sum())
    for field, labels in FIELDS.items():
        part = getattr(summary, field)
        rows = frame[frame[field].notna()]
        sure = rows[~rows[ABSTAINED[field]].astype(bool)]
        weights = rows.score.fillna(0).clip(lower=0)
        assert (part.labeled, part.abstained) == (len(rows), len(rows) - len(sure))
        for label in labels:
            held = part[label]
            assert held.count == (rows[field] == label).sum()
            assert held.share == share(held.count, len(rows))
            assert held.sure == (sure[field] == label).sum()
            assert held.sure_share == share(held.sure, len(sure))
            assert held.soft == pytest.approx(scores(rows, field, label).sum(), abs=2e-6)
            assert held.soft_share == share(held.soft, len(rows))
            assert held.by_score == share(weights[rows[field] == label].sum(), weights.sum())
            assert held.authors == rows[rows[field] == label].author.nunique()
            if field == "argument":
                assert held.secondary == frame.secondary.map(lambda types, label=label: label in types).sum()


@pytest.mark.parametrize(("n", "seed"), CASES)
def test_shares_by_author_count_each_person_once(n, seed):
    summary, frame = summary_and_frame(n, seed)
    repeated = {duplicate.comment_id for duplicate in summary.duplicates}
    own = frame[frame.author.notna() & ~frame.comment_id.isin(repeated)]
    for field, labels in FIELDS.items():
        rows = own[own[field].notna()]
        assert getattr(summary, field).authors == rows.author.nunique()
        for label in labels:
            held = getattr(summary, field)[label]
            hard = (rows[field] == label).groupby(rows.author).mean()
            soft = scores(rows, field, label).groupby(rows.author).mean()
            assert held.by_author == (pytest.approx(hard.mean(), abs=2e-6) if len(hard) else None)
            assert held.soft_by_author == (pytest.approx(soft.mean(), abs=2e-6) if len(soft) else None)


@pytest.mark.parametrize(("n", "seed"), CASES)
def test_people_and_camps(n, seed):
    summary, frame = summary_and_frame(n, seed)
    repeated = {duplicate.comment_id for duplicate in summary.duplicates}
    known = frame[frame.author.notna()]
    camps = {}
    for author, rows in known.groupby("author"):
        own = rows[~rows.comment_id.isin(repeated) & rows.stance.notna()]
        sided = own[own.stance != "none"]
        lead = (sided.stance == "favor").sum() - (sided.stance == "against").sum()
        lead = lead or sided.stance_favor.astype(float).mean() - sided.stance_against.astype(float).mean()
        side = "none" if sided.empty or abs(lead) < 1e-9 else "favor" if lead > 0 else "against"
        camps[author] = None if own.empty else side
    for person in summary.authors:
        rows = known[known.author == person.author]
        own = rows[~rows.comment_id.isin(repeated)]
        assert (person.comments, person.distinct) == (len(rows), len(own))
        assert person.camp == camps[person.author]
        assert list(person.stance) == [(rows.stance == label).sum() for label in STANCES]
        assert list(person.reply_stance) == [(rows.reply_stance == label).sum() for label in REPLY_STANCES]
        assert list(person.argument) == [(rows.argument == label).sum() for label in ARGUMENTS]
        judged = own[own.stance.notna()]
        means = [scores(judged, "stance", label).mean() for label in STANCES]
        assert person.position == (None if judged.empty else pytest.approx(means, abs=2e-6))
        others = frame[(frame.parent_author == person.author) & (frame.author.isna() | (frame.author != person.author))]
        assert person.replies == len(others)
        assert person.score == (None if rows.score.isna().all() else pytest.approx(rows.score.sum()))
    assert summary.all_authors == len(summary.authors) == known.author.nunique()
    for camp in summary.camps:
        members = [author for author, side in camps.items() if side == camp.stance]
        assert (camp.authors, camp.comments) == (len(members), known.author.isin(members).sum())
    assert summary.unknown_authors.comments == frame.author.isna().sum()


@pytest.mark.parametrize(("n", "seed"), CASES)
def test_participation(n, seed):
    summary, frame = summary_and_frame(n, seed)
    counts = frame.author.dropna().value_counts()
    part = summary.participation
    assert (part.authors, part.comments, part.without_author) == (len(counts), counts.sum(), frame.author.isna().sum())
    assert part.self_replies == (frame.author.notna() & (frame.author == frame.parent_author)).sum()
    if len(counts):
        values = counts.to_numpy()
        between = np.abs(values[:, None] - values[None, :]).sum()
        assert part.gini == pytest.approx(between / (2 * len(values) * values.sum()), abs=2e-6)
        assert part.most_active_share == share(values.max(), values.sum())
        assert counts[part.most_active] == values.max()
        assert part.top_tenth_share == share(np.sort(values)[::-1][: -(-len(values) // 10)].sum(), values.sum())
        ranked = np.sort(values)[::-1]
        assert ranked[: part.half].sum() * 2 >= values.sum() > ranked[: part.half - 1].sum() * 2


@pytest.mark.parametrize(("n", "seed"), CASES)
def test_exchange(n, seed):
    summary, frame = summary_and_frame(n, seed)
    judged = frame[frame.stance.notna() & frame.parent_stance.notna()]
    assert sum(cell.replies for cell in summary.replies) == len(judged)
    for cell in summary.replies:
        rows = judged[(judged.stance == cell.stance) & (judged.parent_stance == cell.parent_stance)]
        counts = [(rows.reply_stance == label).sum() for label in REPLY_STANCES]
        assert [cell.replies, cell.agree, cell.disagree, cell.neutral] == [len(rows), *counts]
    others = frame[frame.author.notna() & frame.parent_author.notna() & (frame.author != frame.parent_author)]
    sizes = others.groupby(["author", "parent_author"]).size()
    assert summary.all_pairs == len(sizes)
    for pair in summary.pairs:
        rows = others[(others.author == pair.author) & (others.parent_author == pair.answered)]
        counts = [(rows.reply_stance == label).sum() for label in REPLY_STANCES]
        assert [pair.replies, pair.agree, pair.disagree, pair.neutral] == [len(rows), *counts]
    for cell in summary.matrix:
        both = frame[(frame.stance == cell.stance) & (frame.argument == cell.argument)]
        products = scores(frame, "stance", cell.stance) * scores(frame, "argument", cell.argument)
        assert (cell.count, cell.soft) == (len(both), pytest.approx(products.sum(), abs=2e-5))


def check_tally(tally, rows):
    sure = rows[~rows.stance_abstained.fillna(True).astype(bool)]
    assert (tally.comments, tally.authors) == (len(rows), rows.author.nunique())
    assert list(tally.stance) == [(rows.stance == label).sum() for label in STANCES]
    assert list(tally.stance_sure) == [(sure.stance == label).sum() for label in STANCES]
    assert list(tally.stance_soft) == pytest.approx(
        [scores(rows, "stance", label).sum() for label in STANCES], abs=2e-5
    )
    assert list(tally.reply_stance) == [(rows.reply_stance == label).sum() for label in REPLY_STANCES]
    assert list(tally.argument) == [(rows.argument == label).sum() for label in ARGUMENTS]


@pytest.mark.parametrize(("n", "seed"), CASES)
def test_groups(n, seed):
    summary, frame = summary_and_frame(n, seed)
    for depth in summary.depths:
        check_tally(depth.tally, frame[frame.depth.between(depth.first, depth.last)])
    assert sum(depth.tally.comments for depth in summary.depths) == len(frame)
    for group in summary.languages:
        check_tally(group.tally, frame[frame.lang.isna() if group.lang is None else frame.lang == group.lang])
    assert sum(group.tally.comments for group in summary.languages) == len(frame)
    for period in summary.periods:
        check_tally(period.tally, frame[(frame.created >= period.start) & (frame.created < period.end)])
    below = subtrees(frame)
    for branch in summary.branches:
        check_tally(branch.tally, frame[frame.comment_id.isin(below[branch.comment_id])])
    tops = frame[frame.depth == 1].comment_id
    assert summary.top_level == len(tops)
    assert summary.all_branches == sum(len(below[top]) > 1 for top in tops)


@pytest.mark.parametrize("hours", [0.1, 1.0, 5.0, 40.0, 300.0, 3000.0])
def test_periods_are_as_fine_as_a_page_can_show(hours):
    summary, frame = summary_and_frame(80, 9, hours=hours)
    assert 5 <= len(summary.periods) <= 60
    assert all(one.end <= two.start for one, two in pairwise(summary.periods))
    for period in summary.periods:
        inside = frame[(frame.created >= period.start) & (frame.created < period.end)]
        assert period.tally.comments == len(inside)
    assert sum(period.tally.comments for period in summary.periods) == frame.created.notna().sum()


def subtrees(frame: pd.DataFrame) -> dict[str, set[str]]:
    children = {key: list(rows) for key, rows in frame.groupby("parent_id").comment_id}

    def below(comment_id):
        return {comment_id}.union(*map(below, children.get(comment_id, [])))

    return {comment_id: below(comment_id) for comment_id in frame.comment_id}


@pytest.mark.parametrize(("n", "seed"), CASES)
def test_contention_and_counts(n, seed):
    summary, frame = summary_and_frame(n, seed)
    favor, against = ((frame.stance == side).sum() for side in STANCES[:2])
    assert summary.contention == share(2 * min(favor, against), favor + against)
    assert {count.name: count.count for count in summary.statuses} == frame.status.value_counts().to_dict()
    assert {count.name: count.count for count in summary.links} == frame.link.value_counts().to_dict()
    assert (summary.first_created, summary.last_created) == (
        (None, None) if frame.created.isna().all() else (frame.created.min(), frame.created.max())
    )


@pytest.mark.parametrize(("n", "seed"), CASES)
def test_every_number_names_its_comments(n, seed):
    """Follow each selector to its comments: as many as the number says."""
    labeled = labeled_thread(n, seed)
    (summary,) = summarize(labeled)

    def count(where):
        return len(select(labeled, summary.target, where))

    for field in FIELDS:
        for held in getattr(summary, field).labels:
            assert count(held.where) == held.count
    for held in (*summary.statuses, *summary.links):
        assert count(held.where) == held.count
    groups = (*summary.depths, *summary.languages, *summary.periods, *summary.branches)
    for tally in (*(group.tally for group in groups), summary.unknown_authors):
        assert count(tally.where) == tally.comments
    for cell in summary.matrix:
        assert count(cell.where) == cell.count
    for held in (*summary.replies, *summary.pairs):
        assert count(held.where) == held.replies
    for person in summary.authors[:20]:
        assert count(person.where) == person.comments
    for warn in summary.warnings:
        assert warn.where is None or count(warn.where) == warn.count


def test_a_summary_of_the_file_is_the_summary_of_what_was_written():
    labeled = labeled_thread(120, 6, targets=("the deal", "the law"))
    (back,) = from_table(to_table(labeled))
    back = replace(back, thread=replace(back.thread, title="A title", source="dump.jsonl"))
    assert msgspec.json.encode(summarize(back)) == msgspec.json.encode(summarize(labeled))


@pytest.mark.parametrize("targets", [("the deal",), ("the deal", "the law"), (None,)])
def test_summaries_survive_json_and_agree_with_the_table_of_threads(targets):
    labeled = labeled_thread(80, 7, targets=targets)
    summaries = summarize(labeled)
    assert [summary.target for summary in summaries] == list(targets)
    for summary, row in zip(summaries, to_thread_table(labeled).to_pylist(), strict=True):
        assert msgspec.json.decode(msgspec.json.encode(summary), type=ThreadSummary) == summary
        assert (row["target"], row["comments"], row["authors"]) == (
            summary.target,
            summary.comments,
            summary.all_authors,
        )
        assert row["max_depth"] == summary.max_depth
        for field, labels in FIELDS.items():
            name = field.removesuffix("_stance")
            part = getattr(summary, field)
            assert [row[f"{name}_{label}"] for label in labels] == [part[label].count for label in labels]
            assert row[ABSTAINED[field]] == part.abstained


@given(st.integers(0, 40), st.integers(0, 10_000), st.booleans(), st.sampled_from([("x",), (None,), ("x", "y")]))
@settings(max_examples=40, deadline=None)
def test_any_thread_has_a_summary_that_adds_up(n, seed, post, targets):
    labeled = labeled_thread(n, seed, post=post, targets=targets, authors=1 + seed % 9)
    for summary in summarize(labeled):
        for field in FIELDS:
            part = getattr(summary, field)
            assert sum(held.count for held in part.labels) == part.labeled
            assert sum(held.soft for held in part.labels) == pytest.approx(part.labeled, abs=1e-4)
            for held in part.labels:
                if held.interval is not None:
                    assert 0 <= held.interval.low <= held.soft_share + 1e-6
                    assert held.soft_share - 1e-6 <= held.interval.high <= 1
        known = summary.comments - summary.participation.without_author
        assert sum(person.comments for person in summary.authors) == known
        assert sum(cell.count for cell in summary.matrix) == summary.stance.labeled


def thread_of(*rows: tuple) -> LabeledThread:
    """Make a thread of (id, parent, author, stance[, text]) rows, sure of every label."""
    comments = [
        Comment(row[0], "t", row[1], author=row[2], text=(row[4:] or (f"words of {row[0]}",))[0]) for row in rows
    ]
    labels = [
        Label(row[0], "x", Verdict(row[3], 1.0, tuple(float(row[3] == s) for s in STANCES)), None, None) for row in rows
    ]
    return LabeledThread(build_thread(comments, id="t", targets=["x"]), tuple(labels), ("x",))


def test_one_person_with_sixty_replies_is_one_person():
    rows = [("0", None, "a", "favor"), *((str(i), "0", "b", "against") for i in range(1, 61))]
    (summary,) = summarize(thread_of(*rows))
    assert summary.stance["against"].share == pytest.approx(60 / 61, abs=1e-6)
    assert summary.stance["against"].by_author == 0.5
    assert [(camp.stance, camp.authors) for camp in summary.camps] == [("favor", 1), ("against", 1), ("none", 0)]
    assert (summary.contention, summary.author_contention) == (pytest.approx(2 / 61, abs=1e-6), 1.0)
    assert [warn.kind for warn in summary.warnings] == ["few-authors", "one-author-dominates"]


def test_an_author_s_near_duplicates_count_once():
    text = "This deal sells our independence to the largest company of them all"
    rows = [
        ("0", None, "a", "against", text),
        ("1", None, "a", "against", text.replace("sells", "gives")),
        ("2", None, "a", "against", text.upper() + " !!"),
        ("3", None, "a", "favor", "And yet it will feed the whole team for two more years, so why not"),
        ("4", None, "b", "against", text),
        ("5", None, "a", "favor", "Thanks."),
        ("6", None, "a", "favor", "thanks"),
    ]
    (summary,) = summarize(thread_of(*rows))
    assert [(held.comment_id, held.of) for held in summary.duplicates] == [("1", "0"), ("2", "0"), ("6", "5")]
    assert summary.stance["against"].count == 4
    assert summary.stance["against"].by_author == pytest.approx((1 / 3 + 1) / 2, abs=1e-6)


def test_the_subtree_where_the_balance_flips_is_named_once():
    trunk = [(str(i), None, f"a{i}", "against") for i in range(6)]
    turn = [("t", "2", "f", "favor"), *((f"t{i}", "t", f"f{i}", "favor") for i in range(4))]
    back = [("u", "t0", "g", "against"), *((f"u{i}", "u", f"g{i}", "against") for i in range(3))]
    (summary,) = summarize(thread_of(*trunk, *turn))
    (point,) = summary.turning_points
    assert (point.comment_id, point.leads, point.within) == ("t", "favor", None)
    assert (point.favor, point.against, point.favor_outside, point.against_outside) == (5, 0, 0, 6)
    (summary,) = summarize(thread_of(*trunk, *turn, *back))
    assert [(point.comment_id, point.leads, point.within) for point in summary.turning_points] == []
    (summary,) = summarize(thread_of(*trunk, *turn, *back, *((f"w{i}", "t", f"h{i}", "favor") for i in range(9))))
    found = [(point.comment_id, point.leads, point.within) for point in summary.turning_points]
    assert found == [("t", "favor", None), ("u", "against", "t")]


def test_a_comment_whose_replies_all_turn_on_it_is_the_turn():
    rows = [
        *((str(i), None, f"a{i}", "against") for i in range(6)),
        *((f"r{i}", "2", f"f{i}", "favor") for i in range(4)),
    ]
    (summary,) = summarize(thread_of(*rows))
    assert [(point.comment_id, point.favor, point.against) for point in summary.turning_points] == [("2", 4, 1)]


def test_changes_of_side_follow_time_and_need_sure_labels():
    labeled = thread_of(("0", None, "a", "favor"), ("1", None, "a", "none"), ("2", None, "a", "against"))
    (summary,) = summarize(labeled)
    (change,) = summary.changes
    assert (change.earlier_id, change.comment_id, change.before, change.after) == ("0", "2", "favor", "against")
    start = datetime(2024, 1, 1, tzinfo=UTC)
    comments = tuple(
        replace(comment, created=start + timedelta(hours=hours))
        for comment, hours in zip(labeled.thread.comments, (5, 1, 2), strict=True)
    )
    (summary,) = summarize(replace(labeled, thread=replace(labeled.thread, comments=comments)))
    (change,) = summary.changes
    assert (change.earlier_id, change.comment_id) == ("2", "0")
    unsure = replace(labeled.labels[2], stance=replace(labeled.labels[2].stance, abstained=True))
    (summary,) = summarize(replace(labeled, labels=(*labeled.labels[:2], unsure)))
    assert summary.changes == ()


def test_a_post_with_an_opinion_counts_only_where_asked():
    labeled = labeled_thread(5, 1)
    opinion = Verdict("favor", 1.0, (1.0, 0.0, 0.0))
    labels = tuple(replace(one, stance=opinion) if one.comment_id == "post" else one for one in labeled.labels)
    labeled = replace(labeled, labels=labels)
    without, having = (summarize(labeled, with_post=asked)[0] for asked in (False, True))
    assert (having.comments, having.stance["favor"].count) == (without.comments + 1, without.stance["favor"].count + 1)
    assert (having.top_level, having.replies, having.pairs) == (without.top_level, without.replies, without.pairs)
    assert "post" in select(labeled, "the deal", having.stance["favor"].where, with_post=True)
