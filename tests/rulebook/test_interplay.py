"""Rules, steps and receipts meeting each other: cases worked out by hand from domain.md §1–§3 alone."""

import pytest

from tests.rulebook.shop import buy, discounts, granted, line, rule, shop, skipped
from tests.rulebook.test_next_state import story
from tests.rulebook.test_refunds import Sale

BASE = rule({"type": "accrue_percent", "rate_bp": 500}, name="base5", priority=10)
TAGGED = {"tag": ["y"]}


def percent(rate_bp: int, **more: object) -> dict:
    return {"type": "discount_percent", "rate_bp": rate_bp, **more}


def once(**when: object) -> dict:
    return rule({"type": "accrue_fixed", "points": 50}, name="once", when=when)


def test_gifts_go_before_a_discount_of_higher_priority():
    gift = rule({"type": "gift_item", "wallet": "g", "lines": {"sku": ["W"]}}, name="gift", priority=5)
    ten = rule(percent(1000), name="ten", priority=1)
    outcome = buy(shop(ten, gift), line(7000, sku="W", qty=2), member={"id": "m", "balance": {"g": 1}})
    assert discounts(outcome) == [3500 + 350]


def test_the_winner_of_a_best_group_works_at_the_groups_first_place():
    rules = [
        rule(percent(1000), name="a", priority=1, group="g"),
        rule(percent(5000), name="half", priority=2),
        rule({"type": "discount_fixed", "amount": 1500}, name="b", priority=3, group="g"),
    ]
    outcome = buy(shop(*rules, groups=[{"id": "g", "mode": "best"}]), line(10_000))
    assert (outcome.discount, skipped(outcome)) == (1500 + 4250, {"a": "group:g"})


def test_a_fixed_discount_fills_the_room_other_lines_still_have():
    rules = [
        rule(percent(4000, lines={"sku": ["A"]}), name="a", priority=1),
        rule({"type": "discount_fixed", "amount": 8000}, name="b", priority=2),
    ]
    outcome = buy(shop(*rules, discount_cap_bp=5000), line(10_000, sku="A"), line(10_000, sku="B"))
    assert discounts(outcome) == [5000, 5000]


def test_in_sum_mode_a_percent_is_of_the_shelf_price_but_never_below_zero():
    rules = [
        rule({"type": "discount_fixed", "amount": 9500}, name="a", priority=1),
        rule(percent(1000), name="b", priority=2),
    ]
    assert buy(shop(*rules, discount_mode="sum"), line(10_000)).due == 0


def test_n_for_m_passes_over_blocked_lines():
    rules = [
        rule({"type": "n_for_m", "take": 2, "pay": 1}, name="two", priority=1),
        rule({"type": "block", "what": ["discount"], "lines": TAGGED}, name="bar", priority=5),
    ]
    assert discounts(buy(shop(*rules), line(10_000, tags=["y"]), line(8000), line(6000))) == [0, 3429, 2571]


@pytest.mark.parametrize(("step", "spent"), [(1, 150), (20, 140), (100, 0)])
def test_the_step_is_applied_before_the_minimum(step: int, spent: int):
    rulebook = shop(BASE, redemption={"max_share_bp": 5000, "step": step, "min_points": 140})
    assert buy(rulebook, line(30_000), points_requested="max").points_spent == spent


def test_points_on_equal_lines_leave_their_kopecks_to_money():
    outcome = buy(shop(BASE), line(150), line(150), line(150), points_requested=3)
    assert [(each.points, each.paid) for each in outcome.lines] == [(1, 50)] * 3


def test_ties_go_to_the_lower_line_number_in_whatever_order_lines_are_told():
    base5 = rule({"type": "accrue_percent", "rate_bp": 500})
    off = rule({"type": "discount_fixed", "amount": 1}, name="off", priority=1)
    outcome = buy(shop(base5, off), line(5_000, n=2), line(5_000, n=1), points_requested=1)
    assert [each.n for each in outcome.lines] == [2, 1]
    assert (outcome.discounts[0].lines, outcome.grants[0].lines) == ({1: 1}, {1: 2, 2: 2})
    assert [(each.n, each.points) for each in outcome.lines] == [(2, 1), (1, 0)]


