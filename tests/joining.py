"""Ada's way in, in a browser, and the short one for tests of what comes after it."""

from collections.abc import Callable

from flask import Flask
from playwright.sync_api import BrowserContext, Page

from tests.member.shop import join
from tests.pages import Pages


def sign_in(context: BrowserContext, app: Flask, *, address: str) -> None:
    """Make a browser that of Ada, who has joined just now and speaks English; the way in is not walked."""
    ada = Pages(app).speaking("en")
    join(ada)
    session = ada.client.get_cookie("session")
    assert session
    kept = {"session": session.value, "language": "en"}
    context.add_cookies([{"name": name, "value": value, "url": address} for name, value in kept.items()])


def join_in_browser(page: Page, *, on_the_way: Callable[[], None] = lambda: None) -> None:
    """Take Ada from a typed contact to her home, on a page that speaks English; stop at each page between."""
    page.goto("/join")
    page.get_by_label("E-mail or phone").fill("ada@example.com")
    page.get_by_role("button", name="Send the code").click()
    on_the_way()
    page.get_by_label("Code", exact=True).fill(page.locator("[data-demo-code]").inner_text())
    page.get_by_role("button", name="Continue").click()
    on_the_way()
    page.get_by_label("What shall we call you?").fill("Ada")
    page.get_by_role("checkbox").first.check()
    page.get_by_role("button", name="Become a member").click()
    page.wait_for_url("**/home")
