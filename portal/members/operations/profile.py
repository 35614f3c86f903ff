"""What members correct about themselves, and what the shop corrects for them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal.errors import Refused
from portal.members.contacts import Contact
from portal.members.names import clean_name
from portal.members.occasions import check_birthday, check_change
from portal.members.operations.enrol import contact_columns
from portal.members.operations.identify import UnknownMember
from portal.members.operations.sessions import revoke_sessions
from portal.members.operations.tombstones import bury
from portal.members.queries.profiles import find_contacts
from portal.members.tables import Identity, Member
from portal.members.time_zones import read_time_zone


class ContactTaken(Refused):
    code = "contact-taken"
    status = 409
    text = "Another member has this contact."


@dataclass(frozen=True, slots=True)
class Correction:
    """What to change; None leaves a field as it is."""

    name: str | None = field(default=None, repr=False)
    language: str | None = None
    time_zone: str | None = None


@dataclass(frozen=True, slots=True)
class ContactChange:
    """The contact given up, which the story writes to; None when none was there before or it is the same."""

    old: Contact | None


def set_time_zone(session: Session, member_id: str, name: str | None) -> None:
    """Keep the zone a member lives in, None for the shop's own. Raises `WrongTimeZone`."""
    session.execute(update(Member).where(Member.id == member_id).values(time_zone=read_time_zone(name)))


def correct_profile(session: Session, member_id: str, correction: Correction) -> None:
    """Change name, language and time zone. Raises `UnknownMember`, `WrongName` and `WrongTimeZone`."""
    told = {"language": correction.language, "time_zone": read_time_zone(correction.time_zone)}
    if changed := {column: value for column, value in told.items() if value is not None}:
        session.execute(update(Member).where(Member.id == member_id).values(changed))
    name = None if correction.name is None else clean_name(correction.name)
    _update_identity(session, member_id, {"member_id": member_id} if name is None else {"name": name})


def verify_contact(session: Session, member_id: str, contact: Contact, *, now: datetime) -> None:
    """Note that a code sent to the member's contact was typed back; another contact than the member's is left alone."""
    columns = {"phone": Identity.phone, "email": Identity.email}
    verified = {"phone": "phone_verified_at", "email": "email_verified_at"}[contact.kind]
    statement = update(Identity).where(Identity.member_id == member_id, columns[contact.kind] == contact.value)
    session.execute(statement.values({verified: now}))


def change_contact(
    session: Session,
    member_id: str,
    contact: Contact,
    *,
    verified: bool,
    keep_session: str | None,
    secret: str,
    now: datetime,
) -> ContactChange:
    """Give a member another phone or address: other sign-ins end and spending pauses (`Person.spends_from`).

    The first contact of its kind is no change and pauses nothing. Raises `UnknownMember` and `ContactTaken`.
    """
    contacts = find_contacts(session, member_id)
    if contacts is None:
        raise UnknownMember
    old = next((kept for kept in contacts if kept.kind == contact.kind), None)
    if old and old.value == contact.value:
        return ContactChange(old=None)
    try:
        with session.begin_nested():
            _update_identity(session, member_id, contact_columns(contact, verified_at=now if verified else None))
    except IntegrityError:
        raise ContactTaken from None
    if old:
        bury(session, old, secret=secret, now=now)
        session.execute(update(Member).where(Member.id == member_id).values(contact_changed_at=now))
        revoke_sessions(session, member_id, keep=keep_session, now=now)
    return ContactChange(old=old)


def set_birthday(session: Session, member_id: str, day: date | None, *, today: date, now: datetime) -> None:
    """Tell, change or take back a birthday. Raises `UnknownMember`, `WrongBirthday` and `ChangedLately`.

    `today` is the shop's local day. Taking it back is always allowed; telling it again then counts as a change.
    """
    if day:
        check_birthday(day, today=today)
    _set_occasion(session, member_id, "birthday", day, now=now)


def set_holiday(session: Session, member_id: str, day: date | None, *, title: str = "", now: datetime) -> None:
    """Tell, change or take back the own holiday (`holiday_of`). Raises `UnknownMember` and `ChangedLately`."""
    _set_occasion(session, member_id, "holiday", day, now=now)
    _update_identity(session, member_id, {"holiday_title": clean_name(title) if day and title else None})


def _set_occasion(session: Session, member_id: str, occasion: str, day: date | None, *, now: datetime) -> None:
    columns = Identity.__table__.c
    kept = select(columns[occasion], columns[f"{occasion}_given_at"], columns[f"{occasion}_changed_at"])
    row = session.execute(kept.where(Identity.member_id == member_id)).one_or_none()
    if row is None:
        raise UnknownMember
    old, given_at, changed_at = row
    if day == old:
        return
    told: dict[str, object] = {occasion: day}
    if day and given_at:
        check_change(changed_at, now=now)
        told[f"{occasion}_changed_at"] = now
    if day:
        told[f"{occasion}_given_at"] = now
    _update_identity(session, member_id, told)


def _update_identity(session: Session, member_id: str, values: Mapping[str, object]) -> None:
    statement = update(Identity).where(Identity.member_id == member_id).values(values)
    if session.scalar(statement.returning(Identity.member_id)) is None:
        raise UnknownMember
