"""Read the date line of a saved article ("28 février 2024 à 08h18", "Publié le 28-02-2024 par Jane Doe").

A page gives no time zone: the time is taken as UTC, a date without a time as its midnight. In a date of numbers
alone the day comes first, unless only the other order is possible.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime

_MONTHS = (
    "jan janv gen ene enero januari januar janvier january gennaio janeiro",
    "feb febr fév févr fevrier fev february février februar febrero febbraio fevereiro februari",
    "mar mars march märz maerz mär marzo março maart mrt",
    "apr avr abr april avril abril aprile",
    "may mai mayo maggio maio mei mag",
    "jun juin june juni junio giugno junho giu",
    "jul juil july juillet juli julio luglio julho lug",
    "aug août aout august agosto ago augustus",
    "sep sept september septembre septiembre settembre setembro set",
    "oct okt october octobre oktober octubre ottobre outubro ott out",
    "nov november novembre noviembre novembro",
    "dec déc dez dic december décembre decembre dezember diciembre dicembre dezembro",
)
_MONTH = {name: number for number, names in enumerate(_MONTHS, 1) for name in names.split()}
_NAMES = "|".join(sorted(_MONTH, key=len, reverse=True))
_YEAR = r"(?P<y>(?:19|20)\d\d)"

_DATES = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"\b(?P<d>\d{{1,2}})(?:er|st|nd|rd|th|\.|º)?\s+(?:de\s+)?(?P<m>{_NAMES})\b\.?,?\s+(?:de\s+)?{_YEAR}\b",
        rf"\b(?P<m>{_NAMES})\b\.?\s+(?P<d>\d{{1,2}})(?:st|nd|rd|th)?,?\s+{_YEAR}\b",
        rf"\b{_YEAR}[-/.](?P<m>\d\d)[-/.](?P<d>\d\d)(?!\d)",
        rf"\b(?P<d>\d{{1,2}})[-/.](?P<m>\d{{1,2}})[-/.]{_YEAR}\b",
        r"\b(?P<d>\d{1,2})/(?P<m>\d{1,2})/(?P<y>\d\d)\b",
    )
)
_TIME = re.compile(
    r"(?:\b|T)(?P<h>[01]?\d|2[0-3])(?:\s?[h:.]\s?(?P<min>[0-5]\d)(?::[0-5]\d)?\s*(?P<half>[ap]\.?m\.?)?|\s?(?P<half2>[ap]\.?m\.?))"
    r"(?:\s*(?:uhr|utc|gmt|z|h|cet|cest))?(?!\w)",
    re.IGNORECASE,
)
_BYLINE = re.compile(r"\b(?:par|by|von|por|di|door)\s+(?P<author>[^\d,;:|]{2,80}?)\s*$", re.IGNORECASE)
_FILLER = re.compile(
    r"\b(?:publi[ée]e?|post[ée]e?|parue?|mise? à jour|modifiée?|créée?|published|posted|(?:last )?updated|on|at|le|à|a|"
    r"veröffentlicht|aktualisiert|stand|am|um|uhr|publicado|actualizado|el|las?|pubblicato|aggiornato|il|alle|ore|"
    r"publicado em|atualizado|em|às|gepubliceerd|bijgewerkt|op|om|de|date|"
    r"(?:lun|mar|mercre|jeu|vendre|same)di|dimanche|(?:mon|tues|wednes|thurs|fri|satur|sun)day|"
    r"(?:mon|diens|donners|frei|sams|sonn)tag|mittwoch|lunes|martes|miércoles|jueves|viernes|sábado|domingo|"
    r"luned[ìi]|marted[ìi]|mercoled[ìi]|gioved[ìi]|venerd[ìi]|sabato|domenica|"
    r"(?:segunda|terça|quarta|quinta|sexta)-feira|(?:maan|dins|woens|donder|vrij|zater|zon)dag)\b",
    re.IGNORECASE,
)
_CONNECTOR = re.compile(r"[\s,|·•–—-]*(?:\b(?:le|on|am|el|il|em|op)\s*)?$", re.IGNORECASE)
_UPDATED = re.compile(
    r"mise? à jour|modifi|updated|aktualisiert|actualizad|aggiornat|atualizad|bijgewerkt", re.IGNORECASE
)
_BY = re.compile(r"^(?:écrit |written |rédigé )?(?:par|by|von|por|di|door)\s*:?\s+(?P<name>.+)$", re.IGNORECASE)
_PARTICLES = frozenset({"de", "van", "von", "der", "et", "and", "du", "di", "da"})
_SEPARATORS = " ,-–—|·•"
_LONGEST = 140
"""Longest line taken for a date line, in characters."""


@dataclass(frozen=True, slots=True)
class DateLine:
    """Hold what a date line says; `author` is None where it names none, `update` tells a date of change."""

    moment: datetime
    author: str | None = None
    update: bool = False


def read_date_line(line: str) -> DateLine | None:
    """Return the date of a line that holds nothing but a date, a time, the usual words and an author's name."""
    line = line.strip()
    if not line or len(line) > _LONGEST:
        return None
    for pattern in _DATES:
        match = pattern.search(line)
        if match is not None:
            day = _day(match)
            return _whole_line(line, match, day) if day is not None else None
    return None


def _day(match: re.Match[str]) -> datetime | None:
    """Make a day of what a pattern found, None if there is no such day."""
    year = int(match["y"]) + (2000 if len(match["y"]) == 2 else 0)
    named = _MONTH.get(match["m"].lower())
    day, month = int(match["d"]), named or int(match["m"])
    if named is None and month > 12 >= day:
        day, month = month, day
    try:
        return datetime(year, month, day, tzinfo=UTC)
    except ValueError:
        return None


def _whole_line(line: str, date: re.Match[str], day: datetime) -> DateLine | None:
    """Add the time of day and the author, and see that the line says nothing else."""
    before, after = line[: date.start()], line[date.end() :]
    time = _TIME.search(after)
    if time is not None:
        hour, minute = int(time["h"]), int(time["min"] or 0)
        half = (time["half"] or time["half2"] or "").lower()
        hour = hour % 12 + 12 * half.startswith("p") if half else hour
        day = day.replace(hour=hour, minute=minute)
        after = after[: time.start()] + " " + after[time.end() :]
    author: str | None = None
    rest = []
    for part in (_CONNECTOR.sub("", before), after):
        byline = _BYLINE.search(part.strip(_SEPARATORS))
        if byline is not None and author is None:
            author, part = byline["author"].strip(), part[: part.lower().find(byline[0].lower().strip())]
        rest.append(part)
    leftover = _FILLER.sub(" ", " ".join(rest))
    if re.search(r"\w", leftover):
        return None
    return DateLine(day, author, _UPDATED.search(line) is not None)


def read_byline(line: str) -> str | None:
    """Return the author's name of a line that only says who wrote ("Par Jane Doe"), None for any other line."""
    match = _BY.match(line.strip())
    if match is None:
        return None
    name = match["name"].strip(" ,|")
    parts = name.split()
    capital = all(part[0].isupper() or part in _PARTICLES for part in parts)
    return name if 1 <= len(parts) <= 6 and capital and name[-1] not in ".!?:" else None
