"""Replace what points at a person in one text, url, id or path."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from dataclasses import dataclass, field
from urllib.parse import quote, unquote

from discourse.privacy import marks
from discourse.privacy.keys import canonical, is_pseudonym, pseudonym
from discourse.privacy.names import WORD, Found, Names, common_words
from discourse.privacy.report import Ambiguity, PrivacyReport

_SHORT_NUMBER = 6
"""A name of fewer digits than this is left in running text: it would take years and amounts with it."""

_LONGEST_LAST_LINE = 50
"""Characters of a last line that may be a signature."""

_SENTENCE_START = re.compile(r"(?:^|[.!?…:;»\"”)\n-])\s*\Z")
_HOST_WORDS = frozenset({"http", "https", "ftp", "www", "com", "org", "net", "html", "htm", "php", "json"})


@dataclass(slots=True)
class Scrubber:
    """Replace names by pseudonyms and count it; one is made for each thread."""

    key: bytes
    names: Names
    local: Names = field(default_factory=Names)
    parts: dict[str, tuple[str, ...]] = field(default_factory=dict)
    keep: frozenset[str] = frozenset()
    counts: Counter[str] = field(default_factory=Counter)
    kept: set[str] = field(default_factory=set)
    unsure: dict[Ambiguity, None] = field(default_factory=dict)

    def report(self) -> PrivacyReport:
        """Return what was done so far."""
        return PrivacyReport(**self.counts, common_words=tuple(sorted(self.kept)), ambiguous=tuple(self.unsure))

    def person(self, name: str) -> str:
        """Return the pseudonym of a name as an author field has it."""
        return name if is_pseudonym(name) else pseudonym(self.key, "user", canonical(name))

    def resolve(self, written: str) -> tuple[str, ...]:
        """Return the authors a written name may mean, best first."""
        return self.names.resolve(written) or self.local.resolve(written)

    def written(self, name: str, others: tuple[str, ...] = ()) -> str:
        """Return the pseudonym for a name as it is written somewhere, the author's own where he is known."""
        if is_pseudonym(name):
            return name
        meant = self.resolve(name) or (name, *others)
        if len(meant) > 1 and canonical(name) != meant[0]:
            self.unsure[Ambiguity(self.person(meant[0]), f"written so that {len(meant)} authors may be meant")] = None
        return self.person(meant[0])

    def text(self, text: str, author: str | None = None) -> str:
        """Return a text without names; `author` is whose own words it holds, for signatures."""
        if not text:
            return text
        spans = _Spans(text)
        self._urls(spans)
        self._addresses(spans)
        self._quote_headers(spans)
        self._mentions(spans)
        self._signature(spans, author)
        self._names(spans)
        return spans.replaced()

    def url(self, url: str) -> str:
        """Return an url without the names in it."""
        if "@" in url and not url.lower().startswith(("http://", "https://", "www.")):
            return self.text(url)
        plain = unquote(url)
        spans = _Spans(plain)
        for match in marks.PROFILE.finditer(plain):
            name = match["name"]
            if name.casefold() not in marks.NO_PROFILE and not is_pseudonym(name):
                core = re.sub(r"\.\d+$", "", name)  # XenForo: /members/alice.123/
                spans.put(match.start("name"), match.end("name"), self.written(core))
        for found in self._in_slug(plain):
            spans.put(found.start, found.end, self.written(found.name, found.others))
        if not spans:
            return url
        return quote(spans.replaced(), safe="/:?&=#%@+,;~-._!$'()*") if plain != url else spans.replaced()

    def identifier(self, value: str) -> str:
        """Return an id; one that contains a name or an address is replaced as a whole, so that ids stay distinct."""
        if is_pseudonym(value):
            return value
        if "@" in value or self.resolve(value) or any(True for _ in self._in_slug(value, whole=True)):
            return pseudonym(self.key, "id", value)
        return value

    def path(self, path: str) -> str:
        """Return a file's path without the names in it; common words stay."""
        spans = _Spans(path)
        for match in marks.EMAIL.finditer(path.replace("/", "\n")):
            spans.put(match.start(), match.end(), pseudonym(self.key, "email", match.group().casefold()))
        for found in self._in_slug(path):
            if not self._common(found.name):
                spans.put(found.start, found.end, self.written(found.name, found.others))
        return spans.replaced()

    def _in_slug(self, text: str, whole: bool = False) -> list[Found]:
        """Find names in an url or id; numbers, single letters and the fixed words of urls are none."""
        found = [*self.names.find_in_slug(text), *self.local.find_in_slug(text)]
        return [
            each
            for each in found
            if not (_weak(text[each.start : each.end]) or (not whole and text[each.start : each.end] in _HOST_WORDS))
        ]

    def _urls(self, spans: _Spans) -> None:
        if "://" not in spans.text and "www." not in spans.text.lower():
            return
        for match in marks.URL.finditer(spans.text):
            url = match.group().rstrip(marks.URL_TAIL)
            clean = self.url(url)
            self.counts["profile_links"] += clean != url
            spans.put(match.start(), match.start() + len(url), clean)

    def _addresses(self, spans: _Spans) -> None:
        for kind, pattern in (("email", marks.EMAIL), ("phone", marks.PHONE)):
            if kind == "email" and "@" not in spans.text and " at " not in spans.text and " chez " not in spans.text:
                continue
            for match in pattern.finditer(spans.text):
                address = match.group().casefold().removeprefix("mailto:")
                known = self.resolve(address)
                if kind == "phone":
                    address = re.sub(r"\D", "", address)
                clean = self.person(known[0]) if known else pseudonym(self.key, kind, address)
                self.counts[f"{kind}s"] += spans.put(match.start(), match.end(), clean)

    def _quote_headers(self, spans: _Spans) -> None:
        for pattern in marks.HEADERS:
            for match in pattern.finditer(spans.text):
                name = match["name"].strip()
                if self.resolve(name) or _looks_like_name(name):
                    self.counts["quote_headers"] += spans.put(*match.span("name"), self.written(name))
        for pattern in marks.KNOWN_HEADERS:
            for match in pattern.finditer(spans.text):
                if self.resolve(match["name"]):
                    self.counts["quote_headers"] += spans.put(*match.span("name"), self.written(match["name"]))

    def _mentions(self, spans: _Spans) -> None:
        text = spans.text
        if "@" not in text and "u/" not in text:
            return
        for names in (self.names, self.local):
            for found in names.find(text):
                if text[: found.start].endswith("@"):
                    clean = self.written(text[found.start : found.end], (found.name,))
                    self.counts["mentions"] += spans.put(found.start, found.end, clean)
        for match in marks.MENTION.finditer(text):
            name = match["at"] or match["reddit"]
            group = "at" if match["at"] else "reddit"
            if name.casefold() in marks.NO_MENTION and not self.resolve(name):
                continue
            known = self.resolve(name) or self.resolve(name.partition("@")[0])
            clean = self.person(known[0]) if known else self.person(name)
            self.counts["mentions"] += spans.put(*match.span(group), clean)

    def _signature(self, spans: _Spans, author: str | None) -> None:
        if author is None:
            return
        block = marks.SIGNATURE.search(spans.text)
        if block is not None:
            self.counts["signatures"] += spans.put(*block.span("block"), "[signature]", over=True)
            return
        line = spans.text.rstrip()
        start = line.rfind("\n") + 1
        last = marks.LAST_LINE.fullmatch(line, start) if 0 < start < len(line) <= start + _LONGEST_LAST_LINE else None
        if last is not None:
            own = {author.casefold(), *(word.casefold() for word in WORD.findall(author) if len(word) > 1)}
            if last["name"].casefold() in own:
                self.counts["signatures"] += spans.put(*last.span("name"), self.person(author))

    def _names(self, spans: _Spans) -> None:
        for names in (self.names, self.local):
            for found in names.find(spans.text):
                if not self._stays(spans.text, found):
                    clean = self.written(found.name, found.others)
                    if found.others:
                        why = f"written so that {1 + len(found.others)} authors may be meant"
                        self.unsure[Ambiguity(clean, why)] = None
                    self.counts["names_in_text"] += spans.put(found.start, found.end, clean)
        if not self.parts:
            return
        for word in WORD.finditer(spans.text):
            people = self.parts.get(word.group())
            if people is None:
                continue
            clean = self.person(people[0] if len(people) == 1 else word.group())
            if len(people) > 1:
                why = f"a part of the names of {len(people)} authors of the thread"
                self.unsure[Ambiguity(clean, why)] = None
            self.counts["names_in_text"] += spans.put(word.start(), word.end(), clean)

    def _stays(self, text: str, found: Found) -> bool:
        """Tell whether a name found in running text is left there, being a common word as it is written."""
        level = self._common(found.name)
        if level is None:
            return False
        written = text[found.start : found.end]
        capital = written[:1].isupper() and written == found.name
        if level == "ordinary" and capital and not _SENTENCE_START.search(text[max(0, found.start - 9) : found.start]):
            return False
        self.kept.add(found.name)
        return True

    def _common(self, name: str) -> str | None:
        """Return why a name is a common word (`function`, `ordinary`), or None if it is none."""
        function, ordinary = common_words()
        words = [word.casefold() for word in WORD.findall(name)]
        if all(word in function or word in self.keep or _weak(word) for word in words):
            return "function"
        return "ordinary" if len(words) == 1 and words[0] in ordinary else None


