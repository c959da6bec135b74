"""Names of languages as Lemmy prints them on a comment, and their codes.

`languages.tsv` lists code and name in the order of Lemmy's own table (its migration 2022-06-21-123144_language-tags),
so that line n, counted from 0, is Lemmy's `language_id` n.
"""

from __future__ import annotations

import unicodedata
from functools import cache
from importlib import resources

UNDETERMINED = "und"


@cache
def lemmy_languages() -> tuple[tuple[str, str], ...]:
    """Return (code, name) of every language, by `language_id`."""
    table = resources.files("discourse.readers").joinpath("languages.tsv").read_text(encoding="utf-8")
    rows = (line.split("\t") for line in table.splitlines())
    return tuple((code, name) for code, name in rows)


@cache
def _codes() -> dict[str, str]:
    named: dict[str, str] = {}
    for code, name in lemmy_languages():
        named.setdefault(unicodedata.normalize("NFC", name).casefold(), code)
    return named


def language_code(name: str) -> str | None:
    """Return the code of a language by the name that Lemmy prints ("Français" → "fr"), None if it is no language."""
    return _codes().get(unicodedata.normalize("NFC", name.strip()).casefold())


def language_names() -> frozenset[str]:
    """Return the names as printed."""
    return frozenset(name for _, name in lemmy_languages())
