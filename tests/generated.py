"""Labeled threads made at random from a seed, with all that real ones bring: gaps, repeats, strangers, deletions."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import numpy as np

from discourse.labels import ARGUMENTS, FIELDS, Label, LabeledThread, Verdict
from discourse.threads import Comment, Quote, build_thread

WORDS = re.findall(
    r"\w+",
    "le marché vend du vent alors que les gens veulent une loi juste pour tous ici maintenant sans attendre la "
    "promesse libre contre demain peut jamais toujours argent travail école données nuage serveur contrat accord",
)


def labeled_thread(
    n: int,
    seed: int = 0,
    *,
    targets: tuple[str | None, ...] = ("the deal",),
    name: str = "t",
    post: bool = True,
    authors: int | None = None,
    hours: float = 1.0,
    lean: tuple[float, float, float] = (0.4, 0.4, 0.4),
) -> LabeledThread:
    """Make a thread of n comments; a few have no author, no time, no score, no words; some repeat each other.

    `lean` tells how much each stance weighs.
    """
    random = np.random.default_rng(seed)
    people = authors or max(1, n // 4)
    weights = 1 / np.arange(1, people + 1)
    who = random.choice(people, n, p=weights / weights.sum())
    start = datetime(2024, 2, 28, 22, tzinfo=UTC)
    comments = [Comment("post", name, kind="post", text="The opening.", author="host", title="A title")] if post else []
    texts: dict[int, str] = {}
    for i in range(n):
        author = int(who[i])
        status = "deleted" if random.random() < 0.05 else "ok"
        words = " ".join(random.choice(WORDS, random.integers(1, 40)).tolist())
        text = texts.get(author, words) if random.random() < 0.15 else words
        texts[author] = text
        comments.append(
            Comment(
                id=str(i),
                thread_id=name,
                parent_id=str(random.integers(0, i)) if i and random.random() < 0.7 else None,
                text=text if status == "ok" else "",
                quotes=(Quote(None, "a quote"),) if random.random() < 0.1 else (),
                author=None if random.random() < 0.08 else f"author {author}",
                created=None if random.random() < 0.05 else start + timedelta(hours=hours * i * random.random()),
                score=None if random.random() < 0.2 else float(random.integers(-5, 40)),
                lang=("fr", "en", "und", None)[random.integers(0, 4)],
                status=status,
            )
        )
    thread = build_thread(
        comments, id=name, title="A title", source="dump.jsonl", targets=[t for t in targets if t is not None]
    )
    return LabeledThread(thread, tuple(_labels(thread, targets, random, lean)), targets)


def _labels(thread, targets, random, lean):
    for comment, parent in zip(thread.comments, thread.parents, strict=True):
        for target in targets:
            if comment.kind == "post" or comment.status != "ok":
                yield Label(comment.id, target)
                continue
            answers = parent >= 0 and thread.comments[parent].kind != "post"
            yield Label(
                comment.id,
                target,
                stance=_verdict("stance", random, lean) if target is not None else None,
                reply_stance=_verdict("reply_stance", random) if answers else None,
                argument=_verdict("argument", random),
                secondary=tuple(dict.fromkeys(random.choice(ARGUMENTS, random.integers(0, 3)).tolist())),
                by="model",
                truncated=bool(random.random() < 0.02),
            )


def _verdict(field, random, lean=None):
    scores = random.dirichlet(lean or np.full(len(FIELDS[field]), 0.4)).astype(np.float32)
    best = int(scores.argmax())
    return Verdict(FIELDS[field][best], float(scores[best]), tuple(scores.tolist()), bool(scores[best] < 0.55))
