"""Staff correct a balance, with a reason; large corrections take two people (domain.md §2.8)."""

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from portal.errors import Refused
from portal.ledger.accruals import POINTS, NoPoints, Reason
from portal.members.lookup import by_id
from portal.programme.adjusting import adjustment_answer, keep_off_own_card, operator_of, post_adjustment
from portal.programme.answers import AdjustmentAnswer
from portal.programme.command import Command
from portal.programme.member_book import MemberBook, read_member_book
from portal.receipts import operations as receipts
from portal.receipts.queries.adjustments import StandingAdjustment, adjusted_since
from portal.rulebook.document import Rulebook
from portal.rulebook.validity import midnight


class CommentNeeded(Refused):
    code = "comment-needed"
    text = "Say in a few words why the balance is corrected."


class DailyLimitReached(Refused):
    code = "daily-limit-reached"
    text = "One person corrects at most %(limit)s points a day; %(left)s are left today."


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """Points to give (> 0) or take (< 0) and why. Its `id` is made where it is asked for, so that it counts once."""

    id: str
    member_id: str
    points: int
    reason: Reason
    comment: str
    receipt_id: str | None = None


def adjust_points(session: Session, correction: Correction, *, command: Command) -> AdjustmentAnswer:
    """Correct a balance at once; from the rulebook's `four_eyes_from` on, and for a card of the staff, keep it waiting.

    Raises `UnknownMember`, `MemberLeft`, `NoPoints`, `CommentNeeded`, `OwnCard`, `DailyLimitReached`,
    `NotEnoughPoints`.
    """
    operator = operator_of(command)
    of_staff = keep_off_own_card(session, correction.member_id, operator=operator)
    found, asked = _asked(session, correction, operator=operator, now=command.now)
    if of_staff or abs(asked.points) >= found.rulebook.adjustments.four_eyes_from:
        return _keep_waiting(session, asked, found)
    return _post_at_once(session, asked, found)


def ask_for_adjustment(session: Session, correction: Correction, *, command: Command) -> AdjustmentAnswer:
    """Keep a correction waiting for a second person, however small it is; raises what `adjust_points` does."""
    operator = operator_of(command)
    keep_off_own_card(session, correction.member_id, operator=operator)
    found, asked = _asked(session, correction, operator=operator, now=command.now)
    return _keep_waiting(session, asked, found)


def _asked(
    session: Session, correction: Correction, *, operator: str, now: datetime
) -> tuple[MemberBook, StandingAdjustment]:
    if not correction.points:
        raise NoPoints(asked=0)
    if not correction.comment.strip():
        raise CommentNeeded
    found = read_member_book(session, by_id(correction.member_id), now=now)
    _check_limit(session, found.rulebook, operator=operator, points=abs(correction.points), now=now)
    asked = StandingAdjustment(
        id=correction.id,
        member_id=correction.member_id,
        points=correction.points,
        reason=correction.reason,
        comment=correction.comment.strip(),
        receipt_id=correction.receipt_id,
        asked_by=operator,
        asked_at=now,
        state="waiting",
        decided_by=None,
        decided_at=None,
    )
    return found, asked


def _check_limit(session: Session, rulebook: Rulebook, *, operator: str, points: int, now: datetime) -> None:
    receipts.queue_operator(session, operator)
    limit = rulebook.adjustments.daily_limit
    today = midnight(now.astimezone(rulebook.zone).date(), rulebook.zone)
    left = max(limit - adjusted_since(session, operator, since=today), 0)
    if points > left:
        raise DailyLimitReached(limit=limit, left=left)


def _keep_waiting(session: Session, asked: StandingAdjustment, found: MemberBook) -> AdjustmentAnswer:
    if asked.points < 0:
        found.book.need(-asked.points, wallet=POINTS)
    receipts.ask_adjustment(session, asked)
    return adjustment_answer(asked, found.book, state=asked.state, decided_by=None, now=asked.asked_at)


def _post_at_once(session: Session, asked: StandingAdjustment, found: MemberBook) -> AdjustmentAnswer:
    posted, now = replace(asked, state="posted", decided_at=asked.asked_at), asked.asked_at
    receipts.ask_adjustment(session, posted)
    post_adjustment(session, found.book, posted, rulebook=found.rulebook, second=None, now=now)
    return adjustment_answer(posted, found.book, state=posted.state, decided_by=None, now=now)
