"""Staff in a real browser: a correction under four eyes by keys alone, and a till that locks itself."""

from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import Engine

from portal import clock
from portal.staff import operations as staff
from tests.journeys.test_looks import too_wide_in_large
from tests.serving import served
from tests.till.shop import MIRA_PIN, TIM_PIN, Till
from tests.watching import silent

pytestmark = pytest.mark.browser
TEN_MINUTES = "10:01"


@pytest.fixture
def page(sqlite: Engine, browser: Browser) -> Any:
    """Give a phone that is a till with Tim on shift."""
    shop = Till(sqlite, now=clock.now())
    shop.pages.app.extensions["clock"] = clock.now
    code = shop.invite()
    device = shop.write(lambda session: staff.enrol_till(session, code, now=shop.now))
    shift = shop.write(
        lambda session: staff.start_shift(session, device.device, staff_id=shop.tim, pin=TIM_PIN, now=shop.now)
    )
    tokens = {"till": device.token, "shift": shift.token}
    with served(shop.pages.app) as address, browser.new_context(base_url=address, locale="en-GB") as context:
        context.add_cookies([{"name": name, "value": value, "url": address} for name, value in tokens.items()])
        with silent(context.new_page()) as page:
            yield page


def test_a_correction_is_asked_for_and_approved_by_keys_alone(page: Page) -> None:
    page.goto("/till/corrections")
    page.keyboard.type("+79123456789")
    page.keyboard.press("Enter")
    expect(page.get_by_label("How many")).to_be_focused()
    page.keyboard.type("50")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.type("the milk was sour")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Waits for a second person")
    expect(page.get_by_label("PIN of the second person")).to_be_focused()
    page.keyboard.type(MIRA_PIN)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Corrected")
    assert too_wide_in_large(page, "Исправлено") <= 0
    expect(page.get_by_role("main")).to_contain_text("Mira")


def test_a_till_that_nobody_touches_locks_itself(page: Page) -> None:
    page.clock.install()
    page.goto("/till")
    page.clock.fast_forward("09:00")
    page.keyboard.press("Shift")
    page.clock.fast_forward("09:00")
    expect(page.get_by_role("heading", level=1)).to_have_text("Scan the card")
    page.clock.fast_forward(TEN_MINUTES)
    expect(page.get_by_role("heading", level=1)).to_have_text("Begin the shift")
    page.goto("/till/corrections")
    expect(page.get_by_role("heading", level=1)).to_have_text("Begin the shift")
