"""Who a member is: expressions that stories compose into their one statement."""

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import CTE, ColumnElement, ScalarSelect, Select, bindparam, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from portal.db import json_array, json_object, json_tuple
from portal.members.lookup import Lookup, LookupKind
from portal.members.names import first_name
from portal.members.person import Occasion, Person, read_occasion, read_person
from portal.members.tables import CardDevice, Identity, Member, ShownNews

MEMBER_KEY = "member_key"
"""The parameter that `member_id_by` leaves open; its value is the `value` of a `Lookup`."""

LOOKED_IN: dict[LookupKind, tuple[InstrumentedAttribute[str], InstrumentedAttribute[Any]]] = {
    "id": (Member.id, Member.id),
    "card": (Member.id, Member.card_number),
    "phone": (Identity.member_id, Identity.phone),
    "email": (Identity.member_id, Identity.email),
}
"""Where each kind of key stands: the id of whom it leads to, and the column that holds it."""


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
    found, column = LOOKED_IN[kind]
    return select(found).where(column == bindparam(MEMBER_KEY)).scalar_subquery()


def found_by(kind: LookupKind) -> CTE:
    """Return a row with the `id` of the member found as above, for statements that ask much of one member.

    PostgreSQL would write the search into every place that names the id, and search as often.
    """
    return select(member_id_by(kind).label("id")).cte("found").prefix_with("MATERIALIZED", dialect="postgresql")


def person_column(member_id: ColumnElement[str] | InstrumentedAttribute[str]) -> ScalarSelect[Any]:
    """Return a JSON expression for `person.read_person`; null when there is no such member."""
    joined = Member.__table__.outerjoin(Identity.__table__)
    return select(person_of(Member, Identity)).select_from(joined).where(Member.id == member_id).scalar_subquery()


def person_of(member: Any, identity: Any) -> ColumnElement[Any]:
    """Return a person by place, as `read_person` takes it, from a member and their identity."""
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


_PERSON_BY: dict[LookupKind, Select[Any]] = {kind: select(person_column(member_id_by(kind))) for kind in LOOKED_IN}


def find_person(session: Session, lookup: Lookup) -> Person | None:
    """Return a member, one who left included; None when there is none."""
    return read_person(session.execute(_PERSON_BY[lookup.kind], {MEMBER_KEY: lookup.value}).scalar())
