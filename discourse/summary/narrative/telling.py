"""Tell a thread: our sentences, or an outside writer's where they say the same and pass the checker."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

from discourse.summary.facts import ThreadSummary
from discourse.summary.narrative.checking import Checker
from discourse.summary.narrative.lexicon import Language
from discourse.summary.narrative.sentences import Teller
from discourse.summary.words import Narrative

Writer: TypeAlias = Callable[[Sequence[str], Language], Sequence[str]]
"""Rephrase sentences, one for one; see `writer.ask_endpoint`."""


def narrate(
    summary: ThreadSummary, lang: Language = "en", writer: Writer | None = None, *, by: str | None = None
) -> Narrative:
    """Tell a summary in checked sentences; `writer` may rephrase them, `by` is its name.

    Ours stands where a sentence of the writer does not pass, and everywhere if he does not return as many sentences.
    """
    checker = Checker(summary, lang)
    ours = [sentence for sentence in Teller(summary, lang).sentences() if checker.check(sentence) is None]
    theirs = list(writer(ours, lang)) if writer is not None and ours else []
    if len(theirs) != len(ours):
        return Narrative(lang, tuple(ours))
    told = [new if checker.check(new) is None and new.strip() else old for new, old in zip(theirs, ours, strict=True)]
    return Narrative(lang, tuple(told), by if told != ours else None)
