"""Set guessed reply links beside the truth and simple rules: accuracy, calibration, precision by coverage."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

BINS = 10
THRESHOLDS = (0.0, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)
DRAWS = 1000


@dataclass(frozen=True, slots=True)
class Result:
    """Hold one comment guessed: positions, None for the thread as a whole; what each rule says beside it."""

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


@dataclass(frozen=True, slots=True)
class Point:
    """Hold what is linked at a threshold: links, their share of all comments, right ones among them, replies found."""

    threshold: float
    links: int
    coverage: float
    precision: float
    found: float


def rules(results: Sequence[Result]) -> dict[str, np.ndarray]:
    """Return which comments each rule gets right; `named` is -1 where nobody is named."""
    named = [one.named != -1 for one in results]
    return {
        "the previous comment": np.array([one.previous == one.truth for one in results]),
        "the post": np.array([one.truth is None for one in results]),
        "the named author's last comment": np.array([one.named == one.truth for one in results]),
        "the same, else the previous": np.array(
            [(one.named if has else one.previous) == one.truth for one, has in zip(results, named, strict=True)]
        ),
        "the same, else the post": np.array(
            [(one.named if has else None) == one.truth for one, has in zip(results, named, strict=True)]
        ),
    }


def interval(results: Sequence[Result], values: np.ndarray) -> tuple[float, float]:
    """Return the 95 % interval of a mean, by drawing whole threads."""
    names, owner = np.unique([one.thread for one in results], return_inverse=True)
    sums = np.bincount(owner, values, minlength=len(names))
    sizes = np.bincount(owner, minlength=len(names))
    drawn = np.random.default_rng(0).integers(0, len(names), (DRAWS, len(names)))
    low, high = np.quantile(sums[drawn].sum(axis=1) / sizes[drawn].sum(axis=1), [0.025, 0.975])
    return float(low), float(high)


def calibration_error(results: Sequence[Result]) -> float:
    """Return the expected calibration error over bins with equally many guesses."""
    sure = np.array([one.confidence for one in results])
    right = np.array([one.right for one in results], dtype=float)
    parts = np.array_split(np.argsort(sure), BINS)
    return float(sum(abs(sure[part].sum() - right[part].sum()) for part in parts) / len(results))


def curve(results: Sequence[Result]) -> list[Point]:
    """Return what is linked at each threshold; a quote is linked at any."""
    replies = sum(one.truth is not None for one in results)
    points = []
    for threshold in THRESHOLDS:
        made = [one for one in results if one.guessed is not None and (one.quoted or one.confidence >= threshold)]
        right = sum(one.right for one in made)
        points.append(
            Point(threshold, len(made), len(made) / len(results), right / max(1, len(made)), right / max(1, replies))
        )
    return points


def report(title: str, results: Sequence[Result]) -> None:
    """Print accuracy against the rules, calibration, and precision by coverage."""
    right = np.array([one.right for one in results], dtype=float)
    low, high = interval(results, right)
    print(f"\n{title}: n = {len(results)} comments of {len({one.thread for one in results})} threads")
    print(f"  guessed                          {right.mean():.3f}  [{low:.3f}, {high:.3f}]")
    for name, hits in rules(results).items():
        low, high = interval(results, right - hits)
        print(f"  {name:32} {hits.mean():.3f}  ahead by {(right - hits).mean():+.3f} [{low:+.3f}, {high:+.3f}]")
    print(f"  calibration error                {calibration_error(results):.3f}")
    print("  | threshold | links | share of comments linked | precision | share of replies found |")
    for point in curve(results):
        print(
            f"  | {point.threshold:.1f} | {point.links:,} | {point.coverage:.3f} | {point.precision:.3f} "
            f"| {point.found:.3f} |"
        )


def picture(curves: Sequence[tuple[str, str, Sequence[Point]]]) -> str:
    """Draw curves of precision (up) by share of replies found (across) as SVG; each has a name and a color."""
    width, height, left, top, side = 480, 330, 60, 20, 250

    def place(found: float, precision: float) -> str:
        return f"{left + found * 380:.1f},{top + (1 - (precision - 0.5) * 2) * side:.1f}"

    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" font-family="sans-serif" '
        'font-size="12">',
        f'<rect width="{width}" height="{height}" fill="#fff"/>',
        f'<path d="M{left},{top}V{top + side}H{left + 380}" fill="none" stroke="#555"/>',
    ]
    for tick in (0.0, 0.2, 0.4, 0.6, 0.8, 1.0):
        lines.append(f'<text x="{left + tick * 380}" y="{top + side + 18}" text-anchor="middle">{tick:.1f}</text>')
        lines.append(
            f'<text x="{left - 8}" y="{top + (1 - tick) * side + 4}" text-anchor="end">{0.5 + tick / 2:.1f}</text>'
        )
    for number, (name, color, points) in enumerate(curves):
        path = " ".join(place(point.found, point.precision) for point in points)
        lines.append(f'<polyline points="{path}" fill="none" stroke="{color}" stroke-width="2"/>')
        for point in points:
            x, y = place(point.found, point.precision).split(",")
            lines.append(f'<circle cx="{x}" cy="{y}" r="3" fill="{color}"/>')
        lines.append(f'<text x="{left + 12}" y="{top + side - 30 + 16 * number}" fill="{color}">{name}</text>')
    lines.append(f'<text x="{left + 190}" y="{height - 8}" text-anchor="middle">share of replies found</text>')
    lines.append(f'<text transform="translate(16 {top + side / 2}) rotate(-90)" text-anchor="middle">precision</text>')
    return "\n".join([*lines, "</svg>", ""])
