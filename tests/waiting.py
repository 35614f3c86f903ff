"""Waiting in a browser for what takes its time."""

import time
from collections.abc import Callable

from playwright.sync_api import Error, Page


def wait_until(page: Page, promised: str) -> None:
    """Wait until what a script promises is so; Playwright's own wait takes the promise itself for a yes."""
    wait_for(page, lambda: _so(page, promised), promised)


def wait_for(page: Page, holds: Callable[[], bool], what: str = "") -> None:
    """Wait until something holds, while the page goes on."""
    ends = time.monotonic() + 15
    while not holds():
        assert time.monotonic() < ends, what
        page.wait_for_timeout(50)


def _so(page: Page, promised: str) -> bool:
    try:
        return bool(page.evaluate(promised))
    except Error as error:
        if "context was destroyed" not in str(error):  # the page is being loaded anew
            raise
        return False
