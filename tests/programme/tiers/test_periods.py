"""Nobody falls before a period's end, and its end is judged once, by the job or before the next receipt."""

from datetime import UTC, datetime

import pytest

from tests.programme.shop import BASE5, DAY, NOW, Shop, line, rulebook
from tests.programme.tiers.ladders import GOLD, HALF_YEARS, history, in_half_years, judged, ladder, opened, tier


@pytest.mark.parametrize("by_job", [True, False])
def test_the_end_of_a_period_is_judged_by_the_job_or_before_the_next_receipt(shop: Shop, by_job: bool):  # noqa: FBT001
    ada = opened(shop, in_half_years())
    shop.buy(ada, line(gross=1_000_000))
    later = datetime(2027, 2, 1, 12, 0, tzinfo=UTC)
    if by_job:
        judged(shop, later)
        assert history(shop, ada) == [("bronze", "gold", "rise"), ("gold", "bronze", "period")]
        judged(shop, later)
    assert shop.buy(ada, line(gross=100_000), at=later).discount == 0
    assert history(shop, ada) == [("bronze", "gold", "rise"), ("gold", "bronze", "period")]
    assert shop.broken() == []


def test_days_of_grace_save_a_tier(shop: Shop):
    ada = opened(shop, in_half_years())
    shop.buy(ada, line(gross=1_000_000))
    shop.buy(ada, line(gross=1_200_000), at=datetime(2027, 1, 10, 12, 0, tzinfo=UTC))
    judged(shop, datetime(2027, 2, 1, tzinfo=UTC))
    assert tier(shop, ada, datetime(2027, 2, 1, tzinfo=UTC)) == "gold"


def test_a_tier_kept_by_what_was_ever_done_stays(shop: Shop):
    gold = in_half_years()["tiers"][1] | {"keep": GOLD["enter"] | {"window": {"type": "lifetime"}}}
    ada = opened(shop, ladder(gold, keep=HALF_YEARS))
    shop.buy(ada, line(gross=1_000_000))
    judged(shop, datetime(2027, 2, 1, tzinfo=UTC))
    assert shop.buy(ada, line(gross=100_000), at=datetime(2028, 2, 1, tzinfo=UTC)).discount == 10_000
    assert history(shop, ada) == [("bronze", "gold", "rise")]


def test_many_are_judged_and_only_who_did_too_little_falls(shop: Shop):
    opened(shop, in_half_years(mode="one_step"))
    members = [shop.join(f"+7916000000{n}") for n in range(6)]
    for n, member_id in enumerate(members):
        shop.buy(member_id, line(gross=1_000_000 * (n + 1)))
    for member_id in members[::2]:
        shop.buy(member_id, line(gross=4_000_000), at=datetime(2026, 9, 1, tzinfo=UTC))
    judged(shop, datetime(2027, 2, 1, tzinfo=UTC))
    now = datetime(2027, 2, 1, tzinfo=UTC)
    assert [tier(shop, each, now) for each in members] == [
        "platinum", "bronze", "platinum", "gold", "platinum", "gold",
    ]  # fmt: skip
    assert shop.broken() == []


def test_a_new_ladder_lifts_at_once_and_demotes_nobody_before_the_period_ends(shop: Shop):
    ada = opened(shop, in_half_years())
    ben = shop.join("+79161234568")
    shop.buy(ada, line(gross=1_000_000))
    shop.buy(ben, line(gross=600_000))
    window = {"type": "calendar", "unit": "half_year"}
    harder = {**GOLD, "enter": {"metric": "spend", "min": 2_000_000, "window": window}}
    silver = {"id": "silver", "enter": {"metric": "spend", "min": 500_000, "window": window}}
    new = rulebook(BASE5, version=2, tiers=ladder(silver, harder, keep=HALF_YEARS))
    shop.publish(new, effective_from=NOW + DAY, now=NOW)
    judged(shop, NOW)
    assert tier(shop, ben) == "bronze"
    judged(shop, NOW + 2 * DAY)
    assert (tier(shop, ada, NOW + 2 * DAY), tier(shop, ben, NOW + 2 * DAY)) == ("gold", "silver")
    judged(shop, datetime(2026, 7, 20, tzinfo=UTC))
    assert tier(shop, ada, datetime(2026, 7, 20, tzinfo=UTC)) == "silver"


def test_a_tier_that_is_no_more_is_kept_until_the_period_ends(shop: Shop):
    ada = opened(shop, in_half_years())
    shop.buy(ada, line(gross=1_000_000))
    window = {"type": "calendar", "unit": "half_year"}
    star = {"id": "star", "enter": {"metric": "spend", "min": 900_000, "window": window}}
    shop.publish(rulebook(BASE5, version=2, tiers=ladder(star, keep=HALF_YEARS)), effective_from=NOW + DAY, now=NOW)
    judged(shop, NOW + 2 * DAY)
    assert tier(shop, ada, NOW + 2 * DAY) == "star"
