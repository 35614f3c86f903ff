"""A small shop for the member's pages: a rulebook with a base rule, a doubled one and one that does not fire."""

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Engine

from portal.db import transaction
from portal.members.lookup import by_email
from portal.programme.command import Command
from portal.programme.publish_rulebook import publish_rulebook
from portal.programme.record_receipt import record_receipt
from portal.programme.told import ToldReceipt
from portal.rulebook.document import Rulebook, load_toml
from portal.rulebook.receipt import Line, Receipt
from tests.pages import Page, Pages

NOW = datetime(2026, 3, 4, 9, 30, tzinfo=UTC)
MOSCOW = ZoneInfo("Europe/Moscow")

RULEBOOK = """
id = "foam"
version = 17
title = "Foam"
currency = "RUB"
timezone = "Europe/Moscow"
[welcome]
points = 300
valid = {type = "days", n = 14}
[redemption]
max_share_bp = 3000
[[wallets]]
id = "points"
valid = {type = "days", n = 180}
[[rules]]
id = "base5"
title = {ru = "Базовые 5 %", en = "Base 5 %"}
effects = [{type = "accrue_percent", rate_bp = 500}]
[[rules]]
id = "korean"
title = {ru = "Корейская косметика", en = "Korean cosmetics"}
when = {type = "line_total", lines = {brand = ["Innisfree"]}, min = 100000}
effects = [{type = "accrue_fixed", points = 50}]
"""


def shop_rulebook() -> Rulebook:
    return load_toml(RULEBOOK)


def open_shop(engine: Engine, *, now: datetime = NOW) -> Rulebook:
    """Publish the rulebook, in force since a month before."""
    with transaction(engine, writes=True) as session:
        publish_rulebook(session, shop_rulebook(), effective_from=now - timedelta(days=30), now=now)
    return shop_rulebook()


def join(pages: Pages, *, name: str = "Ada", contact: str = "ada@example.com", news: bool = False) -> Page:
    """Take somebody the whole way in; the answer is their home."""
    code = shown_code(pages.follow(pages.post("/join", {"contact": contact})))
    pages.follow(pages.post("/code", {"code": code}))
    told = {"name": name, "programme": "y"} | ({"news": "y"} if news else {})
    return pages.follow(pages.post("/welcome", told))


def shown_code(page: Page) -> str:
    """Read the code that the demo shows."""
    found = re.search(r"\b\d{6}\b", page.words)
    assert found, "no code is shown"
    return found[0]


def buy(
    engine: Engine, contact: str, *lines: Line, number: str = "T1-000001", at: datetime = NOW, points: int = 0
) -> None:
    """Let a till tell a receipt of a member."""
    receipt = Receipt(at=at.astimezone(MOSCOW), lines=lines, number=number, store="S1", points_requested=points)
    command = Command(client="till", key=number, now=at)
    with transaction(engine, writes=True) as session:
        record_receipt(session, ToldReceipt(receipt=receipt, member=by_email(contact)), command=command)
