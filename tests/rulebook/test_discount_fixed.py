from tests.rulebook.shop import buy, discounts, line, rule, shop


def off(amount: int, **more: object) -> dict:
    return rule({"type": "discount_fixed", "amount": amount, **more})


def test_the_amount_is_spread_by_price():
    assert discounts(buy(shop(off(10_000)), line(40_000), line(5000))) == [8889, 1111]


def test_never_below_zero():
    outcome = buy(shop(off(10_000)), line(3000), line(0))
    assert (outcome.due, discounts(outcome)) == (0, [3000, 0])


def test_it_is_spread_by_what_earlier_discounts_left():
    half = rule({"type": "discount_percent", "rate_bp": 5000, "lines": {"sku": ["A"]}}, name="a", priority=1)
    assert discounts(buy(shop(half, off(300)), line(2000, sku="A"), line(2000))) == [1100, 200]


def test_only_the_lines_meant():
    assert discounts(buy(shop(off(500, lines={"tag": ["new"]})), line(1000), line(1000, tags=["new"]))) == [0, 500]


def test_what_a_capped_line_cannot_take_goes_to_the_others():
    assert discounts(buy(shop(off(900), discount_cap_bp=5000), line(1000), line(1000))) == [450, 450]
    first = rule({"type": "discount_percent", "rate_bp": 5000, "lines": {"sku": ["A"]}}, name="a", priority=1)
    outcome = buy(shop(first, off(400), discount_cap_bp=5000), line(1000, sku="A"), line(1000))
    assert discounts(outcome) == [500, 400]
