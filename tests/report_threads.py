"""Labeled threads made up for the tests of the page: the same seed gives the same thread."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from discourse.labels import ARGUMENTS, REPLY_STANCES, STANCES, Label, LabeledThread, Verdict
from discourse.threads import Comment, Link, Quote, Thread, build_thread, with_links

SAID = {
    "favor": (
        "Sans ligne rapide, la vallée se vide : mes collègues partent tous en ville.",
        "It will pay for itself in ten years; the figures of the neighboring county show it.",
        "Chez nous le tram a changé la rue, on respire enfin.",
        "On ne peut pas demander aux gens de laisser la voiture sans rien leur offrir.",
    ),
    "against": (
        "Deux ans de travaux, et les commerces fermeront les uns après les autres.",
        "Who pays? The same people as always, and the trains will be late anyway.",
        "Bravo, encore un projet pour couper des rubans avant les élections…",
        "Rappelez-vous la gare de 2009 : trois fois le prix annoncé.",
    ),
    "none": (
        "Quelqu'un a le lien vers l'enquête publique ?",
        "The meeting is on Thursday at seven, in the library.",
        "La ligne ferait 14 km, dont 3 en tunnel.",
        "Merci pour le résumé.",
    ),
}
LONG = " D'ailleurs, le rapport de la commission le dit en toutes lettres, et personne ne l'a lu jusqu'au bout."
START = datetime(2024, 2, 26, 8, 0, tzinfo=UTC)
TARGET = "la nouvelle ligne de tram"


def verdict(rng: random.Random, names: Sequence[str], label: str | None = None) -> Verdict:
    """Draw probabilities that sum to 1, the chosen label being the most probable."""
    top = rng.uniform(0.4, 0.97)
    rest = [rng.random() for _ in names[1:]]
    total = sum(rest) or 1.0
    others = [share / total * (1 - top) for share in rest]
    label = label or rng.choice(names)
    others = [min(share, top * 0.99) for share in others]
    scores = [top if name == label else others.pop() for name in names]
    whole = sum(scores)
    scores = [score / whole for score in scores]
    best = max(scores)
    return Verdict(label, best, tuple(scores), best < 0.55)


def thread_of(
    size: int,
    *,
    seed: int = 1,
    id: str = "tram",
    people: int | None = None,
    post: bool = True,
    times: bool = True,
    deep: bool = False,
    long: bool = False,
    title: str | None = "Faut-il construire la nouvelle ligne de tram ?",
    announced: int | None = None,
) -> Thread:
    """Make a thread of `size` comments by about `people` authors; `deep` makes one chain."""
    rng = random.Random(seed)
    crowd = people or max(1, size // 3)
    comments = (
        [
            Comment(
                "post",
                id,
                kind="post",
                text="La ville prévoit une ligne de tram vers la vallée. " * 6,
                author="La Gazette",
                created=START if times else None,
                title=title,
                lang="fr",
                url="https://example.org/tram",
            )
        ]
        if post
        else []
    )
    for number in range(1, size + 1):
        camp = rng.choices(("favor", "against", "none"), (4, 5, 3))[0]
        parent = str(number - 1 if deep else rng.randrange(max(1, number - 30), number)) if number > 1 else None
        if not deep and rng.random() < 0.25:
            parent = None
        text = rng.choice(SAID[camp]) + (LONG * rng.randrange(0, 6) if long else "")
        quotes = (Quote(None, "trois fois le prix annoncé"),) if rng.random() < 0.1 else ()
        status = "deleted" if rng.random() < 0.02 else "ok"
        comments.append(
            Comment(
                str(number),
                id,
                parent,
                text="" if status != "ok" else text,
                quotes=quotes,
                status=status,  # type: ignore[arg-type]
                author=f"Personne {int(rng.paretovariate(0.9)) % crowd + 1}" if rng.random() > 0.03 else None,
                created=START + timedelta(minutes=7 * number + rng.randrange(7)) if times else None,
                score=float(rng.randrange(-3, 20)),
                lang="en" if text.isascii() else "fr",
            )
        )
    return build_thread(
        comments,
        id=id,
        title=title,
        source="tram.jsonl",
        url="https://example.org/tram",
        targets=(TARGET,),
        announced=announced,
    )


def with_guesses(thread: Thread, every: int = 9) -> Thread:
    """Turn every n-th stated link into one guessed from a quote."""
    links = [
        Link(link.parent, "quote", 0.81) if link.parent is not None and k % every == 0 else link
        for k, link in enumerate(thread.links)
    ]
    return with_links(thread, links)


def label(
    thread: Thread, *, seed: int = 2, targets: Sequence[str | None] = (TARGET,), stance: str | None = None
) -> LabeledThread:
    """Label a thread at random, one row a comment and target as the model would."""
    rng = random.Random(seed)
    rows = []
    for comment, parent in zip(thread.comments, thread.parents, strict=True):
        for target in targets:
            if comment.kind == "post" or comment.status != "ok":
                rows.append(Label(comment.id, target))
                continue
            lean = stance or next((camp for camp, said in SAID.items() if comment.text.startswith(said)), None)
            answers = parent >= 0 and thread.comments[parent].kind == "comment"
            rows.append(
                Label(
                    comment.id,
                    target,
                    verdict(rng, STANCES, lean) if target is not None else None,
                    verdict(rng, REPLY_STANCES) if answers else None,
                    verdict(rng, ARGUMENTS),
                    ("irony",) if rng.random() < 0.1 else (),
                    "test-model",
                    len(comment.text) > 400,
                )
            )
    return LabeledThread(thread, tuple(rows), tuple(targets))


def made(size: int, **options: object) -> LabeledThread:
    """Make and label a thread in one step."""
    return label(thread_of(size, **options))  # type: ignore[arg-type]


def renamed(labeled: LabeledThread, id: str) -> LabeledThread:
    """Return the same labeled thread under another id."""
    thread = replace(labeled.thread, id=id, comments=tuple(replace(c, thread_id=id) for c in labeled.thread.comments))
    return replace(labeled, thread=thread)
