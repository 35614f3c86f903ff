"""Ladders to climb, and the shortest ways to have them judged and to look at who stands where."""

import json
from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import text

from portal.db import run, transaction
from portal.programme.climb_column import climb_of
from portal.programme.judge_tiers import judge_tiers
from portal.programme.rulebooks import rulebook_in_force
from tests.programme.shop import BASE5, NOW, Shop, rulebook

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


def near_misses(shop: Shop) -> list[dict[str, Any]]:
    return notices(shop, "tier_near")


def tiers_told(shop: Shop) -> list[tuple[str, bool, str]]:
    """Return the news of tiers: which one, whether it is higher, and why."""
    facts = [each["facts"] for each in notices(shop, "tier_changed")]
    return [(each["tier"], each["up"], each["cause"]) for each in facts]


def notices(shop: Shop, kind: str) -> list[dict[str, Any]]:
    with transaction(shop.engine, writes=False) as session:
        told = session.execute(text("select arguments from job where kind = 'notify' order by id")).scalars().all()
    documents = [each if isinstance(each, dict) else json.loads(each) for each in told]
    return [{"member": each["member"], **notice} for each in documents for notice in each["notices"]
            if notice["kind"] == kind]  # fmt: skip
