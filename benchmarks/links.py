"""Train and measure the guessing of reply links on real threads whose links are hidden.

    python benchmarks/links.py measure DUMP...                    accuracy, calibration, coverage and precision
    python benchmarks/links.py train DUMP... -o discourse/links/ranker.json

A dump is anything that `discourse` reads and whose format states replies. Threads are split into folds, never comments:
each fold is guessed by a ranker that saw none of its threads. Needs scikit-learn (the extra `train`).
"""

from __future__ import annotations

import argparse
import hashlib
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import msgspec
import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier

from discourse.links.cues import author_key
from discourse.links.features import FEATURES
from discourse.links.guessing import Case, Walk, guess
from discourse.links.ranker import Ranker, RankerFile, TreeFile
from discourse.readers import read
from discourse.threads import NO_LINK, Comment, Thread

FOLDS = 5
TREES, RATE, DEPTH, LEAF, SHRINK = 150, 0.06, 4, 20, 5.0
"""Boosting settings, chosen by cross-validation on the same folds among depth 3 to 6 and 60 to 300 trees."""
MOST_COMMENTS = 400
"""Comments of one thread that are used, so that one huge thread does not outweigh all others."""
HEAT = np.linspace(0.5, 2.0, 31)
BINS = 10


@dataclass(frozen=True, slots=True)
class Hidden:
    """Hold a thread without its links, and the true parents: positions, None for the thread as a whole."""

    flat: Thread
    truth: tuple[int | None, ...]
    known: tuple[bool, ...]


@dataclass(frozen=True, slots=True)
class Result:
    """Hold one comment guessed: what was said, how surely, and what each rule says."""

    thread: str
    truth: int | None
    guessed: int | None
    confidence: float
    quoted: bool
    previous: int | None
    named: int | None

    @property
    def right(self) -> bool:
        return self.guessed == self.truth


def hide(thread: Thread) -> Hidden:
    """Take the links off a thread; a comment whose parent is not in the dump has no known truth."""
    first = thread.post is not None
    comments = thread.comments[: MOST_COMMENTS + first]
    bare = tuple(replace(comment, parent_id=None) for comment in comments)
    truth = tuple(parent if parent >= first else None for parent in thread.parents[: len(comments)])
    known = tuple(
        comment.parent_id is None or thread.parents[at] >= 0 for at, comment in enumerate(thread.comments[: len(bare)])
    )
    depths = tuple(int(comment.kind != "post") for comment in bare)
    flat = replace(
        thread,
        comments=bare,
        parents=(-1,) * len(bare),
        depths=depths,
        links=(NO_LINK,) * len(bare),
        repairs=(),
        reply_field=False,
    )
    return Hidden(flat, truth, known)


def variants(hidden: Hidden) -> Iterator[Hidden]:
    """Yield the thread as other dumps would hold it: without times, without its post, with the post as a comment."""
    timeless = replace(hidden.flat, comments=tuple(replace(c, created=None) for c in hidden.flat.comments))
    chance = int(hashlib.sha256(hidden.flat.id.encode()).hexdigest(), 16) % 4
    yield hidden
    yield replace(hidden, flat=timeless)
    if hidden.flat.post is not None and chance == 0:
        yield _without_post(replace(hidden, flat=timeless))
    if hidden.flat.post is not None and chance == 1:
        yield _post_as_comment(hidden)


def _without_post(hidden: Hidden) -> Hidden:
    flat = hidden.flat
    cut = replace(
        flat, comments=flat.comments[1:], parents=flat.parents[1:], depths=flat.depths[1:], links=flat.links[1:]
    )
    truth = tuple(parent - 1 if parent is not None else None for parent in hidden.truth[1:])
    return Hidden(cut, truth, hidden.known[1:])


def _post_as_comment(hidden: Hidden) -> Hidden:
    first: Comment = replace(hidden.flat.comments[0], kind="comment")
    flat = replace(hidden.flat, comments=(first, *hidden.flat.comments[1:]), depths=(1,) * len(hidden.truth))
    return Hidden(flat, (None, *(0 if parent is None else parent for parent in hidden.truth[1:])), hidden.known)


def load(paths: Iterable[str]) -> list[Hidden]:
    """Read dumps, keep the threads that have replies."""
    threads = (thread for path in paths for thread in read([path]) if thread.reply_field and len(thread) > 1)
    return [hide(thread) for thread in threads if any(parent > 0 for parent in thread.parents)]


