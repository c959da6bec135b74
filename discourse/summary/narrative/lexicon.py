"""The words a narrative may use, in English and French, and what the loaded ones mean.

A word that is in neither list is not understood, and a sentence that is not understood is not printed: so negations,
degrees ("hardly", "only") and opinions cannot slip in. Loaded words stand for the facts of a summary (`claims`).
"""

from __future__ import annotations

import re
from typing import Literal, TypeAlias

Language: TypeAlias = Literal["en", "fr"]

ARGUMENT_NAMES: dict[Language, dict[str, str]] = {
    "en": {
        "fact": "fact",
        "testimony": "testimony",
        "value": "value",
        "consequence": "consequence",
        "cause": "cause",
        "analogy": "analogy",
        "policy": "proposal",
        "ad_hominem": "personal attack",
        "irony": "irony",
        "question": "question",
        "none": "no argument",
    },
    "fr": {
        "fact": "fait",
        "testimony": "témoignage",
        "value": "valeur",
        "consequence": "conséquence",
        "cause": "cause",
        "analogy": "analogie",
        "policy": "proposition",
        "ad_hominem": "attaque personnelle",
        "irony": "ironie",
        "question": "question",
        "none": "sans argument",
    },
}
"""How the argument types are named in running text."""

_LOADED: dict[Language, dict[str, tuple[str, ...]]] = {
    "en": {
        "favor": ("in favor", "in favour", "favorable", "favourable", "supportive", "support", "supports"),
        "against": ("against", "opposed", "oppose", "opposes", "hostile", "unfavorable", "unfavourable"),
        "none": ("take no side", "takes no side", "take no position", "takes no position", "without a position"),
        "comment": ("comment", "comments"),
        "author": ("author", "authors"),
        "reply": ("reply", "replies"),
        "agree": ("agree", "agrees"),
        "disagree": ("disagree", "disagrees"),
        "neutral": ("neutral",),
        "even": ("about evenly divided", "evenly divided"),
        "lead": ("in the lead", "lead", "leads", "prevail", "prevails"),
        "frequent": ("most frequent", "most often", "most"),
        "active": ("most active",),
        "across": ("between the two sides", "across sides"),
        "below": ("below", "under"),
        "turn": ("the balance turns", "balance turns"),
        "elsewhere": ("elsewhere",),
        "change": ("changed sides", "change sides", "changes sides", "changed side"),
        "unknown": ("no known author", "an unknown author", "unknown author"),
        "unsure": ("unsure of", "unsure"),
        "silent": ("deleted, removed or empty", "deleted or empty"),
        "guessed": ("guessed",),
        "gold": ("labels given by people", "labels that people gave"),
        "quoted": ("of those signed",),
    },
    "fr": {
        "favor": ("en faveur", "favorable", "favorables"),
        "against": ("contre", "opposé", "opposés", "opposée", "opposées", "défavorable", "défavorables", "hostiles"),
        "none": ("ne prend pas parti", "ne prennent pas parti", "sans prendre parti", "sans prendre position"),
        "comment": ("commentaire", "commentaires"),
        "author": ("auteur", "auteurs"),
        "reply": ("réponse", "réponses"),
        "agree": ("approuve", "approuvent"),
        "disagree": ("désapprouve", "désapprouvent"),
        "neutral": ("neutre", "neutres"),
        "even": ("partagés presque également", "presque également partagés"),
        "lead": ("en tête", "l'emporte", "l'emportent"),
        "frequent": ("le plus souvent", "le plus fréquent", "les plus fréquents"),
        "active": ("le plus actif", "la plus active"),
        "across": ("d'un camp à l'autre", "entre les deux camps"),
        "below": ("sous",),
        "turn": ("la balance s'inverse", "le rapport s'inverse"),
        "elsewhere": ("ailleurs",),
        "change": ("a changé de camp", "ont changé de camp"),
        "unknown": ("sans auteur connu", "un auteur inconnu", "auteur inconnu"),
        "unsure": ("n'est pas sûr de", "n'est pas sûr d'", "doute de", "doute d'"),
        "silent": ("supprimé, retiré ou vide", "supprimés, retirés ou vides"),
        "guessed": ("deviné", "devinés"),
        "gold": ("étiquettes données par des personnes",),
        "quoted": ("de ceux qui sont signés",),
    },
}

_NEUTRAL: dict[Language, str] = {
    "en": """a an the this these those that they them their it its of on in by with from to for at as is are was were be
        been has have had holds hold contains contain thread discussion conversation debate share shares true label
        labels model given how sure posted written wrote write writes writing says say said words word point points
        make makes made type types argument arguments argue argues counted counting once each person people where while
        what which who answer answers answered signed known after correction corrected estimate estimated lies lie
        other others link links parent means follow follows here among there page""",
    "fr": """le la les l' un une des de d' du au aux à en dans sur par pour avec ce cet cette ces cela il elle ils elles
        on est sont était étaient été être a ont avait fil discussion débat conversation part parts vraie véritable
        étiquette étiquettes modèle vu selon sûr sûre posté postés publié publiés écrit écrits écrire mots mot point
        points suivant type types argument arguments argumente argumentent compté comptés comptée fois chacun
        chaque personne personnes où tandis que qu' qui quoi répond répondent signés connu après correction estimée
        estimé estimation se situe entre lien liens fait faisant font même celui celle celles ceux y leur
        leurs s' dont parmi compte compter tient défend défendent auxquels auquel""",
}

Token: TypeAlias = tuple[str, str]
"""A kind (`word`, `n`, `%`, `range`, `date`, `author`, `quote`, `type`, `?`) and its value."""


def _phrases(lang: Language) -> list[tuple[str, Token]]:
    loaded = [(phrase, ("word", meaning)) for meaning, several in _LOADED[lang].items() for phrase in several]
    types = [(name, ("type", label)) for label, name in ARGUMENT_NAMES[lang].items()]
    return sorted(loaded + types, key=lambda pair: -len(pair[0]))


PHRASES: dict[Language, dict[str, Token]] = {"en": dict(_phrases("en")), "fr": dict(_phrases("fr"))}
"""Every loaded phrase, longest first, and its meaning."""

PHRASE_PATTERN: dict[Language, str] = {
    lang: "|".join(
        rf"(?<!\w){re.escape(phrase).replace(chr(92) + ' ', chr(92) + 's+')}" + ("" if phrase[-1] == "'" else r"(?!\w)")
        for phrase in phrases
    )
    for lang, phrases in PHRASES.items()
}

NEUTRAL: dict[Language, frozenset[str]] = {lang: frozenset(words.split()) for lang, words in _NEUTRAL.items()}

_KNOWN = frozenset(
    word for lang in PHRASES for held in (NEUTRAL[lang], *map(str.split, PHRASES[lang])) for word in held
)


def is_plain_name(name: str) -> bool:
    """Tell whether an author's name can stand in a sentence without quotation marks and be recognized as one word."""
    return re.fullmatch(r"[^\W\d]\w*", name) is not None and name.lower() not in _KNOWN
