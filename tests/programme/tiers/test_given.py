"""Staff give a tier for a time and take it back; on both databases."""

from datetime import datetime
from functools import partial
from typing import Any

import pytest

from portal.db import run
from portal.programme.command import Command
from portal.programme.give_tier import GivenTier, NoLadder, TierEndsInThePast, TierNotHigher, UnknownTier, give_tier
from portal.programme.remind_tiers import remind_tiers
from tests.programme.shop import DAY, NOW, Shop, line
from tests.programme.tiers.ladders import (
    MOSCOW,
    history,
    in_half_years,
    ladder,
    notices,
    opened,
    tier,
    tiers_told,
    walk,
)


def hand(
    shop: Shop, member_id: str, name: str | None, until: datetime | None = NOW + 10 * DAY, *, at: datetime = NOW
) -> Any:
    command = Command(client="manager", key="", now=at, operator="Mira")
    given = GivenTier(tier=name, until=until if name else None, reason="a good friend of the house")
    return run(shop.engine, lambda session: give_tier(session, member_id, given, command=command), writes=True)


def test_staff_give_a_tier_for_a_time_and_take_it_back(shop: Shop):
    ada = opened(shop, ladder())
    give = partial(hand, shop, ada)
    assert give("gold").id == "gold"
    assert shop.buy(ada, line(gross=100_000), at=NOW + DAY).discount == 10_000
    assert tier(shop, ada, NOW + 10 * DAY) == "bronze"
    assert shop.buy(ada, line(gross=1_100_000), at=NOW + 2 * DAY).tier is not None
    with pytest.raises(TierNotHigher):
        give("gold")
    assert give("platinum").id == "platinum"
    assert give(None, None).id == "gold"
    assert [each[2] for each in history(shop, ada)] == ["manual", "rise", "manual", "manual_ended"]
    with pytest.raises(UnknownTier):
        give("diamond")
    with pytest.raises(TierEndsInThePast):
        give("platinum", NOW)
    assert shop.broken() == []


def test_who_earns_a_tier_that_was_given_is_told_of_it_once(shop: Shop):
    ada = opened(shop, ladder())
    hand(shop, ada, "platinum")
    shop.buy(ada, line(gross=1_200_000), at=NOW + DAY)
    shop.buy(ada, line(gross=3_000_000), at=NOW + 2 * DAY)
    assert tiers_told(shop) == [("Platinum", True, "manual")]
    assert history(shop, ada) == [
        ("bronze", "platinum", "manual"), ("bronze", "gold", "rise"), ("gold", "platinum", "rise"),
    ]  # fmt: skip


def test_who_holds_a_given_tier_is_not_told_of_losing_the_earned_one(shop: Shop):
    ada = opened(shop, in_half_years())
    shop.buy(ada, line(gross=1_000_000))
    at = datetime(2026, 12, 11, 9, 5, tzinfo=MOSCOW)
    hand(shop, ada, "platinum", at + 90 * DAY, at=at - DAY)
    walk(shop, remind_tiers, now=at, limit=1)
    assert notices(shop, "tier_keep") == []


def test_a_tier_earned_above_the_given_one_is_told(shop: Shop):
    ada = opened(shop, ladder())
    hand(shop, ada, "gold")
    shop.buy(ada, line(gross=3_500_000), at=NOW + DAY)
    assert tiers_told(shop) == [("Gold", True, "manual"), ("Platinum", True, "rise")]


def test_a_tier_earned_after_the_given_one_has_ended_is_told(shop: Shop):
    ada = opened(shop, ladder())
    hand(shop, ada, "gold")
    shop.buy(ada, line(gross=1_000_000), at=NOW + 11 * DAY)
    assert tiers_told(shop) == [("Gold", True, "manual"), ("Gold", True, "rise")]


def test_a_longer_time_and_nothing_to_take_back_are_no_news(shop: Shop):
    ada = opened(shop, ladder())
    hand(shop, ada, None)
    hand(shop, ada, "gold", at=NOW + DAY)
    hand(shop, ada, "gold", NOW + 20 * DAY, at=NOW + 2 * DAY)
    hand(shop, ada, None, at=NOW + 3 * DAY)
    assert tiers_told(shop) == [("Gold", True, "manual"), ("Bronze", False, "manual_ended")]


def test_no_tier_can_be_given_where_there_is_no_ladder(shop: Shop):
    ada = opened(shop, None)
    given = GivenTier(tier="gold", until=NOW + DAY, reason="none")
    with pytest.raises(NoLadder):
        run(shop.engine, lambda s: give_tier(s, ada, given, command=Command(client="m", key="", now=NOW)), writes=True)
