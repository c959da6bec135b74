"""Read the times that forum pages show: machine times in attributes, dates printed in many languages, ages.

A printed time has no zone: it is taken as UTC unless the page says how far its clock is off. A page that shows no date
("3 hours ago", "Today, 10:33 AM") gives an age, as printed; nothing is guessed from the time of reading.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

_STEMS = (
    "jan janv jän ene gen ian янв січ sty led tammi oca ιαν",
    "feb fév fev фев лют lut úno uno helmi şub sub φεβ",
    "mar mär mrz maa márc мар бер bře bre μαρ",
    "apr avr abr ápr апр kwi dub huhti nis квіт απρ",
    "may mai maj mag mei máj май мая трав kvě kve touko μαΐ μάι μαι",
    "jun juin jún giu июн cze červen červn kesä kesa haz черв ιουν",
    "jul juil júl lug июл lip červenc červene heinä heina tem лип ιουλ",
    "aug aoû aou ago авг sie srp elo ağu серп αυγ",
    "sep set szept сен wrz zář syys eyl вер σεπ",
    "oct okt ott out окт paź paz říj loka eki жовт οκτ",
    "nov ноя lis listop marras kas лист νοε",
    "dec dez déc dic des дек gru pro joulu ara груд δεκ",
)
"""Beginnings of the months' names (en de fr es it pt nl sv da no fi pl cs hu ro tr ru uk el); the longest decides."""

_MONTHS = {stem: month for month, stems in enumerate(_STEMS, 1) for stem in stems.split()}
_LONGEST_STEM = max(map(len, _MONTHS))

_WORD = r"[^\W\d_]{3,20}"
_OF = r"(?:\s*\.)?\s*(?:de[l]?\s+|of\s+|d['’]\s*|-\s*)?"
_YEAR = r"['’]?(?P<year>\d{4}|\d\d(?!\d|:|h))"
_NAMED_DATE = re.compile(
    rf"(?<!\d)(?P<day>\d{{1,2}})(?:st|nd|rd|th|er|º|ª)?{_OF}(?P<month>{_WORD})\.?,?\s*(?:de[l]?\s+|-\s*)?{_YEAR}"
    rf"|(?P<month2>{_WORD})\.?\s*(?P<day2>\d{{1,2}})(?:st|nd|rd|th)?\s*,?\s*(?P<year2>\d{{4}})"
    rf"|(?P<year3>\d{{4}})\.?,?\s+(?P<month3>{_WORD})\.?\s+(?P<day3>\d{{1,2}})(?!\d|:)",
    re.I,
)
_YEAR_FIRST = re.compile(r"(?<!\d)(\d{4})\s?[-/.年년]\s?(\d{1,2})\s?[-/.月월]\s?(\d{1,2})(?!\d)")
_NUMBERS = re.compile(r"(?<![\d.])(\d{1,2})\s?([./-])\s?(\d{1,2})\s?\2\s?(\d{4}|\d\d)(?![\d:])")
_TIME = re.compile(
    r"(?P<pm0>下午|午後|오후)?\s?(?<!\d)(?P<hour>\d{1,2})(?:\s?[:hH时時]\s?|\.(?=\d\d\s?(?:Uhr|klo)))(?P<minute>\d\d)"
    r"(?::(?P<second>\d\d))?\s?(?P<half>[ap]\.?\s?m\b\.?)?",
    re.I,
)
_ZONE = re.compile(r"\s*(?:(Z|UTC|GMT)\b)?\s*(?:([+-])(\d\d):?(\d\d))?")
_ISO = re.compile(
    r"\s*(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d)(:\d\d)?(?:[.,](\d{1,6})\d*)?)?\s*(Z|[+-]\d\d(?::?\d\d)?)?\s*"
)
_EPOCH = re.compile(r"\s*(\d{9,10})(\d{3})?\s*")
_AGE = re.compile(
    r"\b(?:ago|vor|il y a|hace|fa|há|geleden|sedan|siden|temu|назад|tomu|sitten|önce|just now|à l['’]instant)\b|前|전"
    r"|\b(?:today|yesterday|heute|gestern|aujourd['’]hui|hier|hoy|ayer|oggi|ieri|hoje|ontem|vandaag|gisteren"
    r"|i ?dag|i ?går|tänään|eilen|dzisiaj|dziś|wczoraj|dnes|včera|сегодня|вчера|сьогодні|вчора|bugün|dün)\b",
    re.I,
)
_SEPARATOR = re.compile("[»|•·—–]")
_NUMBERING = re.compile(r"^\s*#\d+(?:\.\d+)*\s*")
_OFFSET = re.compile(r"\b(?:UTC|GMT|WEZ)\s?(?:([+−–-])\s?(\d{1,2})(?::(\d\d))?(?P<summer>\s?[^\W\d_]*\s?\[)?)?", re.I)
_WEEKDAY = re.compile(r"\b([^\W\d_]{2,10})\.?,?\s+$")
_WEEKDAYS = {
    name: day
    for day, names in enumerate(
        (
            "mon mo lun ma пн pon",
            "tue di mar вт",
            "wed mi mer mié wo ср",
            "thu do jeu gio jue чт",
            "fri fr ven vie vr пт",
            "sat sa sam sab sáb za сб sob",
            "sun so dim dom zo вс",
        )
    )
    for name in names.split()
}
"""Short names of the days of the week (en de fr it es nl ru), Monday 0: they tell 05/12 from 12/05."""
_AMERICAN_HALF_DAY = re.compile(r"\d\s?[ap]m\b", re.I)
_LONGEST_TEXT = 2000


