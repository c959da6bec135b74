"""Threads side by side: totals add up, what differs is marked, and a terminal shows it safely."""

from __future__ import annotations

from dataclasses import replace

import msgspec
import numpy as np
import pytest
from generated import labeled_thread
from rich.console import Console
from scipy.stats.contingency import association

from discourse.labels import STANCES, Label, LabeledThread, Verdict
from discourse.summary import Corpus, compare, summarize, terminal_view
from discourse.threads import Comment, build_thread


def leaning(name: str, favor: int, against: int, p: float = 0.95) -> LabeledThread:
    sides = ["favor"] * favor + ["against"] * against
    comments = [Comment(f"{i}", name, author=f"{name}{i}", text=f"Opinion number {i}.") for i in range(len(sides))]
    labels = tuple(
        Label(str(i), "x", Verdict(side, p, tuple(p if side == s else (1 - p) / 2 for s in STANCES)))
        for i, side in enumerate(sides)
    )
    return LabeledThread(build_thread(comments, id=name, title=name, targets=["x"]), labels, ("x",))


def summaries_of(*threads: LabeledThread):
    return [summary for thread in threads for summary in summarize(thread)]


def test_totals_add_up_and_association_is_cramer_s_v():
    held = summaries_of(*(labeled_thread(60, seed, name=f"t{seed}") for seed in range(5)))
    corpus = compare(held)
    table = np.asarray([[share.count for share in summary.stance.labels] for summary in held])
    assert corpus.total.stance == tuple(table.sum(axis=0).tolist())
    assert (corpus.total.threads, corpus.total.comments) == (5, 300)
    assert corpus.total.association == pytest.approx(association(table, method="cramer"), abs=1e-6)
    assert [totals.target for totals in corpus.by_target] == ["the deal"]
    assert corpus.by_target[0] == replace(corpus.total, target="the deal")
    assert msgspec.json.decode(msgspec.json.encode(corpus), type=Corpus) == corpus


def test_a_thread_that_leans_otherwise_stands_apart():
    corpus = compare(summaries_of(leaning("a", 20, 20), leaning("b", 19, 21), leaning("c", 1, 39)))
    assert [line.apart for line in corpus.lines] == [False, False, True] or corpus.lines[2].apart
    assert corpus.most_contended[0] == ("a", "x")
    assert corpus.most_one_sided == (("c", "x"),)


def test_nothing_and_one_thread_compare():
    empty = compare([])
    assert (empty.total.threads, empty.total.contention, empty.total.association) == (0, None, None)
    one = compare(summaries_of(leaning("a", 3, 0)))
    assert (one.total.association, one.lines[0].apart, one.most_contended) == (None, False, ())
    untargeted = compare(summaries_of(labeled_thread(9, 1, targets=(None,))))
    assert untargeted.total.stance == (0, 0, 0)


def test_a_thread_with_two_targets_is_one_thread():
    corpus = compare(summaries_of(labeled_thread(30, 1, targets=("x", "y"))))
    assert (corpus.total.threads, corpus.total.comments, len(corpus.lines)) == (1, 30, 2)


def shown(summaries, lang="en", width=120) -> str:
    console = Console(width=width, record=True, file=open("/dev/null", "w"), force_terminal=True)  # noqa: SIM115
    console.print(terminal_view(summaries, lang))
    return console.export_text()


def test_a_terminal_shows_the_numbers_in_both_languages():
    held = summaries_of(leaning("a thread", 30, 10))
    english, french = shown(held), shown(held, "fr")
    assert "75/25 %" in english
    assert "30 · 75 %" in english
    assert "Opinion number" in english
    assert "commentaires" in french
    assert "contre" in french
    assert "0.50" in english


def test_many_threads_are_a_line_each_and_odd_ones_do_not_break():
    many = summaries_of(*(labeled_thread(n, n, name=f"t{n}", targets=(t,)) for n in range(8) for t in ("x", None)))
    assert shown(many).count("\n") < 3 * len(many)
    for summary in many:
        assert shown([summary], width=60)


def test_hostile_titles_and_names_do_not_reach_the_terminal():
    labeled = leaning("a", 3, 1)
    evil = "\x1b]0;owned\x07[bold red]x[/]\u202egnp\u200b\r\nnext"
    comments = tuple(replace(one, author=evil, text=evil) for one in labeled.thread.comments)
    held = summarize(replace(labeled, thread=replace(labeled.thread, title=evil, comments=comments)))
    text = shown(held)
    assert "[bold red]x[/]gnp next" in text
    assert not {"\x07", "\u202e", "\u200b", "\r"} & set(text)
    assert "\x1b]0" not in text
