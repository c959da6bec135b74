"""Gold against predictions: how good the labels of a run are where people labeled, beside simple baselines.

The labels measured are those of the run, or those that another checkpoint gives to the same comments. The baselines are
trained on gold labels of their own file: whoever reports a figure should know what a majority vote would have reached.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from discourse.classifier.baselines import Baseline, baselines
from discourse.classifier.calibration import Calibration
from discourse.classifier.inputs import Example
from discourse.classifier.quality import Floats, Ints, Quality, measure
from discourse.errors import InputError
from discourse.gold import Gold, GoldLabel, read_gold, settle
from discourse.labels import FIELDS, Field, LabeledThread

if TYPE_CHECKING:
    from discourse.classifier import Model

COVERAGES = (0.5, 0.8, 0.9, 1.0)
"""Shares of decisions kept, surest first, at which accuracy is told."""


@dataclass(frozen=True, slots=True)
class Case:
    """Hold one gold label with what the model read and said; `scores` are probabilities in codebook order."""

    thread_id: str
    comment_id: str
    field: Field
    gold: int
    example: Example
    lang: str
    depth: int
    scores: tuple[float, ...] | None


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Hold the quality of one field in one group of comments.

    `group` is `all`, `lang=…` or `depth=…`; `coverage` gives (share kept, accuracy) with the surest decisions first.
    """

    field: Field
    group: str
    quality: Quality
    coverage: tuple[tuple[float, float], ...]
    baselines: tuple[Baseline, ...] = ()


def read_cases(gold: str | Path, labeled: Iterable[LabeledThread]) -> tuple[list[Case], int]:
    """Read a gold file and join it with the comments of a run, as `join_cases` does."""
    return join_cases(gold, read_gold(gold), labeled)


def join_cases(name: str | Path, gold: Gold, labeled: Iterable[LabeledThread]) -> tuple[list[Case], int]:
    """Join gold labels with the comments of a run; returns the cases and how many gold labels match no comment.

    Labels of several annotators are settled first (adjudicated, else the majority; ties are left out). A label that
    names no thread is of the only comment of its id. Raises InputError where nothing matches; `name` is the file's.
    """
    wanted: dict[tuple[str, str], list[GoldLabel]] = {}
    settled = settle(gold.labels).labels
    if not settled:
        raise InputError(f"{name}: no label that is filled in and agreed upon; write labels into the column label")
    for one in settled:
        wanted.setdefault((one.thread_id, one.comment_id), []).append(one)
    nameless = {comment_id for thread_id, comment_id in wanted if not thread_id}
    met: set[str] = set()
    cases: list[Case] = []
    for one_thread in labeled:
        here = nameless.intersection(comment.id for comment in one_thread.thread.comments)
        if here & met:
            raise InputError(
                f"{name}: comment {min(here & met)} stands in several threads of this run; add the column thread_id"
            )
        met |= here
        cases += _cases_of(one_thread, wanted)
    if not cases:
        first = settled[0]
        raise InputError(
            f"{name}: none of its {len(settled):,} labels is of a comment of this run (the first is of comment "
            f"{first.comment_id} in thread {first.thread_id or '?'}); give the run it was drawn from"
        )
    return cases, max(len(settled) - len(cases), 0)


def _cases_of(labeled: LabeledThread, wanted: dict[tuple[str, str], list[GoldLabel]]) -> Iterator[Case]:
    from discourse.classifier.labeling import examples_of

    thread = labeled.thread
    said = {(label.comment_id, label.target): label for label in labeled.labels}
    depths = {comment.id: depth for comment, depth in zip(thread.comments, thread.depths, strict=True)}
    targets = tuple(target for target in labeled.targets if target)
    for comment, target, example in examples_of(thread, targets):
        for gold in (*wanted.get((thread.id, comment.id), ()), *wanted.get(("", comment.id), ())):
            if example is None or (gold.field == "stance" and gold.target not in (None, target)):
                continue
            if gold.field != "stance" and target != (labeled.targets[0] if labeled.targets else None):
                continue
            label = said.get((comment.id, target))
            verdict = getattr(label, gold.field) if label is not None else None
            yield Case(
                thread.id, comment.id, gold.field, FIELDS[gold.field].index(gold.label), example, comment.lang or "und",
                depths[comment.id], verdict.scores if verdict is not None else None,
            )  # fmt: skip


def relabel(cases: Sequence[Case], model: Model) -> list[Case]:
    """Return the cases with what another checkpoint says of them."""
    said = model.predict([case.example for case in cases])
    return [replace(case, scores=tuple(getattr(one, case.field))) for case, one in zip(cases, said, strict=True)]


def evaluate(cases: Sequence[Case], train: Sequence[Case] = (), model: Model | None = None) -> list[Evaluation]:
    """Measure each field over all comments, by language and by depth; baselines are given where `train` has the field.

    A comment that the run gave no label to (no target, no parent) is left out of its field.
    """
    found = []
    for field in FIELDS:
        known = [case for case in cases if case.field == field and case.scores is not None]
        for group, members in _groups(known):
            found.append(_evaluation(field, group, members))
        if known and (rows := [case for case in train if case.field == field]):
            whole = next(i for i, one in enumerate(found) if one.field == field and one.group == "all")
            found[whole] = replace(found[whole], baselines=tuple(_baselines(rows, known, model)))
    return found


def _groups(cases: Sequence[Case]) -> Iterator[tuple[str, list[Case]]]:
    """Yield all cases, then those of each language and depth where there are several."""
    if cases:
        yield "all", list(cases)
    for name, values in (("lang", [c.lang for c in cases]), ("depth", [str(min(c.depth, 4)) for c in cases])):
        if len(set(values)) > 1:
            for value in sorted(set(values)):
                shown = f"{value}+" if name == "depth" and value == "4" else value
                yield f"{name}={shown}", [case for case, own in zip(cases, values, strict=True) if own == value]


def _evaluation(field: Field, group: str, cases: Sequence[Case]) -> Evaluation:
    scores = np.array([case.scores for case in cases], dtype=np.float64)
    gold = np.array([case.gold for case in cases], dtype=np.int64)
    quality = measure("gold", group, field, gold, np.log(scores + 1e-12), Calibration(), range(len(FIELDS[field])))
    return Evaluation(field, group, quality, _coverage(scores, gold))


def _coverage(scores: Floats, gold: Ints) -> tuple[tuple[float, float], ...]:
    order = np.argsort(-scores.max(1), kind="stable")
    right = (scores.argmax(1) == gold)[order]
    kept = [(share, max(1, round(share * len(right)))) for share in COVERAGES]
    return tuple((share, float(right[:count].mean())) for share, count in kept)


def _baselines(train: Sequence[Case], test: Sequence[Case], model: Model | None) -> Iterator[Baseline]:
    """Yield what simple methods trained on the `train` cases reach; the frozen encoder is that of the model."""
    gold = np.array([case.gold for case in test], dtype=np.int64)
    embed = model.embed if model is not None else None
    size = len(FIELDS[test[0].field])
    examples = [case.example for case in train]
    yield from baselines(examples, [case.gold for case in train], [case.example for case in test], gold, size, embed)


__all__ = ["Baseline", "Case", "Evaluation", "evaluate", "read_cases", "relabel"]
