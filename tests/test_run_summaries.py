"""People's labels and an outside writer, by command: corrected shares everywhere they belong, clear lines otherwise."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from click.testing import CliRunner
from generated import labeled_thread
from made_runs import labeled_sample, written
from selectolax.lexbor import LexborHTMLParser

from discourse.cli import command
from discourse.gold import read_gold
from discourse.labels import STANCES
from discourse.manifest import read_manifest
from discourse.run import Progress, RunOptions, run
from discourse.run_folder import labeled_of, prevalence_of, summaries_of
from discourse.summary import correct_shares
from discourse.summary.narrative import check


def say(*words: object, **environment: str):
    names = {"DISCOURSE_WRITER_URL": "", "DISCOURSE_WRITER_MODEL": "", "DISCOURSE_WRITER_KEY": ""}
    return CliRunner().invoke(command, [str(word) for word in words], catch_exceptions=False, env=names | environment)


def failure(result) -> str:
    assert result.exit_code == 1, result.output
    (line,) = result.stderr.strip().splitlines()
    assert "Traceback" not in result.output
    return line


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    lean = (0.3, 0.7, 0.4)  # no two counts are equal: a swap is always false
    threads = [labeled_thread(n, n, name=name, lean=lean) for n, name in ((240, "long"), (40, "short"))]
    return written(tmp_path / "run", threads)


def test_people_s_labels_reach_summaries_report_and_terminal(folder: Path, tmp_path: Path):
    gold = labeled_sample(folder, tmp_path / "gold.csv", 120)
    labels = (folder / "comments.parquet").read_bytes()
    result = say("summarize", folder, "--gold", gold, "--report-lang", "en")
    assert result.exit_code == 0, result.output
    assert "120 labels by people correct the shares" in result.stderr
    assert "1 of 2 threads have under 30 labels of the stance" in result.stderr

    expected = correct_shares(labeled_of(folder), read_gold(gold).labels, "dsl", "ppi++")
    first, second = summaries_of(folder)
    assert first.prevalence == expected.by_thread()["long", "the deal"]
    assert [(one.method, one.label) for one in first.prevalence] == [(m, s) for m in ("dsl", "ppi++") for s in STANCES]
    assert second.prevalence == ()
    assert prevalence_of(folder) == expected
    assert (folder / "comments.parquet").read_bytes() == labels

    against = first.prevalence[1]
    bounds = f"{100 * against.low:.0f}–{100 * against.high:.0f}"
    assert f"({bounds})" in result.stdout
    assert "all threads together" in result.stdout
    shown = " ".join(result.stdout.split())
    assert re.search(r"\d+ more, drawn at random, bring every range within ± \d+ points", shown)
    assert "true share, 95 % *" in result.stdout  # the thread that has no sample keeps the other interval, explained
    assert "if the model's probabilities are right" in shown
    told = {story.lang: " ".join(story.sentences) for story in first.narrative}
    assert f"After correction by {against.gold} labels given by people" in told["en"]
    assert "Après correction" in told["fr"]
    assert all(check(one, first, story.lang) is None for story in first.narrative for one in story.sentences)
    manifest = read_manifest(folder)
    assert manifest.gold is not None
    assert (manifest.gold.labels, manifest.gold.used, manifest.gold.unused) == (120, 120, 0)


def test_the_report_shows_what_people_s_labels_give(folder: Path, tmp_path: Path):
    say("summarize", folder, "--gold", labeled_sample(folder, tmp_path / "gold.csv", 120))
    page = LexborHTMLParser((folder / "report.html").read_text(encoding="utf-8"))
    assert page.css_first("html").attributes["lang"] == "fr"
    first, overall = next(summaries_of(folder)).prevalence, prevalence_of(folder).overall
    for scope, estimates in ((".scope[data-thread='0']", first), (".scope[data-thread='']", overall)):
        for one in estimates[:3]:
            said = page.css_first(f"{scope} .bars figure li.{one.label} .range [data-with]").attributes["data-with"]
            assert json.loads(said) == {"share": one.share, "low": one.low, "high": one.high}
        rows = page.css(f"{scope} .ways tr")
        assert sum("gold" in (row.css_first("[data-say]").attributes["data-say"] or "") for row in rows) == 2
        assert page.css_first(f"{scope} [data-say='gold.plan']")
        assert json.loads(page.css_first(f"{scope} [data-say='gold.warn']").attributes["data-with"])["n"] == one.gold
    plain = page.css_first(".scope[data-thread='1']")
    assert plain.css_first(".range [data-say='range']")
    assert not plain.css("[data-say^='gold.']")


def test_a_few_labels_correct_nothing_and_say_how_many_are_missing(folder: Path, tmp_path: Path):
    result = say("summarize", folder, "--gold", labeled_sample(folder, tmp_path / "gold.csv", 12))
    assert result.exit_code == 0
    assert "stance: 12 labels; 18 more are needed to correct its shares" in result.stderr
    assert all(summary.prevalence == () for summary in summaries_of(folder))
    assert "true share, 95 % *" in result.stdout


def broken(name: str, path: Path, folder: Path) -> None:
    labeled_sample(folder, path, 40)
    text = path.read_text(encoding="utf-8")
    if name == "unfilled":
        path.write_text(re.sub(",(favor|against|none),ann,", ",,,", text), encoding="utf-8")
    if name == "no chance":
        path.write_text(re.sub(r",ann,[\d.]+,", ",ann,,", text), encoding="utf-8")
    if name == "another run":
        path.write_text(re.sub(r"^(long|short),", r"not \1,", text, flags=re.MULTILINE), encoding="utf-8")
    if name == "no table":
        path.write_bytes(b"\x00\x01 nothing at all")
    if name == "missing":
        path.unlink()


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("unfilled", "no label is filled in yet"),
        ("no chance", "probability"),
        ("another run", "none of its 40 labels is of a comment of"),
        ("no table", "gold.csv"),
        ("missing", "cannot be read"),
    ],
)
def test_a_bad_gold_table_is_one_clear_line_and_changes_nothing(folder: Path, tmp_path: Path, name: str, said: str):
    broken(name, tmp_path / "gold.csv", folder)
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    line = failure(say("summarize", folder, "--gold", tmp_path / "gold.csv"))
    assert said in line
    assert "gold.csv" in line
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_a_folder_that_is_no_run_is_one_clear_line(tmp_path: Path, folder: Path):
    gold = labeled_sample(folder, tmp_path / "gold.csv", 40)
    assert "not a complete run folder" in failure(say("summarize", tmp_path, "--gold", gold))


class Endpoint(ThreadingHTTPServer):
    """Speak the OpenAI chat protocol on this machine; `answer` turns our numbered sentences into a reply."""

    def __init__(self, answer) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.answer = answer
        self.asked: list[tuple[str, str | None, dict]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/v1"


class Handler(BaseHTTPRequestHandler):
    server: Endpoint

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.asked.append((self.path, self.headers["Authorization"], asked))
        status, content = self.server.answer(asked["messages"][1]["content"])
        body = json.dumps({"choices": [{"message": {"role": "assistant", "content": content}}]}).encode()
        self.send_response(status)
        if status == 302:
            self.send_header("Location", f"{self.server.url}/elsewhere")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Keep the test's output clean."""


