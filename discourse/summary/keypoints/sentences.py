"""Sentences that can stand as a point: cut out of comments as they are, and rated by how well each stands alone.

The rules read form, not meaning: length, links, questions, shouting, and the words a sentence begins with. The lists of
such words (`openings`) cover seven languages; in any other language the rules of form still hold.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from discourse.summary.keypoints.openings import ADDRESSING, AGREEING, EMPTY, GRANTING, LEANING, STANDING, TURNING

FEWEST, MOST = 6, 30
"""Words of a sentence that can be a point: what is shorter is rarely a whole statement, what is longer several."""
_GOOD = (8, 15)
"""Words within which length costs nothing: the points that experts wrote for ArgKP-2021 have 3 to 19, and what is long
matches much."""
_LINE = 50
"""Characters from which a line break is that of a mail program, where the next line goes on in lower case."""
_NEAR = 12
"""Characters around a full stop that are looked at: an abbreviation has fewer."""
_CHARACTERS_A_WORD = 2
"""Characters that make a word in scripts without spaces: Chinese and Japanese words average below two."""

_END = re.compile(r"[.!?…]+(?:[\s\u00a0\u202f]?[»”\"')\]])*(?=\s|$)|[。！？]+[」』”]*|\n+")
_MARKER = re.compile(r"^(?:[-*•–—]|\d{1,2}[.)])\s+")
_ABBREVIATED = re.compile(
    r"(?:^|[\s(])(?:[^\W\d_]|Mr|Mrs|Ms|Mme|Dr|Pr|St|vs|cf|ex|etc|e\.g|i\.e|z\.B|u\.a|d\.h|bzw)\.$|^\s*\d{1,2}\.$"
)
"""Ends that end no sentence: an initial, an abbreviation, the number of a list."""
_WORD = re.compile(r"\w+(?:['’-]\w+)*")
_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\u0e00-\u0e7f]")
_LINK = re.compile(r"https?:|www\.|\w+\.(?:com|org|net|fr|de)\b|\S+@\S+\.")
_QUOTATION = re.compile(r'«[^»]*»|“[^”]*”|"[^"]*"')
_NAMING = re.compile(r"[@#]\w")
"""Marks of a post to somebody or for a search, which a point has no use for."""
_CAPITAL = r"[^\W\d_a-zß-öø-ÿ]"
_HEADLINE = re.compile(rf"^(?:{_CAPITAL}+\s){{0,2}}{_CAPITAL}{{4,}}\s?[-–—:|]")
"""Beginnings like FLASH – or VIDEO: that announce what is not said."""
_ASKS = ("?", "？", "؟")


def sentences(text: str) -> tuple[str, ...]:
    """Cut a text into its sentences, each a piece of it as it stands; quoted lines (`>`) are left out."""
    return tuple(text[start:end] for start, end in _spans(text))


def _spans(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for match in _END.finditer(text):
        if match.start() < start:
            continue
        if not _ends(text, start, match):
            continue
        yield from _trimmed(text, start, match.end())
        start = match.end()
    yield from _trimmed(text, start, len(text))


def _ends(text: str, start: int, match: re.Match[str]) -> bool:
    """Tell whether a full stop or a line break ends a sentence: not after an abbreviation, not in a wrapped line."""
    after = text[match.end() : match.end() + _NEAR].lstrip()[:1]
    if match.group().startswith("\n"):
        line = text[max(start, text.rfind("\n", 0, match.start()) + 1) : match.start()]
        return not (match.group() == "\n" and len(line) >= _LINE and after.islower())
    return match.group() != "." or not _ABBREVIATED.search(text[max(start, match.end() - _NEAR) : match.end()])


def _trimmed(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Take white space and list marks off a piece; nothing where no word or only a quoted line is left."""
    piece = text[start:end]
    start += len(piece) - len(piece.lstrip())
    piece = piece.strip()
    marker = _MARKER.match(piece)
    if marker is not None:
        start += marker.end()
        piece = piece[marker.end() :]
    if _WORD.search(piece) and not piece.startswith(">"):
        yield start, start + len(piece)


def size(text: str) -> int:
    """Count the words of a text; in scripts without spaces two characters are taken for one."""
    return max(len(_WORD.findall(text)), len(_UNSPACED.findall(text)) // _CHARACTERS_A_WORD)


def quality(sentence: str, lang: str | None = None) -> float:
    """Rate 0…1 how well a sentence can stand as a point; 0 for what cannot, such as a question or a link."""
    words = _WORD.findall(sentence.lower().replace("’", "'"))
    letters = [char for char in sentence if char.isalpha()]
    length = size(sentence)
    if not FEWEST <= length <= MOST or not letters or len(letters) < len(sentence) / 2:
        return 0.0
    if any(mark in sentence[-_NEAR // 2 :] for mark in _ASKS) or _LINK.search(sentence) or not sentence[0].isalnum():
        return 0.0
    if sum(map(str.isupper, letters)) > len(letters) / 3 or _quoted(sentence):
        return 0.0
    if words[0] in EMPTY or AGREEING.match(sentence):
        return 0.0
    rating = 1.0 - max(0, _GOOD[0] - length) / _GOOD[0] - max(0, length - _GOOD[1]) / MOST
    if words[0] in LEANING.get(lang or "", frozenset()) and not STANDING.match(sentence):
        rating *= 0.5
    if not ADDRESSING.get(lang or "", frozenset()).isdisjoint(words):
        rating *= 0.6
    if letters[0].islower():
        rating *= 0.9
    if _NAMING.search(sentence):
        rating *= 0.7
    if sentence.endswith(("…", "...")) or _HEADLINE.match(sentence):
        rating *= 0.5
    return rating * (1.0 if sentence[-1] in ".!…。！" else 0.9)


def granting(sentence: str, following: str, lang: str | None = None) -> bool:
    """Tell whether a sentence seems to grant the other side's point, by how it begins or how the next one turns."""
    said, after = sentence.replace("’", "'"), following.replace("’", "'")
    grants, turns = GRANTING.get(lang or ""), TURNING.get(lang or "")
    if grants is None or turns is None:
        return False
    return bool(turns.match(after) or (grants.match(said) and not any(map(turns.match, said.split(", ")[1:]))))


def _quoted(sentence: str) -> bool:
    """Tell whether a third of a sentence or more is another's words, or it begins or ends inside them."""
    if sentence.count('"') % 2 or any(sentence.count(one) != sentence.count(two) for one, two in ("«»", "“”")):
        return True
    return sum(map(len, _QUOTATION.findall(sentence))) >= len(sentence) / 3
