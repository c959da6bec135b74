"""One small, whole dump of every format, for tests that go through all of them."""

from __future__ import annotations

import io
import json
from functools import cache
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

DATA = Path(__file__).parent / "data"
SEEDS = Path(__file__).parent.parent / "seeds"
WORDS = ("It is far too dear.", "No, it is cheap for what it does.", "Who says so? I paid twice that.")

ROWS = [
    {"id": str(n + 1), "parent_id": str(n) if n else None, "author": f"user{n}", "text": text, "score": n}
    for n, text in enumerate(WORDS)
]
REDDIT = [
    {
        "id": f"c{n}",
        "link_id": "t3_p",
        "parent_id": f"t1_c{n - 1}" if n else "t3_p",
        "body": text,
        "author": f"u{n}",
        "created_utc": 1_500_000_000 + n,
        "score": n,
        "edited": False,
        "subreddit": "s",
    }
    for n, text in enumerate(WORDS)
]
LISTING = {"kind": "Listing", "data": {"children": [{"kind": "t1", "data": record} for record in REDDIT]}}
LEMMY = {
    "comments": [
        {
            "comment": {
                "id": n + 1,
                "post_id": 9,
                "creator_id": n,
                "content": text,
                "published": "2024-03-01T10:00:00Z",
                "path": ".".join(map(str, range(n + 2))),
                "deleted": False,
                "removed": False,
                "language_id": 0,
                "local": True,
            },
            "creator": {"id": n, "name": f"user{n}", "actor_id": f"https://lemmy.example/u/user{n}"},
            "post": {"id": 9, "name": "A post", "creator_id": 0, "ap_id": "https://lemmy.example/post/9"},
            "community": {"id": 1, "name": "news"},
            "counts": {"comment_id": n + 1, "score": n, "upvotes": n, "downvotes": 0, "child_count": 0},
        }
        for n, text in enumerate(WORDS)
    ]
}
DISCOURSE = {
    "id": 7,
    "title": "A topic",
    "posts_count": 3,
    "slug": "a-topic",
    "post_stream": {
        "stream": [1, 2, 3],
        "posts": [
            {
                "id": n,
                "post_number": n,
                "topic_id": 7,
                "username": f"user{n}",
                "created_at": "2024-03-01T10:00:00Z",
                "cooked": f"<p>{text}</p>",
                "reply_to_post_number": n - 1 if n > 2 else None,
                "post_type": 1,
            }
            for n, text in enumerate(WORDS, 1)
        ],
    },
}
HACKER_NEWS = {
    "id": 1,
    "created_at": "2024-03-01T10:00:00Z",
    "created_at_i": 1_709_287_200,
    "type": "story",
    "author": "op",
    "title": "A story",
    "url": "https://example.org",
    "text": None,
    "points": 3,
    "parent_id": None,
    "story_id": 1,
    "children": [
        {
            "id": 2,
            "type": "comment",
            "author": "ann",
            "text": WORDS[0],
            "parent_id": 1,
            "story_id": 1,
            "points": None,
            "created_at_i": 1_709_287_300,
            "title": None,
            "url": None,
            "children": [
                {
                    "id": 3,
                    "type": "comment",
                    "author": "bob",
                    "text": WORDS[1],
                    "parent_id": 2,
                    "story_id": 1,
                    "created_at_i": 1_709_287_400,
                    "children": [],
                }
            ],
        },
    ],
}
_NEWS_ROW = (
    "<tr class='athing comtr' id='{n}'><td><table><tr><td class='ind' indent='{level}'><img width='{width}'>"
    "</td><td class='default'><span class='comhead'><a href='user?id=u{n}' class='hnuser'>u{n}</a> "
    "<span class='age' title='2024-03-01T10:00:0{n}'><a href='item?id={n}'>1 hour ago</a></span></span>"
    "<div class='comment'><div class='commtext c00'>{text}</div></div></td></tr></table></td></tr>"
)
NEWS_PAGE = "".join(
    _NEWS_ROW.format(n=n, level=n - 1, width=40 * (n - 1), text=text) for n, text in enumerate(WORDS, 1)
)
NEWS_PAGE = f"<html><table>{NEWS_PAGE}</table></html>"
MASTODON = {
    "ancestors": [],
    "descendants": [
        {
            "id": str(100 + n),
            "in_reply_to_id": str(99 + n),
            "in_reply_to_account_id": "1",
            "content": f"<p>{text}</p>",
            "created_at": "2024-03-01T10:00:00.000Z",
            "account": {"id": str(n), "acct": f"user{n}", "username": f"user{n}"},
            "url": f"https://m.example/@u/{100 + n}",
            "visibility": "public",
            "favourites_count": n,
            "uri": f"https://m.example/u/{100 + n}",
            "language": "en",
            "replies_count": 0,
        }
        for n, text in enumerate(WORDS)
    ],
}
NOTE = {
    "@context": "https://www.w3.org/ns/activitystreams",
    "type": "Note",
    "id": "https://m.example/notes/2",
    "inReplyTo": "https://m.example/notes/1",
    "attributedTo": "https://m.example/users/ann",
    "published": "2024-03-01T10:00:00Z",
    "content": f"<p>{WORDS[0]}</p>",
    "to": [],
    "cc": [],
}
YOUTUBE = {
    "kind": "youtube#commentThreadListResponse",
    "items": [
        {
            "kind": "youtube#commentThread",
            "id": f"Ug{n}",
            "snippet": {
                "videoId": "v1",
                "totalReplyCount": 0,
                "topLevelComment": {
                    "kind": "youtube#comment",
                    "id": f"Ug{n}",
                    "snippet": {
                        "videoId": "v1",
                        "textDisplay": text,
                        "textOriginal": text,
                        "authorDisplayName": f"user{n}",
                        "likeCount": n,
                        "publishedAt": "2024-03-01T10:00:00Z",
                        "updatedAt": "2024-03-01T10:00:00Z",
                    },
                },
            },
        }
        for n, text in enumerate(WORDS)
    ],
}
YT_DLP = {
    "id": "v1",
    "title": "A video",
    "extractor": "youtube",
    "_type": "video",
    "upload_date": "20240301",
    "webpage_url": "https://www.youtube.com/watch?v=v1",
    "comments": [
        {
            "id": f"Ug{n}",
            "parent": "root",
            "text": text,
            "author": f"@user{n}",
            "author_id": f"UC{n}",
            "like_count": n,
            "timestamp": 1_709_287_200,
        }
        for n, text in enumerate(WORDS)
    ],
}
STACK = (
    '\ufeff<?xml version="1.0" encoding="utf-8"?>\n<posts>\n'
    + "".join(
        f'  <row Id="{n}" PostTypeId="{1 if n == 1 else 2}" {"" if n == 1 else "ParentId=" + chr(34) + "1" + chr(34)} '
        f'CreationDate="2024-03-01T10:00:00.000" Score="{n}" Body="&lt;p&gt;{text}&lt;/p&gt;" OwnerUserId="{n}" />\n'
        for n, text in enumerate(WORDS, 1)
    )
    + "</posts>\n"
)
CHAN = {
    "posts": [
        {
            "no": 100 + n,
            "resto": 100 if n else 0,
            "time": 1_709_287_200 + n,
            "now": "03/01/24(Fri)10:00:00",
            "name": "Anonymous",
            "com": f'<a href="#p{99 + n}" class="quotelink">&gt;&gt;{99 + n}</a><br>{text}' if n else text,
        }
        for n, text in enumerate(WORDS)
    ]
}
CONVOKIT = [
    {
        "id": f"u{n}",
        "conversation_id": "u0",
        "text": text,
        "speaker": f"user{n}",
        "meta": {},
        "timestamp": 1_709_287_200 + n,
        "reply-to": f"u{n - 1}" if n else None,
        "vectors": [],
    }
    for n, text in enumerate(WORDS)
]
IAC = [
    [[n + 1, "", f"user{n}", text, {}, n or None, None, None] for n, text in enumerate(WORDS)],
    {},
    {"id": 41, "title": "A debate", "url": "http://www.4forums.com/political/a-debate/41-a.html"},
]
FORUM_DL = [
    {
        "generator": "forum-dl",
        "version": "0.3.0",
        "type": "thread",
        "item": {
            "path": ["f", "t"],
            "url": "https://f.example/t",
            "origin": "https://f.example/t",
            "title": "A thread",
            "data": {},
        },
    },
    *(
        {
            "generator": "forum-dl",
            "version": "0.3.0",
            "type": "post",
            "item": {
                "path": ["f", "t", str(n)],
                "subpath": [],
                "url": f"https://f.example/t#{n}",
                "origin": "https://f.example/t",
                "author": f"user{n}",
                "creation_date": "2024-03-01T10:00:00",
                "content": f"<p>{text}</p>",
                "data": {},
            },
        }
        for n, text in enumerate(WORDS)
    ),
]
FOURCAT = (
    "thread_id,id,timestamp,board,body,subject,author,image_file,image_4chan,image_md5,country_name,country_code\n"
    + "".join(
        f'100,{100 + n},2024-03-01 10:00:0{n},pol,">>{99 + n}\n{text}",,Anonymous,,,,,\n'
        for n, text in enumerate(WORDS)
    )
)
REMARK = {
    "comments": [
        {
            "comment": {
                "id": f"r{n}",
                "pid": "",
                "text": f"<p>{text}</p>",
                "orig": text,
                "user": {"name": f"user{n}", "id": f"u{n}"},
                "locator": {"site": "s", "url": "https://b.example/p"},
                "score": n,
                "time": "2024-03-01T10:00:00Z",
            }
        }
        for n, text in enumerate(WORDS)
    ],
    "info": {"url": "https://b.example/p", "count": 3},
}
COMMENTO = {
    "version": 1,
    "comments": [
        {
            "commentHex": f"a{n}",
            "domain": "b.example",
            "url": "/p",
            "commenterHex": f"u{n}",
            "markdown": text,
            "html": f"<p>{text}</p>",
            "parentHex": f"a{n - 1}" if n else "root",
            "score": n,
            "state": "approved",
            "creationDate": "2024-03-01T10:00:00Z",
            "deleted": False,
        }
        for n, text in enumerate(WORDS)
    ],
    "commenters": [
        {"commenterHex": f"u{n}", "name": f"user{n}", "email": "", "provider": "commento"} for n in range(3)
    ],
}
MBOX = "".join(
    f"From user{n} at example.org  Fri Mar  1 10:00:0{n} 2024\nFrom: user{n} at example.org (User {n})\n"
    f"Date: Fri, 1 Mar 2024 10:00:0{n} +0000\nSubject: A question\nMessage-ID: <{n}@example.org>\n"
    + (f"In-Reply-To: <{n - 1}@example.org>\n" if n else "")
    + f"\n{text}\n\n"
    for n, text in enumerate(WORDS)
)


