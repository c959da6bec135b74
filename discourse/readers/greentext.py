"""Read the words of an imageboard: `>>123` names a post that is answered, `>words` is greentext.

The numbers are furniture. Greentext is used to quote, to tell stories and to mock: it is a quote where an earlier post
of the thread really says so, else it is the author's own way of speaking and stays with its `>`.
"""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import islice

from discourse.text import Body, clean, from_html
from discourse.threads import Quote

_REFERENCE = re.compile(r">>(\d{1,15})(?:\s*\((?:OP|You|Dead|Cross-?thread)\))*(?:\s*(?:→|->))?", re.IGNORECASE)
_GREEN = re.compile(r">(?!>)\s*(?=\S)")
LINK = re.compile(r"<a\b([^<>]*)>\s*(?:&gt;|>){2}\s*(\d{1,15})[^<>]*</a>", re.IGNORECASE)
"""A link to a post: its attributes, its number."""
_DEAD = re.compile(r"<span class=\"deadlink\">\s*(?:&gt;|>){2}\s*\d+\s*</span>", re.IGNORECASE)
_FURNITURE = re.compile(r"<span class=\"abbr\">.*?</span>|<table class=\"exif\".*?</table>", re.IGNORECASE | re.DOTALL)
_BODY_LINE = re.compile(r"<p class=\"body-line[^<>]*>(.*?)</p>", re.IGNORECASE | re.DOTALL)
"""A line as 8kun writes it."""
_MARKUP = re.compile(r"<(?:br|a|span|p|wbr|s|pre|b|i|em|strong)\b|&(?:gt|lt|amp|quot|#\d+);", re.IGNORECASE)
_WORDS = re.compile(r"\w+")
_SHORTEST_QUOTE = 3
"""Words of a greentext below which finding them in an earlier post says nothing ("this", "be me")."""
_SOUGHT = 1000
"""Latest posts of a thread that are searched for a greentext; 4chan closes threads at some 300."""
_MEMORY = 32 * 1024 * 1024
"""Characters of earlier posts that are remembered over all threads; the longest 4chan threads have some 0.2 million."""


@dataclass(frozen=True, slots=True)
class Said:
    """Hold what an earlier post says: its number, its author if named, its words in a form that can be compared."""

    number: str
    author: str | None
    words: str


@dataclass(slots=True)
class Earlier:
    """Remember the posts of the threads read last, oldest thread forgotten first."""

    _threads: OrderedDict[str, dict[str, Said]] = field(default_factory=OrderedDict)
    _size: int = 0

    def posts(self, thread_id: str) -> dict[str, Said]:
        """Return the posts of a thread that have been read, by number, in order."""
        return self._threads.get(thread_id, {})

    def add(self, thread_id: str, said: Said) -> None:
        """Remember one post."""
        self._threads.setdefault(thread_id, {})[said.number] = said
        self._threads.move_to_end(thread_id)
        self._size += len(said.words)
        while self._size > _MEMORY and len(self._threads) > 1:
            _, forgotten = self._threads.popitem(last=False)
            self._size -= sum(len(said.words) for said in forgotten.values())


def references(text: str) -> tuple[str, ...]:
    """List the numbers of the posts that a plain text names, in order."""
    return tuple(_REFERENCE.findall(text)) if ">>" in text else ()


def plain(markup: str) -> str:
    """Return the words of a post, its references as `>>123`, its greentext as `>words`."""
    if not _MARKUP.search(markup):
        return markup
    bare = LINK.sub(r"&gt;&gt;\2", _FURNITURE.sub("", _DEAD.sub("", markup)))
    bare = _BODY_LINE.sub(r"\1<br>", bare)
    return from_html(bare if "<br" in bare else bare.replace("\n", "<br>")).text


def split(
    text: str, thread_id: str, number: str, author: str | None, answered: Sequence[str], earlier: Earlier
) -> Body:
    """Return own words and quotes of a plain text, and remember it; quotes are sought first in the posts answered."""
    own: list[str] = []
    quotes: list[Quote] = []
    posts = earlier.posts(thread_id)
    likely = [*(posts[other] for other in answered if other in posts), *islice(reversed(posts.values()), _SOUGHT)]
    for run, is_green in _runs(clean(text).split("\n")):
        said = _source("\n".join(run), likely) if is_green else None
        if said is not None:
            quotes.append(Quote(said.author, "\n".join(_GREEN.sub("", line, count=1).strip() for line in run)))
        else:
            own += run
    words = clean("\n".join(own))
    earlier.add(thread_id, Said(number, author, _comparable(words)))
    return Body(words, tuple(quotes))


def _runs(lines: list[str]) -> list[tuple[list[str], bool]]:
    """Group the lines into runs of greentext and of other words, without the references."""
    runs: list[tuple[list[str], bool]] = []
    for line in lines:
        words = _REFERENCE.sub("", line).rstrip() if ">>" in line else line
        if words != line and not words.strip():
            continue
        is_green = _GREEN.match(words) is not None
        if not runs or runs[-1][1] != is_green:
            runs.append(([], is_green))
        runs[-1][0].append(words if words == line else words.lstrip())
    return runs


def _source(green: str, likely: list[Said]) -> Said | None:
    """Find the earlier post whose words a greentext repeats."""
    wanted = _comparable(green)
    if wanted.count(" ") < _SHORTEST_QUOTE + 1:  # the words stand between spaces
        return None
    return next((said for said in likely if wanted in said.words), None)


def _comparable(text: str) -> str:
    return f" {' '.join(_WORDS.findall(text.casefold()))} "
