"""Who joined from a till's screen: whose shift it was stands in the code that the shopper's phone opened."""

import hashlib
import hmac
from datetime import datetime, timedelta

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from portal.staff.audit_chain import Deed
from portal.staff.operations.audit import audit
from portal.staff.tables import StaffSession, TillJoin

JOIN_CODE_LASTS = timedelta(hours=1)
_ID_SIGNS, _MAC_SIGNS = 26, 16


def join_code(shift_id: str, *, secret: str, now: datetime) -> str:
    """Return a text for the address of joining that names a shift and a minute and cannot be made up."""
    told = f"{shift_id}{int(now.timestamp()) // 60:x}"
    return told + _mac(told, secret)


def note_joined(session: Session, member_id: str, *, code: str, secret: str, now: datetime) -> bool:
    """Note at which till and under whom a member joined; a code that is forged or old is worth nothing."""
    told, mac = code[:-_MAC_SIGNS], code[-_MAC_SIGNS:]
    if not hmac.compare_digest(mac.encode(), _mac(told, secret).encode()) or not _fresh(told[_ID_SIGNS:], now=now):
        return False
    shift = select(StaffSession.staff_id, StaffSession.device_id).where(StaffSession.id == told[:_ID_SIGNS])
    row = session.execute(shift).one_or_none()
    if row is None:
        return False
    joined = {"member_id": member_id, "staff_id": row.staff_id, "device_id": row.device_id, "at": now}
    session.execute(insert(TillJoin).values(joined))
    deed = Deed(
        actor_kind="member",
        actor_id=member_id,
        action="member.joined_at_till",
        subject_kind="staff",
        subject_id=row.staff_id,
        details={"till": row.device_id},
    )
    audit(session, deed, now=now)
    return True


def _fresh(minute: str, *, now: datetime) -> bool:
    drawn = int(minute, 16) * 60
    return drawn <= now.timestamp() < drawn + JOIN_CODE_LASTS.total_seconds()


def _mac(told: str, secret: str) -> str:
    return hmac.new(secret.encode(), f"join at a till\x1f{told}".encode(), hashlib.sha256).hexdigest()[:_MAC_SIGNS]
