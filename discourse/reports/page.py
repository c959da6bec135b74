"""Render a page: templates, style and script in one HTML file that asks nothing of the network.

The page carries a Content-Security-Policy that lets in its own style and script by their hashes and nothing else; the
data stand in elements that are not executed.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, partial
from importlib import resources

import msgspec
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from discourse.labels import ARGUMENTS, COLORS, STANCES, LabeledThread
from discourse.reports.method import Method
from discourse.reports.overview import Overview
from discourse.reports.rows import Camps, ThreadRows, safe_json, thread_rows
from discourse.reports.scopes import Scope
from discourse.reports.strings import ATTRIBUTES, MONTHS, STRINGS, Lang
from discourse.reports.wording import Value, attribute, say, span, told, tspan

STYLES = ("report.css", "figures.css", "reader.css", "print.css")
SCRIPTS = (
    "wording.js",
    "address.js",
    "rows.js",
    "elements.js",
    "comments.js",
    "reader.js",
    "filters.js",
    "chrome.js",
    "page.js",
)
INDEX_SCRIPTS = ("wording.js", "elements.js", "chrome.js", "index.js")


class Data(msgspec.Struct, frozen=True):
    """Hold what the page's script reads: targets, threads, and where each person stands in all threads together."""

    targets: list[str | None]
    threads: list[ThreadRows]
    camps: dict[str, int]


class Words(msgspec.Struct, frozen=True):
    """Hold the strings of the page for its script."""

    strings: Mapping[str, tuple[str, str]]
    months: Mapping[str, tuple[str, ...]]
    attributes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PageFacts:
    """Hold what the templates ask of the page as a whole; `home` is the address of the index, None without one."""

    lang: Lang
    title: str
    several: bool
    home: str | None


def render(name: str, lang: Lang, scripts: tuple[str, ...], data: msgspec.Struct, **context: object) -> str:
    """Render one page from a template and its data."""
    style, script = _style(), Markup(_assets(scripts))
    policy = "; ".join(
        (
            "default-src 'none'",
            f"script-src '{_hash(script)}'",
            f"style-src '{_hash(style)}'",
            "base-uri 'none'",
            "form-action 'none'",
            "require-trusted-types-for 'script'",
            "trusted-types 'none'",
        )
    )
    return (
        _environment(lang)
        .get_template(name)
        .render(
            lang=lang,
            policy=policy,
            style=style,
            script=script,
            words=Markup(safe_json(Words(STRINGS, MONTHS, ATTRIBUTES))),
            data=Markup(safe_json(data)),
            **context,
        )
    )


def render_threads(
    labeled: list[LabeledThread],
    scopes: list[Scope],
    camps: list[Camps],
    targets: list[str | None],
    overview: Overview | None,
    method: Method,
    lang: Lang,
    home: str | None = None,
) -> str:
    """Render the page of one or several threads."""
    rows = [thread_rows(one, camp) for one, camp in zip(labeled, camps, strict=True)]
    first = scopes[0].title if scopes else None
    title = first if first and len(labeled) == 1 else say(lang, "page.title", n=len(labeled))
    return render(
        "report.html.j2",
        lang,
        SCRIPTS,
        Data(targets, rows, _camp_codes(overview)),
        page=PageFacts(lang, title, len(labeled) > 1, home),
        scopes=scopes,
        overview=overview,
        method=method,
    )


def _camp_codes(overview: Overview | None) -> dict[str, int]:
    if overview is None:
        return {}
    of_target = overview.camps.get(overview.target, {})
    return {author: STANCES.index(camp) for author, camp in of_target.items()}


@cache
def _environment(lang: Lang) -> Environment:
    environment = Environment(
        loader=PackageLoader("discourse.reports"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )

    def in_lang(function: object) -> object:
        def speak(*keys: str, **values: Value) -> Markup:
            return function(lang, *keys, **values)  # type: ignore[operator, no-any-return]

        return speak

    for name, function in (("say", span), ("tsay", tspan), ("told", told), ("attr", attribute)):
        environment.globals[name] = in_lang(function)
    environment.globals["repair"] = partial(_repair, lang)
    environment.globals["argument_names"] = ARGUMENTS
    environment.globals["pc"] = lambda share: f"{share * 100:.3f}".rstrip("0").rstrip(".") + "%"
    return environment


def _repair(lang: Lang, kind: str) -> Markup | str:
    """Name a repair in words, or as it is where no words are known."""
    return span(lang, f"repair.{kind}") if f"repair.{kind}" in STRINGS else kind


@cache
def _style() -> Markup:
    colors = "".join(f"--{name}:{color};" for name, color in COLORS.items())
    return Markup(f":root{{{colors}}}\n{_assets(STYLES)}")


@cache
def _assets(names: tuple[str, ...]) -> str:
    """Join files of the package's assets; a script must not hold what would end its element."""
    folder = resources.files("discourse.reports").joinpath("assets")
    text = "\n".join(folder.joinpath(name).read_text(encoding="utf-8") for name in names)
    return text.replace("\r\n", "\n")


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode("ascii")
