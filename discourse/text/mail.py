"""Read plain text with mail-like quoting: `>` lines, the attribution line before them, forwarded originals."""

from __future__ import annotations

import re

from discourse.text.body import DEEPEST_LINE, Body, Layers
from discourse.text.cleaning import clean

_QUOTED = re.compile(r" {0,2}>[> ]*")
_ORIGINAL = re.compile(
    r"(?<!-)-{2,}+\s*+(?:original message|message d'origine|message original|urspr[üu]ngliche nachricht"
    r"|mensaje original|messaggio originale|oorspronkelijk bericht|mensagem original|oprindelig meddelelse)\s*+-{2,}",
    re.I,
)
_FROM = re.compile(r"\s*(?:from|de|von|da|van|fra)\s*:\s*(.+)", re.I)
_AFTER_NAME = re.compile(
    r"\b(?:wrote|writes|said|says|a écrit|a ecrit|écrit|écrivait|schrieb|schreibt|escribió|escribio|ha scritto|scrisse"
    r"|escreveu|schreef|skrev|kirjoitti|napisał(?:\(a\)|a)?|napsal(?:\(a\)|a)?|пишет|написал(?:\(а\)|а)?|έγραψε|írta)\b\)?",
    re.I,
)
_QUOTING = re.compile(r"(?:quoting|citation de|zitat von)\s+(.+?)\s*:?\s*$", re.I)
_ADDRESS = re.compile(r"<[^<>]*>|\[mailto:[^\]]*\]|\(mailto:[^)]*\)|\([^()]*(?:@| at )[^()]*\)|\S+@\S+")
_INTRODUCES_DATE = re.compile(r"\s*(?:on|in|at|le|am|el|il|op|em|no|dnia|w dniu|den|på|den\s|a|the)\b", re.I)
_INTRODUCTION = re.compile(r"\s*(?:(?:on|le|am|el|il|op|em|den|w dniu|in article)\b.*|\d.*)", re.I)
_SUPERCITED = re.compile(r"\s*>{2,}\s*\"[^\"]{1,20}\" == .*:\s*")
_DATE_END = re.compile(
    r"^.*\d\S*(?:\s*(?:[AP]\.?M\.?|UTC|GMT|h|uhr|[A-Z]{3,4}(?=[\s,(])|[+-]\d{4}|\([A-Z]{2,5}\)))*[\s,]*", re.S
)
_LONGEST_ATTRIBUTION = 300
"""Characters; an attribution wraps over at most three lines of mail."""


def from_plain(text: str) -> Body:
    """Return own words and quotes of a plain text; the attribution line before a quote names its author."""
    text = clean(text)
    if ">" not in text and not _ORIGINAL.search(text):
        return Body(text)
    layers = Layers()
    authors: dict[int, str | None] = {}
    lines = text.split("\n")
    for position, line in enumerate(lines):
        quoted = _QUOTED.match(line) if ">" in line and not _SUPERCITED.fullmatch(line) else None
        depth = min(quoted.group().count(">"), DEEPEST_LINE) if quoted else 0
        if not depth and "--" in line and _ORIGINAL.fullmatch(line.strip()):
            _write_original(layers, lines[position + 1 :])
            break
        _move(layers, depth, authors)
        layers.write((line[quoted.end() :] if quoted else line) + "\n")
    return layers.body()


def _move(layers: Layers, depth: int, authors: dict[int, str | None]) -> None:
    """Open or close quotes until `depth`; a quote without attribution is by the last one quoted at its depth."""
    while layers.depth > depth:
        layers.close_quote()
        layers.write("\n")
    while layers.depth < depth:
        author = _take_attribution(layers.pieces)
        level = layers.depth + 1
        if author is not None:
            authors[level] = author
            for deeper in [known for known in authors if known > level]:
                del authors[deeper]
        layers.write("\n")
        layers.open_quote(authors.get(level))


def _write_original(layers: Layers, lines: list[str]) -> None:
    """Take everything after an "Original Message" line as one quote; its header block names the author."""
    _move(layers, 0, {})
    start = 0
    author = None
    while start < len(lines) and (":" in lines[start] or not lines[start].strip()) and start < 8:
        named = _FROM.match(lines[start])
        author = author or (_person(named.group(1)[:_LONGEST_ATTRIBUTION]) if named else None)
        start += 1
        if start < len(lines) and author and not lines[start].strip():
            break
    layers.open_quote(author)
    layers.write("\n".join(lines[start if author else 0 :]))
    layers.close_quote()


def _take_attribution(lines: list[str]) -> str | None:
    """Remove the attribution line at the end of what was written, and return the name it gives."""
    end = len(lines)
    while end and len(lines) - end < 3 and not lines[end - 1].strip():
        end -= 1
    if not end or not lines[end - 1].strip():
        return None
    for start in range(max(end - 3, 0), end):  # from the longest: a date may stand on a line of its own
        wrapped = lines[start:end]
        if start < end - 1 and not (_INTRODUCTION.match(wrapped[0]) and all(map(str.strip, wrapped))):
            continue
        line = " ".join(piece.strip() for piece in wrapped)
        name = _attributed(line) if len(line) <= _LONGEST_ATTRIBUTION else None
        if name is not None:
            del lines[start:]
            return name
    return None


def _attributed(line: str) -> str | None:
    """Return the name in an attribution line ("On 3 March 2020, Ada Lovelace <ada@x.org> wrote:"), or None."""
    if not line.endswith((":", "...", "…")):
        return None
    quoting = _QUOTING.fullmatch(line)
    if quoting:
        return _person(quoting.group(1))
    verbs = list(_AFTER_NAME.finditer(line))
    if not verbs:
        return None
    verb = verbs[-1]
    after = line[verb.end() :].strip(" :.…")
    if after and not re.match(r"(?:in|on|at|am|le|dans|en)\b", after, re.I):
        return _person(after)
    return _person(_without_date(line[: verb.start()]))


def _without_date(words: str) -> str:
    """Drop a leading date or reference ("On Mon, 3 Mar 2020 at 10:12, ")."""
    if "==" in words:
        return words.rsplit("==", 1)[1]
    bare = _ADDRESS.sub(" ", words).strip(" ,")
    if not _INTRODUCES_DATE.match(words) and not re.match(r"\s*\d|\s*\w{3,9}[,.] ", words):
        return bare or words
    rest = _DATE_END.sub("", bare)
    if not rest.strip(" ,"):
        rest = bare.rsplit(",", 1)[-1] if "," in bare else ""
    return rest.rsplit(",", 1)[-1] if "," in rest and rest is bare else rest


def _person(words: str) -> str | None:
    """Return a person's name without address; the address where there is nothing else."""
    name = _ADDRESS.sub(" ", words).strip(" \t\"'“”,:;<>()*_")
    name = " ".join(name.split())
    if not name:
        address = re.search(r"[^\s<>\"(]+@[^\s<>\")]+", words)
        name = address.group() if address else ""
    return name if name and len(name) <= 100 else None
