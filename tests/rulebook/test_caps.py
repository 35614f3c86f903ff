import pytest
from pydantic import ValidationError

from tests.rulebook.shop import GUEST, buy, discounts, granted, line, rule, shop, skipped


def earn(*caps: dict, **more: object) -> dict:
    return rule({"type": "accrue_percent", "rate_bp": 500, **more}, name="base5", caps=list(caps))


def used(**scopes: object) -> dict:
    return {"id": "m", "usage": {"base5": scopes}, "balance": {"points": 0}}


def test_a_cap_cuts_the_integer_and_says_so():
    rulebook = shop(earn({"scope": "member_day", "max_points": 100}))
    grant = buy(rulebook, line(150_000), member=used(member_day=60)).grants[0]
    assert (grant.points, grant.desired, grant.capped_by) == (40, 75, "member_day")


def test_what_is_left_is_spread_again():
    rulebook = shop(earn({"scope": "receipt", "max_points": 10}))
    assert buy(rulebook, line(100_000), line(50_000)).grants[0].lines == {1: 7, 2: 3}


def test_a_cap_that_does_not_bind_leaves_no_trace():
    grant = buy(shop(earn({"scope": "receipt", "max_points": 75})), line(150_000)).grants[0]
    assert (grant.points, grant.desired, grant.capped_by) == (75, 75, None)


@pytest.mark.parametrize("usage", [100, 130, {"points": 100}])
def test_an_exhausted_cap_is_the_reason(usage: object):
    rulebook = shop(earn({"scope": "member_total", "max_points": 100}))
    outcome = buy(rulebook, line(150_000), member=used(member_total=usage))
    assert (outcome.grants, skipped(outcome)) == ((), {"base5": "cap:member_total"})


def test_the_tightest_of_several_binds():
    caps = [{"scope": "member_day", "max_points": 100}, {"scope": "rule_total", "max_points": 1000}]
    grant = buy(shop(earn(*caps)), line(150_000), member=used(member_day=10, rule_total=990)).grants[0]
    assert (grant.points, grant.capped_by) == (10, "rule_total")


def test_all_whom_a_rule_gives_share_its_cap():
    to_both = rule(
        {"type": "accrue_percent", "rate_bp": 500}, {"type": "accrue_percent", "rate_bp": 500, "to": "referrer"},
        name="base5", caps=[{"scope": "receipt", "max_points": 8}],
    )  # fmt: skip
    outcome = buy(shop(to_both), line(10_000), member={"id": "m", "referrer": "ada"})
    assert granted(outcome) == {"base5": 5, "base5@referrer": 3}


def test_money_is_capped_the_same_way():
    ten = rule(
        {"type": "discount_percent", "rate_bp": 1000}, name="base5", caps=[{"scope": "member_day", "max_minor": 1500}]
    )
    outcome = buy(shop(ten), line(10_000), line(5000), member=used(member_day=500))
    assert discounts(outcome) == [667, 333]
    assert (outcome.discounts[0].amount, outcome.discounts[0].desired) == (1000, 1500)
    assert outcome.discounts[0].capped_by == "member_day"
    assert skipped(buy(shop(ten), line(100), member=used(member_day=1500))) == {"base5": "cap:member_day"}


def test_uses_stop_the_rule_altogether():
    ten = rule(
        {"type": "discount_percent", "rate_bp": 1000}, name="base5", caps=[{"scope": "member_total", "max_uses": 2}]
    )
    assert buy(shop(ten), line(100), member=used(member_total=1)).discount == 10
    outcome = buy(shop(ten), line(100), member=used(member_total={"uses": 2}))
    assert (outcome.discount, skipped(outcome)) == (0, {"base5": "cap:member_total"})


def test_what_was_used_on_another_day_does_not_count():
    rulebook = shop(earn({"scope": "member_day", "max_points": 100}))
    for day, points in (("2026-03-04", 40), ("2026-03-03", 75)):
        assert buy(rulebook, line(150_000), member={**used(member_day=60), "usage_day": day}).earned == {"m": points}


def test_a_guest_has_used_nothing():
    ten = rule({"type": "discount_percent", "rate_bp": 1000}, caps=[{"scope": "member_day", "max_minor": 5}])
    assert buy(shop(ten), line(100), member=GUEST).discount == 5


def test_a_cap_limits_one_thing():
    for wrong in ({"scope": "receipt"}, {"scope": "receipt", "max_points": 1, "max_uses": 1}):
        with pytest.raises(ValidationError, match="a cap has one of"):
            shop(earn(wrong))
