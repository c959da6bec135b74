"""The worked example of docs/adding_a_forum.md is executed as it stands there."""

import importlib.util
import re
import sys
from pathlib import Path

import pytest
from reader_tools import put

from discourse.readers import read, registry

GUIDE = (Path(__file__).parent.parent / "docs" / "adding_a_forum.md").read_text(encoding="utf-8")


def block(language: str, number: int = 0) -> str:
    return re.findall(rf"^```{language}\n(.*?)^```", GUIDE, re.M | re.S)[number]


@pytest.fixture
def agora(tmp_path, monkeypatch):
    """Add the example's module and line, and take them out again."""
    spec = importlib.util.spec_from_file_location("discourse.readers.agora", put(tmp_path, "agora.py", block("python")))
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, "discourse.readers.agora", module)
    spec.loader.exec_module(module)
    [name] = re.findall(r'"(\w+)",', block("python", 1))
    monkeypatch.setattr(registry, "MODULES", (*registry.MODULES, name))
    for cached in (registry.formats, registry.by_name, registry.families):
        cached.cache_clear()
    yield module
    for cached in (registry.formats, registry.by_name, registry.families):
        cached.cache_clear()


def drawn(thread) -> str:
    lines = [f"{thread.id}: {thread.title}"]
    for position in thread.walk():
        comment = thread.comments[position]
        words = comment.text if comment.status == "ok" else comment.status
        quotes = f" [quotes: {comment.quotes[0].text}]" if comment.quotes else ""
        lines.append(f"{'  ' * (thread.depths[position] - 1)}{comment.id} ({comment.author}): {words}{quotes}")
    return "\n".join([*lines, f"{thread.announced} announced, {len(thread)} found", ""])


def test_one_file_and_one_line_add_a_forum(agora, tmp_path):
    page = put(tmp_path, "pages/saved", block("html"))
    reading = read(page.parent)
    [thread] = reading
    assert drawn(thread) == block("text")
    assert [report.format for report in reading.files] == ["agora"]
    assert [link.evidence for link in thread.links] == ["none", "indent", "none"]


def test_the_modules_that_the_guide_names_exist():
    readers = Path(registry.__file__).parent
    named = set(re.findall(r"`(\w+\.py)`", GUIDE))
    assert len(named) >= 9
    assert all((readers / name).is_file() for name in named)
