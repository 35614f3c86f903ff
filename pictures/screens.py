"""The pictures in the browser's question whether to install the app: Ada's pages in the demo shop, in each language."""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image
from playwright.sync_api import Browser, Page
from werkzeug.serving import make_server

from pictures.icons import FOLDER
from portal import clock, demo
from portal.config import load_settings
from portal.db import make_engine, run
from portal.factory import create_app
from portal.migrations import steps
from portal.web.icons import SCREENS, SHOWN, SIDES
from portal.web.language import SPOKEN

SCALE = {"narrow": 2, "wide": 1}
WAYS = {"home": "/home", "card": "/card"}


def draw_screens(browser: Browser) -> None:
    """Write the pictures of every language anew, with the shop's name and hue of the environment."""
    for name, size in SHOWN.items():
        if not (FOLDER / f"{name}.png").exists():
            Image.new("RGB", size).save(FOLDER / f"{name}.png")  # the portal starts with every picture in its place
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    with demo_shop() as link:
        entering = browser.new_context()
        entering.new_page().goto(link)
        for form, (width, height) in SIDES.items():
            context = browser.new_context(
                base_url=link.partition("/demo/")[0],
                storage_state=entering.storage_state(),
                viewport={"width": width // SCALE[form], "height": height // SCALE[form]},
                device_scale_factor=SCALE[form],
                reduced_motion="reduce",
            )
            page = context.new_page()
            for language in SPOKEN:
                _speak(page, language)
                for screen in SCREENS:
                    if screen.form == form:
                        _open(page, screen.page)
                        _keep(page, f"screen-{language}-{screen.name}")
            context.close()


@contextmanager
def demo_shop() -> Iterator[str]:
    """Serve the demo shop for a while; give Ada's way in."""
    with TemporaryDirectory() as folder:
        settings = load_settings(database_url=f"sqlite:///{Path(folder, 'portal.db')}", demo=True)
        engine = make_engine(settings.database_url)
        steps.migrate(engine)
        now = clock.now()
        run(
            engine,
            lambda session: demo.fill(session, scale=demo.WHOLE, secret=settings.secret_key, now=now),
            writes=True,
        )
        tokens = run(engine, lambda session: demo.new_links(session, now=now), writes=True).tokens
        server = make_server("127.0.0.1", 0, create_app(settings), threaded=True)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.port}/demo/{tokens['Ada']}"
        server.shutdown()
        server.server_close()
        engine.dispose()


def _speak(page: Page, language: str) -> None:
    page.goto("/profile")
    page.locator(f"button[name=language][value={language}]").click()


def _open(page: Page, name: str) -> None:
    """Open a page by its name; the entry is the newest purchase of the history."""
    if name in WAYS:
        page.goto(WAYS[name])
        return
    page.goto("/history")
    page.goto(str(page.locator("a.row", has=page.locator('use[href$="#history"]')).first.get_attribute("href")))


def _keep(page: Page, name: str) -> None:
    page.wait_for_load_state("networkidle")
    picture = Image.open(BytesIO(page.screenshot(type="png"))).convert("RGB")
    picture.quantize(96, dither=Image.Dither.NONE).save(FOLDER / f"{name}.png", optimize=True)
