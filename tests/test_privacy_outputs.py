"""A run under pseudonyms is decoded to the last byte: run folder, exports, samples, and what was said meanwhile."""

from __future__ import annotations

import gzip
import json
import re
import unicodedata
from pathlib import Path

import pytest
from click.testing import CliRunner
from decoded import FREE, spoken

from discourse.cli import command
from discourse.exports import FORMATS

PEOPLE = (
    "Zoé Martin", "Jürgen_Weiß", "田中太郎", "xX_dark_Xx", "Conan O'Brien", 'Mr. "Quote" & <Co>', "Jean Dupont",
    "jane.roe@example.org", "Søren-Ångström",
)  # fmt: skip
COMMON = ("The", "Orange")
"""People whose names are also words, which stay in running text and nowhere else."""

GONE = (
    *PEOPLE, "zoe martin", "zoe-martin", "zoe_martin", "juergen_weiss", "jurgen_weiss", "O'Brien", "jane.roe",
    "Jane Roe", "Dupont", "dupont", "dark_xx", "a.stranger@example.org", "Some Stranger", "06 12 34 56 78",
    "stranger.profile",
)  # fmt: skip
"""What must be found nowhere: names as others write them, and marks of people who are not in the dump."""


ROWS: tuple[tuple[str, str | None, str, str], ...] = (
    ("xX_dark_Xx-7", "by-zoe-martin", "xX_dark_Xx",
     "@Zoé Martin is right, as @zoe martin said. u/xX_dark_Xx agrees. Jean Dupont, non."),
    ("3", "xX_dark_Xx-7", "The",
     "xX_dark_Xx wrote:\n> The bridge is old.\n\nThe point is the cost. @The and @Orange know.\n\nThe"),
    ("4", "3", "Orange",
     "On Mon, 26 Feb 2024 at 10:23 AM Some Stranger <a.stranger@example.org> wrote:\n> no\n\nYes, orange juice."),
    ("5", "gone-xX_dark_Xx-9", "Jean Dupont",
     "Comme dit Zoé Martin : non. https://facebook.com/stranger.profile\n-- \nJean Dupont\nTel 06 12 34 56 78"),
    ("6", "5", "Conan O'Brien", "Dupont, it is too late. The wrote:\n> x\nNo."),
    ("7", "6", 'Mr. "Quote" & <Co>', "Conan O'Brien wrote:\n> too late\nIndeed."),
    ("8", "7", "田中太郎", 'Mr. "Quote" & <Co>さん、そうですね。 田中太郎です。'),
    ("9", "8", "jane.roe@example.org", "I, jane.roe, say close it, Søren-Ångström."),
    ("10", "9", "Søren-Ångström",
     'https://f.example/u/S%C3%B8ren-%C3%85ngstr%C3%B6m/x says no; [quote="Jean Dupont"]no[/quote] really.'),
    ("11", "10", "Jürgen_Weiß", "Orange wrote:\n> juice\nMerci Orange."),
)  # fmt: skip
"""Comments (id, parent, author, text) that name people in every way."""


