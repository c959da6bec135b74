"""Choose the format that reads a file: the one the user named, else the surest by content."""

from __future__ import annotations

import difflib

from discourse.errors import InputError
from discourse.readers.base import Format, Sample
from discourse.readers.source import FileSource
from discourse.readers.unpacking import archive, cut_packing

_CONTROLS = bytes(set(range(32)) - set(b"\t\n\r\f\x1b\b"))
_BINARY_SHARE = 0.02
"""Share of control characters above which bytes are no text; text in any encoding read here has none."""


def named_format(name: str, formats: tuple[Format, ...]) -> Format:
    """Return the format that the user named; InputError lists the nearest names."""
    for form in formats:
        if form.name == name:
            return form
    names = [form.name for form in formats]
    near = difflib.get_close_matches(name.lower(), names, 3, 0.4) or names
    raise InputError(f"{name}: there is no such format; did you mean {', '.join(near)}? See discourse formats")


def choose_format(source: FileSource, formats: tuple[Format, ...]) -> Format:
    """Return the surest format of a file; InputError says why there is none."""
    sample = source.sample()
    surest = surest_format(sample, formats)
    if surest is not None and not archive(sample.head) and not cut_packing(sample.head):
        return surest
    raise InputError(f"{source.path}: {_trouble(source, sample)}")


def surest_format(sample: Sample, formats: tuple[Format, ...]) -> Format | None:
    """Return the format that is surest of this beginning of a file, the first of equals, None if none knows it."""
    if not sample.head.strip():
        return None
    sure = [(_sureness(form, sample), -place) for place, form in enumerate(formats)]
    best, place = max(sure, default=(0.0, 0))
    return formats[-place] if best > 0 else None


def likelier(sample: Sample, form: Format, formats: tuple[Format, ...]) -> Format | None:
    """Return the surest format of a file that `form` does not know at all, None if it may be of that format."""
    return None if _sureness(form, sample) > 0 else surest_format(sample, formats)


def _sureness(form: Format, sample: Sample) -> float:
    """Return how sure a format is; one that fails on strange bytes does not know them, and must not cost the others."""
    try:
        return form.sniff(sample)
    except Exception:
        return 0.0


def _trouble(source: FileSource, sample: Sample) -> str:
    """Say what is wrong with a file that no format knows, and what to do."""
    if not sample.head.strip():
        return source.faults[0].text if source.faults else "is empty; nothing to read"
    if advice := archive(sample.head):
        return advice
    if name := cut_packing(sample.head):
        return f"is a {name} stream that is cut within its first bytes; fetch the file again"
    if is_binary(sample.head):
        return "is a binary file that no reader knows; see discourse formats"
    return "no reader knows this file; name one with --format, see discourse formats"


def is_binary(head: bytes) -> bool:
    """Tell whether bytes are no text in any encoding: control characters, unless they are UTF-16 or UTF-32."""
    from discourse.readers.encoding import guess_encoding

    if not head or guess_encoding(head).startswith(("utf-16", "utf-32")):
        return False
    return len(head.translate(None, _CONTROLS)) < (1 - _BINARY_SHARE) * len(head)
