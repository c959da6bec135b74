"""All words of the page, in English and in French; `wording.py` explains the placeholders.

A key's family comes first (`stance.favor`); codes of the codebook keep their names, their words are those of people.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Literal, TypeAlias

from discourse.reports.strings_answer import ANSWER
from discourse.reports.strings_gold import GOLD
from discourse.reports.strings_labels import LABELS
from discourse.reports.strings_points import POINTS
from discourse.reports.strings_reader import READER

Lang: TypeAlias = Literal["en", "fr"]

LANGS: tuple[Lang, ...] = ("en", "fr")

ATTRIBUTES = ("title", "aria-label", "placeholder")
"""The attributes that are said again when the language changes."""

MONTHS: Mapping[str, tuple[str, ...]] = {
    "en": (
        "January", "February", "March", "April", "May", "June",
        "July", "August", "September", "October", "November", "December",
    ),
    "fr": (
        "janvier", "février", "mars", "avril", "mai", "juin",
        "juillet", "août", "septembre", "octobre", "novembre", "décembre",
    ),
}  # fmt: skip


def _bound(french: str) -> str:
    """Keep French punctuation with its word: a space before it never breaks a line (the narrow one but for a colon)."""
    french = french.replace(" :", "\u00a0:").replace("« ", "«\u00a0").replace(" »", "\u00a0»")
    return re.sub(r" (?=[;?!])", "\u202f", french)


STRINGS: Mapping[str, tuple[str, str]] = {
    key: (english, _bound(french))
    for key, (english, french) in {**LABELS, **READER, **ANSWER, **GOLD, **POINTS}.items()
}
"""Each string in English and in French."""
