"""A receipt is recorded once, however often and under whatever key it is told."""

from dataclasses import replace

from portal.db import transaction
from portal.members.lookup import by_phone
from portal.members.operations import erase
from tests.programme.receipts.telling import refusal, rows
from tests.programme.shop import DAY, NOW, SECRET, Shop, line


def test_the_same_key_and_body_is_answered_again_and_nothing_happens(shop: Shop) -> None:
    ada = shop.join("ada@example.org")
    told, command = shop.told(ada), shop.command()
    first = shop.record(told, command=command)
    again = shop.record(told, command=command)
    assert (first.replayed, again.replayed, again.status) == (False, True, 201)
    assert again.body == first.body
    assert (rows(shop, "receipt"), rows(shop, "entry"), rows(shop, "event")) == (1, 1, 1)


def test_the_arrival_time_is_no_part_of_the_body(shop: Shop) -> None:
    ada = shop.join("ada@example.org")
    told = shop.told(ada)
    first = shop.record(told, command=shop.command(key="k"))
    assert shop.record(told, command=shop.command(key="k", now=NOW + 30 * DAY)).body == first.body


def test_the_same_key_with_another_body_is_a_conflict(shop: Shop) -> None:
    ada = shop.join("ada@example.org")
    shop.record(shop.told(ada), command=shop.command(key="k"))
    assert refusal(shop, ada, command=shop.command(key="k")) == "idempotency-conflict"


def test_a_key_belongs_to_one_client(shop: Shop) -> None:
    ada = shop.join("ada@example.org")
    shop.record(shop.told(ada), command=shop.command(key="k"))
    other = replace(shop.command(key="k"), client="key:till-2")
    assert not shop.record(shop.told(ada), command=other).replayed


def test_the_same_receipt_under_another_key_is_the_same_receipt(shop: Shop) -> None:
    ada = shop.join("ada@example.org")
    told = shop.told(ada)
    first = shop.record(told, command=shop.command(key="one"))
    again = shop.record(told, command=shop.command(key="two"))
    assert (again.replayed, again.body) == (True, first.body)
    assert shop.record(told, command=shop.command(key="two")).body == first.body
    assert refusal(shop, ada, command=shop.command(key="two")) == "idempotency-conflict"
    assert rows(shop, "receipt") == 1


def test_another_receipt_under_the_same_number_is_a_conflict(shop: Shop) -> None:
    ada, ben = shop.join("ada@example.org"), shop.join("ben@example.org")
    shop.record(shop.told(ada, number="N1"))
    assert refusal(shop, ada, line(1, 5), number="N1") == "receipt-conflict"
    assert refusal(shop, ben, number="N1") == "receipt-conflict"
    assert refusal(shop, None, number="N1") == "receipt-conflict"
    assert not shop.record(shop.told(ada, number="N1", store="S2")).replayed


def test_a_receipt_is_the_same_however_its_member_is_named_and_after_they_were_forgotten(shop: Shop) -> None:
    ada = shop.join("+79123456789")
    by_number = shop.told(by_phone("+79123456789"), number="N1")
    first = shop.record(by_number, command=shop.command(key="k"))
    assert shop.record(shop.told(ada, number="N1"), command=shop.command(key="k")).body == first.body
    with transaction(shop.engine, writes=True) as session:
        erase(session, ada, secret=SECRET, now=NOW)
    assert shop.record(by_number, command=shop.command(key="k")).body == first.body
    assert shop.record(by_number, command=shop.command(key="other")).body == first.body
    assert refusal(shop, None, number="N1", command=shop.command(key="k")) == "idempotency-conflict"