@dataclass(frozen=True, slots=True)
class Clock:
    """Say how a page prints times: the order of day and month in figures, how far its clock is ahead of UTC.

    `zone` names the time zone of a site that is known to keep one ("Europe/Berlin"); it goes before the offset.
    """

    day_first: bool = True
    offset: timedelta = timedelta(0)
    zone: str | None = None


def stated_time(value: str | None) -> datetime | None:
    """Read a machine time (ISO 8601, seconds or milliseconds since 1970); without zone it is UTC."""
    if not value or len(value) > 100:
        return None
    epoch = _EPOCH.fullmatch(value)
    if epoch:
        return datetime.fromtimestamp(int(epoch.group(1)), UTC)
    iso = _ISO.fullmatch(value)
    if iso is None:
        return None
    date, time, second, fraction, zone = iso.groups()
    zone = "+00:00" if zone in (None, "Z") else zone if len(zone) > 3 else zone + ":00"
    text = f"{date}T{time or '00:00'}{second or ':00'}.{(fraction or '0').ljust(6, '0')}{zone}"
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def printed_time(text: str, clock: Clock = Clock()) -> datetime | None:
    """Find the first date, and the time of day near it, in what a page prints; None where no full date is there."""
    text = text[:_LONGEST_TEXT]
    found = _named(text) or _figures(text, clock.day_first)
    if found is None:
        return None
    (year, month, day), begin, end = found
    time = _TIME.search(text, end) or _TIME.search(text[:begin])
    hour, minute, second = _time_of_day(time)
    zone: tzinfo | None = _stated_zone(text, time.end()) if time is not None and time.start() >= end else None
    if zone is None and clock.zone is not None and time is not None:
        zone = ZoneInfo(clock.zone)
    try:
        local = datetime(year, month, day, hour, minute, second, tzinfo=zone or UTC)
        return local.astimezone(UTC) if zone else local - clock.offset
    except (ValueError, OverflowError):
        return None


def printed_age(text: str) -> str | None:
    """Return what a page prints in place of a date ("vor 3 Stunden"), without the number or name before it."""
    for part in _SEPARATOR.split(" ".join(text[:_LONGEST_TEXT].split())):
        age = _NUMBERING.sub("", part).strip(" ,;:-/")
        if age and len(age) <= 80 and _AGE.search(age):
            return age
    return None


def day_comes_first(dates: Iterable[str], lang: str | None = None) -> bool:
    """Decide how a page orders day and month in figures: by a figure above 12, a weekday, its manner, its language."""
    american = False
    for text in dates:
        american = american or bool(_AMERICAN_HALF_DAY.search(text[:_LONGEST_TEXT]))
        match = _NUMBERS.search(text[:_LONGEST_TEXT])
        if match is None:
            continue
        first, separator, second = int(match.group(1)), match.group(2), int(match.group(3))
        if first > 12 or separator == ".":
            return True
        if second > 12:
            return False
        fits = _weekday_fits(text, match)
        if fits is not None:
            return fits
    return not (american or (lang or "").lower() in {"en-us", "en_us"})


