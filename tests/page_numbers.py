"""What the page may say of a scope, number by number: key of a string → the values it may have, counted again.

`Counted` is made from the rows of comments.parquet (`recount`), never from a summary. The figures, whose numbers have
no words around them, are followed part by part.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from page_rows import values_of
from recount import recount
from selectolax.lexbor import LexborNode

from discourse.labels import REPLY_STANCES, STANCES

ORDER = ("favor", "none", "against")
Values = dict[str, Any]


class Counted:
    """Count one scope of the page again; `table` holds its rows, `thread` what threads.parquet says of it."""

    def __init__(self, table: list[Values], thread: Values) -> None:
        self.of = recount(table, thread)
        self.stance = {one["label"]: one for one in self.of["stance"]["labels"]}
        self.cut = [row for row in table if row["kind"] == "comment"]

    def allowed(self) -> Iterator[tuple[str, Values]]:
        """Yield each string's key with values that are true of the scope."""
        of, part = self.of, self.of["participation"]
        yield "facts.people", {"n": of["all_authors"]}
        yield "facts.announced", {"n": of["announced"]}
        yield "facts.comments", {"n": of["comments"]}
        for when in (of["first_created"], of["last_created"], *(one["start"] for one in of["periods"])):
            yield "facts.day", {"when": when}
            yield "facts.minute", {"when": when}
        yield from self.lead()
        for warn in of["warnings"]:
            yield f"warn.{warn['kind']}", {"n": warn["count"], "all": warn["total"]}
        yield "bar.comments", {"n": of["stance"]["labeled"]}
        yield "bar.people", {"n": of["stance"]["authors"]}
        yield "time.note", {"most": max((one["tally"]["comments"] for one in of["periods"]), default=0)}
        for one in of["depths"]:
            yield "depth.one", {"n": one["first"]}
            yield "depth.range", {"n": one["first"], "last": one["last"]}
        for point in of["turning_points"]:
            yield "turn.inside", {side: point[side] for side in STANCES[:2]}
            yield "turn.outside", {side: point[f"{side}_outside"] for side in STANCES[:2]}
        yield "people.half", {"half": part["half"], "all": part["authors"]}
        yield "people.most", {"author": part["most_active"], "share": part["most_active_share"]}
        yield "people.gini", {"gini": part["gini"]}
        yield "people.more", {"n": min(of["all_authors"], 500) - 10}
        yield "people.cut", {"n": 500, "all": of["all_authors"]}

    def lead(self) -> Iterator[tuple[str, Values]]:
        """Yield what the first sentences may say: who is ahead, by comments and by people."""
        counts = {name: one["count"] for name, one in self.stance.items()}
        voted = {side: self.stance[side]["by_author"] for side in STANCES[:2]}
        voted = {side: None if share is None else round(share, 6) for side, share in voted.items()}  # as it is written
        ahead = (counts["favor"] > counts["against"]) - (counts["favor"] < counts["against"])
        yield ("lead.even", "lead.favor", "lead.against")[ahead], counts
        yield "lead.predicted", counts
        yield "lead.nobody", {"n": self.of["stance"]["labeled"]}
        if None not in voted.values():
            heads = (voted["favor"] > voted["against"]) - (voted["favor"] < voted["against"])
            other = "other" if ahead else "apart"
            yield f"lead.people.{'same' if heads == ahead else 'even' if not heads else other}", voted

    def figures(self, scope: LexborNode) -> Iterator[tuple[LexborNode, list[Values]]]:
        """Yield parts of the page with the values they must say, in order."""
        yield from self.bars(scope)
        yield from self.ways(scope)
        yield from self.arguments(scope)
        yield from self.exchange(scope)
        yield from self.people(scope)

    def bars(self, scope: LexborNode) -> Iterator[tuple[LexborNode, list[Values]]]:
        for figure, share, bounds in zip(
            scope.css(".bars figure"), ("share", "by_author"), ("interval", "author_interval"), strict=False
        ):
            shares = [self.stance[name][share] for name in ORDER]
            yield figure.css_first("svg"), [{"share": value} for value in shares if value >= 0.09]
            for item, name in zip(figure.css("li"), ORDER, strict=True):
                count = [{"n": self.stance[name]["count"]}] if share == "share" else []
                yield item, [*count, {"share": self.stance[name][share]}, self.stance[name][bounds]]

    def ways(self, scope: LexborNode) -> Iterator[tuple[LexborNode, list[Values]]]:
        columns = {"all": ("share", "count"), "sure": ("sure_share", "sure"), "soft": ("soft_share", None)}
        columns |= {"people": ("by_author", None), "score": ("by_score", None)}
        for row in scope.css(".ways tbody tr, .ways table > tr"):
            way = (row.css_first("th [data-say]").attributes["data-say"] or "").removeprefix("ways.")
            if way.startswith("gold."):
                continue
            share, count = columns[way]
            found: list[Values] = []
            for name in ORDER:
                if self.stance[name][share] is not None:
                    found.append({"share": self.stance[name][share]})
                found += [{"n": self.stance[name][count]}] if count else []
            yield row, found

    def arguments(self, scope: LexborNode) -> Iterator[tuple[LexborNode, list[Values]]]:
        labels = {one["label"]: one for one in self.of["argument"]["labels"]}
        cells = {(one["argument"], one["stance"]): one["count"] for one in self.of["matrix"]}
        rows = scope.css(".wings tbody tr")
        if rows:
            assert len(rows) == sum(one["count"] > 0 or one["secondary"] > 0 for one in labels.values())
        for row in rows:
            name = (row.css_first("th [data-say]").attributes["data-say"] or "").removeprefix("argument.")
            wings = [{"n": cells[name, side]} for side in STANCES[:2] if cells.get((name, side))]
            rest = [{"n": cells[name, "none"]}] if cells else []
            also = [{"n": labels[name]["secondary"]}] if labels[name]["secondary"] else []
            yield row, [*wings, *rest, {"n": labels[name]["count"]}, *also]

    def exchange(self, scope: LexborNode) -> Iterator[tuple[LexborNode, list[Values]]]:
        answered = [cell for cell in self.of["replies"] if cell["replies"]]
        for network in scope.css(".network svg"):
            nodes = [{"n": self.stance[name]["count"]} for name in STANCES]
            yield network, nodes + [{"n": cell["replies"]} for cell in answered]
        for row, cell in zip(scope.css(".replies tbody tr"), answered, strict=True):
            yield row, [{"n": cell[name]} for name in ("replies", "agree", "disagree")]
        for drawn in scope.css(".timeline svg"):
            said = [{"when": one["start"], "n": one["tally"]["comments"]} for one in self.of["periods"]]
            yield drawn, [value for one in said for value in (one, one)]
        undated = self.of["comments"] - sum(one["tally"]["comments"] for one in self.of["periods"])
        for node in scope.css("[data-say='time.undated']"):
            yield node, [{"n": undated}]
        groups = [*(self.of["depths"] if len(self.of["depths"]) > 1 else []), *self.of["languages"]]
        for row, group in zip(scope.css(".short tr"), groups, strict=False):
            yield row.css_first("td"), [{"n": group["tally"]["comments"]}]

    def people(self, scope: LexborNode) -> Iterator[tuple[LexborNode, list[Values]]]:
        listed = self.of["authors"]
        scored = any(person["score"] is not None for person in listed)
        rows = [row for table in scope.css("table.people") for row in table.css("tr") if row.css("td")]
        assert len(rows) == len(listed)
        for row, person in zip(rows, listed, strict=True):
            score = [{"n": person["score"]}] if scored and person["score"] is not None else []
            yield row, [{"n": person["comments"]}, {"n": person["replies"]}, *score]
        for node, camp in zip(scope.css(".camps .camp"), self.of["camps"], strict=False):
            yield node, [{"n": camp["authors"]}]
        for node in scope.css("[data-say='people.unknown']"):
            yield node, [{"n": self.of["participation"]["without_author"]}]
        for node, pair in zip(scope.css(".list li:has([data-say='pairs.replies'])"), self.of["pairs"], strict=False):
            ways = [pair[name] for name in (REPLY_STANCES[1], REPLY_STANCES[0]) if pair[name]]
            yield node, [{"n": value} for value in (pair["replies"], *ways)]


def said_in(part: LexborNode) -> list[Values]:
    """Return the values that hold numbers in a part of the page, in order."""
    nodes = {node.mem_id: node for node in (part, *part.css("*"))}  # the part itself may be among what it holds
    return [value for node in nodes.values() for value in values_of(node) if numeric(value)]


def numeric(value: Values) -> bool:
    """Tell whether values hold a number or a time."""
    return any(isinstance(held, int | float) or name == "when" for name, held in value.items())


def same(said: Values, wanted: Values) -> bool:
    """Compare values: numbers to six decimals, times as moments."""
    if said.keys() != wanted.keys():
        return False
    return all(equal(said[name], wanted[name]) for name in said)


def equal(one: Any, two: Any) -> bool:
    if isinstance(one, int | float) and isinstance(two, int | float):
        return abs(one - two) < 3e-6
    try:
        return datetime.fromisoformat(one).replace(tzinfo=None) == datetime.fromisoformat(two).replace(tzinfo=None)
    except (TypeError, ValueError):
        return bool(one == two)
