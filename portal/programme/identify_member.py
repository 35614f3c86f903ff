"""Who stands at the till: who it is, how that was proved, and what they may expect."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from sqlalchemy.orm import Session

from portal.db import Afterwards
from portal.errors import Refused
from portal.ledger.accruals import POINTS
from portal.members.lookup import Lookup
from portal.members.operations.identify import CodeForged, see_code
from portal.programme.answers import BalanceAnswer, TierAnswer
from portal.programme.command import Command
from portal.programme.member_book import MemberBook, read_member_book
from portal.programme.telling import balance_answer
from portal.programme.telling_tiers import tier_answer
from portal.programme.what_waits import open_privilege, own_coupon, what_it_gives
from portal.rulebook.values import title_in

Known = Literal["fresh", "expired", "used", "locked"]
"""What the code of a phone proves when the phone is the member's own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GiftDue:
    """Units of a gift wallet that wait to be given out."""

    wallet: str
    title: str
    units: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferDue:
    """A privilege, which works by itself, or a coupon, whose `code` goes onto the receipt; what it `gives` in words."""

    kind: Literal["privilege", "coupon"]
    id: str
    title: str
    gives: tuple[str, ...]
    last_valid_day: date | None
    code: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentifiedAnswer:
    """Who it is: `rotating` may spend, `static` may only earn. `tier` is null without a ladder.

    `proof` tells of a rotating code that it is `fresh`, or why it only earns: `used` (scanned before), `expired`, or
    `locked` after too many forged ones; null when a number was shown.
    """

    member_id: str
    first_name: str
    verified: Literal["rotating", "static"]
    proof: Known | None
    tier: TierAnswer | None
    balance: BalanceAnswer
    gifts_due: tuple[GiftDue, ...]
    offers: tuple[OfferDue, ...]


def identify_member(
    session: Session, lookup: Lookup, *, command: Command, notes: Afterwards | None = None
) -> IdentifiedAnswer | Refused:
    """Tell who a code means and note a fresh one as seen by this till, so that no other may use it.

    With `notes` it is noted after the answer. A forged code is counted and comes back as the refusal, not raised.
    Raises `UnknownMember`, `MemberLeft`, `NoRulebook` and `KeyRevoked`.
    """
    found = read_member_book(session, lookup, now=command.now, api_key=command.api_key, spends=False)
    verdict = see_code(
        session,
        lookup,
        found.person,
        shown_to=command.client,
        shown_under=command.key,
        now=command.now,
        notes=notes,
    )
    proof = verdict.proof if verdict else None
    if proof == "forged":
        return CodeForged()
    return _answer(found, proof, command)


def _answer(found: MemberBook, proof: Known | None, command: Command) -> IdentifiedAnswer:
    gifts = (
        GiftDue(
            wallet=wallet,
            title=title_in(found.rulebook.wallet(wallet).title, command.language) or wallet,
            units=account.available,
        )
        for wallet, account in sorted(found.book.pages.accounts.items())
        if wallet != POINTS and account.available
    )
    return IdentifiedAnswer(
        member_id=found.person.id,
        first_name=found.person.first_name,
        verified="rotating" if proof == "fresh" else "static",
        proof=proof,
        tier=tier_answer(found.climb, found.rulebook, language=command.language, at=command.now),
        balance=balance_answer(found.book.balance(command.now)),
        gifts_due=tuple(gifts),
        offers=_offers(found, command),
    )


def _offers(found: MemberBook, command: Command) -> tuple[OfferDue, ...]:
    rulebook, language = found.rulebook, command.language
    year = command.now.astimezone(rulebook.zone).year
    rights = [open_privilege(each, rulebook, language=language) for each in found.privileges]
    coupons = [own_coupon(each, rulebook, language=language) for each in found.coupons]
    return (
        *(
            OfferDue(
                kind="privilege",
                id=each.privilege,
                title=each.title,
                gives=what_it_gives(rulebook, privilege=each.privilege, language=language, year=year),
                last_valid_day=each.last_valid_day,
                code=None,
            )
            for each in rights
        ),
        *(
            OfferDue(
                kind="coupon",
                id=each.template,
                title=each.title,
                gives=what_it_gives(rulebook, template=each.template, language=language, year=year),
                last_valid_day=each.last_valid_day,
                code=each.code,
            )
            for each in coupons
        ),
    )
