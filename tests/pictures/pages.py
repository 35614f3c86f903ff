"""Every page as it looks, in both languages, by day and by night: `docs/screens/`.

The clock of the shop and of the browser stands at one afternoon, so that two drawings differ where the pages do, and
in the codes on them.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from io import BytesIO

import time_machine
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page

from portal.config import ROOT
from portal.demo.cast import CASHIER, CASHIER_PIN
from portal.web.language import SPOKEN
from tests.pictures.demo_shop import ShownShop, demo_shop

FOLDER = ROOT / "docs" / "screens"
AFTERNOON = datetime(2026, 11, 20, 14, 5, tzinfo=UTC)
LOCALES = {"ru": "ru-RU", "en": "en-GB"}
SCHEMES = ("light", "dark")
PHONE, TABLET = (390, 844), (820, 1180)
COLOURS = 64

STRANGERS = ("/", "/sign-in", "/join", "/install", "/offline", "/terms", "/privacy", "/i/yoga", "/nowhere")
MEMBERS = (
    *("/home", "/card", "/history", "/inbox", "/calculator", "/profile", "/profile/messages", "/profile/devices"),
    *("/push", "/wishes", "/invite", "/clients", "/tier", "/offers", "/rewards", "/route", "/profile/holiday"),
)
FIRST_OF = {"entry": ("/history", "a.row:has(use[href$='#history'])"), "message": ("/inbox", "main a[href^='/inbox/']")}


def draw_pages(browser: Browser) -> None:
    """Write every picture of the folder anew."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for old in FOLDER.glob("*.png"):
        old.unlink()
    with time_machine.travel(AFTERNOON, tick=True), demo_shop() as shop:
        with _opened(browser, shop) as entering:
            entering.goto(shop.way_in("Ada"))
            ada = entering.context.storage_state()
        with _opened(browser, shop) as entering:
            _begin_at_till(entering, shop)
            till = entering.context.storage_state()
        for language in SPOKEN:
            for scheme in SCHEMES:
                _draw_strangers(browser, shop, language, scheme)
                _draw_member(browser, shop, language, scheme, state=ada)
                _draw_till(browser, shop, language, scheme, state=till)


def _draw_strangers(browser: Browser, shop: ShownShop, language: str, scheme: str) -> None:
    with _opened(browser, shop, locale=LOCALES[language], color_scheme=scheme) as page:
        for path in STRANGERS:
            page.goto(path)
            _keep(page, path.strip("/").replace("/", "-") or "landing")


def _draw_member(browser: Browser, shop: ShownShop, language: str, scheme: str, *, state: object) -> None:
    with _opened(browser, shop, locale=LOCALES[language], color_scheme=scheme, storage_state=state) as page:
        page.goto("/profile")
        page.locator(f"button[name=language][value={language}]").click()
        for path in MEMBERS:
            page.goto(path)
            _keep(page, path.strip("/").replace("/", "-"))
        for name, (path, link) in FIRST_OF.items():
            page.goto(path)
            page.goto(str(page.locator(link).first.get_attribute("href")))
            _keep(page, name)


def _draw_till(browser: Browser, shop: ShownShop, language: str, scheme: str, *, state: object) -> None:
    opening = {"locale": LOCALES[language], "color_scheme": scheme, "storage_state": state, "size": TABLET}
    with _opened(browser, shop, **opening) as page:
        page.goto("/till")
        _keep(page, "till-scan")
        for path in ("/till/shift", "/till/refund", "/till/requests", "/till/corrections"):
            page.goto(path)
            _keep(page, path.strip("/").replace("/", "-"))


def _begin_at_till(page: Page, shop: ShownShop) -> None:
    page.goto(f"/till/enrol/{shop.links.till_code}")
    page.locator(".till-button").click()
    page.get_by_role("radio", name=CASHIER).check()
    page.get_by_label("PIN").fill(CASHIER_PIN)
    page.locator(".till-button").click()
    page.wait_for_url("**/till")


@contextmanager
def _opened(
    browser: Browser, shop: ShownShop, *, size: tuple[int, int] = PHONE, locale: str = "en-GB", **more: object
) -> Iterator[Page]:
    context: BrowserContext = browser.new_context(
        base_url=shop.address,
        locale=locale,
        viewport={"width": size[0], "height": size[1]},
        reduced_motion="reduce",
        service_workers="block",
        **more,  # type: ignore[arg-type]
    )
    context.clock.set_system_time(datetime.now(UTC))
    yield context.new_page()
    context.close()


def _keep(page: Page, name: str) -> None:
    page.wait_for_load_state("networkidle")
    language, scheme = page.locator("html").get_attribute("lang"), page.evaluate(_SCHEME)
    picture = Image.open(BytesIO(page.screenshot(type="png"))).convert("RGB")
    small = picture.quantize(COLOURS, dither=Image.Dither.NONE)
    small.save(FOLDER / f"{name}-{language}-{scheme}.png", optimize=True)


_SCHEME = "matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light'"
