"""Guess how bytes are to be read as text, and say so when it is a guess.

UTF-8 and its relatives are recognized with certainty. What is left is an old one-byte page: Latin letters beyond ASCII
stand alone, Cyrillic and Greek letters come in runs, and the right page of a script shows mostly small letters.
"""

from __future__ import annotations

import codecs
import re

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)

_DECLARED = re.compile(rb"""(?:charset|encoding)\s*=\s*["']?\s*([A-Za-z0-9_.:-]+)""")
_HIGH_RUN = re.compile(rb"[\x80-\xff]+")
_VALID_MULTIBYTE = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")

_RUNNING_SCRIPT = 2.5
"""Mean length of a run of high bytes above which the script is not Latin (French and Polish stay under 1.3)."""

_LATIN_PAGES = ("cp1252", "cp1250")
_RUNNING_PAGES = ("cp1251", "koi8-r", "cp1253", "cp866", "iso8859-5")
_COMMON = {
    "cp1252": "éèàêçùâîôëïûœäöüßñáíóúãõåøæ’“”„«»…–",
    "cp1250": "ąćęłńóśźżčěřšťůýžďňáéíúôľĺŕőűöüăâîş’“”„…–",
}


def guess_encoding(head: bytes) -> str:
    """Name the codec that reads `head`, the beginning of a file; its last character may be cut."""
    for bom, codec in _BOMS:
        if head.startswith(bom):
            return codec
    wide = _wide(head)
    if wide:
        return wide
    if _is_utf8(head):
        return "utf-8"
    declared = _declared(head)
    if declared:
        return declared
    if len(_VALID_MULTIBYTE.findall(head)) > len(head) // 200 + _broken(head):
        return "utf-8"
    return _one_byte_page(head)


def decode(data: bytes, encoding: str) -> tuple[str, bool]:
    """Decode all of a file; the flag says whether some bytes had to be replaced."""
    try:
        return data.decode(encoding), False
    except (UnicodeDecodeError, LookupError):
        if encoding == "cp1252":
            return data.decode("latin-1"), False
        return data.decode(encoding, errors="replace"), True


def to_utf8(line: bytes) -> bytes:
    """Return one line as UTF-8: as it is if it is, else read by the page that its bytes suggest."""
    if _is_utf8(line, cut=False):
        return line
    text, _ = decode(line, guess_encoding(line))
    return text.encode("utf-8", errors="replace")


def _is_utf8(head: bytes, cut: bool = True) -> bool:
    try:
        head.decode("utf-8")
    except UnicodeDecodeError as error:
        return cut and error.start >= len(head) - 3 and "unexpected end" in error.reason
    return True


def _wide(head: bytes) -> str | None:
    """Recognize UTF-16 and UTF-32 without a mark by where the zero bytes of ASCII characters fall."""
    probe = head[: len(head[:4096]) // 4 * 4]
    if len(probe) < 8 or 0 not in probe:
        return None
    zeros = [probe[place::4].count(0) / (len(probe) / 4) for place in range(4)]
    few, many = 0.1, 0.6
    if zeros[0] < few and min(zeros[1:]) > many:
        return "utf-32-le"
    if zeros[3] < few and min(zeros[:3]) > many:
        return "utf-32-be"
    if max(zeros[0], zeros[2]) < few and min(zeros[1], zeros[3]) > many:
        return "utf-16-le"
    if max(zeros[1], zeros[3]) < few and min(zeros[0], zeros[2]) > many:
        return "utf-16-be"
    return None


def _declared(head: bytes) -> str | None:
    """Return the codec that an HTML or XML beginning declares, unless it claims UTF-8, which the bytes are not."""
    found = _DECLARED.search(head[:4096]) if b"<" in head[:4096] else None
    if found is None:
        return None
    try:
        name = codecs.lookup(found.group(1).decode("ascii")).name
        head.decode(name, errors="ignore")
    except (LookupError, UnicodeError):
        return None
    if name in {"utf-8", "ascii", "utf-16", "utf-32"}:
        return None
    return "cp1252" if name == "iso8859-1" else name


def _broken(head: bytes) -> int:
    """Count the high bytes that belong to no UTF-8 character."""
    return len(re.sub(rb"[\x00-\x7f]+", b"", _VALID_MULTIBYTE.sub(b"", head)))


def _one_byte_page(head: bytes) -> str:
    runs = _HIGH_RUN.findall(head)
    if runs and sum(map(len, runs)) / len(runs) > _RUNNING_SCRIPT:
        return max(_RUNNING_PAGES, key=lambda page: _small_letters(head, page))
    high = b"".join(runs)
    return max(
        _LATIN_PAGES, key=lambda page: sum(letter in _COMMON[page] for letter in high.decode(page, "ignore").lower())
    )


def _small_letters(head: bytes, page: str) -> int:
    """Score a page of a running script: small letters of it, less capitals inside words and everything else."""
    score = 0
    previous = " "
    for letter in head.decode(page, errors="replace"):
        if letter > "\x7f":
            if letter.isalpha():
                score += 2 if letter.islower() else -1 if previous.islower() else 1
            else:
                score -= 2
        previous = letter
    return score
