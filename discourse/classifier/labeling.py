"""Label the comments of threads, thread by thread, in bounded memory and in the order they come."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace

import numpy as np

from discourse.classifier.calibration import Calibration
from discourse.classifier.inputs import Example
from discourse.classifier.model import Model, Prediction, Scores
from discourse.labels import ARGUMENTS, FIELDS, Field, Label, LabeledThread, Verdict
from discourse.text import detect_language
from discourse.threads import Comment, Thread

CHUNK = 2048
"""Comments that are sorted by length together: enough for full batches, few enough for flat memory."""

MAX_SECONDARY = 2
"""The codebook allows up to two secondary types."""


def classify(threads: Iterable[Thread], model: Model, *, targets: Sequence[str] = ()) -> Iterator[LabeledThread]:
    """Label every comment of every thread towards its own targets, else `targets`, else the thread's.

    A comment without words and a post have null labels; without a target there is no stance, without a parent comment
    no reply stance. The language is identified where the dump does not state it.
    """
    waiting: list[Thread] = []
    size = 0
    for thread in threads:
        waiting.append(thread)
        size += len(thread.comments)
        if size >= CHUNK:
            yield from _label_all(waiting, model, tuple(targets))
            waiting, size = [], 0
    yield from _label_all(waiting, model, tuple(targets))


def examples_of(thread: Thread, targets: Sequence[str] = ()) -> Iterator[tuple[Comment, str | None, Example | None]]:
    """Yield (comment, target, example) for every row of the table; the example is None where nothing is labeled."""
    general = tuple(targets) or thread.targets
    for position, comment in enumerate(thread.comments):
        example = _example(thread, position)
        for target in comment.targets or general or (None,):
            yield comment, target, replace(example, target=target) if example is not None else None


def _example(thread: Thread, position: int) -> Example | None:
    comment = thread.comments[position]
    if comment.kind == "post" or comment.status != "ok" or not comment.text.strip():
        return None
    return Example(comment.text, None, _parent_text(thread, position))


def _parent_text(thread: Thread, position: int) -> str | None:
    """Return the words of the parent comment; the post is no parent comment, a deleted one has no words."""
    at = thread.parents[position]
    if at < 0 or thread.comments[at].kind == "post":
        return None
    return thread.comments[at].text or None


def _label_all(threads: Sequence[Thread], model: Model, targets: tuple[str, ...]) -> Iterator[LabeledThread]:
    rows = [list(examples_of(thread, targets)) for thread in threads]
    predictions = iter(model.predict([example for found in rows for _, _, example in found if example is not None]))
    for thread, found in zip(threads, rows, strict=True):
        spoken = with_languages(thread)
        foreign = unread_languages(spoken, model.languages)
        labels = []
        for comment, target, example in found:
            if example is None:
                labels.append(Label(comment.id, target))
                continue
            labels.append(label_of(comment.id, example, next(predictions), model, foreign=comment.id in foreign))
        used = tuple(dict.fromkeys(target for _, target, _ in found)) or (None,)
        yield LabeledThread(_with_notice(spoken, foreign), tuple(labels), used)


def unread_languages(thread: Thread, languages: Collection[str]) -> dict[str, str]:
    """Return the language of each comment whose language is told and is not among `languages`; none if those are none.

    `fr-CH` is French.
    """
    if not languages:
        return {}
    spoken = {comment.id: (comment.lang or "und").lower().replace("_", "-").split("-")[0] for comment in thread.replies}
    return {name: lang for name, lang in spoken.items() if lang != "und" and lang not in languages}


def _with_notice(thread: Thread, foreign: dict[str, str]) -> Thread:
    if not foreign:
        return thread
    counts = ", ".join(f"{lang} {n}" for lang, n in Counter(foreign.values()).most_common())
    said = f"comments in languages that the model was not trained on, all marked uncertain: {counts}"
    return replace(thread, notices=(*thread.notices, said))


def label_of(comment_id: str, example: Example, said: Prediction, model: Model, *, foreign: bool = False) -> Label:
    """Turn probabilities into a label; the most probable type always wins, doubt is a flag.

    Everything said of a text in a `foreign` language, one that the model was not trained on, is doubtful.
    """
    calibration = model.calibration
    argument = _verdict("argument", said.argument, calibration, foreign)
    return Label(
        comment_id,
        example.target,
        stance=_verdict("stance", said.stance, calibration, foreign) if example.target else None,
        reply_stance=_verdict("reply_stance", said.reply_stance, calibration, foreign) if example.parent else None,
        argument=argument,
        secondary=_secondary(said.secondary, argument.label, calibration),
        by=model.name,
        truncated=said.truncated,
    )


def _verdict(field: Field, scores: Scores, calibration: Calibration, foreign: bool) -> Verdict:
    best = int(scores.argmax())
    confidence = float(scores[best])
    doubt = foreign or confidence < calibration.threshold.get(field, 0.0)
    return Verdict(FIELDS[field][best], confidence, tuple(scores.tolist()), doubt)


def _secondary(scores: Scores, primary: str, calibration: Calibration) -> tuple[str, ...]:
    """Return up to two further types that are likely present, most likely first; `none` carries nothing."""
    order = np.argsort(-scores, kind="stable")
    likely = [ARGUMENTS[i] for i in order if scores[i] >= calibration.secondary]
    return tuple(name for name in likely if name not in (primary, "none"))[:MAX_SECONDARY]


def with_languages(thread: Thread) -> Thread:
    """Return the thread with the language of each comment that does not state one; `und` where it cannot be told."""
    if all(comment.lang is not None for comment in thread.comments):
        return thread
    return replace(
        thread,
        comments=tuple(
            comment if comment.lang is not None else replace(comment, lang=detect_language(comment.text))
            for comment in thread.comments
        ),
    )
