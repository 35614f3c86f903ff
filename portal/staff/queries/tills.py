"""Reads of tills and of who works on them."""

from dataclasses import dataclass
from datetime import datetime
from typing import cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.staff.roles import IDLE, Device, Role, Shift
from portal.staff.tables import Staff, StaffSession, TillDevice
from portal.staff.tokens import token_hash


@dataclass(frozen=True, slots=True)
class ListedDevice:
    """A line of the list of tills; one not enrolled yet waits for its code."""

    device: Device
    enrolled_at: datetime | None
    revoked_at: datetime | None


def find_device(session: Session, token: str) -> Device | None:
    """Return the till that keeps this token; None when it was revoked or never let in."""
    statement = select(TillDevice.id, TillDevice.store, TillDevice.till).where(
        TillDevice.token_hash == token_hash(token), TillDevice.revoked_at.is_(None)
    )
    row = session.execute(statement).one_or_none()
    return Device(*row) if row else None


def find_shift(session: Session, token: str, *, device: Device, now: datetime) -> Shift | None:
    """Return who works on this till; None when nobody did for ten minutes, or the token is another till's."""
    statement = (
        select(
            StaffSession.id,
            Staff.id,
            Staff.name,
            Staff.role,
            Staff.member_id,
            StaffSession.pin_entered_at,
            StaffSession.seen_at,
        )
        .join(Staff, Staff.id == StaffSession.staff_id)
        .where(
            StaffSession.token_hash == token_hash(token),
            StaffSession.device_id == device.id,
            StaffSession.ended_at.is_(None),
            StaffSession.seen_at > now - IDLE,
            Staff.active,
        )
    )
    row = session.execute(statement).one_or_none()
    if row is None:
        return None
    shift_id, staff_id, name, role, member_id, pin_entered_at, seen_at = row
    return Shift(
        id=shift_id,
        staff_id=staff_id,
        name=name,
        role=cast("Role", role),
        own_member_id=member_id,
        device=device,
        pin_entered_at=pin_entered_at,
        seen_at=seen_at,
    )


def list_devices(session: Session) -> list[ListedDevice]:
    """Return every till ever invited, by store and name."""
    statement = select(
        TillDevice.id, TillDevice.store, TillDevice.till, TillDevice.enrolled_at, TillDevice.revoked_at
    ).order_by(TillDevice.store, TillDevice.till, TillDevice.id)
    return [
        ListedDevice(device=Device(device_id, store, till), enrolled_at=enrolled_at, revoked_at=revoked_at)
        for device_id, store, till, enrolled_at, revoked_at in session.execute(statement)
    ]
