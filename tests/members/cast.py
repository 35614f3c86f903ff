"""Ada, Ben, Cleo and Dora as contacts, and the shortest ways to have them in a database."""

from datetime import UTC, datetime

from sqlalchemy.orm import Session

from portal.members import operations, queries
from portal.members.code_hashes import Asking
from portal.members.contacts import Contact, read_contact
from portal.members.lookup import by_id
from portal.members.operations import AskedCode, Newcomer
from portal.members.person import Person

NOW = datetime(2026, 3, 4, 9, 0, tzinfo=UTC)
SECRET = "a secret of the tests, longer than 32 characters"

ADA = read_contact("8 912 345-67-89")
BEN = read_contact("+7 921 555-00-11")
CLEO = read_contact("cleo@example.org")
DORA = read_contact("dora@example.org")

PHONE_OF_ADA = Asking(marker="ada's phone", address="192.0.2.7")
LAPTOP_OF_BEN = Asking(marker="ben's laptop", address="198.51.100.20")


def join(
    session: Session,
    *contacts: Contact,
    name: str = "Ada Lovelace",
    referrer_id: str | None = None,
    now: datetime = NOW,
) -> str:
    """Enrol somebody with verified contacts and return the id."""
    newcomer = Newcomer(contacts=contacts, name=name, language="en", verified=True, referrer_id=referrer_id)
    return operations.find_or_enrol(session, newcomer, secret=SECRET, joined_at=now, now=now).member_id


def person(session: Session, member_id: str) -> Person:
    found = queries.find_person(session, by_id(member_id))
    assert found is not None
    return found


def ask(session: Session, contact: Contact = ADA, *, asking: Asking = PHONE_OF_ADA, now: datetime = NOW) -> AskedCode:
    return operations.ask_code(session, contact, asking=asking, secret=SECRET, now=now)


def enter(
    session: Session, typed: str, contact: Contact = ADA, *, asking: Asking = PHONE_OF_ADA, now: datetime = NOW
) -> str:
    """Type a code and return the code of the refusal, or `right`."""
    entered = operations.enter_code(session, contact, typed, asking=asking, secret=SECRET, now=now)
    assert (entered.code_id is None) == (entered.refusal is not None)
    return entered.refusal.code if entered.refusal else "right"


def wrong(code: str) -> str:
    """Return six digits that are not the code."""
    return f"{(int(code) + 1) % 1_000_000:06d}"
