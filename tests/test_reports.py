"""The page: its numbers are those of the table, hostile text stays text, the same data give the same bytes."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from urllib.parse import parse_qsl

import pytest
from page_rows import number_links, picked, rows_of
from report_threads import TARGET, label, made, renamed, thread_of, with_guesses
from selectolax.lexbor import LexborHTMLParser

from discourse.errors import OutputError
from discourse.labels import STANCES, LabeledThread
from discourse.reports import write_report, writing
from discourse.summary import summarize
from discourse.table import to_table
from discourse.threads import Comment, Quote, build_thread


def page_of(path: Path) -> LexborHTMLParser:
    return LexborHTMLParser(path.read_text(encoding="utf-8"))


def write(tmp_path: Path, labeled: Iterable[LabeledThread], **options: object) -> LexborHTMLParser:
    return page_of(write_report(labeled, tmp_path / "report.html", **options))  # type: ignore[arg-type]


SEVERAL = [
    label(with_guesses(thread_of(40, seed=3, announced=44))),
    renamed(made(25, seed=5, times=False, people=4), "another/thread, odd?"),
    renamed(made(0), "article"),
]


@pytest.mark.parametrize("threads", [[made(60, seed=7, people=9)], SEVERAL], ids=["one", "several"])
def test_every_number_selects_as_many_comments_as_it_says(tmp_path: Path, threads: list[LabeledThread]) -> None:
    rows = rows_of(to_table(threads).to_pylist())
    page = write(tmp_path, threads)
    links = [(href, n) for href, n, _ in number_links(page) if "camp=" not in href]  # these count people: below
    found = [(href, n, len(picked(rows, href, [TARGET]))) for href, n in links]
    assert [(href, said, there) for href, said, there in found if said != there] == []
    assert len(links) > 100


def test_numbers_towards_several_targets(tmp_path: Path) -> None:
    targets = (TARGET, "le budget")
    threads = [label(thread_of(30), targets=targets, seed=4)]
    rows = rows_of(to_table(threads).to_pylist())
    links = [(href, n) for href, n, _ in number_links(write(tmp_path, threads)) if href.startswith("#tram")]
    links = [(href, n) for href, n in links if "camp=" not in href]
    assert {dict(parse_qsl(href.partition("?")[2])).get("target") for href, _ in links} == {"0", "1"}
    assert [href for href, n in links if len(picked(rows, href, list(targets))) != n] == []


def test_camps_count_people_and_their_comments(tmp_path: Path) -> None:
    threads = [made(60, seed=7, people=9)]
    rows = rows_of(to_table(threads).to_pylist())
    page = write(tmp_path, threads)
    for node in page.css(".camps a"):
        stance = dict(parse_qsl((node.attributes["href"] or "").partition("?")[2]))["camp"]
        said = json.loads(node.css_first("[data-with]").attributes["data-with"] or "")["n"]
        assert said == len({row["author"] for row in rows if row["camp"] == stance})


def test_shares_of_the_first_screen(tmp_path: Path) -> None:
    one = made(60, seed=7, people=9)
    stances = [row["stance"] for row in rows_of(to_table([one]).to_pylist()) if row["stance"] is not None]
    page = write(tmp_path, [one])
    bars = page.css(".bars figure")
    by_comment = {stance: stances.count(stance) / len(stances) for stance in STANCES}
    summary = summarize(one)[0]
    for figure, shares in ((bars[0], by_comment), (bars[1], {s.label: s.by_author for s in summary.stance.labels})):
        for item in figure.css("li"):
            stance = (item.attributes["class"] or "").strip()
            said = [json.loads(node.attributes["data-with"] or "{}") for node in item.css("[data-with]")]
            assert [value["share"] for value in said if "share" in value] == [pytest.approx(shares[stance], abs=1e-6)]
    bounds = summary.stance["favor"].interval
    assert bounds is not None
    assert json.loads(bars[0].css_first("li.favor .range [data-with]").attributes["data-with"] or "") == {
        "low": bounds.low,
        "high": bounds.high,
    }


def test_given_summaries_are_shown(tmp_path: Path) -> None:
    threads = [made(20), renamed(made(12, seed=9), "b")]
    summaries = [summary for one in threads for summary in summarize(one)]
    assert write(tmp_path, iter(threads), summaries=iter(summaries)).html == write(tmp_path, threads).html


# Safety


ATTACKS = (
    "</script><script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "{{ 7 * 7 }}{% for x in y %}",
    "<!--<script>",
    "\u2028\u2029]]>",
    "' onmouseover='alert(1)",
    "a\ud800b\x00c",
)


def attacked() -> LabeledThread:
    comments = [
        Comment(
            f"c{k}{attack}",
            attack,
            None,
            text=attack,
            author=attack,
            url="javascript:alert(1)",
            quotes=(Quote(attack, attack),),
        )
        for k, attack in enumerate(ATTACKS)
    ]
    return label(
        build_thread(comments, id=ATTACKS[0], title=ATTACKS[1], url="data:text/html,x", source=ATTACKS[0]),
        stance="favor",
    )


def test_hostile_text_stays_text(tmp_path: Path) -> None:
    path = write_report([attacked()], tmp_path / "report.html", manifest={"model": ATTACKS[0]})
    page = page_of(path)
    assert len(page.css("script")) == 3
    assert not page.css("img, iframe, object, embed, form[action], base, [src]")
    handlers = [name for node in page.css("*") for name in node.attributes if name.startswith("on") or name == "style"]
    assert handlers == []
    for link in page.css("[href]"):
        assert re.match(r"#|https?://|\.\./", link.attributes["href"] or "")
    texts = json.loads(page.css_first("#data").text())["threads"][0]["texts"]
    assert texts == [attack if "\ud800" not in attack else texts[-1] for attack in ATTACKS]


def test_policy_lets_in_the_page_s_own_script_and_style_alone(tmp_path: Path) -> None:
    page = write(tmp_path, [made(3)])
    policy = page.css_first("meta[http-equiv]").attributes["content"] or ""
    for name, element in (("script-src", page.css("script")[-1]), ("style-src", page.css_first("style"))):
        digest = base64.b64encode(hashlib.sha256(element.text().encode()).digest()).decode()
        assert f"{name} 'sha256-{digest}'" in policy
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy


def test_links_leave_the_page_only_to_the_web(tmp_path: Path) -> None:
    page = write(tmp_path, [made(5)])
    outside = page.css("a[href^='http']")
    assert outside
    assert all("noopener" in (link.attributes["rel"] or "") for link in outside)


# Bytes, files, limits


def test_the_same_data_give_the_same_bytes(tmp_path: Path) -> None:
    first = write_report(SEVERAL, tmp_path / "a.html", lang="fr", manifest={"z": 1, "a": [2]}).read_bytes()
    assert write_report(SEVERAL, tmp_path / "b.html", lang="fr", manifest={"z": 1, "a": [2]}).read_bytes() == first


def test_above_the_limits_an_index_and_a_page_each(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert (writing.MOST_THREADS, writing.MOST_COMMENTS) == (50, 20_000)
    monkeypatch.setattr(writing, "MOST_THREADS", 5)
    names = ["CON", "con", "../../up", "a" * 300, "é/é", "plain_name-7"]
    path = write_report((renamed(made(1, seed=k), name) for k, name in enumerate(names)), tmp_path / "report.html")
    files = [line["href"] for line in json.loads(page_of(path).css_first("#data").text())["lines"]]
    assert len(set(files)) == 6
    assert all(re.fullmatch(r"report/[a-z0-9_-]{1,80}\.html", name) for name in files)
    assert files[-1] == "report/plain_name-7.html"
    assert sorted(f"report/{p.name}" for p in (tmp_path / "report").iterdir()) == sorted(files)
    assert not {"con", "nul"} & {Path(name).stem for name in files}
    data = json.loads(page_of(tmp_path / files[2]).css_first("#data").text())
    assert data["threads"][0]["id"] == "../../up"
    home = page_of(tmp_path / files[2]).css_first(".brand").attributes["href"] or ""
    assert (tmp_path / "report" / home).resolve() == path.resolve()


def test_index_numbers_lead_to_the_comments_of_the_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "MOST_COMMENTS", 50)
    threads = [made(30), renamed(made(30, seed=8), "b")]
    rows = rows_of(to_table(threads).to_pylist())
    path = write_report(iter(threads), tmp_path / "report.html")
    for line in json.loads(page_of(path).css_first("#data").text())["lines"]:
        for n, href in zip(line["stance"], line["picks"], strict=True):
            assert len(picked(rows, "#" + href.partition("#")[2], [TARGET])) == n


def test_threads_are_let_go_when_they_are_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "MOST_THREADS", 2)
    seen: list[int] = []

    def threads() -> Iterator[LabeledThread]:
        for k in range(6):
            seen.append(len(list((tmp_path / "report").glob("*.html"))))
            yield renamed(made(2, seed=k), f"t{k}")

    write_report(threads(), tmp_path / "report.html")
    assert seen == [0, 0, 0, 3, 4, 5]


def test_a_page_that_cannot_be_written_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match=r"report\.html: cannot be written"):
        write_report([made(1)], tmp_path / "file" / "report.html")
    with pytest.raises(OutputError):
        write_report([made(1)], tmp_path)
    assert list(tmp_path.iterdir()) == [tmp_path / "file"]
