"""Who is about to fall, and who is near the next tier, is told once; on both databases."""

from datetime import UTC, datetime, timedelta

from portal.programme.remind_near_tiers import remind_near_tiers
from portal.programme.remind_tiers import remind_tiers
from tests.programme.shop import Shop, line
from tests.programme.tiers.ladders import (
    GOLD,
    HALF_YEARS,
    MOSCOW,
    in_half_years,
    jobs,
    ladder,
    near_misses,
    opened,
    walk,
)


def test_who_is_about_to_fall_is_told_once_what_is_missing(shop: Shop):
    ada = opened(shop, in_half_years())
    ben = shop.join("+79161234568")
    for each in (ada, ben):
        shop.buy(each, line(gross=1_000_000))
    walk(shop, remind_tiers, now=datetime(2026, 6, 10, 9, 5, tzinfo=MOSCOW), limit=1)  # the half-year before
    shop.buy(ben, line(gross=1_300_000), at=datetime(2026, 8, 1, tzinfo=UTC))
    before = jobs(shop, "notify")
    at = datetime(2026, 12, 11, 9, 5, tzinfo=MOSCOW)

    walk(shop, remind_tiers, now=at - timedelta(hours=1), limit=1)
    assert jobs(shop, "notify") == before
    walk(shop, remind_tiers, now=at, limit=1)
    walk(shop, remind_tiers, now=at + timedelta(hours=1), limit=1)
    assert jobs(shop, "notify") == before + 1


def test_who_lacks_little_to_the_next_tier_is_told_once_in_a_period(shop: Shop):
    ada = opened(shop, in_half_years())
    ben, cleo = shop.join("+79161234568"), shop.join("+79161234569")
    for each, money in ((ada, 900_000), (ben, 899_900), (cleo, 2_800_000)):
        shop.buy(each, line(gross=money))
    due = datetime(2026, 6, 10, 9, tzinfo=MOSCOW)

    walk(shop, remind_near_tiers, now=due - timedelta(minutes=1), limit=1)
    assert near_misses(shop) == []
    walk(shop, remind_near_tiers, now=due, limit=1)
    walk(shop, remind_near_tiers, now=due + timedelta(hours=1), limit=1)
    told = near_misses(shop)
    assert {each["member"]: each["facts"]["tier"] for each in told} == {ada: "Gold", cleo: "Platinum"}
    assert told[0]["facts"]["last_day"] == "2026-06-30"
    assert {each["cause"] for each in told} == {"gold/2026-07-01", "platinum/2026-07-01"}

    walk(shop, remind_near_tiers, now=due + timedelta(days=183), limit=1)  # what was bought before counts no more
    assert len(near_misses(shop)) == 2


def test_who_is_about_to_fall_is_not_told_of_the_tier_above(shop: Shop):
    lasting = {"type": "lifetime"}
    platinum = {"id": "platinum", "enter": {"metric": "spend", "min": 1_100_000, "window": lasting}}
    gold = {**GOLD, "keep": {"metric": "purchases", "min": 2}}
    ada = opened(shop, ladder(gold, platinum, keep=HALF_YEARS))
    shop.buy(ada, line(gross=1_000_000))
    walk(shop, remind_near_tiers, now=datetime(2026, 6, 10, 9, tzinfo=MOSCOW), limit=5)
    assert near_misses(shop) == []


def test_who_lacks_a_little_of_two_things_is_not_near(shop: Shop):
    both = {"all": [{"metric": "spend", "min": 1_000_000}, {"metric": "purchases", "min": 3}]}
    ada = opened(shop, ladder({"id": "gold", "enter": both}, keep=HALF_YEARS))
    shop.buy(ada, line(gross=450_000))
    shop.buy(ada, line(gross=450_000))
    due = datetime(2026, 6, 10, 9, tzinfo=MOSCOW)
    walk(shop, remind_near_tiers, now=due, limit=5)
    assert near_misses(shop) == []


def test_the_last_purchase_to_a_tier_for_life_is_told_of_each_quarter(shop: Shop):
    tiers = ladder({"id": "like", "enter": {"metric": "purchases", "min": 3}})
    ada = opened(shop, tiers)
    for _ in range(2):
        shop.buy(ada, line(gross=10_000))
    for month in (6, 9):
        walk(shop, remind_near_tiers, now=datetime(2026, month, 17, 10, tzinfo=MOSCOW), limit=5)
    assert [each["cause"] for each in near_misses(shop)] == ["like/2026-07-01", "like/2026-10-01"]
    assert [each["facts"]["last_day"] for each in near_misses(shop)] == [None, None]
