"""The verbs that show: threads, summarize, report, formats, codebook."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path
from typing import Any

import click

from discourse.cli.group import command
from discourse.cli.hiding import HIDE, under_pseudonyms
from discourse.cli.options import GOLD, LANGUAGE, OUT, PATHS, READING, SHOWN, WRITER, reading_options


@command.command()
@PATHS
@READING
@click.option("--json", "as_json", is_flag=True, help="One JSON object per post or comment.")
@click.option("--repairs", is_flag=True, help="List what had to be repaired or assumed, instead of the trees.")
def threads(paths: tuple[str, ...], as_json: bool, repairs: bool, **reading: Any) -> None:
    """Show the reply trees of dumps, without labels."""
    import msgspec

    from discourse.drawing import draw
    from discourse.privacy import WORDS_LEFT
    from discourse.run import pseudonymizer_of, reading_of, threads_of
    from discourse.table import rows

    options = reading_options(**reading)
    opened = reading_of(paths, options)
    hide = pseudonymizer_of(opened, options)
    out, told = sys.stdout, Counter[str]()
    for thread in threads_of(opened, options, hide):
        told.update(notice for notice in thread.notices if notice.startswith(WORDS_LEFT))
        if repairs:
            for repair in thread.repairs:
                out.write(f"{thread.id}\t{repair.comment_id}\t{repair.kind}\t{repair.detail}\n")
        elif as_json:
            for row in rows(thread):
                out.write(msgspec.json.encode(row).decode() + "\n")
        else:
            for line in draw(thread):
                out.write(line + "\n")
            out.write("\n")
    text, path = (str, str) if hide is None else (hide.text, hide.path)
    for report in opened.files:
        if report.error:
            click.echo(f"{path(report.path)}: {text(report.error)}", err=True)
    for where, what in [(n.where, n.text) for n in opened.notices] + [(s.where, s.why) for s in opened.skips]:
        click.echo(f"{path(where)}: {text(what)}", err=True)
    for notice, count in told.most_common(SHOWN):
        click.echo(notice if count == 1 else f"{notice} (in {count:,} threads)", err=True)
    if opened.skipped:
        click.echo(f"{opened.skipped:,} records were skipped", err=True)


@command.command()
@click.argument("folder", metavar="RUN", type=click.Path())
@click.option("--json", "as_json", is_flag=True, help="One JSON object per thread and target.")
@LANGUAGE
@GOLD
@WRITER
@HIDE
def summarize(
    folder: str, as_json: bool, report_lang: Any, gold: str | None, writer: bool, keyfile: str | None
) -> None:
    """Print the table of threads of a run folder; with --gold or --writer, sum it up again first.

    Then RUN's summaries.jsonl and report.html are replaced; its labels stay as they are.
    """
    if gold is not None or writer:
        from discourse.run_summaries import environment_writer, read_people, summarize_again

        if keyfile is not None:
            raise click.UsageError("--pseudonymize shows a run as it is; leave out --gold and --writer")
        people = read_people(gold) if gold is not None else None
        for line in summarize_again(folder, people, environment_writer() if writer else None):
            click.echo(line, err=True)
    with under_pseudonyms(folder, keyfile) as shown:
        _show(shown, as_json, report_lang)


def _show(folder: str, as_json: bool, report_lang: Any) -> None:
    from discourse.run_folder import prevalence_of, summaries_of

    if as_json:
        import msgspec

        for summary in summaries_of(folder):
            sys.stdout.write(msgspec.json.encode(summary).decode() + "\n")
        return
    from rich.console import Console

    from discourse.summary.terminal import terminal_view

    prevalence = prevalence_of(folder) if Path(folder).is_dir() else None
    overall = prevalence.overall if prevalence is not None else ()
    Console().print(terminal_view(list(summaries_of(folder)), report_lang, overall))


@command.command()
@click.argument("folder", metavar="RUN", type=click.Path())
@OUT
@LANGUAGE
@HIDE
def report(folder: str, out: str, report_lang: Any, keyfile: str | None) -> None:
    """Write the report of a run folder to the file OUT."""
    from discourse.manifest import read_manifest
    from discourse.run_summaries import report_run

    manifest = read_manifest(folder) if Path(folder).is_dir() else None
    with under_pseudonyms(folder, keyfile) as shown:
        if keyfile is not None and manifest is not None:
            manifest = read_manifest(shown)
        report_run(shown, out, lang=report_lang, manifest=manifest)
    click.echo(f"the report is {out}", err=True)


@command.command()
def formats() -> None:
    """List the formats that can be read, with what each keeps and loses."""
    from rich.console import Console
    from rich.table import Table

    from discourse.readers.registry import formats as known

    table = Table("name", "what", "keeps", "loses", show_lines=True)
    for form in known():
        table.add_row(form.name, form.title, form.keeps, form.loses)
    Console().print(table)


@command.command()
def codebook() -> None:
    """Print the codebook: what each label means."""
    from discourse.labels import codebook as text

    click.echo(text(), nl=False)
