"""Goods come back once, and with them what they brought (domain.md §2.6)."""

from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest
from sqlalchemy import Engine, text

from portal.db import transaction
from portal.errors import Refused
from portal.ids import new_id
from portal.programme.quote_refund import quote_refund
from portal.rulebook.values import MOST
from tests.programme.shop import BASE5, DAY, NOW, Shop, line, rulebook

T300 = {
    "id": "t300", "priority": 20, "when": {"type": "receipt_total", "min": 300000},
    "effects": [{"type": "accrue_fixed", "points": 300}],
}  # fmt: skip
WALLET = {"id": "points", "valid": {"type": "days", "n": 30}}


@pytest.fixture
def shop(engine: Engine) -> Shop:
    shop = Shop(engine)
    shop.publish(rulebook(BASE5, wallets=[WALLET]))
    return shop


@pytest.fixture(autouse=True)
def _clean(engine: Engine):
    yield
    assert Shop(engine).broken() == []


def one(n: int = 1) -> dict[int, Fraction]:
    return {n: Fraction(1)}


def refusal(shop: Shop, receipt_id: str | None, lines: dict, *, at: datetime = NOW, command=None) -> str:
    with pytest.raises(Refused) as refused:
        shop.refund(receipt_id, lines, at=at, command=command)
    assert str(refused.value)
    return refused.value.code


def test_goods_come_back_also_after_a_purchase_of_the_largest_sums(shop: Shop) -> None:
    ada = shop.join("ada@example.org")
    large = shop.buy(ada, line(1, MOST), line(2, MOST), line(3, 1))
    bought = shop.buy(ada, line(1, 30000))
    assert shop.refund(bought.receipt_id, one()).body.money == 30000
    assert shop.refund(large.receipt_id, one() | one(2) | one(3)).body.money == 2 * MOST + 1


def test_a_refund_is_made_once_for_each_key(shop: Shop) -> None:
    ada = shop.join("ada@example.org")
    bought = shop.buy(ada, line(1, 30000, qty=3))
    command = shop.command(key="k")
    first = shop.refund(bought.receipt_id, one(), command=command)
    again = shop.refund(bought.receipt_id, one(), command=command)
    assert (first.replayed, again.replayed, again.status) == (False, True, 201)
    assert again.body == first.body
    assert refusal(shop, bought.receipt_id, {1: Fraction(2)}, command=command) == "idempotency-conflict"
    with shop.engine.connect() as connection:
        assert connection.execute(text("select count(*) from refund")).scalar_one() == 1
        facts = connection.execute(text("select type from event order by seq")).scalars().all()
    assert facts == ["receipt.recorded", "receipt.refunded"]


def test_a_key_of_a_receipt_is_no_key_for_a_refund(shop: Shop) -> None:
    ada = shop.join("ada@example.org")
    bought = shop.record(shop.told(ada), command=shop.command(key="k")).body
    assert refusal(shop, bought.receipt_id, one(), command=shop.command(key="k")) == "idempotency-conflict"


def test_what_cannot_come_back_is_refused_and_nothing_is_stored(shop: Shop) -> None:
    ada = shop.join("ada@example.org")
    bought = shop.buy(ada, line(1, 30000, qty=3)).receipt_id
    assert refusal(shop, new_id(NOW), one()) == "unknown-receipt"
    assert refusal(shop, bought, one(2)) == "unknown-line"
    assert refusal(shop, bought, {}) == "nothing-returned"
    assert refusal(shop, bought, {1: Fraction(0)}) == "nothing-returned"
    assert refusal(shop, bought, {1: Fraction(4)}) == "already-refunded"
    assert refusal(shop, bought, one(), at=NOW - timedelta(seconds=1)) == "refund-too-early"
    late = shop.command(now=NOW + DAY)
    assert refusal(shop, bought, one(), at=NOW + DAY + timedelta(minutes=3), command=late) == "refund-in-the-future"
    with shop.engine.connect() as connection:
        assert connection.execute(text("select count(*) from refund")).scalar_one() == 0
    shop.refund(bought, {1: Fraction(2)})
    assert refusal(shop, bought, {1: Fraction(2)}) == "already-refunded"


