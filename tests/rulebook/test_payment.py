import pytest

from tests.rulebook.shop import GUEST, buy, granted, line, rule, shop, skipped

BASE = rule({"type": "accrue_percent", "rate_bp": 500}, name="base5")


def pay(requested: object, *lines: dict, points: int = 500, rulebook: object = None, **redemption: object):
    member = {"id": "m", "balance": {"points": points}}
    return buy(rulebook or shop(BASE, redemption=redemption), *lines, member=member, points_requested=requested)


def test_kopecks_under_a_point_stay_payable_by_money():
    outcome = pay(500, line(9990), line(90))
    assert (outcome.points_spent, outcome.due) == (99, 180)
    assert [each.points for each in outcome.lines] == [99, 0]


def test_all_by_points_earns_nothing():
    outcome = pay(300, line(30_000))
    assert (outcome.points_spent, outcome.due, outcome.grants) == (300, 0, ())


@pytest.mark.parametrize(
    ("requested", "redemption", "spent"),
    [
        (0, {}, 0),
        (137, {}, 137),
        ("max", {}, 500),
        (800, {}, 500),
        (137, {"step": 50}, 100),
        ("max", {"step": 70}, 490),
        (40, {"min_points": 50}, 0),
        (60, {"min_points": 50, "step": 50}, 50),
        ("max", {"max_share_bp": 3000}, 300),
        ("max", {"max_share_bp": 3333, "step": 10}, 330),
        ("max", {"min_cash": 99_999}, 0),
        ("max", {"min_cash": 70_050}, 299),
        ("max", {"min_cash": 200_000}, 0),
    ],
)
def test_the_smallest_limit_decides_and_is_rounded_down_to_the_step(requested: object, redemption: dict, spent: int):
    assert pay(requested, line(100_000), **redemption).points_spent == spent


@pytest.mark.parametrize(("share_base", "spent"), [("eligible", 30), ("receipt", 90)])
def test_the_share_is_of_what_may_be_paid_by_points_or_of_the_receipt(share_base: str, spent: int):
    block = rule({"type": "block", "what": ["redemption"], "lines": {"sku": ["T"]}}, name="b")
    rulebook = shop(BASE, block, redemption={"max_share_bp": 3000, "share_base": share_base})
    outcome = pay("max", line(20_000, sku="T"), line(10_000), rulebook=rulebook)
    assert (outcome.points_spent, outcome.lines[0].points) == (spent, 0)


def test_the_limits_are_told_even_when_nothing_is_asked():
    limits = pay(0, line(45_000), points=200, step=10, max_share_bp=9000).limits
    assert (limits.available, limits.max_points, limits.step) == (200, 400, 10)


def test_a_guest_pays_by_money():
    outcome = buy(shop(BASE), line(1000), member=GUEST, points_requested="max")
    assert (outcome.points_spent, outcome.limits.available, outcome.limits.max_points) == (0, 0, 10)


def test_either_earn_or_spend():
    friend = rule({"type": "accrue_percent", "rate_bp": 100, "to": "referrer"}, name="friend")
    rulebook = shop(BASE, friend, redemption={"no_accrual_when_redeeming": True})
    member = {"id": "m", "balance": {"points": 500}, "referrer": "ada"}
    spending = buy(rulebook, line(100_000), member=member, points_requested=100)
    assert granted(spending) == {"friend@referrer": 9}
    assert skipped(spending) == {"base5": "no_accrual_when_redeeming"}
    assert granted(buy(rulebook, line(100_000), member=member)) == {"base5": 50, "friend@referrer": 10}


def test_a_point_is_worth_a_cent_in_euros():
    outcome = pay(350, line(1999), rulebook=shop(BASE, currency="EUR"))
    assert (outcome.due, outcome.earned) == (1649, {"m": 82})
