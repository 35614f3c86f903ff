"""Draw what is asked for: `icons`, `screens` (of the manifest), `pages` (docs/screens/); nothing asked for is pages."""

import sys

from playwright.sync_api import sync_playwright

from tests.browsers import HOW_TO_GET_ONE, find_browser
from tests.pictures.icons import draw_icons
from tests.pictures.pages import draw_pages
from tests.pictures.screens import draw_screens

DRAWN = {"icons": draw_icons, "screens": draw_screens, "pages": draw_pages}


def main(names: list[str]) -> None:
    """Draw in the order asked for."""
    path = find_browser()
    if path is None or not DRAWN.keys() >= set(names):
        sys.exit(f"no browser found: {HOW_TO_GET_ONE}" if path is None else __doc__)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        for name in names or ["pages"]:
            DRAWN[name](browser)
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1:])
