"""Goods brought back move a tier back in time, and never otherwise; on both databases."""

from datetime import UTC, datetime, timedelta
from fractions import Fraction
from typing import Any

import pytest

from portal.db import transaction
from portal.programme.climb_column import climb_of
from portal.programme.rulebooks import rulebook_in_force
from portal.programme.telling_tiers import tier_answer
from tests.programme.shop import DAY, NOW, Shop, line
from tests.programme.tiers.ladders import history, in_half_years, judged, ladder, opened, tier


def test_a_return_in_time_moves_back_and_everything_is_as_it_was(shop: Shop):
    ada = opened(shop, ladder())
    shop.buy(ada, line(gross=400_000))
    bought = shop.buy(ada, line(gross=2_700_000), at=NOW + DAY)
    assert tier(shop, ada, NOW + 2 * DAY) == "platinum"
    shop.refund(bought.receipt_id, {1: Fraction(1)}, at=NOW + 3 * DAY)
    assert tier(shop, ada, NOW + 4 * DAY) == "bronze"
    assert history(shop, ada)[-1] == ("platinum", "bronze", "refund")
    assert shop.buy(ada, line(gross=600_000), at=NOW + 5 * DAY).tier == looked_up(shop, ada, NOW + 5 * DAY)
    assert shop.broken() == []


def looked_up(shop: Shop, member_id: str, at: datetime) -> Any:
    """Return what the API says of a member's tier by looking anew."""
    with transaction(shop.engine, writes=False) as session:
        book = rulebook_in_force(session, at=at)
        return tier_answer(climb_of(session, book, member_id, at=at), book, language="en", at=at)


def test_a_return_after_a_fall_lifts_nobody(shop: Shop):
    ada = opened(shop, in_half_years())
    shop.buy(ada, line(gross=1_000_000))
    after = datetime(2027, 1, 16, 12, tzinfo=UTC)
    small = shop.buy(ada, line(gross=100), at=after)
    shop.refund(small.receipt_id, {1: 1}, at=after + DAY)
    assert history(shop, ada) == [("bronze", "gold", "rise"), ("gold", "bronze", "period")]


def test_a_second_return_does_not_undo_the_first_way_back(shop: Shop):
    ada = opened(shop, ladder())
    small, big = shop.buy(ada, line(gross=100)), shop.buy(ada, line(gross=1_000_000))
    shop.refund(big.receipt_id, {1: 1}, at=NOW + 14 * DAY)
    shop.refund(small.receipt_id, {1: 1}, at=NOW + 15 * DAY)
    assert history(shop, ada) == [("bronze", "gold", "rise"), ("gold", "bronze", "refund")]


def test_a_return_after_the_guard_waits_for_the_periods_end(shop: Shop):
    ada = opened(shop, in_half_years())
    bought = shop.buy(ada, line(gross=1_000_000))
    shop.refund(bought.receipt_id, {1: Fraction(1)}, at=NOW + 15 * DAY)
    assert tier(shop, ada, NOW + 16 * DAY) == "gold"
    assert tier(shop, ada, datetime(2026, 7, 14, 21, 0, tzinfo=UTC)) == "bronze"


@pytest.mark.parametrize("keep", [None, {"metric": "spend", "min": 1_000_000, "window": {"type": "lifetime"}}])
@pytest.mark.parametrize(("minutes", "stands"), [(5, "gold"), (-5, "bronze")])
def test_a_return_between_a_periods_end_and_the_job_waits_for_the_next(
    shop: Shop, keep: Any, minutes: int, stands: str
):
    ends, next_end = (datetime(*day, 21, 0, tzinfo=UTC) for day in ((2026, 7, 14), (2027, 1, 14)))
    tiers = in_half_years()
    tiers["tiers"][1] |= {"keep": keep} if keep else {}
    ada = opened(shop, tiers)
    bought = shop.buy(ada, line(gross=1_000_000))
    told = shop.command(now=ends + timedelta(minutes=6))
    shop.refund(bought.receipt_id, {1: 1}, at=ends + timedelta(minutes=minutes), command=told)
    assert tier(shop, ada, ends + timedelta(minutes=8)) == stands, "also before the job"
    judged(shop, ends + timedelta(minutes=10))
    assert tier(shop, ada, ends + timedelta(minutes=10)) == stands
    judged(shop, next_end)
    assert tier(shop, ada, next_end) == "bronze"
    assert len(history(shop, ada)) == 2
    assert shop.broken() == []
