"""A day at the till in a real browser, on both databases: a scan spends, the member says yes, goods come back."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from portal import clock
from portal.members import operations as members
from portal.programme.check_ledger import check_ledger
from portal.staff import operations as staff
from tests.journeys.test_looks import too_wide_in_large
from tests.serving import served
from tests.till.shop import TIM_PIN, Till
from tests.watching import silent

pytestmark = pytest.mark.browser
PHONE = {"width": 390, "height": 844}


@pytest.fixture
def shop(engine: Any) -> Iterator[Till]:
    shop = Till(engine, now=clock.now())
    shop.pages.app.extensions["clock"] = clock.now
    yield shop
    shop.pages.app.extensions["engine"].dispose()


@pytest.fixture
def address(shop: Till) -> Iterator[str]:
    with served(shop.pages.app) as address:
        yield address


@pytest.fixture
def till(shop: Till, address: str, browser: Browser) -> Iterator[Page]:
    """Open the till with Tim on shift."""
    code = shop.invite()
    device = shop.write(lambda session: staff.enrol_till(session, code, now=shop.now))
    shift = shop.write(
        lambda session: staff.start_shift(session, device.device, staff_id=shop.tim, pin=TIM_PIN, now=shop.now)
    )
    tokens = {"till": device.token, "shift": shift.token}
    with browser.new_context(base_url=address, locale="en-GB", viewport=PHONE, reduced_motion="reduce") as context:
        context.add_cookies([{"name": name, "value": value, "url": address} for name, value in tokens.items()])
        with silent(context.new_page()) as page:
            yield page


@pytest.fixture
def phone(shop: Till, address: str, browser: Browser) -> Iterator[Page]:
    """Open Ada's phone, on which she typed her code days ago."""
    opened = shop.write(lambda session: members.open_session(session, shop.ada, user_agent="", now=shop.now))
    app = shop.pages.app
    signer = app.session_interface.get_signing_serializer(app)
    cookie = signer.dumps({"_user_id": opened.token, "_fresh": True})
    with browser.new_context(base_url=address, locale="en-GB", viewport=PHONE, reduced_motion="reduce") as context:
        context.add_cookies([{"name": "session", "value": cookie, "url": address}])
        with silent(context.new_page()) as page:
            yield page


def check(page: Page) -> None:
    """Hold the page that is shown to axe's rules."""
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


def scan(till: Page, digits: str) -> None:
    """Put digits into the field for a card, as a hand scanner does."""
    till.locator("[name=shown]").fill(digits)
    till.keyboard.press("Enter")


def test_a_scan_spends_and_the_goods_come_back(shop: Till, till: Page) -> None:
    till.goto("/till")
    scan(till, shop.code())
    expect(till.get_by_role("main")).to_contain_text("May spend points")
    till.get_by_label("Amount of the receipt").fill("1000")
    till.get_by_label("Points to spend").fill("120")
    expect(till.locator("#quote")).to_contain_text("880.00")
    till.keyboard.press("Enter")
    expect(till.get_by_role("main")).to_contain_text("Take the money, then record.")
    till.get_by_role("button", name="Paid, record it").click()
    expect(till.get_by_role("heading", level=1)).to_have_text("Recorded")

    till.get_by_role("link", name="Return").click()
    expect(till.get_by_role("heading", level=1)).to_have_text("Bring goods back")
    check(till)
    scan(till, shop.card())
    expect(till.get_by_role("heading", level=1)).to_have_text("Last receipts")
    check(till)
    till.get_by_role("link", name=re.compile("Goods")).click()
    till.get_by_role("button", name="Everything comes back").click()
    expect(till.get_by_role("main")).to_contain_text("+120")
    expect(till.get_by_role("main")).to_contain_text("Points afterwards")
    check(till)
    till.get_by_role("button", name="Confirm").click()
    expect(till.get_by_role("heading", level=1)).to_have_text("Brought back")
    expect(till.get_by_role("main")).to_contain_text("880.00")
    assert shop.write(lambda session: list(check_ledger(session))) == []


def test_a_yes_on_the_phone_pays_while_the_till_waits(shop: Till, till: Page, phone: Page) -> None:
    phone.goto("/card")
    till.goto("/till")
    scan(till, shop.card())
    till.get_by_label("Amount of the receipt").fill("1000")
    till.get_by_text("To spend points").click()
    till.get_by_label("Or ask on the member's phone").fill("200")
    till.keyboard.press("Enter")
    expect(till.get_by_role("heading", level=1)).to_have_text("Waiting for a yes")
    check(till)
    expect(phone.get_by_role("heading", level=1)).to_have_text("Spend 200 points?", timeout=10_000)
    check(phone)
    phone.get_by_role("button", name="Yes, spend them").dblclick()
    expect(phone.get_by_role("heading", level=1)).to_have_text("Set aside: 200 points")
    check(phone)
    assert too_wide_in_large(phone, "Отложено: 12\u00a0345\u00a0баллов") <= 0
    expect(till.get_by_role("main")).to_contain_text("Take the money, then record.", timeout=10_000)
    till.get_by_role("button", name="Paid, record it").click()
    expect(till.get_by_role("heading", level=1)).to_have_text("Recorded")
    assert shop.count("receipt") == 1
