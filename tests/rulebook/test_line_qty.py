import pytest
from pydantic import ValidationError

from tests.rulebook.shop import holds, line, miss

POUCHES = {"type": "line_qty", "lines": {"sku": ["WHISKAS-85"]}, "min": 3}


def test_quantities_of_matching_lines_add_up():
    assert holds(POUCHES, line(7000, sku="WHISKAS-85", qty=2), line(3500, sku="WHISKAS-85"))
    assert not holds(POUCHES, line(7000, sku="WHISKAS-85", qty=2), line(3500, sku="OTHER", qty=5))


def test_weighed_goods_are_counted_exactly():
    cherries = {"type": "line_qty", "lines": {"sku": ["CHERRY"]}, "min": "0.5"}
    assert holds(cherries, line(100, sku="CHERRY", qty=0.3), line(100, sku="CHERRY", qty="0.2"))
    found = miss(cherries, line(100, sku="CHERRY", qty=0.48))
    assert (found["value"], found["min"]) == ("0.48", "0.5")


@pytest.mark.parametrize("wrong", [0, -1, True, "much", 0.0005, "1e9", "NaN", None])
def test_a_quantity_is_above_zero_with_three_decimals(wrong: object):
    with pytest.raises(ValidationError):
        holds({**POUCHES, "min": wrong})
