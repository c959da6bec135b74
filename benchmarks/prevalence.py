"""Do the intervals cover? Shares of predicted labels, calibrated intervals, and estimates from a sample, side by side.

Populations of 2,000 comments are made with authors who write unequally much and mostly stay on their side, and with a
model that is wrong in a direction: it misses the rarer side and is surer than it should be. From each, samples are
drawn by `discourse sample` and labeled truly; an interval covers if it holds the true share of its population.

    python benchmarks/prevalence.py [--rounds 200] [--populations 10]
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from collections.abc import Iterator

import numpy as np

from discourse.gold.rows import GoldLabel
from discourse.gold.sampling import sample
from discourse.labels import ARGUMENTS, STANCES, Label, LabeledThread, Verdict
from discourse.summary.prevalence import correct_shares
from discourse.summary.rollup import roll_up
from discourse.table import to_table
from discourse.threads import Comment, build_thread

SIZE = 2000
TRUE = np.array([0.15, 0.45, 0.40])
SEEN = np.array([[0.45, 0.10, 0.45], [0.05, 0.75, 0.20], [0.05, 0.30, 0.65]])
"""How often the model sees each stance (column) in comments of each true stance (row)."""


def population(seed: int, size: int = SIZE) -> tuple[LabeledThread, dict[str, str]]:
    """Make a labeled thread and the true stance of each comment."""
    random = np.random.default_rng(seed)
    weights = 1 / np.arange(1, size // 4 + 1)
    authors = random.choice(size // 4, size, p=weights / weights.sum())
    side = random.choice(3, size // 4, p=TRUE)
    true = np.where(random.random(size) < 0.7, side[authors], random.choice(3, size, p=TRUE))
    luck = random.random(size) * 0.5 + random.random(size // 4)[authors] * 0.5
    seen = (np.cumsum(SEEN[true], axis=1) < luck[:, None]).sum(axis=1).clip(0, 2)
    sure = random.beta(6, 2, size) * 0.6 + 0.4
    rest = (1 - sure)[:, None] * random.dirichlet(np.ones(3), size)
    scores = rest + sure[:, None] * np.eye(3)[seen]
    comments = [Comment(str(i), "t", text=f"comment {i}", author=f"a{authors[i]}") for i in range(size)]
    argument = Verdict("fact", 1.0, tuple(float(name == "fact") for name in ARGUMENTS))
    labels = []
    for i in range(size):
        best = int(scores[i].argmax())
        verdict = Verdict(STANCES[best], float(scores[i, best]), tuple(scores[i].tolist()))
        labels.append(Label(str(i), "x", verdict, None, argument))
    thread = build_thread(comments, id="t", targets=["x"])
    return LabeledThread(thread, tuple(labels), ("x",)), {str(i): STANCES[true[i]] for i in range(size)}


def rounds(populations: int, repeats: int, draws: list[tuple[str, int]], seed: int = 0) -> Iterator[tuple]:
    """Yield (draw, labels, method, stance, covered, width, error) of each interval."""
    for number in range(populations):
        labeled, truth = population(seed + number)
        share = {name: np.mean([value == name for value in truth.values()]) for name in STANCES}
        counted = roll_up(labeled, "x").stance
        for name in STANCES:
            held = counted[name]
            naive = 1.96 * np.sqrt(held.share * (1 - held.share) / SIZE)
            yield "–", 0, "predicted", name, abs(held.share - share[name]) <= naive, 2 * naive, held.share - share[name]
            covers = held.interval.low <= share[name] <= held.interval.high
            width = held.interval.high - held.interval.low
            yield "–", 0, "calibrated", name, covers, width, held.soft_share - share[name]
        table = to_table(labeled)
        for repeat in range(repeats):
            for strategy, size in draws:
                drawn = sample(table, size, strategy, seed=10_000 * number + repeat, fields=["stance"])
                gold = [
                    GoldLabel("t", draw.comment_id, "x", "stance", truth[draw.comment_id], probability=draw.probability)
                    for draw in drawn
                ]
                for method in ("dsl", "ppi++"):
                    for one in correct_shares([labeled], gold, method).overall:
                        covers = one.low <= share[one.label] <= one.high
                        yield (
                            strategy,
                            size,
                            method,
                            one.label,
                            covers,
                            one.high - one.low,
                            one.share - share[one.label],
                        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=200, help="samples of each population")
    parser.add_argument("--populations", type=int, default=10)
    options = parser.parse_args()
    draws = [(how, size) for how in ("uniform", "stratified", "uncertainty") for size in (30, 50, 100, 300)]
    found = defaultdict(list)
    for how, size, method, name, covered, width, error in rounds(options.populations, options.rounds, draws):
        found[how, size, method, name].append((covered, width, error))
    print("| sample | labels | method | stance | intervals | cover | mean width | bias |")
    print("|---|---:|---|---|---:|---:|---:|---:|")
    for (how, size, method, name), values in found.items():
        covered, width, error = np.mean(values, axis=0)
        print(f"| {how} | {size} | {method} | {name} | {len(values)} | {covered:.3f} | {width:.3f} | {error:+.3f} |")


if __name__ == "__main__":
    main()
