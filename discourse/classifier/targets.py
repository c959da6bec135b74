"""Turn a target into its opposite: who favors the one is against the other.

Motions are negated ("We should ban X" to "We should not ban X"), noun phrases put behind a word of refusal
("le rejet de X"). Only forms whose grammar is safe are turned; for all others the answer is None.
"""

from __future__ import annotations

import re

MOTION = re.compile(r"^(.{0,60}?\b(?:should|must|ought to))\s+(not\s+)?(.+)$", re.IGNORECASE)
REFUSALS: dict[str, tuple[str, ...]] = {
    "fr": ("le rejet de", "l'abandon de", "le refus de", "la fin de", "l'opposition à"),
    "en": ("the rejection of", "opposition to", "the end of", "stopping", "saying no to"),
    "es": ("el rechazo de", "el fin de", "la oposición a"),
    "it": ("il rifiuto di", "la fine di", "l'opposizione a"),
}
CONTRACTED = {
    "fr": {"de le": "du", "de les": "des", "à le": "au", "à les": "aux"},
    "es": {"de el": "del", "a el": "al"},
    "it": {"di il": "del", "di lo": "dello", "di la": "della", "di l'": "dell'", "di i": "dei", "di gli": "degli",
           "di le": "delle", "a il": "al", "a lo": "allo", "a la": "alla", "a l'": "all'", "a i": "ai",
           "a gli": "agli", "a le": "alle"},
}  # fmt: skip
ARTICLES = re.compile(r"^(?:l['’]|les?\s|la\s|the\s|el\s|los\s|las\s|il\s|lo\s|i\s|gli\s)", re.IGNORECASE)
LONGEST = 90


def opposite(target: str, lang: str) -> str | None:
    """Return the target turned into its opposite, or None where no safe form is known; the same answer every time."""
    target = target.strip()
    if not target or len(target) > LONGEST or target.endswith("?"):
        return None
    motion = MOTION.match(target) if lang == "en" else None
    if motion:
        return f"{motion[1]} {motion[3]}" if motion[2] else f"{motion[1]} not {motion[3]}"
    article = ARTICLES.match(target)
    if lang not in REFUSALS or article is None:
        return None
    words = REFUSALS[lang]
    refusal = words[sum(map(ord, target)) % len(words)]
    head, _, preposition = refusal.rpartition(" ")
    first, rest = article[0].strip().lower().replace("’", "'"), target[article.end() :]
    joined = CONTRACTED.get(lang, {}).get(f"{preposition} {first}")
    gap = "" if (joined or first).endswith("'") else " "
    return f"{head} {joined}{gap}{rest}" if joined else f"{refusal} {first}{gap}{rest}"
