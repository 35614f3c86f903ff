"""Who stands at the till: who it is, how that was proved, and what they may expect."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from portal.errors import Refused
from portal.ledger.accruals import POINTS
from portal.members.lookup import Lookup
from portal.members.operations.identify import CodeForged, see_code
from portal.members.rotating_code import Verdict
from portal.programme.answers import BalanceAnswer
from portal.programme.command import Command
from portal.programme.member_book import MemberBook, read_member_book
from portal.programme.statement import title_in
from portal.programme.telling import balance_answer


@dataclass(frozen=True, slots=True, kw_only=True)
class GiftDue:
    """Units of a gift wallet that wait to be given out."""

    wallet: str
    title: str
    units: int


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentifiedAnswer:
    """Who it is: `rotating` may spend, `static` may only earn. `tier` and `offers` are empty until there are some."""

    member_id: str
    first_name: str
    verified: str
    tier: str | None
    balance: BalanceAnswer
    gifts_due: tuple[GiftDue, ...]
    offers: tuple[str, ...]


def identify_member(session: Session, lookup: Lookup, *, command: Command) -> IdentifiedAnswer | Refused:
    """Tell who a code means and note a fresh one as seen by this till, so that no other may use it.

    A forged code is counted and comes back as the refusal, not raised: the count must commit. Raises `UnknownMember`,
    `MemberLeft` and `NoRulebook`.
    """
    found = read_member_book(session, lookup, now=command.now)
    verdict = see_code(session, lookup, found.person, shown_to=command.client, now=command.now)
    if verdict is not None and verdict.proof == "forged":
        return CodeForged()
    return _answer(found, verdict, command)


def _answer(found: MemberBook, verdict: Verdict | None, command: Command) -> IdentifiedAnswer:
    gifts = (
        GiftDue(
            wallet=wallet,
            title=title_in(found.rulebook.wallet(wallet).title, command.language),
            units=account.available,
        )
        for wallet, account in sorted(found.book.pages.accounts.items())
        if wallet != POINTS and account.available
    )
    return IdentifiedAnswer(
        member_id=found.person.id,
        first_name=found.person.first_name,
        verified="rotating" if verdict and verdict.verified == "rotating" else "static",
        tier=None,
        balance=balance_answer(found.book.balance(command.now)),
        gifts_due=tuple(gifts),
        offers=(),
    )
