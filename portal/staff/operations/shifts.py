"""Shifts: signing in with a PIN on an enrolled till, and every way a shift ends.

A wrong PIN must be remembered, so it is a returned refusal, not a raised one: raising would roll the count back.
"""

from dataclasses import dataclass, field
from datetime import datetime
from functools import cache

from sqlalchemy import ColumnElement, insert, or_, select, update
from sqlalchemy.orm import Session

from portal.errors import Refused
from portal.ids import new_id
from portal.staff.pins import hash_pin, lock_after, pin_matches
from portal.staff.roles import SEEN_EVERY, Device, Shift
from portal.staff.tables import Staff, StaffSession
from portal.staff.tokens import new_token, token_hash


class PinWrong(Refused):
    code = "pin-wrong"
    text = "This name and PIN do not belong together."


class PinLocked(Refused):
    code = "pin-locked"
    status = 429
    text = "Too many wrong PINs. Wait %(minutes)s min, or ask a manager for a new PIN."


@dataclass(frozen=True, slots=True)
class PinEntry:
    """The answer to a typed PIN. `token` is for the till's cookie; None with a `refusal`, and when a shift goes on."""

    refusal: Refused | None = None
    token: str | None = field(default=None, repr=False)


def start_shift(session: Session, device: Device, *, staff_id: str, pin: str, now: datetime) -> PinEntry:
    """Sign somebody in on a till whose last shift ends thereby, or count a wrong PIN. Raises nothing."""
    if refusal := check_pin(session, staff_id, pin, now=now):
        return PinEntry(refusal=refusal)
    end_shifts_on(session, device_id=device.id, now=now)
    token = new_token()
    row = {
        "id": new_id(now),
        "token_hash": token_hash(token),
        "staff_id": staff_id,
        "device_id": device.id,
        "created_at": now,
        "seen_at": now,
        "pin_entered_at": now,
    }
    session.execute(insert(StaffSession).values(row))
    return PinEntry(token=token)


def type_pin_again(session: Session, shift: Shift, pin: str, *, now: datetime) -> PinEntry:
    """Make a shift's PIN fresh, which adjustments ask for, or count a wrong one. Raises nothing."""
    if refusal := check_pin(session, shift.staff_id, pin, now=now):
        return PinEntry(refusal=refusal)
    session.execute(update(StaffSession).where(StaffSession.id == shift.id).values(pin_entered_at=now, seen_at=now))
    return PinEntry()


def see_shift(session: Session, shift: Shift, *, now: datetime) -> None:
    """Note that somebody works on the till, so that the shift does not end by itself."""
    due = update(StaffSession).where(StaffSession.id == shift.id, StaffSession.seen_at <= now - SEEN_EVERY)
    session.execute(due.values(seen_at=now))


def end_shift(session: Session, shift_id: str, *, now: datetime) -> None:
    _end(session, StaffSession.id == shift_id, now=now)


def end_shifts_on(session: Session, *, device_id: str, now: datetime) -> None:
    _end(session, StaffSession.device_id == device_id, now=now)


def end_shifts_of(session: Session, *, staff_id: str, now: datetime) -> None:
    _end(session, StaffSession.staff_id == staff_id, now=now)


def check_pin(session: Session, staff_id: str, pin: str, *, now: datetime) -> Refused | None:
    """Count a failure first and take it back when the PIN is right: tries at the same time queue at the row."""
    tried = (
        update(Staff)
        .where(Staff.id == staff_id, Staff.active, or_(Staff.locked_until.is_(None), Staff.locked_until <= now))
        .values(pin_failures=Staff.pin_failures + 1)
        .returning(Staff.pin_hash, Staff.pin_failures)
    )
    row = session.execute(tried).one_or_none()
    if row is None:
        pin_matches(pin, _somebodys_hash())
        return _locked(session, staff_id, now=now)
    pin_hash, failures = row
    if pin_matches(pin, pin_hash):
        session.execute(update(Staff).where(Staff.id == staff_id).values(pin_failures=0, locked_until=None))
        return None
    if lock := lock_after(failures):
        session.execute(update(Staff).where(Staff.id == staff_id).values(locked_until=now + lock))
    return PinWrong()


def _end(session: Session, which: ColumnElement[bool], *, now: datetime) -> None:
    session.execute(update(StaffSession).where(which, StaffSession.ended_at.is_(None)).values(ended_at=now))


def _locked(session: Session, staff_id: str, *, now: datetime) -> Refused:
    until = session.scalar(select(Staff.locked_until).where(Staff.id == staff_id, Staff.active))
    if until is None or until <= now:
        return PinWrong()
    seconds = int((until - now).total_seconds()) + 1
    return PinLocked(minutes=-(-seconds // 60), retry_after=seconds)


@cache
def _somebodys_hash() -> str:
    """Return a hash to be compared in vain, so that an unknown name takes as long as a known one."""
    return hash_pin("2580")
