"""The shop gives by hand: units of a gift wallet, points for an occasion, a coupon (domain.md §2.7, short gifts)."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from portal.db import Batch
from portal.errors import Refused
from portal.ids import new_id
from portal.ledger import operations as ledger
from portal.ledger.accruals import POINTS
from portal.ledger.entries import Origin
from portal.members.lookup import by_id
from portal.perks import operations as perks
from portal.perks.queries import code_taken
from portal.programme.adjusting import keep_off_own_card, operator_of
from portal.programme.command import Command
from portal.programme.member_book import MemberBook, load_locked, read_member_book
from portal.programme.notices import Notice, announce
from portal.programme.receipt_notices import announce_released
from portal.programme.rulebooks import rulebook_in_force
from portal.rulebook.conditions.coupon import Coupon
from portal.rulebook.document import Rulebook
from portal.rulebook.validity import Validity, lot_dates, midnight_after
from portal.rulebook.values import Title


class UnknownWallet(Refused):
    code = "unknown-wallet"
    text = "The rulebook knows no wallet of this name."


class UnknownCoupon(Refused):
    code = "unknown-coupon"
    text = "No rule gives anything for a coupon of this template."


class CouponCodeTaken(Refused):
    code = "coupon-code-taken"
    status = 409
    text = "There is a coupon of this code already. Choose another."


class GiftTooLarge(Refused):
    code = "gift-too-large"
    text = "At most %(most)s points are given so; more is a correction that a second person confirms."


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenGift:
    """Units that were put into a wallet, through `last_valid_day`; `entry` is their number in the member's book."""

    member_id: str
    wallet: str
    units: int
    last_valid_day: date | None
    entry: int


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenCoupon:
    """A coupon: whose it is (None: whoever shows it), for `uses` receipts before `until`."""

    code: str
    template: str
    member_id: str | None
    uses: int
    until: datetime | None


def give_gift(
    session: Session, member_id: str, *, wallet: str, units: int, valid_days: int, title: Title, command: Command
) -> GivenGift:
    """Put units into a wallet for so many days, today not counted, and tell the member.

    Raises `UnknownMember`, `MemberLeft`, `NoRulebook`, `UnknownWallet`, `OwnCard` and `GiftTooLarge`.
    """
    found = read_member_book(session, by_id(member_id), now=command.now)
    rulebook = found.rulebook
    if wallet != POINTS and all(each.id != wallet for each in rulebook.wallets):
        raise UnknownWallet
    if wallet == POINTS and units > rulebook.adjustments.four_eyes_from:
        raise GiftTooLarge(most=rulebook.adjustments.four_eyes_from)
    keep_off_own_card(session, member_id, operator=operator_of(command))
    return _grant(session, found, wallet=wallet, units=units, valid_days=valid_days, title=title, command=command)


def _grant(
    session: Session,
    found: MemberBook,
    *,
    wallet: str,
    units: int,
    valid_days: int,
    title: Title,
    command: Command,
) -> GivenGift:
    rulebook, now, member_id = found.rulebook, command.now, found.person.id
    book = load_locked(session, member_id, now=now)
    dates = lot_dates(now, zone=rulebook.zone, pending_days=0, valid=Validity(type="days", n=valid_days))
    origin = Origin("promo", rulebook=rulebook.seal)
    source = f"given/{new_id(now)}"
    details = {"title": _plain(title)} if title else {}
    entry = book.grant(units, at=now, source=source, origin=origin, dates=dates, wallet=wallet, details=details)
    batch = Batch()
    ledger.store(batch, book)
    announce_released(batch, book, now=now)
    named = title or rulebook.wallet(wallet).title or (wallet if wallet != POINTS else "")
    what = {"title": _plain(named)} if named else {"points": units}
    announce(batch, member_id, [_notice(what, dates.last_valid_day, cause=source, now=now)], now=now)
    batch.flush(session)
    return GivenGift(
        member_id=member_id, wallet=wallet, units=units, last_valid_day=dates.last_valid_day, entry=entry.number
    )


def give_coupon(
    session: Session,
    *,
    template: str,
    member_id: str | None,
    code: str | None,
    uses: int,
    valid_days: int | None,
    command: Command,
) -> GivenCoupon:
    """Issue a coupon to a member, who is told, or for whoever shows it. Without a `code` it gets one of 80 bits.

    A member's own coupon always gets one. Raises `UnknownCoupon`, `CouponCodeTaken`, `UnknownMember`, `MemberLeft`,
    `OwnCard` and `NoRulebook`.
    """
    now = command.now
    rulebook = rulebook_in_force(session, at=now)
    if not _serves(rulebook, template):
        raise UnknownCoupon
    if member_id is not None:
        read_member_book(session, by_id(member_id), now=now)
        keep_off_own_card(session, member_id, operator=operator_of(command))
    own = perks.new_coupon_code() if code is None or member_id is not None else code
    if code_taken(session, own):
        raise CouponCodeTaken
    last = None if valid_days is None else _day_after(now, valid_days, rulebook)
    until = None if last is None else midnight_after(last, rulebook.zone)
    batch = Batch()
    perks.issue_coupon(batch, template=template, code=own, at=now, until=until, member_id=member_id, uses=uses)
    if member_id is not None:
        named = next((each.title for each in rulebook.coupons if each.id == template), "")
        announce(batch, member_id, [_notice({"title": _plain(named or template)}, last, cause=own, now=now)], now=now)
    batch.flush(session)
    return GivenCoupon(code=own, template=template, member_id=member_id, uses=uses, until=until)


def _serves(rulebook: Rulebook, template: str) -> bool:
    parts = (part for rule in rulebook.rules for part in rule.when.walk())
    return any(isinstance(part, Coupon) and part.template == template for part in parts)


def _day_after(now: datetime, days: int, rulebook: Rulebook) -> date:
    return date.fromordinal(now.astimezone(rulebook.zone).date().toordinal() + days)


def _notice(what: dict[str, Any], last: date | None, *, cause: str, now: datetime) -> Notice:
    facts = {**what, "last_day": last and last.isoformat()}
    return Notice(kind="gift_given", cause=cause, facts=facts, at=now)


def _plain(title: Title) -> str | dict[str, str]:
    return title if isinstance(title, str) else dict(title)
