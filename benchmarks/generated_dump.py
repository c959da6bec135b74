"""Write a Pushshift dump of any length: interleaved threads, quotes, markup, deleted bodies, oddities of old months.

The comments are made of words drawn at random, the same for the same seed; their lengths and the sizes of threads
follow the long tails of the real thing, and a quarter of them hold markup, as in the month 2005-12 of all Reddit.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from pathlib import Path

import zstandard

WORDS = """
the of and to a in that is was he for it with as his on be at by had not are but from or have an they which
one you were all her she there would their we him been has when who will no more if out so up said what its
about than into them can only other time new some could these two may first then do any like my now over
such our man me even most made after also did many off before must well back through years much where your
way down should because long each just state those people too mr how little good world make very year still
see work life men deal policy market price energy model open source company government tax vote law city
train school train paper
""".split()  # noqa: SIM905
THREAD_OF = 24
"""Comments of a thread, on average."""


def records(count: int, seed: int = 7) -> Iterator[bytes]:
    """Yield `count` comments of interleaved threads, in order of time, one JSON record each."""
    chance = random.Random(seed)
    texts = [_body(chance) for _ in range(5000)]
    open_threads: list[tuple[str, list[str]]] = []
    for number in range(count):
        if not open_threads or chance.random() < 1 / THREAD_OF:
            open_threads.append((_base36(10_000_000 + number), []))
            if len(open_threads) > 2000:
                open_threads.pop(chance.randrange(1000))
        link, known = open_threads[int(len(open_threads) * chance.random() ** 0.7)]
        parent = f"t1_{known[int(len(known) * chance.random())]}" if known and chance.random() < 0.7 else f"t3_{link}"
        own = _base36(50_000_000 + number)
        if len(known) < 500:
            known.append(own)
        yield _record(chance, number, own, link, parent, texts[int(len(texts) * chance.random())])


def write_dump(path: Path, count: int) -> None:
    """Write a dump as Pushshift packs them: zstandard with a long window, one record a line."""
    settings = zstandard.ZstdCompressionParameters.from_level(3, window_log=31, enable_ldm=True)
    with path.open("wb") as file, zstandard.ZstdCompressor(compression_params=settings).stream_writer(file) as stream:
        for record in records(count):
            stream.write(record + b"\n")


def _record(chance: random.Random, number: int, own: str, link: str, parent: str, body: str) -> bytes:
    gone = chance.random() < 0.04
    created = 1_500_000_000 + number * 3
    return json.dumps(
        {
            "author": "[deleted]" if gone else f"user_{int(20_000 * chance.random() ** 2)}",
            "author_flair_css_class": None,
            "author_flair_text": None,
            "body": chance.choice(("[deleted]", "[removed]")) if gone else f"{body} {own}",
            "can_gild": True,
            "controversiality": 0,
            "created_utc": str(created) if number % 50 == 0 else created,
            "distinguished": None,
            "edited": created + 60 if number % 40 == 0 else False,
            "gilded": 0,
            "id": own,
            "is_submitter": False,
            "link_id": f"t3_{link}",
            "parent_id": parent,
            "permalink": f"/r/generated/comments/{link}/a_title/{own}/",
            "retrieved_on": created + 3_000_000,
            "score": int(chance.expovariate(0.2)) - 1,
            "stickied": False,
            "subreddit": "generated",
            "subreddit_id": "t5_2qh33",
        },
        separators=(",", ":"),
    ).encode()


def _body(chance: random.Random) -> str:
    words = [chance.choice(WORDS) for _ in range(3 + int(chance.expovariate(1 / 35)))]
    if chance.random() < 0.05:
        words[0] = f"*{words[0]}*"
    if chance.random() < 0.12:
        words[-1] = "[a source](https://example.org/page_1)"
    if chance.random() < 0.04:
        words.append("caf\u00e9 &amp; th\u00e9")
    text = " ".join(words)
    if len(words) > 30:
        text = text.replace(" people ", ".\n\n")
    if chance.random() < 0.05:
        text = f"&gt; {' '.join(chance.choice(WORDS) for _ in range(12))}\n\n{text}"
    return text


def _base36(number: int) -> str:
    digits = ""
    while number:
        number, digit = divmod(number, 36)
        digits = "0123456789abcdefghijklmnopqrstuvwxyz"[digit] + digits
    return digits
