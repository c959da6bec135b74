"""Errors that say what, where and what to do about it; the command line prints them as one line."""

from __future__ import annotations


class DiscourseError(Exception):
    """Report a failure whose message is complete by itself: what, where, what to do."""


class InputError(DiscourseError):
    """Report an input that cannot be read: missing, empty, unreadable, or of no known format."""


class ModelError(DiscourseError):
    """Report a model folder that is missing, incomplete or of another shape."""


class OutputError(DiscourseError):
    """Report an output that cannot be written, or that exists and must not be touched."""


class MissingExtraError(DiscourseError):
    """Report an optional dependency that is not installed, and name the extra that brings it."""

    def __init__(self, package: str, extra: str) -> None:
        super().__init__(
            f"this needs the package {package}, which is not installed: pip install 'discourse-threads[{extra}]'"
        )
