"""Remembering, without knowing, that a contact was here: one welcome for each person (security.md §2)."""

from datetime import datetime

from sqlalchemy import delete, text
from sqlalchemy.orm import Session

from portal.db import epoch
from portal.members.code_hashes import buried_hash
from portal.members.contacts import Contact
from portal.members.tables import ContactTombstone

_BURY = text(
    "insert into contact_tombstone (contact_hash, buried_at) values (:hash, :at) on conflict (contact_hash) do nothing"
)


def bury(session: Session, contact: Contact, *, secret: str, now: datetime) -> None:
    """Keep the keyed hash of a contact that its member gave up."""
    session.execute(_BURY, {"hash": buried_hash(contact, secret=secret), "at": epoch(now)})


def forget_tombstones(session: Session, *, before: datetime) -> None:
    """Delete the tombstones whose term is over; the notice to members names the term."""
    session.execute(delete(ContactTombstone).where(ContactTombstone.buried_at < before))
