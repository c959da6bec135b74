"""Key points: how well matchers tell which arguments make which point, and what key points cost.

    python benchmarks/keypoints.py [--argkp ARGKP] [--part dev] [--sizes 1000 10000 100000] [--model DIR]

What is timed is the whole summary of a generated thread, on one core; a checkpoint without a matcher is timed with a
stand-in that takes 12 ms a text. Quality is measured where ARGKP is given: the folder kpm_data of the shared task
KPA-2021 (github.com/IBM/KPA_2021_shared_task, Apache 2.0) with arguments_PART.csv, key_points_PART.csv and
labels_PART.csv. Every argument is scored against the key points of its motion and side: by TF-IDF over words and over
character sequences, by the cosine of the encoder as it came (--encoder) alone and with the latter added, by that of the
classifier's embeddings, and by the matcher of the checkpoint where it has one.

Each argument is paired with its best key point, the better half of a side's pairs is kept, and their average precision
is averaged over sides. A pair without a label (annotators undecided) counts as no match (strict) or as one (relaxed).
*Old* is the metric of the shared task and of the papers of 2021. *Current* is the official script since 2021-09-23: the
average precision of a side is multiplied by the share of matches among the kept pairs, so that it is 1 only if every
kept pair matches.
"""

from __future__ import annotations

import argparse
import csv
import json
import time
import zlib
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.feature_extraction.text import TfidfVectorizer

from discourse.classifier.matching_quality import Side, rate
from discourse.labels import ARGUMENTS, STANCES, Label, LabeledThread, Verdict
from discourse.run_summaries import matcher_of
from discourse.summary import summarize
from discourse.summary.keypoints import Match
from discourse.threads import Comment, build_thread

WRITTEN = Path(__file__).parent.parent / "models" / "written"
MATCHER = "matcher of key points"
SLOW = 0.012
"""Seconds that the stand-in takes for a text."""
SPELLING = 0.2
"""Weight of the likeness of spelling beside a cosine; 0.1 to 0.4 are within 0.04 of each other."""

Scores = NDArray[np.float64]
Matcher = Callable[[Sequence[str], Sequence[str]], Scores]
"""Score n arguments and m key points of one side, shape (n, m)."""


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
            key[0],
            "en",
            tuple(row["argument"] for row in arguments[key]),
            tuple(row["key_point"] for row in points[key]),
            np.array(
                [[labels.get((a["arg_id"], p["key_point_id"]), np.nan) for p in points[key]] for a in arguments[key]]
            ),
        )
        for key in sorted(arguments)
        if points[key]
    ]


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
        yield MATCHER, lambda a, p: match(a, p).astype(np.float64)


def of_encoder(folder: str) -> Iterator[tuple[str, Matcher]]:
    """Yield the cosines of an encoder as it came, and with likeness of spelling added."""
    from transformers import AutoTokenizer

    from discourse.classifier.matching import Matcher as Pooling
    from discourse.classifier.matching import MatcherFacts
    from discourse.classifier.network import from_encoder

    facts = MatcherFacts(rank=0, first_layer=0, slope=1.0, offset=0.0)
    plain = Pooling(from_encoder(folder, 0).bert, AutoTokenizer.from_pretrained(folder), facts)

    def cosines(arguments: Sequence[str], points: Sequence[str]) -> Scores:
        return (plain.vectors(arguments) @ plain.vectors(points).T).astype(np.float64)

    yield "encoder as it came", cosines
    yield "encoder as it came, and characters", lambda a, p: cosines(a, p) + SPELLING * characters(a, p)


def quality(folder: Path, part: str, model: str | None, encoder: str | None) -> None:
    sides = read_sides(folder, part)
    labels = np.concatenate([side.labels.ravel() for side in sides])
    pairs, share = int((~np.isnan(labels)).sum()), float(np.nanmean(labels))
    arguments = sum(len(side.arguments) for side in sides)
    print(f"{len(sides)} sides, {arguments} arguments, {pairs} labeled pairs, {share:.1%} match\n")
    print("| matcher | old strict | old relaxed | current strict | current relaxed | precision at ½ | recall at ½ |")
    print("|---|---:|---:|---:|---:|---:|---:|")
    spelled = [("TF-IDF, words", words), ("TF-IDF, characters", characters)]
    for name, matcher in [*spelled, *(of_encoder(encoder) if encoder else ()), *of_model(model)]:
        got = rate(sides, [matcher(side.arguments, side.points) for side in sides])
        values = [got.old_strict, got.old_relaxed, got.current_strict, got.current_relaxed]
        half = [f"{got.precision:.2f}", f"{got.recall:.2f}"] if name == MATCHER else ["–", "–"]
        print(f"| {name} | {' | '.join([f'{value:.3f}' for value in values] + half)} |", flush=True)