def test_a_net_threshold_counts_what_points_pay():
    rules = [
        rule(percent(1000), name="ten", priority=1),
        once(type="receipt_total", min=90_000, basis="net"),
    ]
    outcome = buy(shop(*rules), line(100_000), points_requested=500)
    assert (outcome.due, granted(outcome)) == (40_000, {"once": 50})


def test_a_net_threshold_may_stand_inside_not():
    rules = [
        rule(percent(1000), name="ten", priority=1),
        once(type="not", of={"type": "receipt_total", "min": 95_000, "basis": "net"}),
    ]
    assert granted(buy(shop(*rules), line(100_000))) == {"once": 50}


def test_multipliers_that_are_added_round_each_by_itself():
    rules = [
        rule({"type": "multiply", "factor_bp": factor, "rules": ["base5"]}, name=f"x{factor}", priority=20)
        for factor in (15_000, 12_500)
    ]
    outcome = buy(shop(BASE, *rules, multiplier_mode="add"), line(199_900))
    assert granted(outcome) == {"base5": 99, "x15000": 49, "x12500": 24}


def test_a_bonus_for_coming_back_counts_local_days():
    back = rule({"type": "accrue_fixed", "points": 70}, when={"type": "days_since_last", "min": 30})
    times = ("2026-03-04T23:59", "2026-04-02T10:00", "2026-05-02T00:01")
    assert [granted(each) for each in story(shop(back), *((at, line(1)) for at in times))] == [{}, {}, {"r": 70}]


def test_a_birthday_over_new_year_is_kept_once():
    gift = rule({"type": "accrue_fixed", "points": 500}, when={"type": "birthday", "before": 3, "after": 7})
    times = ("2026-12-30T10:00", "2027-01-05T10:00", "2027-12-31T10:00")
    outcomes = story(shop(gift), *((at, line(1)) for at in times), member={"id": "m", "birthday": "1990-01-02"})
    assert [granted(each) for each in outcomes] == [{"r": 500}, {}, {"r": 500}]


def test_pieces_of_which_some_were_gifts_come_back_at_what_was_paid_for_them():
    gift = rule({"type": "gift_item", "wallet": "g", "lines": {"sku": ["W"]}})
    sale = Sale(shop(gift), line(10_500, sku="W", qty=3), member={"id": "m", "balance": {"g": 2}})
    assert [sale.bring_back(n1=2).money, sale.bring_back(n1=1).money] == [2333, 1167]


def test_pieces_of_a_bundle_come_back_at_their_share_of_it():
    sets = [{"lines": {"category": [name]}, "qty": 1} for name in ("coffee", "cake")]
    combo = rule({"type": "bundle", "price": 30_000, "max_times": 1, "sets": sets})
    goods = [line(gross, category=name) for gross, name in ((20_000, "coffee"), (18_000, "cake"), (22_000, "coffee"))]
    sale = Sale(shop(combo), *goods)
    assert [sale.bring_back(**{n: 1}).money for n in ("n2", "n3", "n1")] == [13_500, 16_500, 20_000]


def test_a_grant_cut_by_its_cap_goes_back_by_the_parts_it_was_given_in():
    capped = {**BASE, "caps": [{"scope": "receipt", "max_points": 40}]}
    sale = Sale(shop(capped), line(100_000), line(50_000))
    assert [sale.bring_back(n2=1).reversed, sale.bring_back(n1=1).reversed] == [{"base5": 13}, {"base5": 27}]


def test_a_threshold_from_above_still_holds_on_less():
    sale = Sale(shop(once(type="receipt_total", max=10_000)), line(8000), line(2000))
    assert [sale.bring_back(n2=1).reversed, sale.bring_back(n1=1).reversed] == [{}, {"once": 50}]