def _lines(records: list[dict[str, Any]]) -> bytes:
    return "".join(json.dumps(record) + "\n" for record in records).encode()


def _arrow(writer: Any) -> bytes:
    out = io.BytesIO()
    table = pa.Table.from_pylist(ROWS)
    with writer(out, table.schema) as file:
        file.write_table(table)
    return out.getvalue()


@cache
def samples() -> dict[str, bytes]:
    """Return format name → the bytes of a dump of it; formats that are folders are not among them."""
    parquet = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(ROWS), parquet)
    html = {name: (DATA / "html" / file).read_bytes() for name, file in _HTML.items()}
    documents = {
        "lemmy": LEMMY,
        "discourse-forum": DISCOURSE,
        "reddit-api": LISTING,
        "hackernews": HACKER_NEWS,
        "json": ROWS,
        "mastodon": MASTODON,
        "activitypub": NOTE,
        "youtube": YOUTUBE,
        "yt-dlp": YT_DLP,
        "4chan": CHAN,
        "iac": IAC,
        "remark42": REMARK,
        "commento": COMMENTO,
    }
    return {
        **html,
        **{name: json.dumps(document).encode() for name, document in documents.items()},
        "jsonl": _lines(ROWS),
        "csv": b"id,parent_id,author,text\n" + "".join(f'{r["id"]},,a,"{r["text"]}"\n' for r in ROWS).encode(),
        "parquet": parquet.getvalue(),
        "arrow": _arrow(pa.ipc.new_file),
        "reddit": _lines(REDDIT),
        "convokit": _lines(CONVOKIT),
        "forum-dl": _lines(FORUM_DL),
        "hackernews-page": NEWS_PAGE.encode(),
        "stackexchange": STACK.encode(),
        "4cat": FOURCAT.encode(),
        "mbox": MBOX.encode(),
        "disqus": (DATA / "xml" / "disqus.xml").read_bytes(),
        "wxr": (DATA / "xml" / "wxr.xml").read_bytes(),
        "saved_lemmy": (SEEDS / "000_49efb7a1ad89592d.txt").read_bytes(),
        "saved_news": (SEEDS / "003_6b6c086a1f115d16.txt").read_bytes(),
        "plain_text": " ".join(WORDS).encode(),
    }


_HTML = {
    "phpbb": "phpbb33.html",
    "vbulletin": "vbulletin4.html",
    "xenforo": "xenforo2.html",
    "drupal": "drupal6.html",
    "wordpress": "wordpress_html5.html",
    "zeit": "zeit.html",
}
