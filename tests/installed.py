"""Ada's phone with the app's worker in it, in a browser, and what that worker keeps there."""

from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page

from tests.joining import sign_in
from tests.waiting import wait_until

CONTROLLED = "() => navigator.serviceWorker.ready.then(() => Boolean(navigator.serviceWorker.controller))"
KEPT = """async () => Object.fromEntries(await Promise.all((await caches.keys()).map(
    async (name) => [name, (await (await caches.open(name)).keys()).map((asked) => new URL(asked.url).pathname)])))"""


@contextmanager
def phone_of_ada(browser: Browser, app: Flask, *, address: str) -> Iterator[BrowserContext]:
    """Open a browser in which Ada, who joined just now, is signed in."""
    with browser.new_context(
        base_url=address, locale="en-GB", viewport={"width": 390, "height": 844}, reduced_motion="reduce"
    ) as context:
        sign_in(context, app, address=address)
        yield context


def come_in(phone: Page) -> str:
    """Open home as Ada and let the worker begin; the answer is her card's number."""
    phone.goto("/home")
    wait_until(phone, CONTROLLED)
    return phone.locator(".card-number").inner_text()


def kept(phone: Page) -> dict[str, list[str]]:
    """Return the paths in each of the browser's caches, by the cache's name."""
    return phone.evaluate(KEPT)
