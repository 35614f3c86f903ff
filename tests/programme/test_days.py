"""Closing the day posts what is due; balances do not wait for it."""

from datetime import UTC, datetime

from portal.ledger.queries import balance_at, totals
from portal.members.lookup import by_id
from portal.programme.close_day import close_day
from portal.programme.hold_points import hold_points
from tests.programme.asking import doing, facts, reading
from tests.programme.shop import BASE5, DAY, NOW, Shop, rulebook

PENDING = {"id": "points", "pending_days": 14, "valid": {"type": "days", "n": 180}}


def test_closing_the_day_posts_what_is_due_and_tells_it_once(shop: Shop) -> None:
    shop.publish(rulebook(BASE5, version=2, wallets=[PENDING]), effective_from=NOW, now=NOW)
    ada, ben = shop.join("ada@example.org"), shop.join("ben@example.org")
    shop.buy(ada)
    shop.buy(ben)
    shop.give(ben, 10, days=60)
    late = NOW + 300 * DAY

    def close() -> int:
        return doing(shop, lambda session: close_day(session, now=late, limit=1))

    assert [close(), close(), close()] == [3, 2, 0]  # Ben has waited longer
    told = facts(shop)[2:]
    assert sorted(told) == ["points.expired"] * 3 + ["points.released"] * 2
    assert reading(shop, totals).liability == 0
    assert shop.broken() == []


def test_a_hold_that_ran_out_is_given_back_and_told_to_nobody(shop: Shop) -> None:
    ada = shop.join("ada@example.org")
    shop.give(ada, 100)
    told = facts(shop)
    doing(shop, lambda session: hold_points(session, by_id(ada), points=40, ttl_seconds=60, command=shop.command()))
    assert doing(shop, lambda session: close_day(session, now=NOW + DAY)) == 1
    assert (shop.available(ada, at=NOW + DAY), facts(shop)) == (100, told)
    assert shop.broken() == []


def test_balances_do_not_wait_for_the_day_to_be_closed(shop: Shop) -> None:
    shop.publish(rulebook(BASE5, version=2, wallets=[PENDING]), effective_from=NOW, now=NOW)
    ada = shop.join("ada@example.org")
    answer = shop.buy(ada)
    assert answer.balance is not None
    assert (answer.balance.available, answer.balance.pending) == (0, 50)
    assert shop.available(ada, at=datetime(2026, 3, 17, 20, 59, tzinfo=UTC)) == 0
    assert shop.available(ada, at=datetime(2026, 3, 17, 21, tzinfo=UTC)) == 50
    past = reading(shop, lambda session: balance_at(session, ada, NOW - DAY))
    assert (past.available, past.pending) == (0, 0)
