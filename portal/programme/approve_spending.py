"""A member answers on the own phone; a yes sets the points aside for the till that asked (security.md §4)."""

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.orm import Session

from portal.approvals import operations as approvals
from portal.approvals.queries import Approval, State, find_approval, find_asked, take_approval
from portal.errors import Refused
from portal.ledger.operations import take_books
from portal.members.lookup import by_id
from portal.members.queries.people import find_person
from portal.members.queries.sessions import SignedIn, find_card_device
from portal.members.rotating_code import drawn_now
from portal.programme.ask_approval import ApprovalOver, UnknownApproval
from portal.programme.command import Command
from portal.programme.hold_points import hold_points
from portal.programme.rulebooks import rulebook_in_force
from portal.rulebook.document import Rulebook


class PhoneNotProven(Refused):
    code = "phone-not-proven"
    status = 403
    text = "This browser could not prove that it is your phone. Show the code of your card at the till instead."


@dataclass(frozen=True, slots=True, kw_only=True)
class ToApprove:
    """What a member is asked, and what became of it. `device` is the key that this browser draws the card with."""

    id: str
    points: int
    store: str
    till: str
    due: int | None
    expires_at: datetime
    state: State
    rulebook: Rulebook = field(repr=False)
    device: str


def question_for(session: Session, approval_id: str, *, by: SignedIn, now: datetime) -> ToApprove:
    """Show a member what a till asks. Raises `UnknownApproval`, also for somebody else's, and `NoRulebook`."""
    approval = _own(find_approval(session, approval_id), by=by)
    device = find_card_device(session, by.session_id)
    return ToApprove(
        id=approval.id,
        points=approval.points,
        store=approval.store,
        till=approval.till,
        due=approval.due,
        expires_at=approval.expires_at,
        state=approval.state(now),
        rulebook=rulebook_in_force(session, at=now),
        device=device.id if device else "",
    )


def waiting_question(session: Session, member_id: str, *, now: datetime) -> str | None:
    """Return the id of the newest question that waits for a member's answer."""
    return find_asked(session, member_id, now=now)


def approve_spending(session: Session, approval_id: str, *, by: SignedIn, code: str, now: datetime) -> None:
    """Say yes: the points are set aside for the till, once. `code` is what this browser's card shows at the moment.

    A sign-in with a code typed just now needs none. Raises `UnknownApproval`, `ApprovalOver`, `PhoneNotProven` and what
    `hold_points` raises; then the question stays open.
    """
    take_books(session, [by.member_id])  # first, as whoever asks anew does
    approval = _own(take_approval(session, approval_id), by=by)
    if approval.answered == "approved":
        return
    if approval.state(now) != "open":
        raise ApprovalOver
    if not by.fresh and not _drawn_here(session, code, by=by, now=now):
        raise PhoneNotProven
    command = Command(client=approval.client, key=approval.id, now=now, vouches=True)
    hold_points(session, by_id(by.member_id), points=approval.points, hold_id=approval.id, command=command)
    approvals.answer(session, approval.id, "approved", session_id=by.session_id, now=now)


def refuse_spending(session: Session, approval_id: str, *, by: SignedIn, now: datetime) -> None:
    """Say no. Raises `UnknownApproval` and `ApprovalOver`."""
    approval = _own(take_approval(session, approval_id), by=by)
    settled = approvals.answer(session, approval.id, "refused", session_id=by.session_id, now=now)
    if not settled and approval.answered != "refused":
        raise ApprovalOver


def _own(found: Approval | None, *, by: SignedIn) -> Approval:
    if found is None or found.member_id != by.member_id:
        raise UnknownApproval
    return found


def _drawn_here(session: Session, code: str, *, by: SignedIn, now: datetime) -> bool:
    device, person = find_card_device(session, by.session_id), find_person(session, by_id(by.member_id))
    if device is None or person is None or person.card_number is None:
        return False
    return drawn_now(code, card_number=person.card_number, device=device, now=now)
