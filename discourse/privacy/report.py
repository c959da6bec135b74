"""What was replaced, what was left standing, and what could not be decided: counts that add up over threads."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields

WORDS_LEFT = "names that are also common words, left where they stand in running text: "
"""How the notice begins that tells authors' names left in running text."""


@dataclass(frozen=True, slots=True)
class Ambiguity:
    """Name a case where one written name may mean several people; told in pseudonyms, so that it can be printed."""

    pseudonym: str
    why: str


@dataclass(frozen=True, slots=True)
class PrivacyReport:
    """Count the replacements by place.

    `common_words` are authors' names left in running text because they are also words of a language (or of the
    target): they are told in clear, being words. They are still replaced in author fields, mentions, quote headers,
    signatures, urls and ids.
    """

    authors: int = 0
    mentions: int = 0
    quote_headers: int = 0
    names_in_text: int = 0
    signatures: int = 0
    emails: int = 0
    phones: int = 0
    profile_links: int = 0
    urls: int = 0
    ids: int = 0
    sources: int = 0
    common_words: tuple[str, ...] = ()
    ambiguous: tuple[Ambiguity, ...] = ()

    def __add__(self, other: PrivacyReport) -> PrivacyReport:
        """Add two reports: counts are summed, lists joined without repetition."""
        summed: dict[str, int] = {
            field.name: getattr(self, field.name) + getattr(other, field.name)
            for field in fields(self)
            if field.name not in ("common_words", "ambiguous")
        }
        return PrivacyReport(
            **summed,
            common_words=tuple(sorted({*self.common_words, *other.common_words})),
            ambiguous=tuple(dict.fromkeys((*self.ambiguous, *other.ambiguous))),
        )

    def sentences(self) -> tuple[str, ...]:
        """Say in a few lines what was done; no original name but a common word is in them."""
        lines = [
            f"pseudonyms: {self.authors} author fields, {self.mentions} mentions, {self.quote_headers} quote headers, "
            f"{self.names_in_text} names in text, {self.signatures} signatures, {self.emails} e-mail addresses, "
            f"{self.phones} phone numbers, {self.profile_links} profile links, {self.urls} urls, {self.ids} ids, "
            f"{self.sources} paths"
        ]
        if self.common_words:
            lines.append(told_words(self.common_words))
        if self.ambiguous:
            lines.append(f"{len(self.ambiguous)} written names may mean several people: see the manifest")
        return tuple(lines)


def told_words(words: Iterable[str]) -> str:
    """Say which authors' names were left in running text."""
    return WORDS_LEFT + ", ".join(words)
