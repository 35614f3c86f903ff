"""The audit of what keys do to members, in the transaction of the deed."""

from collections.abc import Mapping
from typing import Any

from portal.api.keys import Caller
from portal.staff.audit_chain import Deed
from portal.staff.operations import audit
from portal.web.transactions import session


def note_deed(caller: Caller, action: str, *, member_id: str, details: Mapping[str, Any]) -> None:
    """Append what this key did to a member; `details` hold codes and figures, nothing personal."""
    deed = Deed(
        actor_kind="api_key",
        actor_id=caller.api_key.id,
        action=action,
        subject_kind="member",
        subject_id=member_id,
        details=details,
    )
    audit(session(), deed, now=caller.now)
