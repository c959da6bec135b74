"""Read XML whose records are `<row Id="1" … />` elements, one by one; nothing is ever expanded.

A malformed row costs itself only. A document type, where entities are declared, is refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from discourse.readers.base import Skip, Source

_ATTRIBUTES = r"(?:\s+[A-Za-z_][\w:.-]*\s*=\s*(?:\"[^\"]*\"|'[^']*'))"
_ROW = re.compile(rf"<row({_ATTRIBUTES}*)\s*(?:/>|>\s*</row>)")
_ATTRIBUTE = re.compile(r"([A-Za-z_][\w:.-]*)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")
_REFERENCE = re.compile(r"&(?:#(\d{1,7})|#x([0-9a-fA-F]{1,6})|(amp|lt|gt|quot|apos));")
_NAMED = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}
_LONGEST_ROW = 32 * 1024 * 1024
"""Characters after which a row that does not end is given up."""


def rows(source: Source) -> Iterator[tuple[int, dict[str, str]] | Skip]:
    """Yield (line, attributes) of every row, its references decoded; a Skip for one that is malformed.

    Rows may share a line or stretch over several.
    """
    pending, start = "", 0
    before_rows = True
    for number, data in source.lines():
        line = data.decode("utf-8", errors="replace")
        if before_rows and ("<!DOCTYPE" in line or "<!ENTITY" in line):
            yield source.skip("declares a document type: entities are refused, the file is not read", number)
            return
        opens = "<row" in line
        before_rows = before_rows and not opens
        if pending and (line.lstrip().startswith(("<row", "</")) or len(pending) > _LONGEST_ROW):
            yield source.skip("is a malformed row", start)
            pending = ""
        if not pending and not opens:
            continue
        start = start if pending else number
        buffer = f"{pending}\n{line}" if pending else line
        end = 0
        for row in _ROW.finditer(buffer):
            if "<row" in buffer[end : row.start()]:
                yield source.skip("is a malformed row", start)
            yield start, _attributes(row.group(1))
            end = row.end()
        rest = buffer.find("<row", end)
        pending = buffer[rest:] if rest >= 0 else ""
        start = start if end == 0 else number
    if pending:
        yield source.skip("is a malformed row", start)


def _attributes(written: str) -> dict[str, str]:
    return {name: _decoded(double or single) for name, double, single in _ATTRIBUTE.findall(written)}


def _decoded(value: str) -> str:
    return _REFERENCE.sub(_character, value) if "&" in value else value


def _character(reference: re.Match[str]) -> str:
    decimal, hexadecimal, named = reference.groups()
    if named:
        return _NAMED[named]
    code = int(decimal) if decimal else int(hexadecimal, 16)
    return chr(code) if 0 < code < 0x110000 and not 0xD800 <= code < 0xE000 else "\ufffd"
