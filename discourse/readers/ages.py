"""Read printed ages ("4 months ago", "il y a 4 mois"), even where a score is glued to them ("54 months ago").

A line gives every reading that is possible; `choose_readings` decides with the help of the other comments of the page.
Lemmy prints whole numbers and units (date-fns `formatDistanceStrict`; moment in its older versions), so an age beyond
the limits of its unit ("54 months") must begin with a score.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median

_UNITS: tuple[tuple[str, int, int], ...] = (
    ("sec sek seg δευτ сек 秒 초 giây ثان שני detik saniy másodperc", 1, 60),
    ("min dakik λεπτ мин хв 分 분 phút دق דק perc", 60, 60),
    ("hour heure stund hora hores ora ore uur uren tim tund godz hod ώρ час годин 小时 小時 時間 시간 giờ ساع שע jam"
     " saat óra óráv órával hr", 3600, 24),
    ("day jour tag día dia giorn dag dni dzie dn den dny päiv nap zi gün ημέρ μέρ ден день дн 天 日 일 ngày يوم أيام"
     " ימים יום hari egun tago días", 86_400, 30),
    ("week semain woche seman settiman vecka veckor uge uke viikk hét săptăm hafta εβδομ недел тиж 周 週 주 tuần minggu"
     " týd tydz tygod aste", 604_800, 5),
    ("month mois monat mes maand måned månad kuuk miesi měsí hónap lun ay μήν мес міс 个月 個月 ヶ月 か月 カ月 개월"
     " tháng أشهر شهر חוד bulan hilabet", 2_629_800, 11),
    ("year ans an jahr año ano ann jaar år vuo vuot rok lat let év yıl χρόν έτ год год лет рок 年 년 năm سن שנ tahun"
     " urte jaro", 31_557_600, 20),
)  # fmt: skip
"""Beginnings of the units' names, seconds in one, and the highest number that is printed with it."""

_SHORT = {"s": (1, 60), "m": (60, 60), "h": (3600, 24), "d": (86_400, 30), "j": (86_400, 30), "w": (604_800, 5),
          "mo": (2_629_800, 11), "y": (31_557_600, 20)}  # fmt: skip
"""Units of one or two letters ("4mo ago")."""

_KNOWN = sorted(
    ((stem, seconds, limit) for stems, seconds, limit in _UNITS for stem in stems.split()),
    key=lambda known: -len(known[0]),
)

_ONE = r"an?|a few|one|une?|eine[rnms]?|un[ao]?|uma?|een|en|ett|et|jeden|jedno"
_ABOUT = (
    r"about|over|almost|nearly|less than|more than|environ|presque|plus d[e']|moins d[e']|etwa|ungefähr|über|fast|"
    r"weniger als|mehr als|casi|unos|unas|alrededor de|más de|menos de|circa|quasi|più di|meno di|cerca de|quase|"
    r"mais de|ongeveer|bijna|meer dan|minder dan|omkring|næsten|cirka|ungefär|noin|około|prawie|ponad|asi|около|почти"
)
_BEFORE = r"il y a|vor|for|hace|há|hai|fa|för|před|acum|πριν από|πριν|duela|antaŭ|منذ|לפני|seit|de"
_AFTER = (
    r"ago|geleden|fa|temu|önce|sitten|siden|sedan|назад|тому|前|전|trước|yang lalu|ezelőtt|în urmă|atrás|πριν|"
    r"d'aquí|lalu"
)
_NOW = r"just now|now|à l[’']instant|gerade eben|ahora mismo|adesso|agora mesmo|zojuist|teraz|nyss|lige nu|只今|刚刚"
_UNIT = r"[^\W\d_]+\.?"

_TAIL = re.compile(
    rf"^(?P<front>.*?)(?:"
    rf"(?P<before>(?:(?<![^\W\d_])|(?<=\d[kKmM]))(?:{_BEFORE})\s+(?:(?:{_ABOUT})\s*)?(?:(?P<number>\d+)|(?:{_ONE}))\s*(?P<unit>{_UNIT})"
    rf"(?:\s+(?:{_AFTER}))?)"
    rf"|(?P<digits>\d+)\s*(?P<after>(?P<unit2>{_UNIT})\s*(?:{_AFTER}))"
    rf"|(?P<words>(?:(?:{_ABOUT})\s+(?:(?P<number3>\d+)|(?:{_ONE}))|(?:{_ONE}))\s+(?P<unit3>{_UNIT})\s+(?:{_AFTER}))"
    rf"|(?P<now>(?:{_NOW}))"
    rf")$",
    re.IGNORECASE,
)
_FRONT = re.compile(
    r"^(?P<score>[-−–+]?(?:0|[1-9]\d*)(?:[.,]\d+)?[kKmM]?)?(?:\s*[•·|]\s*|\s*)(?P<edit>edit(?:-\d)?)?\s*[•·|]?\s*$"
)
SCORE = re.compile(r"^[-−–+]?(?:0|[1-9]\d*)(?:[.,]\d+)?[kKmM]?$")
EDIT_ICON = re.compile(r"^edit(?:-\d)?$")


def _forms(words: str) -> frozenset[str]:
    return frozenset(words.split())


