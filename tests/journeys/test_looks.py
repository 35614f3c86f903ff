"""Every member page in a real browser: axe by day and night in both languages, 320 px, twice the text, focus, targets.

One test, one server, one browser: opening them costs more than looking.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page
from sqlalchemy import Engine

from portal import clock
from portal.rulebook.receipt import Line
from tests.conftest import app_on
from tests.joining import join_in_browser
from tests.member.every_page import MEMBERS, STRANGERS
from tests.member.shop import buy, open_shop
from tests.member.test_rewards import put
from tests.serving import served

pytestmark = pytest.mark.browser

CREAM = Line(n=1, gross=199900, title="Крем с муцином улитки для очень сухой кожи", brand="Innisfree")
DEAR = Line(n=1, gross=2_500_000_000, title="Сверхвысокоэффективная сыворотка для лица с гиалуроновой кислотой")
ALONE = ("/till/offline", "/till/queue")
PHONE, NARROW = {"width": 390, "height": 844}, {"width": 320, "height": 640}
OVERFLOW = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
OUTSIDE = """() => [...document.querySelectorAll("body *")]
  .filter(each => each.getBoundingClientRect().right > document.documentElement.clientWidth)
  .map(each => `${each.className}: ${each.textContent.trim().slice(0, 30)}`).slice(-4)"""
LOOSE = """() => [...document.querySelectorAll(".row-figure + .row-go")].filter(each =>
  each.getBoundingClientRect().top >= each.previousElementSibling.getBoundingClientRect().bottom).length"""
BROKEN = """() => [...document.querySelectorAll(".slip-name, .till-name, .balance-part-words")].flatMap(each =>
  [...(each.firstChild?.data ?? "").matchAll(/[^\\s-]+/g)].filter(word => {
    const range = new Range();
    range.setStart(each.firstChild, word.index);
    range.setEnd(each.firstChild, word.index + word[0].length);
    return range.getClientRects().length > 1;
  }).map(word => word[0]))"""
MOVING = """() => document.getAnimations()
  .filter(each => each.playState === "running" && each.effect.getComputedTiming().duration > 20).length"""
TWICE = "() => { document.documentElement.style.fontSize = '200%' }"
RENAMED = "(words) => { document.querySelector('h1').lastChild.textContent = words }"
DRAWN = "() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))"
CUT = """() => [...document.querySelectorAll("h1, h2, p, a, button, label, dd, dt, .figures")]
  .filter(each => each.scrollWidth > each.clientWidth + 1 && getComputedStyle(each).overflow === "hidden"
    && !each.matches(".unseen, .unseen *")).map(each => each.textContent.trim().slice(0, 40))"""
SMALL = """() => [...document.querySelectorAll("a, button, select, input:not([type=hidden]), summary")]
  .filter(each => each.checkVisibility({visibilityProperty: true}))
  .filter(each => !each.matches(".skip, .unseen, p a, dd a, li > span a"))
  .map(each => {
    const target = each.matches("[type=checkbox]") ? each.closest(".tick") ?? each : each;
    const {width, height} = target.getBoundingClientRect();
    return {name: each.textContent.trim().slice(0, 30) || each.id, width, height};
  }).filter(({width, height}) => height < 44 || width < 44)"""
RING = """() => {
  const {outlineStyle, outlineWidth, boxShadow} = getComputedStyle(document.activeElement);
  const box = document.activeElement.getBoundingClientRect();
  const bar = document.querySelector(".bar")?.getBoundingClientRect();
  const covered = bar && !document.activeElement.closest(".bar") && box.top >= bar.top && box.top < innerHeight;
  return {name: document.activeElement.tagName + " " + document.activeElement.textContent.trim().slice(0, 30),
    page: document.activeElement === document.body, covered: Boolean(covered),
    seen: (outlineStyle !== "none" && parseFloat(outlineWidth) >= 2) || boxShadow !== "none"};
}"""


@pytest.fixture
def address(sqlite: Engine) -> Iterator[str]:
    """Serve a shop in which Ada will have bought something."""
    open_shop(sqlite, now=clock.now())
    with served(app_on(sqlite, demo=True, shop_name="Foam")) as address:
        yield address


def opened(browser: Browser, address: str, **how: Any) -> Page:
    how = {"viewport": PHONE, "reduced_motion": "reduce", "locale": "en-GB", "service_workers": "block"} | how
    return browser.new_context(base_url=address, **how).new_page()


def test_every_page_is_fit_for_everybody(browser: Browser, address: str, sqlite: Engine) -> None:
    entering = opened(browser, address)
    wrong: list[str] = []

    def look() -> None:
        found = [*judged(entering), *reached(entering), *squeezed(entering)]
        wrong.extend(f"{entering.url} en light: {each}" for each in found)

    join_in_browser(entering, on_the_way=look)
    buy(sqlite, "ada@example.com", CREAM, at=clock.now())
    buy(sqlite, "ada@example.com", DEAR, number="T1-000002", at=clock.now())
    put(sqlite, "Mug", 100, stock=3)
    put(sqlite, "Spa", 90_000_000)
    ada = entering.context.storage_state()
    for paths, state in ((STRANGERS, None), ((*MEMBERS, "/rewards/mug", "/history/3"), ada)):
        by_night = opened(browser, address, storage_state=state, color_scheme="dark")
        for path in paths:
            by_night.goto(path)
            wrong += [f"{path} en dark: {each}" for each in judged(by_night)]
        by_night.context.close()
    entering.goto("/profile")
    entering.get_by_role("button", name="Русский").click()
    entering.wait_for_load_state()
    for paths, state in (((*STRANGERS, *ALONE), None), ((*MEMBERS, "/rewards/mug", "/history/3"), ada)):
        by_day = opened(browser, address, storage_state=state, locale="ru-RU", color_scheme="light")
        for path in paths:
            by_day.goto(path)
            wrong += [f"{path} ru light: {each}" for each in [*judged(by_day), *reached(by_day), *squeezed(by_day)]]
        by_day.context.close()
    assert not wrong, "\n".join(wrong)


def judged(page: Page) -> list[str]:
    """Tell what axe finds, and what still moves where the reader asked for rest."""
    found = [f"{each['id']}: {each['nodes'][0]['html'][:120]}" for each in Axe().run(page).response["violations"]]
    return found + ([f"{moving} animations"] if (moving := page.evaluate(MOVING)) else [])


def reached(page: Page) -> list[str]:
    """Tell which targets are too small, and where the keyboard's focus is not seen."""
    found = [f"small: {each}" for each in page.evaluate(SMALL)]
    for _ in range(8):
        page.keyboard.press("Tab")
        ring = page.evaluate(RING)
        if ring["page"]:
            break
        if not ring["seen"] or ring["covered"]:
            found.append(f"focus: {ring}")
    return found


