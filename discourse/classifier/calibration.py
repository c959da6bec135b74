"""Calibration of a checkpoint, kept in calibration.json: temperature, bias of labels and abstention threshold by head.

Temperature and bias are fitted on the development fold by likelihood (Guo et al. 2017, "On Calibration of Modern Neural
Networks"; the bias takes back what weighting rare labels in training did to their shares). A decision is flagged as
abstained when its probability is under the head's threshold.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path

import msgspec
import numpy as np
import numpy.typing as npt

from discourse.errors import ModelError

Array = npt.NDArray[np.float64]

ABSTAINED = 0.2
"""Share of decisions on the development fold that are flagged: the least sure fifth. Another share is one line here."""


@dataclass(frozen=True, slots=True)
class Calibration:
    """Hold temperatures, abstention thresholds, biases and secondary-type threshold; the defaults change nothing.

    `measured` says on what the values were fitted, `error` the expected calibration error after it, by head.
    """

    temperature: dict[str, float] = field(default_factory=dict)
    threshold: dict[str, float] = field(default_factory=dict)
    bias: dict[str, tuple[float, ...]] = field(default_factory=dict)
    secondary: float = 0.5
    error: dict[str, float] = field(default_factory=dict)
    measured: str = ""

    def adjusted(self, head: str, logits: Array) -> Array:
        """Return logits (…, labels) of a head over its temperature, plus the bias of each label."""
        scaled = np.asarray(logits, dtype=np.float64) / self.temperature.get(head, 1.0)
        return np.asarray(scaled + np.asarray(self.bias.get(head, 0.0)))

    def fitted(self, head: str, logits: Array, gold: npt.NDArray[np.int64]) -> Calibration:
        """Return this with all that concerns one head fitted on logits (n, labels) and the gold labels (n,)."""
        heat, bias = fit_scaling(logits, gold)
        found = replace(self, temperature={**self.temperature, head: round(heat, 4)}, bias={**self.bias, head: bias})
        scores = softmax(found.adjusted(head, logits))
        confidence, right = scores.max(1), scores.argmax(1) == gold
        return replace(
            found,
            threshold={**self.threshold, head: round(fit_threshold(confidence), 4)},
            error={**self.error, head: round(calibration_error(confidence, right), 4)},
        )


SHRINKAGE = 10.0
"""Cost in nats of a squared bias beside the surprise of all rows together: a label of few rows keeps a small one."""


def read_calibration(folder: Path) -> Calibration:
    """Read calibration.json of a checkpoint; a folder without one is uncalibrated. ModelError if it is malformed."""
    path = folder / "calibration.json"
    if not path.is_file():
        return Calibration()
    try:
        return msgspec.json.decode(path.read_bytes(), type=Calibration)
    except msgspec.DecodeError as error:
        raise ModelError(f"{path}: not a calibration file: {error}") from None


def softmax(logits: Array, temperature: float = 1.0) -> Array:
    """Return probabilities (n, labels) of logits (n, labels) at a temperature, in float64."""
    scaled = np.asarray(logits, dtype=np.float64) / temperature
    scaled -= scaled.max(axis=-1, keepdims=True)
    exponents = np.exp(scaled)
    return np.asarray(exponents / exponents.sum(axis=-1, keepdims=True))


def fit_temperature(logits: Array, gold: npt.NDArray[np.int64]) -> float:
    """Return the temperature that makes the gold labels (n,) most likely under logits (n, labels)."""
    from scipy.optimize import minimize_scalar

    def cost(log_temperature: float) -> float:
        return _surprise(softmax(logits, float(np.exp(log_temperature))), gold)

    return float(np.exp(minimize_scalar(cost, bounds=(-1.5, 2.0), method="bounded").x))


def fit_scaling(logits: Array, gold: npt.NDArray[np.int64]) -> tuple[float, tuple[float, ...]]:
    """Return the temperature and the bias of each label, their mean 0, that make the gold labels (n,) most likely.

    A little shrinkage keeps the bias of labels with few rows near 0.
    """
    from scipy.optimize import minimize

    labels = logits.shape[1]

    def cost(values: Array) -> float:
        bias = values[1:] - values[1:].mean()
        return _surprise(softmax(logits / np.exp(values[0]) + bias), gold) + SHRINKAGE / len(gold) * float(
            (bias**2).sum()
        )

    start = np.zeros(labels + 1)
    start[0] = np.log(fit_temperature(logits, gold))
    found = minimize(cost, start, method="L-BFGS-B", bounds=[(-1.5, 2.0), *[(-2.0, 2.0)] * labels]).x
    bias = found[1:] - found[1:].mean()
    return float(np.exp(found[0])), tuple(round(float(value), 4) for value in bias)


def _surprise(probabilities: Array, gold: npt.NDArray[np.int64]) -> float:
    return float(-np.log(probabilities[np.arange(len(gold)), gold] + 1e-12).mean())


def calibration_error(confidence: Array, correct: npt.NDArray[np.bool_], bins: int = 15) -> float:
    """Return the expected calibration error over bins of equal width (Guo et al. 2017); inputs of shape (n,)."""
    edges = np.minimum((confidence * bins).astype(int), bins - 1)
    error = 0.0
    for edge in np.unique(edges):
        inside = edges == edge
        error += float(inside.mean()) * abs(float(confidence[inside].mean()) - float(correct[inside].mean()))
    return error


def error_by_chance(confidence: Array, seed: int = 0) -> float:
    """Return the mean calibration error of a perfectly calibrated model with these confidences (n,).

    On few rows the shares of right decisions scatter about the confidences, and their distance is an error that no
    model can avoid; a measured one no higher is no sign of bad calibration. From 200 draws of rights and wrongs.
    """
    chance = np.random.default_rng(seed)
    draws = (calibration_error(confidence, chance.random(len(confidence)) < confidence) for _ in range(200))
    return float(np.mean(list(draws)))


def fit_threshold(confidence: Array, share: float = ABSTAINED) -> float:
    """Return the confidence under which `share` of the decisions lie; these are flagged as abstained."""
    return float(np.quantile(confidence, share))