def written_words() -> list[str]:
    """Return the words of the English comments written for training, in their order."""
    words: list[str] = []
    for path in sorted(WRITTEN.glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            thread = json.loads(line)
            if thread["lang"] == "en":
                words += [word for comment in thread["comments"] for word in comment["text"].split()]
    return words


def generated(size: int, seed: int = 0) -> LabeledThread:
    """Make a labeled thread whose comments are runs of 5 to 60 words of the English threads in models/written.

    Invented words would be three pieces each for the tokenizer, and the figures those of texts thrice as long.
    """
    random = np.random.default_rng(seed)
    words = written_words()
    comments, labels = [], []

    def verdict(names: Sequence[str]) -> Verdict:
        scores = random.dirichlet(np.full(len(names), 0.3))
        best = int(scores.argmax())
        return Verdict(names[best], float(scores[best]), tuple(scores.tolist()), bool(scores[best] < 0.5))

    for place in range(size):
        start = int(random.integers(len(words) - 60))
        said = " ".join(words[start : start + int(random.integers(5, 61))])
        parent = str(random.integers(place)) if place and random.random() < 0.7 else None
        author = f"a{int(random.pareto(1.2) * 10)}"
        comments.append(
            Comment(str(place), "t", parent, text=f"{said[0].upper()}{said[1:]}.", author=author, lang="en")
        )
        labels.append(Label(str(place), "x", verdict(STANCES), None, verdict(ARGUMENTS)))
    return LabeledThread(build_thread(comments, id="t", targets=["x"]), tuple(labels), ("x",))


def stand_in() -> Match:
    """Return a matcher without a model that takes its time for every text it has not seen, and matches one in ten."""
    seen: set[str] = set()

    def match(passages: Sequence[str], points: Sequence[str]) -> NDArray[np.float32]:
        fresh = {*passages, *points} - seen
        seen.update(fresh)
        end = time.process_time() + SLOW * len(fresh)
        while time.process_time() < end:
            pass
        kinds = [np.array([zlib.crc32(text.encode()) % 10 for text in texts]) for texts in (passages, points)]
        return np.where(np.equal.outer(*kinds), 0.9, 0.1).astype(np.float32)

    return match


def cost(sizes: Sequence[int], folder: str | None) -> None:
    """Time the whole summary of one thread, key points included, in seconds of one core."""
    import torch

    from discourse.classifier import load_model

    torch.set_num_threads(1)
    model = load_model(folder)
    own = matcher_of(model)
    print(f"key points by {'the matcher' if own else 'a stand-in of 12 ms a text'}\n")
    match = own or stand_in()
    print("| comments | summary | of it matching | examined | passages |")
    print("|---:|---:|---:|---:|---:|")
    for size in sizes:
        labeled, spent = generated(size), 0.0

        def timed(passages: Sequence[str], points: Sequence[str]) -> NDArray[np.float32]:
            nonlocal spent
            start = time.process_time()
            found = match(passages, points)
            spent += time.process_time() - start
            return found

        start = time.process_time()
        (summary,) = summarize(labeled, match=timed)
        total = time.process_time() - start
        told = " | ".join(
            str(sum(getattr(side, name) for side in summary.point_sides)) for name in ("examined", "passages")
        )
        print(f"| {size:,} | {total:.1f} s | {spent:.1f} s | {told} |", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--argkp", type=Path, help="folder of the shared task's data; else quality is not measured")
    parser.add_argument("--part", default="dev", help="dev or train; the released checkpoint never saw dev")
    parser.add_argument("--sizes", type=int, nargs="*", default=[1000, 10_000, 100_000], help="comments of a thread")
    parser.add_argument("--model", help="folder of a checkpoint; else the released one")
    parser.add_argument("--encoder", help="folder of the encoder as it came (models/convert_encoder.py)")
    options = parser.parse_args()
    if options.argkp is not None:
        quality(options.argkp, options.part, options.model, options.encoder)
    if options.sizes:
        cost(options.sizes, options.model)


if __name__ == "__main__":
    main()
