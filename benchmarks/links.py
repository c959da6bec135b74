"""Train and measure the guessing of reply links on real threads whose links are hidden.

    python benchmarks/links.py measure DUMP... [--also DUMP...] [--picture FILE]
    python benchmarks/links.py train DUMP... [--also DUMP...] -o discourse/links/ranker.json

A dump is anything that `discourse` reads and whose format states replies. Threads are split into folds, never comments:
each fold is guessed by a ranker that saw none of its threads. Threads of `--also` are trained on in every fold, at a
lower weight, and never measured. Needs scikit-learn (the extra `train`).
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
from link_boosting import Example, best_heat, fit, ranker_of, scored
from link_figures import Result, curve, picture, report

from discourse.links.cues import author_key
from discourse.links.guessing import Walk, guess
from discourse.links.ranker import Ranker, TreeFile
from discourse.readers import read
from discourse.threads import NO_LINK, Comment, Thread

FOLDS = 5
ALSO = 0.2
"""Weight of a comment of the dumps that are only trained on."""
MOST_COMMENTS = 400
"""Comments of one thread that are used, so that one huge thread does not outweigh all others."""
NOBODY = -1


@dataclass(frozen=True, slots=True)
class Hidden:
    """Hold a thread without its links, and the true parents: positions, None for the thread as a whole."""

    flat: Thread
    truth: tuple[int | None, ...]
    known: tuple[bool, ...]


@dataclass(frozen=True, slots=True)
class Fold:
    """Hold a ranker's trees and the threads that they have not seen, with the scores of their comments."""

    trees: tuple[TreeFile, ...]
    held: tuple[Hidden, ...]
    scores: tuple[tuple[np.ndarray, int], ...]


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
    bare = timeless(hidden)
    chance = int(hashlib.sha256(hidden.flat.id.encode()).hexdigest(), 16) % 4
    yield hidden
    yield bare
    if hidden.flat.post is not None and chance == 0:
        yield _without_post(bare)
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


def timeless(hidden: Hidden) -> Hidden:
    """Take the times off a thread."""
    return replace(hidden, flat=_without_times(hidden.flat))


def _without_times(flat: Thread) -> Thread:
    return replace(flat, comments=tuple(replace(comment, created=None) for comment in flat.comments))


def load(paths: Iterable[str]) -> list[Hidden]:
    """Read dumps, keep the threads that have comments."""
    return [hide(thread) for path in paths for thread in read([path]) if thread.reply_field and len(thread)]


def cases(hidden: Hidden) -> Iterator[Example]:
    """Yield each comment with a known parent that is among its candidates.

    Earlier comments are decided as the truth has it.
    """
    walk = Walk(hidden.flat)
    start = hidden.flat.post is not None
    for position in walk.order:
        if position < start:
            continue
        case = walk.describe(position)
        parent = hidden.truth[position]
        if hidden.known[position] and parent in case.candidates and len(case.candidates) > 1:
            yield Example(case.table, case.candidates.index(parent))
        walk.decide(position, parent)


