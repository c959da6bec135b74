"""Key points: how well matchers tell which arguments make which point, and what key points cost.

    python benchmarks/keypoints.py [--argkp ARGKP] [--part dev] [--sizes 1000 10000 100000] [--model DIR]

What is timed is the whole summary of a generated thread. Quality is measured where ARGKP is given: the folder kpm_data
of the shared task KPA-2021 (github.com/IBM/KPA_2021_shared_task, Apache 2.0) with arguments_PART.csv,
key_points_PART.csv and labels_PART.csv. Four matchers score every argument against the key points of its motion and
side: TF-IDF over words, TF-IDF over character sequences (as this project orders sentences), the cosine of the
encoder's embeddings, and the match head where the checkpoint has one.

Each argument is paired with its best key point, the better half of a side's pairs is kept, and their average precision
is averaged over sides. A pair without a label (annotators undecided) counts as no match (strict) or as one (relaxed).
*Old* is the metric of the shared task and of the papers of 2021. *Current* is the official script since 2021-09-23: the
average precision of a side is multiplied by the share of matches among the kept pairs, so that it is 1 only if every
kept pair matches.
"""

from __future__ import annotations

import argparse
import csv
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.metrics import average_precision_score

from discourse.labels import ARGUMENTS, STANCES, Label, LabeledThread, Verdict
from discourse.run_summaries import matcher_of
from discourse.summary import summarize
from discourse.threads import Comment, build_thread

KEPT = 0.5
"""Part of a side's pairs that is rated, in both metrics."""

Scores = NDArray[np.float64]
Matcher = Callable[[Sequence[str], Sequence[str]], Scores]
"""Score n arguments and m key points of one side, shape (n, m)."""


@dataclass(frozen=True)
class Side:
    """Hold the arguments and key points of one motion and stance, and the labels, NaN where undecided: shape (n, m)."""

    arguments: tuple[str, ...]
    points: tuple[str, ...]
    labels: Scores


@dataclass(frozen=True)
class Quality:
    """Hold mean average precision under the metric before and since 2021-09-23, and the F1 of a threshold of 0.5."""

    old_strict: float
    old_relaxed: float
    current_strict: float
    current_relaxed: float
    precision: float
    recall: float


def read_sides(folder: Path, part: str) -> list[Side]:
    """Read the sides that have arguments and key points."""

    def rows(name: str) -> list[dict[str, str]]:
        with (folder / f"{name}_{part}.csv").open(encoding="utf-8", newline="") as stream:
            return list(csv.DictReader(stream))

    labels = {(row["arg_id"], row["key_point_id"]): float(row["label"]) for row in rows("labels")}
    arguments, points = defaultdict(list), defaultdict(list)
    for row in rows("arguments"):
        arguments[row["topic"], row["stance"]].append(row)
    for row in rows("key_points"):
        points[row["topic"], row["stance"]].append(row)
    return [
        Side(
            tuple(row["argument"] for row in arguments[key]),
            tuple(row["key_point"] for row in points[key]),
            np.array(
                [[labels.get((a["arg_id"], p["key_point_id"]), np.nan) for p in points[key]] for a in arguments[key]]
            ),
        )
        for key in sorted(arguments)
        if points[key]
    ]


def rate(sides: Sequence[Side], scores: Sequence[Scores]) -> Quality:
    """Rate the scores of all sides."""
    found = np.array([_precisions(side.labels, one) for side, one in zip(sides, scores, strict=True)])
    labels = np.concatenate([side.labels.ravel() for side in sides])
    said = np.concatenate([one.ravel() for one in scores]) >= 0.5
    known = ~np.isnan(labels)
    true = float((said & (labels == 1)).sum())
    return Quality(
        *found.mean(axis=0).tolist(),
        precision=true / max(float((said & known).sum()), 1.0),
        recall=true / max(float((labels == 1).sum()), 1.0),
    )


def _precisions(labels: Scores, scores: Scores) -> list[float]:
    """Return old strict, old relaxed, current strict and current relaxed average precision of one side."""
    best = scores.argmax(axis=1)
    top = np.argsort(-scores.max(axis=1), kind="stable")[: int(len(scores) * KEPT)]
    kept, sure = labels[top, best[top]], scores.max(axis=1)[top]
    old, current = [], []
    for undecided in (0.0, 1.0):
        true = np.where(np.isnan(kept), undecided, kept)
        value = float(average_precision_score(true, sure)) if true.any() else 0.0
        old.append(value)
        current.append(value * float(true.mean()) if len(true) else 0.0)
    return old + current


def words(arguments: Sequence[str], points: Sequence[str]) -> Scores:
    """Return cosines of TF-IDF vectors over words, weighted by the side's own texts."""
    space = TfidfVectorizer(sublinear_tf=True, token_pattern=r"\w+").fit([*arguments, *points])
    return np.asarray((space.transform(arguments) @ space.transform(points).T).toarray())


