"""What is open to a member now: gifts, privileges, coupons, and the rules that the right goods would set off."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from portal.perks.queries import coupons_of
from portal.programme.present import read_present
from portal.programme.scene import Scene
from portal.programme.snapshot import member_state
from portal.programme.what_waits import (
    GiftWaiting,
    OpenPrivilege,
    OwnCoupon,
    effects_in_words,
    gifts_waiting,
    last_day,
    open_privilege,
    own_coupon,
    what_it_gives,
)
from portal.rulebook.document import Rulebook
from portal.rulebook.explain.words import Language
from portal.rulebook.moments import in_zone
from portal.rulebook.open_rules import OpenRule, open_rules
from portal.rulebook.values import title_in


@dataclass(frozen=True, slots=True, kw_only=True)
class Promotion:
    """A rule open to the member through `last_day` (None: without an end); `club` when it is for some alone."""

    rule: str
    title: str
    gives: tuple[str, ...]
    last_day: date | None
    club: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Offers:
    """Everything open to a member. `gives` tells what privileges and coupon templates are good for, by their ids."""

    gifts: tuple[GiftWaiting, ...]
    privileges: tuple[OpenPrivilege, ...]
    coupons: tuple[OwnCoupon, ...]
    promotions: tuple[Promotion, ...]
    privilege_gives: dict[str, tuple[str, ...]]
    coupon_gives: dict[str, tuple[str, ...]]
    rulebook: Rulebook


def member_offers(session: Session, member_id: str, *, language: Language, now: datetime) -> Offers:
    """Return what is open to a member; right also when no job ran. Raises `UnknownMember` or `NoRulebook`."""
    scene, _, book = read_present(session, member_id, now=now)
    rulebook, year = scene.rulebook, now.astimezone(scene.rulebook.zone).year
    wallets = {wallet: book.balance(now, wallet=wallet).glance() for wallet in book.pages.accounts}
    coupons = tuple(own_coupon(each, rulebook, language=language) for each in coupons_of(session, member_id, at=now))
    return Offers(
        gifts=gifts_waiting(wallets, rulebook, language=language),
        privileges=tuple(open_privilege(each, rulebook, language=language) for each in scene.privileges),
        coupons=coupons,
        promotions=_promotions(scene, language=language, now=now),
        privilege_gives={
            each.privilege: what_it_gives(rulebook, privilege=each.privilege, language=language, year=year)
            for each in scene.privileges
        },
        coupon_gives={
            each.template: what_it_gives(rulebook, template=each.template, language=language, year=year)
            for each in coupons
        },
        rulebook=rulebook,
    )


def _promotions(scene: Scene, *, language: Language, now: datetime) -> tuple[Promotion, ...]:
    state = member_state(scene, at=now, held=None)
    if state is None:
        return ()
    found = open_rules(scene.rulebook, state, at=now)
    return tuple(_promotion(each, scene.rulebook, language=language, now=now) for each in found)


def _promotion(found: OpenRule, rulebook: Rulebook, *, language: Language, now: datetime) -> Promotion:
    rule, year = found.rule, now.astimezone(rulebook.zone).year
    ends = None if rule.until is None else last_day(in_zone(rule.until, rulebook.zone), rulebook=rulebook)
    return Promotion(
        rule=rule.id,
        title=title_in(rule.title, language) or rule.id,
        gives=tuple(effects_in_words(rule, rulebook, language=language, year=year)),
        last_day=ends,
        club=found.club,
    )
