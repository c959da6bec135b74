"""Read the small facts of a comment out of its element: words, times, scores."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime

from selectolax.lexbor import LexborNode

from discourse.readers.html_dates import Clock, printed_age, printed_time, stated_time
from discourse.readers.html_page import attribute, words

_TIME_ATTRIBUTES = ("datetime", "content", "data-time", "data-timestamp", "data-epoch", "data-comment-timestamp")
_NUMBER = re.compile(r"[-−]?\d+")
_TIME_OF_DAY = re.compile(r"\d\s?[:h]\s?\d\d|\d\s?[ap]\.?m\b", re.I)


def first_words(own: LexborNode, selectors: Sequence[str]) -> str:
    """Return the words of the first selector that finds some."""
    for selector in selectors:
        found = words(own.css_first(selector))
        if found:
            return found
    return ""


def moment(own: LexborNode, selectors: Sequence[str], clock: Clock) -> tuple[datetime | None, str | None]:
    """Return the time that the first telling selector gives, else the age that is printed instead."""
    age = None
    for selector in selectors:
        node = own.css_first(selector)
        if node is None:
            continue
        for part in filter(None, (node, node.css_first("time, [data-time]"))):
            for name in _TIME_ATTRIBUTES:
                stated = stated_time(attribute(part, name))
                if stated is not None:
                    return stated, None
        for text in (attribute(node, "title") or "", words(node)):
            printed = printed_time(text, clock)
            if printed is not None:
                return printed, None
            age = age or printed_age(text)
    return None, age


def loose_time(own: LexborNode, clock: Clock) -> datetime | None:
    """Find a date with a time of day anywhere outside the body: themes rename the classes, dates stay dates."""
    for line in own.text(separator="\n").split("\n"):
        if len(line) < 120 and _TIME_OF_DAY.search(line):
            found = printed_time(line, clock)
            if found is not None:
                return found
    return None


def score_of(own: LexborNode, selectors: Sequence[str]) -> float | None:
    """Return the first whole number that the selectors find."""
    for selector in selectors:
        node = own.css_first(selector)
        match = _NUMBER.search(attribute(node, "data-score") or words(node)) if node is not None else None
        if match:
            return float(match.group().replace("−", "-"))
    return None
