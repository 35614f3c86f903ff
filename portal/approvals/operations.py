"""Writes of approvals; none of them commits."""

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.orm import Session

from portal.approvals.queries import Approval
from portal.approvals.tables import SpendingApproval
from portal.errors import Refused
from portal.ids import new_id

EXPIRES_AFTER = timedelta(minutes=2)
MOST = 5
WITHIN = timedelta(minutes=10)

Answer = Literal["approved", "refused", "withdrawn"]


class AskedTooOften(Refused):
    code = "asked-too-often"
    status = 429
    text = "The member was asked too often within a few minutes. Ask for the code on the phone instead."
    seconds = int(WITHIN.total_seconds())


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What a client wants to know; `sale` is its own name for the purchase, `due` the money left to pay."""

    client: str
    sale: str
    store: str
    till: str
    points: int
    due: int | None


def ask(session: Session, member_id: str, question: Question, *, now: datetime) -> Approval:
    """Ask a member, in the place of what was asked about the same purchase before. Raises `AskedTooOften`.

    Of two that ask about one purchase at the same moment the second breaks the index of open questions.
    """
    if _asked_lately(session, member_id, now=now) >= MOST:
        raise AskedTooOften
    same = (SpendingApproval.client == question.client, SpendingApproval.sale == question.sale)
    earlier = update(SpendingApproval).where(*same, SpendingApproval.state == "open")
    session.execute(earlier.values(state="withdrawn", answered_at=now))
    row = {"id": new_id(now), "member_id": member_id, "expires_at": now + EXPIRES_AFTER, **asdict(question)}
    session.execute(insert(SpendingApproval).values(row | {"asked_at": now, "state": "open"}))
    return Approval(answered="open", **row)


def answer(
    session: Session, approval_id: str, reply: Answer, *, session_id: str | None = None, now: datetime
) -> bool:  # fmt: skip
    """Settle an open question; tell whether it was still open. Whoever settles it at the same moment waits."""
    waiting = update(SpendingApproval).where(SpendingApproval.id == approval_id, SpendingApproval.state == "open")
    settled = waiting.where(SpendingApproval.expires_at > now).values(
        state=reply, answered_at=now, session_id=session_id
    )
    return session.scalar(settled.returning(SpendingApproval.id)) is not None


def forget(session: Session, member_id: str) -> None:
    """Delete what a member was asked who is being forgotten."""
    session.execute(delete(SpendingApproval).where(SpendingApproval.member_id == member_id))


def _asked_lately(session: Session, member_id: str, *, now: datetime) -> int:
    lately = select(func.count()).where(
        SpendingApproval.member_id == member_id, SpendingApproval.asked_at > now - WITHIN
    )
    return session.scalar(lately) or 0
