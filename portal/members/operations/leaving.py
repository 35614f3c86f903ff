"""Leaving the programme, and being forgotten by it (domain.md §7.6). What becomes of the points is the story's."""

from datetime import datetime

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from portal.members.code_hashes import contact_counter
from portal.members.operations.consents import withdraw_everything
from portal.members.operations.sessions import revoke_sessions
from portal.members.operations.tombstones import bury
from portal.members.queries.profiles import find_contacts
from portal.members.tables import CardDevice, Identity, LoginSession, Member, ShownNews, SignInCode


def leave(session: Session, member_id: str, *, source: str, now: datetime) -> None:
    """End a membership: sign-ins end, consents are withdrawn, the card stops; the person is kept and may come back."""
    session.execute(
        update(Member).where(Member.id == member_id, Member.state == "active").values(state="left", left_at=now)
    )
    revoke_sessions(session, member_id, keep=None, now=now)
    withdraw_everything(session, member_id, source=source, now=now)


def erase(session: Session, member_id: str, *, secret: str, now: datetime) -> bool:
    """Forget the person behind a member; return False when that was done before or there is no such member.

    Identity, codes, sign-ins, card keys and the card number go; keyed hashes of the contacts stay (`bury`). The id
    stays under points and consents, which never held anything personal, with no way back to a person.
    """
    contacts = find_contacts(session, member_id)
    if contacts is None:
        return False
    for contact in contacts:
        bury(session, contact, secret=secret, now=now)
        session.execute(delete(SignInCode).where(SignInCode.contact_hash == contact_counter(contact, secret=secret)))
    leave(session, member_id, source="erasure", now=now)
    for table in (CardDevice, LoginSession, ShownNews, Identity):
        session.execute(delete(table).where(table.member_id == member_id))
    forgotten = dict.fromkeys(("card_number", "referred_by", "time_zone", "contact_changed_at"))
    session.execute(update(Member).where(Member.id == member_id).values(forgotten))
    return True
