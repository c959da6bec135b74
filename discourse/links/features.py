"""Describe each earlier comment, and the thread as a whole, as what a comment may answer: what the ranker weighs.

The parents decided so far are part of the description. A comment looks back at a window of candidates, so the cost of
a thread is linear in its comments.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from discourse.links.ahead import Ahead
from discourse.links.cues import Cues
from discourse.links.overlap import overlap
from discourse.links.past import NOBODY, POST, WINDOW, Floats, Numbers, Past

CANDIDATE_FEATURES: tuple[str, ...] = (
    "is_post", "distance", "is_previous", "same_author", "since_own", "first_since_own", "speakers_between",
    "addressed", "addresses_author", "parent_by_author", "is_own_parent", "replies", "by_starter", "ends_asking",
    "asks", "candidate_second_person", "candidate_length", "similarity", "similarity_gap", "similarity_rank",
    "shared_rare", "longest_echo", "latest_of_author", "last_partner", "candidate_said", "hours", "returns",
    "returns_to_me", "quoted", "quoted_first", "answered_by_me", "unanswered", "depth", "in_own_chain", "exclusive",
    "introduced", "beyond_post", "parent_similarity", "candidate_quotes", "length_difference",
)  # fmt: skip
CONTEXT_FEATURES: tuple[str, ...] = (
    "earlier", "has_spoken", "own_said", "since_own_count", "is_starter", "length", "second_person", "comment_asks",
    "opener", "addresses_anyone", "best_similarity", "post_similarity", "participants", "has_post", "post_length",
    "post_share", "previous_share", "own_post_share", "has_url", "previous_asks", "previous_is_own",
    "sources", "deepest", "hours_since_previous", "hours_since_own", "following", "next_is_own", "own_return",
)  # fmt: skip
FEATURES = (*CANDIDATE_FEATURES, *CONTEXT_FEATURES)
"""Names of the columns, in order; the ranker's file repeats them, so that an old file is recognized."""

_COLUMN = {name: column for column, name in enumerate(FEATURES)}
_NEVER = 6.0
"""Stands for "has not spoken before" where comments since then are counted; above log(1 + 400)."""
Matrix = npt.NDArray[np.float32]


def window(past: Past, extra: Sequence[int] = ()) -> list[int]:
    """Return the numbers of the candidates: the thread as a whole first, `extra` that are older, the latest ones."""
    recent = range(max(0, past.count - WINDOW), past.count)
    distant = sorted(number for number in set(extra) if 0 <= number < recent.start)
    return [POST, *distant, *recent]


def describe(past: Past, cues: Cues, candidates: Sequence[int], quoted: Sequence[int], ahead: Ahead) -> Matrix:
    """Return the features of each candidate, shape (candidates, FEATURES); the first one must be POST.

    `quoted` are the numbers of the sources of the comment's quotes, in order; POST for the post.
    """
    table = np.zeros((len(candidates), len(FEATURES)), dtype=np.float32)
    for name, value in _thread_as_candidate(past, cues).items():
        table[0, _COLUMN[name]] = value
    if len(candidates) > 1:
        for name, values in _comments_as_candidates(past, cues, np.array(candidates[1:])).items():
            table[1:, _COLUMN[name]] = values
    me = past.identity(cues.author)
    answered = past.answered_by(me)
    chain = past.chain(past.last.get(me, -1))
    compared = _compared(past, cues, candidates)
    returns = ahead.returns(past.count, [_author(past, number) for number in candidates])
    every: dict[str, npt.ArrayLike] = {
        **compared,
        "returns": returns[:, 0],
        "returns_to_me": returns[:, 1],
        "quoted": [quoted.count(number) for number in candidates],
        "quoted_first": [bool(quoted) and quoted[0] == number for number in candidates],
        "answered_by_me": [answered.get(number, 0) for number in candidates],
        "in_own_chain": [chain.get(number, 0) for number in candidates],
        "length_difference": table[:, _COLUMN["candidate_length"]] - math.log1p(len(cues.words)),
        "sources": len(set(quoted)),
        **_context(past, cues, np.asarray(compared["similarity"])),
        **dict(zip(("following", "next_is_own", "own_return"), ahead.after(past.count), strict=True)),
    }
    for name, column in every.items():
        table[:, _COLUMN[name]] = column
    return table


def _author(past: Past, number: int) -> str:
    if number == POST:
        return past.post.author if past.post is not None else ""
    return past.cues[number].author


def _compared(past: Past, cues: Cues, candidates: Sequence[int]) -> dict[str, Floats]:
    """Describe what the words share with those of each candidate."""
    shared = overlap(past, cues, candidates)
    similarity = _column(shared.similarity, candidates)
    parents = [POST if number == POST else int(past.parent[number]) for number in candidates]
    of_parents = _column(shared.similarity, parents)
    of_parents[0] = 0.0
    return {
        "similarity": similarity,
        "similarity_gap": similarity - _other_top(similarity),
        "similarity_rank": np.argsort(np.argsort(-similarity, kind="stable")).astype(np.float32),
        "shared_rare": np.log1p(_column(shared.rare, candidates)),
        "longest_echo": np.log1p(_column(shared.echo, candidates)),
        "exclusive": _column(shared.exclusive, candidates),
        "introduced": _column(shared.introduced, candidates),
        "beyond_post": _column(shared.beyond, candidates),
        "parent_similarity": of_parents,
    }


