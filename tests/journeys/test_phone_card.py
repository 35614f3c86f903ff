"""The card that a phone draws: read off the screen with the network cut, and held against what the API says to it."""

import random
import re
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import qrcode
import zxingcpp
from axe_playwright_python.sync_playwright import Axe
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, expect
from qrcode.constants import ERROR_CORRECT_Q
from qrcode.util import lost_point
from sqlalchemy import Engine

from portal import clock
from portal.db import run
from portal.factory import Portal
from portal.staff import operations as staff
from tests.conftest import app_on
from tests.installed import CONTROLLED
from tests.joining import join_in_browser, sign_in
from tests.member.shop import open_shop
from tests.pages import SAME_ORIGIN
from tests.serving import served
from tests.waiting import wait_until

pytestmark = pytest.mark.browser
HERE = "async (name) => import(document.querySelector('script[src*=\"js/app.js\"]').src.replace('app.js', name))"
RECORD = f"async () => {{ const card = await ({HERE})('card-key.js'); return card.cardRecord(); }}"
MATRICES = f"""async (codes) => {{
  const {{ matrix }} = await ({HERE})("qr.js");
  const told = (rows) => rows.map((row) => row.map(Number).join("")).join(" ");
  return codes.map((digits) => [undefined, 0, 1, 2, 3, 4, 5, 6, 7].map((mask) => told(matrix(digits, mask))));
}}"""


@dataclass
class Shop:
    """A shop on loopback whose cable can be pulled, and two tills that ask its API without that cable."""

    app: Portal
    keys: tuple[str, ...]
    later: timedelta = timedelta()
    cable: ExitStack = field(default_factory=ExitStack)

    def __post_init__(self) -> None:
        self.app.extensions["clock"] = self.now
        self.address = self.cable.enter_context(served(self.app))

    def now(self) -> datetime:
        return clock.now() + self.later

    def cut(self) -> None:
        """Let nobody reach the server any more."""
        self.cable.close()

    def identify(self, code: str, *, till: int = 0) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {self.keys[till]}"}
        answer = self.app.test_client().post("/api/v1/members/identify", json={"code": code}, headers=headers)
        return answer.json or {}


@pytest.fixture
def shop(sqlite: Engine) -> Iterator[Shop]:
    open_shop(sqlite, now=clock.now())

    def keys(session: Any) -> tuple[str, ...]:
        return tuple(
            staff.make_key(session, name=f"till-{n}", scopes=("till",), now=clock.now()).secret for n in range(2)
        )

    app = app_on(sqlite, demo=True, shop_name="Foam")
    shop = Shop(app, run(sqlite, keys, writes=True))
    with shop.cable:
        yield shop


@pytest.fixture
def context(browser: Browser, shop: Shop) -> Iterator[BrowserContext]:
    with browser.new_context(
        base_url=shop.address, locale="en-GB", viewport={"width": 390, "height": 844}, reduced_motion="reduce"
    ) as context:
        yield context


@pytest.fixture
def phone(shop: Shop, context: BrowserContext) -> Page:
    """Give the phone of Ada, who has just joined and has the key of her card."""
    sign_in(context, shop.app, address=shop.address)
    phone = context.new_page()
    phone.goto("/home")
    wait_until(phone, RECORD)
    return phone


def seen(phone: Page, picture: Path) -> str:
    """Read the code off the screen, as a scanner does."""
    phone.screenshot(path=picture)
    return zxingcpp.read_barcodes(Image.open(picture))[0].text


def drawn(phone: Page) -> Page:
    """Wait until the phone has drawn the card by itself."""
    phone.locator("[data-card][data-drawn]").wait_for()
    return phone


def test_the_code_drawn_without_a_network_spends_once_for_ninety_seconds_until_it_is_revoked(
    shop: Shop, phone: Page, tmp_path: Path
) -> None:
    wait_until(phone, CONTROLLED)
    shop.cut()
    phone.goto("/card")
    expect(phone.get_by_role("main")).to_contain_text("No connection")
    code = seen(drawn(phone), tmp_path / "card.png")
    assert re.fullmatch(r"1\d{25}", code)
    shop.later = timedelta(seconds=90)
    assert proved(shop.identify(code)) == ("static", "expired")
    shop.later = timedelta()
    assert proved(shop.identify(code)) == ("rotating", "fresh")
    assert proved(shop.identify(code)) == ("static", "used")
    assert proved(shop.identify(code, till=1)) == ("static", "used")
    end_every_sign_in(shop)
    assert shop.identify(code)["code"] == "code-forged"


def proved(answer: dict[str, Any]) -> tuple[str, str | None]:
    assert answer["first_name"] == "Ada"
    return answer["verified"], answer["proof"]


def end_every_sign_in(shop: Shop) -> None:
    """Sign Ada in at another browser and end all others there."""
    other = shop.app.test_client()
    shown = other.post("/join", data={"contact": "ada@example.com"}, headers=SAME_ORIGIN, follow_redirects=True)
    code = re.search(r"data-demo-code[^>]*>\s*(\d{6})", shown.text)
    assert code
    other.post("/code", data={"code": code[1]}, headers=SAME_ORIGIN)
    assert other.post("/profile/devices/end-others", headers=SAME_ORIGIN).status_code == 303


def test_an_ended_phone_forgets_its_key_when_it_is_next_online(shop: Shop, phone: Page) -> None:
    end_every_sign_in(shop)
    phone.goto("/home")
    expect(phone).to_have_url(re.compile("/sign-in"))
    wait_until(phone, f"async () => !(await ({RECORD})())")
    phone.goto("/card/offline")
    expect(phone.get_by_role("heading", level=2)).to_have_text("There is no card on this phone yet")
    check(phone)


