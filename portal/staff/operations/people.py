"""Taking on staff, their PINs, letting them go."""

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import insert, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal.errors import Refused
from portal.ids import new_id
from portal.staff.operations.shifts import end_shifts_of
from portal.staff.pins import hash_pin
from portal.staff.roles import ROLES, Role
from portal.staff.tables import Staff

LONGEST_NAME = 80


class StaffNameTaken(Refused):
    code = "staff-name-taken"
    status = 409
    text = "Somebody of the staff already has this name, or this card."


class WrongStaffName(Refused):
    code = "wrong-staff-name"
    text = "Give a name of at most 80 letters."


class UnknownStaff(Refused):
    code = "unknown-staff"
    status = 404
    text = "Nobody of the staff has this id."


@dataclass(frozen=True, slots=True)
class NewStaff:
    """Somebody to take on. `own_member_id` is the member he is himself, whose points he must not touch."""

    name: str
    role: Role
    pin: str = field(repr=False)
    own_member_id: str | None = None


def add_staff(session: Session, new: NewStaff, *, now: datetime) -> str:
    """Take somebody on and return the id. Raises `WrongStaffName`, `WeakPin` and `StaffNameTaken`."""
    name = " ".join(new.name.split())
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise WrongStaffName
    if new.role not in ROLES:
        raise ValueError(f"{new.role} is no role")
    row = {
        "id": new_id(now),
        "name": name,
        "role": new.role,
        "member_id": new.own_member_id,
        "pin_hash": hash_pin(new.pin),
        "created_at": now,
    }
    try:
        with session.begin_nested():
            session.execute(insert(Staff).values(row))
    except IntegrityError:
        raise StaffNameTaken from None
    return row["id"]


def reset_pin(session: Session, staff_id: str, pin: str, *, now: datetime) -> None:
    """Give somebody a new PIN and unlock him; his shifts end. Raises `WeakPin` and `UnknownStaff`."""
    _change(session, staff_id, pin_hash=hash_pin(pin), pin_failures=0, locked_until=None)
    end_shifts_of(session, staff_id=staff_id, now=now)


def change_role(session: Session, staff_id: str, role: Role, *, now: datetime) -> None:
    """Give somebody another role from the next sign-in on; his shifts end. Raises `UnknownStaff`."""
    _change(session, staff_id, role=role)
    end_shifts_of(session, staff_id=staff_id, now=now)


def forget_own_card(session: Session, member_id: str) -> None:
    """Let nobody of the staff be this member any more: who the erased one was could be read from it."""
    session.execute(update(Staff).where(Staff.member_id == member_id).values(member_id=None))


def link_own_card(session: Session, staff_id: str, member_id: str | None, *, now: datetime) -> None:
    """Say which member somebody is, or that he is none; his shifts end, so that it holds at once.

    Raises `UnknownStaff`, and `StaffNameTaken` for a card that is somebody else's of the staff.
    """
    try:
        with session.begin_nested():
            _change(session, staff_id, member_id=member_id)
    except IntegrityError:
        raise StaffNameTaken from None
    end_shifts_of(session, staff_id=staff_id, now=now)


def let_go(session: Session, staff_id: str, *, now: datetime) -> None:
    """Lock somebody out for good; what he did stays under his id. Raises `UnknownStaff`."""
    _change(session, staff_id, active=False)
    end_shifts_of(session, staff_id=staff_id, now=now)


def _change(session: Session, staff_id: str, **values: object) -> None:
    changed = update(Staff).where(Staff.id == staff_id).values(values).returning(Staff.id)
    if session.scalar(changed) is None:
        raise UnknownStaff
