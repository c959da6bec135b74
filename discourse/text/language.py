"""Tell a text's language, among those that are plausible, or say that it cannot be told."""

from __future__ import annotations

import copy
import re
from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

SUPPORTED_LANGUAGES: tuple[str, ...] = tuple(
    "en fr de es it pt nl da sv no fi pl cs sk sl hr ro hu ca tr el ru uk bg sr et lv lt is gl eu sq mk be id vi az".split()  # noqa: E501, SIM905
)
"""ISO 639-1 codes: languages of Latin, Greek and Cyrillic script that the encoder knows and forums are written in.

Fifteen rarer ones (Welsh, Irish, Tagalog, Kazakh, …) would leave 4 points fewer decided of texts of 12 to 20 letters.
"""

_OTHER_LANGUAGES = tuple("zh ja ko ar fa ur ps ug he hi mr ne bn ta te kn ml gu pa or si th lo km my ka hy am".split())  # noqa: SIM905
_OTHER_LETTER = re.compile(
    "[\u0530-\u1c7f\u1c90-\u1cff\u2e80-\ua63f\ua6a0-\ua71f\ua840-\uab2f\uabc0-\ud7ff\uf900-\ufaff\ufb1d-\ufdff"
    "\ufe70-\ufefe\U00020000-\U0003ffff]"
)
"""Letters of scripts other than Latin, Greek and Cyrillic."""

UNDECIDED = "und"
_LONGEST = 400
_SHORTEST = 12
_SHORTEST_OTHER = 4
_SUREST = 0.6
"""Read at most 400 characters; decide from 12 letters (4 in other scripts) and a probability of 0.6.

Measured on 8,900 comments of known language (English, French, German, Spanish, Italian, Catalan, Danish, Portuguese,
Dutch; up to 1,500 each), by letters: 12-20: 62 % decided, 97.5 % of them right; 20-30: 82 %, 96.3 %; 30-60: 95 %,
99.0 %; more: 99.8 %, 99.6 %. It reads 5,000 texts a second.
More than 400 characters change nothing; under 12 letters the first guess is wrong half of the time.
"""

_NO_WORDS = re.compile(r"https?://\S+|\S+@\S+|[#@]\w+|`[^`\n]*`|[\s\d_]+")
_NO_LETTERS = re.compile(r"[\W\d_]+")


def detect_language(text: str, candidates: Sequence[str] = SUPPORTED_LANGUAGES) -> str:
    """Return the ISO 639-1 code of a text's language, `und` where it is too short or too uncertain to tell.

    A text in another script gets its own code whatever the candidates, so that it can be flagged. Raises ValueError
    for a candidate that the identifier does not know.
    """
    words = _NO_WORDS.sub(" ", text[: 2 * _LONGEST])[:_LONGEST].strip()
    letters = len(_NO_LETTERS.sub("", words))
    if not words.isascii():
        other = len(_OTHER_LETTER.findall(words))
        if other >= _SHORTEST_OTHER and 2 * other > letters:
            codes = tuple(code for code in candidates if code in _OTHER_LANGUAGES)
            return _identified(words, codes or _OTHER_LANGUAGES)
    return _identified(words, tuple(candidates)) if letters >= _SHORTEST else UNDECIDED


def _identified(words: str, candidates: tuple[str, ...]) -> str:
    code, probability = _identifier(candidates).classify(words)
    return str(code) if probability >= _SUREST else UNDECIDED


@lru_cache(maxsize=16)
def _identifier(candidates: tuple[str, ...]) -> LanguageIdentifier:
    """Return an identifier that knows only the candidates; they share one model, which is read once (0.5 s)."""
    identifier = copy.copy(_whole_identifier())
    identifier.set_languages(list(candidates))
    return identifier


@lru_cache(maxsize=1)
def _whole_identifier() -> LanguageIdentifier:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
