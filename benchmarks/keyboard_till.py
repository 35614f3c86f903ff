"""One till with a keyboard: `python benchmarks/keyboard_till.py`; issue 4 asks for 50 purchases a minute.

A real Chromium at a served shop on SQLite with durable commits. Every purchase is another member: a hand scanner types
the ten digits of the card and Enter, a hand types the amount, waits for the sum on the screen, and presses Enter; every
fifth shows the code of a phone and spends points, which are set aside and then recorded.
"""

import sys
import tempfile
import time
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parent.parent))

import shop
from playwright.sync_api import Page, sync_playwright
from sqlalchemy import text

from portal import clock
from portal.db import transaction
from portal.members.lookup import by_id
from portal.members.operations.sessions import open_session
from portal.members.queries.people import find_person
from portal.members.queries.sessions import find_card_device
from portal.members.rotating_code import draw_code, window_at
from portal.staff import operations as staff
from tests.browsers import find_browser

PURCHASES = 50
SCANNER_MS = 10
HAND_MS = 90
PIN = "4711"


def main() -> None:
    """Print how many purchases a minute one till records, and how many of them were spent on."""
    with tempfile.TemporaryDirectory() as folder:
        ours = shop.open_shop(f"sqlite:///{folder}/till.db", members=PURCHASES, welcome=300)
        tokens = _open_till(ours)
        with shop.serving(ours.url) as base, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=find_browser(), args=["--no-sandbox"])
            context = browser.new_context(base_url=base, viewport={"width": 1024, "height": 768})
            context.add_cookies([{"name": name, "value": value, "url": base} for name, value in tokens.items()])
            seconds = _sell(context.new_page(), ours)
            browser.close()
        with transaction(ours.engine, writes=False) as session:
            recorded = session.scalar(text("select count(*) from receipt"))
        print(f"{recorded} purchases in {seconds:.1f} s: {60 * PURCHASES / seconds:.0f} a minute")


def _sell(page: Page, ours: shop.Shop) -> float:
    page.goto("/till")
    started = time.perf_counter()
    for number, member in enumerate(ours.members):
        spends = number % 5 == 4
        page.keyboard.type(_shown(ours, member, rotating=spends), delay=SCANNER_MS)
        page.keyboard.press("Enter")
        page.wait_for_selector("#line1-price:focus")
        page.keyboard.type(str(100 + number), delay=HAND_MS)
        if spends:
            page.keyboard.press("Tab")
            page.keyboard.type("20", delay=HAND_MS)
        page.wait_for_selector(f"[data-told] [name=spent][value='{20 if spends else 0}']", state="attached")
        page.keyboard.press("Enter")
        if spends:
            page.wait_for_selector("[data-go]:focus")
            page.keyboard.press("Enter")
        page.wait_for_selector(".till-done")
        page.wait_for_selector("#shown:focus")
    return time.perf_counter() - started


def _open_till(ours: shop.Shop) -> dict[str, str]:
    """Let a device in, begin a shift on it, and return the cookies of both."""
    now = clock.now()
    with transaction(ours.engine, writes=True) as session:
        cashier = staff.add_staff(session, staff.NewStaff("Tim", "cashier", PIN), now=now)
        invited = staff.invite_device(session, store="S1", till="T1", now=now)
        device = staff.enrol_till(session, invited.code, now=now)
        shift = staff.start_shift(session, device.device, staff_id=cashier, pin=PIN, now=now)
    return {"till": device.token, "shift": shift.token, "language": "en"}


def _shown(ours: shop.Shop, member: str, *, rotating: bool) -> str:
    """Return the number of a member's card, or the code that the phone shows now."""
    now = clock.now()
    with transaction(ours.engine, writes=rotating) as session:
        number = find_person(session, by_id(member)).card_number
        if not rotating:
            return number
        opened = open_session(session, member, user_agent="", now=now)
        device = find_card_device(session, opened.id)
        return draw_code(number, key=device.key, window=window_at(now))


if __name__ == "__main__":
    main()
