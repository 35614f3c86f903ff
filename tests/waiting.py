"""Waiting in a browser for what takes its time."""

import time

from playwright.sync_api import Error, Page


def wait_until(page: Page, promised: str) -> None:
    """Wait until what a script promises is so; Playwright's own wait takes the promise itself for a yes."""
    ends = time.monotonic() + 15
    while not _so(page, promised):
        assert time.monotonic() < ends, promised
        page.wait_for_timeout(50)


def _so(page: Page, promised: str) -> bool:
    try:
        return bool(page.evaluate(promised))
    except Error as error:
        if "context was destroyed" not in str(error):  # the page is being loaded anew
            raise
        return False
