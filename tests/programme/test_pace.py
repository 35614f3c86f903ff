"""When usual purchases bring what is lacking."""

from datetime import timedelta

import pytest

from portal.programme.pace import Pace
from tests.programme.shop import NOW


@pytest.mark.parametrize(
    ("missing", "days"), [(450_00, 45), (900_00, 90), (36_000_00, 3600), (36_001_00, None), (9_000_000_00, None)]
)
def test_what_would_take_years_is_not_promised(missing: int, days: int | None):
    when = NOW + timedelta(days=days) if days else None
    assert Pace(spend=900_00, purchases=3).brings_spend(missing, after=NOW) == when


def test_a_dear_tier_is_reckoned_for_who_buys_much():
    assert Pace(spend=400_000_00, purchases=1).brings_spend(200_000_00, after=NOW) == NOW + timedelta(days=45)


def test_who_bought_nothing_lately_is_promised_nothing():
    nothing = Pace(spend=0, purchases=0)
    assert (nothing.brings_spend(1, after=NOW), nothing.brings_purchases(1, after=NOW)) == (None, None)
