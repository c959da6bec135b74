"""The checker: a sentence passes only if every number, label, name and quotation in it is a fact of the summary.

A sentence is read into tokens (`lexicon`), split into clauses, and each clause compared with the `claims` of the
summary; what is not understood is refused. It does not know who wrote the sentence: ours are checked like any other.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from discourse.summary.facts import ThreadSummary
from discourse.summary.narrative.claims import Claim, canonical, claims
from discourse.summary.narrative.lexicon import NEUTRAL, PHRASE_PATTERN, PHRASES, Language, Token

MONTHS: dict[Language, list[str]] = {
    "en": [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
    "fr": [
        "janvier",
        "février",
        "mars",
        "avril",
        "mai",
        "juin",
        "juillet",
        "août",
        "septembre",
        "octobre",
        "novembre",
        "décembre",
    ],
}
_UNITS = ("comment", "author", "reply")
_GAP = "[ \u00a0\u202f]"
_NUMBER = r"\d{1,3}(?:[\u00a0\u202f,]\d{3})+(?!\d)|\d+"
_BREAK: dict[Language, str] = {
    "en": r"[,;:.!?]|\b(?:and|while|where|but)\b",
    "fr": r"[,;:.!?]|\b(?:et|tandis que|tandis qu'|où|mais)\b",
}
_BETWEEN: dict[Language, str] = {"en": r"between\s+(\d+)%?\s+and\s+(\d+)", "fr": r"entre\s+(\d+)\s*%?\s+et\s+(\d+)"}


@dataclass(frozen=True, slots=True)
class Refusal:
    """Say why a sentence is not printed."""

    sentence: str
    why: str


class Checker:
    """Check sentences about one summary."""

    def __init__(self, summary: ThreadSummary, lang: Language) -> None:
        self._claims = claims(summary)
        self._lang = lang
        self._names = {person.author for person in summary.authors}
        self._names |= {point.author for point in summary.turning_points if point.author is not None}
        self._plain = {text.strip() for text in (summary.target, summary.title) if text is not None}
        self._quotable = [(e.comment_id, e.text.strip()) for e in summary.exemplars]
        self._quotable += [(point.comment_id, point.text.strip()) for point in summary.key_points]
        self._names |= {exemplar.author for exemplar in summary.exemplars if exemplar.author is not None}
        self._names |= {point.author for point in summary.key_points if point.author is not None}
        self._pattern = _pattern(lang)

    def check(self, sentence: str) -> Refusal | None:
        """Return why a sentence must not be printed, None if everything in it is true."""
        marked, quotations = _take_out_quotations(sentence)
        if marked is None:
            return Refusal(sentence, "a quotation is not closed")
        readings = self._read(marked, quotations)
        if isinstance(readings, str):
            return Refusal(sentence, readings)
        for clauses in readings:
            whole = canonical(token for clause in clauses for token in clause)
            if not whole or whole in self._claims or all(self._known(clause) for clause in _with_units(clauses)):
                return None
        said = " ".join(value for clause in readings[0] for _, value in clause)
        return Refusal(sentence, f"this is not what the data say: {said}")

    def _known(self, clause: Claim) -> bool:
        return not clause or canonical(clause) in self._claims

    def _read(self, marked: str, quotations: list[str]) -> list[list[Claim]] | str:
        """Return the readings of a sentence as clauses of tokens (a quotation may stand in several comments)."""
        readings: list[list[list[Token]]] = [[[]]]
        for match in self._pattern.finditer(marked.replace("’", "'")):
            kind, text = match.lastgroup or "", match.group()
            if kind == "break":
                for reading in readings:
                    reading.append([])
                continue
            options = self._tokens(kind, match, quotations)
            if not options:
                return f"not understood: {text.strip() if kind != 'quotation' else quotations[ord(text) - _PRIVATE]}"
            readings = [
                [*map(list, reading[:-1]), reading[-1] + ([token] if token is not None else [])]
                for reading in readings
                for token in options
            ][:_READINGS]
        return [[tuple(clause) for clause in reading] for reading in readings]

    def _tokens(self, kind: str, match: re.Match[str], quotations: list[str]) -> list[Token | None]:
        """Return what a piece may mean: None for nothing to check, no option if it is not understood."""
        text = match.group()
        if kind == "quotation":
            return self._quotation(quotations[ord(text) - _PRIVATE])
        if kind == "phrase":
            return [PHRASES[self._lang][" ".join(text.lower().split())]]
        if kind == "word":
            if text in self._names and text.lower() not in NEUTRAL[self._lang]:
                return [("author", text)]
            return [None] if text.lower() in NEUTRAL[self._lang] else []
        if kind == "date":
            numbers = re.findall(r"\d+", text)
            month = next(i for i, name in enumerate(MONTHS[self._lang], 1) if name.lower() in text.lower())
            return [("date", f"{int(numbers[1]):04}-{month:02}-{int(numbers[0]):02}")]
        if kind in ("range", "between"):
            low, high = re.findall(r"\d+", text)
            return [("range", f"{low}-{high}")]
        if kind == "percent":
            return [("%", re.sub(r"[^\d.]", "", text.replace(",", ".")))]
        if kind == "number":
            return [("n", re.sub(r"\D", "", text))]
        return []

    def _quotation(self, inner: str) -> list[Token | None]:
        """Resolve words in quotation marks: the target, the title, a name, or a comment's own words."""
        inner = inner.strip(" \u00a0\u202f")
        if inner in self._plain:
            return [None]
        if inner in self._names:
            return [("author", inner)]
        return [("quote", comment_id) for comment_id, text in self._quotable if _verbatim(inner, text)]


