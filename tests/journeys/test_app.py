"""The app in a real browser: its worker, what it keeps, what it forgets, how it takes a new version."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from wsgiref.types import StartResponse, WSGIEnvironment

import pytest
from playwright.sync_api import Browser, BrowserContext, BrowserType, Page, expect
from sqlalchemy import Engine

from portal import clock
from portal.factory import Portal
from portal.web import render, shell
from portal.web.static import SHELL_VERSION
from tests.conftest import app_on
from tests.joining import sign_in
from tests.member.shop import open_shop
from tests.serving import served
from tests.waiting import wait_until

pytestmark = pytest.mark.browser
KEPT = """async () => Object.fromEntries(await Promise.all((await caches.keys()).map(
    async (name) => [name, (await (await caches.open(name)).keys()).map((asked) => new URL(asked.url).pathname)])))"""
CONTROLLED = "() => navigator.serviceWorker.ready.then(() => Boolean(navigator.serviceWorker.controller))"
PUBLIC = re.compile(r"^/(static|style|icons)/|^(/card)?/offline$")


@dataclass
class Shop:
    """A shop on loopback whose application can be another one from a request to the next."""

    app: Portal
    address: str = ""

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        return self.app(environ, start_response)


@pytest.fixture
def shop(sqlite: Engine) -> Iterator[Shop]:
    open_shop(sqlite, now=clock.now())
    shop = Shop(app_on(sqlite, demo=True, shop_name="Foam"))
    with served(shop) as shop.address:
        yield shop


@pytest.fixture
def context(browser: Browser, shop: Shop) -> Iterator[BrowserContext]:
    """Open a browser in which Ada, who joined just now, is signed in."""
    with browser.new_context(
        base_url=shop.address, locale="en-GB", viewport={"width": 390, "height": 844}, reduced_motion="reduce"
    ) as context:
        sign_in(context, shop.app, address=shop.address)
        yield context


@pytest.fixture
def phone(context: BrowserContext) -> Page:
    return context.new_page()


@pytest.fixture
def renew(shop: Shop, sqlite: Engine, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Give a function that puts an application of another build in the place of this one, or of another version."""

    def other(version: int = SHELL_VERSION) -> None:
        for module in (shell, render):
            monkeypatch.setattr(module, "SHELL_VERSION", version)
        shop.app = app_on(sqlite, demo=True, shop_name=f"Foam {version}")

    return other


def come_in(phone: Page) -> str:
    """Open home as Ada and let the worker begin; the answer is her card's number."""
    phone.goto("/home")
    wait_until(phone, CONTROLLED)
    return phone.locator(".card-number").inner_text()


def kept(phone: Page) -> dict[str, list[str]]:
    return phone.evaluate(KEPT)


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


def test_a_new_build_takes_over_in_silence(phone: Page, renew: Callable[..., None]) -> None:
    come_in(phone)
    (before,) = kept(phone)
    renew()
    phone.evaluate("() => navigator.serviceWorker.getRegistration().then((found) => found.update())")
    wait_until(phone, f"() => caches.keys().then((names) => names.length === 1 && names[0] !== '{before}')")
    expect(phone.locator("[data-update]")).to_be_hidden()


def test_a_version_that_breaks_waits_until_it_is_asked_for(
    phone: Page, context: BrowserContext, renew: Callable[..., None]
) -> None:
    come_in(phone)
    other = context.new_page()
    other.goto("/calculator")
    other.get_by_role("textbox").first.fill("1999")
    renew(version=2)
    phone.evaluate("() => navigator.serviceWorker.getRegistration().then((found) => found.update())")
    refresh = phone.get_by_role("button", name="Refresh")
    expect(refresh).to_be_visible()
    expect(other.locator("[data-update]")).to_be_visible()
    assert len(kept(phone)) == 2
    with phone.expect_navigation():
        refresh.click()
    wait_until(phone, "() => caches.keys().then((names) => names.length === 1 && names[0].startsWith('shell-2.'))")
    expect(phone.locator("[data-update]")).to_be_hidden()
    expect(other.get_by_role("textbox").first).to_have_value("1999")


def test_a_refresh_that_was_asked_for_comes_though_the_new_worker_does_not(
    phone: Page, renew: Callable[..., None]
) -> None:
    """As in Chromium where a fetch wakes the old worker in that moment; here the new one hears nothing at all."""
    phone.add_init_script(
        """ServiceWorker.prototype.postMessage = (message) => {
            if (message === 'take-over') sessionStorage.told = Number(sessionStorage.told ?? 0) + 1;
        };"""
    )
    come_in(phone)
    renew(version=2)
    phone.evaluate("() => navigator.serviceWorker.getRegistration().then((found) => found.update())")
    with phone.expect_navigation():
        phone.get_by_role("button", name="Refresh").click()
    wait_until(phone, "async () => sessionStorage.told === '2'")
    assert len(kept(phone)) == 2
    expect(phone.locator("[data-update]")).to_be_hidden()


def test_what_is_asked_every_few_seconds_does_not_wake_the_worker(phone: Page) -> None:
    come_in(phone)
    phone.evaluate("() => fetch('/approve/open')")
    asked = "performance.getEntriesByName(location.origin + '/approve/open')"
    wait_until(phone, f"async () => {asked}.some(({{ workerMatchedSourceType: by }}) => by === 'network')")


def test_a_browser_finds_nothing_that_hinders_installing(
    browser_type: BrowserType, browser_type_launch_args: dict, shop: Shop, tmp_path: Path
) -> None:
    """In a profile on disk; a private window answers that it is one."""
    with browser_type.launch_persistent_context(tmp_path, **browser_type_launch_args) as context:
        page = context.pages[0]
        page.goto(shop.address)
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
