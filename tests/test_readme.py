"""The README's lines of Python, and the two commands it promises."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_lines_of_python_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    (code,) = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    shutil.copytree(ROOT / "seeds", tmp_path / "seeds")
    monkeypatch.chdir(tmp_path)
    exec(compile(code, "README.md", "exec"), {})
    assert (tmp_path / "report.html").stat().st_size > 10_000
    shown = capsys.readouterr().out
    assert "003_6b6c086a1f115d16" in shown
    assert "favor" in shown


def test_the_commands_exist():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in [*re.findall(r"^`?make ([a-z-]+)", README, re.MULTILINE), "test-all", "check", "bench"]:
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target


def test_the_file_tree_names_what_is_there():
    (tree,) = re.findall(r"```\n(seeds/.*?)```", README, re.DOTALL)
    for line in tree.splitlines():
        names = [name for name in line.split("   ")[0].split() if re.fullmatch(r"[\w./]+", name)]
        for name in names:
            places = [ROOT / name, ROOT / "discourse" / name]
            assert any(place.exists() for place in places), name
