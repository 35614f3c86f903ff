"""What is done at a till is noted in the audit, with the device and whoever is on shift."""

from portal.staff.audit_chain import Deed
from portal.staff.operations import audit
from portal.till.device import current_device, current_shift
from portal.web.instant import now
from portal.web.transactions import session


def note_deed(action: str, *, subject: str, subject_id: str, by: str = "", **details: object) -> None:
    """Note a deed in the transaction that does it; `by` is a second person who answers for it in place of the shift.

    Details are ids, codes and figures, never a name, a contact or a text somebody typed.
    """
    deed = Deed(
        actor_kind="staff",
        actor_id=by or current_shift().staff_id,
        action=action,
        subject_kind=subject,
        subject_id=subject_id,
        details={**details, "till": current_device().id},
    )
    audit(session(), deed, now=now())
