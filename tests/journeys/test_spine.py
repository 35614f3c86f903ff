"""The spine in a real browser: a shopper joins, shows the card, buys, and reads why each point came."""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import zxingcpp
from axe_playwright_python.sync_playwright import Axe
from PIL import Image
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import Engine

from portal import clock
from portal.db import run
from portal.staff import operations as staff
from portal.staff.operations import NewStaff
from tests.conftest import app_on
from tests.member.shop import open_shop
from tests.serving import served
from tests.watching import silent

pytestmark = pytest.mark.browser
PIN = "4711"


@pytest.fixture
def address(sqlite: Engine) -> Iterator[str]:
    """Serve a demo shop on loopback for as long as a test runs."""
    open_shop(sqlite, now=clock.now())
    with served(app_on(sqlite, demo=True, shop_name="Foam")) as address:
        yield address


@pytest.fixture
def phone(browser: Browser, address: str) -> Iterator[Page]:
    with (
        browser.new_context(
            base_url=address, locale="en-GB", viewport={"width": 390, "height": 844}, reduced_motion="reduce"
        ) as context,
        silent(context.new_page()) as page,
    ):
        yield page


@pytest.fixture
def till(browser: Browser, address: str, sqlite: Engine) -> Iterator[Page]:
    """Open a till that Tim can sign in at."""

    def let_in(session: Any) -> str:
        staff.add_staff(session, NewStaff("Tim", "cashier", PIN), now=clock.now())
        return staff.invite_device(session, store="S1", till="T1", now=clock.now()).code

    code = run(sqlite, let_in, writes=True)
    with (
        browser.new_context(base_url=address, locale="en-GB", viewport={"width": 820, "height": 1180}) as context,
        silent(context.new_page()) as page,
    ):
        page.goto("/till")
        page.get_by_role("textbox").fill(code)
        page.get_by_role("button").first.click()
        page.get_by_role("radio", name="Tim").check()
        page.get_by_label("PIN").fill(PIN)
        page.get_by_role("button", name="Begin").click()
        yield page


def check(page: Page) -> None:
    """Hold the page that is shown to axe's rules."""
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


def test_a_shopper_joins_buys_and_reads_why(phone: Page, till: Page, tmp_path) -> None:
    join(phone)
    expect(phone.get_by_role("heading", level=1)).to_contain_text("Ada")
    expect(phone.get_by_role("main")).to_contain_text("300")
    check(phone)

    code = shown_code(phone, tmp_path / "card.png")
    assert re.fullmatch(r"1\d{25}", code)
    check(phone)

    sell(till, code)
    expect(till.get_by_role("main")).to_contain_text("+99 points")
    check(till)

    phone.goto("/home")
    expect(phone.get_by_role("main")).to_contain_text("+99")
    check(phone)
    phone.goto("/history")
    check(phone)
    phone.get_by_role("link", name=re.compile("99")).first.click()
    slip = phone.get_by_role("main")
    expect(slip).to_contain_text("1,999.00")
    expect(slip).to_contain_text("99.95")
    expect(slip).to_contain_text("Korean cosmetics")
    last_day = (clock.now() + timedelta(days=180)).strftime("%Y")
    expect(slip).to_contain_text(last_day)
    check(phone)


def join(phone: Page) -> None:
    phone.goto("/")
    check(phone)
    phone.get_by_role("main").get_by_role("link", name=re.compile("^Join|card", re.IGNORECASE)).first.click()
    phone.get_by_label("E-mail or phone").fill("ada@example.com")
    phone.get_by_role("button", name="Send the code").click()
    phone.get_by_label("Code", exact=True).fill(phone.locator("[data-demo-code]").inner_text())
    check(phone)
    phone.get_by_role("button", name="Continue").click()
    phone.get_by_label("What shall we call you?").fill("Ada")
    phone.get_by_role("checkbox").first.check()
    check(phone)
    phone.get_by_role("button", name="Become a member").click()


def shown_code(phone: Page, picture: Any) -> str:
    """Read the QR off the screen, as a till's scanner does."""
    phone.get_by_role("link", name="Card").last.click()
    phone.wait_for_url("**/card")
    phone.screenshot(path=picture)
    return zxingcpp.read_barcodes(Image.open(picture))[0].text


def sell(till: Page, code: str) -> None:
    """Type like a hand scanner, then the sum; everything by keyboard."""
    till.get_by_role("textbox").first.press_sequentially(code)
    till.keyboard.press("Enter")
    expect(till.get_by_role("main")).to_contain_text("Ada")
    check(till)
    till.locator("[name=line1-price]").fill("1999")
    expect(till.locator("#quote")).to_contain_text("1,999.00")
    check(till)
    till.keyboard.press("Enter")


def test_a_card_shown_after_signing_out_is_gone(phone: Page) -> None:
    join(phone)
    phone.goto("/card")
    number = phone.get_by_text(re.compile(r"\d{4}\s\d{4}\s\d{2}")).first.inner_text()
    phone.goto("/profile")
    phone.get_by_role("button", name="Sign out").first.click()
    phone.wait_for_url(re.compile(r"/$"))
    phone.go_back()
    expect(phone.locator("body")).not_to_contain_text(number)
