"""The verbs that read dumps and label them: run, classify."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from discourse.cli.group import command
from discourse.cli.options import (
    GOLD,
    LANGUAGE,
    MODEL,
    OUT,
    OVERWRITE,
    PATHS,
    READING,
    WRITER,
    loader,
    progress_of,
    reading_options,
    tell,
)

if TYPE_CHECKING:
    from discourse.classifier import Model


@command.command()
@PATHS
@OUT
@READING
@MODEL
@LANGUAGE
@click.option("--with-post", is_flag=True, help="Count the opening message as a comment.")
@GOLD
@WRITER
@OVERWRITE
def run(paths: tuple[str, ...], out: str, model: str | None, device: str | None, precision: str | None,
        overwrite: bool, **given: Any) -> None:  # fmt: skip
    """Read, link, classify, summarize and report: everything, into the folder OUT."""
    _run(paths, out, loader(model, device, precision), overwrite, **given)


@command.command()
@PATHS
@OUT
@READING
@MODEL
@OVERWRITE
def classify(paths: tuple[str, ...], out: str, model: str | None, device: str | None, precision: str | None,
             overwrite: bool, **reading: Any) -> None:  # fmt: skip
    """Label the comments only: comments.parquet, threads.parquet and manifest.json in the folder OUT."""
    _run(paths, out, loader(model, device, precision), overwrite, report=False, **reading)


def _run(paths: tuple[str, ...], out: str, load: Callable[[], Model], overwrite: bool, **given: Any) -> None:
    from discourse import run as module
    from discourse.run_folder import RESUMED

    settings = reading_options(**given)
    try:
        with progress_of() as progress:
            manifest = module.run(paths, out, settings, load=load, overwrite=overwrite, progress=progress)
    except KeyboardInterrupt:
        resumable = (Path(out) / RESUMED).exists()
        hint = "repeat the command to go on where it stopped" if resumable else "nothing was written"
        click.echo(f"\ninterrupted; {hint}", err=True)
        sys.exit(130)
    tell(manifest)
    result = Path(out) / ("report.html" if settings.report else "comments.parquet")
    click.echo(
        f"{manifest.counts.labeled:,} labels; the {'report' if settings.report else 'table'} is {result}", err=True
    )
