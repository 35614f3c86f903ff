"""The member as the rules see them, made of what was read."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from portal.ledger.accruals import POINTS
from portal.ledger.book import Book
from portal.members.person import Occasion
from portal.perks import queries as perks
from portal.programme.scene import Scene
from portal.receipts.queries import History, Usage
from portal.rulebook.member_state import HeldCoupon, HeldPrivilege, LastPurchase, MemberState, Used


def member_state(scene: Scene, *, at: datetime, held: int | None) -> MemberState | None:
    """Return the state of the buyer for a receipt of instant `at`; None for a guest.

    `held` are the points of the hold that pays: with a hold, nothing else
    can be spent.
    """
    person, history = scene.person, scene.history
    if person is None or scene.book is None:
        return None
    balance = spendable(scene.book)
    if held is not None:
        balance[POINTS] = held
    return MemberState(
        id=person.id,
        tier=None if scene.climb is None else scene.climb.tier_at(at).id,
        segments=tuple(sorted(place.segment for place in scene.segments.values() if place.serves(at))),
        birthday=None if person.birthday is None else person.birthday.day,
        birthday_entered=_told_on(person.birthday, scene.rulebook.zone),
        birthdays_used=history.birthdays_used,
        purchases=history.purchases,
        last_purchase=_last_purchase(history),
        balance=balance,
        privileges=tuple(
            HeldPrivilege(id=each.privilege, until=each.until, uses_left=each.uses_left) for each in scene.privileges
        ),
        coupons=tuple(_coupon(each) for each in scene.coupons if each.member_id is not None),
        usage=_used(history.usage),
        referrer=_member(scene.referrer),
        referrers_above=_above(scene.above),
        referred_by=person.referred_by,
        agent=_member(scene.agent),
    )


def bearer_coupons(scene: Scene) -> tuple[HeldCoupon, ...]:
    """Return the coupons shown that are good for whoever shows them, guests too."""
    return tuple(_coupon(each) for each in scene.coupons if each.member_id is None)


def _coupon(coupon: perks.HeldCoupon) -> HeldCoupon:
    return HeldCoupon(template=coupon.template, code=coupon.code, until=coupon.until)


def spendable(book: Book) -> dict[str, int]:
    """Return what can be spent now, by wallet."""
    return {wallet: account.available for wallet, account in book.pages.accounts.items()}


def _member(book: Book | None) -> str | None:
    return None if book is None else book.member


def _above(books: Sequence[Book | None]) -> tuple[str | None, ...]:
    return tuple(_member(book) for book in books) if any(books) else ()


def _told_on(birthday: Occasion | None, zone: ZoneInfo) -> date | None:
    return None if birthday is None else birthday.given_at.astimezone(zone).date()


def _last_purchase(history: History) -> LastPurchase | None:
    if history.last_at is None or history.last_net is None:
        return None
    return LastPurchase(at=history.last_at, net=history.last_net)


def _used(usage: tuple[Usage, ...]) -> dict[str, dict[str, int | Used]]:
    by_rule: dict[str, dict[str, int | Used]] = defaultdict(dict)
    for each in usage:
        by_rule[each.rule][each.scope] = Used(points=each.points, minor=each.minor, uses=each.uses)
    return dict(by_rule)