def test_an_error_of_two_fields_stands_above_both(browser: Browser, address: str) -> None:
    page = opened(browser, address, viewport=NARROW)
    join_in_browser(page)
    page.goto("/profile/holiday")
    page.get_by_label("Day").fill("31")
    page.get_by_label("Month").select_option("2")
    page.get_by_role("button", name="Keep the day").click()
    told, both = page.locator("#holiday_day-error").bounding_box(), page.locator(".fields-in-line").bounding_box()
    assert told is not None
    assert both is not None
    assert (told["width"], told["y"] + told["height"] <= both["y"]) == (both["width"], True)


def too_wide_in_large(page: Page, heading: str) -> int:
    """Tell by how many px a page is too wide with twice the text and a heading as long as it may be."""
    page.set_viewport_size(PHONE)
    page.evaluate(RENAMED, heading)
    page.evaluate(TWICE)
    page.evaluate(DRAWN)
    return page.evaluate(OVERFLOW)


def squeezed(page: Page) -> list[str]:
    """Tell what sticks out at 320 px, and at 390 px with the text twice as large."""
    found = []
    page.set_viewport_size(NARROW)
    page.evaluate(DRAWN)
    if (over := page.evaluate(OVERFLOW)) > 0:
        found.append(f"{over} px too wide at 320 px")
    if loose := page.evaluate(LOOSE):
        found.append(f"{loose} arrows below their rows at 320 px")
    found += [f"broken at 320 px: {each}" for each in page.evaluate(BROKEN)]
    page.set_viewport_size(PHONE)
    page.evaluate(TWICE)
    page.evaluate(DRAWN)
    if (over := page.evaluate(OVERFLOW)) > 0:
        found.append(f"{over} px too wide with twice the text: {page.evaluate(OUTSIDE)}")
    found += [f"broken with twice the text: {each}" for each in page.evaluate(BROKEN)]
    return found + [f"cut: {each}" for each in page.evaluate(CUT)]
