"""The selections of the page, evaluated on the labeled table by other means than the page's or the summary's."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl, quote, unquote

from recount import comments_of
from recount_people import people
from selectolax.lexbor import LexborHTMLParser, LexborNode

Row = dict[str, Any]


def rows_of(table: list[Row]) -> list[Row]:
    """Return the comments of the labeled table, with what the page derives from it."""
    found: list[Row] = []
    for thread_id, target in dict.fromkeys((row["thread_id"], row["target"]) for row in table):
        _, comments = comments_of(table, thread_id, target)
        camps = {one["author"]: one["camp"] for one in people(comments)[0]}
        for row in comments:
            parent = row["parent"] or {}
            row |= {"parent_author": parent.get("author"), "parent_stance": parent.get("stance")}
            row["camp"] = camps.get(row["author"])
            row["under"] = {row["comment_id"]} | parent.get("under", set())
            row["created"] = row["created"] and row["created"].strftime("%Y-%m-%dT%H:%M:%S")
        found += comments
    return found


def holds(row: Row, key: str, value: str) -> bool:
    """Tell whether a comment fits one parameter of an address."""
    column, _, test = key.partition(".")
    if column == "all":
        return True
    found = row[column]
    if column in ("under", "secondary"):
        return value in found
    if column == "repairs":
        return any(repair.startswith(value) for repair in found)
    if test in ("empty", "not"):
        return found is None if test == "empty" else found != value
    if found is None:
        return False
    if test:
        bound = int(value) if column == "depth" else value
        return bool(found >= bound if test == "from" else found < bound)
    said = {True: "yes", False: "no"}.get(found, found) if isinstance(found, bool) else str(found)
    return said in {unquote(part) for part in value.split(",")}


def picked(rows: list[Row], href: str, targets: list[str | None]) -> list[Row]:
    """Return the comments that an address of the page selects."""
    path, _, query = href.removeprefix("#").partition("?")
    parts = dict(parse_qsl(query, keep_blank_values=True))
    target = targets[int(parts.pop("target", 0))]
    return [
        row
        for row in rows
        if row["target"] == target
        and path in ("", quote(row["thread_id"], safe=""))
        and all(holds(row, key, value) for key, value in parts.items())
    ]


def values_of(node: LexborNode) -> Iterator[Row]:
    """Yield the values that an element and its attributes say."""
    for name, value in node.attributes.items():
        if name.startswith("data-with") and value:
            yield json.loads(value)


def number_links(page: LexborHTMLParser | LexborNode) -> Iterator[tuple[str, int, LexborNode]]:
    """Yield every link of the page that shows a number of comments, with the number."""
    for link in page.css("a[href*='?']"):
        values = [value for node in [link, *link.css("[data-with]")] for value in values_of(node)]
        numbers = [value["n"] for value in values if "n" in value]
        if numbers:
            yield link.attributes["href"] or "", numbers[0], link