def test_no_script_can_read_the_key(phone: Page) -> None:
    kept = phone.evaluate(f"""async () => {{
      const {{ key, ...rest }} = await ({RECORD})();
      const exported = await crypto.subtle.exportKey("raw", key).catch((error) => error.name);
      return {{ exported, extractable: key.extractable, rest: Object.keys(rest).sort() }};
    }}""")
    assert kept == {
        "exported": "InvalidAccessError",
        "extractable": False,
        "rest": ["device", "learned", "number", "session", "skew_ms"],
    }


def test_a_lost_key_is_fetched_anew_and_spends(shop: Shop, phone: Page, tmp_path: Path) -> None:
    phone.evaluate(f"async () => (await ({HERE})('card-key.js')).forgetCardKey()")
    phone.goto("/card")
    assert proved(shop.identify(seen(drawn(phone), tmp_path / "card.png"))) == ("rotating", "fresh")


def test_a_phone_whose_clock_is_wrong_is_told_so_and_its_code_is_good(
    shop: Shop, context: BrowserContext, tmp_path: Path
) -> None:
    phone = context.new_page()
    phone.clock.set_system_time(clock.now() + timedelta(minutes=10))
    join_in_browser(phone)
    phone.goto("/card")
    expect(phone.get_by_text("Check the time on the phone")).to_be_visible()
    assert proved(shop.identify(seen(drawn(phone), tmp_path / "card.png"))) == ("rotating", "fresh")


def test_one_touch_leaves_nothing_but_the_card_and_every_way_back_works(phone: Page, tmp_path: Path) -> None:
    phone.emulate_media(color_scheme="dark", reduced_motion="reduce")
    phone.goto("/card")
    drawn(phone)
    check(phone)
    mode = phone.get_by_role("dialog", name="Card")
    phone.get_by_role("button", name="Fill the screen").press("Enter")
    expect(mode).to_be_visible()
    check(phone)
    box = phone.locator(".scan-code").bounding_box()
    assert box
    assert box["width"] >= 260
    assert Image.open(screenshot(phone, tmp_path)).convert("L").getpixel((5, 420)) == 255
    expect(phone.get_by_text("The code changes every 30 seconds.")).to_be_visible()
    phone.keyboard.press("Escape")
    expect(mode).to_be_hidden()
    expect(phone.get_by_role("button", name="Fill the screen")).to_be_focused()
    phone.locator(".scan-code").click()
    expect(mode).to_be_visible()
    phone.go_back()
    expect(mode).to_be_hidden()
    expect(phone).to_have_url(re.compile("/card$"))
    phone.locator(".scan-code").click()
    mode.get_by_role("button", name="Close").click()
    expect(mode).to_be_hidden()


def test_the_screen_stays_on_while_the_card_is_shown(phone: Page) -> None:
    phone.add_init_script("window.asked = 0; navigator.wakeLock.request = async () => { window.asked += 1; }")
    phone.goto("/card")
    drawn(phone)
    phone.evaluate("() => document.dispatchEvent(new Event('visibilitychange'))")
    assert phone.evaluate("() => window.asked") == 2


def screenshot(phone: Page, folder: Path) -> Path:
    phone.screenshot(path=folder / "screen.png")
    return folder / "screen.png"


def check(phone: Page) -> None:
    found = Axe().run(phone)
    assert found.violations_count == 0, found.generate_report()


def test_without_javascript_the_server_draws_the_code(browser: Browser, shop: Shop, tmp_path: Path) -> None:
    with browser.new_context(base_url=shop.address, locale="en-GB", java_script_enabled=False) as context:
        phone = context.new_page()
        join_in_browser(phone)
        phone.goto("/card")
        expect(phone.get_by_role("button", name="Fill the screen")).to_be_hidden()
        assert proved(shop.identify(seen(phone, tmp_path / "card.png"))) == ("rotating", "fresh")


@pytest.mark.parametrize("shut", ["indexedDB.open", "IDBObjectStore.prototype.put"])
def test_a_browser_that_keeps_no_key_shows_the_servers_code(
    shop: Shop, context: BrowserContext, tmp_path: Path, shut: str
) -> None:
    phone = context.new_page()
    phone.add_init_script(f"{shut} = () => {{ throw new DOMException('no keys here', 'DataCloneError'); }}")
    join_in_browser(phone)
    phone.goto("/card")
    phone.wait_for_load_state("networkidle")
    assert proved(shop.identify(seen(phone, tmp_path / "card.png"))) == ("rotating", "fresh")


def test_the_phone_lays_codes_out_as_the_library_does(shop: Shop, context: BrowserContext) -> None:
    phone = context.new_page()
    phone.goto("/")
    dice = random.Random(26)
    codes = [f"{dice.randrange(10**length):0{length}d}" for length in [26] * 40 + [10] * 10]
    for digits, (chosen, *laid_out) in zip(codes, phone.evaluate(MATRICES, codes), strict=True):
        expected = [library(digits, mask) for mask in range(8)]
        assert laid_out == [told for told, _ in expected]
        assert expected[laid_out.index(chosen)][1] == min(lost for _, lost in expected)


def library(digits: str, mask: int) -> tuple[str, int]:
    """Return the library's matrix under a mask, and how hard it is to read."""
    code = qrcode.QRCode(error_correction=ERROR_CORRECT_Q, border=0, mask_pattern=mask)
    code.add_data(digits, optimize=0)
    code.make()
    return " ".join("".join(str(int(bool(dark))) for dark in row) for row in code.modules), lost_point(code.modules)
