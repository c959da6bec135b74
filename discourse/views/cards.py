"""A thread's summary as one card: the answer first, then what carries it and what to beware of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from discourse.summary import Distribution, ThreadSummary
from discourse.views.rendering import percent, render, safe_url


@dataclass(frozen=True, slots=True)
class Bar:
    """Show one distribution as a bar; each part is (label, width in percent, words)."""

    name: str
    parts: tuple[tuple[str, float, str], ...]


def summary_html(summary: ThreadSummary, lang: Literal["en", "fr"] = "en") -> str:
    """Return a summary as HTML; `lang` is that of the narrative."""
    stance = summary.stance
    bars = [_bar("by comment", stance, by_author=False), _bar("by author", stance, by_author=True)]
    arguments = [
        (one.label, f"{one.count:,}", percent(one.share))
        for one in sorted(summary.argument.labels, key=lambda one: -one.count)
        if one.count
    ]
    return render(
        "summary.html",
        title=summary.title or summary.thread_id,
        url=safe_url(summary.url),
        target=summary.target,
        about=f"{summary.comments:,} comments by {summary.all_authors:,} known authors",
        contention="" if summary.contention is None else f"contention {summary.contention:.2f} (0 one-sided, 1 even)",
        bars=[bar for bar in bars if bar.parts],
        arguments=arguments,
        exemplars=[one for one in summary.exemplars if one.field == "stance"][:6],
        warnings=[f"{warn.kind.replace('-', ' ')}: {warn.count:,} of {warn.total:,}" for warn in summary.warnings],
        narrative=[" ".join(one.sentences) for one in summary.narrative if one.lang == lang][:1],
    )


def _bar(name: str, found: Distribution, *, by_author: bool) -> Bar:
    parts = []
    for one in found.labels:
        share = one.by_author if by_author else one.share
        if share:
            count = f"{one.authors:,} authors" if by_author else f"{one.count:,}"
            parts.append((one.label, round(100 * share, 3), f"{one.label} {percent(share)} ({count})"))
    return Bar(name, tuple(parts))
