"""What is open to a member, on a page of its own."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine

from portal.db import Batch, transaction
from portal.ledger import operations as ledger
from portal.ledger.entries import Origin
from portal.ledger.queries import load as read_book_of
from portal.perks import operations as perks
from portal.programme.publish_rulebook import publish_rulebook
from portal.rulebook.document import Rulebook, load_toml
from portal.rulebook.validity import Validity, lot_dates
from portal.segments import operations as segments
from tests.member.shop import NOW, RULEBOOK, join
from tests.pages import Page, Pages

DAY = timedelta(days=1)
MORE = """
[[wallets]]
id = "gift_mask"
kind = "gift"
title = {ru = "Маска", en = "Sheet mask"}
[[privileges]]
id = "comeback"
title = {ru = "Возвращайтесь", en = "Come back"}
[[coupons]]
id = "back10"
title = {ru = "Купон −10 %", en = "10 % off"}
[[rules]]
id = "comeback"
title = "Come back"
when = {type = "privilege", id = "comeback"}
consumes = "comeback"
effects = [{type = "discount_percent", rate_bp = 500}]
[[rules]]
id = "back10"
title = "Coupon"
when = {type = "coupon", template = "back10"}
effects = [{type = "discount_percent", rate_bp = 1000}]
[[rules]]
id = "club"
title = {ru = "Закрытая распродажа", en = "Early access to the sale"}
until = 2026-03-08T00:00:00
when = {type = "all", of = [{type = "segment", in = ["insiders"]}, {type = "receipt_total", min = 100}]}
effects = [{type = "discount_percent", rate_bp = 3000}]
[[rules]]
id = "tomorrow"
title = "Not yet"
from = 2026-03-05T00:00:00
effects = [{type = "accrue_fixed", points = 7}]
[[rules]]
id = "mask"
title = "Mask as a gift"
effects = [{type = "gift_item", wallet = "gift_mask", lines = {sku = ["MASK"]}}]
"""


@pytest.fixture
def rich(shop: Pages, sqlite: Engine) -> Pages:
    """Give the browser of a member who holds something of everything, in a shop with more rules."""
    join(shop.speaking("en"))
    rulebook = load_toml(RULEBOOK.replace("version = 17", "version = 18") + MORE)
    with transaction(sqlite, writes=True) as session:
        publish_rulebook(session, rulebook, effective_from=NOW, now=NOW)
    give(sqlite, rulebook)
    return shop


def give(engine: Engine, rulebook: Rulebook) -> None:
    with transaction(engine, writes=True) as session:
        member_id = session.connection().exec_driver_sql("select id from member").scalar_one()
        batch = Batch()
        book = read_book_of(session, member_id, now=NOW)
        dates = lot_dates(NOW, zone=rulebook.zone, pending_days=0, valid=Validity(type="days", n=30))
        book.grant(2, at=NOW, source="gift/1", origin=Origin("promo"), dates=dates, wallet="gift_mask")
        ledger.store(batch, book)
        perks.open_privilege(
            batch, member_id, privilege="comeback", at=NOW, until=NOW + 5 * DAY, uses=1, receipt_id=None
        )
        perks.issue_coupon(
            batch, template="back10", code="ABCDEFGHJKMNPQRS", at=NOW, until=NOW + DAY, member_id=member_id
        )
        batch.flush(session)
        segments.assign(session, member_id, segment="insiders", now=NOW)


def titles(page: Page, section: str) -> list[str]:
    part = next(each for each in page.find_all("section") if each.get("aria-labelledby") == section)
    found = ("".join(each.itertext()) for each in part.iter("span") if each.get("class") == "offer-title")
    return [title.replace("\u00a0", " ") for title in found]


def test_everything_open_stands_on_one_page(rich: Pages) -> None:
    page = rich.get("/offers")
    assert page.heading == "Offers"
    assert titles(page, "yours") == ["Come back", "Sheet mask"]
    assert titles(page, "coupons") == ["10 % off"]
    assert titles(page, "club") == ["Early access to the sale"]
    assert titles(page, "everybody") == ["Base 5 %", "Korean cosmetics"]
    assert "2 pieces, given out at the till" in page.words
    code = "".join(page.find("small", class_="offer-code").itertext())
    assert code == "ABCD EFGH JKMN PQRS", "it may break between its groups only"
    assert "5 days left" in page.words.replace("\u00a0", " ")
    assert "1 day left" in page.words.replace("\u00a0", " ")


def test_what_ended_is_gone(rich: Pages) -> None:
    rich.app.extensions["clock"] = lambda: NOW + 6 * DAY
    words = rich.get("/offers").words
    assert "Not yet" in words
    for gone in ("Come back", "10 % off", "Early access"):
        assert gone not in words


def test_a_club_is_closed_to_others(rich: Pages) -> None:
    ben = Pages(rich.app).speaking("en")
    join(ben, name="Ben", contact="ben@example.com")
    words = ben.get("/offers").words
    assert "Early access" not in words
    assert "Korean cosmetics" in words


def test_a_gift_is_told_in_pieces_and_never_as_points(rich: Pages) -> None:
    home = rich.get("/home")
    assert "+300 Welcome points" in home.words, "what is celebrated are points"
    row = next(each for each in home.find_all("a", class_="row") if "/history/" in (each.get("href") or ""))
    told = " ".join("".join(row.itertext()).split())
    assert told.startswith("A gift for you: Sheet mask × 2")
    assert "+2" not in told
    entry = rich.get(str(row.get("href")))
    assert entry.heading == "A gift for you: Sheet mask × 2"
    assert "Gifts Sheet mask +2 In all +2" in entry.words
    assert "points" not in entry.words.lower()


def test_a_gift_that_left_says_how(rich: Pages, sqlite: Engine) -> None:
    with transaction(sqlite, writes=True) as session:
        member_id = session.connection().exec_driver_sql("select id from member").scalar_one()
        batch, book = Batch(), read_book_of(session, member_id, now=NOW)
        book.redeem(1, at=NOW, source="gift/1/out", origin=Origin("gift"), wallet="gift_mask")
        ledger.store(batch, book)
        batch.flush(session)
    rich.app.extensions["clock"] = lambda: NOW + 40 * DAY
    words = rich.get("/history").words
    assert "Gift handed out: Sheet mask" in words
    assert "Gift ran out: Sheet mask" in words
    assert "Paid with points" not in words
