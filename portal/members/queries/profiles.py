"""The personal data of a member, and whether somebody with these contacts was here before."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from portal.members.code_hashes import buried_hash
from portal.members.contacts import Contact
from portal.members.tables import ContactTombstone, Identity


@dataclass(frozen=True, slots=True)
class Profile:
    """What the member's own pages and the shop's CRM may see; it never goes to logs."""

    member_id: str
    name: str = field(repr=False)
    phone: str | None = field(repr=False)
    phone_verified_at: datetime | None
    email: str | None = field(repr=False)
    email_verified_at: datetime | None
    birthday: date | None = field(repr=False)
    holiday: date | None = field(repr=False)
    holiday_title: str | None = field(repr=False)


_PROFILE = select(
    Identity.member_id,
    Identity.name,
    Identity.phone,
    Identity.phone_verified_at,
    Identity.email,
    Identity.email_verified_at,
    Identity.birthday,
    Identity.holiday,
    Identity.holiday_title,
)


def find_profile(session: Session, member_id: str) -> Profile | None:
    """Return the personal data of a member; None when erased or unknown."""
    row = session.execute(_PROFILE.where(Identity.member_id == member_id)).one_or_none()
    return Profile(*row) if row else None


def find_contacts(session: Session, member_id: str) -> list[Contact] | None:
    """Return the contacts of a member as they are kept; None when erased or unknown."""
    kept = select(Identity.phone, Identity.email, Identity.email_person).where(Identity.member_id == member_id)
    row = session.execute(kept).one_or_none()
    if row is None:
        return None
    phone, email, person = row
    phones = [Contact(kind="phone", value=phone, person=phone)] if phone else []
    return phones + ([Contact(kind="email", value=email, person=person or email)] if email else [])


def been_here_before(session: Session, contacts: Sequence[Contact], *, secret: str) -> bool:
    """Tell whether somebody with one of these contacts is or was a member, erased ones included.

    Tags and dots of an address do not make a new person, so that welcome points are given once (security.md §2).
    """
    persons = [contact.person for contact in contacts]
    hashes = [buried_hash(contact, secret=secret) for contact in contacts]
    living = select(Identity.member_id).where(or_(Identity.phone.in_(persons), Identity.email_person.in_(persons)))
    gone = select(ContactTombstone.contact_hash).where(ContactTombstone.contact_hash.in_(hashes))
    return bool(session.scalar(select(or_(living.exists(), gone.exists()))))