@pytest.fixture
def endpoint() -> Iterator[Endpoint]:
    server = Endpoint(lambda sentences: (200, sentences))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()


def retell(folder: Path, endpoint: Endpoint):
    return say(
        "summarize", folder, "--writer",
        DISCOURSE_WRITER_URL=endpoint.url, DISCOURSE_WRITER_MODEL="stub", DISCOURSE_WRITER_KEY="secret",
    )  # fmt: skip


def test_a_writer_is_asked_only_with_its_option(folder: Path, endpoint: Endpoint):
    result = say("summarize", folder, DISCOURSE_WRITER_URL=endpoint.url, DISCOURSE_WRITER_MODEL="stub")
    assert (result.exit_code, endpoint.asked) == (0, [])
    assert "DISCOURSE_WRITER_URL" in failure(say("summarize", folder, "--writer"))


def test_a_writer_s_true_sentences_are_told_and_its_false_ones_are_not(folder: Path, endpoint: Endpoint):
    ours = [story.sentences for summary in summaries_of(folder) for story in summary.narrative]

    def answer(sentences: str) -> tuple[int, str]:
        true = sentences.replace(" wrote ", " have written ").replace(" ont écrit ", " ont publié ")
        swapped = true.replace("in favor", "FAVOR").replace(" against", " in favor").replace("FAVOR", "against")
        return 200, swapped.replace("favorables", "FAVOR").replace("opposés", "favorables").replace("FAVOR", "opposés")

    endpoint.answer = answer
    result = retell(folder, endpoint)
    assert result.exit_code == 0, result.output
    assert "stub rephrased 4 of 4 narratives" in result.stderr
    for summary in summaries_of(folder):
        for story in summary.narrative:
            before = ours.pop(0)
            assert story.by == "stub"
            changed = [(old, new) for old, new in zip(before, story.sentences, strict=True) if old != new]
            assert [new for _, new in changed] == [
                old.replace(" wrote ", " have written ").replace(" ont écrit ", " ont publié ") for old, _ in changed
            ]
            assert all(check(one, summary, story.lang) is None for one in story.sentences)
    paths, keys, bodies = zip(*endpoint.asked, strict=True)
    assert set(paths) == {"/v1/chat/completions"}
    assert set(keys) == {"Bearer secret"}
    assert {body["model"] for body in bodies} == {"stub"}
    assert b"secret" not in b"".join(path.read_bytes() for path in folder.iterdir())
    assert "have written" in (folder / "report.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "answer",
    [(200, "I cannot do that."), (200, "1. x"), (500, ""), (401, "1. no"), (302, "")],
    ids=["prose", "too few", "error", "refused", "redirected"],
)
def test_an_endpoint_that_fails_leaves_our_sentences(folder: Path, endpoint: Endpoint, answer: tuple[int, str]):
    before = [summary.narrative for summary in summaries_of(folder)]
    endpoint.answer = lambda _: answer
    result = retell(folder, endpoint)
    assert result.exit_code == 0, result.output
    assert "stub rephrased 0 of 4 narratives; the other 4 are ours" in result.stderr
    assert [summary.narrative for summary in summaries_of(folder)] == before
    assert {path for path, _, _ in endpoint.asked} == {"/v1/chat/completions"}
    assert len(endpoint.asked) <= (4 if answer[0] == 200 else 3)


