"""How long a run is to take: what is to be read, and how fast the model is on the first of it."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from discourse.classifier import Model
    from discourse.readers import Reading

TIMED_COMMENTS = 64
"""Comments that the forecast times: under 3 seconds on two cores."""

WORTH_TELLING = 10.0
"""Seconds from which the forecast names the time for key points."""


@dataclass(slots=True)
class Survey:
    """Hold what is to be read: comments, their characters, those of them for key points, and the first to time.

    A comment costs its characters (up to what windows read) and some for its context; key points read each once more,
    of a large thread a sample.
    """

    comments: int = 0
    characters: int = 0
    compared: float = 0.0
    first: list[str] = field(default_factory=list)

    def add(self, texts: Sequence[str], most: int) -> None:
        """Count the comments of one thread, of which at most so many are read for key points."""
        self.comments += len(texts)
        self.characters += sum(map(_cost, texts))
        self.compared += sum(map(len, texts)) * min(1.0, most / max(1, len(texts)))
        self.first += texts[: TIMED_COMMENTS - len(self.first)]


def _cost(text: str) -> int:
    return min(len(text), 8000) + 150


def survey_of(reading: Reading) -> Survey:
    """Read once without labeling, and count what is there."""
    from discourse.summary.keypoints.examining import EXAMINED, NEUTRAL

    survey = Survey()
    for thread in reading:
        survey.add([comment.text for comment in thread.replies], 2 * EXAMINED + NEUTRAL)
    return survey


def forecast(survey: Survey, model: Model, *, key_points: bool) -> str:
    """Say how long a run is expected to take, timing the model on the first comments where that is worth it."""
    if survey.comments <= TIMED_COMMENTS:
        return f"labeling takes a few seconds on {model.device} ({model.name}, {model.precision})"
    from discourse.classifier.inputs import Example

    examples = [Example(text) for text in survey.first]
    model.predict(examples[:8])  # the first pass also warms up
    clock = time.monotonic()
    model.predict(examples)
    rate = sum(map(_cost, survey.first)) / max(time.monotonic() - clock, 1e-3)
    said = (
        f"labeling takes about {_spoken(survey.characters / rate)} on {model.device} ({model.name}, {model.precision})"
    )
    more = survey.compared / rate
    return f"{said}; key points up to {_spoken(more)} more" if key_points and more >= WORTH_TELLING else said


def _spoken(seconds: float) -> str:
    if seconds < 100:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 6000 else f"{seconds / 3600:.1f} h"
