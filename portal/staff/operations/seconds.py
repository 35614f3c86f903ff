"""A second person at a till: another of the staff types the PIN there, and the shift goes on."""

from dataclasses import dataclass
from datetime import datetime
from typing import cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.errors import Refused
from portal.staff.operations.shifts import check_pin
from portal.staff.roles import NotAllowed, Role, reaches
from portal.staff.tables import Staff


class AnotherPersonNeeded(Refused):
    code = "another-person-needed"
    status = 403
    text = "Somebody else of the staff must type the PIN."


@dataclass(frozen=True, slots=True)
class SecondEntry:
    """The answer to a second person's PIN: without a `refusal` it was right."""

    refusal: Refused | None = None


def call_second(
    session: Session, staff_id: str, *, pin: str, apart_from: str | None, role: Role, now: datetime
) -> SecondEntry:
    """Let somebody of this role or above stand by, or count a wrong PIN. Raises nothing.

    `apart_from` is the one of the staff whose deed it is, and who cannot be the second person.
    """
    if staff_id == apart_from:
        return SecondEntry(AnotherPersonNeeded())
    if refusal := check_pin(session, staff_id, pin, now=now):
        return SecondEntry(refusal)
    own = cast("Role", session.scalars(select(Staff.role).where(Staff.id == staff_id)).one())
    return SecondEntry(None if reaches(own, role) else NotAllowed(role=role))
