"""Draw what is asked for: `icons`, `screens`."""

import sys

from playwright.sync_api import sync_playwright

from pictures.icons import draw_icons
from pictures.screens import draw_screens
from tests.browsers import find_browser

DRAWN = {"icons": draw_icons, "screens": draw_screens}

if __name__ == "__main__":
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_browser(), args=["--no-sandbox"])
        for name in sys.argv[1:]:
            DRAWN[name](browser)
        browser.close()
