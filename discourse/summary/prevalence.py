"""Corrected shares: what people's labels of a sample say of all comments, with confidence intervals that cover.

A share of predicted labels is biased by what the model gets wrong, however many comments there are. A sample drawn by
chance, of which each comment's probability is known, measures that bias:

- `dsl`, design-based supervised learning (Egami, Hinck, Stewart & Wei 2023): the mean of the predictions over all
  comments plus the mean error over the sample, each error weighted by 1 / probability;
- `ppi++` (Angelopoulos, Duchi & Zrnic 2023): the same with the predictions multiplied by the factor that makes the
  variance least, so that it is never worse than the sample alone.

Predictions are the calibrated probabilities. The estimate is of the true share among these very comments, so that
the doubt is that of the draw alone: Hájek's variance for samples of fixed size (1964), within strata of equal
probability where a stratified draw shows, errors summed within authors, bounds by Wilson at Student's quantile for the
authors sampled. Sampled comments that nobody labeled are taken to be missing at random.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from discourse.errors import InputError
from discourse.gold.rows import GoldLabel, Unit
from discourse.labels import FIELDS, Field, LabeledThread
from discourse.summary.counts import ratio
from discourse.summary.intervals import DIGITS, Z95, wilson
from discourse.summary.sheet import Floats, Ints, make_sheet
from discourse.summary.words import Estimate, Method, Plan

LEAST_GOLD = 30
"""Labeled comments below which nothing is estimated: benchmarks/prevalence.py finds intervals too short at 20."""

HALF_WIDTHS = (0.1, 0.05, 0.03, 0.02)
_STRATA = 12
"""Different probabilities up to which a sample is taken as stratified: there are at most 11 labels, and all others."""


@dataclass(frozen=True, slots=True)
class ThreadEstimates:
    """Hold the estimates of one thread towards one target; empty for a field with too few labels."""

    thread_id: str
    target: str | None
    estimates: tuple[Estimate, ...]


@dataclass(frozen=True, slots=True)
class FieldLabels:
    """Count the gold labels of one field that could be used."""

    field: Field
    labels: int


@dataclass(frozen=True, slots=True)
class Prevalence:
    """Hold the estimates over all threads and of each thread; `unused` gold labels had no probability or no comment.

    `fields` tells how many labels each field has over all threads: under `LEAST_GOLD` nothing is estimated.
    """

    overall: tuple[Estimate, ...]
    threads: tuple[ThreadEstimates, ...]
    used: int
    unused: int
    fields: tuple[FieldLabels, ...] = ()

    def by_thread(self) -> dict[tuple[str, str | None], tuple[Estimate, ...]]:
        """Return the estimates of each thread and target."""
        return {(one.thread_id, one.target): one.estimates for one in self.threads}


@dataclass(frozen=True, slots=True)
class Part:
    """Hold one field of n comments: probabilities, shape (n, labels), codes, authors, gold codes and their chance.

    Codes are -1 where there is none, chances NaN; a comment with a gold code has a chance.
    """

    field: Field
    scores: Floats
    codes: Ints
    authors: Ints
    gold: Ints
    chance: Floats


def correct_shares(labeled: Iterable[LabeledThread], gold: Iterable[GoldLabel], *methods: Method) -> Prevalence:
    """Estimate every share from predictions and a sample of people's labels (one a unit, see `gold.settle`).

    By `dsl` unless other methods are named. Raises InputError if no gold label has a sampling probability.
    """
    methods = methods or ("dsl",)
    held = tuple(gold)
    usable = {label.unit: label for label in held if label.probability is not None and label.probability > 0}
    if not usable:
        raise InputError("the gold table: no label has the probability of being sampled; draw with discourse sample")
    threads: list[ThreadEstimates] = []
    parts: dict[Field, list[Part]] = {field: [] for field in FIELDS}
    people: dict[str, int] = {}
    used: set[Unit] = set()
    for thread in labeled:
        for target in thread.targets or (None,):
            own = _parts(thread, target, usable, people, used)
            found = tuple(estimate for method in methods for part in own for estimate in estimate_part(part, method))
            threads.append(ThreadEstimates(thread.thread.id, target, found))
            for part in own:
                parts[part.field].append(part)
    joined = [_joined(several) for several in parts.values() if several]
    overall = tuple(estimate for method in methods for part in joined for estimate in estimate_part(part, method))
    fields = tuple(FieldLabels(part.field, int((part.gold >= 0).sum())) for part in joined)
    return Prevalence(overall, tuple(threads), len(used), len(held) - len(used), fields)


def _parts(
    labeled: LabeledThread, target: str | None, gold: dict[Unit, GoldLabel], people: dict[str, int], used: set[Unit]
) -> list[Part]:
    """Return each field's labeled comments with the gold labels that are known of them.

    `people` numbers the authors across threads, `used` gathers the gold labels that were found. A label of another
    field than the stance may do without a target.
    """
    sheet = make_sheet(labeled, target)
    code_of = np.asarray([people.setdefault(name, len(people)) for name in sheet.names] + [-1], dtype=np.int64)
    parts = []
    for judged in sheet.judged:
        places = np.flatnonzero(judged.labeled)
        codes = np.full(len(places), -1, dtype=np.int64)
        chances = np.full(len(places), np.nan)
        for row, place in enumerate(places.tolist()):
            unit = (labeled.thread.id, sheet.comments[place].id, target, judged.field)
            found = gold.get(unit) or (None if judged.field == "stance" else gold.get((*unit[:2], None, judged.field)))
            if found is not None and found.probability is not None and found.label in FIELDS[judged.field]:
                codes[row] = FIELDS[judged.field].index(found.label)
                chances[row] = found.probability
                used.add(found.unit)
        authors = code_of[sheet.authors[places]]
        parts.append(Part(judged.field, judged.scores[places], judged.codes[places], authors, codes, chances))
    return parts


def _joined(parts: Sequence[Part]) -> Part:
    columns = ((p.scores, p.codes, p.authors, p.gold, p.chance) for p in parts)
    return Part(parts[0].field, *(np.concatenate(column) for column in zip(*columns, strict=True)))


def estimate_part(part: Part, method: Method) -> list[Estimate]:
    """Estimate the share of each label of a field; nothing with too few gold labels."""
    sampled = part.gold >= 0
    if sampled.sum() < LEAST_GOLD:
        return []
    from scipy.stats import t as student  # takes half a second to import, and only estimates need it

    alone = int(part.authors.max(initial=-1)) + 1 + np.arange(len(part.authors))
    clusters = np.where(part.authors >= 0, part.authors, alone)[sampled]
    groups = len(np.unique(clusters))
    chance = np.clip(part.chance[sampled], 1e-9, 1.0)
    found = []
    for code, label in enumerate(FIELDS[part.field]):
        y = (part.gold[sampled] == code).astype(np.float64)
        factor = 1.0 if method == "dsl" else _power(y, part.scores[sampled, code], 1 / chance)
        errors = y - factor * part.scores[sampled, code]
        center = factor * float(part.scores[:, code].mean()) + float(np.average(errors, weights=1 / chance))
        variance = _variance(errors, chance, clusters, len(part.gold)) + _unseen(center, chance, len(part.gold))
        bounds = wilson(center, variance, float(student.ppf(0.975, max(groups - 1, 1))))
        found.append(
            Estimate(
                field=part.field,
                label=label,
                method=method,
                share=round(min(max(center, 0.0), 1.0), DIGITS),
                low=bounds.low,
                high=bounds.high,
                predicted=ratio(int((part.codes == code).sum()), len(part.codes)) or 0.0,
                gold=int(sampled.sum()),
                gold_authors=groups,
                plans=_plans(errors, chance, len(part.gold)),
            )
        )
    return found


def first_method(estimates: Iterable[Estimate], field: Field) -> dict[str, Estimate]:
    """Return a field's estimates by the first of their methods: label → estimate; empty without any."""
    own = [one for one in estimates if one.field == field]
    return {one.label: one for one in own if one.method == own[0].method}


