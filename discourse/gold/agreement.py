"""Agreement between annotators on nominal labels: Krippendorff's α, Cohen's and Fleiss' κ, percent agreement.

Everything is a function of counts per unit (a comment towards a target), so that the bootstrap over units is one
matrix product. Sources: Krippendorff (2011), "Computing Krippendorff's Alpha-Reliability"; Cohen (1960), Educational
and Psychological Measurement 20; Fleiss (1971), Psychological Bulletin 76; Efron and Tibshirani (1993), percentile
intervals.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, count
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from discourse.gold.rows import ADJUDICATOR, GoldLabel, Unit
from discourse.gold.settling import MAJORITY
from discourse.labels import FIELDS, Field

Floats: TypeAlias = npt.NDArray[np.float64]

REPLICATES = 2000
"""Bootstrap replicates: the ends of a 95 % interval then vary by some 2 % of its width between seeds."""

UNNAMED = "?"
"""What stands, with a number, for an annotator without a name."""

_BLOCK = 100
"""Replicates drawn at a time, so that 100,000 units take 80 MB."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """Hold a value and its 95 % bootstrap interval; None where it is not defined (no variation, too few units)."""

    value: float | None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class PairAgreement:
    """Hold the agreement of two annotators on the units that both labeled."""

    first: str
    second: str
    units: int
    percent: Estimate
    cohen: Estimate


@dataclass(frozen=True, slots=True)
class Agreement:
    """Hold the agreement on one field, in one language or (None) in all.

    `units` were labeled by two or more annotators. `fleiss` is None where the number of annotators varies between
    units, which it does not allow. `confusion[i][j]` is the coincidence of labels i and j: pairs of annotators of one
    unit, each counted with weight 1 / (annotators - 1), so that all of it sums to the number of labels.
    """

    field: Field
    language: str | None
    units: int
    ratings: int
    annotators: tuple[str, ...]
    percent: Estimate
    alpha: Estimate
    fleiss: Estimate | None
    pairs: tuple[PairAgreement, ...]
    labels: tuple[str, ...]
    confusion: tuple[tuple[float, ...], ...]


def measure_agreement(
    labels: Iterable[GoldLabel],
    languages: Mapping[tuple[str, str], str] | None = None,
    *,
    replicates: int = REPLICATES,
    seed: int = 0,
) -> tuple[Agreement, ...]:
    """Measure agreement per field, over all languages and in each; settled labels are not counted.

    `languages` maps (thread id, comment id) to a language, where known. Several labels of one unit without an
    annotator's name are those of several people.
    """
    votes: dict[Unit, dict[str, str]] = defaultdict(dict)
    for label in labels:
        if label.annotator not in (ADJUDICATOR, MAJORITY):
            given = votes[label.unit]
            given[label.annotator or _unnamed(given)] = label.label
    measured = []
    for field in FIELDS:
        of_field = {unit: given for unit, given in votes.items() if unit[3] == field}
        if not of_field:
            continue
        measured.append(_measure(field, None, list(of_field.values()), replicates, seed))
        by_language: dict[str, list[dict[str, str]]] = defaultdict(list)
        for unit, given in of_field.items():
            by_language[(languages or {}).get((unit[0], unit[1]), "und")].append(given)
        if languages is not None:
            measured += [_measure(field, lang, by_language[lang], replicates, seed) for lang in sorted(by_language)]
    return tuple(measured)


def _unnamed(given: Mapping[str, str]) -> str:
    """Name the next of the annotators of a unit who have no name."""
    return next(name for number in count(1) if (name := f"{UNNAMED}{number}") not in given)


def krippendorff_alpha(counts: Floats) -> float | None:
    """Return nominal α of counts, shape (units, labels): how many annotators gave each label to each unit."""
    return _alpha(_coincidences(counts).sum(0))


def cohen_kappa(table: Floats) -> float | None:
    """Return Cohen's κ of a square table: how often the first annotator said i and the second j."""
    total = table.sum()
    if not total:
        return None
    observed = float(np.trace(table) / total)
    expected = float(table.sum(0) @ table.sum(1) / total**2)
    return _chance_corrected(observed, expected)


def fleiss_kappa(counts: Floats) -> float | None:
    """Return Fleiss' κ of counts, shape (units, labels); None if units have different numbers of annotators."""
    sizes = counts.sum(1)
    if not len(sizes) or sizes[0] < 2 or (sizes != sizes[0]).any():
        return None
    return _chance_corrected(_agreement(counts), float(((counts.sum(0) / counts.sum()) ** 2).sum()))


