"""A thread told in half a page, English or French, every sentence checked against the numbers.

narrate(summary, lang="en", writer=None) -> Narrative       checked sentences; those of a writer that fail are ours
check(sentence, summary, lang) -> Refusal | None            why a sentence must not be printed
"""

from discourse.summary.narrative.checking import Checker, Refusal, check
from discourse.summary.narrative.lexicon import Language
from discourse.summary.narrative.telling import Writer, narrate

__all__ = ["Checker", "Language", "Refusal", "Writer", "check", "narrate"]
