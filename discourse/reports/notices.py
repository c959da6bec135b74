"""What the readers tell of a thread, in French: they say it in English, for the terminal and the manifest.

A notice that is not known here is shown in English in both languages. A test holds the readers' notices to this list.
"""

from __future__ import annotations

import re

_KNOWN: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern, re.DOTALL), french)
    for pattern, french in (
        (
            r"no comment structure was recognized: read as a post without comments",
            "aucune structure de commentaires n’a été reconnue : lu comme un texte sans commentaires",
        ),
        (r"the article is cut by a paywall \((.*)\)", r"l’article est coupé par un accès payant (\1)"),
        (
            r"the article is cut \((.*)\): the rest is behind a link or a paywall",
            r"l’article est coupé (\1) : la suite est derrière un lien ou un accès payant",
        ),
        (
            r"the page gives the article's date without a time zone: it is taken as UTC",
            "la page donne la date de l’article sans fuseau horaire : elle est lue comme UTC",
        ),
        (r"(\d+) comments are announced, (\d+) were found", r"\1 commentaires sont annoncés, \2 ont été trouvés"),
        (
            r"the page says that it does not hold (\d+) more \w+",
            r"la page dit qu’il lui manque encore des réponses (\1)",
        ),
        (
            r"the status that was asked for, (.*), is not in the dump",
            r"le message demandé, \1, n’est pas dans les données",
        ),
        (r"no target is given: the title is taken for it", "aucune cible n’est donnée : le titre en tient lieu"),
        (
            r"there is neither a target nor a title: no stance is labeled",
            "il n’y a ni cible ni titre : aucune position n’est étiquetée",
        ),
    )
)


def in_french(notice: str) -> str:
    """Return a notice in French, or as it is where no words are known."""
    for pattern, french in _KNOWN:
        match = pattern.fullmatch(notice)
        if match:
            return match.expand(french)
    return notice
