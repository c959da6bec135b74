"""The verbs: documented, quick to help, one clear line and the right exit status for every failure."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from discourse.cli import command

ROOT = Path(__file__).resolve().parent.parent
SEEDS = ROOT / "seeds"
README = (ROOT / "README.md").read_text(encoding="utf-8")


def say(*words: str, **more):
    return CliRunner().invoke(command, [str(word) for word in words], catch_exceptions=False, **more)


def failure(result, status: int = 1) -> str:
    assert result.exit_code == status, result.output
    lines = result.stderr.strip().splitlines()
    assert "Traceback" not in result.output
    return lines[-1]


def test_help_loads_neither_torch_nor_pandas():
    code = (
        "import sys\nfrom discourse.cli import command\n"
        "try:\n    command(['--help'])\nexcept SystemExit:\n    pass\n"
        "heavy = {'torch', 'pandas', 'transformers', 'pyarrow', 'numpy'} & set(sys.modules)\n"
        "sys.exit(f'imported {heavy}' if heavy else 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "discourse run" in done.stdout


def test_every_verb_is_in_the_readme():
    for name in command.commands:
        assert f"discourse {name}" in README, name


@pytest.mark.parametrize("name", list(command.commands))
def test_every_verb_explains_itself(name: str):
    result = say(name, "--help")
    assert result.exit_code == 0
    assert len(result.stdout.splitlines()) > 4


def test_the_codebook_is_printed_whole():
    assert say("codebook").stdout == (ROOT / "discourse" / "codebook.md").read_text(encoding="utf-8")


def test_every_format_is_listed():
    from discourse.readers.registry import formats

    shown = say("formats").stdout
    assert all(form.name in shown for form in formats())


def test_threads_prints_one_object_a_row():
    result = say("threads", SEEDS, "--json")
    rows = [json.loads(line) for line in result.stdout.splitlines()]
    assert len(rows) == 32
    first = ["thread_id", "comment_id", "parent_id", "kind", "depth", "link", "link_confidence", "author", "created"]
    assert list(rows[0])[: len(first)] == first


def test_threads_draws_trees():
    drawn = say("threads", SEEDS).stdout
    assert "Snoopy" in drawn
    assert "MattS32" in drawn


@pytest.mark.parametrize(
    ("name", "content"), [("empty.json", b""), ("binary.bin", bytes(range(256)) * 40)], ids=["empty", "binary"]
)
def test_a_bad_file_is_one_clear_line(tmp_path: Path, name: str, content: bytes):
    (tmp_path / name).write_bytes(content)
    assert name in failure(say("threads", tmp_path / name))


def test_a_truncated_file_keeps_what_was_good_and_says_so(tmp_path: Path):
    path = tmp_path / "cut.jsonl.gz"
    lines = "".join(f'{{"id": {n}, "text": "avis {n * n}"}}\n' for n in range(9000))
    path.write_bytes(gzip.compress(lines.encode())[:20_000])
    result = say("threads", path, "--json")
    assert result.exit_code == 0
    assert 1000 < len(result.stdout.splitlines()) < 9000
    assert "cut.jsonl.gz" in result.stderr
    path.write_bytes(gzip.compress(lines.encode())[:12])
    assert "cut.jsonl.gz" in failure(say("threads", path))


def test_a_missing_path_is_one_clear_line(tmp_path: Path):
    assert "nowhere" in failure(say("threads", tmp_path / "nowhere"))
    assert str(tmp_path) in failure(say("threads", tmp_path))


def test_one_bad_file_among_good_ones_is_reported_and_the_rest_is_read(tmp_path: Path):
    (tmp_path / "good.jsonl").write_text('{"id": 1, "text": "Bonjour à tous"}\n')
    (tmp_path / "bad.bin").write_bytes(bytes(range(256)) * 40)
    result = say("threads", tmp_path, "--json")
    assert result.exit_code == 0
    assert json.loads(result.stdout)["text"] == "Bonjour à tous"
    assert "bad.bin" in result.stderr


def test_a_wrong_format_is_one_clear_line():
    assert "no-such" in failure(say("threads", SEEDS, "--format", "no-such"))
    assert failure(say("threads", SEEDS, "--format", "reddit"))


def test_usage_errors_have_status_2():
    assert say("run").exit_code == 2
    assert say("threads", SEEDS, "--field", "text").exit_code == 2
    assert say("no-such-verb").exit_code == 2


def test_a_whole_run_by_command(tmp_path: Path, tiny_checkpoint: Path):
    out = tmp_path / "out"
    result = say("run", SEEDS, "-o", out, "--model", tiny_checkpoint, "--report-lang", "fr")
    assert result.exit_code == 0, result.output
    assert "27 labels" in result.stderr
    assert str(out / "report.html") in result.stderr
    assert "Mistral" in say("summarize", out).stdout
    assert len(say("summarize", out, "--json").stdout.splitlines()) == 5
    assert say("report", out, "-o", tmp_path / "page.html").exit_code == 0
    assert "<html" in (tmp_path / "page.html").read_text(encoding="utf-8")
    assert "--overwrite" in failure(say("run", SEEDS, "-o", out, "--model", tiny_checkpoint))
    assert "manifest.json" in failure(say("report", tmp_path, "-o", tmp_path / "x.html"))


def test_a_model_at_fault_is_one_clear_line(tmp_path: Path):
    line = failure(say("run", SEEDS, "-o", tmp_path / "out", "--model", tmp_path))
    assert "config.json" in line


def test_without_target_the_title_is_one_and_the_user_is_told(tmp_path: Path, tiny_checkpoint: Path):
    page = tmp_path / "dump.jsonl"
    rows = [
        {"id": "p", "kind": "post", "title": "La vente du port", "text": "Article."},
        {"id": "1", "text": "Je suis pour."},
    ]
    page.write_text("\n".join(map(json.dumps, rows)))
    result = say("run", page, "-o", tmp_path / "out", "--model", tiny_checkpoint)
    assert result.exit_code == 0
    assert "--target" in result.stderr


def test_our_own_table_is_read_again(tmp_path: Path, tiny_checkpoint: Path):
    say("run", SEEDS, "-o", tmp_path / "out", "--model", tiny_checkpoint)
    again = say("threads", tmp_path / "out" / "comments.parquet", "--json")
    first = say("threads", SEEDS, "--json")
    keys = ("thread_id", "comment_id", "parent_id", "link", "author", "text", "quotes", "depth")
    rows = [[{key: json.loads(line)[key] for key in keys} for line in r.stdout.splitlines()] for r in (first, again)]
    assert rows[0] == rows[1]
