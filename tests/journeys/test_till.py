"""The till's one screen in a real browser: Enter all the way, a thumb all the way, points that wait for the money."""

from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import Engine

from portal import clock
from portal.catalogue.goods import Goods
from portal.catalogue.operations import put_goods
from portal.staff import operations as staff
from tests.scanning import scan
from tests.serving import served
from tests.till.shop import TIM_PIN, Till
from tests.waiting import wait_until
from tests.watching import silent

pytestmark = pytest.mark.browser

PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
COUNTER: dict[str, Any] = {"viewport": {"width": 1024, "height": 768}}
NARROW = {"width": 320, "height": 640}
APART = """() => {
  const [name, figure] = [".till-name", ".till-balance-figure"].map(each => document.querySelector(each));
  [name.textContent, figure.textContent] = ["Александра-Виктория", "1\u00a0234\u00a0567"];
  const letters = new Range();
  letters.selectNodeContents(name);
  const {left, top} = figure.getBoundingClientRect();
  const lines = [...letters.getClientRects()];
  return lines.length <= 2 && lines.every(line => line.right <= left || line.bottom <= top);
}"""
DUE = """() => {
  const due = '<ul class="till-due"><li><svg class="icon"></svg><span>Возвращайтесь за 30 дней</span></li></ul>';
  document.querySelector(".till-who").insertAdjacentHTML("beforeend", due);
  document.documentElement.style.fontSize = "200%";
}"""
AND_ENTER = """(field, typed) => {
  field.value = typed;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true, cancelable: true }));
}"""
"""A hand so quick that no sum can be told in between."""
OVERFLOW = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
AT_ONCE = "() => document.querySelector('[data-go]').getBoundingClientRect().bottom <= innerHeight"

TYPED = "() => sessionStorage.getItem('till-sale')"
ENTER_AT_ONCE = """
addEventListener("DOMContentLoaded", () => {
  const enter = new KeyboardEvent("keydown", { key: "Enter", bubbles: true, cancelable: true });
  document.querySelector("#line1-price")?.dispatchEvent(enter);
});
"""


@pytest.fixture
def shop(sqlite: Engine) -> Till:
    return Till(sqlite, now=clock.now())


@pytest.fixture
def counter(shop: Till, browser: Browser) -> Iterator[Any]:
    """Open the shop's till with Tim on shift in browsers of any size."""
    shop.pages.app.extensions["clock"] = clock.now
    code = shop.invite()
    device = shop.write(lambda session: staff.enrol_till(session, code, now=shop.now))
    shift = shop.write(
        lambda session: staff.start_shift(session, device.device, staff_id=shop.tim, pin=TIM_PIN, now=shop.now)
    )
    contexts = []
    with served(shop.pages.app) as address:

        def opened(size: dict[str, Any], *, language: str = "en") -> Page:
            context = browser.new_context(base_url=address, reduced_motion="reduce", **size)
            contexts.append(context)
            kept = {"till": device.token, "shift": shift.token, "language": language}
            context.add_cookies([{"name": name, "value": value, "url": address} for name, value in kept.items()])
            page = context.new_page()
            page.goto("/till")
            return page

        yield opened
        for context in contexts:
            context.close()


def test_enter_goes_all_the_way(shop: Till, counter: Any) -> None:
    page = counter(COUNTER)
    with silent(page):
        for amount in ("100", "200"):
            page.keyboard.type(shop.card())
            page.keyboard.press("Enter")
            expect(page.locator("#line1-price")).to_be_focused()
            page.keyboard.type(amount)
            expect(page.locator("#quote")).to_contain_text(f"RUB {amount}.00")
            page.keyboard.press("Enter")
            expect(page.get_by_role("heading", level=1)).to_have_text("Recorded")
            expect(page.locator("#shown")).to_be_focused()
    assert shop.count("receipt") == 2


def test_a_hand_scanner_takes_goods_too(shop: Till, counter: Any) -> None:
    soap = Goods(sku="SOAP", title="Soap", price=9900, barcode="2000000000015")
    shop.write(lambda session: put_goods(session, [soap]))
    page = counter(COUNTER)
    page.keyboard.type(shop.card())
    page.keyboard.press("Enter")
    expect(page.locator("#line1-price")).to_be_focused()
    for amount in ("99.00", "198.00"):
        scan(page, soap.barcode)
        expect(page.locator("#quote")).to_contain_text(f"RUB {amount}")
    page.locator("#line1-qty").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Recorded")