def _thread_as_candidate(past: Past, cues: Cues) -> dict[str, float]:
    """Describe the thread as a whole, by its post where that is known."""
    values: dict[str, float] = {
        "is_post": 1.0,
        "distance": math.log1p(past.count),
        "is_previous": past.count == 0,
        "by_starter": 1.0,
        "hours": -1.0,
    }
    post = past.post
    if post is not None:
        values |= {
            "same_author": bool(cues.author) and post.author == cues.author,
            "addressed": cues.addressed.get(post.author, 0),
            "addresses_author": post.addressed.get(cues.author, 0),
            "ends_asking": post.ends_asking,
            "asks": post.asks,
            "candidate_second_person": post.second_person,
            "candidate_length": math.log1p(len(post.words)),
        }
        if post.created is not None and cues.created is not None:
            values["hours"] = _hours(post.created, cues.created)
    return values


def _comments_as_candidates(past: Past, cues: Cues, numbers: Numbers) -> dict[str, npt.NDArray[np.generic]]:
    """Describe earlier comments; each value is an array over `numbers`."""
    me = past.identity(cues.author)
    own = past.last.get(me, -1)
    authors = past.author[numbers]
    known = authors != NOBODY
    mine = known & (me != NOBODY)
    latest = np.array([past.last.get(int(author), -1) for author in authors])
    levels = past.addressing.get(me, {}) if me != NOBODY else {}
    named = {past.identity(key): level for key, level in cues.addressed.items()}
    now = np.nan if cues.created is None else cues.created
    hours = np.log1p(np.maximum(0.0, now - past.created[numbers]) / 3600)
    to_me = (past.parent_author[numbers] == me) & (me != NOBODY)
    answered = past.answered_by(me)
    return {
        "distance": np.log1p(past.count - 1 - numbers),
        "is_previous": numbers == past.count - 1,
        "same_author": mine & (authors == me),
        "since_own": numbers > own,
        "first_since_own": (numbers == own + 1) & (own >= 0),
        "speakers_between": _speakers_between(past, numbers),
        "addressed": np.array([named.get(int(author), 0) for author in authors]),
        "addresses_author": np.array([levels.get(int(number), 0) for number in numbers]),
        "parent_by_author": to_me,
        "unanswered": to_me & np.array([int(number) not in answered for number in numbers]),
        "depth": past.depth[numbers],
        "candidate_quotes": past.quotes[numbers],
        "is_own_parent": (numbers == past.parent[own]) & (own >= 0),
        "replies": np.log1p(past.replies[numbers]),
        "by_starter": known & (authors == past.starter),
        "ends_asking": past.flags[numbers, 0],
        "asks": past.flags[numbers, 1],
        "candidate_second_person": past.flags[numbers, 2],
        "candidate_length": past.flags[numbers, 3],
        "latest_of_author": known & (latest == numbers),
        "last_partner": mine & (authors == past.partner.get(me, NOBODY)),
        "candidate_said": np.log1p(past.said[authors] * known),
        "hours": np.nan_to_num(hours, nan=-1.0),
    }


def _speakers_between(past: Past, numbers: Numbers) -> Floats:
    """Count the authors who spoke after each candidate, up to the window's length."""
    found = np.full(len(numbers), WINDOW, dtype=np.float32)
    speakers: set[int] = set()
    after = past.count
    for at in range(len(numbers) - 1, -1, -1):
        number = int(numbers[at])
        if past.count - number > WINDOW:
            break
        speakers.update(past.author[number + 1 : after].tolist())
        after = number + 1
        found[at] = len(speakers)
    return found


def _context(past: Past, cues: Cues, similarity: Floats) -> dict[str, float]:
    """Describe the comment itself and the thread so far: the same for all its candidates."""
    me = past.identity(cues.author)
    own = past.last.get(me, -1)
    said = float(past.said[me]) if me != NOBODY else 0.0
    count = past.count
    return {
        "earlier": math.log1p(count),
        "has_spoken": own >= 0,
        "own_said": math.log1p(said),
        "since_own_count": math.log1p(count - own) if own >= 0 else _NEVER,
        "is_starter": me != NOBODY and me == past.starter,
        "length": math.log1p(len(cues.words)),
        "second_person": cues.second_person,
        "comment_asks": cues.asks,
        "opener": cues.opener,
        "addresses_anyone": max(cues.addressed.values(), default=0),
        "best_similarity": float(similarity[1:].max()) if len(similarity) > 1 else 0.0,
        "post_similarity": float(similarity[0]),
        "participants": math.log1p(len(past.last)),
        "has_post": past.post is not None,
        "post_length": math.log1p(len(past.post.words)) if past.post is not None else 0.0,
        "post_share": (past.to_post + 1) / (count + 2),
        "previous_share": (past.to_previous + 1) / (count + 2),
        "own_post_share": float(past.said_post[me] + 1) / (said + 2) if me != NOBODY else 0.5,
        "has_url": cues.has_url,
        "previous_asks": bool(count) and bool(past.flags[count - 1, 0]),
        "previous_is_own": bool(count) and me != NOBODY and int(past.author[count - 1]) == me,
        "deepest": past.depth[:count].max(initial=0.0),
        "hours_since_previous": _hours(past.created[count - 1], cues.created) if count else -1.0,
        "hours_since_own": _hours(past.created[own], cues.created) if own >= 0 else -1.0,
    }


def _hours(then: float, now: float | None) -> float:
    """Return the hours between two moments (log), -1 where one is unknown."""
    return -1.0 if now is None or math.isnan(then) else math.log1p(max(0.0, now - then) / 3600)


def _column(values: dict[int, float], candidates: Sequence[int]) -> Floats:
    return np.array([values.get(number, 0.0) for number in candidates], dtype=np.float32)


def _other_top(similarity: Floats) -> Floats:
    """Return, for each candidate, the highest similarity of the others."""
    if len(similarity) < 2:
        return np.zeros_like(similarity)
    order = np.argsort(-similarity)
    top = np.full_like(similarity, similarity[order[0]])
    top[order[0]] = similarity[order[1]]
    return top