def _weak(word: str) -> bool:
    """Tell whether a name is too short to be looked for: one letter, or a small number."""
    return len(word) < 2 or (word.isdigit() and len(word) < _SHORT_NUMBER)


def _looks_like_name(text: str) -> bool:
    """Tell whether the subject of "… wrote:" is a name, not "the minister who": few words, none of them common."""
    function, _ = common_words()
    words = WORD.findall(text)
    strange = any(mark.isdigit() or mark == "_" for mark in text)
    return (
        0 < len(words) <= 4
        and (strange or all(word[:1].isupper() or len(words) == 1 for word in words))
        and not any(word.casefold() in function for word in words)
    )


class _Spans:
    """Collect replacements in one text; the first to claim a place keeps it."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._found: list[tuple[int, int, str]] = []

    def __bool__(self) -> bool:
        return bool(self._found)

    def put(self, start: int, end: int, clean: str, over: bool = False) -> bool:
        """Claim a place; `over` drops earlier claims inside it. Return whether it was free."""
        if start >= end:
            return False
        if over:
            self._found = [span for span in self._found if span[1] <= start or span[0] >= end]
        place = bisect_left(self._found, (start, end, ""))
        before = place > 0 and self._found[place - 1][1] > start
        after = place < len(self._found) and self._found[place][0] < end
        if before or after:
            return False
        self._found.insert(place, (start, end, clean))
        return True

    def replaced(self) -> str:
        """Return the text with every claim replaced."""
        pieces: list[str] = []
        position = 0
        for start, end, clean in self._found:
            pieces += (self.text[position:start], clean)
            position = end
        return "".join((*pieces, self.text[position:]))