def cases(hidden: Hidden) -> Iterator[tuple[Case, int]]:
    """Yield each comment with a known parent that is among its candidates, and which candidate that is.

    Earlier comments are decided as the truth has it.
    """
    walk = Walk(hidden.flat)
    start = hidden.flat.post is not None
    for position in walk.order:
        if position < start:
            continue
        case = walk.describe(position)
        parent = hidden.truth[position]
        if hidden.known[position] and parent in case.candidates and len(case.candidates) > 1 and case.origin is None:
            yield case, case.candidates.index(parent)
        walk.decide(position, parent)


def fit(examples: Sequence[tuple[Case, int]]) -> tuple[TreeFile, ...]:
    """Train boosted trees to tell the parent among candidates; their sums are scores."""
    table = np.concatenate([case.table for case, _ in examples])
    target = np.concatenate([np.arange(len(case.candidates)) == right for case, right in examples])
    model = HistGradientBoostingClassifier(
        max_iter=TREES,
        learning_rate=RATE,
        max_depth=DEPTH,
        min_samples_leaf=LEAF,
        l2_regularization=SHRINK,
        early_stopping=False,
        random_state=0,
    ).fit(table, target)
    return tuple(_tree(stage[0].nodes) for stage in model._predictors)


def _tree(nodes: np.ndarray) -> TreeFile:
    """Copy one tree out of scikit-learn's structured array of nodes."""
    leaf = nodes["is_leaf"].astype(bool)
    return TreeFile(
        feature=np.where(leaf, -1, nodes["feature_idx"]).tolist(),
        threshold=[float(f"{value:.6g}") for value in np.where(leaf, 0.0, nodes["num_threshold"])],
        left=nodes["left"].tolist(),
        right=nodes["right"].tolist(),
        value=[round(float(value), 5) for value in np.where(leaf, nodes["value"], 0.0)],
    )


def ranker_of(trees: Sequence[TreeFile], heat: float = 1.0, threshold: float = 0.0, trained_on: str = "") -> RankerFile:
    return RankerFile(list(FEATURES), list(trees), heat, threshold, trained_on)


def best_heat(trees: Sequence[TreeFile], examples: Sequence[tuple[Case, int]]) -> float:
    """Return the temperature under which held-out parents are most probable."""
    ranker = Ranker(ranker_of(trees))
    scores = [(ranker.scores(case.table), right) for case, right in examples]

    def surprise(heat: float) -> float:
        return float(np.mean([np.logaddexp.reduce(one / heat) - one[right] / heat for one, right in scores]))

    return float(min(HEAT, key=surprise))


