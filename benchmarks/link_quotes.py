"""Measure how often the comment that a quote comes from is found, on the posts of a Discourse forum.

    python benchmarks/link_quotes.py POSTS.ndjson[.gz]

Posts are those of the Discourse API; their HTML names the quoted post, which `discourse` is not told: it has the words,
with the author's name or without. Quotes whose post is not earlier in the topic are left out.
"""

from __future__ import annotations

import gzip
import json
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from selectolax.lexbor import LexborHTMLParser, LexborNode

from discourse.links.quotations import find_origins
from discourse.readers import read
from discourse.threads import Quote, Thread


def quoted_posts(path: Path) -> dict[str, list[tuple[str, str]]]:
    """Return, by comment id, the author and the id of each post that it quotes, in order."""
    found = {}
    with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as lines:
        for line in lines:
            post = json.loads(line)
            asides = LexborHTMLParser(post["cooked"]).css("aside.quote")
            found[f"{post['topic_id']}:{post['post_number']}"] = [
                (one.attributes.get("data-username") or "", _source(one)) for one in asides if not _nested(one)
            ]
    return found


def _source(aside: LexborNode) -> str:
    return f"{aside.attributes.get('data-topic')}:{aside.attributes.get('data-post')}"


def _nested(aside: LexborNode) -> bool:
    above = aside.parent
    while above is not None:
        if above.tag in ("aside", "blockquote"):
            return True
        above = above.parent
    return False


def sources(thread: Thread, quoted: dict[str, list[tuple[str, str]]]) -> Iterator[tuple[int, int, int]]:
    """Yield each quote whose source is earlier in the thread: position, which quote, position of the source."""
    places = {comment.id: position for position, comment in enumerate(thread.comments)}
    for position, comment in enumerate(thread.comments):
        at = 0
        for author, source in quoted.get(comment.id, ()):
            while at < len(comment.quotes) and (comment.quotes[at].author or "") != author:
                at += 1
            if at < len(comment.quotes) and places.get(source, position) < position:
                yield position, at, places[source]
            at += 1


def main(path: Path) -> None:
    quoted = quoted_posts(path)
    counts: Counter[tuple[str, str]] = Counter()
    for thread in read([path]):
        nameless = tuple(
            replace(comment, quotes=tuple(Quote(None, quote.text) for quote in comment.quotes))
            for comment in thread.comments
        )
        order = range(len(thread.comments))
        for kind, given in (("with a name", thread), ("without", replace(thread, comments=nameless))):
            origins = find_origins(given, order)
            for position, at, source in sources(thread, quoted):
                origin = origins[position][at]
                got = "open" if origin is None else "right" if origin.position == source else "wrong"
                counts[kind, got] += 1
    for kind in ("with a name", "without"):
        total = sum(count for (one, _), count in counts.items() if one == kind)
        shares = ", ".join(
            f"{got} {counts[kind, got]:,} ({counts[kind, got] / total:.2%})" for got in ("right", "wrong", "open")
        )
        print(f"{kind}: {total:,} quotes: {shares}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
