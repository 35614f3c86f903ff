"""Reads of the staff: who there is, and who stands behind an operator or a card."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.staff.roles import Role
from portal.staff.tables import ApiKey, Staff


@dataclass(frozen=True, slots=True)
class ListedStaff:
    """A line of the list of staff; tills offer the active ones by name."""

    id: str
    name: str = field(repr=False)
    role: Role
    active: bool
    locked_until: datetime | None


def find_name(session: Session, staff_id: str) -> str | None:
    """Return the name of one of the staff, also of one let go."""
    return session.scalar(select(Staff.name).where(Staff.id == staff_id))


def card_owner(session: Session, member_id: str) -> str | None:
    """Return the id of the one of the staff who is this member."""
    return session.scalar(select(Staff.id).where(Staff.member_id == member_id, Staff.active))


def person_behind(session: Session, operator: str) -> str | None:
    """Return who of the staff answers as `staff:ID`, or works with the key of `key:ID`."""
    kind, _, its_id = operator.partition(":")
    if kind == "staff":
        return its_id
    return session.scalar(select(ApiKey.holder_id).where(ApiKey.id == its_id)) if kind == "key" else None


def list_staff(session: Session) -> list[ListedStaff]:
    """Return everybody ever taken on, by name."""
    statement = select(Staff.id, Staff.name, Staff.role, Staff.active, Staff.locked_until).order_by(Staff.name)
    return [
        ListedStaff(id=staff_id, name=name, role=cast("Role", role), active=active, locked_until=locked_until)
        for staff_id, name, role, active, locked_until in session.execute(statement)
    ]
