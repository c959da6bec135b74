"""Tell a text's language, among those that are plausible, or say that it cannot be told."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

SUPPORTED_LANGUAGES: tuple[str, ...] = (
    "en", "fr", "de", "es", "it", "pt", "nl", "da", "sv", "fi", "pl", "cs", "sk", "sl", "hr", "no", "ro", "hu", "ca",
    "tr", "el", "ru", "uk", "bg", "sr",
)  # fmt: skip

UNDECIDED = "und"
_SHORTEST = 12
_SUREST = 0.8
_NO_WORDS = re.compile(r"https?://\S+|\S+@\S+|[#@]\w+|`[^`\n]*`|[\d_]+")


def detect_language(text: str, candidates: Sequence[str] = SUPPORTED_LANGUAGES) -> str:
    """Return the ISO 639-1 code of a text's language, `und` where it is too short or too uncertain to tell."""
    words = " ".join(_NO_WORDS.sub(" ", text[:3000]).split())
    if sum(map(str.isalpha, words)) < _SHORTEST:
        return UNDECIDED
    code, probability = _identifier(tuple(candidates)).classify(words)
    return str(code) if probability >= _SUREST else UNDECIDED


@lru_cache(maxsize=8)
def _identifier(candidates: tuple[str, ...]) -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(list(candidates))
    return identifier
