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
from discourse.summary.narrative.lexicon import ARGUMENT_NAMES
from discourse.summary.prevalence import first_method, plans_of
from discourse.summary.words import Estimate

Language: TypeAlias = Literal["en", "fr"]

DETAILED = 5
"""Threads up to which each is shown in detail: more do not fit on a few screens."""

_BAR = 12
_SHADES: dict[Stance, str] = {"favor": "█", "against": "▓", "none": "░"}
_TITLE, _QUOTE = 48, 220

_WORDS: dict[str, tuple[str, str]] = {
    "thread": ("thread", "fil"),
    "target": ("target", "cible"),
    "comments": ("comments", "commentaires"),
    "authors": ("authors", "auteurs"),
    "stance": ("stance", "position"),
    "favor": ("favor", "pour"),
    "against": ("against", "contre"),
    "none": ("none", "sans avis"),
    "contention": ("contention", "partage"),
    "argument": ("first argument", "premier argument"),
    "disagree": ("disagree", "désaccord"),
    "by comment": ("by comment", "par commentaire"),
    "by author": ("by author", "par auteur"),
    "sure": ("sure labels", "étiquettes sûres"),
    "true": ("true share, 95 % *", "part vraie, 95 % *"),
    "corrected": ("corrected, 95 %", "corrigée, 95 %"),
    "by people": ("corrected with {n} labels by people", "corrigé avec {n} étiquettes données par des personnes"),
    "plan": (
        "{n} more, drawn at random, bring every range within ± {points} points",
        "{n} de plus, tirées au hasard, ramènent chaque intervalle à ± {points} points",
    ),
    "plan more": ("{n} within ± {points}", "{n} à ± {points}"),
    "together": ("all threads together", "tous les fils ensemble"),
    "assumed": (
        "* if the model's probabilities are right on such texts; labels by people would measure it: discourse sample, "
        "then discourse summarize --gold",
        "* si les probabilités du modèle sont justes sur de tels textes ; des étiquettes données par des personnes le "
        "mesureraient : discourse sample, puis discourse summarize --gold",
    ),
    "warnings": ("beware", "attention"),
    "no target": ("no target", "sans cible"),
    "key points": ("key points", "points clés"),
    "points few-comments": ("too few comments for key points", "trop peu de commentaires pour des points clés"),
    "points no-sentence": ("no sentence stands on its own", "aucune phrase ne se suffit à elle-même"),
    "points nothing-shared": ("no sentence says what two people say", "aucune phrase ne dit ce que deux disent"),
    "sampled": (
        "  counted in a random sample of {n} of its {all} comments",
        "  comptés dans un échantillon au hasard de {n} de ses {all} commentaires",
    ),
    "coverage": (
        "  they speak for {share} of the pairs of a side and a type of argument with two comments or more",
        "  ils expriment {share} des couples d'un côté et d'un type d'argument d'au moins deux commentaires",
    ),
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
    "truncated": ("comments, or what they answer, cut", "commentaires, ou ce à quoi ils répondent, tronqués"),
}


def terminal_view(
    summaries: Sequence[ThreadSummary], lang: Language = "en", overall: Sequence[Estimate] = ()
) -> RenderableType:
    """Show summaries as a table of one line each, and in detail if they are at most `DETAILED`.

    `overall` are the shares of all threads together, corrected with people's labels.
    """
    targets = {summary.target for summary in summaries}
    shared = next(iter(targets)) if len(targets) == 1 else None
    parts: list[RenderableType] = []
    if shared is not None:
        parts.append(Text(f"{_say('target', lang)}: ").append(plain(shared, 200, "bold")))
    legend = "  ".join(f"{_SHADES[name]} {_say(name, lang)}" for name in STANCES)
    parts += [Text(legend), _table(summaries, lang, with_target=len(targets) > 1)]
    together = first_method(overall, "stance")
    if together and len(summaries) > 1:
        shares = " · ".join(f"{_say(name, lang)} {_percent(e.share)} ({_range(e)})" for name, e in together.items())
        parts += [Text(f"\n{_say('together', lang)}: {shares}"), _bought(overall, lang)]
    if len(summaries) <= DETAILED:
        parts += [_detail(summary, lang, shared is None) for summary in summaries if summary.comments]
        if any(summary.stance.labeled and not first_method(summary.prevalence, "stance") for summary in summaries):
            parts.append(Text(f"\n{_say('assumed', lang)}", style="dim"))
    return Group(*parts)


