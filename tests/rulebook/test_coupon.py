import pytest
from pydantic import ValidationError

from portal.rulebook.evaluate import evaluate
from portal.rulebook.member_state import HeldCoupon
from portal.rulebook.receipt import read_receipt
from tests.rulebook.shop import BEN, GUEST, NOON, buy, holds, line, miss, rule, shop

SPRING = {"type": "coupon", "codes": ["SPRING", "MAY"]}
BACK = {"type": "coupon", "template": "back10"}


def holding(**coupon: object) -> dict:
    return {"id": "m", "coupons": [{"template": "back10", **coupon}]}


def test_a_public_code_works_for_everybody_who_names_it():
    assert holds(SPRING, member=GUEST, coupons=["MAY"])
    assert not holds(SPRING, member=GUEST, coupons=["AUTUMN"])
    assert not holds(SPRING, member=BEN)


def test_an_issued_coupon_is_shown_by_its_code_and_in_date():
    assert holds(BACK, member=holding(code="x7"), coupons=["x7"])
    assert holds(BACK, member=holding(), coupons=["back10"])
    assert not holds(BACK, member=holding(code="x7"), coupons=["x8"])
    assert not holds(BACK, member=holding(code="x7"))
    assert holds(BACK, member=holding(code="x7", until="2026-03-04T12:00:01"), coupons=["x7"])
    assert not holds(BACK, member=holding(code="x7", until="2026-03-04T12:00:00"), coupons=["x7"])
    assert miss(BACK, member=GUEST, coupons=["x7"]) == {"reason": "coupon", "template": "back10"}


def test_a_bearers_coupon_is_good_for_guests_and_reported_as_used():
    rulebook = shop(rule({"type": "discount_percent", "rate_bp": 1000}, when=BACK))
    receipt = read_receipt({"at": NOON, "lines": [{"n": 1, "gross": 1000}], "coupons": ["other", "b1"]})
    outcome = evaluate(rulebook, None, receipt, bearer=[HeldCoupon(template="back10", code="b1")])
    assert (outcome.discount, outcome.coupons_used) == (100, ("b1",))


def test_a_coupon_of_a_rule_that_gave_nothing_is_kept():
    rulebook = shop(rule({"type": "discount_percent", "rate_bp": 1000, "lines": {"sku": ["A"]}}, when=SPRING))
    assert buy(rulebook, line(1000, sku="B"), coupons=["MAY"]).coupons_used == ()
    assert buy(rulebook, line(1000, sku="A"), coupons=["MAY"]).coupons_used == ("MAY",)


def test_codes_or_a_template_but_not_both():
    for wrong in ({"type": "coupon"}, {**SPRING, "template": "back10"}):
        with pytest.raises(ValidationError, match="either"):
            holds(wrong)
