"""Agreement and quality as tables on a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table

if TYPE_CHECKING:
    from discourse.evaluate import Evaluation
    from discourse.gold import Agreement, Disagreement, Estimate

_WIDE = 120
"""Columns where the output is no terminal: a pipe has no width, and no figure may be cut."""

_LISTED = 10
"""Disagreements shown; the file of --disagreements has them all."""

_NOWHERE = "not defined"


def show(tables: Iterable[Table | str]) -> None:
    """Print tables and lines to stdout."""
    console = Console()
    if not console.is_terminal:
        console = Console(width=_WIDE)
    for one in tables:
        console.print(one, markup=False, highlight=False)


def agreement_tables(measured: Sequence[Agreement], found: Sequence[Disagreement]) -> Iterator[Table | str]:
    """Yield agreement per field and language, pairs of annotators, what is confused, and what is to be discussed."""
    yield _agreement(measured)
    pairs = _pairs(measured)
    if pairs.row_count:
        yield pairs
    for one in measured:
        if one.language is None and one.units:
            yield f"{one.field}: how often the row's label met the column's ({_count(one)} labels, each pair both ways)"
            yield _confusion(one)
    if found:
        yield _disagreements(found)


def _agreement(measured: Sequence[Agreement]) -> Table:
    table = Table(
        "field", "language", "comments", "annotators", "agreement", "Krippendorff's α", "Fleiss' κ",
        title="Agreement, with 95 % bootstrap intervals", title_justify="left",
    )  # fmt: skip
    for one in measured:
        table.add_row(
            one.field if one.language is None else "",
            one.language or "all",
            f"{one.units:,}",
            str(len(one.annotators)),
            _spoken(one.percent),
            _spoken(one.alpha),
            _NOWHERE if one.fleiss is None else _spoken(one.fleiss),
        )
    return table


def _pairs(measured: Sequence[Agreement]) -> Table:
    table = Table("field", "language", "annotators", "comments", "agreement", "Cohen's κ",
                  title="Annotators two by two", title_justify="left")  # fmt: skip
    for one in measured:
        for pair in one.pairs:
            names = f"{pair.first} – {pair.second}"
            table.add_row(one.field, one.language or "all", names, f"{pair.units:,}", _spoken(pair.percent),
                          _spoken(pair.cohen))  # fmt: skip
    return table


def _confusion(one: Agreement) -> Table:
    """Show the coincidences of the labels that were given."""
    used = [number for number, row in enumerate(one.confusion) if any(row)]
    table = Table("", *(one.labels[number] for number in used))
    for row in used:
        cells = (one.confusion[row][column] for column in used)
        table.add_row(one.labels[row], *(f"{cell:.1f}".removesuffix(".0") if cell else "·" for cell in cells))
    return table


def _count(one: Agreement) -> str:
    return f"{sum(map(sum, one.confusion)):.0f}"


def _disagreements(found: Sequence[Disagreement]) -> Table:
    more = f"; the first {_LISTED} of {len(found):,}, --disagreements FILE writes all" if len(found) > _LISTED else ""
    table = Table("thread", "comment", "field", "labels", "adjudicated",
                  title=f"To be discussed{more}", title_justify="left")  # fmt: skip
    for one in found[:_LISTED]:
        thread_id, comment_id, target, field = one.unit
        what = field if target is None or field != "stance" else f"{field}: {target}"
        said = ", ".join(f"{annotator or '?'}: {label}" for annotator, label in one.votes)
        table.add_row(thread_id, comment_id, what, said, one.adjudicated or "")
    return table


def quality_table(measured: Sequence[Evaluation]) -> Table:
    """Return the quality of each field in each group of comments, and what simple baselines reach."""
    table = Table("field", "comments", "n", "macro-F1", "accuracy", "calibration error (by chance)",
                  "accuracy of the surest 80 %")  # fmt: skip
    for one in measured:
        figures = one.quality
        table.add_row(
            one.field,
            one.group,
            f"{figures.n:,}",
            f"{figures.macro_f1:.3f} [{figures.low:.3f}, {figures.high:.3f}]",
            f"{figures.accuracy:.3f}",
            figures.error_told,
            f"{dict(one.coverage)[0.8]:.3f}",
        )
        for other in one.baselines:
            table.add_row("", other.name, "", f"{other.macro_f1:.3f} [{other.low:.3f}, {other.high:.3f}]", "", "", "")
    return table


def _spoken(estimate: Estimate) -> str:
    if estimate.value is None:
        return _NOWHERE
    bounds = f" [{estimate.low:.2f}, {estimate.high:.2f}]" if estimate.low is not None else ""
    return f"{estimate.value:.2f}{bounds}"
