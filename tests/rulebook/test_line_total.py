from tests.rulebook.shop import buy, granted, holds, line, miss, rule, shop

DAIRY = {"category": ["food/dairy"]}
CHEESE, MILK, BREAD = (
    line(40_000, category="food/dairy/cheese"),
    line(10_000, category="food/dairy"),
    line(5000, category="food/bread"),
)


def test_matching_lines_count_together():
    assert holds({"type": "line_total", "lines": DAIRY, "min": 50_000}, CHEESE, MILK, BREAD)
    assert not holds({"type": "line_total", "lines": DAIRY, "min": 50_001}, CHEESE, MILK, BREAD)


def test_a_miss_tells_what_the_lines_came_to():
    found = miss({"type": "line_total", "lines": DAIRY, "min": 50_000}, MILK, BREAD)
    assert found == {"reason": "line_total", "value": 10_000, "basis": "gross", "min": 50_000}


def test_after_discounts_with_basis_net():
    when = {"type": "line_total", "lines": DAIRY, "min": 10_000, "basis": "net"}
    reward = rule({"type": "accrue_fixed", "points": 5}, when=when)
    assert granted(buy(shop(reward), MILK)) == {"r": 5}
    off = rule({"type": "discount_fixed", "amount": 1}, name="off")
    assert granted(buy(shop(reward, off), MILK)) == {}
