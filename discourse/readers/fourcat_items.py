"""Turn the raw items of platforms that 4CAT and Zeeschuimer collect into rows under 4CAT's own column names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

import msgspec

from discourse.readers import wire

ROW_MARKS = frozenset({"id", "thread_id", "timestamp", "body"})
"""Columns that every export has."""
YOUTUBE_MARKS = frozenset({"id", "isReplyTo", "authorName", "text", "publishedAt"})


class TikTok(msgspec.Struct):
    """What is read of a TikTok comment as Zeeschuimer collects it."""

    cid: Any = None
    aweme_id: Any = None
    reply_id: Any = None
    text: Any = None
    create_time: Any = None
    digg_count: Any = None
    user: Any = None
    comment_language: Any = None
    share_info: Any = None


class Tweet(msgspec.Struct):
    """What is read of a tweet of the API's second version, with the author that 4CAT puts into it."""

    id: Any = None
    conversation_id: Any = None
    text: Any = None
    created_at: Any = None
    lang: Any = None
    author_user: Any = None
    author_id: Any = None
    referenced_tweets: Any = None
    public_metrics: Any = None


def as_row(record: Any) -> Mapping[str, Any] | None:
    """Return a record as a row; raw items of other platforms are turned into one, unknown ones are none."""
    if not isinstance(record, dict):
        return None
    if isinstance(record.get("data"), dict) and "source_platform" in record:
        record = record["data"]
    if set(record) >= ROW_MARKS or set(record) >= YOUTUBE_MARKS:
        return cast("Mapping[str, Any]", record)
    if {"cid", "aweme_id"} <= set(record):
        return _from_tiktok(wire.convert(record, TikTok) or TikTok())
    if {"conversation_id", "text", "id"} <= set(record):
        return _from_tweet(wire.convert(record, Tweet) or Tweet())
    return None


def _from_tiktok(item: TikTok) -> Mapping[str, Any]:
    user = item.user if isinstance(item.user, dict) else {}
    about = item.share_info if isinstance(item.share_info, dict) else {}
    parent = wire.identifier(item.reply_id)
    return {
        "id": item.cid,
        "thread_id": item.aweme_id,
        "parent_id": None if parent == "0" else parent,
        "body": item.text,
        "author": user.get("unique_id") or user.get("nickname"),
        "timestamp": item.create_time,
        "score": item.digg_count,
        "language_guess": item.comment_language,
        "post_body": about.get("title"),
        "url": about.get("url"),
    }


def _from_tweet(item: Tweet) -> Mapping[str, Any]:
    user = item.author_user if isinstance(item.author_user, dict) else {}
    metrics = item.public_metrics if isinstance(item.public_metrics, dict) else {}
    answered = [
        tweet.get("id")
        for tweet in wire.listing(item.referenced_tweets)
        if isinstance(tweet, dict) and tweet.get("type") == "replied_to"
    ]
    return {
        "id": item.id,
        "thread_id": item.conversation_id,
        "parent_id": answered[0] if answered else None,
        "body": item.text,
        "author": user.get("username") or item.author_id,
        "timestamp": item.created_at,
        "score": metrics.get("like_count"),
        "language_guess": item.lang,
    }
