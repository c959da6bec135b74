"""Tables as HTML: the columns people look at first, texts cut, stances colored."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from discourse.labels import COLORS
from discourse.views.rendering import render

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

SHOWN = 50
"""Rows shown of a table."""

_COLUMNS = ("thread_id", "comment_id", "depth", "author", "created", "text", "target", "stance", "stance_confidence",
            "reply_stance", "argument", "argument_confidence")  # fmt: skip
_CUT = 160


def table_html(table: pa.Table | pd.DataFrame, rows: int = SHOWN) -> str:
    """Return the first rows of a labeled table (Arrow or pandas) as HTML."""
    names, records = _frame(table, rows) if hasattr(table, "iloc") else _arrow(table, rows)
    shown = [name for name in _COLUMNS if name in names] or names[:12]
    cells = [[_cell(name, record[name]) for name in shown] for record in records]
    left = len(table) - len(cells)
    return render("table.html", names=shown, rows=cells, about=f"{len(table):,} rows, {len(names)} columns", left=left)


def _frame(frame: Any, rows: int) -> tuple[list[str], list[dict[str, Any]]]:
    head = frame.head(rows).astype(object)
    named = head.where(head.notna(), None).rename(columns=str)
    return list(named.columns), named.to_dict("records")


def _arrow(table: Any, rows: int) -> tuple[list[str], list[dict[str, Any]]]:
    return list(table.column_names), table.slice(0, rows).to_pylist()


def _cell(name: str, value: Any) -> dict[str, str]:
    if value is None:
        return {"text": "", "color": "", "css": ""}
    if isinstance(value, float):
        return {"text": f"{value:.2f}", "color": "", "css": "number"}
    text = value.strftime("%Y-%m-%d %H:%M") if hasattr(value, "strftime") else str(value)
    color = text if name in ("stance", "reply_stance") and text in COLORS else ""
    return {"text": text if len(text) <= _CUT else f"{text[:_CUT]}…", "color": color, "css": ""}
