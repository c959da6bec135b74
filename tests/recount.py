"""Count a summary again from the rows of comments.parquet, in plain Python and by the definitions in `summary.facts`.

Nothing of `discourse.summary` is used. The result has the shape of a line of summaries.jsonl, without selectors and
without what is said in words.
"""

from __future__ import annotations

import re
from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from math import sqrt

from recount_people import changes, pairs, participation, people, reply_cells, turning_points

from discourse.labels import ARGUMENTS, REPLY_STANCES, STANCES

FIELDS = {"stance": STANCES, "reply_stance": REPLY_STANCES, "argument": ARGUMENTS}
FLAGS = {"stance": "stance_abstained", "reply_stance": "reply_abstained", "argument": "argument_abstained"}


def comments_of(table: list[dict], thread_id: str, target: str | None) -> tuple[list[dict], list[dict]]:
    """Return the rows of a thread towards one target, and those of its comments with what is derived from others."""
    rows = [row for row in table if (row["thread_id"], row["target"]) == (thread_id, target)]
    comments = [dict(row) for row in rows if row["kind"] == "comment"]
    by_id = {row["comment_id"]: row for row in comments}
    for row in comments:
        row["parent"] = by_id.get(row["parent_id"])
        row["root"] = row if row["parent"] is None else row["parent"]["root"]
        for field, labels in FIELDS.items():
            row[f"p_{field}"] = scores(row, field, labels)
    repeated = duplicates(comments)
    for row in comments:
        row["repeats"] = row["comment_id"] in repeated
    return rows, comments


def scores(row: dict, field: str, labels) -> list[float]:
    """Return the probabilities of a row's labels, zeros where it has none."""
    if row[field] is None:
        return [0.0] * len(labels)
    if field == "argument":
        return list(row["argument_scores"])
    return [row[f"{field.removesuffix('_stance')}_{label}"] for label in labels]


def recount(table: list[dict], thread: dict) -> dict:
    """Count a thread (a row of threads.parquet) again from the rows of the labeled table."""
    rows, comments = comments_of(table, thread["thread_id"], thread["target"])
    favor, against = (sum(row["stance"] == side for row in comments) for side in STANCES[:2])
    sure = [sum(row["stance"] == side and not row["stance_abstained"] for row in comments) for side in STANCES[:2]]
    listed, camps = people(comments)
    sides = [camp["authors"] for camp in camps][:2]
    branches = [[row for row in comments if row["root"] is top] for top in comments if top["parent"] is None]
    branches = [held for held in branches if len(held) > 1]
    times = [row["created"] for row in comments if row["created"] is not None]
    exchanged = pairs(comments)
    return {
        "thread_id": thread["thread_id"],
        "target": thread["target"],
        "title": thread["title"],
        "url": thread["url"],
        "source": thread["source"],
        "post_id": next((row["comment_id"] for row in rows if row["kind"] == "post"), None),
        "comments": len(comments),
        "labeled": sum(any(row[field] is not None for field in FIELDS) for row in comments),
        "announced": thread["announced"],
        "first_created": iso(min(times, default=None)),
        "last_created": iso(max(times, default=None)),
        "max_depth": max((row["depth"] for row in rows), default=0),
        "top_level": sum(row["parent"] is None for row in comments),
        "statuses": counted(row["status"] for row in comments),
        "links": counted(row["link"] for row in comments),
        "repairs": counted(text.partition(":")[0] for row in rows for text in row["repairs"]),
        **{field: distribution(comments, field) for field in FIELDS},
        "matrix": matrix(comments),
        "contention": evenness(favor, against),
        "sure_contention": evenness(*sure),
        "author_contention": evenness(*sides) if camps else None,
        "depths": depths(comments),
        "languages": languages(comments),
        "periods": periods(comments),
        "branches": [
            {"comment_id": held[0]["comment_id"], "author": held[0]["author"], "depth": held[0]["depth"]}
            | {"tally": tally(held)}
            for held in sorted(branches, key=len, reverse=True)[:200]
        ],
        "all_branches": len(branches),
        "camps": camps,
        "authors": listed[:500],
        "all_authors": len(listed),
        "unknown_authors": tally([row for row in comments if row["author"] is None]),
        "changes": changes(comments),
        "duplicates": [{"comment_id": late, "of": early} for late, early in duplicates(comments).items()],
        "participation": participation(comments),
        "replies": reply_cells(comments),
        "pairs": exchanged[:200],
        "all_pairs": len(exchanged),
        "turning_points": turning_points(comments),
        "warnings": warnings(thread, comments),
        "with_post": False,
    }


def iso(moment: datetime | None) -> str | None:
    """Write a time as JSON has it."""
    return None if moment is None else moment.isoformat().replace("+00:00", "Z")


def ratio(part: float, whole: float) -> float | None:
    """Return a share, None of nothing."""
    return part / whole if whole else None


