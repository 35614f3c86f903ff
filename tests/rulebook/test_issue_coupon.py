from tests.rulebook.shop import GUEST, buy, line, moment, rule, shop, skipped

BACK = rule({"type": "issue_coupon", "template": "back10", "valid_days": 14})


def test_in_date_through_the_last_day():
    coupon = buy(shop(BACK), line(1)).coupons[0]
    assert (coupon.template, coupon.until) == ("back10", moment("2026-03-19T00:00:00+03:00"))


def test_a_guest_is_given_none():
    outcome = buy(shop(BACK), line(1), member=GUEST)
    assert (outcome.coupons, skipped(outcome)) == ((), {"r": "no_member"})
