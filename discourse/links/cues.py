"""What one comment shows of the one it answers: names it addresses, questions, second person, how it opens.

Word lists cover the languages of the project; they are cues for a learned ranker, not rules.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping, Set
from dataclasses import dataclass
from datetime import datetime

from discourse.echoes import Words, words
from discourse.threads import Comment


def _listed(words_in_a_row: str) -> frozenset[str]:
    return frozenset(words_in_a_row.split())


_SECOND_PERSON = _listed(
    "you your yours yourself u tu te toi ton ta tes t vous vos votre du dich dir dein deine deinen deiner ihr euch "
    "euer usted ustedes ti tuyo vosotros os vos sus lei voi tuo tua tuoi vostro você vocês contigo teu seu jij je jou "
    "jouw jullie uw"
)
_OPENERS = (
    _listed(
        "yes yeah yep yup agreed exactly indeed right true sure absolutely correct oui ouais exact exactement tout "
        "effectivement ja genau stimmt richtig sí si claro exacto cierto sì esatto certo giusto sim exato klopt "
        "inderdaad this ack"
    ),
    _listed(
        "no nope not wrong false nah actually non faux pas nein falsch nicht falso mentira não nee fout onzin bullshit "
        "nonsense"
    ),
    _listed(
        "thanks thank thx merci danke gracias grazie obrigado obrigada bedankt dank sorry désolé apologies interesting "
        "great nice good intéressant super cool interessant interesante bravo"
    ),
    _listed(
        "but and so well because then also or if mais et donc ben bah car parce alors aussi ou aber und denn weil dann "
        "oder wenn pero y entonces porque o ma e quindi perché allora mas então maar en dus want of"
    ),
    _listed("hi hello hey dear bonjour salut bonsoir hallo guten hola ciao olá hoi dag all everyone tous"),
)
"""First words that agree, deny, thank or praise, connect, greet."""
_MENTION = re.compile(r"(?<![\w@/.])@([\w.-]*\w)")
_VOCATIVE_WORDS = 4
"""Words at the beginning among which a bare name addresses somebody; further on it may only be spoken of."""
_SHORTEST_NAME = 3


@dataclass(frozen=True, slots=True)
class Cues:
    """Hold what is read off one comment; `addressed` maps authors' keys to 2 (by `@` or at the beginning) or 1 (named).

    `opener` is the index of the kind of first word, -1 for none; `created` seconds since 1970, None if unknown.
    """

    author: str
    words: Words
    content: frozenset[str]
    addressed: Mapping[str, int]
    second_person: bool
    asks: bool
    ends_asking: bool
    has_url: bool
    opener: int
    created: float | None


def author_key(name: str | None) -> str:
    """Return how an author is compared: case folded, without a leading `@`; empty for an unknown one."""
    return (name or "").casefold().removeprefix("@").strip()


def read_cues(comment: Comment, keys: Set[str], authors: Mapping[str, str]) -> Cues:
    """Read one comment; `keys` are all authors, `authors` maps first words of names that are no usual words to keys."""
    said = comment.text if comment.kind == "comment" else f"{comment.title or ''}\n{comment.text}"
    spoken = tuple(map(sys.intern, words(said)))
    asks = "?" in comment.text
    return Cues(
        author=author_key(comment.author),
        words=spoken,
        content=frozenset(word for word in spoken if len(word) > 3 or word.isdigit()),
        addressed=_addressed(comment.text, spoken, keys, authors, author_key(comment.author)),
        second_person=not _SECOND_PERSON.isdisjoint(spoken),
        asks=asks,
        ends_asking=asks and comment.text.rstrip().endswith("?"),
        has_url="://" in comment.text,
        opener=next((kind for kind, openers in enumerate(_OPENERS) if spoken and spoken[0] in openers), -1),
        created=_seconds(comment.created),
    )


def _seconds(moment: datetime | None) -> float | None:
    return moment.timestamp() if moment is not None else None


def _addressed(text: str, spoken: Words, keys: Set[str], authors: Mapping[str, str], own: str) -> dict[str, int]:
    """Find the authors whom a comment names."""
    found: dict[str, int] = {}
    for mention in _MENTION.findall(text):
        for key in (mention.casefold(), mention.casefold().split("@")[0]):
            if key in keys and key != own:
                found[key] = 2
    for at, word in enumerate(spoken):
        key = authors.get(word, "")
        if not key or key == own or key in found:
            continue
        name = words(key)
        if spoken[at : at + len(name)] == name:
            found[key] = 2 if at < _VOCATIVE_WORDS else 1
    return found


def names_by_first_word(keys: Set[str]) -> dict[str, str]:
    """Map the first word of each author's key to the key, where it is long enough and only one author has it."""
    first: dict[str, str] = {}
    for key in sorted(keys):
        name = words(key)
        if name and len("".join(name)) >= _SHORTEST_NAME:
            first[name[0]] = "" if name[0] in first else key
    return {word: key for word, key in first.items() if key}