def _weekday_fits(text: str, match: re.Match[str]) -> bool | None:
    """Tell whether the weekday printed before a date fits it with the day first; None where that decides nothing."""
    before = _WEEKDAY.search(text, 0, match.start())
    word = before.group(1).lower() if before else ""
    weekday = _WEEKDAYS.get(word[:3], _WEEKDAYS.get(word[:2]))
    if weekday is None:
        return None
    first, second, year = int(match.group(1)), int(match.group(3)), _full_year(match.group(4))
    try:
        fitting = (
            datetime(year, second, first).weekday() == weekday,
            datetime(year, first, second).weekday() == weekday,
        )
    except ValueError:
        return None
    return fitting[0] if fitting[0] != fitting[1] else None


def stated_offset(text: str) -> timedelta:
    """Read how far a page's clock is ahead of UTC from its own words ("All times are UTC+02:00").

    phpBB 3.0 adds the hour of summer time in brackets: "UTC + 1 hour [ DST ]".
    """
    match = _OFFSET.search(text)
    if match is None or match.group(1) is None:
        return timedelta(0)
    size = timedelta(hours=int(match.group(2)), minutes=int(match.group(3) or 0))
    if size > timedelta(hours=14):
        return timedelta(0)
    return (size if match.group(1) == "+" else -size) + timedelta(hours=1 if match["summer"] else 0)


def _named(text: str) -> tuple[tuple[int, int, int], int, int] | None:
    """Find a date with the month in letters: ((year, month, day), begin, end)."""
    position = 0
    while (match := _NAMED_DATE.search(text, position)) is not None:
        parts = match.groupdict()
        month = _month(parts["month"] or parts["month2"] or parts["month3"])
        day = int(parts["day"] or parts["day2"] or parts["day3"])
        year = _full_year(parts["year"] or parts["year2"] or parts["year3"])
        if month and 1 <= day <= 31:
            return (year, month, day), match.start(), match.end()
        position = match.start() + 1
    return None


def _figures(text: str, day_first: bool) -> tuple[tuple[int, int, int], int, int] | None:
    """Find a date in figures only: ((year, month, day), begin, end)."""
    match = _YEAR_FIRST.search(text)
    if match:
        year, month, day = (int(group) for group in match.groups())
        return (year, month, day), match.start(), match.end()
    match = _NUMBERS.search(text)
    if match is None:
        return None
    first, second = int(match.group(1)), int(match.group(3))
    day, month = (first, second) if day_first else (second, first)
    if month > 12:
        day, month = month, day
    return (_full_year(match.group(4)), month, day), match.start(), match.end()


def _month(word: str) -> int | None:
    word = word.lower()
    for length in range(min(len(word), _LONGEST_STEM), 2, -1):
        month = _MONTHS.get(word[:length])
        if month:
            return month
    return None


def _full_year(digits: str) -> int:
    year = int(digits)
    return year if len(digits) == 4 else year + (1900 if year > 69 else 2000)


def _time_of_day(match: re.Match[str] | None) -> tuple[int, int, int]:
    if match is None:
        return 0, 0, 0
    hour, minute, second = int(match["hour"]), int(match["minute"]), int(match["second"] or 0)
    half = (match["half"] or "").lower()
    if half.startswith("p") or match["pm0"]:
        hour = hour % 12 + 12
    elif half.startswith("a"):
        hour = hour % 12
    return (hour, minute, second) if hour < 24 and minute < 60 and second < 60 else (0, 0, 0)


def _stated_zone(text: str, position: int) -> timezone | None:
    match = _ZONE.match(text, position)
    if match is None or (match.group(1) is None and match.group(2) is None):
        return None
    if match.group(2) is None:
        return UTC
    size = timedelta(hours=int(match.group(3)), minutes=int(match.group(4)))
    if size >= timedelta(hours=24):
        return None
    return timezone(size if match.group(2) == "+" else -size)
