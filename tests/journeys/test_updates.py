"""The app in a real browser that meets another build of itself, or one that its open pages cannot live with."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from wsgiref.types import StartResponse, WSGIEnvironment

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from sqlalchemy import Engine

from portal import clock
from portal.factory import Portal
from portal.web import render, shell
from portal.web.static import SHELL_VERSION
from tests.conftest import app_on
from tests.installed import come_in, kept, phone_of_ada
from tests.member.shop import open_shop
from tests.serving import served
from tests.waiting import wait_until

pytestmark = pytest.mark.browser
Renew = Callable[..., None]


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
    with phone_of_ada(browser, shop.app, address=shop.address) as context:
        yield context


@pytest.fixture
def phone(context: BrowserContext) -> Page:
    return context.new_page()


@pytest.fixture
def renew(shop: Shop, phone: Page, sqlite: Engine, monkeypatch: pytest.MonkeyPatch) -> Renew:
    """Give a function that puts another build, or another version, in the place of the app and tells the phone."""

    def other(version: int = SHELL_VERSION) -> None:
        for module in (shell, render):
            monkeypatch.setattr(module, "SHELL_VERSION", version)
        shop.app = app_on(sqlite, demo=True, shop_name=f"Foam {version}")
        phone.evaluate("() => navigator.serviceWorker.getRegistration().then((found) => found.update())")

    return other


def test_a_new_build_takes_over_in_silence(phone: Page, renew: Renew) -> None:
    come_in(phone)
    (before,) = kept(phone)
    renew()
    wait_until(phone, f"() => caches.keys().then((names) => names.length === 1 && names[0] !== '{before}')")
    expect(phone.locator("[data-update]")).to_be_hidden()


def test_a_version_that_breaks_waits_until_it_is_asked_for(phone: Page, context: BrowserContext, renew: Renew) -> None:
    come_in(phone)
    other = context.new_page()
    other.goto("/calculator")
    other.get_by_role("textbox").first.fill("1999")
    renew(version=2)
    refresh = phone.get_by_role("button", name="Refresh")
    expect(refresh).to_be_visible()
    expect(other.locator("[data-update]")).to_be_visible()
    assert len(kept(phone)) == 2
    with phone.expect_navigation():
        refresh.click()
    wait_until(phone, "() => caches.keys().then((names) => names.length === 1 && names[0].startsWith('shell-2.'))")
    expect(phone.locator("[data-update]")).to_be_hidden()
    expect(other.get_by_role("textbox").first).to_have_value("1999")


def test_a_refresh_that_was_asked_for_comes_though_the_new_worker_does_not(phone: Page, renew: Renew) -> None:
    """As in Chromium where a fetch wakes the old worker in that moment; here the new one hears nothing at all."""
    phone.add_init_script(
        """ServiceWorker.prototype.postMessage = (message) => {
            if (message === 'take-over') sessionStorage.told = Number(sessionStorage.told ?? 0) + 1;
        };"""
    )
    come_in(phone)
    renew(version=2)
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