def test_no_endpoint_at_the_address_leaves_our_sentences(folder: Path, endpoint: Endpoint):
    endpoint.shutdown()
    endpoint.server_close()
    assert "rephrased 0 of 4" in retell(folder, endpoint).stderr


def test_the_index_of_a_large_report_tells_the_corrected_shares(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    from discourse.reports import writing

    monkeypatch.setattr(writing, "MOST_COMMENTS", 100)
    say("summarize", folder, "--gold", labeled_sample(folder, tmp_path / "gold.csv", 120))
    page = LexborHTMLParser((folder / "report.html").read_text(encoding="utf-8"))
    favor, against, _ = prevalence_of(folder).overall[:3]
    said = json.loads(page.css_first("[data-say='lead.corrected']").attributes["data-with"] or "")
    assert said == {"favor": favor.share, "against": against.share}
    assert (folder / "report" / "long.html").is_file()


def dump(path: Path, size: int) -> Path:
    rows = [
        {"id": str(i), "thread_id": "t", "text": f"This deal is good, number {i}.", "author": f"a{i % 9}"}
        for i in range(size)
    ]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def test_a_run_takes_people_s_labels_along(tmp_path: Path, tiny_model):
    told: list[str] = []

    class Told(Progress):
        def say(self, line: str) -> None:
            told.append(line)

    path, out = dump(tmp_path / "dump.jsonl", 45), tmp_path / "out"
    options = RunOptions(targets=("the deal",))
    run([path], out, options, model=tiny_model)
    gold = labeled_sample(out, tmp_path / "gold.csv", 35)
    run([path], out, replace(options, gold=str(gold)), model=tiny_model, overwrite=True, progress=Told())
    assert "35 labels by people correct the shares" in told
    (summary,) = summaries_of(out)
    assert summary.prevalence == prevalence_of(out).by_thread()["t", "the deal"]
    assert read_manifest(out).gold.used == 35
    assert "gold" not in read_manifest(out).options

    gold.write_text(gold.read_text(encoding="utf-8").replace("\nt,", "\nother,"), encoding="utf-8")
    manifest = run([path], out, replace(options, gold=str(gold)), model=tiny_model, overwrite=True, progress=Told())
    assert "none of its 35 labels is of a comment" in told[-1]
    assert manifest.gold is None
    assert next(summaries_of(out)).prevalence == ()
    assert not (out / "prevalence.json").exists()


def test_a_run_with_a_bad_gold_table_or_no_endpoint_does_not_begin(tmp_path: Path):
    path, out = dump(tmp_path / "dump.jsonl", 3), tmp_path / "out"
    assert "cannot be read" in failure(say("run", path, "-o", out, "--gold", tmp_path / "gold.csv"))
    assert "DISCOURSE_WRITER_URL" in failure(say("run", path, "-o", out, "--writer"))
    assert not out.exists()
