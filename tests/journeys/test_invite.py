"""A link is passed on in a real browser: by the phone's own sheet, or copied; and a friend comes in by it."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import Engine

from portal import clock
from tests.conftest import app_on
from tests.joining import join_in_browser
from tests.member.shop import open_shop
from tests.serving import served

pytestmark = pytest.mark.browser

SHEET = "navigator.share = async (what) => { window.passedOn = what; };"


@pytest.fixture
def address(sqlite: Engine) -> Iterator[str]:
    open_shop(sqlite, now=clock.now())
    with served(app_on(sqlite, demo=True, shop_name="Foam")) as address:
        yield address


def ada(browser: Browser, address: str, *, script: str = "") -> Page:
    context = browser.new_context(base_url=address, locale="en-GB", viewport={"width": 390, "height": 844})
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    if script:
        context.add_init_script(script)
    page = context.new_page()
    join_in_browser(page)
    page.goto("/invite")
    return page


def test_a_link_is_passed_on_and_a_friend_comes_by_it(browser: Browser, address: str):
    phone = ada(browser, address, script=SHEET)
    link = phone.locator(".invite-link a").get_attribute("href") or ""
    phone.get_by_role("button", name="Send the link").click()
    assert phone.evaluate("window.passedOn.url") == link
    phone.get_by_role("button", name="Copy the link").click()
    expect(phone.get_by_role("status").filter(has_text="The link is copied.")).to_be_visible()
    assert phone.evaluate("navigator.clipboard.readText()") == link
    friend = browser.new_context(base_url=address, locale="en-GB").new_page()
    friend.goto("/i/" + link.rpartition("/")[2])
    expect(friend.get_by_role("heading", level=1)).to_have_text("Ada invites you")
    friend.get_by_role("link", name="Join for free").click()
    friend.wait_for_url("**/join")
    phone.reload()
    expect(phone.get_by_role("listitem").filter(has_text="Opened your invitation")).to_contain_text("1")
