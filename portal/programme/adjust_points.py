"""Staff correct a balance, with a reason; large corrections take two people (domain.md §2.8)."""

from dataclasses import replace
from datetime import datetime
from typing import cast

from sqlalchemy.orm import Session

from portal.db import Batch
from portal.errors import Refused
from portal.ids import new_id
from portal.ledger import operations as ledger
from portal.ledger.accruals import POINTS, Grounds, NoPoints, Reason
from portal.ledger.book import Book
from portal.members.lookup import by_id
from portal.programme.answers import AdjustmentAnswer
from portal.programme.command import Command
from portal.programme.member_book import MemberBook, load_locked, read_member_book
from portal.programme.receipt_notices import announce_released
from portal.programme.rulebooks import rulebook_in_force
from portal.programme.telling import balance_answer
from portal.receipts import operations as receipts
from portal.receipts.queries.adjustments import StandingAdjustment, adjusted_since, find_adjustment
from portal.rulebook.document import Rulebook
from portal.rulebook.validity import lot_dates, midnight


class CommentNeeded(Refused):
    code = "comment-needed"
    text = "Say in a few words why the balance is corrected."


class DailyLimitReached(Refused):
    code = "daily-limit-reached"
    text = "One person corrects at most %(limit)s points a day; %(left)s are left today."


class UnknownAdjustment(Refused):
    code = "unknown-adjustment"
    status = 404
    text = "There is no such correction."


class AlreadyDecided(Refused):
    code = "already-decided"
    status = 409
    text = "This correction was decided before."


class SecondPersonNeeded(Refused):
    code = "second-person-needed"
    status = 403
    text = "Somebody else must confirm this correction."


def adjust_points(
    session: Session,
    member_id: str,
    *,
    points: int,
    reason: Reason,
    comment: str,
    receipt_id: str | None = None,
    command: Command,
) -> AdjustmentAnswer:
    """Give (> 0) or take (< 0) points at once, or keep the correction waiting from the rulebook's `four_eyes_from` on.

    Raises `UnknownMember`, `MemberLeft`, `NoPoints`, `CommentNeeded`, `DailyLimitReached`, `NotEnoughPoints`.
    """
    if not points:
        raise NoPoints(asked=0)
    if not comment.strip():
        raise CommentNeeded
    operator, now = _operator(command), command.now
    found = read_member_book(session, by_id(member_id), now=now)
    _check_limit(session, found.rulebook, operator=operator, points=abs(points), now=now)
    asked = StandingAdjustment(
        id=new_id(now),
        member_id=member_id,
        points=points,
        reason=reason,
        comment=comment.strip(),
        receipt_id=receipt_id,
        asked_by=operator,
        asked_at=now,
        state="waiting",
        decided_by=None,
        decided_at=None,
    )
    if abs(points) < found.rulebook.adjustments.four_eyes_from:
        return _post_at_once(session, asked, found)
    if points < 0:
        found.book.need(-points, wallet=POINTS)
    receipts.ask_adjustment(session, asked)
    return _answer(asked, found.book, state=asked.state, decided_by=None, now=now)


def confirm_adjustment(session: Session, adjustment_id: str, *, command: Command) -> AdjustmentAnswer:
    """Post a waiting correction as its second person.

    Raises `UnknownAdjustment`, `AlreadyDecided`, `SecondPersonNeeded`, `NotEnoughPoints`.
    """
    operator, now = _operator(command), command.now
    adjustment = _waiting(session, adjustment_id, operator=operator)
    book = load_locked(session, adjustment.member_id, now=now)
    _post(session, book, adjustment, rulebook_in_force(session, at=now), second=operator, now=now)
    receipts.decide_adjustment(session, adjustment_id, state="posted", by=operator, now=now)
    return _answer(adjustment, book, state="posted", decided_by=operator, now=now)


def reject_adjustment(session: Session, adjustment_id: str, *, command: Command) -> AdjustmentAnswer:
    """Reject a waiting correction as its second person; raises what `confirm_adjustment` does."""
    operator, now = _operator(command), command.now
    adjustment = _waiting(session, adjustment_id, operator=operator)
    receipts.decide_adjustment(session, adjustment_id, state="rejected", by=operator, now=now)
    book = load_locked(session, adjustment.member_id, now=now)
    return _answer(adjustment, book, state="rejected", decided_by=operator, now=now)


def _check_limit(session: Session, rulebook: Rulebook, *, operator: str, points: int, now: datetime) -> None:
    receipts.queue_operator(session, operator)
    limit = rulebook.adjustments.daily_limit
    today = midnight(now.astimezone(rulebook.zone).date(), rulebook.zone)
    left = max(limit - adjusted_since(session, operator, since=today), 0)
    if points > left:
        raise DailyLimitReached(limit=limit, left=left)


def _operator(command: Command) -> str:
    return command.operator or command.client


def _post_at_once(session: Session, asked: StandingAdjustment, found: MemberBook) -> AdjustmentAnswer:
    posted, now = replace(asked, state="posted", decided_at=asked.asked_at), asked.asked_at
    receipts.ask_adjustment(session, posted)
    _post(session, found.book, posted, found.rulebook, second=None, now=now)
    return _answer(posted, found.book, state=posted.state, decided_by=None, now=now)


def _waiting(session: Session, adjustment_id: str, *, operator: str) -> StandingAdjustment:
    """Return a correction that somebody else asked for and nobody decided."""
    adjustment = find_adjustment(session, adjustment_id)
    if adjustment is None:
        raise UnknownAdjustment
    if adjustment.state != "waiting":
        raise AlreadyDecided
    if adjustment.asked_by == operator:
        raise SecondPersonNeeded
    return adjustment


def _post(
    session: Session,
    book: Book,
    adjustment: StandingAdjustment,
    rulebook: Rulebook,
    *,
    second: str | None,
    now: datetime,
) -> None:
    dates = lot_dates(now, zone=rulebook.zone, pending_days=0, valid=rulebook.wallet(POINTS).valid)
    grounds = Grounds(
        reason=cast("Reason", adjustment.reason),
        operator=adjustment.asked_by,
        comment=adjustment.comment,
        receipt=adjustment.receipt_id,
        second=second,
    )
    book.adjust(adjustment.points, at=now, source=f"adjustment/{adjustment.id}", grounds=grounds, dates=dates)
    batch = Batch()
    ledger.store(batch, book)
    announce_released(batch, book, now=now)
    batch.flush(session)


def _answer(
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
