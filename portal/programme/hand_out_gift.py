"""A gift that waits is handed out at a till: its units leave the gift wallet once, at zero price, without a receipt.

Where the goods are on the receipt as lines, the rule `gift_item` does the same by itself.
"""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from portal.db import Batch
from portal.errors import Refused
from portal.ledger import operations as ledger
from portal.ledger.accruals import POINTS
from portal.ledger.book import Book
from portal.ledger.entries import Origin
from portal.ledger.refunds import RefundTerms
from portal.members.lookup import by_id
from portal.programme.command import Command
from portal.programme.member_book import load_locked, read_member_book
from portal.rulebook.document import Rulebook
from portal.rulebook.validity import Validity, lot_dates
from portal.rulebook.values import title_in


class GiftGone(Refused):
    code = "gift-gone"
    status = 409
    text = "This gift is not there any more: it was handed out or ran out. Nothing was taken."


@dataclass(frozen=True, slots=True, kw_only=True)
class HandedOut:
    """A unit that left a gift wallet in which there were `before`; `back` when it was put back since.

    `moved` tells whether that was done now; told again, nothing moves.
    """

    wallet: str
    title: str
    before: int
    back: bool
    moved: bool


def hand_out_gift(session: Session, member_id: str, *, wallet: str, before: int, command: Command) -> HandedOut:
    """Take one unit out of a gift wallet that holds `before`; told again under the command's key, it stays one.

    Raises `UnknownMember`, `MemberLeft`, `NoRulebook` or `GiftGone`.
    """
    source = _source(wallet, before, command)
    rulebook, book = _open_book(session, member_id, source, command)
    moved = book.posted(source) is None
    if moved:
        held = book.account(wallet).available
        if wallet == POINTS or not held or held != before:
            raise GiftGone
        origin = Origin("gift", rulebook=rulebook.seal)
        book.redeem(1, at=command.now, source=source, origin=origin, wallet=wallet)
        _store(session, book)
    return _handed_out(rulebook, wallet, before, command, back=False, moved=moved)


def put_gift_back(session: Session, member_id: str, *, wallet: str, before: int, command: Command) -> HandedOut:
    """Undo `hand_out_gift` of the same key; told again, nothing more comes back.

    Raises `UnknownMember`, `MemberLeft`, `NoRulebook` or `GiftGone` when nothing was handed out so.
    """
    source = _source(wallet, before, command)
    rulebook, book = _open_book(session, member_id, source, command)
    entry = book.posted(source)
    if entry is None:
        raise GiftGone
    spent = (each for each in book.pages.consumptions.values() if each.number == entry.number)
    moved = any(each.restored < each.points for each in spent)
    if moved:
        grace = Validity(type="days", n=rulebook.refunds.restore_grace_days)
        terms = RefundTerms(grace=lot_dates(command.now, zone=rulebook.zone, pending_days=0, valid=grace))
        book.refund(at=command.now, source=f"{source}/back", terms=terms, restore={source: 1})
        _store(session, book)
    return _handed_out(rulebook, wallet, before, command, back=True, moved=moved)


def _source(wallet: str, before: int, command: Command) -> str:
    return f"gift/{command.key}/{wallet}/{before}"


def _open_book(session: Session, member_id: str, source: str, command: Command) -> tuple[Rulebook, Book]:
    found = read_member_book(session, by_id(member_id), now=command.now)
    return found.rulebook, load_locked(session, member_id, now=command.now, sources=(source,))


def _store(session: Session, book: Book) -> None:
    batch = Batch()
    ledger.store(batch, book)
    batch.flush(session)


def _handed_out(
    rulebook: Rulebook, wallet: str, before: int, command: Command, *, back: bool, moved: bool
) -> HandedOut:
    title = title_in(rulebook.wallet(wallet).title, command.language) or wallet
    return HandedOut(wallet=wallet, title=title, before=before, back=back, moved=moved)