def folds_of(threads: Sequence[Hidden]) -> list[int]:
    """Spread threads over folds by a hash of their ids, so that the split does not depend on their order."""
    return [int(hashlib.sha256(one.flat.id.encode()).hexdigest(), 16) // 4 % FOLDS for one in threads]


def cross_guess(threads: Sequence[Hidden]) -> Iterator[Result]:
    """Guess every thread by a ranker that was trained on the other folds; the temperature comes from a third part."""
    folds = folds_of(threads)
    examples = [[case for variant in variants(one) for case in cases(variant)] for one in threads]
    for held in range(FOLDS):
        warm = (held + 1) % FOLDS
        rest = [case for each, fold in zip(examples, folds, strict=True) if fold not in (held, warm) for case in each]
        tempering = [case for each, fold in zip(examples, folds, strict=True) if fold == warm for case in each]
        heat = best_heat(fit(rest), tempering)
        ranker = Ranker(ranker_of(fit(rest + tempering), heat))
        for one, fold in zip(threads, folds, strict=True):
            if fold == held:
                yield from results(one, ranker)


def results(hidden: Hidden, ranker: Ranker) -> Iterator[Result]:
    """Guess one thread, comment after comment, and set the guesses beside the truth and the rules."""
    flat = hidden.flat
    start = flat.post is not None
    open_positions = frozenset(range(start, len(flat.comments)))
    last: dict[str, int] = {}
    previous: int | None = None
    for found in guess(flat, open_positions, ranker):
        at = found.position
        if hidden.known[at]:
            named = named_last(flat, at, last)
            yield Result(
                thread=flat.id,
                truth=hidden.truth[at],
                guessed=found.parent,
                confidence=found.confidence,
                quoted=found.evidence == "quote",
                previous=previous,
                named=previous if named is None else named,
            )
        previous = at
        last[author_key(flat.comments[at].author)] = at


def named_last(flat: Thread, at: int, last: dict[str, int]) -> int | None:
    """Return the last comment of the author whom a comment names above a quote or by `@`."""
    comment = flat.comments[at]
    names = [author_key(quote.author) for quote in comment.quotes]
    names += [author_key(word.rstrip(",.:;!?")) for word in comment.text.split() if word.startswith("@")]
    return next((last[name] for name in names if name and name in last), None)


def rules(found: Sequence[Result]) -> dict[str, np.ndarray]:
    return {
        "the previous comment": np.array([one.previous == one.truth for one in found]),
        "the post": np.array([one.truth is None for one in found]),
        "the named author's last, else previous": np.array([one.named == one.truth for one in found]),
    }


def interval(found: Sequence[Result], values: np.ndarray) -> tuple[float, float]:
    """Return the 95 % interval of a mean, by drawing whole threads 1,000 times."""
    names, owner = np.unique([one.thread for one in found], return_inverse=True)
    sums = np.bincount(owner, values, minlength=len(names))
    sizes = np.bincount(owner, minlength=len(names))
    drawn = np.random.default_rng(0).integers(0, len(names), (1000, len(names)))
    means = sums[drawn].sum(axis=1) / sizes[drawn].sum(axis=1)
    low, high = np.quantile(means, [0.025, 0.975])
    return float(low), float(high)


def calibration_error(found: Sequence[Result]) -> float:
    """Return the expected calibration error over bins with equally many guesses."""
    order = np.argsort([one.confidence for one in found])
    parts = np.array_split(order, BINS)
    gaps = [
        len(part) * abs(np.mean([found[at].confidence for at in part]) - np.mean([found[at].right for at in part]))
        for part in parts
    ]
    return float(np.sum(gaps) / len(found))


def report(title: str, found: Sequence[Result]) -> None:
    """Print accuracy against the rules, calibration, and precision by coverage."""
    right = np.array([one.right for one in found], dtype=float)
    low, high = interval(found, right)
    print(f"\n{title}: n = {len(found)} comments of {len({one.thread for one in found})} threads")
    print(f"  guessed                                  {right.mean():.3f}  [{low:.3f}, {high:.3f}]")
    for name, hits in rules(found).items():
        low, high = interval(found, right - hits)
        print(f"  {name:40} {hits.mean():.3f}  ahead by {(right - hits).mean():+.3f} [{low:+.3f}, {high:+.3f}]")
    print(f"  calibration error                        {calibration_error(found):.3f}")
    print("  links made at a threshold                share of replies   precision")
    for threshold in (0.0, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9):
        made = [one for one in found if one.guessed is not None and one.confidence >= threshold]
        replies = sum(one.truth is not None for one in found)
        precision = np.mean([one.right for one in made]) if made else float("nan")
        share = sum(one.right for one in made) / max(1, replies)
        print(f"    {threshold:.1f}  {len(made):6}  {share:.3f}  {precision:.3f}")


def measure(paths: Sequence[str]) -> None:
    found = list(cross_guess(load(paths)))
    report("All comments", found)
    report("Without a quote whose source is in the thread", [one for one in found if not one.quoted])


def train(paths: Sequence[str], out: Path, threshold: float) -> None:
    threads = load(paths)
    folds = folds_of(threads)
    examples = [[case for variant in variants(one) for case in cases(variant)] for one in threads]
    part = [case for each, fold in zip(examples, folds, strict=True) if fold for case in each]
    held = [case for each, fold in zip(examples, folds, strict=True) if not fold for case in each]
    heat = best_heat(fit(part), held)
    trees = fit(part + held)
    note = f"{len(part) + len(held)} comments of {len(threads)} threads, each with and without times"
    out.write_bytes(msgspec.json.encode(ranker_of(trees, heat, threshold, note)) + b"\n")
    print(f"{out}: {note}; temperature {heat:.2f}; {out.stat().st_size // 1024} KiB")


def main(arguments: Sequence[str]) -> None:
    parser = argparse.ArgumentParser(description="Train and measure the guessing of reply links")
    parser.add_argument("task", choices=("measure", "train"))
    parser.add_argument("dumps", nargs="+")
    parser.add_argument("-o", "--out", type=Path, default=Path("discourse/links/ranker.json"))
    parser.add_argument("--threshold", type=float, default=0.6)
    options = parser.parse_args(arguments)
    if options.task == "measure":
        measure(options.dumps)
    else:
        train(options.dumps, options.out, options.threshold)


if __name__ == "__main__":
    main(sys.argv[1:])
