"""Reads of the audit, and the proof that it is whole."""

from collections.abc import Iterator
from datetime import datetime
from typing import cast

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.staff.audit_chain import GENESIS, ActorKind, Deed, Link, broken_links
from portal.staff.tables import AuditEntry, AuditHead


def read_audit(session: Session, *, after: int = 0, limit: int = 200) -> list[Link]:
    """Return entries of the audit after a number, in order."""
    return list(_links(session, after=after, limit=limit))


def check_audit(session: Session) -> list[int]:
    """Return the numbers at which the audit was changed, cut or forged; an empty list is a whole chain."""
    head = session.execute(select(AuditHead.number, AuditHead.hash)).one_or_none()
    return broken_links(_links(session), head=tuple(head) if head else (0, GENESIS))


def count_deeds(session: Session, staff_id: str, *, actions: tuple[str, ...], since: datetime) -> int:
    """Return how many deeds of these kinds one of the staff did since an instant."""
    done = select(func.count()).where(
        AuditEntry.action.in_(actions), AuditEntry.actor_id == staff_id, AuditEntry.at >= since
    )
    return session.scalar(done) or 0


def list_erased(session: Session) -> list[tuple[str, datetime]]:
    """Return the id of every member who was ever erased, and when first, in that order."""
    first = func.min(AuditEntry.at)
    erased = select(AuditEntry.subject_id, first).where(AuditEntry.action == "member.erased")
    rows = session.execute(erased.group_by(AuditEntry.subject_id).order_by(first, AuditEntry.subject_id))
    return [(str(member_id), at) for member_id, at in rows]


def _links(session: Session, *, after: int = 0, limit: int | None = None) -> Iterator[Link]:
    statement = select(AuditEntry.__table__).where(AuditEntry.number > after).order_by(AuditEntry.number).limit(limit)
    for row in session.execute(statement).yield_per(1000):
        deed = Deed(
            actor_kind=cast("ActorKind", row.actor_kind),
            actor_id=row.actor_id,
            action=row.action,
            subject_kind=row.subject_kind,
            subject_id=row.subject_id,
            details=row.details,
        )
        yield Link(number=row.number, at=row.at, deed=deed, hash=row.hash)
