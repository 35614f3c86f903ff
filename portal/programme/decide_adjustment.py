"""A second person looks at a waiting correction and posts or rejects it (domain.md §2.8)."""

from sqlalchemy.orm import Session

from portal.errors import Refused
from portal.members.lookup import by_id
from portal.programme.adjusting import adjustment_answer, keep_off_own_card, operator_of, post_adjustment
from portal.programme.answers import AdjustmentAnswer
from portal.programme.command import Command
from portal.programme.member_book import load_locked, read_member_book
from portal.receipts import operations as receipts
from portal.receipts.queries.adjustments import StandingAdjustment, find_adjustment
from portal.staff.queries import person_behind


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


def confirm_adjustment(session: Session, adjustment_id: str, *, command: Command) -> AdjustmentAnswer:
    """Post a waiting correction as its second person.

    Raises `UnknownAdjustment`, `AlreadyDecided`, `SecondPersonNeeded`, `OwnCard`, `MemberLeft`, `NotEnoughPoints`.
    """
    operator, now = operator_of(command), command.now
    adjustment = _waiting(session, adjustment_id, operator=operator)
    keep_off_own_card(session, adjustment.member_id, operator=operator)
    found = read_member_book(session, by_id(adjustment.member_id), now=now)
    post_adjustment(session, found.book, adjustment, rulebook=found.rulebook, second=operator, now=now)
    receipts.decide_adjustment(session, adjustment_id, state="posted", by=operator, now=now)
    return adjustment_answer(adjustment, found.book, state="posted", decided_by=operator, now=now)


def reject_adjustment(session: Session, adjustment_id: str, *, command: Command) -> AdjustmentAnswer:
    """Reject a waiting correction as its second person; raises what `confirm_adjustment` does but for points."""
    operator, now = operator_of(command), command.now
    adjustment = _waiting(session, adjustment_id, operator=operator)
    keep_off_own_card(session, adjustment.member_id, operator=operator)
    receipts.decide_adjustment(session, adjustment_id, state="rejected", by=operator, now=now)
    book = load_locked(session, adjustment.member_id, now=now)
    return adjustment_answer(adjustment, book, state="rejected", decided_by=operator, now=now)


def _waiting(session: Session, adjustment_id: str, *, operator: str) -> StandingAdjustment:
    """Return a correction that somebody else asked for and nobody decided: a person is one, with a key or without."""
    adjustment = find_adjustment(session, adjustment_id)
    if adjustment is None:
        raise UnknownAdjustment
    if adjustment.state != "waiting":
        raise AlreadyDecided
    person = person_behind(session, operator)
    if adjustment.asked_by == operator or (person and person == person_behind(session, adjustment.asked_by)):
        raise SecondPersonNeeded
    return adjustment
