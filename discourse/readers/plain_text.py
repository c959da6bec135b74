"""Read any other text as a post without comments, and say that no comment structure was recognized."""

from __future__ import annotations

import re
from collections.abc import Iterator

from discourse.readers.base import Event, Format, Head, Sample, Source
from discourse.readers.saved_article import read_article
from discourse.threads import Comment

_MARKUP = re.compile(r"^\s*(?:<(?:!doctype|html|\?xml|[a-z]+[\s>/])|\{|\[\s*(?:[\[{\"\]]|-?\d+\s*,))", re.IGNORECASE)
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f]")
_MOST_CONTROLS = 0.01
"""Share of control characters above which a file is no text; real texts have none, a program thousands."""
NOTICE = "no comment structure was recognized: read as a post without comments"


def sniff(sample: Sample) -> float:
    """Take what nobody else takes, unless it is markup, JSON or no text at all."""
    text = sample.text.lstrip("\ufeff")
    if not text.strip() or _MARKUP.match(text):
        return 0.0
    return 0.01 if len(_CONTROL.findall(text)) <= _MOST_CONTROLS * len(text) else 0.0


def read(source: Source) -> Iterator[Event]:
    """Yield one post."""
    article = read_article(source.text().splitlines())
    thread_id = source.thread_name
    yield Head(thread_id, title=article.title, notices=(NOTICE, *article.notices()))
    yield Comment(
        id="post",
        thread_id=thread_id,
        kind="post",
        text=article.text,
        author=article.author,
        created=article.created,
        title=article.title,
        status="ok" if article.text or article.title else "empty",
        source=source.path,
    )


FORMATS = (
    Format(
        name="plain_text",
        title="Any other text",
        keeps="the text as a post; title, author and date of a saved article",
        loses="comments, if the text has any: their structure is not known",
        sniff=sniff,
        read=read,
    ),
)