def folds_of(threads: Sequence[Hidden]) -> list[int]:
    """Spread threads over folds by a hash of their ids, so that the split does not depend on their order."""
    return [int(hashlib.sha256(one.flat.id.encode()).hexdigest(), 16) // 4 % FOLDS for one in threads]


def cross_fit(threads: Sequence[Hidden], also: Sequence[Example]) -> list[Fold]:
    """Train one ranker a fold, on the threads of the others."""
    numbers = folds_of(threads)
    examples = [[example for variant in variants(one) for example in cases(variant)] for one in threads]
    folds = []
    for fold in range(FOLDS):
        seen = [example for each, number in zip(examples, numbers, strict=True) if number != fold for example in each]
        unseen = [example for each, number in zip(examples, numbers, strict=True) if number == fold for example in each]
        trees = fit([*seen, *also])
        held = tuple(one for one, number in zip(threads, numbers, strict=True) if number == fold)
        folds.append(Fold(trees, held, tuple(scored(trees, unseen))))
        print(f"fold {fold + 1} of {FOLDS}: {len(seen):,} comments seen, {len(unseen):,} not", file=sys.stderr)
    return folds


def cross_guess(folds: Sequence[Fold], *, times: bool = True) -> Iterator[Result]:
    """Guess every thread by the ranker that has not seen it; the temperature comes from the other folds."""
    for fold in folds:
        heat = best_heat([one for other in folds if other is not fold for one in other.scores])
        ranker = Ranker(ranker_of(fold.trees, heat))
        for one in fold.held:
            yield from results(one if times else timeless(one), ranker)


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
            yield Result(
                thread=flat.id,
                truth=hidden.truth[at],
                guessed=found.parent,
                confidence=found.confidence,
                quoted=found.evidence == "quote",
                previous=previous,
                named=named_last(flat, at, last),
            )
        previous = at
        last[author_key(flat.comments[at].author)] = at


def named_last(flat: Thread, at: int, last: dict[str, int]) -> int:
    """Return the last comment of the author whom a comment names above a quote or by `@`, NOBODY without one."""
    comment = flat.comments[at]
    names = [author_key(quote.author) for quote in comment.quotes]
    names += [author_key(word.rstrip(",.:;!?")) for word in comment.text.split() if word.startswith("@")]
    return next((last[name] for name in names if name and name in last), NOBODY)


def lesser(paths: Sequence[str]) -> list[Example]:
    """Read the dumps that are only trained on; each thread counts once, as it is."""
    return [replace(example, weight=ALSO) for one in load(paths) for example in cases(one)]


def measure(folds: Sequence[Fold], out: Path | None) -> None:
    """Print the figures of threads not trained on; draw the curves."""
    found = list(cross_guess(folds))
    unquoted = [one for one in found if not one.quoted]
    report("All comments", found)
    report("Comments without a quote whose source is in the thread", unquoted)
    with_replies = {one.thread for one in found if one.truth is not None}
    report("Threads with a reply", [one for one in found if one.thread in with_replies])
    report("All comments, without times", list(cross_guess(folds, times=False)))
    if out is not None:
        curves = (("all comments", "#0b6e99", curve(found)), ("without a quote", "#b3541e", curve(unquoted)))
        out.write_text(picture(curves), encoding="utf-8")


def train(threads: Sequence[Hidden], also: Sequence[Example], folds: Sequence[Fold], out: Path, least: float) -> None:
    """Train on all threads, with the temperature of the folds, and write the ranker."""
    examples = [example for one in threads for variant in variants(one) for example in cases(variant)]
    heat = best_heat([one for fold in folds for one in fold.scores])
    note = f"{len(examples):,} comments of {len(threads)} threads, with and without times; {len(also):,} at {ALSO}"
    out.write_bytes(msgspec.json.encode(ranker_of(fit([*examples, *also]), heat, least, note)) + b"\n")
    print(f"{out}: {note}; temperature {heat:.2f}; {out.stat().st_size // 1024} KiB")


def main(arguments: Sequence[str]) -> None:
    parser = argparse.ArgumentParser(description="Train and measure the guessing of reply links")
    parser.add_argument("task", choices=("measure", "train"))
    parser.add_argument("dumps", nargs="+")
    parser.add_argument("--also", nargs="+", default=[], help="dumps that are only trained on, at a lower weight")
    parser.add_argument("--picture", type=Path, help="draw precision by coverage as SVG")
    parser.add_argument("-o", "--out", type=Path, default=Path("discourse/links/ranker.json"))
    parser.add_argument("--threshold", type=float, default=0.6)
    options = parser.parse_args(arguments)
    threads, also = load(options.dumps), lesser(options.also)
    folds = cross_fit(threads, also)
    measure(folds, options.picture)
    if options.task == "train":
        train(threads, also, folds, options.out, options.threshold)


if __name__ == "__main__":
    main(sys.argv[1:])
