"""Purchases raise a tier at once, and nothing spent lowers it; on both databases."""

import pytest

from portal.db import transaction
from portal.programme import rulebooks
from portal.programme.member_tier import member_tier
from tests.programme.shop import DAY, NOW, Shop, line
from tests.programme.tiers.ladders import history, in_half_years, ladder, opened, tier


def test_a_tier_is_reached_at_once_and_works_from_the_next_receipt(shop: Shop):
    ada = opened(shop, ladder())
    first = shop.buy(ada, line(gross=1_000_000))
    assert (first.discount, first.tier and first.tier.id) == (0, "gold")
    assert first.tier is not None
    assert first.tier.progress is not None
    assert (first.tier.progress.tier, first.tier.progress.left) == ("platinum", 2_000_000)
    second = shop.buy(ada, line(gross=100_000), at=NOW + DAY)
    assert second.discount == 10_000
    assert history(shop, ada) == [("bronze", "gold", "rise")]
    assert shop.broken() == []


def test_a_process_that_meets_its_first_ladder_finds_the_tier(shop: Shop, monkeypatch: pytest.MonkeyPatch):
    ada = opened(shop, ladder())
    shop.buy(ada, line(gross=1_000_000))
    monkeypatch.setattr(rulebooks, "_by_digest", {})
    assert shop.buy(ada, line(gross=100_000), at=NOW + DAY).discount == 10_000
    assert shop.broken() == []


def test_a_quote_tells_the_tier_that_works_now(shop: Shop):
    ada = opened(shop, ladder())
    quoted = shop.quote(shop.told(ada, line(gross=1_000_000)))
    assert quoted.tier is not None
    assert quoted.tier.id == "bronze"
    assert history(shop, ada) == []


def test_without_a_ladder_there_is_no_tier(shop: Shop):
    ada = opened(shop, None)
    assert shop.buy(ada, line(gross=1_000_000)).tier is None
    assert tier(shop, ada) is None


def test_spending_points_never_lowers_a_tier(shop: Shop):
    ada = opened(shop, ladder())
    shop.buy(ada, line(gross=1_000_000))
    shop.give(ada, 500)
    shop.buy(ada, line(gross=100_000), points_requested=500, at=NOW + DAY)
    assert tier(shop, ada, NOW + 2 * DAY) == "gold"
    assert shop.broken() == []


def test_a_receipt_told_late_is_judged_by_the_tier_of_its_time(shop: Shop):
    ada = opened(shop, ladder())
    shop.buy(ada, line(gross=1_000_000), at=NOW)
    late = shop.record(shop.told(ada, line(gross=100_000), at=NOW - DAY), command=shop.command(now=NOW + DAY)).body
    assert late.discount == 0
    assert shop.buy(ada, line(gross=100_000), at=NOW + DAY).discount == 10_000


def test_the_page_tells_the_ladder_and_the_history(shop: Shop):
    ada = opened(shop, in_half_years())
    shop.buy(ada, line(gross=1_000_000))
    with transaction(shop.engine, writes=False) as session:
        found = member_tier(session, ada, language="ru", now=NOW)
    assert found is not None
    assert [(step.title, step.own, step.reached) for step in found.steps] == [
        ("Platinum", False, False), ("Gold", True, True), ("Bronze", False, True),
    ]  # fmt: skip
    assert found.steps[1].enter.replace("\u00a0", " ") == "Покупки от 10 000 ₽ за полгода"
    assert found.tier.text.replace("\u00a0", " ") == "Ещё 20 000 ₽ до Platinum"
    assert [(each.title, each.cause, each.up) for each in found.history] == [("Gold", "rise", True)]
