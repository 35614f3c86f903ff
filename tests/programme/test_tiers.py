"""Tiers in the stories: purchases raise, refunds move back, periods are judged, ladders replaced; on both databases."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine, text

from portal.db import run, transaction
from portal.programme import rulebooks
from portal.programme.climb_column import climb_of
from portal.programme.command import Command
from portal.programme.give_tier import (
    GivenTier,
    NoLadder,
    TierEndsInThePast,
    TierNotHigher,
    UnknownTier,
    give_tier,
)
from portal.programme.judge_tiers import judge_member, judge_tiers
from portal.programme.member_tier import member_tier
from portal.programme.remind_near_tiers import remind_near_tiers
from portal.programme.remind_tiers import remind_tiers
from portal.programme.rulebooks import rulebook_in_force
from portal.programme.stepping_down import judge_return
from portal.programme.telling_tiers import tier_answer
from portal.programme.tier_screening import may_rise, nearly_goal_of
from tests.programme.shop import BASE5, DAY, NOW, Shop, line, rulebook

MOSCOW = ZoneInfo("Europe/Moscow")
GOLD = {"id": "gold", "title": "Gold", "enter": {"metric": "spend", "min": 1_000_000}}
PLATINUM = {"id": "platinum", "enter": {"metric": "spend", "min": 3_000_000}}
GOLD10 = {
    "id": "gold10",
    "when": {"type": "tier", "in": ["gold", "platinum"]},
    "effects": [{"type": "discount_percent", "rate_bp": 1000}],
}
HALF_YEARS = {"type": "period", "unit": "half_year", "grace_days": 14}


def ladder(*tiers: dict[str, Any], **rest: Any) -> dict[str, Any]:
    return {"tiers": [{"id": "bronze"}, *(tiers or (GOLD, PLATINUM))], **rest}


def in_half_years(**rest: Any) -> dict[str, Any]:
    window = {"type": "calendar", "unit": "half_year"}
    tiers = [{**tier, "enter": {**tier["enter"], "window": window}} for tier in (GOLD, PLATINUM)]
    return ladder(*tiers, keep={**HALF_YEARS, **rest})


@pytest.fixture
def shop(engine: Engine) -> Shop:
    return Shop(engine)


def opened(shop: Shop, tiers: dict[str, Any] | None, **rest: Any) -> str:
    shop.publish(rulebook(BASE5, GOLD10, **({"tiers": tiers} if tiers else {}), **rest))
    return shop.join("+79161234567")


def tier(shop: Shop, member_id: str, at: datetime = NOW) -> str | None:
    with transaction(shop.engine, writes=False) as session:
        climb = climb_of(session, rulebook_in_force(session, at=at), member_id, at=at)
        return climb and climb.standing.tier_at(at, climb.ladder).id


def judged(shop: Shop, now: datetime) -> None:
    """Do what the job does until nothing is due."""
    walk(shop, judge_tiers, now=now, limit=2)


def walk(shop: Shop, job: Callable[..., Any], *, now: datetime, limit: int) -> None:
    progress: Any = None
    for _ in range(100):
        work = partial(job, progress=progress, now=now, limit=limit)
        progress = run(shop.engine, work, writes=True)
        if progress is None:
            return
    raise AssertionError("the walk does not end")


def history(shop: Shop, member_id: str) -> list[tuple[str, str, str]]:
    told = text("select from_tier, to_tier, cause from tier_change where member_id = :id order by number")
    with transaction(shop.engine, writes=False) as session:
        return [tuple(row) for row in session.execute(told, {"id": member_id})]


def jobs(shop: Shop, kind: str) -> int:
    with transaction(shop.engine, writes=False) as session:
        return session.scalar(text("select count(*) from job where kind = :kind"), {"kind": kind}) or 0


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


def bring(shop: Shop, referrer: str, contact: str) -> str:
    """Let somebody join by a member's code."""
    member_id = shop.join(contact, referrer=referrer)
    joining = (
        "insert into joining (member_id, referrer_id, came_by, decision, joined_at) "
        "values (:member, :referrer, 'code', 'ok', 0)"
    )
    with transaction(shop.engine, writes=True) as session:
        session.execute(text(joining), {"member": member_id, "referrer": referrer})
    return member_id


def by_friends(least: int, **rest: Any) -> dict[str, Any]:
    return ladder({"id": "gold", "enter": {"metric": "referrals", "min": least}}, **rest)


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


def test_a_new_ladder_lifts_who_brought_friends_and_never_bought(shop: Shop):
    ada = opened(shop, ladder(), referral={})
    shop.buy(bring(shop, ada, "+79161234568"), line(gross=1000))
    new = rulebook(BASE5, version=2, tiers=by_friends(1))
    shop.publish(new, effective_from=NOW + DAY, now=NOW)
    judged(shop, NOW + DAY)
    assert history(shop, ada) == [("bronze", "gold", "rise")]


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


def test_who_is_about_to_fall_is_told_once_what_is_missing(shop: Shop):
    ada = opened(shop, in_half_years())
    ben = shop.join("+79161234568")
    for each in (ada, ben):
        shop.buy(each, line(gross=1_000_000))
    shop.buy(ben, line(gross=1_300_000), at=datetime(2026, 8, 1, tzinfo=UTC))
    before = jobs(shop, "notify")
    at = datetime(2026, 12, 11, 9, 5, tzinfo=MOSCOW)

    walk(shop, remind_tiers, now=at - timedelta(hours=1), limit=1)
    assert jobs(shop, "notify") == before
    walk(shop, remind_tiers, now=at, limit=1)
    walk(shop, remind_tiers, now=at + timedelta(hours=1), limit=1)
    assert jobs(shop, "notify") == before + 1


def near_misses(shop: Shop) -> list[dict[str, Any]]:
    with transaction(shop.engine, writes=False) as session:
        told = session.execute(text("select arguments from job where kind = 'notify' order by id")).scalars().all()
    documents = [each if isinstance(each, dict) else json.loads(each) for each in told]
    return [{"member": each["member"], **notice} for each in documents for notice in each["notices"]
            if notice["kind"] == "tier_near"]  # fmt: skip


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


def test_the_last_purchase_to_a_tier_for_life_is_told_of_each_quarter(shop: Shop):
    tiers = ladder({"id": "like", "enter": {"metric": "purchases", "min": 3}})
    ada = opened(shop, tiers)
    for _ in range(2):
        shop.buy(ada, line(gross=10_000))
    for month in (6, 9):
        walk(shop, remind_near_tiers, now=datetime(2026, month, 17, 10, tzinfo=MOSCOW), limit=5)
    assert [each["cause"] for each in near_misses(shop)] == ["like/2026-07-01", "like/2026-10-01"]
    assert [each["facts"]["last_day"] for each in near_misses(shop)] == [None, None]


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
