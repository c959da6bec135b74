"""Labeled threads of every kind that exports must carry, as text and as a hypothesis strategy."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import numpy as np
from hypothesis import strategies as st

from discourse.labels import ARGUMENTS, REPLY_STANCES, STANCES, Label, LabeledThread, Verdict
from discourse.threads import Comment, Quote, Thread, build_thread

WORDS = (
    "plain words", "l'été déjà", "=1+1", "-3", "'=x", "''", "'", "a\r\nb", "\r", "x\n", '"q"', "<b>&amp;]]>", "\ufeff",
    "@me", "\t", "\x01\x1f", "1e3", "null", "NaN", "true", "田中 🦊", "a,b;c", "\\n", "%2F/#root", "[unknown]", "{}",
)  # fmt: skip
"""Texts that a format may stumble over."""


def corpora() -> st.SearchStrategy[list[LabeledThread]]:
    """Draw corpora of one to three threads of up to five comments with any tree, gap and text."""
    return st.randoms(use_true_random=True).map(lambda rng: [any_thread(rng, at) for at in range(rng.randint(1, 3))])


def any_thread(rng: Random, number: int) -> LabeledThread:
    """Make a thread labeled towards no target, one or two."""

    def maybe(value: object) -> Any:
        return rng.choice((None, value))

    def word() -> str:
        return rng.choice(WORDS)

    size, post, name = rng.randint(0, 5), rng.random() < 0.5, rng.choice((f"t/{number}", f"{number}"))
    ids = [str(at) for at in range(size)]
    comments = [
        Comment(
            id=own,
            thread_id=name,
            parent_id=maybe(rng.choice([*ids, "gone"])),
            kind="post" if post and own == "0" else "comment",
            text=rng.choice((word(), "")),
            quotes=tuple(Quote(maybe(word()), word()) for _ in range(rng.randint(0, 1))),
            author=maybe(word()),
            created=maybe(datetime(1950, 1, 1, tzinfo=UTC) + timedelta(seconds=rng.random() * 4e9)),
            age=maybe(word()),
            edited=maybe(rng.random() < 0.5),
            edited_at=maybe(datetime(2024, 5, 6, 7, 8, 9, 123456, tzinfo=UTC)),
            score=maybe(rng.choice((0.0, -3.0, rng.random()))),
            lang=maybe("fr"),
            url=maybe(word()),
            status=rng.choice(("ok", "deleted")),
            source=maybe(word()),
        )
        for own in ids
    ]
    targets: tuple[str | None, ...] = rng.choice(((None,), ("the deal",), ("the deal", "=x")))
    thread = build_thread(
        comments,
        id=name,
        title=maybe(word()),
        url=maybe(word()),
        targets=[target for target in targets if target is not None],
        announced=maybe(3),
        notices=[word() for _ in range(rng.randint(0, 1))],
    )
    labels = tuple(
        Label(
            comment_id=comment.id,
            target=target,
            stance=maybe(_any_verdict(rng, STANCES)),
            reply_stance=maybe(_any_verdict(rng, REPLY_STANCES)),
            argument=maybe(_any_verdict(rng, ARGUMENTS)),
            secondary=rng.choice(((), ("irony", "fact"))),
            by=maybe(word()),
            truncated=rng.random() < 0.5,
        )
        for comment in thread.comments
        for target in targets
    )
    return LabeledThread(thread, labels, targets)


def _any_verdict(rng: Random, labels: tuple[str, ...]) -> Verdict:
    scores = tuple(float(np.float32(rng.random())) for _ in labels)
    return Verdict(rng.choice(labels), float(np.float32(rng.random())), scores, rng.random() < 0.5)


def corpus(threads: int = 3, comments: int = 4, stance: str | None = None) -> list[LabeledThread]:
    """Make a plain corpus: each thread a post and a chain of replies by a few authors, labeled in turn."""
    made = []
    for number in range(threads):
        name = f"t{number}"
        said = [Comment("p", name, kind="post", text="the article", title=f"Title {number}")]
        said += [
            Comment(
                str(at),
                name,
                str(at - 1) if at > 1 else None,
                text=f"words {at} of {number}",
                author=f"author {number}.{at % 3}",
                created=datetime(2024, 1, 1 + at % 28, tzinfo=UTC),
                lang="fr",
                score=float(at),
            )
            for at in range(1, comments + 1)
        ]
        made.append(labeled(build_thread(said, id=name, title=f"Title {number}", targets=["the deal"]), stance))
    return made


def labeled(thread: Thread, stance: str | None = None) -> LabeledThread:
    """Label every comment of a thread in turn through the codebook, towards its first target."""
    target = thread.targets[0] if thread.targets else None
    labels = []
    for position, comment in enumerate(thread.comments):
        if comment.kind == "post" or comment.status != "ok":
            labels.append(Label(comment.id, target))
            continue
        labels.append(
            Label(
                comment.id,
                target,
                _verdict(STANCES, position, stance) if target else None,
                _verdict(REPLY_STANCES, position) if thread.parents[position] > 0 else None,
                _verdict(ARGUMENTS, position),
                by="test model",
            )
        )
    return LabeledThread(thread, tuple(labels), (target,))


def _verdict(labels: tuple[str, ...], position: int, label: str | None = None) -> Verdict:
    chosen = label or labels[position % len(labels)]
    scores = tuple(float(np.float32(0.8 if name == chosen else 0.2 / (len(labels) - 1))) for name in labels)
    return Verdict(chosen, float(np.float32(0.8)), scores, position % 5 == 4)
