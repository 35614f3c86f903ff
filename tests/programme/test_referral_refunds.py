"""Whatever is bought by a chain of friends and brought back in whatever order, everybody ends where they began."""

from datetime import timedelta
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from tests.programme.referrals.inviting import LEVELS, WAITS, WELCOME, enrol, friend, invited
from tests.programme.shop import BASE5, DAY, NOW, Shop, line, rulebook

AMOUNTS = st.lists(st.lists(st.integers(100, 500_000), min_size=1, max_size=3), min_size=1, max_size=4)


@pytest.fixture
def shop(sqlite: Engine) -> Shop:
    shop = Shop(sqlite)
    shop.publish(rulebook(BASE5, LEVELS, welcome=WELCOME, referral=WAITS))
    return shop


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_refund_of_everything_returns_what_the_upline_earned(shop: Shop, data: Any):
    run = next(shop.numbers)
    ada = enrol(shop, f"ada{run}@example.org").member_id
    cleo = friend(shop, f"cleo{run}@example.org", ada).member_id
    emil = friend(shop, f"emil{run}@example.org", cleo).member_id
    end = NOW + 40 * DAY
    before = {who: shop.available(who, at=end) for who in (ada, cleo, emil)}
    left: list[tuple[str, int]] = []
    for n, amounts in enumerate(data.draw(AMOUNTS)):
        buyer = emil if data.draw(st.booleans()) else cleo
        lines = [line(i, gross) for i, gross in enumerate(amounts, 1)]
        bought = shop.buy(buyer, *lines, at=NOW + timedelta(hours=n))
        left += [(bought.receipt_id or "", i) for i in range(1, len(lines) + 1)]
    for place in data.draw(st.permutations(range(len(left)))):
        receipt_id, n = left[place]
        shop.refund(receipt_id, {n: Fraction(1)}, at=NOW + DAY)
    assert {who: shop.available(who, at=end) for who in before} == before
    told = invited(shop, ada, at=end)
    assert (told.bought, told.points) == (0, 0)
    assert shop.broken() == []