def _dump(folder: Path) -> Path:
    """Write two files, one of them packed, whose every field names people, and one that cannot be read."""
    folder.mkdir()
    post = {"id": "by-zoe-martin", "kind": "post", "author": "Zoé Martin", "url": "https://f.example/u/zoe-martin/1",
            "title": "Zoé Martin asks the town: shall we close the bridge?",
            "text": "The bridge is old. Write to a.stranger@example.org or call 06 12 34 56 78."}  # fmt: skip
    said = [{"id": own, "parent_id": parent, "author": author, "text": text} for own, parent, author, text in ROWS]
    said[1]["url"] = "https://f.example/members/the.12/"
    whole = [json.dumps({"thread_id": "t-Jürgen_Weiß", **row}, ensure_ascii=False) for row in (post, *said)]
    (folder / "said by Jean Dupont.jsonl").write_text("\n".join([*whole, '{"author": "Jean Dupont", "text"']) + "\n")
    twice = [{"thread_id": "u", "id": "1", "author": "Zoé Martin", "text": f"xX_dark_Xx, encore {who} ?"}
             for who in ("vous", "Orange")]  # fmt: skip
    lines = "".join(json.dumps(row) + "\n" for row in twice)
    (folder / "zoe-martin.jsonl.gz").write_bytes(gzip.compress(lines.encode()))
    (folder / "xX_dark_Xx.bin").write_bytes(bytes(range(256)) * 8)
    return folder


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory, tiny_checkpoint: Path) -> tuple[Path, str]:
    """Run and export everything under pseudonyms; return the folder of all outputs, and all that was said."""
    folder = tmp_path_factory.mktemp("privacy")
    dump, out, key = _dump(folder / "dump"), folder / "out", folder / "key"
    said = []

    def say(*words: object) -> None:
        result = CliRunner().invoke(command, [str(word) for word in words], catch_exceptions=False)
        assert result.exit_code == 0, result.output
        said.append(result.output)

    hide = ("--pseudonymize", key)
    target = ("--target", "closing the bridge")
    say("run", dump, "-o", out / "run", *target, *hide, "--model", tiny_checkpoint)
    for name in FORMATS:
        say("export", out / "run", "--to", name, "-o", out / name)
    say("export", out / "run", "--to", "huggingface", "-o", out / "split", "--split", "50/50", "--disjoint-authors")
    for name in ("csv", "jsonl", "json"):
        say("sample", out / "run", "-n", 9, "-o", out / f"sample.{name}")
    say("summarize", out / "run")
    say("summarize", out / "run", "--json")
    say("report", out / "run", "-o", out / "fr.html", "--report-lang", "fr")
    for more in ((), ("--json",), ("--repairs",)):
        say("threads", dump, *hide, *more)
    open_ = folder / "open"  # a run with names, whose outputs are without
    say("run", dump, "-o", open_, *target, "--thread", "t-Jürgen_Weiß", "--model", tiny_checkpoint)
    assert said.pop()
    say("export", open_, "--to", "huggingface", "-o", out / "later", *hide)
    say("sample", open_, "-n", 9, "-o", out / "later.csv", *hide)
    say("summarize", open_, "--json", *hide)
    say("report", open_, "-o", out / "later.html", *hide)
    say("run", dump, "-o", out / "one", *target, *hide, "--thread", "t-Jürgen_Weiß", "--model", tiny_checkpoint)
    assert key.is_file()
    return out, "\n".join(said)


def plain(text: str) -> str:
    return unicodedata.normalize("NFC", text).casefold()


@pytest.mark.parametrize("name", GONE)
def test_no_name_is_left_anywhere(done: tuple[Path, str], name: str) -> None:
    folder, said = done
    inside = re.compile(rf"(?<![^\W_]){re.escape(plain(name))}(?![^\W_])" if name.isascii() else re.escape(plain(name)))
    places = [(file, field, text) for file, field, text in spoken(folder) if inside.search(plain(text))]
    assert not [(file, field, text[:200]) for file, field, text in places]
    assert not [line for line in said.splitlines() if inside.search(plain(line))]


@pytest.mark.parametrize("name", COMMON)
def test_a_name_that_is_a_common_word_is_left_in_running_text_alone_and_told(done: tuple[Path, str], name: str) -> None:
    folder, said = done
    told = [line for line in said.splitlines() if "common words" in line]
    assert told
    assert any(name in line for line in told)
    manifest = json.loads((folder / "run" / "manifest.json").read_text(encoding="utf-8"))
    assert any("common words" in one["text"] and name in one["text"] for one in manifest["notices"])
    running = 0
    for file, field, text in spoken(folder):
        if not field or file.endswith((".html", ".md")) or field in ("path", "metadata"):
            continue
        if any(field == free or field.endswith(f".{free}") for free in FREE):
            running += name.casefold() in text.casefold()
            assert f"@{name}" not in text, (file, field)
            assert f"{name} wrote" not in text, (file, field)
        elif field.rpartition(".")[2] in ("author", "speaker", "comment_id", "parent_id", "thread_id", "url", "source"):
            assert not re.search(rf"(?<![^\W_]){name}(?![^\W_])", text, re.IGNORECASE), (file, field, text)
    assert running


@pytest.mark.parametrize("name", PEOPLE)
def test_the_decoder_finds_what_is_there(done: tuple[Path, str], name: str) -> None:
    folder, _ = done
    dump = folder.parent / "dump"
    (dump / "xX_dark_Xx.bin").unlink(missing_ok=True)
    assert any(plain(name) in plain(text) for _, _, text in spoken(dump))
