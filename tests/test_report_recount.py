"""Every number of the rendered report is that of comments.parquet: on the seeds, and on threads made up."""

from __future__ import annotations

import json
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pyarrow.parquet as pq
import pytest
from made_runs import written
from page_numbers import ORDER, Counted, equal, numeric, said_in, same
from page_rows import number_links, picked, rows_of, values_of
from report_threads import TARGET, label, made, renamed, thread_of, with_guesses
from selectolax.lexbor import LexborHTMLParser, LexborNode

from discourse.labels import ARGUMENTS, REPLY_STANCES, STANCES

Rows = list[dict[str, Any]]
EVALUATION = Path(__file__).parent.parent / "models" / "small" / "evaluation.json"


class Report:
    """A page and the table it was made from."""

    def __init__(self, folder: Path) -> None:
        self.page = LexborHTMLParser((folder / "report.html").read_text(encoding="utf-8"))
        self.table: Rows = pq.read_table(folder / "comments.parquet").to_pylist()
        self.threads: Rows = pq.read_table(folder / "threads.parquet").to_pylist()
        self.summaries = [json.loads(line) for line in (folder / "summaries.jsonl").read_text("utf-8").splitlines()]
        self.targets = list(dict.fromkeys(thread["target"] for thread in self.threads))

    @cached_property
    def counted(self) -> list[tuple[LexborNode, Counted]]:
        """Return each scope of the page, counted again."""
        return [(scope, Counted(rows, thread)) for scope, rows, thread in self.scopes()]

    def scopes(self) -> list[tuple[LexborNode, Rows, dict[str, Any]]]:
        """Return each scope of the page with its rows and its thread."""
        found = []
        for scope in self.page.css(".scope"):
            if scope.attributes["data-thread"] == "":
                found.append((scope, *self.together()))
                continue
            target = self.targets[int(scope.attributes["data-target"] or 0)]
            names = list(dict.fromkeys(thread["thread_id"] for thread in self.threads))
            name = names[int(scope.attributes["data-thread"] or 0)]
            thread = next(one for one in self.threads if (one["thread_id"], one["target"]) == (name, target))
            found.append((scope, [row for row in self.table if row["thread_id"] == name], thread))
        return found

    def together(self) -> tuple[Rows, dict[str, Any]]:
        """Return the comments of all threads as one thread."""
        (target,) = self.targets
        places = {name: place for place, name in enumerate(dict.fromkeys(row["thread_id"] for row in self.table))}
        rows = [
            row
            | {"comment_id": f"{places[row['thread_id']]}/{row['comment_id']}", "thread_id": ""}
            | {"parent_id": f"{places[row['thread_id']]}/{row['parent_id']}"}
            for row in self.table
            if row["kind"] == "comment"
        ]
        thread = dict.fromkeys(("title", "url", "source", "announced")) | {"thread_id": "", "target": target}
        return rows, thread


def side_of_the_released() -> float:
    """Return how often the released model found the right side on threads whose targets it never saw."""
    (found,) = (
        row["sides"]
        for row in json.loads(EVALUATION.read_text(encoding="utf-8"))
        if (row["corpus"], row["lang"], row["head"]) == ("threads", "all", "stance")
    )
    return float(found)


@pytest.fixture(scope="module")
def reports(seeds_run: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Report]:
    folder = tmp_path_factory.mktemp("made")
    several = [
        label(with_guesses(thread_of(70, seed=3, announced=74))),
        renamed(made(25, seed=5, times=False, people=4), "another/thread, odd?"),
        renamed(made(0), "article"),
    ]
    targets = [label(thread_of(40, seed=8), targets=(TARGET, "le budget"), seed=4)]
    return {
        "seeds": Report(seeds_run),
        "several": Report(written(folder / "several", several)),
        "targets": Report(written(folder / "targets", targets)),
        "long": Report(written(folder / "long", [made(180, seed=9, people=60)])),
    }


NAMES = ["seeds", "several", "targets", "long"]


@pytest.mark.parametrize("name", NAMES)
def test_every_number_of_the_page_is_counted_again(reports: dict[str, Report], name: str) -> None:
    """Check figures part by part and other strings by key; a number that no check reaches fails the test."""
    report = reports[name]
    wrong: list[str] = []
    checked = 0
    for scope, counted in report.counted:
        reached: set[int] = set()
        for part, wanted in counted.figures(scope):
            said = said_in(part)
            if len(said) != len(wanted) or not all(map(same, said, wanted)):
                wrong.append(f"{part.tag} {part.attributes.get('class')}: {said}, counted {wanted}")
            reached |= {node.mem_id for node in [part, *part.css("*")]}
        allowed = [*counted.allowed(), ("warn.side", {"side": side_of_the_released()})]
        links = {node.mem_id for _, _, link in number_links(scope) for node in [link, *link.css("*")]}
        links |= {node.mem_id for node in scope.css("table.threads *")}
        for node in scope.css("*"):
            said = [value for value in values_of(node) if numeric(value)]
            key = node.attributes.get("data-say") or ""
            if not said or node.mem_id in reached:
                continue
            checked += 1
            if key.startswith(("overview.", "page.", "reason.", "points.", "warn.shared")) or node.mem_id in links:
                continue  # these are followed by the tests below
            if not any(key == one and same(value, wanted) for value in said for one, wanted in allowed):
                wrong.append(f"thread {scope.attributes['data-thread']}, {key}: {said}")
        checked += len(reached)
    assert wrong == []
    assert checked > 300


