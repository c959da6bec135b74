"""What simple methods reach on the same rows: nobody should report a figure without knowing it.

Four baselines: the most frequent label, the most frequent label of the target, TF-IDF with logistic regression, and the
embeddings of a frozen encoder with logistic regression. Gold labels are positions in the label order.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from discourse.classifier.inputs import Example
from discourse.classifier.quality import Ints, bootstrap, macro_f1
from discourse.errors import MissingExtraError

Embed = Callable[[Sequence[str]], npt.NDArray[np.float32]]


FROZEN_ROWS = 1500
"""Rows that the head on the frozen encoder is trained on, drawn evenly: embedding them takes most of the time."""


@dataclass(frozen=True, slots=True)
class Baseline:
    """Hold the macro-F1 of a simple method trained on the same kind of rows, with its 95 % bootstrap interval."""

    name: str
    macro_f1: float
    low: float
    high: float


def baselines(
    train: Sequence[Example], labels: Sequence[int], test: Sequence[Example], gold: Ints, size: int, embed: Embed | None
) -> Iterator[Baseline]:
    """Yield the baselines trained on `train` with `labels`, measured on `test` with `gold` (n,) of `size` labels.

    Without `embed` there is no frozen encoder; with one label in training there is nothing to fit.
    """
    most = Counter(labels).most_common(1)[0][0]
    yield _baseline("majority", gold, np.full(len(test), most), size)
    of_target: dict[str | None, Counter[int]] = {}
    for example, label in zip(train, labels, strict=True):
        of_target.setdefault(example.target, Counter())[label] += 1
    guesses = [of_target.get(example.target, Counter({most: 1})).most_common(1)[0][0] for example in test]
    yield _baseline("majority of the target", gold, np.array(guesses), size)
    if len(set(labels)) < 2:
        return
    yield _baseline("TF-IDF + logistic regression", gold, _tf_idf(train, labels, test), size)
    if embed is not None:
        drawn = random.Random(0).sample(range(len(train)), min(len(train), FROZEN_ROWS))
        if len({labels[i] for i in drawn}) < 2:
            return
        said = _frozen([train[i] for i in drawn], [labels[i] for i in drawn], test, embed)
        yield _baseline("frozen encoder + linear head", gold, said, size)


def remembering(embed: Embed) -> Embed:
    """Return `embed` with a memory: the heads of a corpus ask for the same texts."""
    known: dict[str, npt.NDArray[np.float32]] = {}

    def vectors(texts: Sequence[str]) -> npt.NDArray[np.float32]:
        fresh = [text for text in dict.fromkeys(texts) if text not in known]
        if fresh:
            known.update(zip(fresh, embed(fresh), strict=True))
        return np.stack([known[text] for text in texts])

    return vectors


def _baseline(name: str, gold: Ints, said: npt.NDArray[Any], size: int) -> Baseline:
    low, high = bootstrap(gold, said.astype(np.int64), size)
    return Baseline(name, macro_f1(gold, said.astype(np.int64), size), low, high)


def _joined(example: Example) -> str:
    return " \n ".join(part for part in (example.target, example.comment, example.parent) if part)


def _tf_idf(train: Sequence[Example], labels: Sequence[int], test: Sequence[Example]) -> npt.NDArray[Any]:
    try:
        from sklearn.feature_extraction.text import TfidfVectorizer
        from sklearn.linear_model import LogisticRegression
        from sklearn.pipeline import make_pipeline
    except ImportError:
        raise MissingExtraError("scikit-learn", "train") from None
    pipeline = make_pipeline(
        TfidfVectorizer(ngram_range=(1, 2), min_df=1, sublinear_tf=True),
        LogisticRegression(max_iter=1000, class_weight="balanced"),
    )
    pipeline.fit([_joined(example) for example in train], labels)
    return np.asarray(pipeline.predict([_joined(example) for example in test]))


def _frozen(train: Sequence[Example], labels: Sequence[int], test: Sequence[Example], embed: Embed) -> npt.NDArray[Any]:
    from sklearn.linear_model import LogisticRegression

    def vectors(examples: Sequence[Example]) -> npt.NDArray[np.float32]:
        parts = []
        for name in ("comment", "target", "parent"):
            texts = [getattr(example, name) or "" for example in examples]
            distinct = {text: i for i, text in enumerate(dict.fromkeys(texts))}  # many share a target
            parts.append(embed(list(distinct))[[distinct[text] for text in texts]])
        return np.concatenate(parts, axis=1)

    head = LogisticRegression(max_iter=2000, class_weight="balanced").fit(vectors(train), labels)
    return np.asarray(head.predict(vectors(test)))
