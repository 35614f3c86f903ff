"""A receipt is judged for the right member by the rules of its time, or refused in the right words."""

from datetime import timedelta

from sqlalchemy import text

from portal.db import transaction
from portal.ids import new_id
from portal.members.lookup import by_code, by_email, by_id, by_phone
from portal.members.operations import leave
from tests.programme.receipts.telling import refusal, rows
from tests.programme.shop import BASE5, DAY, NOW, OPENED, Shop, line, rulebook


def test_a_member_is_found_by_id_card_phone_and_email(shop: Shop) -> None:
    ada = shop.join("+79123456789")
    cleo = shop.join("cleo@example.org")
    with shop.engine.connect() as connection:
        number = connection.execute(text("select card_number from member where id = :id"), {"id": ada}).scalar_one()
    for lookup in (by_id(ada), by_code(number), by_phone("8 912 345-67-89")):
        assert shop.buy(lookup).member_id == ada
    assert shop.buy(by_email("Cleo@Example.org")).member_id == cleo


def test_a_guest_gets_discounts_and_no_points(shop: Shop) -> None:
    answer = shop.buy(None, line(1, 10000, tags=["yellow"]), line(2, 40000))
    assert (answer.member_id, answer.discount, answer.due, answer.earned) == (None, 3000, 47000, {})
    assert (answer.balance, answer.entries) == (None, ())
    assert {each.reason for each in answer.skipped} == {"no_member"}


def test_unknown_and_departed_members_are_refused_and_nothing_is_stored(shop: Shop) -> None:
    dora = shop.join("dora@example.org")
    with transaction(shop.engine, writes=True) as session:
        leave(session, dora, source="profile", now=NOW)
    assert refusal(shop, dora) == "member-left"
    assert refusal(shop, new_id(NOW)) == "unknown-member"
    assert refusal(shop, by_phone("+79990000000")) == "unknown-member"
    assert (rows(shop, "receipt"), rows(shop, "idempotency")) == (0, 0)


def test_receipts_from_the_future_and_from_long_ago_are_refused(shop: Shop) -> None:
    ada = shop.join("ada@example.org")
    minute = timedelta(minutes=1)
    assert refusal(shop, ada, at=NOW + 3 * minute) == "receipt-in-the-future"
    assert refusal(shop, ada, at=NOW - 7 * DAY - minute) == "receipt-too-old"
    assert shop.record(shop.told(ada, at=NOW + 2 * minute), command=shop.command()).status == 201
    assert shop.record(shop.told(ada, at=NOW - 7 * DAY), command=shop.command()).status == 201
    operator = shop.command(may_backdate=True)
    assert shop.record(shop.told(ada, at=NOW - 30 * DAY), command=operator).status == 201


def test_a_receipt_is_judged_by_the_rulebook_of_its_own_time(shop: Shop) -> None:
    ada = shop.join("ada@example.org")
    double = {**BASE5, "effects": [{"type": "accrue_percent", "rate_bp": 1000}]}
    shop.publish(rulebook(double, version=2), effective_from=NOW, now=NOW - DAY)
    before = shop.record(shop.told(ada, at=NOW - timedelta(seconds=1)), command=shop.command()).body
    after = shop.record(shop.told(ada, at=NOW), command=shop.command()).body
    assert (before.rulebook, before.earned) == ("shop@1", {ada: 50})
    assert (after.rulebook, after.earned) == ("shop@2", {ada: 100})


def test_before_the_first_rulebook_nothing_is_judged(shop: Shop) -> None:
    ada = shop.join("ada@example.org")
    operator = shop.command(may_backdate=True)
    assert refusal(shop, ada, at=OPENED - DAY, command=operator) == "no-rulebook"


def test_foreign_money_is_refused(shop: Shop) -> None:
    ada = shop.join("ada@example.org")
    assert refusal(shop, ada, currency="EUR") == "foreign-currency"
    assert shop.buy(ada, currency="RUB").due == 100000
