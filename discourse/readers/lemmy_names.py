"""Take the badges off the names of a saved Lemmy page: `SnoopyOP` is Snoopy, who started the thread."""

from __future__ import annotations

import re
from collections.abc import Sequence

_STARTER = "OP"
_SHORTEST = 3
"""Fewest characters of a name on Lemmy."""
BADGE = re.compile(r"^(?:OP|mod|admin|bot account|bot|banned|creator|[MAB]|🌱)$")
"""A badge that stands on a line of its own."""

_WORD_BADGE = re.compile(
    r"(?P<name>.*\S?)\s*(?P<badge>\b(?:mod|admin|bot account|bot|banned|creator|cake)"
    r"|(?<=[^\W\d_])(?:bot account|banned)|🌱)$"
)
_LETTER_BADGE = re.compile(r"^(?P<name>.+?)(?P<badge>[MAB]{1,3})$")
_AFTER_STARTER = re.compile(r"^(?P<name>.+?)\s?OP\s?(?P<badges>(?:\s?(?:mod|admin|bot account|bot|banned|[MAB]))+)$")


def plain_names(printed: Sequence[str], author: str | None, page: str) -> tuple[list[str], str | None]:
    """Return the names without badges and leading `@`, and the name that carries the badge of the thread's starter.

    `author` is the starter if the page names one; `page` is the whole text, where a name may stand without its badges.
    Only one author can be the starter: among several names that end in OP, the one is taken whose rest reads as a name.
    """
    raw = [_without_words(name) for name in printed]
    starter = _starter(sorted(set(raw)), author)
    names = []
    for name in raw:
        bare = starter if starter is not None and _is_starter(name, starter) else _without_letters(name, raw, page)
        names.append(bare.removeprefix("@") or bare)
    return names, starter.removeprefix("@") if starter is not None else None


def _without_words(name: str) -> str:
    """Take off badges that are words; a starter's badge before them is kept for later."""
    marked = _AFTER_STARTER.match(name)
    if marked is not None:
        return f"{marked['name'].rstrip()}{_STARTER}"
    while (badge := _WORD_BADGE.match(name)) is not None and badge["name"].strip():
        name = badge["name"].strip()
    return name


def _starter(names: Sequence[str], author: str | None) -> str | None:
    """Return the name, without the badge, of the only one who can carry it."""
    marked = [name.removesuffix(_STARTER).rstrip() for name in names if name.endswith(_STARTER)]
    marked = [stem for stem in marked if len(stem.removeprefix("@")) >= _SHORTEST]
    if author is not None:
        named = [stem for stem in marked if stem.removeprefix("@") == author]
        marked = named or marked
    likely = [stem for stem in marked if not stem[-1].isupper()] or marked
    return likely[0] if len(likely) == 1 else None


def _is_starter(name: str, starter: str) -> bool:
    return name in {f"{starter}{_STARTER}", f"{starter} {_STARTER}"}


def _without_letters(name: str, names: Sequence[str], page: str) -> str:
    """Take off badges of one letter (M, A, B) where the rest is known to be the name."""
    badge = _LETTER_BADGE.match(name)
    if badge is None:
        return name
    stem = badge["name"].rstrip()
    domain = re.search(r"@[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}$", stem) is not None
    symbol = not stem[-1].isalnum() or stem != badge["name"]
    known = stem in names or re.search(rf"(?<![\w@])@?{re.escape(stem.removeprefix('@'))}(?!\w)", page) is not None
    return stem if domain or symbol or known else name
