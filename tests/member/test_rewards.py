"""The reward shelf on the member's pages."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, text

from portal.db import Batch, run, transaction
from portal.ledger import operations as ledger
from portal.ledger.entries import Origin
from portal.ledger.queries import load as read_book_of
from portal.ledger.refunds import RefundTerms
from portal.perks.operations.shelf import put_on_shelf
from portal.perks.shelf import Reward
from portal.rulebook.validity import Validity, lot_dates
from tests.member.shop import MOSCOW, NOW, join
from tests.pages import Page, Pages

DAY = timedelta(days=1)
MONTH = Validity(type="days", n=30)
COMMON = {
    "about": {"en": "With our drop of foam"}, "left": None, "opens_at": None, "closes_at": None, "tiers": (),
    "per_member": None, "valid_days": 14, "on_shelf": True,
}  # fmt: skip


def put(engine: Engine, name: str, points: int, *, stock: int | None = None, **about: Any) -> None:
    reward = Reward(id=name.lower(), title={"en": name, "ru": name}, points=points, **COMMON | about)
    run(engine, lambda session: put_on_shelf(session, reward, stock=stock), writes=True)


@pytest.fixture
def ada(shop: Pages, sqlite: Engine) -> Pages:
    """Give the browser of Ada, who has 300 points, before a full shelf."""
    join(shop.speaking("en"))
    put(sqlite, "Mug", 200, stock=2)
    put(sqlite, "Bag", 400)
    put(sqlite, "Spa", 1000)
    put(sqlite, "Soap", 100, opens_at=NOW + DAY)
    put(sqlite, "Gone", 100, closes_at=NOW)
    return shop


def take(pages: Pages, name: str = "mug") -> Page:
    page = pages.get(f"/rewards/{name}")
    taken = page.find("input", name="taken").get("value")
    return pages.post(f"/rewards/{name}", {"taken": taken})


def section(page: Page, name: str) -> str:
    part = next(each for each in page.find_all("section") if each.get("aria-labelledby") == name)
    return " ".join("".join(part.itertext()).split())


def test_the_shelf_says_what_is_lacking_to_the_point(ada: Pages) -> None:
    page = ada.get("/rewards")
    assert page.heading == "Rewards"
    assert "Mug" in section(page, "now")
    assert "2 left" in section(page, "now")
    assert "From 5 March" in section(page, "now")
    assert "100 points more" in section(page, "almost")
    assert "700 points more" in section(page, "far")
    assert "Gone" not in page.words
    assert ada.get("/rewards/gone").status == 404


def test_one_touch_takes_one_and_shows_its_code(ada: Pages, sqlite: Engine) -> None:
    page = ada.get("/rewards/mug")
    assert "100 points stay" in page.words.replace("\u00a0", " ")
    told = {"taken": page.find("input", name="taken").get("value")}
    first, again = ada.post("/rewards/mug", told), ada.post("/rewards/mug", told)
    assert first.location == again.location
    ticket = ada.follow(first)
    with sqlite.connect() as connection:
        (code,) = connection.execute(text("select code from taken_reward")).one()
    assert code in ticket.words.replace(" ", "")
    assert "until 18 March inclusive" in ticket.words.replace("\u00a0", " ")
    assert "Mug" in section(ada.get("/rewards"), "waiting")
    assert "Mug" in ada.get("/history/2").words


@pytest.mark.parametrize(
    ("days", "told"), [(1, "на 1 день;"), (3, "на 3 дня;"), (14, "на 14 дней;"), (21, "на 21 день;")]
)
def test_how_long_a_code_lasts_is_counted_as_russian_counts(shop: Pages, sqlite: Engine, days: int, told: str) -> None:
    join(shop.speaking("ru"))
    put(sqlite, "Mug", 200, valid_days=days)
    assert told in shop.get("/rewards/mug").words


def test_it_can_be_given_back(ada: Pages) -> None:
    page = ada.follow(ada.post(f"{take(ada).location}/back", {}))
    assert "Given back, the points are yours again" in page.words
    assert "300 you can spend" not in page.words
    assert "300 points you can spend" in ada.get("/rewards").words.replace("\u00a0", " ")
    assert "2 left" in section(ada.get("/rewards"), "now")


def test_a_refusal_is_told_and_takes_nothing(ada: Pages, sqlite: Engine) -> None:
    page = ada.get("/rewards/mug")
    put(sqlite, "Mug", 200, stock=0)
    refused = ada.post("/rewards/mug", {"taken": page.find("input", name="taken").get("value")})
    assert refused.status == 409
    assert "The last one has just been taken" in refused.words
    assert "300 points you can spend" in ada.get("/rewards").words.replace("\u00a0", " ")
    for name in ("spa", "soap"):
        assert ada.get(f"/rewards/{name}").find_all("input", name="taken") == []
    assert ada.post("/rewards/mug", {"taken": "x"}).status == 400


def test_nobody_sees_or_returns_anothers_reward(ada: Pages) -> None:
    ticket = take(ada).location
    ben = Pages(ada.app).speaking("en")
    join(ben, name="Ben", contact="ben@example.com")
    assert ben.get(ticket).status == 404
    assert ben.post(f"{ticket}/back", {}).status == 404


def test_an_empty_shelf_says_so(shop: Pages) -> None:
    join(shop.speaking("en"))
    assert "The shelf is empty just now" in shop.get("/rewards").words


def test_what_is_owed_is_lacking_too(ada: Pages, sqlite: Engine) -> None:
    owe(sqlite, 137)
    page = ada.get("/rewards")
    assert "Owed: the next points cover it −137" in page.words
    assert "337 points more" in section(page, "far")
    assert ada.get("/rewards/mug").status == 200
    route = ada.get("/route?goal=mug&by=2026-03-20").words.replace("\u00a0", " ")
    assert "Owed: the next points cover it 137 points Lacking 337 points" in route
    assert "brings 337 points" in route


def owe(engine: Engine, points: int) -> None:
    """Leave Ada without points and owing some: what brought them was spent, and then brought back."""
    with transaction(engine, writes=True) as session:
        member_id = session.connection().exec_driver_sql("select id from member").scalar_one()
        batch, book = Batch(), read_book_of(session, member_id, now=NOW)
        origin, dates = Origin("purchase"), lot_dates(NOW, zone=MOSCOW, pending_days=0, valid=MONTH)
        book.grant(points, at=NOW, source="bought", origin=origin, dates=dates)
        book.redeem(points + 300, at=NOW, source="spent", origin=origin)
        book.refund(at=NOW, source="back", terms=RefundTerms(grace=dates), reverse={"bought": points})
        ledger.store(batch, book)
        batch.flush(session)