def test_three_units_come_back_one_by_one_to_the_last_kopeck(shop: Shop) -> None:
    ada = shop.join("ada@example.org")
    shop.give(ada, 7)
    bought = shop.buy(ada, line(1, 10700, qty=3), points_requested=7)
    assert (bought.due, bought.points_spent, bought.earned) == (10000, 7, {ada: 5})
    told = [shop.refund(bought.receipt_id, one(), at=NOW + DAY).body for _ in range(3)]
    steps = [(each.money, each.points, each.reversed["base5"]) for each in told]
    assert steps == [(3333, 2, 1), (3333, 2, 2), (3334, 3, 2)]
    assert shop.available(ada, at=NOW + DAY) == 7


def test_points_for_a_threshold_go_when_it_is_no_longer_reached(engine: Engine) -> None:
    shop = Shop(engine)
    shop.publish(rulebook(T300))
    ada = shop.join("ada@example.org")
    bought = shop.buy(ada, line(1, 250000), line(2, 70000))
    assert shop.refund(bought.receipt_id, one(2)).body.reversed == {"t300": 300}
    assert shop.refund(bought.receipt_id, one(1)).body.reversed == {}
    assert shop.available(ada) == 0


def test_pending_points_vanish_with_the_goods(engine: Engine) -> None:
    shop = Shop(engine)
    shop.publish(rulebook(BASE5, wallets=[{"id": "points", "pending_days": 14}]))
    ada = shop.join("ada@example.org")
    bought = shop.buy(ada)
    balance = shop.refund(bought.receipt_id, one(), at=NOW + 4 * DAY).body.balance
    assert balance is not None
    assert (balance.pending, balance.available, balance.debt) == (0, 0, 0)


def test_points_already_spent_are_owed_and_repaid_first(shop: Shop) -> None:
    ada = shop.join("ada@example.org")
    bought = shop.buy(ada, line(1, 200000))
    shop.buy(ada, line(1, 10000), points_requested=100, at=NOW + DAY)
    balance = shop.refund(bought.receipt_id, one(), at=NOW + 2 * DAY).body.balance
    assert balance is not None
    assert (balance.available, balance.debt) == (0, -100)
    later = shop.buy(ada, line(1, 300000), at=NOW + 3 * DAY).balance
    assert later is not None
    assert (later.available, later.debt) == (50, 0)


def test_spent_points_that_ran_out_meanwhile_come_back_with_a_grace(shop: Shop) -> None:
    ada = shop.join("ada@example.org")
    shop.give(ada, 100, at=NOW, days=10)
    bought = shop.buy(ada, line(1, 10000), points_requested=100)
    answer = shop.refund(bought.receipt_id, one(), at=NOW + 20 * DAY).body
    assert answer.balance is not None
    assert [(each.points, str(each.last_valid_day)) for each in answer.balance.expiring] == [(100, "2026-04-07")]
    assert shop.available(ada, at=datetime(2026, 4, 7, 20, 59, tzinfo=UTC)) == 100
    assert shop.available(ada, at=datetime(2026, 4, 7, 21, tzinfo=UTC)) == 0


def test_a_guest_gets_money_back(shop: Shop) -> None:
    bought = shop.buy(None, line(1, 10000))
    answer = shop.refund(bought.receipt_id, one()).body
    assert (answer.money, answer.points, answer.reversed, answer.balance) == (10000, 0, {}, None)


def test_a_guest_owes_nothing_before_the_goods_come_back_either(shop: Shop) -> None:
    bought = shop.buy(None, line(1, 10000))
    with transaction(shop.engine, writes=False) as session:
        quote = quote_refund(session, str(bought.receipt_id), lines=one(), command=shop.command())
    assert (quote.money, quote.points, quote.available, quote.owed) == (10000, 0, None, 0)


def test_the_terms_are_those_of_the_day_of_the_refund(shop: Shop) -> None:
    ada = shop.join("ada@example.org")
    bought = shop.buy(ada, line(1, 200000))
    shop.buy(ada, line(1, 10000), points_requested=100, at=NOW + DAY)
    kinder = rulebook(BASE5, version=2, wallets=[WALLET], refunds={"shortage": "lot_only"})
    shop.publish(kinder, effective_from=NOW + 2 * DAY, now=NOW + DAY)
    balance = shop.refund(bought.receipt_id, one(), at=NOW + 2 * DAY).body.balance
    assert balance is not None
    assert (balance.available, balance.debt) == (0, 0)
