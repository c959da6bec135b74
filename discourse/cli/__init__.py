"""The command line: each verb is a library function said aloud, its parameters the options.

Data goes to stdout, words to stderr. Heavy modules are imported inside the verbs, so that help is instant.
"""

from discourse.cli import running, looking, labeled, training  # noqa: F401, I001  (the order is that of the help)
from discourse.cli.group import command

__all__ = ["command"]
