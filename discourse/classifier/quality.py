"""How good a checkpoint is: macro-F1, accuracy and calibration by corpus and head, with bootstrap intervals."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from discourse.classifier.calibration import Calibration, calibration_error, error_by_chance, softmax
from discourse.classifier.corpora import CDCP_TYPES, Row
from discourse.labels import FIELDS

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

HEAD_LABELS: dict[str, tuple[str, ...]] = {**{str(name): labels for name, labels in FIELDS.items()}, "cdcp": CDCP_TYPES}
HEAD_LABELS["match"] = ("other", "match")
BOOTSTRAPS = 1000


@dataclass(frozen=True, slots=True)
class Quality:
    """Hold the quality of one head on one set of rows.

    `macro_f1` is over the labels that occur in gold; its 95 % interval is a percentile bootstrap over rows. `by_label`
    are F1 scores, `confusion` counts gold (rows) by predicted (columns) in label order, errors are expected calibration
    errors without calibration and with it, `error_by_chance` is what a perfectly calibrated model would show on so many
    rows. `sides` is, for the stance, how often the likelier of favor and against is right where gold is one of them:
    macro-F1 can look well on `none` alone; guessing gives ½.
    """

    corpus: str
    lang: str
    head: str
    n: int
    labels: tuple[str, ...]
    macro_f1: float
    low: float
    high: float
    accuracy: float
    by_label: tuple[float, ...]
    confusion: tuple[tuple[int, ...], ...]
    error_before: float
    error_after: float
    sides: float | None = None
    error_by_chance: float | None = None

    @property
    def error_told(self) -> str:
        """Return the calibration error for a table, in brackets what chance alone makes of it where that is known."""
        chance = "" if self.error_by_chance is None else f" ({self.error_by_chance:.3f})"
        return f"{self.error_after:.3f}{chance}"


def f1_by_label(gold: Ints, predicted: Ints, size: int) -> Floats:
    """Return the F1 score of each label, shape (size,); 0 where a label neither occurs nor is predicted."""
    confusion = np.zeros((size, size))
    np.add.at(confusion, (gold, predicted), 1)
    hits = np.diag(confusion)
    total = confusion.sum(0) + confusion.sum(1)
    return np.asarray(np.divide(2 * hits, total, out=np.zeros(size), where=total > 0))


def macro_f1(gold: Ints, predicted: Ints, size: int) -> float:
    """Return the mean F1 over the labels that occur in gold."""
    present = np.unique(gold)
    return float(f1_by_label(gold, predicted, size)[present].mean())


def bootstrap(gold: Ints, predicted: Ints, size: int, seed: int = 0) -> tuple[float, float]:
    """Return the 2.5th and 97.5th percentile of macro-F1 over rows drawn with replacement."""
    chance = np.random.default_rng(seed)
    draws = (chance.integers(0, len(gold), len(gold)) for _ in range(BOOTSTRAPS))
    values = [macro_f1(gold[draw], predicted[draw], size) for draw in draws]
    return float(np.percentile(values, 2.5)), float(np.percentile(values, 97.5))


def sides_right(gold: Ints, scores: Floats) -> float | None:
    """Return how often the higher score of favor and against is that of gold, where gold is one of them; else None."""
    taken = gold < 2
    return float((scores[taken, :2].argmax(1) == gold[taken]).mean()) if taken.any() else None


def measure(
    corpus: str, lang: str, head: str, gold: Ints, logits: Floats, calibration: Calibration, allowed: Sequence[int]
) -> Quality:
    """Measure one head on rows: gold (n,), logits (n, labels); `allowed` are the labels that the corpus knows."""
    labels = HEAD_LABELS[head]
    closed = [i for i in range(len(labels)) if i not in allowed]
    scores, adjusted = logits.copy(), calibration.adjusted(head, logits)
    scores[:, closed] = adjusted[:, closed] = -1e4
    before, after = softmax(scores), softmax(adjusted)
    predicted = after.argmax(1)
    right = predicted == gold
    confusion = np.zeros((len(labels), len(labels)), dtype=int)
    np.add.at(confusion, (gold, predicted), 1)
    low, high = bootstrap(gold, predicted, len(labels))
    return Quality(
        corpus, lang, head, len(gold), labels, macro_f1(gold, predicted, len(labels)), low, high,
        float(right.mean()), tuple(f1_by_label(gold, predicted, len(labels)).tolist()),
        tuple(tuple(row) for row in confusion.tolist()),
        calibration_error(before.max(1), right), calibration_error(after.max(1), right),
        sides_right(gold, adjusted) if head == "stance" else None, error_by_chance(after.max(1)),
    )  # fmt: skip


def by_corpus(
    rows: Sequence[Row], logits: dict[str, Floats], calibration: Calibration, smallest: int = 20
) -> Iterable[Quality]:
    """Yield the quality by corpus, head and language, and of all languages, where there are `smallest` rows or more."""
    for head in ("stance", "reply_stance", "argument", "cdcp", "match"):
        values = [getattr(row, head) for row in rows]
        for corpus in dict.fromkeys(row.corpus for row in rows):
            inside = [i for i, row in enumerate(rows) if row.corpus == corpus and values[i] is not None]
            languages = sorted({rows[i].lang for i in inside})
            for lang in ["all", *(languages if len(languages) > 1 else [])]:
                chosen = [i for i in inside if lang in ("all", rows[i].lang)]
                if len(chosen) < smallest:
                    continue
                gold = np.array([values[i] for i in chosen], dtype=np.int64)
                allowed = rows[chosen[0]].stances if head == "stance" else tuple(range(len(HEAD_LABELS[head])))
                name = lang if lang != "all" or len(languages) != 1 else languages[0]
                yield measure(corpus, name, head, gold, logits[head][chosen], calibration, allowed)
