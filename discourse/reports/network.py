"""Draw the camps as discs and the replies between them as arrows; positions are in units of the figure, about pixels.

It does not count: every number comes from a summary, with the selector of its comments.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import atan2, cos, pi, sin, sqrt

from discourse.labels import STANCES, Stance
from discourse.summary import Selector, ThreadSummary


@dataclass(frozen=True, slots=True)
class Node:
    """Place one camp in the network: center and radius in the figure's units, and its comments."""

    stance: Stance
    x: float
    y: float
    radius: float
    count: int
    where: Selector


@dataclass(frozen=True, slots=True)
class Arrow:
    """Draw the replies of one camp to another: a curve and its width, the head's outline, the number's place."""

    stance: Stance
    parent_stance: Stance
    path: str
    head: str
    width: float
    x: float
    y: float
    replies: int
    where: Selector


_PLACES: dict[Stance, tuple[float, float]] = {"favor": (110, 205), "against": (330, 205), "none": (220, 62)}
_LOOPS: dict[Stance, float] = {"favor": pi, "against": 0.0, "none": 0.0}
_BIGGEST, _WIDEST = 40.0, 12.0
"""The figure is 440 wide and 290 high; a disc has at most this radius, an arrow at most this width."""


def network(summary: ThreadSummary) -> tuple[tuple[Node, ...], tuple[Arrow, ...]]:
    """Return the camps as discs (area: comments) and the replies between them as arrows (width: replies)."""
    most = max((summary.stance[name].count for name in STANCES), default=0) or 1
    nodes = []
    for name in STANCES:
        part = summary.stance[name]
        radius = max(9.0, _BIGGEST * sqrt(part.count / most))
        nodes.append(Node(name, *_PLACES[name], radius, part.count, part.where))
    radii = {node.stance: node.radius for node in nodes}
    busiest = max((cell.replies for cell in summary.replies), default=0) or 1
    arrows = []
    for cell in summary.replies:
        if cell.replies:
            width = max(1.2, _WIDEST * cell.replies / busiest)
            shape = _loop if cell.stance == cell.parent_stance else _curve
            path, head, x, y = shape(cell.stance, cell.parent_stance, radii, width)
            sides = cell.stance, cell.parent_stance
            arrows.append(Arrow(*sides, path, head, round(width, 1), x, y, cell.replies, cell.where))
    return tuple(nodes), tuple(arrows)


def _curve(start: Stance, end: Stance, radii: dict[Stance, float], width: float) -> tuple[str, str, float, float]:
    """Bend an arrow to its left, so that the two directions lie apart."""
    (x1, y1), (x2, y2) = _PLACES[start], _PLACES[end]
    dx, dy = x2 - x1, y2 - y1
    bend = 0.22
    cx, cy = (x1 + x2) / 2 + dy * bend, (y1 + y2) / 2 - dx * bend
    out, into = atan2(cy - y1, cx - x1), atan2(y2 - cy, x2 - cx)
    long = _head_length(width)
    x1, y1 = x1 + cos(out) * (radii[start] + 3), y1 + sin(out) * (radii[start] + 3)
    x2, y2 = x2 - cos(into) * (radii[end] + 3 + long), y2 - sin(into) * (radii[end] + 3 + long)
    path = f"M{x1:.1f} {y1:.1f}Q{cx:.1f} {cy:.1f} {x2:.1f} {y2:.1f}"
    return path, _head(x2, y2, into, width), round((x1 + x2) / 4 + cx / 2, 1), round((y1 + y2) / 4 + cy / 2, 1)


def _loop(stance: Stance, _: Stance, radii: dict[Stance, float], width: float) -> tuple[str, str, float, float]:
    """Draw a loop on the outer side of a disc."""
    x, y = _PLACES[stance]
    side, reach, long = _LOOPS[stance], radii[stance] + 3, _head_length(width)
    open_angle = 0.55
    a, b = side - open_angle, side + open_angle
    out = reach + 44
    ax, ay = x + reach * cos(a), y + reach * sin(a)
    bx, by = x + (reach + long) * cos(b), y + (reach + long) * sin(b)
    wide = open_angle + 0.25
    c1x, c1y = x + out * cos(side - wide), y + out * sin(side - wide)
    c2x, c2y = x + (out + long) * cos(side + wide * 0.8), y + (out + long) * sin(side + wide * 0.8)
    path = f"M{ax:.1f} {ay:.1f}C{c1x:.1f} {c1y:.1f} {c2x:.1f} {c2y:.1f} {bx:.1f} {by:.1f}"
    mx, my = (ax + bx + 3 * (c1x + c2x)) / 8, (ay + by + 3 * (c1y + c2y)) / 8
    return path, _head(bx, by, b + pi, width), round(mx, 1), round(my, 1)


def _head_length(width: float) -> float:
    return 7 + width * 0.7


def _head(x: float, y: float, angle: float, width: float) -> str:
    """Outline an arrow head whose base is at a point, looking along an angle."""
    half = 3.5 + width * 0.75
    tip = x + cos(angle) * _head_length(width), y + sin(angle) * _head_length(width)
    one = x - sin(angle) * half, y + cos(angle) * half
    two = x + sin(angle) * half, y - cos(angle) * half
    return "M" + "L".join(f"{px:.1f} {py:.1f}" for px, py in (one, tip, two)) + "z"
