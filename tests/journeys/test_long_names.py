"""Names as a shop may type them, longer than a narrow phone is wide: every page holds, and nothing leaves its panel."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page
from sqlalchemy import Engine

from portal.db import run, transaction
from portal.perks.operations.shelf import put_on_shelf
from portal.perks.shelf import Reward
from portal.programme.publish_rulebook import publish_rulebook
from portal.rulebook.document import load_toml
from portal.rulebook.receipt import Line
from tests.conftest import app_on
from tests.joining import sign_in
from tests.journeys.test_looks import DRAWN, NARROW, OVERFLOW, PHONE, TWICE
from tests.member.shop import NOW, RULEBOOK, buy
from tests.member.test_offers import DAY, MORE, give
from tests.member.test_rewards import COMMON
from tests.notifications.post import work_off
from tests.serving import served

pytestmark = pytest.mark.browser

LONG = "Сверхвысокоэффективноантиоксидантная"
LADDER = f"""
[tiers]
keep = {{type = "period", unit = "half_year", grace_days = 14}}
[[tiers.tiers]]
id = "first"
title = "{LONG}"
[[tiers.tiers]]
id = "second"
title = "{LONG} 2"
enter = {{metric = "spend", min = 900000000}}
benefits = [{{text = "Скидка 5 % на {LONG.lower()}", rules = ["long"]}}]
[[rules]]
id = "long"
title = "{LONG} 5 %"
effects = [{{type = "accrue_percent", rate_bp = 500}}]
"""
PAGES = (
    "/home", "/tier", "/offers", "/rewards", "/rewards/spa", "/route?goal=tier&by=2026-05-01",
    "/route?goal=spa&by=2026-05-01", "/history", "/history/2", "/calculator?lines=1&line1-amount=1999", "/inbox",
    "/card", "/profile",
)  # fmt: skip
STICKS_OUT = """() => {
  const words = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_TEXT);
  const found = [];
  for (let text = words.nextNode(); text; text = words.nextNode()) {
    if (!text.data.trim() || text.parentElement.closest(".unseen, [hidden], option")) continue;
    const range = new Range();
    range.selectNodeContents(text);
    const frame = text.parentElement.closest(".panel, .slip, .tile, .card, .moment, .ring") ?? document.body;
    const { left, right } = frame.getBoundingClientRect();
    const sticksOut = (box) => box.right > right + 1 || box.left < left - 1;
    if ([...range.getClientRects()].some(sticksOut)) found.push(text.data.trim().slice(0, 40));
  }
  return found;
}"""


@pytest.fixture
def phone(browser: Browser, sqlite: Engine) -> Iterator[Page]:
    """Give the phone of Ada, who has something of everything in a shop of long names."""
    named = RULEBOOK + MORE.replace("Маска", LONG).replace("Возвращайтесь", LONG).replace("Купон", LONG)
    rulebook = load_toml(named.replace('"Закрытая', f'"{LONG}') + LADDER)
    with transaction(sqlite, writes=True) as session:
        publish_rulebook(session, rulebook, effective_from=NOW - DAY, now=NOW)
    app = app_on(sqlite, demo=True, shop_name="Foam")
    app.extensions["clock"] = lambda: NOW
    with (
        served(app) as address,
        browser.new_context(base_url=address, locale="ru-RU", reduced_motion="reduce") as context,
    ):
        sign_in(context, app, address=address)
        buy(sqlite, "ada@example.com", Line(n=1, gross=199900, title=f"{LONG} 5 %", brand="Innisfree"))
        spa = Reward(id="spa", title={"ru": f"{LONG} 5 %"}, points=300_000, **COMMON)
        run(sqlite, lambda session: put_on_shelf(session, spa, stock=None), writes=True)
        give(sqlite, rulebook)
        work_off(sqlite, now=NOW)
        page = context.new_page()
        page.goto("/profile")
        page.get_by_role("button", name="Русский").click()
        yield page


def test_long_names_break_no_page(phone: Page) -> None:
    wrong = []
    for path in PAGES:
        phone.set_viewport_size(NARROW)
        phone.goto(path)
        for size, how in ((NARROW, "() => {}"), (PHONE, TWICE)):
            phone.set_viewport_size(size)
            phone.evaluate(how)
            phone.evaluate(DRAWN)
            if (over := phone.evaluate(OVERFLOW)) > 0:
                wrong.append(f"{path} at {size['width']}: {over} px too wide")
            wrong += [f"{path} at {size['width']} sticks out: {each}" for each in phone.evaluate(STICKS_OUT)]
    assert not wrong, "\n".join(wrong)
