"""Summaries on a terminal: one line a thread, and for a few threads what each amounts to.

Functions return rich renderables and print nothing. Titles and names come from strangers: control and direction
characters are taken out. Bars differ by shade as well as by color, so that they read without color.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import Literal, TypeAlias

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from discourse.labels import COLORS, STANCES, Stance
from discourse.summary.facts import Distribution, LabelShare, ThreadSummary

Language: TypeAlias = Literal["en", "fr"]

DETAILED = 5
"""Threads up to which each is shown in detail: more do not fit on a few screens."""

_BAR = 24
_SHADES: dict[Stance, str] = {"favor": "█", "against": "▓", "none": "░"}
_TITLE, _QUOTE = 48, 220

_WORDS: dict[str, tuple[str, str]] = {
    "thread": ("thread", "fil"),
    "target": ("target", "cible"),
    "comments": ("comments", "commentaires"),
    "authors": ("authors", "auteurs"),
    "stance": ("favor █ against ▓ none ░", "pour █ contre ▓ sans avis ░"),
    "favor": ("favor", "pour"),
    "against": ("against", "contre"),
    "none": ("none", "sans avis"),
    "contention": ("contention", "partage"),
    "argument": ("first argument", "premier argument"),
    "disagree": ("disagree", "désaccord"),
    "by comment": ("by comment", "par commentaire"),
    "by author": ("by author", "par auteur"),
    "sure": ("sure labels", "étiquettes sûres"),
    "true": ("true share, 95 %", "part vraie, 95 %"),
    "warnings": ("beware", "attention"),
    "no target": ("no target", "sans cible"),
    "key points": ("key points", "points clés"),
    "no comments": ("no comments", "aucun commentaire"),
    "few-comments": ("few comments", "peu de commentaires"),
    "few-authors": ("few authors", "peu d'auteurs"),
    "many-abstained": ("many uncertain labels", "beaucoup d'étiquettes incertaines"),
    "many-unlabeled": ("many comments without words", "beaucoup de commentaires sans texte"),
    "guessed-links": ("guessed reply links", "liens de réponse devinés"),
    "unknown-authors": ("unknown authors", "auteurs inconnus"),
    "announced-differs": ("the page announces another number of comments", "la page annonce un autre nombre"),
    "target-missing": ("no target: no stance", "pas de cible : pas de position"),
    "one-author-dominates": ("one author dominates", "un auteur domine"),
    "truncated": ("long comments were cut for the model", "longs commentaires tronqués pour le modèle"),
}


def terminal_view(summaries: Sequence[ThreadSummary], lang: Language = "en") -> RenderableType:
    """Show summaries as a table of one line each, and in detail if they are at most `DETAILED`."""
    parts: list[RenderableType] = [_table(summaries, lang)]
    if len(summaries) <= DETAILED:
        parts += [_detail(summary, lang) for summary in summaries if summary.comments]
    return Group(*parts)


def _table(summaries: Sequence[ThreadSummary], lang: Language) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column(_say("thread", lang), overflow="fold", max_width=_TITLE)
    table.add_column(_say("target", lang), overflow="fold", max_width=_TITLE // 2)
    table.add_column(_say("comments", lang), justify="right")
    table.add_column(_say("authors", lang), justify="right")
    table.add_column(_say("stance", lang), no_wrap=True)
    table.add_column(_say("contention", lang), justify="right")
    table.add_column(_say("disagree", lang), justify="right")
    for summary in summaries:
        table.add_row(
            plain(summary.title or summary.thread_id, _TITLE),
            plain(summary.target, _TITLE // 2) if summary.target is not None else Text("–"),
            str(summary.comments),
            str(summary.all_authors),
            bar(summary.stance) if summary.stance.labeled else Text("–"),
            "–" if summary.contention is None else f"{summary.contention:.2f}",
            _percent(summary.reply_stance["disagree"].share),
        )
    return table


def bar(stance: Distribution, width: int = _BAR) -> Text:
    """Draw the shares of the stances, as many blocks as `width`, and favor and against in percent."""
    shares = [share.share or 0.0 for share in stance.labels]
    edges = [round(width * sum(shares[: place + 1])) for place in range(len(shares))]
    text = Text()
    for name, start, end in zip(STANCES, [0, *edges], edges, strict=False):
        text.append(_SHADES[name] * (end - start), style=COLORS[name])
    return text.append(f" {_percent(shares[0])} / {_percent(shares[1])}")


def _detail(summary: ThreadSummary, lang: Language) -> RenderableType:
    heading = Text("\n").append(plain(summary.title or summary.thread_id, 100, "bold"))
    if summary.target is not None:
        heading.append(f"\n{_say('target', lang)}: ").append(plain(summary.target, 100))
    parts: list[RenderableType] = [heading]
    if summary.stance.labeled:
        parts.append(_stances(summary, lang))
    if summary.argument.labeled:
        parts.append(_arguments(summary.argument))
    parts += [Text(sentence) for told in summary.narrative if told.lang == lang for sentence in told.sentences]
    if not any(told.lang == lang and told.sentences for told in summary.narrative):  # it quotes both sides itself
        parts += _quotes(summary, lang)
    parts += [
        Text(f"{_say('warnings', lang)}: {_say(warn.kind, lang)} ({warn.count}/{warn.total})", style="yellow")
        for warn in summary.warnings
    ]
    return Padding(Group(*parts), (0, 0, 0, 2))


def _stances(summary: ThreadSummary, lang: Language) -> Table:
    table = Table(box=None, pad_edge=False)
    table.add_column("")
    for name in ("by comment", "true", "sure", "by author", "authors"):
        table.add_column(_say(name, lang), justify="right")
    camps = {camp.stance: camp.authors for camp in summary.camps}
    for name in STANCES:
        share = summary.stance[name]
        table.add_row(
            Text(f"{_SHADES[name]} {_say(name, lang)}", style=COLORS[name]),
            f"{share.count} · {_percent(share.share)}",
            _bounds(share),
            f"{share.sure} · {_percent(share.sure_share)}",
            _percent(share.by_author),
            str(camps.get(name, "–")),
        )
    return table


def _arguments(argument: Distribution) -> Text:
    """List the argument types that occur, the most frequent first."""
    ranked = sorted(argument.labels, key=lambda share: -share.count)
    return Text(" · ".join(f"{share.label} {share.count} ({_percent(share.share)})" for share in ranked if share.count))


def _quotes(summary: ThreadSummary, lang: Language) -> list[RenderableType]:
    """Show the key points, else the first exemplar of each side."""
    lines: list[RenderableType] = []
    for point in summary.key_points:
        mark = f"{_SHADES[point.side]} {_say(point.side, lang)} · {point.comments} "
        lines.append(Text(mark, COLORS[point.side]).append(plain(point.text, _QUOTE, "default")))
    if lines:
        return lines
    for side in STANCES[:2]:
        first = next((e for e in summary.exemplars if e.field == "stance" and e.label == side), None)
        if first is not None:
            line = Text(f"{_SHADES[side]} ", style=COLORS[side]).append(plain(first.author or "?", 40, "bold default"))
            lines.append(line.append(": ").append(plain(first.text, _QUOTE, "italic default")))
    return lines


def plain(text: str, size: int, style: str = "") -> Text:
    """Make a stranger's words safe for a terminal: one line, no control or direction characters, cut to `size`."""
    clean = "".join(" " if unicodedata.category(char) in ("Cc", "Zl", "Zp") else char for char in text)
    clean = " ".join("".join(char for char in clean if unicodedata.category(char) not in ("Cf", "Cs")).split())
    return Text(clean if len(clean) <= size else f"{clean[: size - 1].rstrip()}…", style)


def _bounds(share: LabelShare) -> str:
    if share.interval is None:
        return "–"
    return f"{100 * share.interval.low:.0f}–{100 * share.interval.high:.0f} %"


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{100 * share:.0f} %"


def _say(key: str, lang: Language) -> str:
    english, french = _WORDS[key]
    return french if lang == "fr" else english
