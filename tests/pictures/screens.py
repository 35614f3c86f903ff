"""The pictures in the browser's question whether to install the app: Ada's pages in the demo shop, in each language."""

from io import BytesIO

from PIL import Image
from playwright.sync_api import Browser, Page

from portal.web.icons import SCREENS, SHOWN, SIDES
from portal.web.language import SPOKEN
from tests.pictures.demo_shop import demo_shop
from tests.pictures.icons import FOLDER

SCALE = {"narrow": 2, "wide": 1}
WAYS = {"home": "/home", "card": "/card"}


def draw_screens(browser: Browser) -> None:
    """Write the pictures of every language anew, with the shop's name and hue of the environment."""
    for name, size in SHOWN.items():
        if not (FOLDER / f"{name}.png").exists():
            Image.new("RGB", size).save(FOLDER / f"{name}.png")  # the portal starts with every picture in its place
    with demo_shop() as shop:
        entering = browser.new_context()
        entering.new_page().goto(shop.way_in("Ada"))
        for form, (width, height) in SIDES.items():
            context = browser.new_context(
                base_url=shop.address,
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