def check(sentence: str, summary: ThreadSummary, lang: Language) -> Refusal | None:
    """Return why a sentence about a summary must not be printed, None if everything in it is true."""
    return Checker(summary, lang).check(sentence)


_PRIVATE = 0xE000
"""First code point of Unicode's private use area: a quotation is replaced by one such character while it is read."""
_MOST_QUOTATIONS, _READINGS = 64, 64
_OPEN, _CLOSE = {"«": "»", "“": "”"}, {"»", "”"}


def _pattern(lang: Language) -> re.Pattern[str]:
    months = "|".join(MONTHS[lang])
    return re.compile(
        rf"(?P<quotation>[\ue000-\ue03f])"
        rf"|(?P<date>\b\d{{1,2}}(?:er)?{_GAP}(?:{months}){_GAP}\d{{1,4}}\b)"
        rf"|(?P<range>\b\d+{_GAP}?[–-]{_GAP}?\d+{_GAP}?%)"
        rf"|(?P<between>{_BETWEEN[lang]}{_GAP}?%)"
        rf"|(?P<percent>\b\d+(?:[.,]\d+)?{_GAP}?%)"
        rf"|(?P<number>\b(?:{_NUMBER})\b)"
        rf"|(?P<phrase>{PHRASE_PATTERN[lang]})"
        rf"|(?P<break>{_BREAK[lang]})"
        rf"|(?P<word>\w+['’]?)"
        rf"|(?P<other>[^\s().,;:!?'’])",
        re.IGNORECASE,
    )


def _take_out_quotations(sentence: str) -> tuple[str | None, list[str]]:
    """Replace each outermost quotation by one private character; (None, …) where marks do not match."""
    kept: list[str] = []
    found: list[str] = []
    stack: list[str] = []
    start = 0
    for place, char in enumerate(sentence):
        if _PRIVATE <= ord(char) < _PRIVATE + _MOST_QUOTATIONS and not stack:
            return None, found
        straight = char == '"' and (not stack or stack == ['"'])
        if stack and (char == stack[-1] if char != '"' else straight):
            stack.pop()
            if not stack:
                kept.append(chr(_PRIVATE + len(found)))
                found.append(sentence[start:place])
        elif char in _OPEN or (straight and not stack):
            if not stack:
                start = place + 1
            stack.append(_OPEN.get(char, '"'))
        elif not stack:
            if char in _CLOSE:
                return None, found
            kept.append(char)
    if stack or len(found) > _MOST_QUOTATIONS:
        return None, found
    return "".join(kept), found


def _verbatim(inner: str, text: str) -> bool:
    """Tell whether words are a text's own, from the start of one of its sentences to the end of one.

    A quotation cut short ends in an ellipsis, at the end of a word. Runs of white space are alike.
    """
    inner, text = " ".join(inner.split()), " ".join(text.split())
    if not inner:
        return False
    cut = inner.endswith("…") and inner not in text
    wanted = inner[:-1].rstrip() if cut else inner
    for match in re.finditer(re.escape(wanted), text):
        before, after = text[: match.start()].rstrip(), text[match.end() :]
        begins = not before or before[-1] in ".!?…"
        ends = not after.strip() or wanted[-1] in ".!?…" or (cut and not (after[0].isalnum() and wanted[-1].isalnum()))
        if begins and ends:
            return True
    return False


def _with_units(clauses: list[Claim]) -> Iterator[Claim]:
    """Give a clause with a count or share but no unit that of the clause before ("12 comments are …, 30 are …")."""
    unit: Token | None = None
    for clause in clauses:
        own = next((token for token in clause if token[0] == "word" and token[1] in _UNITS), None)
        counts = any(kind in ("n", "%", "range") for kind, _ in clause)
        types = any(kind == "type" for kind, _ in clause)
        yield (*clause[:1], unit, *clause[1:]) if own is None and counts and unit is not None and not types else clause
        unit = own or unit