def test_enter_before_the_sum_is_told_asks_for_it_first(shop: Till, counter: Any) -> None:
    page = counter(COUNTER)
    page.keyboard.type(shop.card())
    page.keyboard.press("Enter")
    expect(page.locator("#line1-price")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#quote")).to_contain_text("Type a sum")
    page.evaluate("() => { window.stays = true }")
    page.locator("#line1-price").evaluate(AND_ENTER, "100")
    expect(page.locator("#quote")).to_contain_text("RUB 100.00")
    expect(page.locator("#line1-price")).to_have_value("100")
    assert shop.count("receipt") == 0
    page.locator("#line1-price").evaluate(AND_ENTER, "1000")
    expect(page.locator("#quote")).to_contain_text("RUB 1,000.00")
    assert page.evaluate("() => window.stays"), "the page was loaded anew"
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_contain_text("+50 points")


def test_what_was_typed_comes_back_after_a_reload(shop: Till, counter: Any) -> None:
    page = counter(COUNTER)
    page.keyboard.type(shop.code())
    page.keyboard.press("Enter")
    page.locator("#line1-price").fill("1999")
    page.locator("#points").fill("80")
    page.get_by_text("Number of the printed receipt").click()
    page.get_by_label("Receipt number").fill("A-17")
    expect(page.locator("#quote")).to_contain_text("RUB 1,919.00")
    page.reload()
    expect(page.locator("#quote")).to_contain_text("RUB 1,919.00")
    expect(page.get_by_label("Receipt number")).to_have_value("A-17")
    page.get_by_role("button", name="Line by line").click()
    page.locator("#line1-title").fill("Soap")
    expect(page.locator("#quote")).to_contain_text("Soap")
    page.reload()
    expect(page.locator("#line1-title")).to_have_value("Soap")
    page.get_by_role("button", name="Set the points aside").click()
    page.get_by_role("button", name="Paid, record it").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Recorded")
    assert page.evaluate(TYPED) is None
    assert shop.count("receipt") == 1


def test_what_was_typed_is_forgotten_by_a_lock_and_by_another_card(shop: Till, counter: Any) -> None:
    page = counter(COUNTER)
    card = shop.card()
    for role, name, leads_to in (("link", "Another card", "/till"), ("button", "Lock", "/till/sign-in*")):
        page.locator("#shown").fill(card)
        page.keyboard.press("Enter")
        page.locator("#line1-price").fill("1999")
        page.get_by_role(role, name=name).click()
        page.wait_for_url(f"**{leads_to}")
        wait_until(page, f"async () => ({TYPED})() === null")
    open_shift(page)
    page.locator("#shown").fill(card)
    page.keyboard.press("Enter")
    expect(page.locator("#line1-price")).to_have_value("")


def open_shift(page: Page) -> None:
    page.get_by_label("Tim").check()
    page.get_by_label("PIN").fill(TIM_PIN)
    page.keyboard.press("Enter")
    page.wait_for_url("**/till")


def test_a_reload_brings_back_nothing_of_another_shift(shop: Till, counter: Any) -> None:
    page = counter(COUNTER)
    page.keyboard.type(shop.card())
    page.keyboard.press("Enter")
    page.locator("#line1-price").fill("1999")
    expect(page.locator("#quote")).to_contain_text("RUB 1,999.00")
    page.context.clear_cookies(name="shift")
    sign_in = page.context.new_page()
    sign_in.goto("/till")
    open_shift(sign_in)
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text("This page is over")
    assert page.evaluate(TYPED) is None


def test_enter_before_htmx_begins_is_not_lost(shop: Till, counter: Any) -> None:
    page = counter(COUNTER)
    page.add_init_script(ENTER_AT_ONCE)
    page.keyboard.type(shop.card())
    page.keyboard.press("Enter")
    expect(page.locator("#quote")).to_contain_text("Type a sum")


def test_a_thumb_takes_points_and_they_wait_for_the_money(shop: Till, counter: Any) -> None:
    page = counter(PHONE)
    page.locator("#shown").fill(shop.code())
    page.keyboard.press("Enter")
    for key in "1999":
        page.get_by_role("button", name=key, exact=True).tap()
    expect(page.locator("#line1-price")).to_have_value("1999")
    expect(page.locator("#points-hint")).to_have_text("at most 300")
    assert page.evaluate(AT_ONCE)
    page.get_by_label("Points to spend").tap()
    page.get_by_role("button", name="8", exact=True).tap()
    page.get_by_role("button", name="0", exact=True).tap()
    page.get_by_role("button", name="Take the last digit away").tap()
    expect(page.locator("#quote")).to_contain_text("RUB 1,991.00")
    page.get_by_role("button", name="The most").tap()
    expect(page.locator("#quote")).to_contain_text("RUB 1,699.00")
    page.get_by_role("button", name="Set the points aside").tap()
    expect(page.get_by_role("main")).to_contain_text("300 points. Take the money, then record.")
    page.get_by_role("button", name="Give them back").tap()
    expect(page.get_by_role("main")).to_contain_text("Earns only")
    expect(page.locator("#quote")).to_contain_text("RUB 1,999.00")
    page.get_by_role("button", name="Confirm").tap()
    expect(page.get_by_role("main")).to_contain_text("+99 points")
    assert shop.broken() == []


@pytest.mark.parametrize(("language", "scheme"), [("en", "light"), ("ru", "dark")])
def test_the_screen_holds_in_every_light_and_width(shop: Till, counter: Any, language: str, scheme: str) -> None:
    page = counter({**PHONE, "color_scheme": scheme}, language=language)
    page.locator("#shown").fill(shop.code())
    page.keyboard.press("Enter")
    page.locator("#line1-price").fill("1999")
    page.locator("#points").fill("120")
    expect(page.locator("input[name=spent]")).to_have_value("120")
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    page.set_viewport_size(NARROW)
    assert page.evaluate(APART)
    assert page.evaluate(OVERFLOW) <= 0
    page.locator("[data-go]").tap()
    expect(page.locator("input[name=hold]")).to_have_count(1)
    assert page.evaluate(OVERFLOW) <= 0
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    page.set_viewport_size(PHONE["viewport"])
    page.evaluate(DUE)
    assert page.evaluate(OVERFLOW) <= 0
    for path in ("/till/over", "/till/shift"):
        page.goto(path)
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        assert page.evaluate(OVERFLOW) <= 0
