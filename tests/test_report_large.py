"""Many threads, and long ones, in a real browser: an overview or an index first, and comments a page at a time."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from report_pages import Opened, started_browser
from report_threads import TARGET, label, made, renamed, thread_of, with_guesses

from discourse.reports import write_report

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    yield from started_browser()


def test_several_threads_start_with_an_overview(browser: Browser, tmp_path: Path) -> None:
    threads = [
        made(20),
        renamed(made(12, seed=9, title="Autre fil"), "b/c?"),
        renamed(made(0, title="Un article"), "article"),
    ]
    page = browser.new_page()
    opened = Opened(page, write_report(threads, tmp_path / "report.html"))
    assert opened.text("h1:visible").startswith("3 threads on")
    assert opened.rows() == 32
    page.locator(".camps a:visible").first.click()
    opened.until("document.body.classList.contains('picking')")
    assert opened.rows() > 0
    opened.go("#")
    page.locator("a:visible", has_text="Autre fil").first.click()
    opened.until("document.querySelector('h1:not([hidden] *)').textContent === 'Autre fil'")
    assert opened.rows() == 12
    page.locator(".kicker a:visible").click()
    opened.until("location.hash === ''")
    page.locator("a:visible", has_text="Un article").first.click()
    opened.until("decodeURIComponent(location.hash) === '#article'")
    assert opened.rows() == 0
    assert page.locator("#rows .row.post").is_visible()
    assert opened.trouble == []
    page.close()


def test_ten_thousand_comments_are_usable(browser: Browser, tmp_path: Path) -> None:
    path = write_report([label(with_guesses(thread_of(10_000, people=2_500, long=True)))], tmp_path / "report.html")
    assert path.stat().st_size < 15_000_000
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    cdp = page.context.new_cdp_session(page)
    cdp.send("Performance.enable", {"timeDomain": "threadTicks"})  # CPU time: other programs do not count
    opened = Opened(page, path)
    spent = {metric["name"]: metric["value"] for metric in cdp.send("Performance.getMetrics")["metrics"]}
    assert spent["TaskDuration"] < 2
    assert opened.rows() == 99  # a hundred with the post
    page.locator("#later").click()
    assert opened.rows() == 199
    opened.go("#tram/9999")
    page.wait_for_selector(".row.here")
    opened.go("#?text=tunnel&stance=none")
    opened.until("document.body.classList.contains('picking')")
    assert opened.rows() == 100
    assert opened.trouble == []
    page.close()


def test_a_chain_of_twenty_thousand_replies(browser: Browser, tmp_path: Path) -> None:
    path = write_report([label(thread_of(20_000, deep=True, post=False))], tmp_path / "report.html")
    page = browser.new_page(viewport={"width": 390, "height": 800})
    opened = Opened(page, path)
    opened.go("#tram/20000")
    page.wait_for_selector(".row.here")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.locator("[data-do=fold-all]").click()
    assert opened.rows() == 1
    page.locator("#rows .fold").click()
    assert opened.rows() == 100
    assert opened.trouble == []
    page.close()


def test_the_index_sorts_searches_and_leads_to_pages(
    browser: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("discourse.reports.writing.MOST_THREADS", 2)
    threads = [renamed(made(5 * k, seed=k, title=f"Fil {k}"), f"t{k}") for k in range(1, 5)]
    page = browser.new_page()
    page.goto(write_report(threads, tmp_path / "report.html").as_uri())
    page.wait_for_selector("#lines tr:nth-child(4)")
    assert page.locator("#lines th").first.inner_text() == "Fil 4"
    page.locator("#index-search").fill("fil 2")
    page.wait_for_selector("#lines tr:only-child")
    number = page.locator("#lines td a").first
    count = int(number.inner_text())
    number.click()
    page.wait_for_selector("html.ready")
    assert page.locator("#rows > .row").count() == count
    assert TARGET in page.locator(".target:visible").inner_text()
    page.locator(".brand").click()
    page.wait_for_selector("#index-search")
    page.close()
