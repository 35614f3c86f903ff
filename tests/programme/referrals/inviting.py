"""The rules of inviting, and the shortest ways to bring somebody and to look at what it brought."""

from datetime import datetime
from typing import Any

from portal.db import run, transaction
from portal.members.contacts import read_contact
from portal.members.operations import Newcomer
from portal.programme.came_by import NOTHING, CameBy, Click
from portal.programme.enrol_member import EnrolAnswer, Joining, enrol_member
from portal.programme.invite_friends import Invited, invitation_of
from portal.referrals import operations as referrals
from portal.referrals.link import Link, LinkTerms
from tests.programme.shop import DAY, NOW, SECRET, Shop, rulebook

WELCOME = {"points": 300, "valid": {"type": "days", "n": 60}}
WAITS = {"referrer_points": 50, "referee_points": 500, "kept_days": 14, "monthly_limit": 3}
AT_ONCE = {**WAITS, "referrer_bonus_when": "joined"}
LEVELS = {
    "id": "levels",
    "effects": [
        {"type": "accrue_percent", "rate_bp": 100, "to": "referrer"},
        {"type": "accrue_percent", "rate_bp": 50, "to": "referrer", "level": 2},
        {"type": "accrue_percent", "rate_bp": 25, "to": "referrer", "level": 3},
    ],
}


def enrol(shop: Shop, contact: str, came_by: CameBy = NOTHING, *, at: datetime = NOW) -> EnrolAnswer:
    newcomer = Newcomer((read_contact(contact),), contact.partition("@")[0].title(), "en", verified=True)
    joining = Joining(granted=["programme"], language="en", source="join", proof=None, at=at, came_by=came_by)
    return run(shop.engine, lambda s: enrol_member(s, newcomer, joining, secret=SECRET, now=at), writes=True)


def code(shop: Shop, member_id: str) -> str:
    return run(shop.engine, lambda s: referrals.own_code(s, member_id, now=NOW), writes=True)


def publish(shop: Shop, *rules: dict[str, Any], **settings: Any) -> None:
    shop.publish(rulebook(*rules, version=2, **settings), effective_from=NOW - DAY, now=NOW - DAY)


def friend(shop: Shop, contact: str, of: str, **about: Any) -> EnrolAnswer:
    at = about.pop("at", NOW)
    return enrol(shop, contact, CameBy(code=code(shop, of), **about), at=at)


def link(shop: Shop, **terms: Any) -> Link:
    told = LinkTerms(**{"slug": "fitmaster", "title": "Trainer", "owner_kind": "partner", **terms})
    return run(shop.engine, lambda s: referrals.make_link(s, told, now=NOW), writes=True)


def clicked(slug: str, *, at: datetime = NOW) -> CameBy:
    return CameBy(first=Click(slug, at), last=Click(slug, at))


def invited(shop: Shop, member_id: str, *, at: datetime = NOW) -> Invited:
    with transaction(shop.engine, writes=False) as session:
        return invitation_of(session, member_id, now=at)
