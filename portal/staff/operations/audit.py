"""The audit: appended in the transaction of the deed, so that neither stands without the other."""

from datetime import datetime

from sqlalchemy import insert, text, update
from sqlalchemy.orm import Session

from portal.staff.audit_chain import GENESIS, Deed, link_hash
from portal.staff.tables import AuditEntry, AuditHead

_BEGIN = text(f"insert into audit_head (id, number, hash) values (1, 0, '{GENESIS}') on conflict (id) do nothing")


def audit(session: Session, deed: Deed, *, now: datetime) -> int:
    """Append what was done and return its number. Others who append wait until this transaction ends."""
    session.execute(_BEGIN)
    counted = update(AuditHead).where(AuditHead.id == 1).values(number=AuditHead.number + 1)
    number, before = session.execute(counted.returning(AuditHead.number, AuditHead.hash)).one()
    linked = link_hash(deed, number=number, at=now, before=before)
    row = {
        "number": number,
        "at": now,
        "actor_kind": deed.actor_kind,
        "actor_id": deed.actor_id,
        "action": deed.action,
        "subject_kind": deed.subject_kind,
        "subject_id": deed.subject_id,
        "details": dict(deed.details),
        "hash": linked,
    }
    session.execute(insert(AuditEntry).values(row))
    session.execute(update(AuditHead).where(AuditHead.id == 1).values(hash=linked))
    return number
