"""What the verbs share: options, the end of every failure in one line, progress on stderr."""

from __future__ import annotations

import errno
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

import click

from discourse.errors import DiscourseError

if TYPE_CHECKING:
    from discourse.classifier import Model
    from discourse.run import Progress, RunOptions

F = TypeVar("F", bound=Callable[..., Any])


class Verbs(click.Group):
    """List the verbs in the order of the way of the data, not of the alphabet; end every failure in one line."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names in the order of definition."""
        return list(self.commands)

    def invoke(self, ctx: click.Context) -> Any:
        """Run a verb; a failure is one line on stderr and exit status 1."""
        try:
            return super().invoke(ctx)
        except DiscourseError as error:
            fail(str(error))
        except BrokenPipeError:
            sys.stderr.close()  # the reader of our output has gone (`| head`): nothing is left to say
            ctx.exit(0)
        except OSError as error:
            if error.errno in (errno.ENOSPC, errno.EDQUOT):
                fail(f"{error.filename or 'the output'}: the disk is full; make room and repeat the command")
            if error.errno in (errno.EACCES, errno.EROFS, errno.EPERM):
                fail(f"{error.filename}: permission denied; choose another path")
            raise


def fail(line: str) -> NoReturn:
    """End with exit status 1 and one line."""
    click.echo(f"discourse: {line}", err=True)
    sys.exit(1)


PATHS = click.argument("paths", nargs=-1, required=True, type=click.Path())


def options(*decorators: Callable[[F], F]) -> Callable[[F], F]:
    """Join option decorators, in the order in which help shows them."""

    def apply(function: F) -> F:
        for decorator in reversed(decorators):
            function = decorator(function)
        return function

    return apply


def _fields(_: click.Context, __: click.Parameter, values: tuple[str, ...]) -> dict[str, str]:
    pairs = [value.partition("=") for value in values]
    for ours, equals, theirs in pairs:
        if not (ours and equals and theirs):
            raise click.BadParameter(f"{ours}{equals}{theirs}: write it as ours=theirs, e.g. text=body")
    return {ours: theirs for ours, _, theirs in pairs}


FIELD = click.option(
    "--field",
    "fields",
    multiple=True,
    metavar="OURS=THEIRS",
    callback=_fields,
    help="Rename a column of a table; repeatable.",
)
DAY = click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S"])

READING = options(
    click.option("--target", "targets", multiple=True, metavar="TEXT", help="What the stance is towards; repeatable."),
    click.option("--format", "format", metavar="NAME", help="Read as this format (see `discourse formats`)."),
    FIELD,
    click.option(
        "--links",
        type=click.Choice(["stated", "auto", "all"]),
        default="auto",
        show_default=True,
        help="Which replies that the dump does not state are guessed.",
    ),
    click.option("--since", type=DAY, metavar="DATE", help="Only comments from this day on."),
    click.option("--until", type=DAY, metavar="DATE", help="Only comments up to this day."),
    click.option("--thread", "threads", multiple=True, metavar="ID", help="Only this thread; repeatable."),
    click.option("--sample", type=click.IntRange(min=1), metavar="N", help="Only N threads, drawn evenly."),
    click.option("--input-lang", metavar="CODE", help="The language of the comments, if it need not be identified."),
    click.option(
        "--pseudonymize",
        type=click.Path(dir_okay=False),
        metavar="KEYFILE",
        help="Replace names by keyed pseudonyms; the key is made if absent.",
    ),
)

MODEL = options(
    click.option("--model", metavar="DIR", help="A checkpoint folder, hub id or release: small (default), permissive."),
    click.option("--device", metavar="NAME", help="cpu, cuda or mps; a GPU is used where there is one."),
    click.option(
        "--precision", type=click.Choice(["fp32", "bf16"]), help="Arithmetic; the fastest safe one by default."
    ),
)

LANGUAGE = click.option(
    "--report-lang",
    type=click.Choice(["fr", "en"]),
    default="en",
    show_default=True,
    help="The language of the report.",
)
GOLD = click.option(
    "--gold",
    type=click.Path(),
    metavar="FILE",
    help="Correct the shares with people's labels of a sample that `discourse sample` drew.",
)
WRITER = click.option(
    "--writer",
    is_flag=True,
    help="Have the narratives rephrased by the endpoint that DISCOURSE_WRITER_URL and DISCOURSE_WRITER_MODEL name "
    "(OpenAI chat protocol; key in DISCOURSE_WRITER_KEY). It is sent our sentences, which quote comments.",
)
OUT = click.option("-o", "--out", required=True, type=click.Path(), help="Where the result goes.")
OVERWRITE = click.option("--overwrite", is_flag=True, help="Replace an earlier result.")


def reading_options(
    targets: tuple[str, ...],
    format: str | None,
    fields: dict[str, str],
    links: Any,
    since: datetime | None,
    until: datetime | None,
    threads: tuple[str, ...],
    sample: int | None,
    input_lang: str | None,
    pseudonymize: str | None,
    **more: Any,
) -> RunOptions:
    """Gather the reading options of a verb into the options of a run."""
    from discourse.run import RunOptions

    def day(moment: datetime | None) -> Any:
        return moment.date() if moment is not None and moment.time() == datetime.min.time() else moment

    return RunOptions(
        targets, format, fields or None, links, day(since), day(until), threads, sample,
        input_lang=input_lang, pseudonymize=pseudonymize, **more,
    )  # fmt: skip


@contextmanager
def progress_of() -> Iterator[Progress]:
    """Show a bar and lines on a terminal, lines alone elsewhere; all of it on stderr."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    from discourse.run import Progress as Quiet

    console = Console(stderr=True, highlight=False)
    bar = Progress(
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(),
        console=console, transient=True, disable=not console.is_terminal,
    )  # fmt: skip
    tasks: dict[str, Any] = {}

    class Shown(Quiet):
        def say(self, line: str) -> None:
            console.print(line, markup=False, soft_wrap=True)

        def step(self, stage: str, done: int, total: int) -> None:
            if stage not in tasks:
                tasks[stage] = bar.add_task(stage, total=total)
            bar.update(tasks[stage], completed=done, total=total)

    with bar:
        yield Shown()


def loader(model: str | None, device: str | None, precision: str | None) -> Callable[[], Model]:
    """Return a function that loads the model when it is first needed."""

    def load() -> Model:
        from discourse.classifier import load_model

        return load_model(model, device=device, precision=precision)

    return load


def tell(manifest: Any) -> None:
    """Say on stderr what was skipped, refused or noticed in the inputs."""
    for item in manifest.inputs:
        if item.error:
            click.echo(f"{item.path}: {item.error}", err=True)
    for said in (*manifest.notices[:SHOWN], *manifest.skips[:SHOWN]):
        click.echo(f"{said.where}: {said.text}", err=True)
    if manifest.skipped:
        click.echo(f"{manifest.skipped:,} records were skipped; manifest.json lists them", err=True)


SHOWN = 10
"""Notices and skips shown on the terminal; the manifest holds more."""
