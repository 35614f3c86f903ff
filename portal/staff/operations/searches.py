"""Looking for a member by phone or address: noted each time, and not without end (security.md §2)."""

from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.errors import Refused
from portal.staff.audit_chain import Deed
from portal.staff.operations.audit import audit
from portal.staff.roles import Shift
from portal.staff.tables import AuditEntry

MOST_SEARCHES = 30
WITHIN = timedelta(hours=1)
_SEARCHED = "member.searched"


class TooManySearches(Refused):
    code = "too-many-searches"
    status = 429
    text = "You have looked for many members by phone within an hour. Ask for the card or the code on the phone."


def refuse_many_searches(session: Session, shift: Shift, *, now: datetime) -> None:
    """Raise `TooManySearches` from the 31st search of one person within an hour on."""
    lately = select(func.count()).where(
        AuditEntry.action == _SEARCHED, AuditEntry.actor_id == shift.staff_id, AuditEntry.at > now - WITHIN
    )
    if (session.scalar(lately) or 0) >= MOST_SEARCHES:
        raise TooManySearches


def note_search(session: Session, shift: Shift, *, found: str | None, now: datetime) -> None:
    """Note that somebody looked for a member by contact, and whom he found; never what was typed."""
    deed = Deed(
        actor_kind="staff",
        actor_id=shift.staff_id,
        action=_SEARCHED,
        subject_kind="member" if found else None,
        subject_id=found,
        details={"till": shift.device.id},
    )
    audit(session, deed, now=now)
