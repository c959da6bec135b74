"""Cells of a CSV file that a spreadsheet must not run as formulas."""

from __future__ import annotations

import re

_FORMULA = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")


def guarded(text: str) -> str:
    """Put an apostrophe before text that a spreadsheet would run as a formula (OWASP, "CSV Injection").

    Text that already has one there gets another, so that `unguarded` gives every text back.
    """
    return f"'{text}" if _FORMULA.match(text) else text


def unguarded(cell: str) -> str:
    """Take off the apostrophe that `guarded` put."""
    return cell[1:] if cell[:1] == "'" and _FORMULA.match(cell) else cell
