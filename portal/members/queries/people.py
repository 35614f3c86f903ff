"""Reads of people: expressions that stories compose into their one statement, and what pages show."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    FromClause,
    ScalarSelect,
    Select,
    bindparam,
    case,
    literal_column,
    or_,
    select,
)
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from portal.db import json_array, json_object, json_tuple
from portal.members.code_hashes import buried_hash
from portal.members.contacts import Contact
from portal.members.lookup import Lookup, LookupKind
from portal.members.names import first_name
from portal.members.person import Occasion, Person, read_occasion, read_person
from portal.members.tables import CardDevice, ContactTombstone, Identity, Member, ShownNews

MEMBER_KEY = "member_key"
"""The parameter that `member_id_by` leaves open; its value is the `value` of a `Lookup`."""

_LOOKED_IN: dict[LookupKind, tuple[InstrumentedAttribute[str], InstrumentedAttribute[Any]]] = {
    "id": (Member.id, Member.id),
    "card": (Member.id, Member.card_number),
    "phone": (Identity.member_id, Identity.phone),
    "email": (Identity.member_id, Identity.email),
}


@dataclass(frozen=True, slots=True)
class Named:
    """How a member is greeted, and the number on the card; an erased one has neither.

    `shown` is the number of the newest entry that was shown as new, `holiday` the day they chose to celebrate.
    """

    first_name: str = field(repr=False)
    card_number: str | None = field(repr=False)
    shown: int
    holiday: Occasion | None = field(default=None, repr=False)


def member_id_by(kind: LookupKind) -> ScalarSelect[str]:
    """Return an expression for the id of the member found by the parameter `MEMBER_KEY`; null when there is none.

    A member who left is found too: `Person.active` tells. An erased one is found by id alone.
    """
    found, column = _LOOKED_IN[kind]
    return select(found).where(column == bindparam(MEMBER_KEY)).scalar_subquery()


def found_by(kind: LookupKind) -> CTE:
    """Return a row with the `id` of the member found as above, for statements that ask much of one member.

    PostgreSQL would write the search into every place that names the id, and search as often.
    """
    return select(member_id_by(kind).label("id")).cte("found").prefix_with("MATERIALIZED", dialect="postgresql")


def active_referrer_of(member_id: ColumnElement[Any]) -> ScalarSelect[str]:
    """Return an expression for who referred a member; null when nobody did or they left."""
    return _active(Member.referrer_id, member_id)


def active_above(member_id: ColumnElement[Any]) -> tuple[ScalarSelect[str], ...]:
    """Return expressions for who brought the referrer, and who brought that one; null as above."""
    return _active(Member.second_referrer_id, member_id), _active(Member.third_referrer_id, member_id)


def active_agent_of(member_id: ColumnElement[Any]) -> ScalarSelect[str]:
    """Return an expression for a member's agent; null when there is none or they left."""
    return _active(Member.agent_id, member_id)


def _active(column: InstrumentedAttribute[str | None], member_id: ColumnElement[Any]) -> ScalarSelect[str]:
    other = aliased(Member)
    found = select(other.id).join(Member, column == other.id).where(Member.id == member_id, other.state == "active")
    return found.scalar_subquery()


@dataclass(frozen=True, slots=True)
class Parties:
    """One row of a member found by a key, null throughout when there is none, and what a statement reads of it.

    `others` are the ids of who brought them, of their agent, and of who brought the one before, twice. Those who left
    are not among `active`, a JSON array. `person` is for `read_person`.
    """

    row: FromClause
    member_id: ColumnElement[Any]
    others: tuple[ColumnElement[Any], ...]
    active: ColumnElement[Any]
    person: ColumnElement[Any]


def parties_by(kind: LookupKind) -> Parties:
    """Return the member found by the parameter `MEMBER_KEY`, with whoever earns when they buy."""
    nobody = select(literal_column("1").label("one")).subquery("nobody")
    member: Any = aliased(Member)
    identity, other = aliased(Identity), aliased(Member)
    if kind in ("phone", "email"):
        found = select(Identity.member_id).where(_LOOKED_IN[kind][1] == bindparam(MEMBER_KEY)).scalar_subquery()
        is_meant = member.id == found
    else:
        is_meant = getattr(member, _LOOKED_IN[kind][1].key) == bindparam(MEMBER_KEY)
    others = (member.referrer_id, member.agent_id, member.second_referrer_id, member.third_referrer_id)
    active = select(json_array(other.id)).where(other.id.in_(others), other.state == literal_column("'active'"))
    return Parties(
        row=nobody.outerjoin(member, is_meant).outerjoin(identity, identity.member_id == member.id),
        member_id=member.id,
        others=others,
        active=active.correlate_except(other).scalar_subquery(),
        person=case((member.id.is_not(None), _person(member, identity))),
    )


def person_column(member_id: ColumnElement[str] | InstrumentedAttribute[str]) -> ScalarSelect[Any]:
    """Return a JSON expression for `person.read_person`; null when there is no such member."""
    joined = Member.__table__.outerjoin(Identity.__table__)
    return select(_person(Member, Identity)).select_from(joined).where(Member.id == member_id).scalar_subquery()


def _person(member: Any, identity: Any) -> ColumnElement[Any]:
    """Return a person by place, as `read_person` takes it."""
    return json_tuple(
        member.id,
        member.card_number,
        member.state,
        member.joined_at,
        member.language,
        member.time_zone,
        member.referrer_id,
        member.referred_by,
        member.agent_id,
        member.contact_changed_at,
        identity.name,
        identity.phone_verified_at,
        identity.email_verified_at,
        identity.birthday,
        identity.birthday_given_at,
        identity.holiday,
        identity.holiday_given_at,
        _devices(member),
    )


def named_column(member_id: ColumnElement[str]) -> ScalarSelect[Any]:
    """Return a JSON expression for `read_named`; null when there is no such member."""
    joined = Member.__table__.outerjoin(Identity.__table__).outerjoin(ShownNews.__table__)
    named = json_tuple(Identity.name, Member.card_number, ShownNews.up_to, Identity.holiday, Identity.holiday_given_at)
    return select(named).select_from(joined).where(Member.id == member_id).scalar_subquery()


def read_named(document: list[Any] | None) -> Named | None:
    if document is None:
        return None
    name, card_number, shown, *holiday = document
    return Named(first_name(name or ""), card_number, shown or 0, read_occasion(*holiday))


def _devices(member: Any) -> ScalarSelect[Any]:
    device = json_object(
        id=CardDevice.id,
        key=CardDevice.key,
        last_window=CardDevice.last_window,
        last_shown_at=CardDevice.last_shown_at,
        last_shown_to=CardDevice.last_shown_to,
        last_shown_under=CardDevice.last_shown_under,
        spent_for=CardDevice.spent_for,
        bad_macs=CardDevice.bad_macs,
    )
    kept = select(json_array(device)).where(CardDevice.member_id == member.id, CardDevice.revoked_at.is_(None))
    return kept.correlate_except(CardDevice).scalar_subquery()


_PERSON_BY: dict[LookupKind, Select[Any]] = {kind: select(person_column(member_id_by(kind))) for kind in _LOOKED_IN}


def find_person(session: Session, lookup: Lookup) -> Person | None:
    """Return a member, one who left included; None when there is none."""
    return read_person(session.execute(_PERSON_BY[lookup.kind], {MEMBER_KEY: lookup.value}).scalar())


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
