"""Training and measuring checkpoints: the verb train, and what evaluate does with a settings file."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from discourse.cli.group import command
from discourse.cli.options import FIELD, SHOWN

if TYPE_CHECKING:
    from rich.table import Table

    from discourse.classifier import Model
    from discourse.classifier.adapting import Adaptation
    from discourse.classifier.measuring import Measured
    from discourse.classifier.settings import MatcherSettings
    from discourse.classifier.traps import TrapScore


@command.command()
@click.argument("config", metavar="CONFIG|GOLD", type=click.Path())
@click.option("--run", "folder", metavar="RUN", type=click.Path(), help="With GOLD: the run that its comments are in.")
@click.option("-o", "--out", metavar="DIR", type=click.Path(), help="With GOLD: the new folder of the checkpoint.")
@click.option("--model", metavar="DIR", help="With GOLD: the checkpoint to begin from; the released one by default.")
@click.option("--device", default="cpu", show_default=True, metavar="NAME", help="cpu or cuda.")
@FIELD
def train(
    config: str, folder: str | None, out: str | None, model: str | None, device: str, fields: dict[str, str]
) -> None:
    """Train, calibrate and measure a checkpoint as the settings file CONFIG (TOML) says; resumes where it stopped.

    With task = "match" in CONFIG it is the matcher of key points that is trained.

    With a table GOLD of people's labels: adapt a checkpoint to them, and tell what that gains on labels left out.
    """
    if not config.endswith(".toml"):
        _adapt(config, folder, out, model, device, fields)
        return
    from discourse.classifier.settings import MatcherSettings, read_any_settings

    settings = read_any_settings(config)
    if isinstance(settings, MatcherSettings):
        _train_matcher(settings, device)
        return
    from discourse.classifier.release import train_release

    measured = train_release(settings, lambda line: click.echo(line, err=True), device=device)
    for one in measured:
        click.echo(f"{one.corpus}\t{one.lang}\t{one.head}\t{one.n}\t{one.macro_f1:.3f}\t{one.low:.3f}-{one.high:.3f}")


def _adapt(
    gold: str, folder: str | None, out: str | None, model: str | None, device: str, fields: dict[str, str]
) -> None:
    """Adapt a checkpoint to a table of labels, and print its quality before and after."""
    if folder is None or out is None:
        raise click.UsageError(f"{gold}: name the run that its comments are in with --run, and a new folder with -o")
    from rich.console import Console

    from discourse.adapt import adapt_to, check_place
    from discourse.classifier import load_model
    from discourse.evaluate import join_cases
    from discourse.gold import read_gold
    from discourse.run_folder import labeled_of

    read = read_gold(gold, field_map=fields)
    for skip in read.skipped[:SHOWN]:
        click.echo(f"{skip.where}: {skip.why}", err=True)
    cases, lost = join_cases(gold, read, labeled_of(folder))
    if lost:
        click.echo(f"{gold}: {lost:,} labels are of no labeled comment of {folder}", err=True)
    check_place(out, model or "the released checkpoint")
    done = adapt_to(cases, load_model(model, device=device), out, lambda line: click.echo(line, err=True))
    Console().print(_gains_table(done))
    for one in done.gained:
        if one.after.macro_f1 <= one.before.macro_f1:
            click.echo(f"{one.after.head}: no better than before; label more comments, or keep what you had", err=True)
    click.echo(f"the checkpoint is in {out}: label with it by --model {out}", err=True)


def _gains_table(done: Adaptation) -> Table:
    from rich.table import Table

    table = Table("field", "labels", "macro-F1 before", "after", "calibration error (by chance)", "after")
    for one in done.gained:
        before, after = one.before, one.after
        table.add_row(
            after.head, f"{after.n:,}", f"{before.macro_f1:.3f} [{before.low:.3f}, {before.high:.3f}]",
            f"{after.macro_f1:.3f} [{after.low:.3f}, {after.high:.3f}]", before.error_told, after.error_told,
        )  # fmt: skip
    for field, share in done.unchanged.items():
        table.add_row(field, "–", "", f"{share:.0%} as before", "", "")
    return table


def _train_matcher(settings: MatcherSettings, device: str) -> None:
    from discourse.classifier.matching_training import train_matcher

    found = train_matcher(settings, lambda line: click.echo(line, err=True), device=device)
    click.echo("language\told strict\told relaxed\tcurrent strict\tcurrent relaxed\tprecision\trecall")
    for lang, one in found.items():
        click.echo("\t".join([lang, *(f"{value:.3f}" for value in asdict(one).values())]))


def measure_on_corpora(config: str, model: Model, encoder: str | None, out: str | None, *, as_json: bool) -> None:
    """Print, and write to `out` where named, how good a checkpoint is on the test folds of a settings file."""
    import msgspec

    from discourse.classifier.measuring import frozen_encoder, measure_checkpoint
    from discourse.classifier.settings import read_settings
    from discourse.classifier.traps import score_traps

    settings = read_settings(config)
    embed = frozen_encoder(encoder or settings.encoder)
    measured = measure_checkpoint(settings, model, embed, lambda line: click.echo(line, err=True))
    traps = score_traps(model)
    lines = b"".join(msgspec.json.encode(one) + b"\n" for one in (*measured, *traps))
    if out is not None:
        Path(out).parent.mkdir(parents=True, exist_ok=True)
        Path(out).write_bytes(lines)
        click.echo(f"the figures are in {out}", err=True)
    if as_json:
        click.echo(lines.decode(), nl=False)
        return
    from rich.console import Console

    console = Console()
    console.print(_corpora_table(measured))
    console.print(_trap_table(traps))


def _corpora_table(measured: list[Measured]) -> Table:
    from rich.table import Table

    table = Table("corpus", "head", "rows", "n", "macro-F1", "accuracy", "calibration error (by chance)", "surest 80 %")
    for one in measured:
        figures = one.quality
        spread = f"{figures.macro_f1:.3f} [{figures.low:.3f}, {figures.high:.3f}]"
        error = f"{figures.error_before:.3f} → {figures.error_told}"
        surest = f"{dict(one.coverage)[0.8]:.3f}"
        names = (figures.corpus, figures.head) if one.group == "all" else ("", "")
        table.add_row(*names, one.group, f"{figures.n:,}", spread, f"{figures.accuracy:.3f}", error, surest)
        for other in one.baselines:
            table.add_row("", "", other.name, "", f"{other.macro_f1:.3f} [{other.low:.3f}, {other.high:.3f}]")
        if one.without_parent is not None:
            table.add_row("", "", "parent not shown", "", f"{one.without_parent:.3f}")
    return table


def _trap_table(traps: tuple[TrapScore, ...]) -> Table:
    from rich.table import Table

    table = Table("trap", "label", "cases", "right")
    for one in traps:
        table.add_row(one.kind, one.field, str(one.n), f"{one.right / one.n:.2f}")
    return table
