"""Count people and their exchange again from rows of comments.parquet; see `recount`."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from math import ceil

from discourse.labels import ARGUMENTS, REPLY_STANCES, STANCES


def people(comments: list[dict]) -> tuple[list[dict], list[dict]]:
    """Describe each known author, the most active first, and count the camps."""
    names = list(dict.fromkeys(row["author"] for row in comments if row["author"] is not None))
    found = [person(name, comments) for name in names]
    found.sort(key=lambda one: -one["comments"])
    sided = [one for one in found if one["camp"] is not None]
    members = {stance: [one for one in sided if one["camp"] == stance] for stance in STANCES}
    camps = [
        {"stance": stance, "authors": len(held), "comments": sum(one["comments"] for one in held)}
        for stance, held in members.items()
    ]
    return found, camps if sided else []


def person(name: str, comments: list[dict]) -> dict:
    """Sum up one author."""
    rows = [row for row in comments if row["author"] == name]
    own = [row for row in rows if not row["repeats"]]
    judged = [row for row in own if row["stance"] is not None]
    given = [row["score"] for row in rows if row["score"] is not None]
    answers = [row for row in comments if row["parent"] is not None and row["parent"]["author"] == name]
    return {
        "author": name,
        "comments": len(rows),
        "distinct": len(own),
        "camp": camp(judged),
        "position": [sum(row["p_stance"][code] for row in judged) / len(judged) for code in range(3)]
        if judged
        else None,
        "stance": spread(rows, "stance", STANCES),
        "reply_stance": spread(rows, "reply_stance", REPLY_STANCES),
        "argument": spread(rows, "argument", ARGUMENTS),
        "replies": sum(row["author"] != name for row in answers),
        "score": sum(given) if given else None,
    }


def camp(judged: list[dict]) -> str | None:
    """Return the side of most comments that take one, of the larger mean probability where they are equally many."""
    if not judged:
        return None
    sided = [row for row in judged if row["stance"] != "none"]
    favor, against = sides(sided)
    lead = favor - against or sum(row["p_stance"][0] - row["p_stance"][1] for row in sided) / max(len(sided), 1)
    return "none" if abs(lead) < 1e-9 else "favor" if lead > 0 else "against"


def spread(rows: list[dict], field: str, labels) -> list[int]:
    """Count the labels of a field."""
    return [sum(row[field] == label for row in rows) for label in labels]


def changes(comments: list[dict]) -> list[dict]:
    """List where an author who was sure of one side is next sure of the other."""
    sure = [row for row in comments if row["stance"] in STANCES[:2] and not row["stance_abstained"]]
    sure = [row for row in sure if row["author"] is not None and not row["repeats"]]
    place = {row["comment_id"]: number for number, row in enumerate(comments)}
    found = []
    for name in {row["author"] for row in sure}:
        own = [row for row in sure if row["author"] == name]
        if all(row["created"] is not None for row in own):
            own.sort(key=lambda row: row["created"])
        found += [(early, late) for early, late in pairwise(own) if early["stance"] != late["stance"]]
    found.sort(key=lambda pair: place[pair[1]["comment_id"]])
    return [
        {
            "author": late["author"],
            "comment_id": late["comment_id"],
            "earlier_id": early["comment_id"],
            "before": early["stance"],
            "after": late["stance"],
        }
        for early, late in found[:200]
    ]


def participation(comments: list[dict]) -> dict:
    """Measure how evenly known authors take part."""
    counts = Counter(row["author"] for row in comments if row["author"] is not None)
    ranked = sorted(counts.values(), reverse=True)
    total, size = sum(ranked), len(ranked)
    apart = sum(abs(one - two) for one in ranked for two in ranked)
    enough = [n for n in range(1, size + 1) if 2 * sum(ranked[:n]) >= total]
    return {
        "authors": size,
        "comments": total,
        "without_author": len(comments) - total,
        "gini": apart / (2 * size * total) if size else None,
        "most_active": max(counts, key=lambda name: counts[name]) if size else None,
        "most_active_share": ranked[0] / total if size else None,
        "top_tenth_share": sum(ranked[: ceil(size / 10)]) / total if size else None,
        "half": enough[0] if size else 0,
        "self_replies": sum(answered(row) == row["author"] for row in comments if row["author"] is not None),
    }


def answered(row: dict) -> str | None:
    """Return the author of the comment that a comment answers."""
    return None if row["parent"] is None else row["parent"]["author"]


def attitudes(rows: list[dict]) -> dict:
    """Count replies and how they stand to what they answer."""
    return {"replies": len(rows)} | {
        label: sum(row["reply_stance"] == label for row in rows) for label in REPLY_STANCES
    }


def reply_cells(comments: list[dict]) -> list[dict]:
    """Count replies by the stances of the reply and of the comment answered."""
    rows = [row for row in comments if row["parent"] is not None and row["stance"] is not None]
    rows = [row for row in rows if row["parent"]["stance"] is not None]
    return [
        {"stance": one, "parent_stance": two}
        | attitudes([row for row in rows if (row["stance"], row["parent"]["stance"]) == (one, two)])
        for one in STANCES
        for two in STANCES
        if rows
    ]


def pairs(comments: list[dict]) -> list[dict]:
    """List who answers whom, the most frequent first."""
    found: dict[tuple[str, str], list[dict]] = {}
    for row in comments:
        one, two = row["author"], answered(row)
        if one is not None and two is not None and one != two:
            found.setdefault((one, two), []).append(row)
    order = sorted(found.items(), key=lambda item: -len(item[1]))
    return [{"author": one, "answered": two} | attitudes(rows) for (one, two), rows in order]


def turning_points(comments: list[dict]) -> list[dict]:
    """List the subtrees that lean clearly one way where what surrounds them leans the other."""
    below: dict[str, list[dict]] = {row["comment_id"]: [row] for row in comments}
    replies: dict[str, list[str]] = {row["comment_id"]: [] for row in comments}
    for row in reversed(comments):  # replies come after what they answer
        if row["parent"] is not None:
            below[row["parent"]["comment_id"]] += below[row["comment_id"]]
            replies[row["parent"]["comment_id"]].append(row["comment_id"])
    held = {name: sides(rows) for name, rows in below.items()}
    whole = sides(comments)
    found, around = [], {}
    for row in comments:
        name = row["comment_id"]
        above = None if row["parent"] is None else around[row["parent"]["comment_id"]]
        outside = [a - b for a, b in zip(whole if above is None else held[above], held[name], strict=True)]
        turned = turns(held[name], outside, [held[reply] for reply in replies[name]])
        if turned:
            found.append((row, above, held[name], outside))
        around[name] = name if turned else above
    found.sort(key=lambda point: -sum(point[2]))
    return [
        {
            "comment_id": row["comment_id"],
            "author": row["author"],
            "within": above,
            "leads": "favor" if inside[0] > inside[1] else "against",
            "favor": inside[0],
            "against": inside[1],
            "favor_outside": outside[0],
            "against_outside": outside[1],
        }
        for row, above, inside, outside in found[:20]
    ]


def turns(inside: list[int], outside: list[int], parts: list[list[int]]) -> bool:
    """Tell whether two groups lean clearly opposite ways, and no single reply holds the whole of the turn."""
    if min(sum(inside), sum(outside)) < 3:
        return False
    lead, other = ((favor - against) / (favor + against) for favor, against in (inside, outside))
    if lead * other >= 0 or min(abs(lead), abs(other)) < 1 / 3:
        return False
    leading = 0 if lead > 0 else 1
    return all(part[leading] < inside[leading] for part in parts)


def sides(rows: list[dict]) -> list[int]:
    """Count the comments in favor and against."""
    return [sum(row["stance"] == side for row in rows) for side in STANCES[:2]]
