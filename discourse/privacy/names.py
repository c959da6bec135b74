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

from discourse.privacy.keys import canonical

WORD = re.compile(r"[^\W_]+")
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff]")
"""Scripts written without spaces between words: names in them are looked for inside runs of letters."""

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
    if plain.isascii():
        return plain
    return "".join(mark for mark in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(mark))


@cache
def common_words() -> tuple[frozenset[str], frozenset[str]]:
    """Return the function words, and the ordinary words that people take as nicknames (both case-folded)."""
    text = resources.files("discourse.privacy").joinpath("common_words.txt").read_text(encoding="utf-8")
    _, _, body = text.partition("[function]\n")
    function, _, ordinary = body.partition("[ordinary]\n")
    return frozenset(function.split()), frozenset(ordinary.split())


@dataclass(frozen=True, slots=True)
class Names:
    """Hold names by their folded words; `joined` has the same without separators, as urls write them."""

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
            if len(words) > 1:
                first = fold(words[0])
                self.longest[first] = max(self.longest.get(first, 1), len(words))
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
        words = list(WORD.finditer(text))
        folded = [fold(word.group()) for word in words]
        position = 0
        while position < len(words):
            found, used = self._longest_at(text, words, folded, position)
            if found is not None:
                yield found
            elif self.unspaced and _UNSPACED.search(words[position].group()):
                yield from self._inside(text, words[position])
            position += used

    def _longest_at(
        self, text: str, words: list[re.Match[str]], folded: list[str], position: int
    ) -> tuple[Found | None, int]:
        limit = min(self.longest.get(folded[position], 1), len(words) - position)
        for count in range(limit, 0, -1):
            known = self.by_words.get(" ".join(folded[position : position + count]))
            if known is None:
                continue
            start, end = words[position].start(), words[position + count - 1].end()
            written = " ".join(text[start:end].split())
            same = [name for name in known if _same(written, _core(name))]
            if same:
                best = sorted(same, key=lambda name: (_core(name) != written, name))
                exact = _core(best[0]) == written
                others = tuple(name for name in best[1:] if not exact or _core(name) == written)
                return _widen(text, Found(start, end, best[0], others)), count
        return None, 1

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
        words = list(WORD.finditer(text))
        folded = [fold(word.group()) for word in words]
        position = 0
        while position < len(words):
            limit = min(self.longest.get(folded[position], 1), len(words) - position)
            used = 1
            for count in range(limit, 0, -1):
                known = self.by_words.get(" ".join(folded[position : position + count]))
                if known is None and count == 1:
                    known = self.joined.get(folded[position])
                if known:
                    yield Found(words[position].start(), words[position + count - 1].end(), known[0], known[1:])
                    used = count
                    break
            position += used


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
