"""The shop corrects what it knows of a member."""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy.orm import Session

from portal.db import Batch
from portal.members.contacts import Contact
from portal.members.lookup import by_id
from portal.members.operations.identify import MemberLeft
from portal.members.operations.profile import Correction, change_contact, correct_profile, set_birthday
from portal.outbox import operations as outbox
from portal.outbox.message import Message
from portal.programme.command import Command
from portal.programme.notices import Notice, announce
from portal.programme.rulebooks import rulebook_in_force
from portal.programme.show_member import show_member

_NOTICE_WITHIN = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class Birthday:
    """The birthday to note; None takes it back."""

    day: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberCorrection:
    """What to change: the profile's names as they are, contacts to have instead, a birthday when it is told."""

    profile: Correction
    contacts: tuple[Contact, ...] = ()
    birthday: Birthday | None = None


def correct_member(
    session: Session, member_id: str, correction: MemberCorrection, *, secret: str, command: Command
) -> None:
    """Change what was told wrong. A contact given up is written to, and spending pauses (security.md §4).

    Raises `UnknownMember`, `MemberLeft`, `ContactTaken`, `WrongName`, `WrongTimeZone`, `WrongBirthday` and
    `ChangedLately`.
    """
    member = show_member(session, by_id(member_id), now=command.now)
    if member.state == "left":
        raise MemberLeft
    correct_profile(session, member.id, correction.profile)
    if correction.birthday is not None:
        _note_birthday(session, member.id, correction.birthday, command)
    for contact in correction.contacts:
        change = change_contact(
            session, member.id, contact, verified=False, keep_session=None, secret=secret, now=command.now
        )
        if change.old is not None:
            _write_to(session, change.old, language=member.language, command=command)
            _tell(session, member.id, change.old, command=command)


def _note_birthday(session: Session, member_id: str, birthday: Birthday, command: Command) -> None:
    zone = rulebook_in_force(session, at=command.now).zone
    today = command.now.astimezone(zone).date()
    set_birthday(session, member_id, birthday.day, today=today, now=command.now)


def _write_to(session: Session, old: Contact, *, language: str, command: Command) -> None:
    message = Message("email" if old.kind == "email" else "sms", old.value, "contact_changed", language)
    outbox.post(session, message, now=command.now, pointless_at=command.now + _NOTICE_WITHIN)


def _tell(session: Session, member_id: str, old: Contact, *, command: Command) -> None:
    """Tell the member too, by whatever way is left."""
    now, batch = command.now, Batch()
    cause = f"{old.kind}/{now.isoformat(timespec='seconds')}"
    notice = Notice(kind="contact_changed", cause=cause, facts={"contact": old.kind}, at=now)
    announce(batch, member_id, [notice], now=now)
    batch.flush(session)
