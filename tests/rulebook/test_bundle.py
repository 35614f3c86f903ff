import pytest

from tests.rulebook.shop import buy, discounts, line, rule, shop


def coffee(gross: int, **more: object) -> dict:
    return line(gross, category="coffee", **more)


def cake(gross: int, **more: object) -> dict:
    return line(gross, category="cake", **more)


def combo(price: int = 30_000, **more: object) -> dict:
    sets = [{"lines": {"category": ["coffee"]}, "qty": 1}, {"lines": {"category": ["cake"]}, "qty": 1}]
    return rule({"type": "bundle", "price": price, "sets": sets, **more})


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ([coffee(20_000), cake(18_000), coffee(22_000)], [0, 4500, 5500]),
        ([coffee(20_000)], [0]),
        ([coffee(10_000), cake(20_000)], [0, 0]),
        ([coffee(40_000, qty=2), cake(40_000, qty=2)], [10_000, 10_000]),
        ([coffee(40_000, qty=2), cake(20_000)], [5000, 5000]),
        ([coffee(40_000, qty=2), cake(36_000, qty=2)], [8422, 7578]),
        ([coffee(40_000, qty=2), cake(18_000), cake(15_000)], [7068, 3789, 2143]),
    ],
)
def test_the_dearest_make_the_set_as_often_as_it_fits(lines: list, expected: list):
    assert discounts(buy(shop(combo()), *lines)) == expected


def test_at_most_so_many_times():
    rulebook = shop(combo(max_times=2))
    assert discounts(buy(rulebook, coffee(100_000, qty=5), cake(100_000, qty=5))) == [10_000, 10_000]


def test_sets_stop_when_what_is_left_costs_less():
    assert discounts(buy(shop(combo()), coffee(25_000), coffee(10_000), cake(15_000), cake(10_000))) == [
        6250,
        0,
        3750,
        0,
    ]


def test_a_unit_fills_one_place_only():
    two = [{"lines": {"category": ["coffee"]}, "qty": 2}, {"lines": {"tag": ["hot"]}, "qty": 1}]
    rulebook = shop(rule({"type": "bundle", "price": 10_000, "sets": two}))
    assert discounts(buy(rulebook, coffee(20_000, qty=2, tags=["hot"]))) == [0]
    assert discounts(buy(rulebook, coffee(30_000, qty=3, tags=["hot"]))) == [20_000]


def test_a_wagon_load_costs_no_time():
    outcome = buy(shop(combo(1)), coffee(1_000_000, qty=1_000_000), cake(1_000_000, qty=1_000_000))
    assert outcome.due == 1_000_000
