"""What readers tell of a thread is in the French page in French: whatever they may say is found in their source."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest
from report_threads import made
from selectolax.lexbor import LexborHTMLParser

from discourse import manifest, readers
from discourse.manifest import Trial
from discourse.reports import write_report
from discourse.reports.notices import in_french

NAMES = {"NOTICE", "TITLE_AS_TARGET", "NO_TARGET", "notice"}


def said(node: ast.AST) -> Iterator[str]:
    """Yield the texts of an expression, with 3 for each value in them."""
    inside = {id(part) for joined in ast.walk(node) if isinstance(joined, ast.JoinedStr) for part in ast.walk(joined)}
    for one in ast.walk(node):
        if isinstance(one, ast.JoinedStr):
            parts = [part.value if isinstance(part, ast.Constant) else "3" for part in one.values]
            yield "".join(map(str, parts))
        elif isinstance(one, ast.Constant) and isinstance(one.value, str) and id(one) not in inside:
            yield one.value


def notices() -> Iterator[str]:
    """Yield every notice on a thread that a reader can give."""
    for path in sorted(Path(readers.__file__).parent.glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant | ast.JoinedStr):
                yield from said(node.value) if {getattr(name, "id", None) for name in node.targets} & NAMES else ()
            if isinstance(node, ast.keyword) and node.arg == "notices":
                yield from said(node.value)
            if isinstance(node, ast.FunctionDef) and node.name == "notices":
                for call in ast.walk(node):
                    if isinstance(call, ast.Call) and getattr(call.func, "attr", None) == "append":
                        yield from said(call)


FOUND = sorted({text for text in notices() if " " in text})


def test_the_notices_are_found():
    assert len(FOUND) >= 9


@pytest.mark.parametrize("notice", FOUND)
def test_every_notice_has_french_words(notice: str):
    assert in_french(notice) != notice


def test_values_are_kept_and_unknown_notices_stay():
    assert in_french("22 comments are announced, 24 were found") == "22 commentaires sont annoncés, 24 ont été trouvés"
    assert in_french("the article is cut by a paywall (“a (b)”)") == "l’article est coupé par un accès payant (“a (b)”)"
    assert in_french("something else") == "something else"


def test_the_page_says_them_in_both_languages(tmp_path: Path):
    one = made(3)
    notes = ("no target is given: the title is taken for it", "<b>odd</b>")
    one = replace(one, thread=replace(one.thread, notices=notes))
    page = LexborHTMLParser(write_report([one], tmp_path / "report.html").read_text(encoding="utf-8"))
    assert [node.text() for node in page.css(".method li .only-en")] == list(notes)
    french = [node.text() for node in page.css(".method li .only-fr")]
    assert french == ["aucune cible n’est donnée : le titre en tient lieu", "<b>odd</b>"]


def test_the_page_says_how_often_the_model_found_the_right_side(tmp_path: Path):
    rows = [
        {"corpus": "threads", "lang": "all", "head": "stance", "n": 40, "accuracy": 0.5, "sides": 0.625},
        {"corpus": "threads", "lang": "fr", "head": "stance", "n": 30, "accuracy": 0.4, "sides": 0.1},
        {"corpus": "xstance", "lang": "all", "head": "stance", "n": 30, "accuracy": 0.4, "sides": 0.2},
        {"corpus": "threads", "lang": "all", "head": "argument", "n": 40, "accuracy": 0.75, "sides": None},
    ]
    (tmp_path / "evaluation.json").write_bytes(msgspec.json.encode(rows))
    tested = manifest.tested_of(tmp_path)
    assert tested == Trial(comments=40, stance=0.5, side=0.625, argument=0.75)
    assert manifest.tested_of(tmp_path / "nowhere") is None
    (tmp_path / "evaluation.json").write_bytes(b"[]")
    assert manifest.tested_of(tmp_path) is None
    stated = {"model": {"name": "m", "tested": msgspec.to_builtins(tested)}}
    page = tmp_path / "page.html"
    write_report([made(5)], page, lang="en", manifest=stated)
    warned = [item.text() for item in LexborHTMLParser(page.read_text(encoding="utf-8")).css(".warnings li")]
    assert any("63\xa0%" in text or "62\xa0%" in text or "63%" in text or "62%" in text for text in warned)
    own = {"corpus": "gold", "lang": "all", "head": "stance", "n": 90, "accuracy": 0.7, "sides": 0.75}
    (tmp_path / "evaluation.json").write_bytes(msgspec.json.encode([own]))
    stated = {
        "model": {"name": "m", "tested": msgspec.to_builtins(manifest.tested_of(tmp_path)), "adapted_on": ["a"] * 90}
    }
    write_report([made(5)], page, lang="en", manifest=stated)
    assert "adapted to 90 comments that people labeled" in page.read_text(encoding="utf-8")
    write_report([made(5)], page, lang="en", manifest={"model": "another program's"})
    assert "guessing gives" not in LexborHTMLParser(page.read_text(encoding="utf-8")).css_first(".warnings").text()
