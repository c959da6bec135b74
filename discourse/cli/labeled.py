"""The verbs that use labels: export, sample, agree, evaluate."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from discourse.cli.group import command
from discourse.cli.hiding import HIDE, under_pseudonyms
from discourse.cli.options import FIELD, MODEL, OUT, OVERWRITE, SHOWN, loader
from discourse.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from discourse.gold import SkippedRow

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
@HIDE
@OVERWRITE
def export(folder: str, to: str, out: str, split: str | None, keyfile: str | None, **given: Any) -> None:
    """Write the labels of a run folder as a dataset for other tools."""
    from discourse.exports import ExportOptions
    from discourse.exports import export as write
    from discourse.exports.options import parse_split

    options = ExportOptions(split=parse_split(split) if split else None, **given)
    with under_pseudonyms(folder, keyfile) as source:
        done = write(source, to, out, options)
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
@HIDE
def sample(folder: str, n: int, out: str, strategy: Any, seed: int, keyfile: str | None) -> None:
    """Draw N comments for people to label, with the chance each had of being drawn.

    Under pseudonyms ids that contain a name are others: evaluate such a sample with a run under the same key.
    """
    from pathlib import Path

    from discourse.gold import sample as draw
    from discourse.gold import write_sample

    with under_pseudonyms(folder, keyfile) as source:
        draws = draw(Path(source), n, strategy, seed=seed)
    write_sample(draws, out)
    click.echo(f"{len(draws):,} comments to label are in {out}; fill in the column label", err=True)


@command.command()
@click.argument("golds", metavar="GOLD...", nargs=-1, required=True, type=click.Path())
@click.option("--run", "folder", metavar="RUN", type=click.Path(), help="The run that knows the comments' languages.")
@click.option("--disagreements", type=click.Path(), metavar="FILE", help="Write what to discuss to this file (CSV).")
@click.option("--settled", type=click.Path(), metavar="FILE", help="Write the adjudicated or majority labels there.")
@FIELD
@JSON
def agree(
    golds: tuple[str, ...],
    folder: str | None,
    disagreements: str | None,
    settled: str | None,
    fields: dict[str, str],
    as_json: bool,
) -> None:
    """Tell how far annotators agree, by field and language; one table for all of them, or one for each."""
    from discourse import gold as module

    read = module.read_golds(golds, field_map=fields)
    _tell_skipped(read.skipped)
    if not read.labels:
        raise InputError(f"{golds[0]}: no label is filled in yet; write labels into the column label")
    languages = _languages(folder, read.languages)
    measured = module.measure_agreement(read.labels, languages or None)
    found = module.disagreements(read.labels)
    if disagreements is not None:
        module.write_disagreements(found, disagreements)
        click.echo(f"{len(found):,} disagreements are in {disagreements}; fill in the column label", err=True)
    if settled is not None:
        ruled = module.settle(read.labels)
        module.write_gold(ruled.labels, settled)
        ties = f"; {len(ruled.ties):,} ties are left out until they are adjudicated" if ruled.ties else ""
        click.echo(f"{len(ruled.labels):,} settled labels are in {settled}{ties}", err=True)
    if as_json:
        _as_json(measured)
        return
    from discourse.cli.tables import agreement_tables, show

    show(agreement_tables(measured, found))
    if not any(one.units for one in measured):
        click.echo("no comment has labels of two annotators: name each in the column annotator, or give each his file",
                   err=True)  # fmt: skip


def _languages(folder: str | None, known: Mapping[tuple[str, str], str]) -> dict[tuple[str, str], str]:
    """Return the languages of comments: those that the gold table tells, else those of a run."""
    if folder is None:
        return dict(known)
    from discourse.run_folder import labeled_of

    of_run = {
        (labeled.thread.id, comment.id): comment.lang or "und"
        for labeled in labeled_of(folder)
        for comment in labeled.thread.comments
    }
    return {**of_run, **known}


def _tell_skipped(skipped: Sequence[SkippedRow]) -> None:
    for skip in skipped[:SHOWN]:
        click.echo(f"{skip.where}: {skip.why}", err=True)
    if len(skipped) > SHOWN:
        click.echo(f"and {len(skipped) - SHOWN:,} more rows that cannot be used", err=True)


def _as_json(measured: Iterable[Any]) -> None:
    import msgspec

    for one in measured:
        sys.stdout.write(msgspec.json.encode(one).decode() + "\n")


@command.command()
@click.argument("gold", type=click.Path())
@click.option("--run", "folder", metavar="RUN", type=click.Path(), help="The run folder that the comments are in.")
@click.option("--train", type=click.Path(), metavar="FILE", help="A gold table to train baselines on.")
@click.option("--encoder", type=click.Path(), metavar="DIR", help="With training settings: the baseline's encoder.")
@click.option("-o", "--out", type=click.Path(), metavar="FILE", help="With training settings: write the figures here.")
@FIELD
@MODEL
@JSON
def evaluate(
    gold: str,
    folder: str | None,
    train: str | None,
    encoder: str | None,
    out: str | None,
    fields: dict[str, str],
    model: str | None,
    device: str | None,
    precision: str | None,
    as_json: bool,
) -> None:
    """Measure the labels of a run, or of another checkpoint (--model), where people labeled.

    With training settings (TOML) for GOLD: measure the checkpoint on the test folds of their corpora, by language and
    depth, beside baselines trained on the same rows.
    """
    if gold.endswith(".toml"):
        from discourse.cli.training import measure_on_corpora

        measure_on_corpora(gold, loader(model, device, precision)(), encoder, out, as_json=as_json)
        return
    if folder is None:
        raise InputError(f"{gold}: name the run folder that its comments are in with --run")
    from discourse import evaluate as module
    from discourse import gold as golds
    from discourse.manifest import adapted_on, taught
    from discourse.run_folder import labeled_of

    read = golds.read_gold(gold, field_map=fields)
    _tell_skipped(read.skipped)
    cases, lost = module.join_cases(gold, read, labeled_of(folder))
    if lost:
        click.echo(
            f"{gold}: {lost:,} labels are of no labeled comment of {folder} (other ids or another target)", err=True
        )
    chosen = loader(model, device, precision)() if model or train else None
    measured_on = chosen.adapted_on if model and chosen is not None else adapted_on(folder)
    kept = [case for case in cases if not taught(measured_on, case.thread_id, case.comment_id)]
    if len(kept) < len(cases):
        left_out = f"{gold}: {len(cases) - len(kept):,} labels were taught to the model"
        if not kept:
            raise InputError(f"{left_out}, so they cannot say how good it is; label a new sample")
        click.echo(f"{left_out} and are left out", err=True)
    cases = kept
    if model and chosen is not None:
        cases = module.relabel(cases, chosen)
    rows = module.read_cases(train, labeled_of(folder))[0] if train else []
    measured = module.evaluate(cases, rows, chosen)
    if not measured:
        raise InputError(f"{folder}: the run has no label in any field of {gold}; run it with a --target for stances")
    if as_json:
        _as_json(measured)
        return
    from discourse.cli.tables import quality_table, show

    show([quality_table(measured)])
