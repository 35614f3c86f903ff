from tests.rulebook.shop import buy, discounts, line, rule, shop

CHERRIES = rule({"type": "special_price", "unit_price": 30_000, "lines": {"sku": ["CHERRY"]}})


def test_a_line_is_lowered_to_the_price_of_its_quantity():
    assert discounts(buy(shop(CHERRIES), line(19_200, sku="CHERRY", qty=0.48))) == [4800]
    assert discounts(buy(shop(CHERRIES), line(80_000, sku="CHERRY", qty=2))) == [20_000]


def test_a_cheaper_line_is_never_raised():
    assert discounts(buy(shop(CHERRIES), line(10_000, sku="CHERRY", qty=1))) == [0]


def test_the_price_is_rounded_half_up():
    rulebook = shop(rule({"type": "special_price", "unit_price": 1001, "lines": {"sku": ["A"]}}))
    assert discounts(buy(rulebook, line(900, sku="A", qty="0.5"))) == [399]


def test_earlier_discounts_count():
    tenth = rule({"type": "discount_percent", "rate_bp": 1000}, name="a", priority=1)
    assert discounts(buy(shop(tenth, CHERRIES), line(40_000, sku="CHERRY"))) == [10_000]
