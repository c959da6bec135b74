"""Tell quoted words from the answer in comments that were flattened to lines.

A reply shows as `Name:`, the quoted lines, then the answer, and nothing marks where the quote ends: the quoted lines
are those that an earlier comment of that author (or the article) holds. A line that an earlier comment by somebody
else holds is a quote without a header. Proverbs, film lines and link titles are in no earlier comment.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from discourse.echoes import SHINGLE, Sources, Words, coverage, repeats, shingles, words
from discourse.text import Body
from discourse.threads import Quote

_HEADER = re.compile(
    r"^(?P<name>\S.{0,59}?)"
    r"(?: (?:a écrit|a dit|wrote|said|schrieb|hat geschrieben|escribió|dijo|ha scritto|escreveu|schreef))?\s?:$"
)
_HELD = 0.6
"""Share of a line's 3-grams that the source must hold: a quote may be shortened or mended at its ends."""
_BARE_WORDS = 6
"""Fewest words of a quote without a header; shorter lines repeat by chance ("thanks for the explanation")."""


_BARE_HELD = 0.9
"""The same for a line without a header, which must also be longer (`_LONG`) unless every word follows."""
_LONG = 9
_CANDIDATES = 50
"""Comments of one author that are looked at, newest first, where the first quoted line is too short to be looked up."""
_ARTICLE = 0


def split_quotes(authors: Sequence[str], comments: Sequence[Sequence[str]], article: str) -> list[Body]:
    """Return own words and quotes of each comment; `comments` are their lines, in page order. Linear in the words."""
    page = _Page(authors, article)
    return [page.read(author, lines) for author, lines in zip(authors, comments, strict=True)]


class _Page:
    """Remember the comments read so far: the article is number 0, comments count from 1."""

    def __init__(self, authors: Sequence[str], article: str) -> None:
        self._known = {author.casefold() for author in authors}
        self._by: dict[str, list[int]] = {}
        self._authors: list[str] = [""]
        self._words: list[Words] = [words(article)]
        self._own: list[Words] = [self._words[0]]
        self._sources = Sources()
        self._sources.add(_ARTICLE, self._words[0])

    def read(self, author: str, lines: Sequence[str]) -> Body:
        """Split one comment and remember it."""
        body = self._split(lines, author.casefold())
        number = len(self._words)
        self._by.setdefault(author.casefold(), []).append(number)
        self._authors.append(author.casefold())
        self._words.append(words("\n".join(lines)))
        self._own.append(words(body.text))
        self._sources.add(number, self._words[-1])
        return body

    def _split(self, lines: Sequence[str], author: str, bare: bool = True) -> Body:
        own: list[str] = []
        quotes: list[Quote] = []
        at = 0
        while at < len(lines):
            header = _HEADER.match(lines[at])
            taken = self._quoted(lines[at + 1 :], header["name"]) if header is not None else 0
            if header is not None and taken:
                inside = self._split(lines[at + 1 : at + 1 + taken], author, bare=False)
                quotes += [Quote(header["name"], inside.text)] if inside.text else []
                quotes += inside.quotes
                at += 1 + taken
                continue
            run = self._bare(lines[at:], author) if bare else 0
            if run:
                quotes.append(Quote(None, "\n".join(lines[at : at + run])))
            else:
                own.append(lines[at])
            at += run or 1
        if not own and bare and all(quote.author is None for quote in quotes):
            return Body("\n".join(lines))  # nothing but repeated words: the author says them himself
        return Body("\n".join(own), tuple(quotes))

    def _quoted(self, lines: Sequence[str], name: str) -> int:
        """Count the lines after a header that are quoted; 0 where the header is none."""
        if not lines:
            return 0
        theirs = self._by.get(name.casefold(), [])
        run = self._longest(lines, theirs)
        if run:
            return run
        others = None if len(words(lines[0])) >= _BARE_WORDS else [_ARTICLE]
        run = self._longest(lines, others) if len(words(lines[0])) >= SHINGLE else 0
        return run or (1 if name.casefold() in self._known and len(lines) > 1 else 0)

    def _longest(self, lines: Sequence[str], among: Sequence[int] | None) -> int:
        """Return how many lines, from the first on, the source that holds most of them holds."""
        first = words(lines[0])
        if len(first) >= SHINGLE:
            shares = self._sources.shares(first, among)
            numbers = [number for number, share in shares.items() if share >= _HELD]
        else:
            recent = among[-_CANDIDATES:] if among is not None else []
            numbers = [number for number in recent if repeats(first, self._words[number])]
        return max((self._run(lines, number) for number in numbers[-_CANDIDATES:]), default=0)

    def _run(self, lines: Sequence[str], number: int) -> int:
        source = self._words[number]
        grams = shingles(source)
        before = words(lines[0])
        count = 1
        for line in lines[1:]:
            part = words(line)
            if len(part) >= SHINGLE:
                held = coverage(part, grams) >= _HELD
            else:  # a short answer ("Non.") may be anywhere in the source, a quoted one follows what was quoted
                held = bool(part) and repeats((*before[-SHINGLE:], *part), source)
            if not held:
                break
            before = part
            count += 1
        return count

    def _bare(self, lines: Sequence[str], author: str) -> int:
        """Count the lines, from the first on, that somebody else's earlier comment, or the article, holds."""
        count = 0
        source: int | None = None
        for line in lines:
            part = words(line)
            number = self._holder(part, author) if len(part) >= _BARE_WORDS else None
            if number is None or source not in (None, number):
                break
            source = number
            count += 1
        return count

    def _holder(self, part: Words, author: str) -> int | None:
        """Return the latest text by somebody else whose own words hold these."""
        shares = self._sources.shares(part)
        for number in sorted(shares, reverse=True):
            if shares[number] < _BARE_HELD or self._authors[number] == author:
                continue
            own = self._own[number]
            if repeats(part, own) or (len(part) >= _LONG and coverage(part, shingles(own)) >= _BARE_HELD):
                return number
        return None
