import pytest
from pydantic import ValidationError

from tests.rulebook.shop import buy, granted, holds, line, miss, rule, shop, skipped


@pytest.mark.parametrize(
    ("threshold", "gross", "expected"),
    [
        ({"min": 300_000}, 299_999, False),
        ({"min": 300_000}, 300_000, True),
        ({"more_than": 300_000}, 300_000, False),
        ({"more_than": 300_000}, 300_001, True),
        ({"max": 300_000}, 300_000, True),
        ({"max": 300_000}, 300_001, False),
        ({"min": 100, "max": 200}, 150, True),
        ({"min": 100, "max": 200}, 201, False),
    ],
)
def test_thresholds_say_whether_they_are_included(threshold: dict, gross: int, *, expected: bool):
    assert holds({"type": "receipt_total", **threshold}, line(gross)) is expected


def test_all_lines_count_together():
    assert holds({"type": "receipt_total", "min": 300}, line(100), line(200))


def test_the_basis_decides_between_shelf_prices_and_what_discounts_leave():
    ten_off = rule({"type": "discount_percent", "rate_bp": 1000}, name="d10", priority=5)
    for basis, expected in (("gross", {"t300": 300}), ("net", {})):
        when = {"type": "receipt_total", "min": 300_000, "basis": basis}
        outcome = buy(
            shop(ten_off, rule({"type": "accrue_fixed", "points": 300}, name="t300", when=when)), line(320_000)
        )
        assert outcome.due == 288_000
        assert granted(outcome) == expected


def test_net_is_before_points():
    when = {"type": "receipt_total", "min": 10_000, "basis": "net"}
    outcome = buy(shop(rule({"type": "accrue_fixed", "points": 7}, when=when)), line(10_000), points_requested=50)
    assert (outcome.due, granted(outcome)) == (5000, {"r": 7})


def test_a_miss_tells_what_was_found_and_needed():
    found = miss({"type": "receipt_total", "min": 300_000}, line(288_000))
    assert found == {"reason": "receipt_total", "value": 288_000, "basis": "gross", "min": 300_000}


def test_a_threshold_is_required():
    with pytest.raises(ValidationError, match="`min`, `more_than` or `max`"):
        holds({"type": "receipt_total"})


def test_what_waits_for_discounts_cannot_discount_any_more():
    when = {"type": "receipt_total", "min": 1, "basis": "net"}
    outcome = buy(shop(rule({"type": "discount_percent", "rate_bp": 1000}, when=when)), line(1000))
    assert (outcome.discount, skipped(outcome)) == (0, {})
