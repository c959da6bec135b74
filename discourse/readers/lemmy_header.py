"""Read what stands above the comments of a saved Lemmy page: the post among menus, icons and counters."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from discourse.readers.ages import EDIT_ICON, parse_score, read_age
from discourse.readers.languages import language_code, language_names
from discourse.text import clean

_BYLINE = re.compile(
    r"^(?P<name>\S.{0,60}?)\s(?:to|pour|in|an|à|en|a|su|para|naar|do)\s(?P<community>\S+)\s?[·•]\s(?P<age>.+)$"
)
_SUBMITTED = re.compile(
    r"^submitted (?P<age>.+? ago)\*?(?: \(last edited .+?\))? by (?P<name>\S+)(?: to (?P<community>\S+))?.*$"
)
_COUNT = re.compile(
    r"^(?:Comments? \((\d+)\)|"
    r"(\d+) (?:comments?|commentaires?|Kommentare?|comentarios?|commenti|comentários?|reacties))$",
    re.IGNORECASE,
)
_FURNITURE = re.compile(
    r"^(?:\.\.|link|fedilink|message-square|external-link|arrow-up1|arrow-down1|reply1?|more-vertical|star|heart|search|"
    r"menu|bell|rss|shield|edit(?:-\d)?|globe|copy|pin|lock|image|video|"
    r"(?:•\s*)?(?:Communities|Create Post|Create Community|Support Lemmy|Search|Login|Sign Up)|"
    r"(?:•\s*)?(?:Modlog|Instances|Docs|Code)|"
    r"Sidebar|Subscribe|Cross-?posts?|Chat|Hot|Top|Controversial|New|Old|Sort(?:ed by)?:?|Comments|All comments|"
    r"(?:Hot|Top|Controversial|New|Old|Chat)(?:\s+(?:Hot|Top|Controversial|New|Old|Chat))+|"
    r"Commentaires|Tous les commentaires|Kommentare|Comentarios|Commenti|"
    r"View all comments.*|Show context.*|Afficher le contexte.*|"
    r"You must log ?in or .{0,30}to comment\.?|Vous devez vous être connecté ou enregistré pour commenter\.|"
    r"(?:cross-?posted (?:to|from)|publication croisée sur|This link has also been posted to).*)$",
    re.IGNORECASE,
)
_LETTER_BADGE = re.compile(r"(?<=[a-z.])[MAB]$")
_HOST = re.compile(r"^(?:[a-z0-9-]+\.)+[a-z]{2,}$")
_COUNTER_ICON = "message-square"
_TITLE_WORDS = range(4, 50)
_TITLE_LENGTH = 300


@dataclass(frozen=True, slots=True)
class Header:
    """Hold the post as the page shows it; `announced` is the number of comments that the page says it has."""

    text: str
    title: str | None = None
    author: str | None = None
    age: str | None = None
    edited: bool | None = None
    score: float | None = None
    lang: str | None = None
    announced: int | None = None


def read_header(lines: Sequence[str]) -> Header:
    """Read the lines above the first comment; without a line that says who posted, all that is no furniture is text."""
    stripped = [line.strip() for line in lines]
    for at, line in enumerate(stripped):
        byline = _SUBMITTED.match(line) or _BYLINE.match(line)
        if byline is not None and read_age(byline["age"]):
            return _with_byline(stripped, at, byline)
    announced, kept = _without_furniture(stripped)
    title, text = _split_title(kept)
    return Header(text, title=title, announced=announced)


def _with_byline(lines: Sequence[str], at: int, byline: re.Match[str]) -> Header:
    """Read a page that says who posted: the title is above ("submitted … by") or below ("X to community · age")."""
    classic = byline.re is _SUBMITTED
    above = [line for line in lines[:at] if line]
    score = parse_score(above[-1]) if above and not classic else None
    announced, kept = _without_furniture(lines[at + 1 :])
    title: str | None = None
    if classic:
        titled = [line for line in above if not _FURNITURE.match(line) and parse_score(line) is None]
        title = titled[-1] if titled else None
        score = next((points for line in above if (points := parse_score(line)) is not None), None)
    else:
        title = next((line for line in kept if line), None)
        kept = kept[kept.index(title) + 1 :] if title is not None else kept
    host = next((line for line in kept if line), "")
    if _HOST.match(host):
        kept = kept[kept.index(host) + 1 :]
    reading = read_age(byline["age"])[-1]
    name = byline["name"].removeprefix("@")
    if not classic:
        name = _LETTER_BADGE.sub("", name)
    return Header(
        text=_paragraphs(kept),
        title=title,
        author=name,
        age=reading.age,
        edited=reading.edited,
        score=score,
        lang=_glued_language(byline["community"] or ""),
        announced=announced,
    )


def _glued_language(community: str) -> str | None:
    """Return the code of the language that is glued to a community ("Technologie@jlai.luFrançais")."""
    found = [name for name in language_names() if community.endswith(name) and community != name]
    return language_code(max(found, key=len)) if found else None


def _without_furniture(lines: Sequence[str]) -> tuple[int | None, list[str]]:
    """Return the announced count, and the lines that are no icon, counter, menu or sort control."""
    announced: int | None = None
    kept: list[str] = []
    counter = False
    for line in lines:
        count = _COUNT.match(line)
        glued = line.removeprefix(_COUNTER_ICON)
        if count is not None:
            announced = int(count[1] or count[2])
        elif counter and line.isdigit():
            announced = int(line)
        elif glued != line and glued.isdigit():
            announced = int(glued)
        elif not (_FURNITURE.match(line) or parse_score(line) is not None or EDIT_ICON.match(line) or read_age(line)):
            kept.append(line)
        if line:
            counter = line == _COUNTER_ICON
    return announced, kept


def _split_title(lines: Sequence[str]) -> tuple[str | None, str]:
    """Take the first line for the title where it reads as one and stands apart from a text."""
    rest = list(lines)
    while rest and not rest[0]:
        rest.pop(0)
    if not rest:
        return None, ""
    first, after = rest[0], rest[1:]
    apart = not after or not after[0]
    if apart and len(first.split()) in _TITLE_WORDS and len(first) <= _TITLE_LENGTH and first[-1] not in ".…,;":
        return first, _paragraphs(after)
    return None, _paragraphs(rest)


def _paragraphs(lines: Sequence[str]) -> str:
    return clean("\n".join(lines)).strip()
