"""The inbox in a real browser: what is looked at becomes read, what is fetched ahead does not."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import Engine, text

from portal import clock
from portal.db import transaction
from tests.conftest import app_on
from tests.joining import sign_in
from tests.member.shop import open_shop
from tests.notifications.post import tell, work_off
from tests.serving import served

pytestmark = pytest.mark.browser


@pytest.fixture
def phone(browser: Browser, sqlite: Engine) -> Iterator[Page]:
    """Give Ada's phone, on which she just joined."""
    open_shop(sqlite, now=clock.now())
    phone = {"width": 390, "height": 844}
    app = app_on(sqlite, demo=True, shop_name="Foam")
    with (
        served(app) as address,
        browser.new_context(base_url=address, locale="en-GB", viewport=phone) as context,
    ):
        sign_in(context, app, address=address)
        page = context.new_page()
        page.goto("/home")
        yield page


def unread(engine: Engine) -> int:
    with transaction(engine, writes=False) as session:
        return session.scalar(text("select count(*) from message where read_at is null")) or 0


def test_a_message_is_read_once_it_is_seen_and_leads_on(phone: Page, sqlite: Engine):
    work_off(sqlite, now=clock.now())
    phone.reload()
    expect(phone.locator(".bell-count")).to_have_text("1")
    phone.evaluate("() => fetch('/inbox', { headers: { Purpose: 'prefetch' } }).then((answer) => answer.text())")
    assert unread(sqlite) == 1
    phone.get_by_role("link", name="Messages").click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("Messages")
    expect(phone.get_by_role("button", name="Mark all as read")).to_be_hidden()
    assert unread(sqlite) == 0
    expect(phone.get_by_text("Unread:")).to_have_count(1)  # what was new stays marked while it is looked at
    phone.get_by_role("link", name="300 points for joining").click()
    expect(phone.get_by_text("You became a member of the programme.")).to_be_visible()
    phone.get_by_role("link", name="Show the card").click()
    phone.wait_for_url("**/card")


def test_a_choice_is_made_by_touch_alone(phone: Page, sqlite: Engine):
    phone.goto("/profile/messages")
    phone.locator(".tick", has_text="Purchases").click(position={"x": 200, "y": 3})
    expect(phone.get_by_label("Purchases")).not_to_be_checked()
    phone.get_by_label("News and offers, at most").select_option("5")
    phone.get_by_label("From").fill("22:15")
    phone.get_by_role("button", name="Save").click()
    expect(phone.get_by_role("status").filter(has_text="Saved.")).to_be_visible()
    expect(phone.get_by_label("From")).to_have_value("22:15")
    with transaction(sqlite, writes=False) as session:
        member_id = session.scalar(text("select member_id from preference"))
    tell(sqlite, str(member_id), "purchase", now=clock.now())
    work_off(sqlite, now=clock.now())
    phone.goto("/inbox")
    expect(phone.get_by_text("Held back: you switched this topic off")).to_be_visible()