_SINGULAR = _forms(
    "second minute hour day week month year secondo minuto ora giorno settimana mese anno seconde minuut week maand "
    "månad vecka timme måned uge time miesiąc godzinę minutę месяц день час неделю"
)
_PLURAL = _forms(
    "seconds minutes hours days weeks months years secondi minuti ore giorni settimane mesi anni seconden minuten "
    "dagen weken maanden månader veckor timmar måneder uger timer miesiące miesięcy godziny godzin minuty minut "
    "месяца месяцев дня дней часа часов недели недель"
)
"""Forms of languages that print the number before the unit; forms that serve for both numbers are in neither list."""
_MONTH = 2_629_800
_SECONDS_LIMIT = 60
_RARITY = 0.5
"""Weight of a score's size beside an age's distance, both in logarithms; it only matters between possible readings."""
_LONGEST = 80
"""Longest line taken for the end of a header; the longest real one is under 40 characters."""


@dataclass(frozen=True, slots=True)
class Reading:
    """Hold one way to read the end of a comment's header; `seconds` is the age, `score` None where none is glued."""

    age: str
    seconds: float
    score: float | None = None
    edited: bool = False


def parse_score(text: str) -> float | None:
    """Return a printed score ("-3", "1.2K") as a number, None if it is none."""
    if not SCORE.match(text):
        return None
    digits = text.replace("−", "-").replace("–", "-").replace(",", ".")
    factor = {"k": 1_000, "m": 1_000_000}.get(digits[-1].lower(), 1)
    return round(float(digits.rstrip("kKmM")) * factor, 3)


def read_age(line: str) -> tuple[Reading, ...]:
    """Return every reading of a line that ends with a printed age and holds nothing but score, edit icon and age.

    The readings with plausible numbers come alone where there are any. Empty for any other line.
    """
    line = line.strip()
    match = _TAIL.match(line) if len(line) <= _LONGEST else None
    if match is None:
        return ()
    if match["digits"] is not None:
        return _split(line, match.start("digits"), match.end("digits"), match["unit2"])
    start = match.end("front")
    number = match["number"] or match["number3"]
    seconds, _ = _seconds(match["unit"] or match["unit3"] or "", int(number) if number else 1)
    return tuple(_readings(line, start, 0.0 if match["now"] else seconds))


def _split(line: str, start: int, end: int, unit: str) -> tuple[Reading, ...]:
    """Try every place where a score may end and the age begin; the digits are `line[start:end]`."""
    plausible: list[Reading] = []
    possible: list[Reading] = []
    for at in range(end - 1, start - 1, -1):
        count = int(line[at:end])
        seconds, limit = _seconds(unit, count)
        if line[at] == "0" and (at < end - 1 or seconds > 0 or limit < _SECONDS_LIMIT):
            continue
        found = list(_readings(line, at, seconds))
        possible.extend(found)
        if count <= limit and _agrees(count, unit):
            plausible.extend(found)
    return tuple(plausible or possible[-1:])


def _agrees(count: int, unit: str) -> bool:
    """Tell whether a unit has the number of its count ("1 month", "4 months"), where the language shows it."""
    name = unit.lower().rstrip(".")
    return count == 1 if name in _SINGULAR else not (count == 1 and name in _PLURAL)


def _readings(line: str, start: int, seconds: float) -> Iterator[Reading]:
    """Read what comes before the age, which begins at `start`."""
    match = _FRONT.match(line[:start].strip())
    if match is not None:
        score = parse_score(match["score"]) if match["score"] else None
        yield Reading(line[start:], seconds, score, match["edit"] is not None)


def _seconds(unit: str, count: int) -> tuple[float, int]:
    """Return the seconds in so many units, and the highest count that is printed with the unit."""
    name = unit.lower().rstrip(".")
    if name in _SHORT:
        return float(count * _SHORT[name][0]), _SHORT[name][1]
    for stem, seconds, limit in _KNOWN:
        if name.startswith(stem):
            return float(count * seconds), limit
    return float(count * _MONTH), _SECONDS_LIMIT


def choose_readings(
    options: Sequence[tuple[Reading, ...]], parents: Sequence[int], scored: Sequence[bool]
) -> tuple[Reading, ...]:
    """Choose one reading for each comment of a page; `parents` are positions (-1 for none), earlier than the reply.

    `scored` tells which comments show their score elsewhere. A page shows every score or none; a reply is not older
    than its parent, unless that was edited; among the rest, an age near to those that can be read in one way and a
    low score win.
    """
    alone = [all(reading.score is not None for reading in each) for each in options]
    shown = any(alone) or any(scored)
    narrowed = [_narrow(each, shown and not known) for each, known in zip(options, scored, strict=True)]
    sure = [math.log1p(each[0].seconds) for each in narrowed if len(each) == 1]
    usual = median(sure) if sure else None
    chosen: list[Reading] = []
    for each, parent in zip(narrowed, parents, strict=True):
        above = chosen[parent] if parent >= 0 else None
        if above is not None and not above.edited:
            each = tuple(one for one in each if one.seconds <= above.seconds) or each
        near = math.log1p(above.seconds) if above is not None and not above.edited else usual
        chosen.append(min(each, key=lambda one: _cost(one, near)))
    return tuple(chosen)


def _narrow(each: tuple[Reading, ...], glued: bool) -> tuple[Reading, ...]:
    return tuple(one for one in each if (one.score is not None) == glued) or each


def _cost(reading: Reading, near: float | None) -> float:
    """Weigh how far an age is from those around it, and how rare a score is: high ones are rarer."""
    far = 0.0 if near is None else abs(math.log1p(reading.seconds) - near)
    return far + _RARITY * math.log1p(abs(reading.score or 0.0))
