import pytest

from tests.rulebook.shop import buy, line, rule, shop


def per(points: int, quantity: object, **more: object) -> dict:
    return rule({"type": "accrue_per_unit", "points": points, "per": quantity, **more})


@pytest.mark.parametrize(
    ("points", "per_quantity", "quantities", "total"),
    [(10, 1, [3], 30), (10, 2, [3, 2], 20), (10, 2, [1], 0), (5, "0.5", [0.35, "0.7"], 10), (10, 2, [1, 1], 10)],
)
def test_every_full_measure_of_all_lines_together(points: int, per_quantity: object, quantities: list, total: int):
    outcome = buy(shop(per(points, per_quantity)), *(line(100, qty=quantity) for quantity in quantities))
    assert outcome.earned.get("ada", 0) == total


def test_points_are_spread_by_quantity_and_go_back_with_the_goods():
    grant = buy(shop(per(10, 2)), line(100, qty=3), line(900, qty=2)).grants[0]
    assert (grant.lines, grant.fixed, grant.how) == ({1: 12, 2: 8}, 0, "per_unit")


def test_only_matching_lines_and_whatever_tender_paid_them():
    outcome = buy(shop(per(10, 1, lines={"sku": ["A"]})), line(100, sku="A"), line(100), points_requested="max")
    assert (outcome.due, outcome.earned) == (0, {"ada": 10})
