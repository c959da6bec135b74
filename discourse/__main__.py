"""Run the command line: `python -m discourse`."""

from __future__ import annotations


def main() -> None:
    """Run the command line, and turn an interruption into exit status 130."""
    import sys

    try:
        from discourse.cli import command

        command()
    except KeyboardInterrupt:
        sys.stderr.write("\ninterrupted\n")
        sys.exit(130)


if __name__ == "__main__":
    main()
