"""Tell the article of a saved news page from what surrounds it: captions, related links, biography, newsletter.

What is kept is the title, the text, the author, the date and the source; whether the page cuts the text is told.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from discourse.readers.printed_dates import read_byline, read_date_line
from discourse.text import clean

_PAYWALL = re.compile(
    r"(?:réservée?s? (?:aux|à nos) abonnés|il vous reste [\d.,]+ ?% de cet article|cet article est réservé|"
    r"la suite est réservée|pour lire la suite|(?:article|contenu) (?:réservé|payant)|déjà abonné|abonnez-vous pour|"
    r"subscribe to (?:read|continue)|subscribers? only|for subscribers|to continue reading|already a subscriber|"
    r"this article is (?:for|reserved)|create an account to read|\d+ ?% of (?:this|the) article remain|"
    r"nur für abonnenten|mit einem abo weiterlesen|jetzt weiterlesen|dieser artikel ist .{0,30}abonnent|"
    r"(?:solo|exclusivo) para suscriptores|suscríbete para|hazte suscriptor|"
    r"riservato agli abbonati|contenuto riservato|abbonati per (?:leggere|continuare)|"
    r"exclusivo para assinantes|assine para (?:ler|continuar)|alleen voor abonnees|"
    r"lees verder met een abonnement)",
    re.IGNORECASE,
)
_MORE = re.compile(
    r"^(?:lire la suite|voir la suite|la suite|read more|continue reading|read the full (?:article|story)|"
    r"weiterlesen|mehr lesen|leer más|seguir leyendo|leggi (?:tutto|di più|ancora)|continua a leggere|ler mais|"
    r"leia mais|lees verder)"
    r"\s*(?:\.{3}|…|»|→|>+)?$",
    re.IGNORECASE,
)
_BARE_RELATED = re.compile(
    r"^(?:(?:à|a) (?:lire|voir|découvrir)(?: aussi| également| en vidéo)?|lire (?:aussi|également)|voir aussi|"
    r"sur le même (?:sujet|thème)|read (?:also|next)|see also|related (?:articles?|stories)|lesen sie auch|"
    r"lee también|leggi anche|leia também|lees ook)\s*:?$",
    re.IGNORECASE,
)
_RELATED = re.compile(
    r"^(?:(?:à|a) (?:lire|voir|découvrir)(?: aussi| également)?\s*[:«“\"].*|lire (?:aussi|également)\b.*|"
    r"voir aussi\b.*|read (?:also|next)\b.*|see also\b.*|"
    r"related (?:articles?|stories)\b.*|lesen sie (?:auch|mehr)\b.*|auch interessant\b.*|leer? también\b.*|"
    r"leggi anche\b.*|leia também\b.*|lees ook\b.*|(?:à|en|in|via|vía) [\w .]{2,30} \| .*)",
    re.IGNORECASE,
)
_END = re.compile(
    r"^(?:lire d[’']autres articles|plus d[’']articles de .*|vous êtes un utilisateur de google.*|suivez-nous\b.*|"
    r"rejoignez la communauté.*|les dernières actualités|newsletters?|inscrivez-vous à.*|s[’']inscrire|"
    r"partager(?: (?:sur|cet article|l[’']article)\b.*)?|ajouter un commentaire|laisser un commentaire|haut de page|"
    r"retour en haut|mots-clés.*|catégorie article.*|subscribe to our newsletter.*|sign up (?:for|to)\b.*|"
    r"share (?:this|on)\b.*|about the author|follow us\b.*|leave a (?:comment|reply)|latest (?:news|articles)|"
    r"most read|back to top|all rights reserved.*|über den autor|newsletter abonnieren.*|suscríbete\b.*|"
    r"iscriviti\b.*|google-news)$",
    re.IGNORECASE,
)
_MORE_BY_AUTHOR = re.compile(
    r"^(?:lire d[’']autres articles|plus d[’']articles de .*|(?:see|read) (?:all|more) articles.*|more (?:from|by) .*|"
    r"weitere artikel von .*|más artículos de .*|altri articoli di .*)$",
    re.IGNORECASE,
)
_SOURCE = re.compile(r"^(?:sources?|via)\s*:?$", re.IGNORECASE)
_CREDIT = re.compile(
    r"©|^(?:images?|imágenes|imagen|photos?|fotos?|bild(?:er)?|crédits?(?: photos?)?)\s*[:|]", re.IGNORECASE
)
_CAPTION_LENGTH = 250
_LABEL_LENGTH = 80
"""Longest line taken for a picture's label because the page has it twice."""
_CUT_LENGTH = 160
_TITLE_LENGTH = 300
_TITLE_WORDS = 4
_NEAR = 3
"""Lines between which a repeated line is a caption or a link printed twice."""
_HEAD = 15
"""Lines at the top of a page among which the date stands."""


@dataclass(frozen=True, slots=True)
class Article:
    """Hold an article as the page shows it.

    `created` is UTC (see `printed_dates`), `announced` the number of comments printed beside the date, `cut` the words
    with which the page says that the text stops short, `paywall` whether they name subscribers.
    """

    text: str
    title: str | None = None
    author: str | None = None
    created: datetime | None = None
    announced: int | None = None
    cut: str | None = None
    paywall: bool = False

    def notices(self) -> tuple[str, ...]:
        """Return what a user should know of the text and the date."""
        found = []
        if self.cut is not None and self.paywall:
            found.append(f"the article is cut by a paywall ({_short(self.cut)})")
        elif self.cut is not None:
            found.append(f"the article is cut ({_short(self.cut)}): the rest is behind a link or a paywall")
        if self.created is not None:
            found.append("the page gives the article's date without a time zone: it is taken as UTC")
        return tuple(found)