def evenness(favor: int, against: int) -> float | None:
    """Return how even two sides are: twice the smaller's share."""
    return ratio(2 * min(favor, against), favor + against)


def counted(names) -> list[dict]:
    """Count names, the most frequent first."""
    found = sorted(Counter(names).items(), key=lambda item: (-item[1], item[0]))
    return [{"name": name, "count": count} for name, count in found]


def tally(rows: list[dict]) -> dict:
    """Count a group of comments."""
    return {
        "comments": len(rows),
        "authors": len({row["author"] for row in rows} - {None}),
        "stance": [sum(row["stance"] == label for row in rows) for label in STANCES],
        "stance_sure": [
            sum(row["stance"] == label for row in rows if not row["stance_abstained"]) for label in STANCES
        ],
        "stance_soft": [sum(row["p_stance"][code] for row in rows) for code in range(3)],
        "reply_stance": [sum(row["reply_stance"] == label for row in rows) for label in REPLY_STANCES],
        "argument": [sum(row["argument"] == label for row in rows) for label in ARGUMENTS],
    }


def distribution(comments: list[dict], field: str) -> dict:
    """Spread the comments over the labels of one field."""
    rows = [row for row in comments if row[field] is not None]
    own = [row for row in rows if row["author"] is not None and not row["repeats"]]
    size = Counter(row["author"] for row in own)
    weights = [1 / size[row["author"]] for row in own]
    sure = [row for row in rows if not row[FLAGS[field]]]
    scored = [(row, max(row["score"], 0)) for row in rows if row["score"] is not None]
    labels = []
    for code, label in enumerate(FIELDS[field]):
        chosen, soft = [row for row in rows if row[field] == label], [row[f"p_{field}"][code] for row in rows]
        certain = sum(row[field] == label for row in sure)
        own_soft = [row[f"p_{field}"][code] for row in own]
        voted = sum(weight for row, weight in zip(own, weights, strict=True) if row[field] == label)
        points = sum(score for row, score in scored if row[field] == label)
        labels.append(
            {
                "label": label,
                "count": len(chosen),
                "share": ratio(len(chosen), len(rows)),
                "sure": certain,
                "sure_share": ratio(certain, len(sure)),
                "soft": sum(soft),
                "soft_share": ratio(sum(soft), len(rows)),
                "interval": interval(soft, [1.0] * len(rows), [row["author"] for row in rows]),
                "authors": len({row["author"] for row in chosen} - {None}),
                "by_author": ratio(voted, len(size)),
                "soft_by_author": ratio(sum(w * p for w, p in zip(weights, own_soft, strict=True)), len(size)),
                "author_interval": interval(own_soft, weights, [row["author"] for row in own]),
                "by_score": ratio(points, sum(score for _, score in scored)),
                "secondary": sum(label in row["secondary"] for row in comments) if field == "argument" else 0,
            }
        )
    return {
        "field": field,
        "labeled": len(rows),
        "abstained": len(rows) - len(sure),
        "authors": len(size),
        "labels": labels,
    }


def interval(p: list[float], weights: list[float], authors: list[str | None]) -> dict | None:
    """Bound a weighted share at 95 %: Wilson at the variance of errors that go together within an author."""
    total = sum(weights)
    if not total:
        return None
    center, spreads = sum(w * x for w, x in zip(weights, p, strict=True)) / total, Counter()
    for number, (weight, x, author) in enumerate(zip(weights, p, authors, strict=True)):
        spreads[number if author is None else author] += weight / total * sqrt(x * (1 - x))
    variance = sum(value**2 for value in spreads.values())
    if variance < 1e-15:
        return {"low": center, "high": center}
    z, n = 1.959963984540054, center * (1 - center) / variance
    middle, half = center + z * z / (2 * n), z * sqrt(center * (1 - center) / n + z * z / (4 * n * n))
    return {"low": (middle - half) / (1 + z * z / n), "high": (middle + half) / (1 + z * z / n)}


def matrix(comments: list[dict]) -> list[dict]:
    """Count the comments by stance and argument type."""
    both = [row for row in comments if row["stance"] is not None and row["argument"] is not None]
    return [
        {
            "stance": stance,
            "argument": argument,
            "count": sum((row["stance"], row["argument"]) == (stance, argument) for row in both),
            "soft": sum(row["p_stance"][i] * row["p_argument"][j] for row in both),
        }
        for i, stance in enumerate(STANCES)
        for j, argument in enumerate(ARGUMENTS)
        if both
    ]


def depths(comments: list[dict]) -> list[dict]:
    """Tally each depth to 9, then 10–19, 20–49, 50–99 and so on."""
    groups: dict[tuple[int, int], list[dict]] = {}
    for row in comments:
        bounds = (row["depth"], row["depth"])
        power = 10
        while row["depth"] >= 10 and not bounds[0] <= row["depth"] < bounds[1]:
            steps = [power, 2 * power, 5 * power, 10 * power]
            bounds = next(((a, b) for a, b in pairwise(steps) if a <= row["depth"] < b), (0, 0))
            power *= 10
        last = bounds[0] if row["depth"] < 10 else bounds[1] - 1
        groups.setdefault((bounds[0], last), []).append(row)
    return [{"first": first, "last": last, "tally": tally(groups[first, last])} for first, last in sorted(groups)]


