"""The command itself, which the verbs join."""

from __future__ import annotations

import click

from discourse import __version__
from discourse.cli.options import Verbs


@click.group(cls=Verbs, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="discourse")
def command() -> None:
    """Rebuild comment threads from dumps, label each comment's stance and argument, sum them up per thread.

    Start with: discourse run PATH -o OUT --target "what the debate is about"
    """
