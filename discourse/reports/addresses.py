"""Write the addresses that select comments in the page: `#thread?stance=favor&argument=fact`.

The conditions are those of `summary.selectors`, one parameter each; `rows.js` evaluates them.
"""

from __future__ import annotations

from urllib.parse import quote, urlencode

from discourse.summary import Condition, Selector


def address(thread_id: str | None = None, comment_id: str | None = None) -> str:
    """Return the address of a thread in the page, of one of its comments, or of the whole page."""
    path = quote(thread_id or "", safe="", errors="replace")
    return f"#{path}/{quote(comment_id, safe='', errors='replace')}" if comment_id is not None else f"#{path}"


def selection(selector: Selector, *, thread_id: str | None = None, target: int | None = None, **more: str) -> str:
    """Return the address that selects the comments of a selector; `target` is its place in the list of targets."""
    parts = [] if target is None else [("target", str(target))]
    parts += [_part(condition) for condition in selector]
    parts += more.items()
    return f"{address(thread_id)}?{urlencode(parts, errors='replace')}" if parts else address(thread_id)


def _part(condition: Condition) -> tuple[str, str]:
    value = condition.value
    if value is None:
        return f"{condition.column}.empty", "yes"
    if isinstance(value, bool):
        return condition.column, "yes" if value else "no"
    if condition.column == "created":
        value = str(value).replace("+00:00", "").removesuffix("Z")
    if condition.test != "is":
        return f"{condition.column}.{condition.test}", str(value)
    return condition.column, str(value) if condition.column in PLAIN else _one(str(value))


def _one(value: str) -> str:
    """Keep a value with commas one value: commas separate several."""
    return value.replace("%", "%25").replace(",", "%2C")


PLAIN = frozenset({"under", "secondary", "repairs"})
"""Columns whose value is one word; the others take several, separated by commas."""