def _table(summaries: Sequence[ThreadSummary], lang: Language, *, with_target: bool) -> Table:
    """Put each thread on a line; on a narrow terminal its title is cut."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column(_say("stance", lang), no_wrap=True)
    for name in ("comments", "authors", "contention", "disagree"):
        table.add_column(_say(name, lang), justify="right", no_wrap=True)
    table.add_column(_say("thread", lang))
    if with_target:
        table.add_column(_say("target", lang))
    for summary in summaries:
        table.add_row(
            bar(summary.stance) if summary.stance.labeled else Text("–"),
            str(summary.comments),
            str(summary.all_authors),
            "–" if summary.contention is None else f"{summary.contention:.2f}",
            _percent(summary.reply_stance["disagree"].share),
            _one_line(plain(summary.title or summary.thread_id, 100)),
            *([_one_line(plain(summary.target or "–", 60))] if with_target else []),
        )
    return table


def _one_line(text: Text) -> Text:
    text.no_wrap, text.overflow = True, "ellipsis"
    return text


def bar(stance: Distribution, width: int = _BAR) -> Text:
    """Draw the shares of the stances as `width` blocks in all, then favor and against in percent."""
    shares = [share.share or 0.0 for share in stance.labels]
    edges = [round(width * sum(shares[: place + 1])) for place in range(len(shares))]
    text = Text()
    for name, start, end in zip(STANCES, [0, *edges], edges, strict=False):
        text.append(_SHADES[name] * (end - start), style=COLORS[name])
    favor, against = (f"{100 * share:.0f}" for share in shares[:2])
    return text.append(f" {favor:>2}/{against:>2} %")


def _detail(summary: ThreadSummary, lang: Language, with_target: bool) -> RenderableType:
    heading = Text("\n").append(plain(summary.title or summary.thread_id, 100, "bold"))
    if summary.target is not None and with_target:
        heading.append(f"\n{_say('target', lang)}: ").append(plain(summary.target, 100))
    parts: list[RenderableType] = [heading]
    if summary.stance.labeled:
        parts.append(_stances(summary, lang))
    if first_method(summary.prevalence, "stance"):
        parts.append(_bought(summary.prevalence, lang))
    if summary.argument.labeled:
        parts.append(_arguments(summary.argument, lang))
    parts += [Text(sentence) for told in summary.narrative if told.lang == lang for sentence in told.sentences]
    parts += _key_points(summary, lang)
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
    people = first_method(summary.prevalence, "stance")
    for name in ("by comment", "corrected" if people else "true", "sure", "by author", "authors"):
        table.add_column(_say(name, lang), justify="right")
    camps = {camp.stance: camp.authors for camp in summary.camps}
    for name in STANCES:
        share = summary.stance[name]
        table.add_row(
            Text(f"{_SHADES[name]} {_say(name, lang)}", style=COLORS[name]),
            f"{share.count} · {_percent(share.share)}",
            f"{_percent(people[name].share)} ({_range(people[name])})" if people else _bounds(share),
            f"{share.sure} · {_percent(share.sure_share)}",
            _percent(share.by_author),
            str(camps.get(name, "–")),
        )
    return table


def _bought(estimates: Sequence[Estimate], lang: Language) -> Text:
    """Say how many labels by people corrected the shares of the stances, and what more of them would buy."""
    gold = next(iter(first_method(estimates, "stance").values())).gold
    plans = [
        _say("plan more" if place else "plan", lang).format(n=plan.labels, points=f"{100 * plan.half_width:.0f}")
        for place, plan in enumerate(plans_of(estimates, "stance")[:2])
    ]
    return Text("; ".join(filter(None, [_say("by people", lang).format(n=gold), ", ".join(plans)])))


def _range(estimate: Estimate) -> str:
    return f"{100 * estimate.low:.0f}–{100 * estimate.high:.0f}"


def _arguments(argument: Distribution, lang: Language) -> Text:
    """List the argument types that occur, the most frequent first."""
    names, ranked = ARGUMENT_NAMES[lang], sorted(argument.labels, key=lambda share: -share.count)
    return Text(
        " · ".join(f"{names[share.label]} {share.count} ({_percent(share.share)})" for share in ranked if share.count)
    )


def _key_points(summary: ThreadSummary, lang: Language) -> list[RenderableType]:
    """Show the points of each side with how many make them, or why there are none; nothing if none were looked for."""
    lines: list[RenderableType] = []
    for about in summary.point_sides:
        color, mark = COLORS[about.side], f"{_SHADES[about.side]} {_say(about.side, lang)}"
        for point in summary.key_points:
            if point.side == about.side:
                share = _percent(point.share)
                if point.low is not None and point.high is not None:
                    share = f"{100 * point.low:.0f}–{100 * point.high:.0f} %"
                line = Text(f"{mark} · {point.comments} ({share}) ", color)
                lines.append(line.append(plain(point.text, _QUOTE, "default")))
        if about.outcome != "found" and about.comments:
            lines.append(Text(f"{mark} · ", color).append(_say(f"points {about.outcome}", lang), "default"))
        elif about.examined < about.comments:
            lines.append(Text(_say("sampled", lang).format(n=about.examined, all=about.comments), "dim"))
    if summary.key_points and summary.coverage is not None:
        lines.append(Text(_say("coverage", lang).format(share=_percent(summary.coverage)), "dim"))
    return [Text(f"{_say('key points', lang)}:"), *lines] if lines else []


def _quotes(summary: ThreadSummary, lang: Language) -> list[RenderableType]:
    """Show the first exemplar of each side."""
    lines: list[RenderableType] = []
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
