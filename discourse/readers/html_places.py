"""Find the elements of a page that hold one comment each, and which of them stands in which."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from selectolax.lexbor import LexborNode

from discourse.readers.html_page import Page


@dataclass(frozen=True, slots=True)
class Place:
    """Say where a comment stands on a page: its element, its id, and the id of the comment it is placed under."""

    node: LexborNode
    id: str
    parent: str | None = None


def enclosing(nodes: Sequence[LexborNode]) -> list[int | None]:
    """Return for each element, in page order, the position of the nearest of them that it stands in; linear."""
    position = {node.mem_id: index for index, node in enumerate(nodes)}
    owner: dict[int, int | None] = {}
    found: list[int | None] = []
    for node in nodes:
        passed = []
        step = node.parent
        while step is not None and step.mem_id not in position and step.mem_id not in owner:
            passed.append(step.mem_id)
            step = step.parent
        around = None if step is None else position.get(step.mem_id, owner.get(step.mem_id))
        owner.update(dict.fromkeys(passed, around))
        found.append(around)
    return found


def numbered(page: Page, selector: str, pattern: re.Pattern[str], name: str = "id") -> list[Place]:
    """List the elements whose attribute bears a comment's number, each with the number it stands under."""
    return placed(*numbered_nodes(page, selector, pattern, name))


def numbered_nodes(
    page: Page, selector: str, pattern: re.Pattern[str], name: str = "id"
) -> tuple[list[LexborNode], list[str]]:
    """List the elements whose attribute bears a comment's number, and the numbers, in page order."""
    nodes: list[LexborNode] = []
    ids: list[str] = []
    for node in page.tree.css(selector):
        match = pattern.search(node.attributes.get(name) or "")
        if match:
            nodes.append(node)
            ids.append(next(group for group in match.groups() if group))
    return nodes, ids


def placed(nodes: Sequence[LexborNode], ids: Sequence[str]) -> list[Place]:
    """Place each element under the one it stands in.

    An element inside another one of the same number belongs to it ("li-comment-5" around "comment-5").
    """
    return [
        Place(node, own, ids[around] if around is not None else None)
        for node, own, around in zip(nodes, ids, enclosing(nodes), strict=True)
        if around is None or ids[around] != own
    ]


def drop(root: LexborNode, selector: str) -> None:
    """Remove what a selector finds below an element, inner elements before outer ones."""
    for node in reversed(root.css(selector)):
        if node.mem_id != root.mem_id:
            node.decompose()
