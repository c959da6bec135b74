"""The key file, and the keyed pseudonyms made from it."""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import re
import secrets
import unicodedata
from pathlib import Path

from discourse.errors import InputError, OutputError

KEY_BYTES = 32
"""Length of a new key; HMAC-SHA256 gains nothing from a longer one (RFC 2104, section 3)."""

_SHORTEST = 16
"""A key file with fewer bytes than this is refused: such a key can be guessed."""

_DIGITS = 12
"""Base-32 digits of a pseudonym: 60 bits, so that a million names collide with probability 4e-7."""

_PSEUDONYM = re.compile(r"(?:user|id|email|phone)_[a-z2-7]{12}")
_PREFIX = re.compile(r"^(?:@+|/?u/(?=\w))")


def load_key(path: str | os.PathLike[str]) -> bytes:
    """Read the key of a key file, made (mode 600) if it is not there; InputError or OutputError where that fails."""
    file = Path(path)
    if not file.exists():
        return _make_key(file)
    try:
        key = file.read_bytes().strip()
    except OSError as error:
        raise InputError(f"{file}: the key file cannot be read ({error.strerror}); name a file of your own") from error
    if len(key) < _SHORTEST:
        raise InputError(
            f"{file}: a key file holds at least {_SHORTEST} bytes, this one {len(key)}; name a file that is not there "
            "yet to have one made"
        )
    return key


def _make_key(file: Path) -> bytes:
    key = secrets.token_hex(KEY_BYTES).encode()
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as out:
            out.write(key + b"\n")
    except FileExistsError:  # another process was quicker: its key is the key
        return load_key(file)
    except OSError as error:
        raise OutputError(
            f"{file}: the key file cannot be written ({error.strerror}); name a folder that you may write to"
        ) from error
    return key


def canonical(name: str) -> str:
    """Return the form of a name that is keyed: NFC, single spaces, without the marks of a mention (`@`, `u/`)."""
    plain = " ".join(unicodedata.normalize("NFC", name).split())
    return _PREFIX.sub("", plain) or plain


def is_pseudonym(text: str) -> bool:
    """Tell whether a text is a pseudonym of ours, which is left as it is when met again."""
    return _PSEUDONYM.fullmatch(text) is not None


def pseudonym(key: bytes, kind: str, value: str) -> str:
    """Return the keyed pseudonym of a value: `kind_` and 12 base-32 digits of its HMAC-SHA256."""
    digest = hmac.new(key, f"{kind}\0{value}".encode("utf-8", "surrogatepass"), hashlib.sha256).digest()
    return f"{kind}_{base64.b32encode(digest).decode().lower()[:_DIGITS]}"