def characters(arguments: Sequence[str], points: Sequence[str]) -> Scores:
    """Return cosines of TF-IDF vectors over sequences of 3 to 5 characters within words, weighted likewise."""
    space = TfidfVectorizer(sublinear_tf=True, analyzer="char_wb", ngram_range=(3, 5)).fit([*arguments, *points])
    return np.asarray((space.transform(arguments) @ space.transform(points).T).toarray())


def of_model(folder: str | None) -> Iterator[tuple[str, Matcher]]:
    """Yield the matchers that a checkpoint holds."""
    from discourse.classifier import load_model

    model = load_model(folder)
    yield "embeddings", lambda a, p: (model.embed(a) @ model.embed(p).T).astype(np.float64)
    match = matcher_of(model)
    if match is not None:
        yield "match head", lambda a, p: np.reshape(match([(one, other) for one in a for other in p]), (len(a), len(p)))


def quality(folder: Path, part: str, model: str | None) -> None:
    sides = read_sides(folder, part)
    labels = np.concatenate([side.labels.ravel() for side in sides])
    pairs, share = int((~np.isnan(labels)).sum()), float(np.nanmean(labels))
    arguments = sum(len(side.arguments) for side in sides)
    print(f"{len(sides)} sides, {arguments} arguments, {pairs} labeled pairs, {share:.1%} match\n")
    print("| matcher | old strict | old relaxed | current strict | current relaxed | precision at ½ | recall at ½ |")
    print("|---|---:|---:|---:|---:|---:|---:|")
    for name, matcher in [("TF-IDF, words", words), ("TF-IDF, characters", characters), *of_model(model)]:
        got = rate(sides, [matcher(side.arguments, side.points) for side in sides])
        values = [got.old_strict, got.old_relaxed, got.current_strict, got.current_relaxed]
        half = [f"{got.precision:.2f}", f"{got.recall:.2f}"] if name == "match head" else ["–", "–"]
        print(f"| {name} | {' | '.join([f'{value:.3f}' for value in values] + half)} |", flush=True)


def generated(size: int, seed: int = 0) -> LabeledThread:
    """Make a labeled thread of comments of 5 to 60 invented words in sentences of a dozen."""
    random = np.random.default_rng(seed)
    vocabulary = np.array(["".join(random.choice(list("aeioulnrstm"), random.integers(2, 9))) for _ in range(3000)])
    rank = 1 / np.arange(1, len(vocabulary) + 1)
    comments, labels = [], []

    def verdict(names: Sequence[str]) -> Verdict:
        scores = random.dirichlet(np.full(len(names), 0.3))
        best = int(scores.argmax())
        return Verdict(names[best], float(scores[best]), tuple(scores.tolist()), bool(scores[best] < 0.5))

    for place in range(size):
        said = random.choice(vocabulary, random.integers(5, 60), p=rank / rank.sum())
        pieces = [" ".join(said[start : start + 12]).capitalize() for start in range(0, len(said), 12)]
        parent = str(random.integers(place)) if place and random.random() < 0.7 else None
        author = f"a{int(random.pareto(1.2) * 10)}"
        comments.append(Comment(str(place), "t", parent, text=". ".join(pieces) + ".", author=author, lang="en"))
        labels.append(Label(str(place), "x", verdict(STANCES), None, verdict(ARGUMENTS)))
    return LabeledThread(build_thread(comments, id="t", targets=["x"]), tuple(labels), ("x",))


def cost(sizes: Sequence[int], folder: str | None) -> None:
    """Time the whole summary of one thread, key points included, in seconds of one core."""
    import torch

    from discourse.classifier import load_model

    torch.set_num_threads(1)
    model = load_model(folder)
    match = matcher_of(model)
    print("| comments | summary | of it embeddings | of it matching | pairs |\n|---:|---:|---:|---:|---:|")
    for size in sizes:
        labeled, spent = generated(size), {"embed": 0.0, "match": 0.0}

        def timed(name: str, work: Callable, spent: dict[str, float] = spent) -> Callable:
            def call(items: Sequence) -> NDArray[np.float32]:
                start = time.process_time()
                found = work(items)
                spent[name] += time.process_time() - start
                return found

            return call

        start = time.process_time()
        (summary,) = summarize(labeled, timed("embed", model.embed), timed("match", match) if match else None)
        total = time.process_time() - start
        pairs = sum(side.pairs for side in summary.point_sides)
        print(f"| {size:,} | {total:.1f} s | {spent['embed']:.1f} s | {spent['match']:.1f} s | {pairs} |", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--argkp", type=Path, help="folder of the shared task's data; else quality is not measured")
    parser.add_argument("--part", default="dev", help="dev or train; the released checkpoint never saw dev")
    parser.add_argument("--sizes", type=int, nargs="*", default=[1000, 10_000, 100_000], help="comments of a thread")
    parser.add_argument("--model", help="folder of a checkpoint; else the released one")
    options = parser.parse_args()
    if options.argkp is not None:
        quality(options.argkp, options.part, options.model)
    if options.sizes:
        cost(options.sizes, options.model)


if __name__ == "__main__":
    main()
