"""Parts of a page in a real browser: they come in place, take the focus, and fall back on the whole page."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page, Route, expect
from sqlalchemy import Engine

from portal import clock
from portal.rulebook.receipt import Line
from tests.conftest import app_on
from tests.joining import sign_in
from tests.member.shop import buy, open_shop
from tests.serving import served

pytestmark = pytest.mark.browser
SOAP = Line(n=1, gross=10000, title="Soap")


@pytest.fixture
def phone(browser: Browser, sqlite: Engine) -> Iterator[Page]:
    """Give Ada's phone; she has bought soap sixty times."""
    open_shop(sqlite, now=clock.now())
    app = app_on(sqlite, demo=True, shop_name="Foam")
    size = {"width": 390, "height": 844}
    with (
        served(app) as address,
        browser.new_context(base_url=address, locale="en-GB", viewport=size, reduced_motion="reduce") as context,
    ):
        sign_in(context, app, address=address)
        joined = clock.now()
        for n in range(60):
            buy(sqlite, "ada@example.com", SOAP, number=f"T1-{n:06}", at=joined + timedelta(seconds=n))
        app.extensions["clock"] = lambda: joined + timedelta(hours=1)
        yield context.new_page()


def test_what_came_earlier_comes_in_place(phone: Page) -> None:
    phone.goto("/history")
    rows, shown = phone.locator("main a.row"), phone.locator("main a.row").count()
    phone.get_by_role("link", name="Earlier").click()
    expect(phone.get_by_role("link", name="Earlier")).to_have_count(0)
    assert rows.count() == 61 > shown
    expect(phone.locator("h2:focus")).to_have_count(1)
    assert phone.url.endswith("/history")


def test_a_basket_is_worked_out_in_place(phone: Page) -> None:
    phone.goto("/calculator")
    phone.evaluate("() => { window.stays = true }")
    phone.get_by_label("For how much").fill("x")
    phone.get_by_role("button", name="Work it out").click()
    expect(phone.locator(".summary:focus")).to_have_count(1)
    phone.get_by_label("For how much").fill("1999")
    phone.get_by_role("button", name="Work it out").click()
    expect(phone.locator("#answer:focus")).to_contain_text("In points")
    phone.get_by_role("button", name="One more line").click()
    expect(phone.locator("#line2-amount:focus")).to_have_count(1)
    assert phone.evaluate("window.stays")
    phone.reload()
    expect(phone.locator("#line1-amount")).to_have_value("1999")


def test_a_part_that_cannot_be_had_opens_the_page(phone: Page) -> None:
    phone.goto("/history")
    phone.route("**/history?before=*", _refuse_parts)
    phone.get_by_role("link", name="Earlier").click()
    phone.wait_for_url("**/history?before=*")
    expect(phone.get_by_role("heading", level=1)).to_have_text("History")


def _refuse_parts(route: Route) -> None:
    if "hx-request" in route.request.headers:
        route.abort()
    else:
        route.continue_()
