"""A member as the shop's systems may see one: who it is, how to reach them, what they have."""

from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy.orm import Session

from portal.ledger.queries import balance_at
from portal.members.lookup import Lookup
from portal.members.operations.identify import UnknownMember
from portal.members.person import Person
from portal.members.queries.people import find_person
from portal.members.queries.profiles import Profile, find_profile
from portal.programme.answers import BalanceAnswer
from portal.programme.telling import balance_answer


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberAnswer:
    """A member. One who was erased has an id, a state and points, and nothing else."""

    id: str
    state: str
    joined_at: datetime
    language: str
    time_zone: str | None
    card_number: str | None = field(repr=False)
    name: str = field(repr=False)
    phone: str | None = field(repr=False)
    phone_verified: bool
    email: str | None = field(repr=False)
    email_verified: bool
    birthday: date | None = field(repr=False)
    balance: BalanceAnswer


def show_member(session: Session, lookup: Lookup, *, now: datetime) -> MemberAnswer:
    """Return a member, one who left included. Raises `UnknownMember`."""
    person = find_member(session, lookup)
    balance = balance_answer(balance_at(session, person.id, now))
    return _answer(person, find_profile(session, person.id), balance)


def balance_of_member(session: Session, lookup: Lookup, *, at: datetime) -> BalanceAnswer:
    """Return what a member had, or will have if nothing happens, at an instant. Raises `UnknownMember`."""
    return balance_answer(balance_at(session, find_member(session, lookup).id, at))


def find_member(session: Session, lookup: Lookup) -> Person:
    """Return a member, one who left included. Raises `UnknownMember`."""
    person = find_person(session, lookup)
    if person is None:
        raise UnknownMember
    return person


def _answer(person: Person, profile: Profile | None, balance: BalanceAnswer) -> MemberAnswer:
    return MemberAnswer(
        id=person.id,
        state="active" if person.active else "left",
        joined_at=person.joined_at,
        language=person.language,
        time_zone=person.time_zone,
        card_number=person.card_number,
        name=person.name,
        phone=profile.phone if profile else None,
        phone_verified=bool(profile and profile.phone_verified_at),
        email=profile.email if profile else None,
        email_verified=bool(profile and profile.email_verified_at),
        birthday=profile.birthday if profile else None,
        balance=balance,
    )