def _measure(
    field: Field, language: str | None, votes: Sequence[Mapping[str, str]], replicates: int, seed: int
) -> Agreement:
    names = FIELDS[field]
    shared = [given for given in votes if len(given) > 1]
    counts = np.array([[list(given.values()).count(name) for name in names] for given in shared], float)
    counts = counts.reshape(len(shared), len(names))
    coincidences = _coincidences(counts)
    total = coincidences.sum(0)
    percents = _percent_of(counts)
    sums = _resampled(np.hstack([coincidences.reshape(len(shared), len(names) ** 2), counts, percents[:, None]]),
                      replicates, seed)  # fmt: skip
    tables = sums[:, : len(names) ** 2].reshape(-1, len(names), len(names))
    percent = sums[:, -1] / max(len(shared), 1)
    people = tuple(sorted({annotator for given in votes for annotator in given}))
    fleiss = fleiss_kappa(counts)
    label_sums = sums[:, len(names) ** 2 : -1]
    chance = ((label_sums / max(counts.sum(), 1)) ** 2).sum(1)
    fleiss_replicates = [_chance_corrected(float(o), float(e)) for o, e in zip(percent, chance, strict=True)]
    pairs = (_pair(first, second, shared, names, replicates, seed) for first, second in combinations(people, 2))
    return Agreement(
        field=field,
        language=language,
        units=len(shared),
        ratings=sum(map(len, votes)),
        annotators=people,
        percent=_estimate(_agreement(counts) if shared else None, percent),
        alpha=_estimate(_alpha(total), [_alpha(table) for table in tables]),
        fleiss=None if fleiss is None else _estimate(fleiss, fleiss_replicates),
        pairs=tuple(pair for pair in pairs if pair.units),
        labels=names,
        confusion=tuple(tuple(map(float, row)) for row in total),
    )


def _resampled(values: Floats, replicates: int, seed: int) -> Floats:
    """Return the sums of the rows of `values` over bootstrap samples of them, shape (replicates, columns)."""
    units = len(values)
    if units < 2:
        return np.zeros((0, values.shape[1]))
    rng = np.random.default_rng(seed)
    sums = []
    for _ in range(0, replicates, _BLOCK):
        drawn = rng.multinomial(units, np.full(units, 1 / units), min(_BLOCK, replicates)).astype(float)
        sums.append(drawn @ values)
    result: Floats = np.vstack(sums)
    return result


def _pair(
    first: str, second: str, votes: Sequence[Mapping[str, str]], names: Sequence[str], replicates: int, seed: int
) -> PairAgreement:
    table = np.zeros((len(names), len(names)))
    for given in votes:
        if first in given and second in given:
            table[names.index(given[first]), names.index(given[second])] += 1
    units = int(table.sum())
    kappas: list[float | None] = []
    percents: list[float] = []
    if units > 1:
        tables = np.random.default_rng(seed).multinomial(units, table.ravel() / units, replicates).astype(float)
        tables = tables.reshape(-1, *table.shape)
        observed = np.trace(tables, axis1=1, axis2=2) / units
        expected = (tables.sum(1) * tables.sum(2)).sum(1) / units**2
        percents = [float(share) for share in observed]
        kappas = [_chance_corrected(float(o), float(e)) for o, e in zip(observed, expected, strict=True)]
    percent = float(np.trace(table) / units) if units else None
    return PairAgreement(first, second, units, _estimate(percent, percents), _estimate(cohen_kappa(table), kappas))


def _coincidences(counts: Floats) -> Floats:
    """Return the coincidence matrix of each unit, shape (units, labels, labels); units with one label give zeros."""
    sizes = counts.sum(1)
    usable = np.where(sizes > 1, sizes - 1, np.inf)[:, None, None]
    pairs = counts[:, :, None] * counts[:, None, :] - counts[:, :, None] * np.eye(counts.shape[1])
    result: Floats = pairs / usable
    return result


def _alpha(coincidences: Floats) -> float | None:
    totals = coincidences.sum(0)
    number = totals.sum()
    if number < 2:
        return None
    expected = (number**2 - (totals**2).sum()) / (number - 1)
    if expected <= 0:
        return None  # everybody always said the same: nothing shows that they could tell labels apart
    return float(1 - (number - np.trace(coincidences)) / expected)


def _percent_of(counts: Floats) -> Floats:
    """Return the share of agreeing pairs of annotators of each unit; units have two or more."""
    sizes = counts.sum(1)
    shares: Floats = (counts * (counts - 1)).sum(1) / np.maximum(sizes * (sizes - 1), 1)
    return shares


def _agreement(counts: Floats) -> float:
    return float(_percent_of(counts).mean())


def _chance_corrected(observed: float, expected: float) -> float | None:
    return None if expected >= 1 else (observed - expected) / (1 - expected)


def _estimate(value: float | None, replicates: Iterable[float | None]) -> Estimate:
    """Join a value and the 2.5th and 97.5th percentile of its replicates, those not defined left out."""
    known = [float(one) for one in replicates if one is not None]
    if value is None or not known:
        return Estimate(value)
    low, high = np.percentile(known, [2.5, 97.5])
    return Estimate(value, float(low), float(high))
