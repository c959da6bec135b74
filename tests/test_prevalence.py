"""Corrected shares: without bias where predictions have one, intervals that cover, and what more labels would buy."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from generated import labeled_thread

from discourse.errors import InputError
from discourse.gold.rows import GoldLabel
from discourse.labels import FIELDS, STANCES, Label, LabeledThread, Verdict
from discourse.summary.prevalence import LEAST_GOLD, correct_shares
from discourse.threads import Comment, build_thread


def biased_thread(size: int, seed: int, name: str = "t") -> tuple[LabeledThread, list[str]]:
    """Make a thread whose model misses a third of what is against, and the true stances."""
    random = np.random.default_rng(seed)
    true = random.choice(3, size, p=[0.2, 0.5, 0.3])
    missed = (true == 1) & (random.random(size) < 0.35)
    seen = np.where(missed, 2, true)
    p = random.uniform(0.6, 0.95, size)
    comments = [Comment(f"{i}", name, text="words", author=f"a{random.integers(0, size // 3)}") for i in range(size)]
    labels = []
    for i in range(size):
        scores = np.full(3, (1 - p[i]) / 2)
        scores[seen[i]] = p[i]
        labels.append(Label(f"{i}", "x", Verdict(STANCES[seen[i]], float(p[i]), tuple(scores.tolist()))))
    thread = build_thread(comments, id=name, targets=["x"])
    return LabeledThread(thread, tuple(labels), ("x",)), [STANCES[code] for code in true]


def gold_of(true: list[str], chances: np.ndarray, random: np.random.Generator, name: str = "t") -> list[GoldLabel]:
    drawn = np.flatnonzero(random.random(len(true)) < chances)
    return [GoldLabel(name, f"{i}", "x", "stance", true[i], "ann", float(chances[i])) for i in drawn]


@pytest.mark.parametrize("method", ["dsl", "ppi++"])
@pytest.mark.parametrize("uneven", [False, True])
def test_intervals_cover_where_naive_shares_fail(method, uneven):
    random = np.random.default_rng(5)
    covered, errors, naive = [], [], []
    labeled, true = biased_thread(600, 1)
    truth = true.count("against") / len(true)
    for _ in range(150):
        sides = np.asarray([label.stance.confidence for label in labeled.labels])
        chances = np.clip(0.6 - 0.5 * sides, 0.05, 1) if uneven else np.full(600, 0.2)
        found = correct_shares([labeled], gold_of(true, chances, random), method).overall
        held = found[STANCES.index("against")]
        covered.append(held.low <= truth <= held.high)
        errors.append(held.share - truth)
        naive.append(held.predicted)
    assert np.mean(covered) >= 0.93
    assert abs(np.mean(errors)) < 0.015
    assert abs(np.mean(naive) - truth) > 0.1
    assert np.std(errors) < 0.06


def test_shares_of_the_design_based_estimate_add_up_to_one():
    labeled, true = biased_thread(300, 2)
    gold = gold_of(true, np.full(300, 0.4), np.random.default_rng(0))
    assert sum(one.share for one in correct_shares([labeled], gold).overall) == pytest.approx(1, abs=1e-5)


def test_labels_of_every_comment_leave_no_doubt():
    labeled, true = biased_thread(200, 3)
    gold = gold_of(true, np.ones(200), np.random.default_rng(0))
    for one in correct_shares([labeled], gold).overall:
        assert one.low == one.high == pytest.approx(true.count(one.label) / 200, abs=1e-6)
        assert all(plan.labels == 0 for plan in one.plans)


def test_more_labels_buy_narrower_intervals_as_planned():
    labeled, true = biased_thread(3000, 4)
    random = np.random.default_rng(1)
    first = correct_shares([labeled], gold_of(true, np.full(3000, 0.05), random)).overall[1]
    plan = next(plan for plan in first.plans if plan.half_width == 0.05)
    wanted = (first.gold + plan.labels) / 3000
    second = correct_shares([labeled], gold_of(true, np.full(3000, wanted), random)).overall[1]
    assert first.high - first.low > 0.1
    assert second.high - second.low == pytest.approx(0.1, abs=0.025)


def test_threads_and_all_of_them_together():
    one, true = biased_thread(200, 5, "one")
    two, other = biased_thread(150, 6, "two")
    random = np.random.default_rng(2)
    gold = gold_of(true, np.full(200, 0.5), random, "one") + gold_of(other, np.full(150, 0.1), random, "two")
    found = correct_shares([one, two], gold)
    assert [(thread.thread_id, len(thread.estimates)) for thread in found.threads] == [("one", 3), ("two", 0)]
    assert len(found.overall) == 3
    assert found.used == len(gold)
    assert found.overall[0].gold == len(gold)


def test_labels_without_chance_or_comment_are_counted_and_not_used():
    labeled, true = biased_thread(100, 7)
    gold = gold_of(true, np.full(100, 0.9), np.random.default_rng(0))
    odd = [
        replace(gold[0], comment_id="gone"),
        replace(gold[1], probability=None, annotator="b"),
        replace(gold[2], target="y"),
    ]
    found = correct_shares([labeled], [*gold[3:], *odd])
    assert (found.used, found.unused) == (len(gold) - 3, 3)
    with pytest.raises(InputError, match="discourse sample"):
        correct_shares([labeled], [replace(label, probability=None) for label in gold])
    few = correct_shares([labeled], gold[: LEAST_GOLD - 1])
    assert (few.overall, few.used) == ((), LEAST_GOLD - 1)


def test_every_field_is_estimated_and_a_target_is_needed_only_for_stance():
    labeled = labeled_thread(400, 8)
    gold = [
        GoldLabel("t", label.comment_id, None if field != "stance" else "the deal", field, verdict.label, None, 0.9)
        for label in labeled.labels
        for field in FIELDS
        if (verdict := getattr(label, field)) is not None
    ]
    found = correct_shares([labeled], gold, "ppi++")
    assert [(one.field, one.label) for one in found.overall] == [(f, label) for f in FIELDS for label in FIELDS[f]]
    assert found.unused == 0
