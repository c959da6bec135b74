"""What annotators settle on: the majority, the adjudicator's word where there is one, and what is left to discuss."""

from __future__ import annotations

import csv
import os
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace

from discourse.errors import OutputError
from discourse.gold.cells import guarded
from discourse.gold.rows import ADJUDICATOR, GoldLabel, Unit

MAJORITY = "majority"
"""The annotator's name that the label of a majority gets."""


@dataclass(frozen=True, slots=True)
class Disagreement:
    """Hold one thing that annotators labeled differently: who said what, and the adjudicator's word if it was given."""

    unit: Unit
    votes: tuple[tuple[str | None, str], ...]
    adjudicated: str | None = None


@dataclass(frozen=True, slots=True)
class Settled:
    """Hold one label a unit, and the units on which a vote is tied."""

    labels: tuple[GoldLabel, ...]
    ties: tuple[Disagreement, ...]


def settle(labels: Iterable[GoldLabel]) -> Settled:
    """Return one label a unit: the adjudicated one, else that of the most annotators; ties have none."""
    settled: list[GoldLabel] = []
    ties: list[Disagreement] = []
    for unit, given in _by_unit(labels).items():
        ruling = _ruling(given)
        if ruling is not None:
            settled.append(replace(ruling, probability=_probability(given)))
            continue
        ranked = Counter(label.label for label in given).most_common()
        if len(ranked) > 1 and ranked[0][1] == ranked[1][1]:
            ties.append(_disagreement(unit, given))
            continue
        winner = next(label for label in given if label.label == ranked[0][0])
        by = winner.annotator if len(given) == 1 else MAJORITY
        settled.append(replace(winner, annotator=by, probability=_probability(given), note=None))
    return Settled(tuple(settled), tuple(ties))


def disagreements(labels: Iterable[GoldLabel]) -> tuple[Disagreement, ...]:
    """List the units that annotators labeled differently, in order of first appearance."""
    found = (_disagreement(unit, given) for unit, given in _by_unit(labels).items())
    return tuple(one for one in found if len({label for _, label in one.votes}) > 1)


def write_disagreements(found: Iterable[Disagreement], path: str | os.PathLike[str]) -> None:
    """Write disagreements as CSV, to be discussed: a line each, with an empty label for the adjudicator to fill in.

    The file is a gold table: once filled in, it settles what it lists.
    """
    names = ("thread_id", "comment_id", "target", "field", "label", "annotator", "note")
    try:
        with open(path, "w", encoding="utf-8", newline="") as out:
            writer = csv.writer(out)
            writer.writerow(names)
            for one in found:
                votes = "; ".join(f"{annotator or '?'}: {label}" for annotator, label in one.votes)
                thread_id, comment_id, target, field = one.unit
                cells = (thread_id, comment_id, target, field, one.adjudicated, ADJUDICATOR, votes)
                writer.writerow([guarded(cell) if cell else cell for cell in cells])
    except OSError as error:
        raise OutputError(f"{path}: cannot be written ({error.strerror}); name a folder you may write to") from error


def _by_unit(labels: Iterable[GoldLabel]) -> dict[Unit, list[GoldLabel]]:
    """Group by unit; of several labels by one annotator the last counts."""
    units: dict[Unit, dict[object, GoldLabel]] = {}
    for number, label in enumerate(labels):
        votes = units.setdefault(label.unit, {})
        votes[label.annotator if label.annotator is not None else number] = label
    return {unit: list(votes.values()) for unit, votes in units.items()}


def _ruling(given: list[GoldLabel]) -> GoldLabel | None:
    return next((label for label in given if label.annotator == ADJUDICATOR), None)


def _probability(given: list[GoldLabel]) -> float | None:
    return next((label.probability for label in given if label.probability is not None), None)


def _disagreement(unit: Unit, given: list[GoldLabel]) -> Disagreement:
    ruling = _ruling(given)
    votes = tuple((label.annotator, label.label) for label in given if label.annotator != ADJUDICATOR)
    return Disagreement(unit, votes, None if ruling is None else ruling.label)
