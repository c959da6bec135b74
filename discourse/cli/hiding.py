"""A run folder under pseudonyms, for the verbs that read one: the names go before anything is shown or written."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from discourse.manifest import Manifest, Said
    from discourse.privacy import Pseudonymizer

HIDE = click.option(
    "--pseudonymize",
    "keyfile",
    type=click.Path(dir_okay=False),
    metavar="KEYFILE",
    help="Replace names by keyed pseudonyms; the key is made if absent. RUN itself stays as it is.",
)


@contextmanager
def under_pseudonyms(folder: str, keyfile: str | None) -> Iterator[str]:
    """Yield the folder, or with a key file a copy of its tables and manifest under pseudonyms, gone afterwards.

    What was replaced is told on stderr. Memory holds the names and the largest thread.
    """
    if keyfile is None:
        yield folder
        return
    from discourse.manifest import NAME, read_manifest, write_manifest
    from discourse.privacy import PrivacyReport, Pseudonymizer
    from discourse.run_folder import labeled_of
    from discourse.table import LabeledWriter

    manifest = read_manifest(folder) if Path(folder, NAME).is_file() else None
    stated = _stated(manifest)
    hide = Pseudonymizer.from_keyfile(keyfile, keep=stated).learn(labeled.thread for labeled in labeled_of(folder))
    report = PrivacyReport()
    with tempfile.TemporaryDirectory() as beside:
        copy = Path(beside) / Path(folder).resolve().name
        copy.mkdir()
        with LabeledWriter(copy / "comments.parquet", copy / "threads.parquet") as writer:
            for labeled in labeled_of(folder):
                clean, told = hide.labeled_and_report(labeled)
                report += told
                writer.write(clean)
        if manifest is not None:
            write_manifest(_hidden(manifest, hide), copy)
        for sentence in report.sentences():
            click.echo(sentence, err=True)
        yield str(copy)


def _stated(manifest: Manifest | None) -> tuple[str, ...]:
    """Return the targets that the user of the run stated: their words are never taken for names."""
    given = manifest.options.get("targets") if manifest is not None else None
    return tuple(map(str, given)) if isinstance(given, list | tuple) else ()


def _hidden(manifest: Manifest, hide: Pseudonymizer) -> Manifest:
    def said(lines: tuple[Said, ...]) -> tuple[Said, ...]:
        return tuple(replace(line, where=hide.path(line.where), text=hide.text(line.text)) for line in lines)

    stated = _stated(manifest)
    given = manifest.options.get("threads")
    threads = [hide.identifier(str(name)) for name in given] if isinstance(given, list | tuple) else given
    return replace(
        manifest,
        inputs=tuple(
            replace(file, path=hide.path(file.path), error=None if file.error is None else hide.text(file.error))
            for file in manifest.inputs
        ),
        options={**manifest.options, "threads": threads, "pseudonymized": True},
        targets=tuple(target if target in stated else hide.text(target) for target in manifest.targets),
        skips=said(manifest.skips),
        notices=said(manifest.notices),
        gold=None if manifest.gold is None else replace(manifest.gold, path=hide.path(manifest.gold.path)),
    )
