"""The audit of what keys do, in the transaction of the deed."""

from portal.api.keys import Caller
from portal.staff.audit_chain import Deed
from portal.staff.operations import audit
from portal.web.transactions import session


def note_deed(caller: Caller, action: str, *, subject: str, subject_id: str | None, **details: object) -> None:
    """Append what this key did, and to what; details are codes and figures, nothing personal."""
    deed = Deed(
        actor_kind="api_key",
        actor_id=caller.api_key.id,
        action=action,
        subject_kind=subject,
        subject_id=subject_id,
        details=details,
    )
    audit(session(), deed, now=caller.now)
