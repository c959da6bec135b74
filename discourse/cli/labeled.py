"""The verbs that use labels: export, sample, agree, evaluate."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from discourse.cli.group import command
from discourse.cli.options import MODEL, OUT, OVERWRITE, loader

if TYPE_CHECKING:
    from rich.table import Table

    from discourse.gold import Agreement

JSON = click.option("--json", "as_json", is_flag=True, help="One JSON object a line, for machines.")


@command.command()
@click.argument("folder", metavar="RUN", type=click.Path())
@click.option(
    "--to",
    "to",
    required=True,
    metavar="FORMAT",
    help="huggingface, convokit, labelstudio, csv, jsonl, parquet, gexf or graphml.",
)
@OUT
@click.option("--name", metavar="TEXT", help="The name of the dataset.")
@click.option("--license", metavar="TEXT", help="The licence of the texts, as you know it.")
@click.option("--split", metavar="A/B/C", help="Parts of train, validation and test, by thread: 80/10/10.")
@click.option("--seed", type=int, default=0, show_default=True, help="The seed of the split.")
@click.option("--disjoint-authors", is_flag=True, help="No author in two parts.")
@click.option("--bom/--no-bom", default=True, show_default=True, help="A byte order mark before CSV, for Excel.")
@OVERWRITE
def export(folder: str, to: str, out: str, split: str | None, **given: Any) -> None:
    """Write the labels of a run folder as a dataset for other tools."""
    from discourse.exports import ExportOptions
    from discourse.exports import export as write
    from discourse.exports.options import parse_split

    done = write(folder, to, out, ExportOptions(split=parse_split(split) if split else None, **given))
    for notice in done.notices:
        click.echo(notice, err=True)
    click.echo(f"{done.rows:,} rows of {done.threads:,} threads are in {done.path}", err=True)


@command.command()
@click.argument("folder", metavar="RUN", type=click.Path())
@click.option("-n", "n", required=True, type=click.IntRange(min=1), metavar="N", help="How many comments.")
@OUT
@click.option(
    "--strategy",
    type=click.Choice(["uniform", "stratified", "uncertainty"]),
    default="uniform",
    show_default=True,
    help="How they are drawn.",
)
@click.option("--seed", type=int, default=0, show_default=True, help="The seed of the draw.")
def sample(folder: str, n: int, out: str, strategy: Any, seed: int) -> None:
    """Draw N comments for people to label, with the chance each had of being drawn."""
    from pathlib import Path

    from discourse.gold import sample as draw
    from discourse.gold import write_sample

    table = Path(folder) / "comments.parquet" if Path(folder).is_dir() else Path(folder)
    draws = draw(table, n, strategy, seed=seed)
    write_sample(draws, out)
    click.echo(f"{len(draws):,} comments to label are in {out}; fill in the column label", err=True)


@command.command()
@click.argument("gold", type=click.Path())
@click.option("--disagreements", type=click.Path(), metavar="FILE", help="Write what to discuss to this file (CSV).")
@JSON
def agree(gold: str, disagreements: str | None, as_json: bool) -> None:
    """Tell how far the annotators of a gold table agree."""
    import msgspec

    from discourse import gold as module

    read = module.read_gold(gold)
    for skip in read.skipped:
        click.echo(f"{skip.where}: {skip.why}", err=True)
    measured = module.measure_agreement(read.labels)
    if disagreements is not None:
        found = module.disagreements(read.labels)
        module.write_disagreements(found, disagreements)
        click.echo(f"{len(found):,} disagreements are in {disagreements}", err=True)
    if as_json:
        for one in measured:
            sys.stdout.write(msgspec.json.encode(one).decode() + "\n")
    else:
        _print(_agreement_table(measured))


def _agreement_table(measured: tuple[Agreement, ...]) -> Table:
    from rich.table import Table

    table = Table("field", "comments", "annotators", "agreement", "Krippendorff's α", "Fleiss' κ")
    for one in measured:
        if one.language is None:
            fleiss = _spoken(one.fleiss) if one.fleiss is not None else "not defined"
            row = (
                one.field,
                f"{one.units:,}",
                str(len(one.annotators)),
                _spoken(one.percent),
                _spoken(one.alpha),
                fleiss,
            )
            table.add_row(*row)
            for pair in one.pairs:
                names = f"{pair.first} – {pair.second}"
                table.add_row(
                    "", f"{pair.units:,}", names, _spoken(pair.percent), f"Cohen's κ {_spoken(pair.cohen)}", ""
                )
    return table


def _spoken(estimate: Any) -> str:
    if estimate.value is None:
        return "not defined"
    bounds = f" [{estimate.low:.2f}, {estimate.high:.2f}]" if estimate.low is not None else ""
    return f"{estimate.value:.2f}{bounds}"


@command.command()
@click.argument("gold", type=click.Path())
@click.option(
    "--run", "folder", required=True, metavar="RUN", type=click.Path(), help="The run folder that the comments are in."
)
@click.option("--train", type=click.Path(), metavar="FILE", help="A gold table to train baselines on.")
@MODEL
@JSON
def evaluate(
    gold: str,
    folder: str,
    train: str | None,
    model: str | None,
    device: str | None,
    precision: str | None,
    as_json: bool,
) -> None:
    """Measure the labels of a run, or of another checkpoint (--model), where people labeled."""
    import msgspec

    from discourse import evaluate as module
    from discourse.run_folder import labeled_of

    cases, lost = module.read_cases(gold, labeled_of(folder))
    if lost:
        click.echo(f"{gold}: {lost:,} labels are of no labeled comment of {folder}", err=True)
    chosen = loader(model, device, precision)() if model or train else None
    if model and chosen is not None:
        cases = module.relabel(cases, chosen)
    rows = module.read_cases(train, labeled_of(folder))[0] if train else []
    measured = module.evaluate(cases, rows, chosen)
    if as_json:
        for one in measured:
            sys.stdout.write(msgspec.json.encode(one).decode() + "\n")
    else:
        _print(_quality_table(measured))


def _quality_table(measured: Any) -> Table:
    from rich.table import Table

    table = Table("field", "comments", "n", "macro-F1", "accuracy", "calibration error", "accuracy of the surest 80 %")
    for one in measured:
        figures = one.quality
        spread = f"{figures.macro_f1:.3f} [{figures.low:.3f}, {figures.high:.3f}]"
        surest = f"{dict(one.coverage)[0.8]:.3f}"
        table.add_row(
            one.field,
            one.group,
            f"{figures.n:,}",
            spread,
            f"{figures.accuracy:.3f}",
            f"{figures.error_after:.3f}",
            surest,
        )
        for other in one.baselines:
            table.add_row("", other.name, "", f"{other.macro_f1:.3f} [{other.low:.3f}, {other.high:.3f}]", "", "", "")
    return table


def _print(table: Any) -> None:
    from rich.console import Console

    Console().print(table)
