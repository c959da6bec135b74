"""The templates, and what all views share: colors, words, safe addresses."""

from __future__ import annotations

from functools import cache
from typing import Any
from urllib.parse import urlsplit

from jinja2 import Environment, PackageLoader, StrictUndefined

from discourse.labels import COLORS


@cache
def _templates() -> Environment:
    return Environment(
        loader=PackageLoader("discourse.views"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def render(template: str, **values: Any) -> str:
    """Fill in a template; every value is escaped."""
    return _templates().get_template(template).render(colors=COLORS, **values)


def safe_url(url: str | None) -> str | None:
    """Return an http(s) address as it is, None for anything else (`javascript:`, `data:`, a path)."""
    try:
        return url if url and urlsplit(url.strip()).scheme in ("http", "https") else None
    except ValueError:
        return None


def percent(share: float | None) -> str:
    """Write a share as a whole percentage."""
    return "–" if share is None else f"{share:.0%}"