@pytest.mark.parametrize("name", NAMES)
def test_every_linked_number_selects_as_many_comments_or_people(reports: dict[str, Report], name: str) -> None:
    report = reports[name]
    rows = rows_of(report.table)
    wrong, links = [], 0
    for scope, counted in report.counted:
        together = scope.attributes["data-thread"] == ""
        camps = {one["author"]: one["camp"] for one in counted.of["authors"]} if together else {}
        held = [row | {"camp": camps.get(row["author"])} for row in rows] if together else rows
        for href, n, _ in number_links(scope):
            found = picked(held, href, report.targets)
            there = len({row["author"] for row in found}) if "camp=" in href else len(found)
            wrong += [f"{href}: {n}, selects {there}"] if n != there else []
            links += 1
    for href, n, _ in number_links(report.page.css_first(".method")):
        found = picked(rows, href, report.targets)
        wrong += [f"{href}: {n}, selects {len(found)}"] if n != len(found) else []
    assert wrong == []
    assert links > 50


@pytest.mark.parametrize("name", NAMES)
def test_examples_words_and_lines_of_the_overview_are_those_of_the_table(reports: dict[str, Report], name: str) -> None:
    report = reports[name]
    sizes = {thread["thread_id"]: thread["comments"] for thread in report.threads}
    for node in report.page.css("[data-say='page.title'], [data-say='overview.on']"):
        assert json.loads(node.attributes["data-with"] or "")["n"] == len(sizes)
    for node in report.page.css("[data-say='overview.silent']"):
        assert json.loads(node.attributes["data-with"] or "")["n"] == sum(not size for size in sizes.values())
    of = {quote(counted.of["thread_id"], safe=""): counted for _, counted in report.counted}
    for row in [row for row in report.page.css("table.threads tr") if row.css("td")]:
        name = (row.css_first("th a").attributes["href"] or "").removeprefix("#").partition("?")[0]
        line = of[name].of
        announced = [{"n": line["announced"]}] if line["announced"] not in (None, line["comments"]) else []
        counts = [{"n": of[name].stance[side]["count"]} for side in ORDER]
        assert said_in(row) == [*announced, {"n": line["comments"]}, {"n": line["all_authors"]}, *counts]
    by_author: dict[str, set[str]] = {}
    for row in report.table:
        if row["kind"] == "comment" and row["author"] is not None:
            by_author.setdefault(row["author"], set()).add(row["thread_id"])
    shared = sum(len(held) > 1 for held in by_author.values())
    notes = report.page.css("[data-say='warn.shared-names']")
    said = [json.loads(node.attributes["data-with"] or "")["n"] for node in notes]
    assert said == ([shared] if shared else [])
    stories = [list(story["sentences"]) for summary in report.summaries for story in summary["narrative"]]
    for scope in report.page.css(".scope[data-target]"):
        for story in scope.css(".story"):
            assert [span.text() for span in story.css("span")] in stories
    probabilities = [
        row[f"{field}_{label}"]
        for row in report.table
        for field, labels in (("stance", STANCES), ("reply", REPLY_STANCES))
        for label in labels
        if row[f"{field}_{label}"] is not None
    ] + [value for row in report.table for value in row["argument_scores"] or ()]
    for node in report.page.css("[data-say='reason.sure']"):
        share = json.loads(node.attributes["data-with"] or "")["share"]
        assert any(equal(share, value) for value in probabilities)


@pytest.mark.parametrize("name", NAMES)
def test_what_the_reader_shows_is_the_table(reports: dict[str, Report], name: str) -> None:
    report = reports[name]
    data = json.loads(report.page.css_first("#data").text())
    for thread in data["threads"]:
        for labels in thread["labels"]:
            rows = [r for r in report.table if (r["thread_id"], r["target"]) == (thread["id"], labels["target"])]
            place = {row["comment_id"]: number for number, row in enumerate(rows)}
            assert thread["ids"] == list(place)
            assert thread["texts"] == [row["text"] for row in rows]
            assert thread["depths"] == [row["depth"] for row in rows]
            assert [place.get(row["parent_id"], -1) for row in rows] == thread["parents"]
            names = [thread["people"][code] if code >= 0 else None for code in thread["authors"]]
            assert names == [row["author"] for row in rows]
            for column, field, known in (
                ("stance", "stance", STANCES),
                ("reply", "reply_stance", REPLY_STANCES),
                ("argument", "argument", ARGUMENTS),
            ):
                assert [known[code] if code >= 0 else None for code in labels[column]] == [row[field] for row in rows]
            for row, percents in zip(rows, labels["stance_scores"], strict=True):
                scores = [row[f"stance_{label}"] for label in STANCES]
                assert percents == (None if scores[0] is None else [int(value * 100 + 0.5) for value in scores])
            assert thread["scores"] == [row["score"] for row in rows]


def test_a_wrong_number_on_the_page_is_found(reports: dict[str, Report]) -> None:
    """Change the numbers of one figure, one sentence and one link: each check notices its own."""
    report = reports["several"]
    scope, rows, thread = report.scopes()[1]
    counted = Counted(rows[:-1], thread)
    parts = [(said_in(part), wanted) for part, wanted in counted.figures(scope)]
    assert any(len(said) != len(wanted) or not all(map(same, said, wanted)) for said, wanted in parts)
    said = json.loads(scope.css_first("[data-say='people.half']").attributes["data-with"] or "")
    allowed = [value for key, value in Counted(rows, thread).allowed() if key == "people.half"]
    assert same(said, allowed[0])
    assert not same(said | {"half": said["half"] + 1}, allowed[0])
