"""Say a string of the page in French or English; `wording.js` does the same in the browser, and a test compares them.

A template holds placeholders: `{name}` inserts a value (a whole number with separators of thousands), `{name:percent}`
a share, `{name:decimal}` a number with two decimals, `{name:day}` and `{name:minute}` an ISO time, `{name|one|many}`
the word that agrees with a number. It does not know what is said: that is `strings.py`.
"""

from __future__ import annotations

import json
import re
from typing import TypeAlias

from markupsafe import Markup

from discourse.reports.strings import ATTRIBUTES, MONTHS, STRINGS, Lang

Value: TypeAlias = str | int | float | None

_PLACE = re.compile(r"\{(\w+)(?::(\w+))?(?:\|([^|}]*)\|([^|}]*))?\}")
_THIN = "\u202f"
_HARD = "\u00a0"


def say(lang: Lang, key: str, **values: Value) -> str:
    """Return the string of a key in one language, with its values filled in."""
    template = STRINGS[key][0 if lang == "en" else 1]

    def fill(match: re.Match[str]) -> str:
        name, kind, one, many = match.groups()
        value = values[name]
        if many is not None:
            return one if _single(lang, float(value or 0)) else many
        return show(lang, value, kind)

    return _PLACE.sub(fill, template)


def show(lang: Lang, value: Value, kind: str | None = None) -> str:
    """Return one value as people write it in a language."""
    if value is None:
        return "–"
    if kind == "percent":
        return _percent(lang, float(value))
    if kind == "decimal":
        text = f"{_round(float(value) * 100) / 100:.2f}"
        return text.replace(".", ",") if lang == "fr" else text
    if kind in ("day", "minute"):
        return _moment(lang, str(value), kind)
    if isinstance(value, int) or (isinstance(value, float) and value.is_integer()):
        return _whole(lang, int(value))
    return str(value)


def span(lang: Lang, key: str, **values: Value) -> Markup:
    """Return a string as an element that the page can say again in the other language."""
    return _element("span", lang, key, values)


def tspan(lang: Lang, key: str, **values: Value) -> Markup:
    """Return a string as an element of SVG text that the page can say again in the other language."""
    return _element("tspan", lang, key, values)


def told(lang: Lang, key: str, **values: Value) -> Markup:
    """Return the end of an opening tag and its text, for an element that holds nothing but a string."""
    return Markup(' data-say="{}"{}>{}').format(key, _with("data-with", values), say(lang, key, **values))


def attribute(lang: Lang, name: str, key: str, **values: Value) -> Markup:
    """Return a string as an attribute (`ATTRIBUTES`) that the page can say again in the other language."""
    if name not in ATTRIBUTES:
        raise ValueError(f"no attribute {name} is translated; known: {', '.join(ATTRIBUTES)}")
    return Markup('{}="{}" data-say-{}="{}"{}').format(
        name, say(lang, key, **values), name, key, _with(f"data-with-{name}", values)
    )


def _element(tag: str, lang: Lang, key: str, values: dict[str, Value]) -> Markup:
    return Markup('<{} data-say="{}"{}>{}</{}>').format(
        tag, key, _with("data-with", values), say(lang, key, **values), tag
    )


def _with(name: str, values: dict[str, Value]) -> Markup:
    if not values:
        return Markup("")
    return Markup(' {}="{}"').format(name, json.dumps(values, ensure_ascii=False, sort_keys=True))


def _single(lang: Lang, number: float) -> bool:
    """Tell whether a number takes the singular: 1 in English, anything under 2 in French."""
    return abs(number) < 2 if lang == "fr" else number == 1


def _round(number: float) -> int:
    """Round half up, as JavaScript's Math.round does."""
    return int(number // 1 + (number % 1 >= 0.5))


def _percent(lang: Lang, share: float) -> str:
    """Write a share; one that is there but rounds to nothing is said to be under 1 %."""
    sign = f"{_HARD}%" if lang == "fr" else "%"
    return f"<{_HARD}1{sign}" if 0 < share < 0.005 else f"{_whole(lang, _round(share * 100))}{sign}"


def _whole(lang: Lang, number: int) -> str:
    text = f"{number:,}"
    return text.replace(",", _THIN) if lang == "fr" else text


def _moment(lang: Lang, iso: str, kind: str) -> str:
    """Write an ISO time as a day, or a day and a minute (UTC)."""
    year, month, day = iso[:10].split("-")
    name = MONTHS[lang][int(month) - 1]
    number = "1er" if lang == "fr" and int(day) == 1 else str(int(day))
    text = f"{number} {name} {year}"
    return f"{text}, {iso[11:16]}" if kind == "minute" and len(iso) >= 16 else text
