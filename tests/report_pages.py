"""A browser for the tests of the page, and a page in it with all that it asks for and complains of."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from time import monotonic

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


def started_browser() -> Iterator[Browser]:
    """Start the browser of the tests; without one they fail where CI is true, and are skipped elsewhere."""
    if CHROMIUM is None:
        if os.environ.get("CI") == "true":
            pytest.fail("no chromium, chromium-browser or google-chrome is installed")
        pytest.skip("no chromium, chromium-browser or google-chrome is installed")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"], timeout=180_000)
        yield started
        started.close()


class Opened:
    """A page in the browser, with everything it asked for and complained of."""

    def __init__(self, page: Page, path: Path) -> None:
        self.page = page
        self.url = path.as_uri()
        self.requests: list[str] = []
        self.trouble: list[str] = []
        page.set_default_timeout(180_000)
        page.on("request", lambda request: self.requests.append(request.url))
        page.on("pageerror", lambda error: self.trouble.append(str(error)))
        page.on("console", lambda message: self.trouble.append(message.text))
        page.on("dialog", lambda dialog: self.trouble.append(dialog.message))
        self.go("")

    def go(self, address: str) -> None:
        self.page.goto("about:blank")  # so that nothing is left of what was folded or chosen before
        self.page.goto(f"{self.url}{address}")
        self.page.wait_for_selector("html.ready")

    def until(self, condition: str) -> None:
        """Wait for a condition in the page; its policy forbids what `wait_for_function` would evaluate there."""
        deadline = monotonic() + 180
        while not self.page.evaluate(condition):
            assert monotonic() < deadline, f"still not so: {condition}"
            self.page.wait_for_timeout(20)

    def rows(self) -> int:
        return self.page.locator("#rows > .row:not(.post):not(.heading)").count()

    def text(self, selector: str) -> str:
        return self.page.locator(selector).inner_text()
