"""The browser of browser tests: the user's own; none is ever downloaded.

Looked for at `PORTAL_BROWSER_PATH`, on PATH, in the usual places, in Playwright's own folder. Without one browser
tests are skipped and the last lines of the run say so; with `PORTAL_REQUIRE_BROWSER=1` that is a usage error.
"""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge", "microsoft-edge")
PLACES = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe",
)
HOW_TO_GET_ONE = (
    "install Chrome/Chromium/Edge, or run 'python -m playwright install chromium', or set PORTAL_BROWSER_PATH"
)
NO_BROWSER = "no browser"


def find_browser() -> str | None:
    """Return the path of a Chromium-like browser on this machine."""
    if chosen := os.environ.get("PORTAL_BROWSER_PATH"):
        return chosen if Path(chosen).exists() else None
    candidates = (*map(shutil.which, NAMES), *PLACES)
    found = next((path for path in candidates if path and Path(path).exists()), None)
    return found or _downloaded_by_playwright()


def _downloaded_by_playwright() -> str | None:
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - only when nothing else was found

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).exists() else None


def pytest_configure(config: pytest.Config) -> None:
    """Look before the tests are shared out among processes, whose own look would end as a crash."""
    if config.getoption("numprocesses", None) and not find_browser():
        _refuse_where_required()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    browser_tests = [item for item in items if item.get_closest_marker("browser")]
    if not browser_tests or find_browser():
        return
    _refuse_where_required()
    for item in browser_tests:
        item.add_marker(pytest.mark.skip(reason=NO_BROWSER))


def _refuse_where_required() -> None:
    if os.environ.get("PORTAL_REQUIRE_BROWSER") == "1":
        raise pytest.UsageError(f"PORTAL_REQUIRE_BROWSER=1 and no browser found: {HOW_TO_GET_ONE}")


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> Iterator[None]:
    yield
    skipped = terminalreporter.stats.get("skipped", [])
    if count := sum(NO_BROWSER in str(report.longrepr) for report in skipped):
        text = f"NOT CHECKED IN A BROWSER: {count} browser tests were skipped; {HOW_TO_GET_ONE}"
        terminalreporter.write_line(text, bold=True, yellow=True)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict) -> dict:
    as_root = hasattr(os, "geteuid") and os.geteuid() == 0
    return {**browser_type_launch_args, "executable_path": find_browser(), "args": ["--no-sandbox"] if as_root else []}
