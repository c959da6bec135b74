"""The words of the page, and threads of every kind: all give a page that a reader understands."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any, get_args

import pytest
from report_threads import TARGET, label, made, thread_of
from selectolax.lexbor import LexborHTMLParser

from discourse.labels import ARGUMENTS, REPLY_STANCES, STANCES, Label, LabeledThread, Verdict
from discourse.reports import write_report, writing
from discourse.reports.strings import STRINGS, Lang
from discourse.reports.wording import say
from discourse.summary.facts import WarningKind
from discourse.summary.words import Reason
from discourse.threads import Evidence, Status, Thread


def test_every_string_that_is_used_is_there_in_both_languages() -> None:
    folder = Path(writing.__file__).parent
    files = [*folder.glob("assets/*.js"), *folder.glob("templates/*.j2"), folder / "scopes.py"]
    source = "\n".join(file.read_text(encoding="utf-8") for file in files)
    used = set(re.findall(r"""(?:say|told|tell|retell|attr|phrase)\([^()"']*["']([a-z-]+\.[a-z.-]+)["']""", source))
    used |= set(re.findall(r"""\(\("(lead\.[a-z.-]+)""", source))
    assert {key for key in used if not key.endswith(".")} - set(STRINGS) == set()
    families = {f"stance.{name}" for name in STANCES} | {f"argument.{name}" for name in ARGUMENTS}
    families |= {f"argument.{name}.means" for name in ARGUMENTS} | {f"reply.{name}" for name in REPLY_STANCES}
    families |= {f"answers.{name}{end}" for name in (*REPLY_STANCES, "plain") for end in ("", ".unknown")}
    families |= {f"link.{name}" for name in get_args(Evidence)} | {f"status.{name}" for name in get_args(Status)}
    families |= {f"warn.{name}" for name in get_args(WarningKind)} | {f"reason.{name}" for name in get_args(Reason)}
    assert families - set(STRINGS) == set()
    for key, (english, french) in STRINGS.items():
        assert set(re.findall(r"\{(\w+)", english)) == set(re.findall(r"\{(\w+)", french)), key


@pytest.mark.parametrize(
    ("lang", "key", "values", "said"),
    [
        ("en", "count.all", {"n": 1}, "1 comment"),
        ("en", "count.all", {"n": 0}, "0 comments"),
        ("fr", "count.all", {"n": 0}, "0 commentaire"),
        ("fr", "count.all", {"n": 12345}, "12\u202f345 commentaires"),
        ("fr", "percent", {"share": 0.125}, "13\u00a0%"),
        ("en", "percent", {"share": 0.0001}, "<\u00a01%"),
        ("fr", "facts.day", {"when": "2024-03-01T10:00:00"}, "1er mars 2024"),
        ("en", "minute", {"when": "2024-03-01T10:05:59"}, "1 March 2024, 10:05"),
        ("fr", "score", {"n": 5.0}, "score 5"),
    ],
)
def test_numbers_and_dates_read_as_people_write_them(lang: Lang, key: str, values: dict[str, Any], said: str) -> None:
    assert say(lang, key, **values) == said


def deleted(size: int) -> LabeledThread:
    thread = thread_of(size)
    return label(replace(thread, comments=tuple(replace(c, text="", status="deleted") for c in thread.comments)))


def by_hand(thread: Thread) -> LabeledThread:
    """Label as people do: certain, without probabilities."""
    verdicts = {"stance": Verdict("favor", 1.0, ()), "argument": Verdict("fact", 1.0, ())}
    labels = [Label(c.id, TARGET, **verdicts, by="annotator") for c in thread.replies]
    return LabeledThread(thread, tuple(labels), (TARGET,))


ODD: dict[str, LabeledThread] = {
    "no-comment": made(0),
    "nothing-at-all": made(0, post=False),
    "one": made(1),
    "two": made(2, post=False),
    "one-author": made(30, people=1),
    "one-stance": label(thread_of(12), stance="against"),
    "nobody-takes-sides": label(thread_of(12), stance="none"),
    "no-times": made(12, times=False),
    "no-target": label(thread_of(12), targets=(None,)),
    "several-targets": label(thread_of(12), targets=("a", "b", "c")),
    "no-title": made(5, title=None, post=False),
    "all-deleted": deleted(6),
    "human-labels": by_hand(thread_of(6)),
}


@pytest.mark.parametrize("lang", ["en", "fr"])
@pytest.mark.parametrize("name", ODD)
def test_every_kind_of_thread_gives_a_sensible_page(tmp_path: Path, name: str, lang: Lang) -> None:
    one = ODD[name]
    page = LexborHTMLParser(write_report([one], tmp_path / "report.html", lang=lang).read_text(encoding="utf-8"))
    body = page.css_first("main").text()
    assert not re.search(r"\b(None(?! of)|nan|undefined)\b|\{\w+\}", body)
    lead = page.css_first(".lead [data-say]").attributes["data-say"]
    expected = {
        "no-comment": "lead.no-comments",
        "nothing-at-all": "lead.no-comments",
        "nobody-takes-sides": "lead.nobody",
        "no-target": "lead.no-target",
        "all-deleted": "lead.no-stance",
        "one-stance": "lead.against",
    }
    assert lead == expected.get(name, lead)
    assert bool(page.css(".bars")) == (name not in ("no-comment", "nothing-at-all", "no-target", "all-deleted"))
    assert bool(page.css(".timeline")) == (len(one.thread) > 10 and name != "no-times")
    assert len(page.css(".scope")) == max(1, len(one.targets))


def test_a_page_of_no_threads_says_so(tmp_path: Path) -> None:
    page = LexborHTMLParser(write_report([], tmp_path / "report.html").read_text(encoding="utf-8"))
    assert page.css_first("h1").text() == "0 threads"
