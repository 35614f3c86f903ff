import pytest
from pydantic import ValidationError

from tests.rulebook.shop import buy, discounts, line, rule, shop


def offer(take: int, pay: int, **more: object) -> dict:
    return rule({"type": "n_for_m", "take": take, "pay": pay, "lines": {"category": ["soap"]}, **more})


def soap(gross: int, **more: object) -> dict:
    return line(gross, category="soap", **more)


@pytest.mark.parametrize(
    ("take", "pay", "lines", "expected"),
    [
        (2, 1, [soap(10_000), soap(8000), soap(5000)], [4444, 3556, 0]),
        (2, 1, [soap(5000), soap(10_000), soap(8000)], [0, 4444, 3556]),
        (2, 1, [soap(10_000), line(8000)], [0, 0]),
        (3, 2, [soap(9000, qty=3)], [3000]),
        (3, 2, [soap(10_000, qty=6)], [3333]),
        (3, 2, [soap(10_000, qty=5)], [2000]),
        (3, 1, [soap(3000), soap(2000), soap(1000)], [1500, 1000, 500]),
        (2, 1, [soap(10_000, qty=2), soap(3000, qty=2)], [5000, 1500]),
        (2, 1, [soap(9000, qty=3), soap(2000)], [4200, 800]),
        (4, 0, [soap(4000, qty=4)], [4000]),
        (3, 2, [soap(20_000, qty=2), soap(6000)], [4616, 1384]),
        (3, 2, [soap(20_000, qty=2), soap(15_000, qty=3), soap(2500)], [4000, 3000, 500]),
        (3, 2, [soap(2000), soap(10_000, qty=2), soap(2000)], [334, 1666, 0]),
    ],
)
def test_the_cheapest_of_each_group_are_free_and_spread_over_it(take: int, pay: int, lines: list, expected: list):
    assert discounts(buy(shop(offer(take, pay)), *lines)) == expected


def test_the_part_of_a_weighed_line_that_is_no_whole_unit_takes_no_part():
    assert discounts(buy(shop(offer(2, 1)), soap(2500, qty=2.5))) == [1000]
    assert discounts(buy(shop(offer(2, 1)), soap(500, qty=0.5), soap(700, qty="1.4"))) == [0, 0]


def test_a_wagon_load_costs_no_time():
    assert discounts(buy(shop(offer(2, 1)), soap(100_000_000, qty=1_000_000))) == [50_000_000]


def test_free_things_stay_free():
    assert discounts(buy(shop(offer(2, 1)), soap(0), soap(0))) == [0, 0]


def test_paying_for_as_many_as_one_takes_is_no_offer():
    with pytest.raises(ValidationError, match="less than `take`"):
        shop(offer(2, 2))
