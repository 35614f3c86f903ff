"""What is told from outside: events, receipts of the past, rulebooks."""

import json
from datetime import datetime, timedelta

from sqlalchemy import text

from portal.ids import new_id
from portal.members.lookup import by_id
from portal.programme.import_receipt import import_receipt
from portal.programme.tell_event import ToldEvent, tell_event
from tests.programme.asking import doing, refused
from tests.programme.shop import BASE5, DAY, NOW, OPENED, Shop, line, rulebook


def test_an_event_is_kept_once(shop: Shop) -> None:
    ada = shop.join("ada@example.org")

    def tell(words: str = "good", *, member: str = ada, at: datetime = NOW):
        event = ToldEvent(id="review-1", type="review", at=at, fields={"text": words})
        return doing(shop, lambda session: tell_event(session, event, by_id(member), client="key:shop", now=NOW))

    assert tell().member_id == ada
    assert tell() == tell()
    assert refused(lambda: tell("bad")) == "event-conflict"
    assert refused(lambda: tell(at=NOW + timedelta(minutes=3))) == "event-in-the-future"
    missing = new_id(NOW)
    assert refused(lambda: tell(member=missing)) == "unknown-member"


def test_a_sale_is_told_outside_with_its_number_and_sums(shop: Shop) -> None:
    ada = shop.join("ada@example.org")
    shop.give(ada, 100)
    bought = shop.buy(ada, line(1, 100000), number="A-1", points_requested=100)
    with shop.engine.connect() as connection:
        told = connection.execute(text("select payload from event where type = 'receipt.recorded'")).scalar_one()
    assert (json.loads(told) if isinstance(told, str) else told) == {
        "receipt_id": bought.receipt_id, "store": "S1", "number": "A-1", "total": 100000, "due": 90000,
        "points_spent": 100, "earned": {ada: 45},
    }  # fmt: skip


def test_a_year_is_imported_at_its_own_time_and_once(shop: Shop) -> None:
    ada = shop.join("ada@example.org")
    told = [shop.told(ada, at=OPENED + week * 7 * DAY) for week in range(10)]
    told.append(shop.told(ada, at=OPENED + 71 * DAY, points_requested=200))
    answers = [doing(shop, lambda session, each=each: import_receipt(session, each, language="ru")) for each in told]
    assert [each.body.earned[ada] for each in answers[:10]] == [50] * 10
    assert (answers[-1].body.points_spent, answers[-1].body.earned) == (200, {ada: 40})
    again = doing(shop, lambda session: import_receipt(session, told[3], language="ru"))
    assert again.replayed
    assert shop.broken() == []


def test_a_version_is_published_once_and_never_for_the_past(shop: Shop) -> None:
    shop.publish(rulebook(BASE5))
    assert refused(lambda: shop.publish(rulebook({**BASE5, "id": "base6"}))) == "version-exists"
    assert refused(lambda: shop.publish(rulebook(BASE5, version=2), now=NOW)) == "published-in-the-past"
