"""Ada's way in, in a browser."""

from collections.abc import Callable

from playwright.sync_api import Page


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
