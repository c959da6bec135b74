"""An outside writer: any endpoint that speaks the OpenAI chat protocol may rephrase our sentences. Off by default.

The environment names it: DISCOURSE_WRITER_URL (up to /v1), DISCOURSE_WRITER_MODEL, and DISCOURSE_WRITER_KEY where the
endpoint asks for one. It gets our sentences, which quote comments, and nothing else; what it returns is checked
sentence by sentence (`telling`). A failure leaves our sentences; after a few in a row the endpoint is asked no more.
"""

from __future__ import annotations

import re
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from http.client import HTTPException, HTTPMessage
from typing import IO, TypeAlias

import msgspec

from discourse.summary.narrative.lexicon import Language
from discourse.summary.narrative.telling import Writer

Send: TypeAlias = Callable[[urllib.request.Request], bytes]

TIMEOUT = 60.0
"""Seconds: half a page takes a large hosted model some ten."""

MOST_FAILURES = 3
"""Failures in a row after which an endpoint is left alone: a thousand threads must not wait a minute each."""

MOST_BYTES = 1 << 20
"""Bytes of an answer that are read: half a page takes some thousands."""

_TASK = (
    "Rephrase each numbered sentence in {language} so that the page reads well. Keep every number, percentage, date, "
    "name and quotation exactly, in the same order, and use plain words. One line a sentence, with its number; nothing "
    "else."
)
_NUMBERED = re.compile(r"^\s*\d+[.)]\s*(.+?)\s*$", re.MULTILINE)


class _Message(msgspec.Struct):
    content: str


class _Choice(msgspec.Struct):
    message: _Message


class _Reply(msgspec.Struct):
    choices: list[_Choice]


def named_writer(environment: Mapping[str, str], send: Send | None = None) -> tuple[Writer, str] | None:
    """Return the writer that the environment names, and its model's name; None if it names none."""
    url, model = environment.get("DISCOURSE_WRITER_URL"), environment.get("DISCOURSE_WRITER_MODEL")
    if not url or not model or not url.startswith(("http://", "https://")):
        return None
    key = environment.get("DISCOURSE_WRITER_KEY")
    failures = 0

    def write(sentences: Sequence[str], lang: Language) -> Sequence[str]:
        nonlocal failures
        if failures == MOST_FAILURES:
            return ()
        try:
            answer = (send or _send)(_request(url, model, key, sentences, lang))
        except (OSError, HTTPException, ValueError):  # ValueError: an address or a key that no request can carry
            failures += 1
            return ()
        failures = 0
        return _lines(answer, len(sentences))

    return write, model


def _request(url: str, model: str, key: str | None, sentences: Sequence[str], lang: Language) -> urllib.request.Request:
    task = _TASK.format(language="French" if lang == "fr" else "English")
    numbered = "\n".join(f"{number}. {sentence}" for number, sentence in enumerate(sentences, 1))
    body = {
        "model": model,
        "temperature": 0,
        "messages": [{"role": "system", "content": task}, {"role": "user", "content": numbered}],
    }
    headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {key}"} if key else {})
    address = f"{url.rstrip('/')}/chat/completions"
    return urllib.request.Request(address, msgspec.json.encode(body), headers)


def _lines(answer: bytes, wanted: int) -> Sequence[str]:
    """Return the writer's lines; none if the endpoint answers something else."""
    try:
        reply = msgspec.json.decode(answer, type=_Reply)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return ()
    found = _NUMBERED.findall(reply.choices[0].message.content) if reply.choices else []
    return found if len(found) == wanted else ()


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """Follow no redirection: the key is for the endpoint that the user named."""

    def redirect_request(
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> None:
        """Refuse; the answer's status is then an error."""


def _send(request: urllib.request.Request) -> bytes:
    with urllib.request.build_opener(_NoRedirect).open(request, timeout=TIMEOUT) as answer:
        body: bytes = answer.read(MOST_BYTES)
        return body
