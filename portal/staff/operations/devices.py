"""Tills: let in by a code of one use, known by a token, shut out by a manager."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import insert, update
from sqlalchemy.orm import Session

from portal.errors import Refused
from portal.ids import new_id
from portal.staff.operations.shifts import end_shifts_on
from portal.staff.roles import Device
from portal.staff.tables import TillDevice
from portal.staff.tokens import EnrolCodeWrong, new_enrol_code, new_token, read_enrol_code, token_hash

ENROL_CODE_LASTS = timedelta(minutes=30)


class UnknownDevice(Refused):
    code = "unknown-device"
    status = 404
    text = "There is no such till."


@dataclass(frozen=True, slots=True)
class Invitation:
    """A code to be typed on the new till before `ends_at`; shown once."""

    device_id: str
    code: str = field(repr=False)
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class EnrolledDevice:
    """The token that the till keeps in its cookie; only its hash is kept here."""

    device: Device
    token: str = field(repr=False)


def invite_device(session: Session, *, store: str, till: str, now: datetime) -> Invitation:
    """Make a code that lets one till in, once, within half an hour."""
    invitation = Invitation(device_id=new_id(now), code=new_enrol_code(), ends_at=now + ENROL_CODE_LASTS)
    row = {
        "id": invitation.device_id,
        "store": store,
        "till": till,
        "enrol_code_hash": token_hash(invitation.code),
        "enrol_code_ends_at": invitation.ends_at,
    }
    session.execute(insert(TillDevice).values(row))
    return invitation


def enrol_till(session: Session, typed: str, *, now: datetime) -> EnrolledDevice:
    """Let a till in by its code, which ends the code. Raises `EnrolCodeWrong` for a wrong, late or used one alike."""
    token = new_token()
    waiting = update(TillDevice).where(
        TillDevice.enrol_code_hash == token_hash(read_enrol_code(typed)),
        TillDevice.enrol_code_ends_at > now,
        TillDevice.revoked_at.is_(None),
    )
    let_in = waiting.values(token_hash=token_hash(token), enrolled_at=now, enrol_code_hash=None)
    row = session.execute(let_in.returning(TillDevice.id, TillDevice.store, TillDevice.till)).one_or_none()
    if row is None:
        raise EnrolCodeWrong
    return EnrolledDevice(device=Device(*row), token=token)


def revoke_till(session: Session, device_id: str, *, now: datetime) -> None:
    """Shut a till out and end its shift; again is no harm. Raises `UnknownDevice`."""
    known = update(TillDevice).where(TillDevice.id == device_id)
    if session.scalar(known.values(revoked_at=now, enrol_code_hash=None).returning(TillDevice.id)) is None:
        raise UnknownDevice
    end_shifts_on(session, device_id=device_id, now=now)
