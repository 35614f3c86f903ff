from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.money import rounded
from portal.rulebook.amounts import allocate, points_percent, share_of
from tests.rulebook.naive_money import largest_remainder


@pytest.mark.parametrize(
    ("total", "weights", "caps", "parts"),
    [
        (200, [40_000, 5000], None, [178, 22]),
        (10, [1, 1, 1], None, [4, 3, 3]),
        (10, [1, 0, 1], None, [5, 0, 5]),
        (10, [0, 0], None, [0, 0]),
        (0, [1, 2], None, [0, 0]),
        (10, [], None, []),
        (10, [1, 1], [2, 100], [2, 8]),
        (10, [1, 1, 1], [0, 5, 5], [0, 5, 5]),
        (10, [1, 1], [2, 3], [2, 3]),
        (99, [9990, 90], [99, 0], [99, 0]),
        (10**12, [1, 1, 1], [10**12, 1, 5], [10**12 - 6, 1, 5]),
    ],
)
def test_a_whole_is_spread_by_largest_remainder(total: int, weights: list, caps: list | None, parts: list):
    assert allocate(total, weights, caps) == parts


@given(
    st.integers(0, 60),
    st.lists(st.tuples(st.integers(0, 9) | st.fractions(0, 3, max_denominator=7), st.integers(0, 20)), max_size=6),
    st.booleans(),
)
def test_spreading_at_once_equals_spreading_one_by_one(total: int, parts: list, capped: object):
    weights, caps = [weight for weight, _ in parts], [cap for _, cap in parts] if capped else None
    found = allocate(total, weights, caps)
    assert found == largest_remainder(total, weights, caps)
    room = sum(cap for weight, cap in parts if weight) if capped else total * any(weights)
    assert sum(found) == min(total, room)


@pytest.mark.parametrize(
    ("exact", "down", "half_even", "half_up", "up"),
    [
        ("5/2", 2, 2, 3, 3),
        ("7/2", 3, 4, 4, 4),
        ("12/5", 2, 2, 2, 3),
        ("13/5", 2, 3, 3, 3),
        ("3", 3, 3, 3, 3),
        ("0", 0, 0, 0, 0),
    ],
)
def test_the_four_ways_to_round(exact: str, down: int, half_even: int, half_up: int, up: int):
    found = [rounded(Fraction(exact), mode) for mode in ("down", "half_even", "half_up", "up")]
    assert found == [down, half_even, half_up, up]


def test_a_percent_of_money_in_points_is_exact():
    assert points_percent(199_900, rate_bp=500, point_value=100) == Fraction(1999, 20)
    assert points_percent(1999, rate_bp=500, point_value=1) == Fraction(1999, 20)


@pytest.mark.parametrize(("amount", "rate_bp", "share"), [(5, 1000, 1), (4, 1000, 0), (9999, 3333, 3333), (0, 500, 0)])
def test_a_share_of_money_is_half_up(amount: int, rate_bp: int, share: int):
    assert share_of(amount, rate_bp) == share
