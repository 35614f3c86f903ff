"""The queue of a till without a network: whose shift its sales fell into, and whether a row of it is missing.

Each row is bound to the one before by a hash, and the last one told is remembered: a row that was taken out or written
anew on the device shows in the audit. What the rows tell is recorded all the same.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from portal.staff.audit_chain import Deed
from portal.staff.operations.audit import audit
from portal.staff.roles import Shift
from portal.staff.tables import Staff, StaffSession, TillQueue


@dataclass(frozen=True, slots=True)
class QueueLink:
    """A row of the queue: its number, what it tells, and the hashes that bind it."""

    number: int
    told: str = field(repr=False)
    before: str
    hash: str

    @property
    def whole(self) -> bool:
        """Tell whether the hash is that of the row and the one before: SHA-256 of `before`, a line feed, `told`."""
        return hashlib.sha256(f"{self.before}\n{self.told}".encode()).hexdigest() == self.hash


@dataclass(frozen=True, slots=True)
class Seller:
    """Who of the staff answers for a sale, and which member that is."""

    staff_id: str
    own_member_id: str | None


def seller_at(session: Session, shift: Shift, *, at: datetime) -> Seller:
    """Return whose shift began last on this till before an instant; without any, whoever tells of it now."""
    began = (
        select(Staff.id, Staff.member_id)
        .join(StaffSession, StaffSession.staff_id == Staff.id)
        .where(StaffSession.device_id == shift.device.id, StaffSession.created_at <= at)
        .order_by(StaffSession.created_at.desc())
        .limit(1)
    )
    row = session.execute(began).one_or_none()
    return Seller(*row) if row else Seller(shift.staff_id, shift.own_member_id)


def follow_queue(session: Session, shift: Shift, *, chain: str, links: Sequence[QueueLink], now: datetime) -> None:
    """Go on from the last row that was told; rows told before are no harm, a break is noted in the audit."""
    mine = (TillQueue.device_id == shift.device.id, TillQueue.chain == chain)
    known = session.execute(select(TillQueue.number, TillQueue.hash).where(*mine)).one_or_none()
    number, last = known or (0, "")
    for link in links:
        if link.number <= number:
            continue
        if not (link.whole and link.number == number + 1 and link.before == last):
            _note_break(session, shift, chain=chain, number=link.number, now=now)
        number, last = link.number, link.hash
    row = {"number": number, "hash": last, "at": now}
    if known:
        session.execute(update(TillQueue).where(*mine).values(row))
    else:
        session.execute(insert(TillQueue).values({"device_id": shift.device.id, "chain": chain, **row}))


def note_refused(session: Session, shift: Shift, *, row: str, code: str, now: datetime) -> None:
    """Note that a row of the queue (its hash) was refused, and why: from now on it stands on the till alone."""
    _note(session, shift, "queue.refused", {"row": row, "code": code}, now=now)


def _note_break(session: Session, shift: Shift, *, chain: str, number: int, now: datetime) -> None:
    _note(session, shift, "queue.broken", {"chain": chain, "number": number}, now=now)


def _note(session: Session, shift: Shift, action: str, details: dict[str, str | int], *, now: datetime) -> None:
    deed = Deed(
        actor_kind="staff",
        actor_id=shift.staff_id,
        action=action,
        subject_kind="till",
        subject_id=shift.device.id,
        details=details,
    )
    audit(session, deed, now=now)
