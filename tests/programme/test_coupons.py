"""Coupons over receipts: issued, shown, used once, undone."""

from fractions import Fraction

import pytest
from sqlalchemy import Engine

from portal.db import transaction
from portal.perks.operations import TooManyGuesses, give_coupon
from portal.perks.queries.guesses import MOST_GUESSES, MOST_OF_A_KEY
from tests.programme.shop import DAY, NOW, OPENED, Shop, line, rulebook

ISSUE = {"id": "issue", "priority": 90, "effects": [{"type": "issue_coupon", "template": "back10", "valid_days": 10}]}
TAKE = {
    "id": "take", "priority": 5, "when": {"type": "coupon", "template": "back10"},
    "effects": [{"type": "discount_percent", "rate_bp": 1000}],
}  # fmt: skip
SPRING = {
    "id": "spring", "priority": 6, "when": {"type": "coupon", "codes": ["SPRING"]},
    "effects": [{"type": "discount_fixed", "amount": 500}],
}  # fmt: skip


@pytest.fixture
def shop(engine: Engine) -> Shop:
    shop = Shop(engine)
    shop.publish(rulebook(ISSUE, TAKE, SPRING))
    return shop


def test_an_issued_coupon_serves_its_member_once_within_its_time(shop: Shop) -> None:
    ada, ben = shop.join("ada@example.org"), shop.join("ben@example.org")
    quote = shop.quote(shop.told(ada))
    assert [each.code for each in quote.coupons] == [None]
    code = shop.buy(ada).coupons[0].code
    assert code is not None
    assert shop.buy(ben, coupons=[code], at=NOW + DAY).discount == 0
    assert shop.buy(None, coupons=[code], at=NOW + DAY).discount == 0
    used = shop.buy(ada, coupons=[code], at=NOW + DAY)
    assert used.discount == 10000
    assert shop.buy(ada, coupons=[code], at=NOW + DAY).discount == 0
    shop.refund(used.receipt_id, {1: Fraction(1)}, at=NOW + 2 * DAY)
    assert shop.quote(shop.told(ada, coupons=[code], at=NOW + 3 * DAY)).discount == 10000
    assert shop.quote(shop.told(ada, coupons=[code], at=NOW + 11 * DAY)).discount == 0


def test_a_returned_receipt_takes_its_coupon_with_it(shop: Shop) -> None:
    ada = shop.join("ada@example.org")
    bought = shop.buy(ada)
    shop.refund(bought.receipt_id, {1: Fraction(1)})
    assert shop.buy(ada, coupons=[bought.coupons[0].code], at=NOW + DAY).discount == 0


def test_a_bearer_coupon_serves_a_guest_once(shop: Shop) -> None:
    with transaction(shop.engine, writes=True) as session:
        give_coupon(session, template="back10", code="HANDED-OUT", at=OPENED, until=None)
    first = shop.buy(None, coupons=["HANDED-OUT"])
    assert first.discount == 10000
    assert shop.buy(None, coupons=["HANDED-OUT"]).discount == 0
    shop.refund(first.receipt_id, {1: Fraction(1)})
    assert shop.buy(None, coupons=["HANDED-OUT"]).discount == 10000


def test_a_public_code_serves_everybody_every_time(shop: Shop) -> None:
    for _ in range(2):
        assert shop.buy(None, line(1, 1000), coupons=["SPRING"]).discount == 500


def test_codes_cannot_be_tried_out_on_receipts(shop: Shop) -> None:
    ada, ben = shop.join("ada@example.org"), shop.join("ben@example.org")
    with transaction(shop.engine, writes=True) as session:
        give_coupon(session, template="back10", code="HANDED-OUT", at=OPENED, until=None)
    shop.quote(shop.told(ada, coupons=[f"GUESS{n}" for n in range(MOST_GUESSES // 2)]))
    shop.quote(shop.told(ada, coupons=["GUESS0"]))
    assert shop.quote(shop.told(ada, coupons=["HANDED-OUT"])).discount == 10000
    shop.buy(ada, coupons=[f"WRONG{n}" for n in range(MOST_GUESSES // 2)])
    for told in (shop.quote, shop.record):
        with pytest.raises(TooManyGuesses):
            told(shop.told(ada, coupons=["HANDED-OUT"]))
    assert shop.buy(ada).discount == 0
    assert shop.quote(shop.told(ben, coupons=["HANDED-OUT"])).discount == 10000
    assert shop.quote(shop.told(ada, coupons=["HANDED-OUT"], at=NOW + DAY)).discount == 10000


def test_a_code_that_was_issued_or_is_public_is_no_guess(shop: Shop) -> None:
    with transaction(shop.engine, writes=True) as session:
        for n in range(MOST_GUESSES):
            give_coupon(session, template="back10", code=f"OVER{n}", at=OPENED, until=OPENED + DAY)
    ada = shop.join("ada@example.org")
    shop.quote(shop.told(ada, coupons=["SPRING", *(f"OVER{n}" for n in range(MOST_GUESSES))]))
    assert shop.quote(shop.told(ada, line(1, 1000), coupons=["SPRING"])).discount == 500


def test_guests_are_counted_by_the_client_alone(shop: Shop) -> None:
    for n in range(MOST_OF_A_KEY // 50):
        shop.quote(shop.told(None, coupons=[f"GUESS{n}-{m}" for m in range(50)]))
    with pytest.raises(TooManyGuesses):
        shop.quote(shop.told(None, coupons=["SPRING"]))
