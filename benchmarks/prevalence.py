"""Do the intervals cover? Shares of predicted labels, calibrated intervals, and estimates from a sample, side by side.

Ten settings, each a thread of comments whose authors write unequally much and mostly stay on their side, read by a
model that errs in a direction: it misses a rare side, sees one everywhere, is surer than it should be. From each,
samples are drawn by `discourse sample` and labeled truly; an interval covers if it holds the true share of its thread.
The naive interval is share ± 1.96 √(share (1 − share) / n), as if predicted labels were facts.

    python benchmarks/prevalence.py [--rounds 200] [--settings NAME …]
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from discourse.gold.sampling import Strategy, sample
from discourse.labels import ARGUMENTS, STANCES, Label, LabeledThread, Verdict
from discourse.summary.prevalence import Part, estimate_part
from discourse.summary.rollup import roll_up
from discourse.summary.sheet import make_sheet
from discourse.table import to_table
from discourse.threads import Comment, build_thread

LABELS = (30, 50, 100, 300)
STRATEGIES: tuple[Strategy, ...] = ("uniform", "stratified", "uncertainty")
METHODS = ("dsl", "ppi++")
COLUMNS = ["thread_id", "comment_id", "parent_id", "target", "kind", "status", "stance", "stance_confidence", "text"]
"""Columns of the labeled table that a draw for the stance reads."""

USUAL = ((0.45, 0.10, 0.45), (0.05, 0.75, 0.20), (0.05, 0.30, 0.65))
"""How often the model sees each stance (column) in comments of each true stance (row): it misses what is in favor."""
SHARP = ((0.90, 0.03, 0.07), (0.03, 0.90, 0.07), (0.04, 0.04, 0.92))
SHY = ((0.15, 0.05, 0.80), (0.02, 0.40, 0.58), (0.01, 0.02, 0.97))
EAGER = ((0.50, 0.45, 0.05), (0.02, 0.95, 0.03), (0.10, 0.55, 0.35))
BLIND = ((0.33, 0.33, 0.34), (0.33, 0.33, 0.34), (0.33, 0.33, 0.34))
MIRROR = ((0.30, 0.60, 0.10), (0.60, 0.30, 0.10), (0.20, 0.20, 0.60))


@dataclass(frozen=True, slots=True)
class Setting:
    """Describe a thread and its model; `loyal` is how often an author keeps his side, `steep` the Zipf exponent."""

    name: str
    size: int = 2000
    people: int = 500
    steep: float = 1.0
    loyal: float = 0.7
    true: tuple[float, float, float] = (0.15, 0.45, 0.40)
    seen: tuple[tuple[float, float, float], ...] = USUAL
    sure: float = 0.4


SETTINGS = (
    Setting("misses favor"),
    Setting("favor is 4 %", true=(0.04, 0.56, 0.40)),
    Setting("shy: sees none", true=(0.35, 0.30, 0.35), seen=SHY),
    Setting("sees against", true=(0.30, 0.20, 0.50), seen=EAGER),
    Setting("sharp", seen=SHARP, sure=0.7),
    Setting("blind, very sure", seen=BLIND, sure=0.9),
    Setting("mirrors the sides", true=(0.30, 0.50, 0.20), seen=MIRROR, sure=0.6),
    Setting("one author in four", steep=1.6, loyal=0.9),
    Setting("forty loyal people", people=40, loyal=0.95),
    Setting("400 comments", size=400, people=400, steep=0.0),
)


class Found(NamedTuple):
    """Hold one interval: how it was made, whether it holds the true share, its width and error."""

    setting: str
    sample: str
    labels: int
    method: str
    stance: str
    covered: bool
    width: float
    error: float


def population(setting: Setting, seed: int) -> tuple[LabeledThread, dict[str, str]]:
    """Make a labeled thread and the true stance of each comment."""
    random = np.random.default_rng(seed)
    size, people = setting.size, setting.people
    weights = 1 / np.arange(1, people + 1) ** setting.steep
    authors = random.choice(people, size, p=weights / weights.sum())
    side = random.choice(3, people, p=setting.true)
    true = np.where(random.random(size) < setting.loyal, side[authors], random.choice(3, size, p=setting.true))
    luck = random.random(size) * 0.5 + random.random(people)[authors] * 0.5  # one person is misread in one way
    seen = (np.cumsum(np.asarray(setting.seen)[true], axis=1) < luck[:, None]).sum(axis=1).clip(0, 2)
    sure = random.beta(6, 2, size) * (1 - setting.sure) + setting.sure
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


def intervals(setting: Setting, repeats: int, seed: int) -> Iterator[Found]:
    """Yield the intervals of one setting: of the predicted labels alone, then of each sample."""
    labeled, truth = population(setting, seed)
    true = {name: sum(value == name for value in truth.values()) / len(truth) for name in STANCES}
    yield from _without_sample(setting, labeled, true)
    sheet, table = make_sheet(labeled, "x"), to_table(labeled).select(COLUMNS)
    codes = np.asarray([STANCES.index(truth[comment.id]) for comment in sheet.comments])
    for repeat in range(repeats):
        for strategy in STRATEGIES:
            for size in LABELS:
                gold, chance = np.full(len(codes), -1), np.full(len(codes), np.nan)
                for draw in sample(table, size, strategy, seed=10_000 * seed + repeat, fields=["stance"]):
                    place = int(draw.comment_id)
                    gold[place], chance[place] = codes[place], draw.probability
                part = Part("stance", sheet.stance.scores, sheet.stance.codes, sheet.authors, gold, chance)
                for method in METHODS:
                    for one in estimate_part(part, method):
                        share = true[one.label]
                        covered, width = one.low <= share <= one.high, one.high - one.low
                        error = one.share - share
                        yield Found(setting.name, strategy, size, method, one.label, covered, width, error)


def _without_sample(setting: Setting, labeled: LabeledThread, true: dict[str, float]) -> Iterator[Found]:
    counted = roll_up(labeled, "x").stance
    for name in STANCES:
        held, share = counted[name], true[name]
        naive = 1.96 * np.sqrt(held.share * (1 - held.share) / setting.size)
        error = held.share - share
        yield Found(setting.name, "–", 0, "naive", name, abs(error) <= naive, 2 * naive, error)
        covered, width = held.interval.low <= share <= held.interval.high, held.interval.high - held.interval.low
        yield Found(setting.name, "–", 0, "calibrated", name, covered, width, held.soft_share - share)


def table(found: Iterable[Found], by: tuple[str, ...]) -> Iterator[str]:
    """Yield a Markdown table of intervals grouped by some of their columns.

    `least` is the coverage in the worst setting of the group, `bias` the largest mean error of a stance in a setting.
    """
    groups: defaultdict[tuple[object, ...], list[Found]] = defaultdict(list)
    for one in found:
        groups[tuple(getattr(one, name) for name in by)].append(one)
    yield f"| {' | '.join(by)} | intervals | cover | least | mean width | mean error, absolute | bias |"
    yield "|---" * len(by) + "|---:|---:|---:|---:|---:|---:|"
    for key, held in groups.items():
        covered, width, error = np.asarray([(one.covered, one.width, abs(one.error)) for one in held]).mean(axis=0)
        least = min(_means((one.setting, one.covered) for one in held))
        bias = max(abs(mean) for mean in _means(((one.setting, one.stance), one.error) for one in held))
        said = f"{len(held)} | {covered:.3f} | {least:.3f} | {width:.3f} | {error:.3f} | {bias:.3f}"
        yield f"| {' | '.join(map(str, key))} | {said} |"


def _means(pairs: Iterable[tuple[object, float]]) -> list[float]:
    """Return the mean of each group of values."""
    groups: defaultdict[object, list[float]] = defaultdict(list)
    for key, value in pairs:
        groups[key].append(value)
    return [float(np.mean(values)) for values in groups.values()]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=200, help="samples of each setting, kind and size")
    parser.add_argument("--settings", nargs="*", default=[one.name for one in SETTINGS])
    options = parser.parse_args()
    chosen = [(seed, one) for seed, one in enumerate(SETTINGS) if one.name in options.settings]
    found = [interval for seed, one in chosen for interval in intervals(one, options.rounds, seed)]
    for by in (("method", "sample", "labels"), ("method", "setting"), ("method", "setting", "sample", "labels")):
        print(*table(found, by), sep="\n", end="\n\n")


if __name__ == "__main__":
    main()
