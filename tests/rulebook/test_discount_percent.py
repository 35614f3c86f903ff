import pytest

from tests.rulebook.shop import buy, discounts, line, rule, shop


def off(rate_bp: int, name: str = "r", priority: int = 100, **more: object) -> dict:
    return rule({"type": "discount_percent", "rate_bp": rate_bp, **more}, name=name, priority=priority)


@pytest.mark.parametrize(("mode", "total"), [("cascade", 14_500), ("sum", 15_000)])
def test_one_from_the_rest_of_the_other_or_both_from_the_shelf_price(mode: str, total: int):
    rulebook = shop(off(1000, "a", 1), off(500, "b", 2), discount_mode=mode)
    assert buy(rulebook, line(100_000)).discount == total


def test_each_line_is_rounded_half_up_by_itself():
    assert discounts(buy(shop(off(1000)), line(5), line(4), line(15))) == [1, 0, 2]


def test_only_the_lines_meant_and_together_at_most_so_much():
    rulebook = shop(off(1000, lines={"not": {"brand": ["LUX1", "LUX2"]}}, max_minor=1000))
    assert discounts(buy(rulebook, line(20_000, brand="A"), line(10_000, brand="LUX1"), line(10_000))) == [667, 0, 333]


def test_discounts_never_take_more_than_there_is():
    rulebook = shop(off(10_000, "a"), off(5000, "b"), discount_mode="sum")
    assert buy(rulebook, line(999)).due == 0


def test_the_rulebooks_cap_holds_for_every_line():
    assert discounts(buy(shop(off(5000), discount_cap_bp=3333), line(1000), line(10))) == [333, 3]
