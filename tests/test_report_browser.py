"""The page in a real browser: nothing hostile runs, and a reader can filter, search, follow numbers, fold and print."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from report_pages import Opened, started_browser
from report_threads import label, made, thread_of, with_guesses

from discourse.labels import LabeledThread
from discourse.reports import write_report
from discourse.reports.strings import LANGS, STRINGS
from discourse.reports.wording import say
from discourse.threads import Comment, Quote, build_thread

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    yield from started_browser()


@pytest.fixture(scope="module")
def shown(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Opened]:
    """A thread of 60 comments, opened in French; tests start from the address they name."""
    path = tmp_path_factory.mktemp("page") / "report.html"
    write_report([label(with_guesses(thread_of(60, seed=7, people=9, long=True)))], path, lang="fr")
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    opened = Opened(page, path)
    yield opened
    assert opened.trouble == []
    assert {request.partition("#")[0] for request in opened.requests} == {opened.url}
    page.close()


HIT = "document.documentElement.setAttribute('data-hit', 1)"
ATTACKS = (
    f"<script>{HIT}</script>",
    f"</script><script>{HIT}</script>",
    f"<img src=x onerror=\"{HIT}\">",
    "<img src='https://attack.example/pixel.png'><link rel=stylesheet href=https://attack.example/a.css>",
    f"<svg onload=\"{HIT}\"><iframe src=\"javascript:parent.{HIT}\"></iframe>",
    f"\"><a href=\"javascript:{HIT}\">link</a>",
    f"' autofocus onfocus='{HIT}' x='",
    f"javascript:{HIT}",
    "<!--<script>", "]]>\u2028</style><style>@import 'https://attack.example/b.css'</style>",
    "{{ cycler.__init__.__globals__ }}{% raw %}", "__proto__", "constructor", "%00%ff%", "\ud800",
)  # fmt: skip


def test_nothing_hostile_runs_and_nothing_is_requested(browser: Browser, tmp_path: Path) -> None:
    def attacked(name: str, place: int) -> LabeledThread:
        comments = [
            Comment(f"{k}{a}", name, f"{k - 1}{ATTACKS[k - 1]}" if k else None, text=a, author=a, title=a, url=a,
                    age=a, lang=a[:8], quotes=(Quote(a, a),), source=a)
            for k, a in enumerate(ATTACKS)
        ]  # fmt: skip
        thread = build_thread(comments, id=name, title=ATTACKS[place], url=ATTACKS[7], source=name, notices=ATTACKS)
        return label(thread, targets=(ATTACKS[place],), stance="favor")

    threads = [attacked(name, place) for place, name in enumerate(ATTACKS)]
    path = write_report(threads, tmp_path / "report.html", manifest=dict.fromkeys(ATTACKS[:-1], ATTACKS[0]))
    page = browser.new_page()
    opened = Opened(page, path)
    addresses = [link.get_attribute("href") or "" for link in page.locator("a[href^='#']").all()[:300:12]]
    for address in [
        "#<img src=x onerror=alert(1)>",
        f"#?text={ATTACKS[2]}&author={ATTACKS[0]}&__proto__=1",
        *addresses,
    ]:
        opened.go(address)
        page.wait_for_timeout(20)
    page.keyboard.press("Tab")
    assert page.locator("html").get_attribute("data-hit") is None
    assert opened.trouble == []
    assert {request.partition("#")[0] for request in opened.requests} == {opened.url}
    assert page.evaluate("[...document.links].every((a) => ['file:', 'https:', 'http:'].includes(a.protocol))")
    page.close()


def test_the_policy_stops_what_would_get_through(browser: Browser, tmp_path: Path) -> None:
    path = write_report([made(2)], tmp_path / "report.html")
    text = path.read_text(encoding="utf-8")
    hole = f"<img src='https://attack.example/x.png' onerror=\"{HIT}\"><script>{HIT}</script></body>"
    path.write_text(text.replace("</body>", hole), encoding="utf-8")
    page = browser.new_page()
    failed: list[str | None] = []
    page.on("requestfailed", lambda request: failed.append(request.failure))
    Opened(page, path)
    page.wait_for_timeout(100)
    assert page.locator("html").get_attribute("data-hit") is None
    assert failed == ["csp"]
    page.close()


def test_a_number_leads_to_its_comments(shown: Opened) -> None:
    shown.go("#")
    for stance in ("favor", "against", "none"):
        link = shown.page.locator(f".bar-words li.{stance} a.n").first
        number = int(link.inner_text())
        link.click()
        shown.until("document.body.classList.contains('picking')")
        assert shown.rows() == number == shown.page.locator(f"#rows > .row.{stance}").count()
        assert shown.text("#count") == f"{number} sur 60 commentaires"
        shown.page.go_back()
        shown.until("!document.body.classList.contains('picking')")
    shown.page.locator(".wing.against a.n").first.click()
    shown.until("document.querySelectorAll('#chips li').length === 2")
    assert shown.page.locator("#reader-title").bounding_box()["y"] < 900  # type: ignore[index]


def test_every_number_of_the_page_shows_as_many_rows(shown: Opened) -> None:
    shown.go("#")
    found = shown.page.evaluate("""() => [...document.querySelectorAll('.scope a[href*="?"]')].map((link) => {
        const said = link.querySelector('[data-with]') || link;
        const values = JSON.parse(said.dataset.with || link.getAttribute('data-with-aria-label') || '{}');
        const mark = link.getAttribute('href').indexOf('?');
        const selection = Object.fromEntries(new URLSearchParams(link.getAttribute('href').slice(mark + 1)));
        return [link.getAttribute('href'), values.n, select(page.threads, selection, page.targets[0]).length];
    }).filter(([href, n]) => n !== undefined && !href.includes('camp='))""")
    assert len(found) > 100
    assert [row for row in found if row[1] != row[2]] == []


def test_filters_and_search(shown: Opened) -> None:
    shown.go("#")
    before = shown.rows()
    shown.page.locator("#facet-stance input[value=against]").check()
    shown.until("location.hash.includes('stance=against')")
    against = shown.rows()
    assert 0 < against < before
    shown.page.locator("#filter-text").fill("OUVERTURE tramway")
    shown.until("location.hash.includes('text')")
    assert shown.rows() == 0
    assert shown.page.locator("#nothing").is_visible()
    shown.page.locator("#filter-text").fill("elections RUBANS")
    shown.until("location.hash.includes('elections')")
    assert 0 < shown.rows() < against
    assert all("élections" in text for text in shown.page.locator("#rows .text").all_inner_texts())
    shown.page.locator("#filter-author").fill("Personne 2")
    shown.until("location.hash.includes('author')")
    assert set(shown.page.locator("#rows .author").all_inner_texts()) <= {"Personne 2"}
    shown.page.locator("#clear").click()
    shown.until("!document.body.classList.contains('picking')")
    assert shown.rows() == before
    assert shown.page.locator("#filter-text").input_value() == ""
    shown.page.locator("#filter-guessed").check()
    shown.until("document.body.classList.contains('picking')")
    assert shown.rows() == shown.page.locator("#rows .guess").count() > 0


def test_branches_fold_and_long_texts_unfold(shown: Opened) -> None:
    shown.go("#")
    before = shown.rows()
    fold = shown.page.locator("#rows .fold").first
    hidden = int("".join(filter(str.isdigit, fold.inner_text())))
    fold.click()
    assert shown.rows() == before - hidden
    shown.page.locator("#rows .fold").first.click()
    assert shown.rows() == before
    shown.page.locator("[data-do=fold-all]").click()
    tops = shown.rows()
    shown.page.locator("[data-do=unfold-all]").click()
    assert tops < shown.rows() == before


def test_permalink_shows_its_comment_even_in_a_folded_branch(shown: Opened) -> None:
    shown.go("#")
    deep = shown.page.locator("#rows .row").nth(30)
    address = deep.locator(".permalink").get_attribute("href") or ""
    shown.page.locator("[data-do=fold-all]").click()
    shown.go(address)
    here = shown.page.locator(".row.here")
    assert here.locator(".permalink").get_attribute("href") == address
    assert 0 < here.bounding_box()["y"] < 900  # type: ignore[index]


def test_language_changes_every_string(shown: Opened) -> None:
    shown.go("#")
    shown.page.locator("[data-do=language][value=en]").click()
    assert shown.page.locator("html").get_attribute("lang") == "en"
    assert shown.text("#reader-title") == "Read the comments"
    stale = shown.page.evaluate("""() => [...document.querySelectorAll('[data-say]')].filter(
        (e) => e.textContent !== say(e.dataset.say, JSON.parse(e.dataset.with || '{}'))).length""")
    assert stale == 0
    shown.page.locator("[data-do=language][value=fr]").click()
    assert shown.text("#reader-title") == "Lire les commentaires"


def test_the_browser_says_what_python_says(shown: Opened) -> None:
    values = [
        {"n": 0, "share": 0.0, "when": "2024-02-01T08:05:00", "gini": 0.125},
        {"n": 1, "share": 0.004, "when": "2024-12-31", "gini": 1.0},
        {"n": 1234567, "share": 0.125, "when": "2024-03-10T00:00:00", "gini": 0.005},
        {"n": -1500, "share": 0.995, "when": "1999-08-02T23:59:59", "gini": 0.5},
        {"n": 2.5, "share": 1.0, "when": "2024-02-29", "gini": 0},
    ]
    others = {name for spoken in STRINGS.values() for name in re.findall(r"\{(\w+)", str(spoken))}
    for given in values:
        full = {**dict.fromkeys(others, given["n"]), **given}
        for lang in LANGS:
            there = shown.page.evaluate(
                "([lang, keys, values]) => { const was = language; language = lang;"
                " const said = keys.map((key) => say(key, values)); language = was; return said; }",
                [lang, list(STRINGS), full],
            )
            assert there == [say(lang, key, **full) for key in STRINGS]


def test_print_holds_all_comments_and_no_controls(shown: Opened) -> None:
    shown.go("#")
    shown.page.emulate_media(media="print")
    shown.page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert shown.rows() == 60
    assert shown.page.locator("#rows .more").count() == 0
    assert not shown.page.locator("#filters").is_visible()
    assert not shown.page.locator(".tools").is_visible()
    assert shown.page.locator("#method").is_visible()
    assert len(shown.page.pdf()) > 10_000
    shown.page.emulate_media(media="screen")


def test_keyboard(shown: Opened) -> None:
    shown.go("#")
    for key in ("j", "j", "k"):
        shown.page.keyboard.press(key)
    assert shown.page.evaluate(
        "document.activeElement.closest('.row') === document.querySelectorAll('#rows > .row')[0]"
    )
    shown.page.keyboard.press("/")
    shown.page.keyboard.type("tram")
    shown.until("location.hash.includes('tram')")
    shown.page.keyboard.press("Escape")
    shown.page.keyboard.press("Escape")
    shown.until("!document.body.classList.contains('picking')")
    shown.page.keyboard.press("?")
    assert shown.page.locator("#keys").is_visible()
    shown.page.keyboard.press("Escape")


def test_light_dark_and_phone(browser: Browser, shown: Opened) -> None:
    for width in (320, 390, 820, 1280):
        shown.page.set_viewport_size({"width": width, "height": 800})
        shown.go("#")
        assert shown.page.evaluate("document.documentElement.scrollWidth") <= width
    colors = set()
    for theme in ("light", "dark"):
        shown.page.evaluate("(theme) => (document.documentElement.dataset.theme = theme)", theme)
        colors.add(shown.page.evaluate("getComputedStyle(document.body).backgroundColor"))
    assert len(colors) == 2
    shown.page.set_viewport_size({"width": 1280, "height": 900})
