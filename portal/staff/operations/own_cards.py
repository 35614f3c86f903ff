"""A sale to the card of whoever is on shift: never alone (security.md §2, staff fraud)."""

from datetime import datetime

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from portal.errors import Refused
from portal.staff.audit_chain import Deed
from portal.staff.operations.audit import audit
from portal.staff.roles import Shift
from portal.staff.tables import OwnCardSale


class OwnCardSeen(Refused):
    code = "own-card-seen"
    status = 403
    text = "This is your own card. A second person of the staff has to allow the sale with a PIN."


def refuse_own_card_alone(session: Session, shift: Shift, member_id: str, *, sale_id: str = "") -> None:
    """Raise `OwnCardSeen` for the member that this one of the staff is, unless a second person allowed this sale."""
    if shift.own_member_id != member_id:
        return
    allowed = select(OwnCardSale.sale_id).where(
        OwnCardSale.sale_id == sale_id, OwnCardSale.staff_id == shift.staff_id, OwnCardSale.device_id == shift.device.id
    )
    if session.scalar(allowed) is None:
        raise OwnCardSeen


def allow_own_card(session: Session, shift: Shift, *, sale_id: str, second_id: str, now: datetime) -> None:
    """Let one sale be made to the own card; the second person's PIN was right a moment ago."""
    row = {
        "sale_id": sale_id,
        "staff_id": shift.staff_id,
        "second_id": second_id,
        "device_id": shift.device.id,
        "at": now,
    }
    session.execute(insert(OwnCardSale).values(row))
    deed = Deed(
        actor_kind="staff",
        actor_id=second_id,
        action="own_card.allowed",
        subject_kind="staff",
        subject_id=shift.staff_id,
        details={"till": shift.device.id, "sale": sale_id},
    )
    audit(session, deed, now=now)
