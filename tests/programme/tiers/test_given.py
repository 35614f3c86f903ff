"""Staff give a tier for a time and take it back; on both databases."""

from datetime import datetime
from typing import Any

import pytest

from portal.db import run
from portal.programme.command import Command
from portal.programme.give_tier import GivenTier, NoLadder, TierEndsInThePast, TierNotHigher, UnknownTier, give_tier
from tests.programme.shop import DAY, NOW, Shop, line
from tests.programme.tiers.ladders import history, ladder, opened, tier


def test_staff_give_a_tier_for_a_time_and_take_it_back(shop: Shop):
    ada = opened(shop, ladder())
    command = Command(client="manager", key="", now=NOW, operator="Mira")

    def give(name: str | None, until: datetime | None = NOW + 10 * DAY) -> Any:
        given = GivenTier(tier=name, until=until, reason="a good friend of the house")
        return run(shop.engine, lambda session: give_tier(session, ada, given, command=command), writes=True)

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


def test_no_tier_can_be_given_where_there_is_no_ladder(shop: Shop):
    ada = opened(shop, None)
    given = GivenTier(tier="gold", until=NOW + DAY, reason="none")
    with pytest.raises(NoLadder):
        run(shop.engine, lambda s: give_tier(s, ada, given, command=Command(client="m", key="", now=NOW)), writes=True)