def plans_of(estimates: Iterable[Estimate], field: Field) -> tuple[Plan, ...]:
    """Say how many more labels bring every share of a field within each half-width that is not reached yet."""
    most: dict[float, int] = {}
    for one in first_method(estimates, field).values():
        for plan in one.plans:
            most[plan.half_width] = max(most.get(plan.half_width, 0), plan.labels)
    return tuple(Plan(half, labels) for half, labels in most.items() if labels)


def _power(y: Floats, predicted: Floats, weights: Floats) -> float:
    """Return the factor of the predictions that makes the variance least: Cov(y, p) / Var(p), weighted, in 0…1.5."""
    center = np.average(predicted, weights=weights)
    spread = float(np.average((predicted - center) ** 2, weights=weights))
    if spread < 1e-12:
        return 0.0
    together = float(np.average((predicted - center) * (y - np.average(y, weights=weights)), weights=weights))
    return min(max(together / spread, 0.0), 1.5)


def _variance(errors: Floats, chance: Floats, clusters: Ints, size: int) -> float:
    """Return the variance of the weighted mean error over samples drawn like this one.

    `chance` is scaled by the share of the sample that was labeled, so that (1 - chance) is what remains unknown.
    """
    weights = 1 / chance
    reached = np.minimum(chance * min(1.0, float(weights.sum()) / size), 1.0)
    residual = errors - np.average(errors, weights=weights)
    unknown = np.sqrt(1 - reached)
    values, strata, counts = np.unique(chance, return_inverse=True, return_counts=True)
    if 1 < len(values) <= _STRATA and counts.min() > 1:
        residual = errors - (np.bincount(strata, errors) / counts)[strata]
        unknown = unknown * np.sqrt(counts / (counts - 1))[strata]
    terms = weights * unknown * residual / weights.sum()
    _, members = np.unique(clusters, return_inverse=True)
    sums = np.bincount(members, terms)
    return float(sums @ sums) * len(sums) / max(len(sums) - 1, 1)


def _unseen(center: float, chance: Floats, size: int) -> float:
    """Return the variance that a sample too small to show a rare label lacks.

    As Agresti and Coull (1998) do for a plain share, one comment that has the label and one that has not are added: in
    a sample of n they add some (1 - share)² + share² to the squares of n + 2 errors. It vanishes as 1 / n².
    """
    weights = 1 / chance
    effective = float(weights.sum()) ** 2 / float((weights**2).sum())
    share = min(max(center, 0.0), 1.0)
    return ((1 - share) ** 2 + share**2) / (effective + 2) ** 2 * (1 - min(1.0, len(chance) / size))


def _plans(errors: Floats, chance: Floats, size: int) -> tuple[Plan, ...]:
    """Say how many more uniform labels reach each half-width: n = n₀ / (1 + n₀ / N), n₀ = z² S² / h² (Cochran)."""
    spread = float(np.average((errors - np.average(errors, weights=1 / chance)) ** 2, weights=1 / chance))
    plans = []
    for half in HALF_WIDTHS:
        wanted = Z95**2 * spread / half**2
        labels = int(np.ceil(wanted / (1 + wanted / size)))
        plans.append(Plan(half, max(0, labels - len(errors))))
    return tuple(plans)
