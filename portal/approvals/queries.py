"""Reads of approvals."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, cast

from sqlalchemy import ColumnElement, ScalarSelect, select
from sqlalchemy.orm import Session

from portal.approvals.tables import SpendingApproval
from portal.db import json_tuple

State = Literal["open", "approved", "refused", "withdrawn", "expired"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval:
    """A question as it was written; `answered` is what became of it, "open" also where its time has run out since."""

    id: str
    member_id: str
    client: str
    sale: str
    store: str
    till: str
    points: int
    due: int | None
    expires_at: datetime
    answered: State

    def state(self, now: datetime) -> State:
        """Return what has become of it by now: one that nobody answered in time has expired."""
        return "expired" if self.answered == "open" and self.expires_at <= now else self.answered


@dataclass(frozen=True, slots=True)
class Asked:
    """What a member is being asked: may these points be spent at this till?"""

    id: str
    points: int
    store: str
    till: str


def find_approval(session: Session, approval_id: str) -> Approval | None:
    """Return a question by its id."""
    return _approval(session.get(SpendingApproval, approval_id))


def take_approval(session: Session, approval_id: str) -> Approval | None:
    """Return a question by its id and let nobody else settle it meanwhile."""
    return _approval(session.get(SpendingApproval, approval_id, with_for_update=True, populate_existing=True))


def find_open(session: Session, *, client: str, sale: str) -> Approval | None:
    """Return the question of a purchase that was not answered yet."""
    asked = select(SpendingApproval).where(SpendingApproval.client == client, SpendingApproval.sale == sale)
    return _approval(session.scalars(asked.where(SpendingApproval.state == "open")).one_or_none())


def find_asked(session: Session, member_id: str, *, now: datetime) -> str | None:
    """Return the id of the newest question that waits for a member's answer."""
    return session.scalar(_waiting(SpendingApproval.id, member_id, now).limit(1))


def asked_column(member_id: ColumnElement[str], now: ColumnElement[Any]) -> ScalarSelect[Any]:
    """Return a JSON expression for `read_asked`; null when nobody asks."""
    asked = json_tuple(SpendingApproval.id, SpendingApproval.points, SpendingApproval.store, SpendingApproval.till)
    return _waiting(asked, member_id, now).limit(1).scalar_subquery()


def read_asked(document: list[Any] | None) -> Asked | None:
    return Asked(*document) if document else None


def _waiting(column: Any, member_id: Any, now: Any) -> Any:
    waiting = select(column).where(SpendingApproval.member_id == member_id, SpendingApproval.state == "open")
    return waiting.where(SpendingApproval.expires_at > now).order_by(
        SpendingApproval.asked_at.desc(), SpendingApproval.id
    )


def _approval(row: SpendingApproval | None) -> Approval | None:
    if row is None:
        return None
    return Approval(
        id=row.id,
        member_id=row.member_id,
        client=row.client,
        sale=row.sale,
        store=row.store,
        till=row.till,
        points=row.points,
        due=row.due,
        expires_at=row.expires_at,
        answered=cast("State", row.state),
    )