def read_article(lines: Sequence[str]) -> Article:
    """Read the lines of a page, those of its comments left out.

    A text that shows no mark of a web page (date line, related links, credits, paywall) is kept whole.
    """
    stripped = [clean(line) for line in lines]
    dated = _date_line(stripped)
    title, start = _title(stripped, dated)
    end, signed = _biography(stripped)
    cut = next((line for line in stripped[start:] if _is_cut(line)), None)
    saved = dated is not None or cut is not None or any(map(_is_mark, stripped))
    text = _text(stripped, start, end) if saved else stripped[start:]
    facts = read_date_line(stripped[dated]) if dated is not None else None
    author = facts.author if facts is not None else None
    if author is None:
        author = next((name for line in stripped[start : start + _HEAD] if (name := read_byline(line))), signed)
    return Article(
        text=clean("\n".join(text)).strip(),
        title=title,
        author=author,
        created=facts.moment if facts is not None else None,
        announced=_counter(stripped, dated),
        cut=cut,
        paywall=cut is not None and _PAYWALL.search(cut) is not None,
    )


def _date_line(lines: Sequence[str]) -> int | None:
    """Return where the date stands: the first date near the top, a date of publication before one of change."""
    head = [at for at, line in enumerate(lines) if line][:_HEAD]
    found = [(at, date) for at in head if (date := read_date_line(lines[at])) is not None]
    return min(found, key=lambda one: (one[1].update, one[0]))[0] if found else None


def _counter(lines: Sequence[str], dated: int | None) -> int | None:
    """Return the number that stands alone under the date."""
    below = next((line for line in lines[dated + 1 :] if line), "") if dated is not None else ""
    return int(below) if below.isdigit() and len(below) < 6 else None


def _title(lines: Sequence[str], dated: int | None) -> tuple[str | None, int]:
    """Return the title and where the text begins.

    Above a date stand menus and the title; without a date, the title is a first line that stands apart and is not
    printed again further down, as captions are.
    """
    filled = [at for at, line in enumerate(lines) if line]
    if not filled:
        return None, 0
    if dated is not None:
        above = [at for at in filled if at < dated and _reads_as_title(lines[at], _TITLE_WORDS)]
        if above:
            return lines[above[0]], above[0] + 1
    first = filled[0]
    apart = len(filled) > 1 and first + 1 < len(lines) and not lines[first + 1]
    again = any(lines[at] == lines[first] for at in filled[2:])
    if apart and not again and _reads_as_title(lines[first], 2) and lines[first][-1] not in ".,;:…":
        return lines[first], first + 1
    return None, first


def _reads_as_title(line: str, fewest: int) -> bool:
    return fewest <= len(line.split()) and len(line) <= _TITLE_LENGTH and read_date_line(line) is None


def _biography(lines: Sequence[str]) -> tuple[int, str | None]:
    """Return where the author's biography begins (the end of the page if there is none) and whose it is.

    It is a name, a text, and a link to more of the author's articles; the text may come twice, once cut.
    """
    for at, line in enumerate(lines):
        if _MORE_BY_AUTHOR.match(line):
            above = [before for before in range(at - 1, max(at - 8, -1), -1) if lines[before]][:2]
            if len(above) == 2 and read_byline(f"par {lines[above[1]]}") is not None:
                return above[1], lines[above[1]]
            return (above[0] if above else at), None
    return len(lines), None


def _text(lines: Sequence[str], start: int, end: int) -> Iterator[str]:
    """Yield the lines that belong to the article itself."""
    begun = related = False
    for at in range(start, end):
        line = lines[at]
        if _END.match(line) or _SOURCE.match(line):
            if begun:
                return
        elif _BARE_RELATED.match(line):
            related = True
        elif not line:
            related = False
            yield ""
        elif not (related or _is_furniture(lines, at)):
            begun = True
            yield line


def _is_furniture(lines: Sequence[str], at: int) -> bool:
    """Tell captions, credits, date lines, counters and single links from text."""
    line = lines[at]
    if _is_cut(line) or _RELATED.match(line) or line.isdigit():
        return True
    if at < _HEAD and (read_date_line(line) is not None or read_byline(line) is not None):
        return True
    near = (*lines[max(0, at - _NEAR) : at], *lines[at + 1 : at + 1 + _NEAR])
    caption = len(line) < _CAPTION_LENGTH and (line in near or _CREDIT.search(line) is not None)
    return caption or (len(line) < _LABEL_LENGTH and line[-1] not in ".!?…:" and lines.count(line) > 1)


def _is_mark(line: str) -> bool:
    """Tell whether a line is of the kind that only a saved web page has."""
    return any(pattern.match(line) for pattern in (_END, _BARE_RELATED, _RELATED)) or _CREDIT.search(line) is not None


def _is_cut(line: str) -> bool:
    return len(line) < _CUT_LENGTH and (_PAYWALL.search(line) is not None or _MORE.match(line) is not None)


def _short(words: str) -> str:
    return f"“{words}”" if len(words) <= 60 else f"“{words[:59].rstrip()}…”"
