"""Points are spent by a code of the moment, never more than there are."""

from datetime import timedelta

from sqlalchemy import text

from portal.db import transaction
from portal.members.lookup import by_code, by_id, by_phone
from portal.members.operations import enrol_device, open_session
from portal.members.rotating_code import draw_code, window_at
from tests.programme.receipts.telling import refusal, rows
from tests.programme.shop import NOW, Shop, line


def test_points_run_out_before_they_are_spent(shop: Shop) -> None:
    ada = shop.join("ada@example.org")
    shop.give(ada, 100, days=10)
    assert refusal(shop, ada, points_requested=100) == "not-enough-points"
    assert shop.quote(shop.told(ada, points_requested="max")).points_spent == 0


def test_more_than_there_is_is_refused_and_more_than_fits_is_cut(shop: Shop) -> None:
    ada = shop.join("ada@example.org")
    shop.give(ada, 500)
    assert refusal(shop, ada, points_requested=501) == "not-enough-points"
    answer = shop.buy(ada, line(1, 30000), points_requested=500)
    assert (answer.points_spent, answer.due, answer.earned) == (300, 0, {})
    assert (answer.limits.available, answer.limits.max_points) == (500, 300)
    assert shop.buy(ada, line(1, 50000), points_requested="max").points_spent == 200


def test_a_quote_is_cut_to_what_there_is_and_stores_nothing(shop: Shop) -> None:
    ada = shop.join("ada@example.org")
    shop.give(ada, 10)
    quote = shop.quote(shop.told(ada, points_requested=500), command=shop.command(vouches=False))
    assert (quote.points_spent, quote.receipt_id, quote.entries) == (10, None, ())
    assert (rows(shop, "receipt"), rows(shop, "entry")) == (0, 1)


def test_a_printed_number_earns_and_does_not_spend(shop: Shop) -> None:
    ada = shop.join("+79123456789")
    shop.give(ada, 100)
    till = shop.command(vouches=False)
    for lookup in (by_id(ada), by_phone("+79123456789")):
        assert refusal(shop, lookup, points_requested=10, command=till) == "rotating-code-required"
        assert refusal(shop, lookup, points_requested="max", command=till) == "rotating-code-required"
    assert shop.record(shop.told(ada), command=till).body.earned == {ada: 50}


def test_a_guest_spends_nothing(shop: Shop) -> None:
    assert refusal(shop, None, points_requested=10) == "member-required"


def phone_code(shop: Shop, member_id: str, *, at=NOW):
    """Sign a phone in and return what it shows."""
    with transaction(shop.engine, writes=True) as session:
        opened = open_session(session, member_id, user_agent="Ada's phone", now=at)
        device = enrol_device(session, member_id, session_id=opened.id, now=at)
    with shop.engine.connect() as connection:
        find = text("select card_number from member where id = :id")
        number = connection.execute(find, {"id": member_id}).scalar_one()
    return by_code(draw_code(number, key=device.key, window=window_at(at)))


def test_a_fresh_code_pays_for_one_receipt(shop: Shop) -> None:
    ada = shop.join("ada@example.org")
    shop.give(ada, 100)
    code, till = phone_code(shop, ada), shop.command(vouches=False)
    first = shop.record(shop.told(code, points_requested=30), command=till)
    assert first.body.points_spent == 30
    assert refusal(shop, code, points_requested=30, command=shop.command(vouches=False)) == "rotating-code-required"
    assert shop.record(shop.told(code), command=shop.command(vouches=False)).body.points_spent == 0
    assert shop.available(ada) == 100 - 30 + 48 + 50


def test_an_old_code_earns_and_a_forged_one_does_nothing(shop: Shop) -> None:
    ada = shop.join("ada@example.org")
    shop.give(ada, 100)
    code = phone_code(shop, ada)
    late = shop.command(now=NOW + timedelta(minutes=10), vouches=False)
    told = {"at": NOW + timedelta(minutes=10)}
    assert refusal(shop, code, points_requested=1, command=late, **told) == "rotating-code-required"
    assert shop.record(shop.told(code, **told), command=late).status == 201
    digits = f"1{code.value}000{'0' * 12}"
    assert refusal(shop, by_code(digits), command=shop.command()) == "code-forged"
