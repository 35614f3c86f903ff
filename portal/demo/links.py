"""Ways into the demo: links that sign a member in once, and a code that lets a till in."""

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.orm import Session

from portal.demo.cast import ADA, BEN, CLEO, STORE, TILL, Character
from portal.members import operations as members
from portal.members import queries as people
from portal.members.contacts import read_contact
from portal.members.lookup import by_contact
from portal.staff import operations as staff

_BROWSER = "Demo link"


@dataclass(frozen=True, slots=True)
class DemoLinks:
    """Tokens by name for `/demo/<token>`, each good for one visit; a code that lets a till in within half an hour."""

    tokens: dict[str, str] = field(repr=False)
    till_code: str = field(repr=False)


def new_links(session: Session, *, now: datetime) -> DemoLinks:
    """Make a fresh link for Ada, Ben and Cleo and invite one more till."""
    tokens = {who.name.split()[0]: _token(session, who, now=now) for who in (ADA, BEN, CLEO)}
    invitation = staff.invite_device(session, store=STORE, till=TILL, now=now)
    return DemoLinks(tokens=tokens, till_code=invitation.code)


def _token(session: Session, who: Character, *, now: datetime) -> str:
    """Open a sign-in whose token the first visit of the link exchanges for another (`freshen_session`)."""
    person = people.find_person(session, by_contact(read_contact(who.contact)))
    if person is None:
        raise LookupError(f"{who.name} is not in this database")
    return members.open_session(session, person.id, user_agent=_BROWSER, now=now).token
