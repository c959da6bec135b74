"""The verb that trains: train."""

from __future__ import annotations

import click

from discourse.cli.group import command


@command.command()
@click.argument("config", type=click.Path())
@click.option("--device", default="cpu", show_default=True, metavar="NAME", help="cpu or cuda.")
def train(config: str, device: str) -> None:
    """Train, calibrate and measure a checkpoint as the settings file CONFIG says; resumes where it stopped."""
    from discourse.classifier.release import train_release
    from discourse.classifier.settings import read_settings

    settings = read_settings(config)
    measured = train_release(settings, lambda line: click.echo(line, err=True), device=device)
    for one in measured:
        click.echo(f"{one.corpus}\t{one.lang}\t{one.head}\t{one.n}\t{one.macro_f1:.3f}\t{one.low:.3f}-{one.high:.3f}")
