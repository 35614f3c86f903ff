"""Watching what a browser complains about."""

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import ConsoleMessage, Page

_NO_NETWORK = ("net::ERR_INTERNET_DISCONNECTED", "htmx:error: Failed to fetch")


@contextmanager
def silent(page: Page) -> Iterator[Page]:
    """Fail on anything the console complains about: a blocked script, a style, a missing file; not a pulled cable."""
    complaints: list[str] = []

    def note(said: ConsoleMessage) -> None:
        if said.type == "error" and not any(each in said.text for each in _NO_NETWORK):
            complaints.append(said.text)

    page.on("console", note)
    yield page
    assert complaints == []
