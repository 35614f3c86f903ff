"""Members brought over from another programme: no code proves them, the shop's own reference names them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import insert, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal.errors import Refused
from portal.ids import new_id
from portal.members.card_numbers import new_card_number
from portal.members.contacts import Contact
from portal.members.names import clean_name
from portal.members.operations.enrol import contact_columns
from portal.members.operations.referrers import referrers
from portal.members.tables import Identity, Member

_ATTEMPTS = 8


class ReferenceOfAnother(Refused):
    code = "reference-of-another"
    status = 409
    text = "This contact belongs to a member with another reference."


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportedPerson:
    """What the shop knew of somebody; `reference` or a contact is needed to find them again."""

    reference: str | None
    name: str = field(repr=False)
    contacts: tuple[Contact, ...] = ()
    language: str
    birthday: date | None = field(default=None, repr=False)
    referrer_id: str | None = None
    joined_at: datetime


def add_imported(session: Session, person: ImportedPerson) -> str:
    """Make a member of somebody who is none yet and return the id; raises IntegrityError for a contact that is taken.

    The birthday counts as told when they joined. Raises `WrongName`.
    """
    for attempt in range(_ATTEMPTS):
        member_id = new_id(person.joined_at)
        try:
            with session.begin_nested():
                above = referrers(session, member_id, person.referrer_id)
                session.execute(insert(Member).values(_member(person, member_id) | above))
        except IntegrityError:
            if attempt == _ATTEMPTS - 1:
                raise
            continue
        session.execute(insert(Identity).values(_identity(person, member_id, person.contacts)))
        return member_id
    raise AssertionError("unreachable: the last attempt returns or raises")


def name_by_reference(session: Session, member_id: str, reference: str) -> None:
    """Give a member, found by a contact, the shop's reference."""
    session.execute(update(Identity).where(Identity.member_id == member_id).values(external=reference))


def _member(person: ImportedPerson, member_id: str) -> dict[str, object]:
    return {
        "id": member_id,
        "card_number": new_card_number(),
        "joined_at": person.joined_at,
        "language": person.language,
        "referred_by": "import" if person.referrer_id else None,
    }


def _identity(person: ImportedPerson, member_id: str, contacts: Sequence[Contact]) -> dict[str, object]:
    row: dict[str, object] = {"member_id": member_id, "name": clean_name(person.name), "external": person.reference}
    if person.birthday is not None:
        row |= {"birthday": person.birthday, "birthday_given_at": person.joined_at}
    for contact in contacts:
        row |= contact_columns(contact, verified_at=None)
    return row
