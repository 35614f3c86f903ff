"""Notifications in a real browser: every state of the page, one notification for each push, and where a tap leads.

There is no push service here, so `PushManager` gives what a phone of the tests would be given; the worker, the page and
the shop are real.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect
from sqlalchemy import Engine, text

from portal import clock
from portal.db import transaction
from portal.factory import Portal
from tests.conftest import app_on
from tests.member.shop import join, open_shop
from tests.pages import Pages
from tests.push.service import HOSTS, Phone
from tests.serving import served
from tests.waiting import wait_for

pytestmark = pytest.mark.browser

PIXEL, FOX = Phone("pixel").subscription, Phone("fox", HOSTS[1]).subscription
STUB = """
given => {
  const make = () => ({
    endpoint: given.endpoint, toJSON: () => given,
    unsubscribe: async () => { localStorage.removeItem("stub"); return true; },
  });
  PushManager.prototype.subscribe = async () => {
    if (given.fails) throw new DOMException("no service", "AbortError");
    localStorage.setItem("stub", given.endpoint);
    return make();
  };
  PushManager.prototype.getSubscription = async () => localStorage.getItem("stub") ? make() : null;
}
"""


@dataclass
class Shop:
    """A shop on loopback, and Ada's sign-in."""

    address: str
    cookie: str
    engine: Engine

    def endpoints(self) -> list[str]:
        with transaction(self.engine, writes=False) as session:
            return list(session.execute(text("select endpoint from push_subscription")).scalars())


@pytest.fixture
def shop(sqlite: Engine) -> Iterator[Shop]:
    open_shop(sqlite, now=clock.now())
    app: Portal = app_on(sqlite, demo=True, shop_name="Foam")
    ada = Pages(app)
    join(ada.speaking("en"))
    cookie = ada.client.get_cookie("session")
    assert cookie
    with served(app) as address:
        yield Shop(address, cookie.value, sqlite)


Opened = Callable[..., BrowserContext]


@pytest.fixture
def opened(browser: Browser, shop: Shop) -> Iterator[Opened]:
    """Give a way to open Ada's phone, allowed to notify or not, with some subscription to be given."""
    phones: list[BrowserContext] = []

    def phone(
        given: dict[str, Any] = PIXEL, *, allowed: bool = False, script: str = "", **options: Any
    ) -> BrowserContext:
        context = browser.new_context(
            base_url=shop.address, locale="en-GB", viewport={"width": 390, "height": 844}, **options
        )
        context.add_cookies([{"name": "session", "value": shop.cookie, "url": shop.address}])
        if allowed:
            context.grant_permissions(["notifications"], origin=shop.address)
        context.add_init_script(f"({STUB})({json.dumps(given)});{script}")
        phones.append(context)
        return context

    yield phone
    for context in phones:
        context.close()


def stands(page: Page, state: str) -> None:
    """Wait until the page says how things stand, and hold it to axe's rules there."""
    expect(page.locator(f"[data-push='{state}']")).to_be_visible()
    shown = [part for part in page.locator("[data-state]").all() if part.is_visible()]
    assert [part.get_attribute("data-state") for part in shown] == [state]
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_4 like Mac OS X) AppleWebKit/605.1.15 Version/18.4 Mobile Safari/604.1"
MESSENGER = "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36 Telegram-Android/11.0"
COUNTED = """
window.asked = 0;
const ask = Notification.requestPermission;
Notification.requestPermission = () => (window.asked++, ask());
"""
DENIED = "Object.defineProperty(Notification, 'permission', {get: () => 'denied'});"


@pytest.mark.parametrize(
    ("state", "options"),
    [
        ("unsupported", {"script": "delete window.PushManager"}),
        ("iphone", {"script": "delete window.PushManager", "user_agent": IPHONE}),
        ("within", {"user_agent": MESSENGER}),
        ("denied", {"script": DENIED}),
    ],
)
def test_where_they_cannot_be_switched_on_the_page_says_why(opened: Opened, state: str, options: dict[str, str]):
    page = opened(**options).new_page()
    page.goto("/push")
    stands(page, state)


def test_switched_on_from_a_tap_tried_and_switched_off(opened: Opened, shop: Shop):
    page = opened(allowed=True, script=COUNTED).new_page()
    page.goto("/push")
    stands(page, "default")
    assert page.evaluate("window.asked") == 0
    assert shop.endpoints() == []
    page.get_by_role("button", name="Switch on").click()
    stands(page, "on")
    expect(page.locator("[data-state='on'] .notice")).to_be_focused()
    assert page.evaluate("window.asked") == 1
    assert shop.endpoints() == [PIXEL["endpoint"]]
    page.get_by_role("button", name="Send me one now").click()
    expect(page.get_by_role("status").filter(has_text="Sent.")).to_be_visible()
    stands(page, "on")
    page.get_by_role("button", name="Switch off on this phone").click()
    stands(page, "default")
    assert shop.endpoints() == []