def languages(comments: list[dict]) -> list[dict]:
    """Tally each language, the most frequent first."""
    found = {lang: [row for row in comments if row["lang"] == lang] for lang in {row["lang"] for row in comments}}
    order = sorted(found, key=lambda lang: (-len(found[lang]), lang or "~"))
    return [{"lang": lang, "tally": tally(found[lang])} for lang in order]


def periods(comments: list[dict]) -> list[dict]:
    """Tally hours, quarters of a day, days, weeks, months or years: the finest of which at most 60 have comments."""
    timed = [row for row in comments if row["created"] is not None]
    for span in (hour, quarter, day, week, month, year):
        groups: dict[tuple[datetime, datetime], list[dict]] = {}
        for row in timed:
            groups.setdefault(span(row["created"]), []).append(row)
        if len(groups) <= 60:
            break
    return [{"start": iso(start), "end": iso(end), "tally": tally(groups[start, end])} for start, end in sorted(groups)]


def hour(moment: datetime):
    start = moment.replace(minute=0, second=0, microsecond=0)
    return start, start + timedelta(hours=1)


def quarter(moment: datetime):
    start = moment.replace(hour=moment.hour // 6 * 6, minute=0, second=0, microsecond=0)
    return start, start + timedelta(hours=6)


def day(moment: datetime):
    start = datetime(moment.year, moment.month, moment.day, tzinfo=UTC)
    return start, start + timedelta(days=1)


def week(moment: datetime):
    start = day(moment)[0] - timedelta(days=moment.weekday())
    return start, start + timedelta(days=7)


def month(moment: datetime):
    start = datetime(moment.year, moment.month, 1, tzinfo=UTC)
    return start, datetime(moment.year + moment.month // 12, moment.month % 12 + 1, 1, tzinfo=UTC)


def year(moment: datetime):
    return datetime(moment.year, 1, 1, tzinfo=UTC), datetime(moment.year + 1, 1, 1, tzinfo=UTC)


def duplicates(comments: list[dict]) -> dict[str, str]:
    """Name each comment that nearly repeats an earlier one of its author, and that one: Jaccard of word pairs ≥ 0.6."""
    found: dict[str, str] = {}
    earlier: dict[str, list[tuple[str, list[str]]]] = {}
    for row in comments:
        words, name = re.findall(r"\w+", row["text"].lower()), row["comment_id"]
        if row["author"] is None or not words:
            continue
        own = earlier.setdefault(row["author"], [])
        same = [other for other, said in own if said == words]
        near = [] if same else [other for other, said in own if other not in found and alike(words, said)]
        if same or near:
            found[name] = (same or near)[0]
        own.append((name, words))
    return found


def alike(one: list[str], two: list[str]) -> bool:
    """Tell whether two texts of five words or more share three fifths of their pairs of neighboring words."""
    if min(len(one), len(two)) < 5:
        return False
    a, b = set(pairwise(one)), set(pairwise(two))
    return len(a & b) >= 0.6 * len(a | b)


def warnings(thread: dict, comments: list[dict]) -> list[dict]:
    """List what weakens the summary."""
    size, found = len(comments), []
    authors = Counter(row["author"] for row in comments if row["author"] is not None)
    unsigned = sum(row["author"] is None for row in comments)
    field = "stance" if thread["target"] is not None else "argument"
    judged = [row for row in comments if row[field] is not None]
    unsure = sum(row[FLAGS[field]] for row in judged)
    silent = sum(all(row[name] is None for name in FIELDS) for row in comments)
    most = max(authors.values(), default=0)
    guessed = sum(row["link"] in ("quote", "mention", "inferred") for row in comments)
    cut = sum(bool(row["truncated"]) for row in comments)
    few = size >= 10 and len(authors) < 10 and unsigned < size / 3
    for kind, holds, count, total in (
        ("target-missing", thread["target"] is None, size, size),
        ("few-comments", size < 10, size, size),
        ("few-authors", few, len(authors), len(authors)),
        ("many-abstained", unsure > len(judged) / 3, unsure, len(judged)),
        ("many-unlabeled", silent > size / 3, silent, size),
        ("unknown-authors", unsigned > size / 3, unsigned, size),
        ("one-author-dominates", size >= 10 and most > (size - unsigned) / 2, most, size - unsigned),
        ("guessed-links", guessed, guessed, size),
        ("truncated", cut, cut, size),
        ("announced-differs", thread["announced"] not in (None, size), size, thread["announced"]),
    ):
        if holds:
            found.append({"kind": kind, "count": count, "total": total})
    return found
