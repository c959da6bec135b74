"""The formats that discourse reads, in the order in which `discourse formats` lists them.

A forum is one module with a `FORMATS` tuple, and one line here.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module

from discourse.readers.base import Format

MODULES: tuple[str, ...] = (
    "table",
    "lemmy",
    "discourse_forum",
    "reddit",
    "hackernews",
    "saved_lemmy",
    "saved_news",
    "phpbb",
    "vbulletin",
    "xenforo",
    "drupal",
    "wordpress",
    "zeit",
    "disqus",
    "wxr",
    "mbox",
    "mastodon",
    "activitypub",
    "youtube",
    "yt_dlp",
    "stackexchange",
    "fourchan",
    "convokit",
    "iac",
    "forum_dl",
    "fourcat",
    "remark42",
    "commento",
    "plain_text",
)


@cache
def formats() -> tuple[Format, ...]:
    """Return every format, importing the reader modules on first use."""
    found: list[Format] = []
    for name in MODULES:
        found.extend(import_module(f"discourse.readers.{name}").FORMATS)
    return tuple(found)


@cache
def by_name() -> dict[str, Format]:
    """Return every format by its name."""
    return {form.name: form for form in formats()}


@cache
def families() -> dict[str, str]:
    """Name the module of each format: files of one module that state the same thread id are one thread."""
    return {form.name: name for name in MODULES for form in import_module(f"discourse.readers.{name}").FORMATS}
