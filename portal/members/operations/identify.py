"""Who stands at the till: by the rotating code, the number on the card, or a contact."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy.orm import Session

from portal.db import Batch
from portal.errors import Refused
from portal.members.lookup import Lookup
from portal.members.operations.devices import count_bad_mac, show_code
from portal.members.person import Person
from portal.members.queries.people import find_person
from portal.members.rotating_code import Verdict, judge


class UnknownMember(Refused):
    code = "unknown-member"
    status = 404
    text = "There is no such member."


class MemberLeft(Refused):
    code = "member-left"
    text = "This member has left the programme."


class CodeForged(Refused):
    code = "code-forged"
    text = "The code was not drawn by the member's phone. Refresh the card, or type the number below it."


@dataclass(frozen=True, slots=True)
class Identified:
    """Who it is and how that was proved. With a `refusal` nothing may be done; returned, because it was counted."""

    person: Person
    verdict: Verdict | None
    refusal: Refused | None = None

    @property
    def verified(self) -> Literal["rotating", "static"]:
        """`rotating` may spend, `static` may only earn."""
        return "rotating" if self.verdict and self.verdict.verified == "rotating" else "static"


def identify(
    session: Session, lookup: Lookup, *, shown_to: str, shown_at: datetime | None, now: datetime
) -> Identified:
    """Tell who a lookup means and note a fresh code as seen by this till (`shown_to`), so that no other may use it.

    `shown_at` is the scan's time at an offline till, None for now. Raises `UnknownMember` and `MemberLeft`; a forged
    code is counted and comes back as the `refusal` of the answer.
    """
    person = find_person(session, lookup)
    if person is None:
        raise UnknownMember
    if not person.active:
        raise MemberLeft
    if lookup.rotating is None:
        return Identified(person=person, verdict=None)
    verdict = judge(lookup.rotating, devices=person.devices, now=now, shown_at=shown_at or now, shown_to=shown_to)
    if verdict.proof == "forged":
        count_bad_mac(session, person.id)
        return Identified(person=person, verdict=verdict, refusal=CodeForged())
    if verdict.proof == "fresh":
        batch = Batch()
        show_code(batch, verdict, shown_to=shown_to, now=now)
        batch.flush(session)
    return Identified(person=person, verdict=verdict)