def test_a_service_we_do_not_send_through_is_told_of(opened: Opened, shop: Shop):
    page = opened({**PIXEL, "endpoint": "https://push.example.org/x"}, allowed=True).new_page()
    page.goto("/push")
    page.get_by_role("button", name="Switch on").click()
    stands(page, "failed")
    expect(page.locator("[data-state='failed'] .notice")).to_be_focused()
    assert shop.endpoints() == []


def test_a_no_to_the_browsers_question_is_said_and_holds_the_focus(opened: Opened, shop: Shop):
    page = opened(script="Notification.requestPermission = async () => 'denied'").new_page()
    page.goto("/push")
    page.get_by_role("button", name="Switch on").click()
    stands(page, "denied")
    expect(page.locator("[data-state='denied'] .notice").first).to_be_focused()


def test_a_lost_subscription_is_taken_up_at_the_next_start(opened: Opened, shop: Shop):
    """The browser forgets it, the shop has it: opening any page mends that; where it cannot, the page says so."""
    phone = opened(allowed=True)
    page = phone.new_page()
    page.goto("/push")
    page.get_by_role("button", name="Switch on").click()
    stands(page, "on")
    page.evaluate("localStorage.setItem('stub', 'other'); sessionStorage.clear()")
    page.close()
    with transaction(shop.engine, writes=True) as session:
        session.execute(text("update push_subscription set endpoint = :old"), {"old": FOX["endpoint"]})
    page = phone.new_page()
    with page.expect_response(lambda answer: answer.request.method == "POST" and "/push/" in answer.url) as told:
        page.goto("/home")
    assert told.value.status == 204
    assert shop.endpoints() == [PIXEL["endpoint"]]
    wants_a_tap = opened({**PIXEL, "fails": True}, allowed=True).new_page()
    wants_a_tap.goto("/push")
    stands(wants_a_tap, "lost")


def test_every_push_shows_one_notification_and_a_tap_goes_on_in_the_open_window(opened: Opened, shop: Shop):
    phone = opened(allowed=True)
    page = phone.new_page()
    page.goto("/home")
    page.evaluate("navigator.serviceWorker.ready.then(() => 1)")
    worker = Worker(page, shop.address)
    note = {
        "title": "120 баллов",
        "body": "+",
        "navigate": f"{shop.address}/history",
        "lang": "ru",
        "tag": "a",
        "app_badge": 2,
    }
    news = "There is news about your points"
    worker.push(json.dumps({"web_push": 8030, "notification": note}))
    assert worker.showing() == ["120 баллов"]
    worker.tap()
    page.wait_for_url("**/history")
    assert len(phone.pages) == 1
    for sent in ("no json", "", '{"web_push": 8030}', '{"web_push": 8030, "notification": {"title": ""}}'):
        worker.push(sent)
        assert worker.showing() == [news]
    assert worker.shown() == ["120 баллов", news, news, news, news]


class Worker:
    """The service worker of a page, pushed to as a push service would."""

    def __init__(self, page: Page, origin: str) -> None:
        self._page, self._origin = page, origin
        self._registrations: list[str] = []
        self._devtools = page.context.new_cdp_session(page)
        self._devtools.on("ServiceWorker.workerRegistrationUpdated", self._note)
        self._devtools.send("ServiceWorker.enable")
        page.wait_for_function("navigator.serviceWorker.controller !== null")
        self._worker = page.context.service_workers[0]
        self._worker.evaluate(
            """() => {
              self.shown = [];
              const show = registration.showNotification.bind(registration);
              registration.showNotification = async (title, options) => {
                await show(title, options);
                self.shown.push(title);
              };
            }"""
        )

    def _note(self, told: dict[str, Any]) -> None:
        self._registrations += [each["registrationId"] for each in told["registrations"]]

    def push(self, data: str) -> None:
        """Deliver a push, and wait until the worker has shown something for it."""
        before = len(self.shown())
        told = {"origin": self._origin, "registrationId": self._registrations[0], "data": data}
        self._devtools.send("ServiceWorker.deliverPushMessage", told)
        wait_for(self._page, lambda: len(self.shown()) > before)

    def shown(self) -> list[str]:
        """Return the titles of all that was ever shown."""
        return self._worker.evaluate("self.shown")

    def showing(self) -> list[str]:
        """Return the titles that are on the screen now."""
        return self._worker.evaluate("async () => (await registration.getNotifications()).map((each) => each.title)")

    def tap(self) -> None:
        """Tap what is shown. A script may not take the focus without a real tap, so that step is left out."""
        self._worker.evaluate(
            """async () => {
              WindowClient.prototype.focus = async function () { return this; };
              const [notification] = await registration.getNotifications();
              dispatchEvent(new NotificationEvent("notificationclick", { notification, action: "" }));
            }"""
        )
