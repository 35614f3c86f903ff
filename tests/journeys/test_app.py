"""The app in a real browser: its worker, what it keeps, what it forgets, how it is installed."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, BrowserType, Page, expect
from sqlalchemy import Engine

from portal import clock
from portal.factory import Portal
from tests.conftest import app_on
from tests.installed import CONTROLLED, come_in, kept, phone_of_ada
from tests.member.shop import open_shop
from tests.serving import served
from tests.waiting import wait_until

pytestmark = pytest.mark.browser
PUBLIC = re.compile(r"^/(static|style|icons)/|^(/card)?/offline$")


@pytest.fixture
def app(sqlite: Engine) -> Portal:
    open_shop(sqlite, now=clock.now())
    return app_on(sqlite, demo=True, shop_name="Foam")


@pytest.fixture
def address(app: Portal) -> Iterator[str]:
    with served(app) as address:
        yield address


@pytest.fixture
def context(browser: Browser, app: Portal, address: str) -> Iterator[BrowserContext]:
    with phone_of_ada(browser, app, address=address) as context:
        yield context


@pytest.fixture
def phone(context: BrowserContext) -> Page:
    return context.new_page()


def databases(phone: Page) -> list[str]:
    return phone.evaluate("() => indexedDB.databases().then((all) => all.map(({ name }) => name))")


def test_pages_open_without_a_network_and_come_back_by_themselves(phone: Page, context: BrowserContext) -> None:
    come_in(phone)
    context.set_offline(True)
    for path in ("/?source=pwa", "/history", "/never-seen"):
        phone.goto(path)
        expect(phone.get_by_role("heading", level=1)).to_have_text("No connection")
    phone.goto("/history")
    context.set_offline(False)
    expect(phone.get_by_role("heading", level=1)).to_have_text("History")


def test_a_network_that_comes_back_haltingly_is_asked_again_soon(phone: Page, context: BrowserContext) -> None:
    come_in(phone)
    context.set_offline(True)
    phone.goto("/history")
    expect(phone.get_by_role("heading", level=1)).to_have_text("No connection")
    phone.route("**/healthz", lambda route: route.abort(), times=1)
    context.set_offline(False)
    expect(phone.get_by_role("heading", level=1)).to_have_text("History")


def test_the_page_without_a_network_speaks_the_language_chosen_last(phone: Page, context: BrowserContext) -> None:
    come_in(phone)
    phone.goto("/profile")
    phone.get_by_role("button", name="Русский").click()
    expect(phone.locator("html")).to_have_attribute("lang", "ru")
    phone.wait_for_function("() => localStorage.getItem('looks')?.startsWith('ru')")
    said = "() => caches.match('/offline').then((page) => page.text()).then((text) => text.includes('Нет связи'))"
    wait_until(phone, said)
    context.set_offline(True)
    phone.goto("/history")
    expect(phone.get_by_role("heading", level=1)).to_have_text("Нет связи")


def test_no_cache_holds_anything_of_a_member(phone: Page) -> None:
    come_in(phone)
    for path in ("/card", "/history", "/history/1", "/calculator", "/profile", "/home"):
        phone.goto(path)
    (name,) = kept(phone)
    assert name.startswith("shell-")
    assert [path for path in kept(phone)[name] if not PUBLIC.match(path)] == []


def test_signing_out_forgets_by_name_and_tells_the_other_tabs(phone: Page, context: BrowserContext) -> None:
    number = come_in(phone)
    other = context.new_page()
    other.goto("/home")
    phone.goto("/profile")
    phone.evaluate("() => caches.open('private-notes')")
    assert "card" in databases(phone)
    phone.get_by_role("button", name="Sign out").last.click()
    phone.wait_for_url(re.compile(r"/$"))
    other.wait_for_url(re.compile(r"/$"))
    assert [name for name in kept(phone) if not name.startswith("shell-")] == []
    assert "card" not in databases(phone)
    assert phone.evaluate("() => navigator.serviceWorker.getRegistration().then(Boolean)")
    phone.go_back()
    expect(phone.locator("body")).not_to_contain_text(number)
    context.set_offline(True)
    phone.goto("/card")
    expect(phone.locator("body")).not_to_contain_text(number)


def test_a_page_out_of_memory_asks_whose_session_this_is(phone: Page, context: BrowserContext) -> None:
    """As in Safari, which keeps pages whatever they say; this browser has no such memory, so the event is made."""
    come_in(phone)
    come_back = "() => dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))"
    phone.evaluate(come_back)
    expect(phone.get_by_role("heading", level=1)).to_be_visible()
    context.set_offline(True)
    phone.evaluate(come_back)
    expect(phone.get_by_role("heading", level=1)).to_be_visible()
    context.set_offline(False)
    context.clear_cookies(name="session")
    phone.evaluate(come_back)
    phone.wait_for_url(re.compile("/sign-in"))


def test_what_must_be_sent_waits_for_the_network_and_says_so(phone: Page, context: BrowserContext) -> None:
    come_in(phone)
    phone.goto("/calculator")
    strip = phone.locator("[data-offline]")
    expect(strip).to_be_hidden()
    context.set_offline(True)
    expect(strip).to_contain_text(re.compile(r"This is how it was at \d\d:\d\d"))
    button = phone.get_by_role("main").get_by_role("button").last
    expect(button).to_have_attribute("aria-disabled", "true")
    button.click(force=True)
    expect(phone.locator("#status")).to_contain_text("nothing was sent")
    context.set_offline(False)
    expect(strip).to_be_hidden()
    expect(button).not_to_have_attribute("aria-disabled", "true")


def test_a_form_that_nobody_answers_stays_and_is_sent_once_more(phone: Page, context: BrowserContext) -> None:
    """The phone takes itself for connected, as where the network is there and the shop is not."""
    phone.add_init_script("Object.defineProperty(navigator, 'onLine', { get: () => true })")
    come_in(phone)
    phone.goto("/wishes")
    words = phone.get_by_role("textbox")
    words.fill("Rose soap")
    context.set_offline(True)
    phone.get_by_role("button", name="Tell the shop").click()
    expect(phone.locator("#status")).to_contain_text("All is as you left it")
    expect(words).to_have_value("Rose soap")
    context.set_offline(False)
    phone.get_by_role("button", name="Tell the shop").click()
    expect(phone.get_by_text("The shop knows.")).to_be_visible()
    expect(phone.get_by_role("listitem").filter(has_text="Rose soap")).to_have_count(1)


def test_a_browser_finds_nothing_that_hinders_installing(
    browser_type: BrowserType, browser_type_launch_args: dict, address: str, tmp_path: Path
) -> None:
    """In a profile on disk; a private window answers that it is one."""
    with browser_type.launch_persistent_context(tmp_path, **browser_type_launch_args) as context:
        page = context.pages[0]
        page.goto(address)
        wait_until(page, CONTROLLED)
        devtools = context.new_cdp_session(page)
        assert devtools.send("Page.getAppManifest")["errors"] == []
        assert devtools.send("Page.getInstallabilityErrors")["installabilityErrors"] == []


def test_the_tile_comes_after_a_good_moment_and_stays_away_when_told(phone: Page) -> None:
    come_in(phone)
    tile = phone.locator("[data-install]")
    expect(tile).to_be_hidden()
    for path in ("/card", "/home"):
        phone.goto(path)
    expect(tile).to_be_visible()
    tile.get_by_role("button", name="Not now").click()
    expect(tile).to_be_hidden()
    expect(phone.get_by_role("link", name="Whole history")).to_be_focused()
    phone.goto("/home")
    expect(tile).to_be_hidden()
    phone.evaluate("() => localStorage.setItem('install-dismissed', Date.now() - 91 * 86_400_000)")
    for _ in range(2):
        phone.goto("/home")
    expect(tile).to_be_visible()
