"""An index of people's names that finds them in a text in one pass, whatever the number of names.

A name is its words (runs of letters and digits) and what stands between them. The index does not decide what a find
is replaced by, nor whether a common word is meant: it says where a name stands and how it is written.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from itertools import islice

from discourse.privacy.keys import canonical

WORD = re.compile(r"[^\W_]+")
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff]")
"""Scripts written without spaces between words: names in them are looked for inside runs of letters."""

_ACCENTS = re.compile("[\u0300-\u036f]+")

_LONGEST = 8
"""Words of the longest name that is looked for; longer "names" are sentences in an author field."""


@dataclass(frozen=True, slots=True)
class Found:
    """Say that `name` stands in a text from `start` to `end`; `others` are names written alike."""

    start: int
    end: int
    name: str
    others: tuple[str, ...] = ()


def fold(text: str) -> str:
    """Return the text without case and accents, for lookups."""
    plain = text.casefold()
    return plain if plain.isascii() else _ACCENTS.sub("", unicodedata.normalize("NFD", plain))


@cache
def common_words() -> tuple[frozenset[str], frozenset[str]]:
    """Return the function words, and the ordinary words that people take as nicknames (both case-folded)."""
    text = resources.files("discourse.privacy").joinpath("common_words.txt").read_text(encoding="utf-8")
    _, _, body = text.partition("[function]\n")
    function, _, ordinary = body.partition("[ordinary]\n")
    return frozenset(function.split()), frozenset(ordinary.split())


@dataclass(frozen=True, slots=True)
class Names:
    """Hold names by their folded words; `longest` tells the most words of a name that begins with a word.

    `joined` has names of several words without what stands between them, as urls write them.
    """

    by_words: dict[str, tuple[str, ...]] = field(default_factory=dict)
    longest: dict[str, int] = field(default_factory=dict)
    joined: dict[str, tuple[str, ...]] = field(default_factory=dict)
    unspaced: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def __contains__(self, name: str) -> bool:
        return canonical(name) in self.by_words.get(_key(canonical(name)), ())

    def __len__(self) -> int:
        """Count the names."""
        return sum(map(len, self.by_words.values()))

    def add(self, names: Iterable[str]) -> None:
        """Put further names into the index; only its maker may do so."""
        for given in names:
            name = canonical(given)
            words = WORD.findall(name)
            if not name or len(words) > _LONGEST:
                continue
            key = _key(name)
            known = self.by_words.get(key, ())
            if name in known:
                continue
            self.by_words[key] = (*known, name)
            if words:
                first = fold(words[0])
                self.longest[first] = max(self.longest.get(first, 1), len(words))
            if len(words) > 1:
                whole = "".join(map(fold, words))
                self.joined[whole] = (*self.joined.get(whole, ()), name)
            if len(name) > 1 and _UNSPACED.search(name):
                same_start = (*self.unspaced.get(name[0], ()), name)
                self.unspaced[name[0]] = tuple(sorted(same_start, key=len, reverse=True))

    def resolve(self, written: str) -> tuple[str, ...]:
        """Return the names that a written name may mean, the best first: as written, then without case or accents."""
        name = canonical(written)
        known = self.by_words.get(_key(name), ())
        folded = fold(name)
        alike = [candidate for candidate in known if fold(candidate) == folded]
        return tuple(sorted(alike, key=lambda candidate: (candidate != name, candidate)))

    def find(self, text: str) -> Iterator[Found]:
        """Yield the names written in a text, leftmost and longest first, without overlap."""
        done = 0
        for words in self._openings(text):
            if words[0].start() < done:
                continue
            found = self._longest_of(text, words)
            if found is not None:
                yield found
                done = found.end
        if self.unspaced and _UNSPACED.search(text):
            for word in WORD.finditer(text):
                yield from self._inside(text, word)

    def _openings(self, text: str) -> Iterator[list[re.Match[str]]]:
        """Yield the words of the text that begin a name, each with those that may belong to it."""
        folded = fold(text)
        aligned = len(folded) == len(text)
        for word in WORD.finditer(folded if aligned else text):
            first = word.group() if aligned else fold(word.group())
            count = self.longest.get(first)
            if count is not None:
                yield list(islice(WORD.finditer(text, word.start()), count))

    def _longest_of(self, text: str, words: list[re.Match[str]]) -> Found | None:
        for count in range(len(words), 0, -1):
            known = self.by_words.get(" ".join(fold(word.group()) for word in words[:count]))
            if known is None:
                continue
            start, end = words[0].start(), words[count - 1].end()
            written = " ".join(text[start:end].split())
            same = [name for name in known if _same(written, _core(name))]
            if same:
                best = sorted(same, key=lambda name: (_core(name) != written, name))
                exact = _core(best[0]) == written
                others = tuple(name for name in best[1:] if not exact or _core(name) == written)
                return _widen(text, Found(start, end, best[0], others))
        return None

    def _inside(self, text: str, word: re.Match[str]) -> Iterator[Found]:
        start = word.start()
        while start < word.end():
            for name in self.unspaced.get(text[start], ()):
                if text.startswith(name, start):
                    yield Found(start, start + len(name), name)
                    start += len(name) - 1
                    break
            start += 1

    def find_in_slug(self, text: str) -> Iterator[Found]:
        """Yield the names in an identifier, a path or an url, where any mark may stand between the words of a name."""
        done = 0
        for words in self._openings(text):
            for count in range(len(words) if words[0].start() >= done else 0, 0, -1):
                known = self.by_words.get(" ".join(fold(word.group()) for word in words[:count]))
                if known:
                    done = words[count - 1].end()
                    yield Found(words[0].start(), done, known[0], known[1:])
                    break
        if self.joined:
            for word in WORD.finditer(text):
                known = self.joined.get(fold(word.group()))
                if known:
                    yield Found(word.start(), word.end(), known[0], known[1:])


def _key(name: str) -> str:
    words = WORD.findall(name)
    return " ".join(map(fold, words)) if words else name


def _core(name: str) -> str:
    """Return a name from its first word to its last, without the marks around it."""
    words = list(WORD.finditer(name))
    return name[words[0].start() : words[-1].end()] if words else name


def _same(written: str, core: str) -> bool:
    """Tell whether a written name is the name, but for case, or for accents that the writer left out."""
    if written == core:
        return True
    plain = written.casefold()
    return plain == core.casefold() or plain == fold(core)


def _widen(text: str, found: Found) -> Found:
    """Take in the marks around a name ("[Bot]", "Syl ⏚") where the text has them too."""
    lead, _, trail = found.name.partition(_core(found.name))
    start = found.start - len(lead) if lead and text[: found.start].endswith(lead) else found.start
    end = found.end + len(trail) if trail and text[found.end :].startswith(trail) else found.end
    return Found(start, end, found.name, found.others)
