"""Friends who bought lift whoever brought them, and move back with what they bring back; on both databases."""

from datetime import UTC, datetime, timedelta

import pytest

from portal.db import run, transaction
from portal.programme.judge_tiers import judge_member, judge_tiers
from portal.programme.remind_near_tiers import remind_near_tiers
from portal.programme.rulebooks import rulebook_in_force
from portal.programme.stepping_down import judge_return
from portal.programme.tier_screening import may_rise, nearly_goal_of
from tests.programme.shop import BASE5, DAY, NOW, Shop, line, rulebook
from tests.programme.tiers.ladders import (
    HALF_YEARS,
    MOSCOW,
    bring,
    by_friends,
    history,
    jobs,
    judged,
    ladder,
    near_misses,
    opened,
    tier,
    walk,
)


def test_friends_lift_whoever_brought_them(shop: Shop):
    ada = opened(shop, by_friends(1), referral={})
    ben = bring(shop, ada, "+79161234568")
    shop.buy(ben, line(gross=1000))
    assert jobs(shop, "judge_tier") == 1
    run(shop.engine, lambda session: judge_member(session, ada, now=NOW), writes=True)
    assert tier(shop, ada) == "gold"


@pytest.mark.parametrize(("days", "stands"), [(14, "bronze"), (15, "gold")])
def test_a_friend_who_brings_all_back_within_the_guard_moves_back_who_rose_by_it(shop: Shop, days: int, stands: str):
    ada = opened(shop, by_friends(1), referral={})
    bought = shop.buy(bring(shop, ada, "+79161234568"), line(1), line(2))
    run(shop.engine, lambda session: judge_member(session, ada, now=NOW), writes=True)
    shop.refund(bought.receipt_id, {1: 1}, at=NOW + DAY)
    assert jobs(shop, "judge_return") == 0, "something is kept: the friend still counts"
    at = NOW + days * DAY
    shop.refund(bought.receipt_id, {2: 1}, at=at)
    assert jobs(shop, "judge_return") == 1
    for _ in range(2):
        run(shop.engine, lambda session: judge_return(session, ada, now=at), writes=True)
    assert tier(shop, ada, at) == stands
    assert shop.broken() == []


def test_a_new_ladder_lifts_who_brought_friends_whether_or_not_they_bought(shop: Shop):
    ada = opened(shop, ladder(), referral={})
    everybody = [ada, *(shop.join(f"member{n}@example.org") for n in range(4))]
    for n, referrer in enumerate(everybody):
        shop.buy(bring(shop, referrer, f"friend{n}@example.org"), line(gross=1000))
    shop.buy(everybody[1], line(gross=1000))
    new = rulebook(BASE5, version=2, tiers=by_friends(1))
    shop.publish(new, effective_from=NOW + DAY, now=NOW)
    walk(shop, judge_tiers, now=NOW + DAY, limit=1)
    assert [history(shop, each) for each in everybody] == [[("bronze", "gold", "rise")]] * 5


def test_friends_are_counted_for_the_ends_of_periods_in_which_they_stood(shop: Shop):
    ada = opened(shop, by_friends(1, keep=HALF_YEARS), referral={})
    ends, next_end = (datetime(*day, 21, 0, tzinfo=UTC) for day in ((2026, 7, 14), (2027, 1, 14)))
    bought = shop.buy(bring(shop, ada, "+79161234568"), line(gross=1000))
    run(shop.engine, lambda session: judge_member(session, ada, now=NOW), writes=True)
    shop.refund(bought.receipt_id, {1: 1}, at=ends + timedelta(minutes=5))
    for now, stands in ((ends + timedelta(minutes=10), "gold"), (next_end, "bronze")):
        assert tier(shop, ada, now) == stands, "also before the job"
        judged(shop, now)
        assert tier(shop, ada, now) == stands


def test_who_lacks_a_friend_to_the_next_tier_is_told_and_nobody_else_is_read(shop: Shop):
    ada = opened(shop, by_friends(3), referral={})
    cleo = shop.join("cleo@example.org")
    for n, referrer in enumerate((ada, ada, cleo)):
        shop.buy(bring(shop, referrer, f"friend{n}@example.org"), line(gross=1000))
    due = datetime(2026, 3, 18, 9, 0, tzinfo=MOSCOW)
    with transaction(shop.engine, writes=False) as session:
        found = rulebook_in_force(session, at=due).tiers
        assert found is not None
        near = may_rise(session, found, at=due, zone=MOSCOW, after="", limit=100, enough=nearly_goal_of)
    assert near.found == [ada]
    walk(shop, remind_near_tiers, now=due, limit=1)
    assert [each["facts"]["value"] for each in near_misses(shop)] == [2]
