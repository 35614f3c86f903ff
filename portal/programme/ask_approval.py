"""A till asks a member on the own phone whether points may be spent, where the card was shown without its code."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from portal.approvals import operations as approvals
from portal.approvals import queries as asked
from portal.approvals.operations import Question
from portal.approvals.queries import Approval, State
from portal.db import Batch
from portal.errors import Refused
from portal.ledger.accruals import NoPoints, NotEnoughPoints
from portal.members.lookup import Lookup
from portal.programme.command import Command
from portal.programme.member_book import read_member_book
from portal.programme.notices import Notice, announce
from portal.programme.spending import check_spender


class UnknownApproval(Refused):
    code = "unknown-approval"
    status = 404
    text = "Nobody was asked this."


class ApprovalOver(Refused):
    code = "approval-over"
    status = 410
    text = "The till does not wait for this answer any more. Nothing was taken."


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalAnswer:
    """What a member is asked and what became of it; `hold` names the points that a yes has set aside."""

    id: str
    member_id: str
    points: int
    state: State
    expires_at: datetime
    hold: str | None


def ask_approval(
    session: Session, lookup: Lookup, *, sale: str, store: str, till: str, points: int, due: int | None,
    command: Command,
) -> ApprovalAnswer:  # fmt: skip
    """Ask a member for a yes to spending points on the purchase that the client calls `sale`.

    The same question asked again while it is open is the same question; another about the purchase takes its place.
    Raises `UnknownMember`, `MemberLeft`, `NoRulebook`, `SpendingPaused`, `NotEnoughPoints`, `NoPoints`,
    `AskedTooOften`.
    """
    now = command.now
    found = read_member_book(session, lookup, now=now)
    check_spender(found.person, None, proven=True, now=now)
    available = found.book.balance(now).available
    if points < 1:
        raise NoPoints
    if points > available:
        raise NotEnoughPoints(available=available, asked=points)
    question = Question(client=command.client, sale=sale, store=store, till=till, points=points, due=due)
    known = asked.find_open(session, client=command.client, sale=sale)
    if known and _same(known, question, member_id=found.person.id) and known.state(now) == "open":
        return told(known, now=now)
    approval = approvals.ask(session, found.person.id, question, now=now)
    _announce(session, approval, now=now)
    return told(approval, now=now)


def look_at_approval(session: Session, approval_id: str, *, command: Command) -> ApprovalAnswer:
    """Tell the client that asked what became of it. Raises `UnknownApproval`."""
    return told(asked_by(session, approval_id, client=command.client), now=command.now)


def withdraw_approval(session: Session, approval_id: str, *, command: Command) -> ApprovalAnswer:
    """Ask no longer; what was answered already stands. Raises `UnknownApproval`."""
    asked_by(session, approval_id, client=command.client)
    approvals.answer(session, approval_id, "withdrawn", now=command.now)
    return look_at_approval(session, approval_id, command=command)


def asked_by(session: Session, approval_id: str, *, client: str) -> Approval:
    """Return a question of a client. Raises `UnknownApproval` for that of another too."""
    found = asked.find_approval(session, approval_id)
    if found is None or found.client != client:
        raise UnknownApproval
    return found


def told(approval: Approval, *, now: datetime) -> ApprovalAnswer:
    state = approval.state(now)
    return ApprovalAnswer(
        id=approval.id,
        member_id=approval.member_id,
        points=approval.points,
        state=state,
        expires_at=approval.expires_at,
        hold=approval.id if state == "approved" else None,
    )


def _same(known: Approval, question: Question, *, member_id: str) -> bool:
    return (known.member_id, known.points, known.due) == (member_id, question.points, question.due)


def _announce(session: Session, approval: Approval, *, now: datetime) -> None:
    facts = {"approval": approval.id, "points": approval.points, "store": approval.store}
    notice = Notice(
        kind="spending_asked", cause=approval.id, facts=facts, at=now, not_after=approval.expires_at
    )  # fmt: skip
    batch = Batch()
    announce(batch, approval.member_id, [notice], now=now)
    batch.flush(session)
