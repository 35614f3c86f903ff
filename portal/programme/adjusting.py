"""What asking for a correction and deciding about it share: who answers, whose card it is, and the posting."""

from datetime import datetime
from typing import cast

from sqlalchemy.orm import Session

from portal.db import Batch
from portal.ledger import operations as ledger
from portal.ledger.accruals import POINTS, Grounds, Reason
from portal.ledger.book import Book
from portal.programme.answers import AdjustmentAnswer
from portal.programme.command import Command
from portal.programme.receipt_notices import announce_released
from portal.programme.telling import balance_answer
from portal.receipts.queries.adjustments import StandingAdjustment
from portal.rulebook.document import Rulebook
from portal.rulebook.validity import lot_dates
from portal.staff.queries import card_owner, person_behind
from portal.staff.roles import OwnCard


def operator_of(command: Command) -> str:
    """Return who answers for a command: one of the staff, or a key."""
    return command.operator or command.client


def keep_off_own_card(session: Session, member_id: str, *, operator: str) -> bool:
    """Tell whether the card is of one of the staff. Raises `OwnCard` when it is the operator's, with a key or without.

    A key without a holder may be anybody's, so a card of the staff always takes two.
    """
    owner = card_owner(session, member_id)
    if owner is not None and owner == person_behind(session, operator):
        raise OwnCard
    return owner is not None


def post_adjustment(
    session: Session,
    book: Book,
    adjustment: StandingAdjustment,
    *,
    rulebook: Rulebook,
    second: str | None,
    now: datetime,
) -> None:
    """Write a correction into the ledger. Raises `NotEnoughPoints`."""
    dates = lot_dates(now, zone=rulebook.zone, pending_days=0, valid=rulebook.wallet(POINTS).valid)
    grounds = Grounds(
        reason=cast("Reason", adjustment.reason),
        operator=adjustment.asked_by,
        receipt=adjustment.receipt_id,
        second=second,
    )
    book.adjust(adjustment.points, at=now, source=f"adjustment/{adjustment.id}", grounds=grounds, dates=dates)
    batch = Batch()
    ledger.store(batch, book)
    announce_released(batch, book, now=now)
    batch.flush(session)


def adjustment_answer(
    adjustment: StandingAdjustment, book: Book, *, state: str, decided_by: str | None, now: datetime
) -> AdjustmentAnswer:
    return AdjustmentAnswer(
        id=adjustment.id,
        member_id=adjustment.member_id,
        points=adjustment.points,
        reason=adjustment.reason,
        comment=adjustment.comment,
        state=state,
        asked_by=adjustment.asked_by,
        asked_at=adjustment.asked_at,
        decided_by=decided_by,
        balance=balance_answer(book.balance(now)),
    )
