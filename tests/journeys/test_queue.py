"""The till without a network, in a real browser: purchases wait on the device and are recorded once."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import Engine, text

from portal import clock
from portal.catalogue.operations import put_goods
from portal.db import run
from portal.receipts.queries import list_evidence
from portal.staff import operations as staff
from tests.scanning import scan
from tests.serving import served
from tests.till.shop import TIM_PIN, Till
from tests.till.test_goods import SERUM, SOAP
from tests.waiting import wait_for, wait_until
from tests.watching import silent

pytestmark = pytest.mark.browser

STORE = """(await import(document.querySelector("script[src*=till-strip]").src.replace("till-strip", "till-store")))"""

BREAK = f"""async () => {STORE}.inStore("readwrite", ({{ rows }}) => {{
    rows.get(1).onsuccess = ({{ target }}) => rows.put({{ ...target.result, sealed: new ArrayBuffer(64) }});
}})"""


@pytest.fixture
def shop(sqlite: Engine) -> Till:
    return Till(sqlite, now=clock.now())


@pytest.fixture
def till(shop: Till, browser: Browser) -> Iterator[Page]:
    """Serve the shop on loopback and open its till with Tim on shift, the worker at work."""
    with opened(shop, browser) as page:
        yield page


@contextmanager
def opened(shop: Till, browser: Browser) -> Iterator[Page]:
    shop.pages.app.extensions["clock"] = clock.now
    with (
        served(shop.pages.app) as address,
        browser.new_context(
            base_url=address, locale="en-GB", viewport={"width": 390, "height": 844}, reduced_motion="reduce"
        ) as context,
    ):
        context.add_cookies(signed_in(shop, address))
        with silent(context.new_page()) as page:
            page.goto("/till")
            page.evaluate("navigator.serviceWorker.ready.then(() => true)")
            yield page


def signed_in(shop: Till, address: str) -> list[Any]:
    code = shop.invite()
    device = shop.write(lambda session: staff.enrol_till(session, code, now=shop.now))
    shift = shop.write(
        lambda session: staff.start_shift(session, device.device, staff_id=shop.tim, pin=TIM_PIN, now=shop.now)
    )
    tokens = {"till": device.token, "shift": shift.token}
    return [{"name": name, "value": value, "url": address} for name, value in tokens.items()]


def sell_alone(page: Page, shown: str, amount: str) -> None:
    page.get_by_label("Code or card number").fill(shown)
    page.keyboard.press("Enter")
    expect(page.get_by_label("Amount of the receipt")).to_be_focused()
    page.get_by_label("Amount of the receipt").fill(amount)
    page.keyboard.press("Enter")
    expect(page.get_by_text(f"Kept: {amount}.")).to_be_visible()


def fit(page: Page) -> None:
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


def test_purchases_wait_without_a_network_and_are_recorded_once(shop: Till, till: Page) -> None:
    till.context.set_offline(True)
    till.goto("/till")
    expect(till.get_by_role("heading", level=1)).to_have_text("No connection")
    fit(till)
    sell_alone(till, shop.code(at=clock.now()), "1000")
    sell_alone(till, shop.card(), "250,50")
    expect(till.get_by_role("link", name="In the queue: 2")).to_be_visible()
    till.get_by_role("link", name="In the queue: 2").click()
    expect(till.get_by_role("listitem")).to_have_count(2)
    fit(till)
    assert shop.count("receipt") == 0
    till.context.set_offline(False)
    expect(till.get_by_role("heading", name="Nothing waits")).to_be_visible()
    assert (shop.count("receipt"), shop.broken()) == (2, [])
    kept = run(shop.engine, lambda session: list_evidence(session, since=shop.now, until=clock.now()), writes=False)
    assert [(each.staff_id, each.queued) for each in kept] == [(shop.tim, True)] * 2


def test_lines_and_barcodes_go_without_a_network_too(shop: Till, till: Page) -> None:
    shop.write(lambda session: put_goods(session, [SERUM, SOAP]))
    till.evaluate(f"async () => {STORE}.forgetFact('shelf')")
    till.goto("/till")
    wait_until(till, f"async () => Boolean(await {STORE}.fact('shelf'))")
    till.context.set_offline(True)
    till.goto("/till")
    till.get_by_label("Code or card number").fill(shop.card())
    till.keyboard.press("Enter")
    expect(till.get_by_label("Amount of the receipt")).to_be_focused()
    scan(till, SERUM.barcode)
    expect(till.get_by_label("Name of the goods")).to_have_value("Serum")
    for code in (SOAP.barcode, SOAP.barcode):
        till.get_by_label("Barcode of the goods").fill(code)
        till.keyboard.press("Enter")
        expect(till.get_by_label("Barcode of the goods")).to_have_value("")
    till.get_by_label("Barcode of the goods").fill("2000000000039")
    till.keyboard.press("Enter")
    expect(till.get_by_text("This device knows nothing of this barcode.")).to_be_visible()
    till.get_by_role("button", name="One more line").click()
    till.get_by_label("Price of one").last.fill("10,5")
    expect(till.get_by_role("definition")).to_have_text("1209.50")
    fit(till)
    till.get_by_role("button", name="Keep the purchase").dblclick()
    expect(till.get_by_text("Kept: 1209.50.")).to_be_visible()
    till.context.set_offline(False)
    wait_for(till, lambda: shop.count("receipt") == 1)
    expect(till.get_by_role("link", name="In the queue")).to_be_hidden()
    assert shop.write(lambda session: session.scalar(text("select gross from receipt"))) == 120950


def test_what_the_shop_refuses_stays_until_somebody_has_looked(shop: Till, till: Page) -> None:
    till.context.set_offline(True)
    till.goto("/till")
    forged = shop.code(at=clock.now())[:-6] + "000000"
    sell_alone(till, forged, "1000")
    till.context.set_offline(False)
    till.get_by_role("link", name="To be looked at: 1").click()
    expect(till.get_by_role("listitem")).to_contain_text("was not drawn by the member's phone")
    fit(till)
    till.get_by_role("button", name="Take it off").click()
    till.get_by_role("button", name="Take it off for good").click()
    expect(till.get_by_role("heading", name="Nothing waits")).to_be_visible()
    assert shop.count("receipt") == 0


def test_a_row_that_cannot_be_opened_steps_aside(shop: Till, till: Page) -> None:
    till.context.set_offline(True)
    till.goto("/till")
    sell_alone(till, shop.card(), "1000")
    sell_alone(till, shop.card(), "2000")
    till.evaluate(BREAK)
    till.context.set_offline(False)
    till.get_by_role("link", name="To be looked at: 1").click()
    expect(till.get_by_role("listitem")).to_have_count(1)  # the other one may still be on its way
    expect(till.get_by_role("listitem")).to_contain_text("This device cannot open it any more")
    expect(till.get_by_role("button", name="Send again")).to_be_hidden()
    fit(till)
    assert shop.count("receipt") == 1


def test_a_device_that_lost_its_time_loses_no_sale(shop: Till, till: Page) -> None:
    till.context.set_offline(True)
    till.add_init_script("{ const now = Date.now; Date.now = () => now() - 400_000_000_000; }")
    till.goto("/till")
    sell_alone(till, shop.card(), "1000")
    till.context.set_offline(False)
    wait_for(till, lambda: shop.count("receipt") == 1)
    expect(till.get_by_role("link", name="In the queue")).to_be_hidden()


def test_a_sale_that_loses_its_network_waits_under_its_own_key(shop: Till, till: Page) -> None:
    till.get_by_label("Code, card number or phone").fill(shop.card())
    till.keyboard.press("Enter")
    till.get_by_label("Amount of the receipt").fill("1000")
    till.context.set_offline(True)
    till.get_by_role("button", name="Confirm").click()
    till.get_by_role("button", name="Confirm").click()
    till.get_by_role("button", name="Keep it without a network").click()
    expect(till.get_by_text("Kept: 1000.")).to_be_visible()
    till.context.set_offline(False)
    expect(till.get_by_role("link", name="In the queue")).to_be_hidden()
    assert shop.count("receipt") == 1


def test_a_card_without_a_network_goes_on_to_the_page_that_keeps(shop: Till, till: Page) -> None:
    till.context.set_offline(True)
    till.get_by_label("Code, card number or phone").fill(shop.card())
    till.keyboard.press("Enter")
    expect(till.get_by_label("Code or card number")).to_have_value(re.compile(shop.card()[:4]))
    expect(till.get_by_label("Amount of the receipt")).to_be_focused()


def test_who_bought_lately_is_greeted_without_a_network(shop: Till, till: Page) -> None:
    shop.pages.speaking("en")
    shop.enrol()
    shop.sign_in()
    shop.sell(shop.card())
    till.evaluate(f"async () => {STORE}.forgetFact('names')")
    till.goto("/till")
    wait_until(till, f"async () => Boolean(await {STORE}.fact('names'))")
    assert till.evaluate(f"async () => Object.keys(await {STORE}.fact('names'))") == ["at", "iv", "sealed"]
    till.context.set_offline(True)
    till.goto("/till")
    till.get_by_label("Code or card number").fill(shop.code(at=clock.now()))
    expect(till.get_by_text("This is Ada.")).to_be_visible()


def test_a_locked_till_keeps_nothing(shop: Till, till: Page) -> None:
    till.context.set_offline(True)
    till.get_by_role("button", name="Lock").click()
    expect(till.get_by_role("main")).to_contain_text("The till is locked")
    expect(till.get_by_label("Code or card number")).to_be_hidden()
    assert json.loads(till.evaluate("JSON.stringify(Object.keys(sessionStorage))")) == []


def test_the_back_button_leads_on_from_what_was_recorded(shop: Till, till: Page) -> None:
    till.get_by_label("Code, card number or phone").fill(shop.card())
    till.keyboard.press("Enter")
    till.get_by_label("Amount of the receipt").fill("1000")
    expect(till.locator("#quote")).to_contain_text("RUB 1,000.00")
    till.get_by_role("button", name="Confirm").click()
    expect(till.get_by_role("heading", level=1)).to_have_text("Recorded")
    receipt = till.url.rpartition("/")[2]
    till.go_back()
    expect(till.get_by_role("heading", level=1)).to_have_text("This page is over")
    fit(till)
    till.goto(f"/till/refund/{receipt}")
    till.get_by_role("button", name="Everything comes back").click()
    till.get_by_role("button", name="Confirm").click()
    expect(till.get_by_role("heading", level=1)).to_have_text("Brought back")
    till.go_back()
    expect(till.get_by_role("heading", level=1)).to_have_text("This page is over")
    till.get_by_role("link", name="Next sale").click()
    expect(till.get_by_role("heading", level=1)).to_have_text("Scan the card")
