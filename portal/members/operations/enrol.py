"""Joining: one member for each contact, one welcome for each person."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal.errors import Refused
from portal.ids import new_id
from portal.members.card_numbers import new_card_number
from portal.members.contacts import Contact
from portal.members.keyed import keyed_hash
from portal.members.names import clean_name
from portal.members.operations.gate import queue_at
from portal.members.operations.referrers import check_referrer, referrers
from portal.members.queries.profiles import been_here_before
from portal.members.tables import Identity, Member
from portal.members.time_zones import read_time_zone

_ATTEMPTS = 8  # each fails only when a random number of 300 million is taken


class ContactNeeded(Refused):
    code = "contact-needed"
    text = "Give a phone number or an e-mail address."


class ContactsOfTwo(Refused):
    code = "contacts-of-two"
    status = 409
    text = "This phone and this e-mail address belong to two different members."


@dataclass(frozen=True, slots=True)
class Newcomer:
    """What is told at joining. `referred_by` names the link or channel, `verified` says that a code was typed back."""

    contacts: tuple[Contact, ...]
    name: str = field(repr=False)
    language: str
    verified: bool
    time_zone: str | None = None
    referrer_id: str | None = None
    referred_by: str | None = None


@dataclass(frozen=True, slots=True)
class Enrolled:
    """Whose contact it is. `first_time` is true when no such person was ever a member: only they are welcomed."""

    member_id: str
    created: bool
    first_time: bool


def find_or_enrol(session: Session, newcomer: Newcomer, *, secret: str, joined_at: datetime, now: datetime) -> Enrolled:
    """Return the member with one of these contacts, or make one; a member who left comes back with everything kept.

    What an existing member told before stays, the referrer included. Raises `ContactNeeded`, `ContactsOfTwo`,
    `UnknownReferrer`, `WrongName` and `WrongTimeZone`.
    """
    if not newcomer.contacts:
        raise ContactNeeded
    queue_at(session, (f"person:{keyed_hash(secret, 'queue', c.person)}" for c in newcomer.contacts), now=now)
    for _ in range(_ATTEMPTS):
        if member_id := _find(session, newcomer.contacts):
            _come_back(session, member_id)
            return Enrolled(member_id=member_id, created=False, first_time=False)
        first_time = not been_here_before(session, newcomer.contacts, secret=secret)
        check_referrer(session, newcomer.referrer_id)
        if member_id := _make(session, newcomer, joined_at=joined_at, now=now):
            return Enrolled(member_id=member_id, created=True, first_time=first_time)
    raise RuntimeError("no free card number was found")


def _find(session: Session, contacts: Sequence[Contact]) -> str | None:
    columns = {"phone": Identity.phone, "email": Identity.email}
    found = {session.scalar(select(Identity.member_id).where(columns[c.kind] == c.value)) for c in contacts}
    found.discard(None)
    if len(found) > 1:
        raise ContactsOfTwo
    return found.pop() if found else None


def _come_back(session: Session, member_id: str) -> None:
    back = update(Member).where(Member.id == member_id, Member.state == "left").values(state="active", left_at=None)
    session.execute(back)


def _make(session: Session, newcomer: Newcomer, *, joined_at: datetime, now: datetime) -> str | None:
    """Insert a member, or nothing when the card number or a contact was taken meanwhile."""
    member_id = new_id(joined_at)
    member = {
        "id": member_id,
        "card_number": new_card_number(),
        "joined_at": joined_at,
        "language": newcomer.language,
        "time_zone": read_time_zone(newcomer.time_zone),
        **referrers(session, member_id, newcomer.referrer_id),
        "referred_by": newcomer.referred_by,
    }
    identity = {"member_id": member_id, "name": clean_name(newcomer.name)}
    for contact in newcomer.contacts:
        identity |= contact_columns(contact, verified_at=now if newcomer.verified else None)
    try:
        with session.begin_nested():
            session.execute(insert(Member).values(member))
            session.execute(insert(Identity).values(identity))
    except IntegrityError:
        return None
    return member_id


def contact_columns(contact: Contact, *, verified_at: datetime | None) -> dict[str, object]:
    """Return the columns of `identity` that hold a contact."""
    if contact.kind == "phone":
        return {"phone": contact.value, "phone_verified_at": verified_at}
    return {"email": contact.value, "email_person": contact.person, "email_verified_at": verified_at}
