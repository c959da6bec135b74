"""The formats that discourse reads, in the order in which `discourse formats` lists them.

A forum is one module with a `FORMATS` tuple, and one line here.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module

from discourse.readers.base import Format

MODULES = (
    "table",
    "lemmy",
    "discourse_forum",
    "reddit",
    "hackernews",
    "saved_lemmy",
    "saved_news",
    "plain_text",
)


@cache
def formats() -> tuple[Format, ...]:
    """Return every format, importing the reader modules on first use."""
    found: list[Format] = []
    for name in MODULES:
        found.extend(import_module(f"discourse.readers.{name}").FORMATS)
    return tuple(found)
