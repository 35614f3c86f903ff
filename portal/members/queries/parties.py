"""Whoever earns when a member buys: who brought them, and their agent."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, FromClause, ScalarSelect, bindparam, case, literal_column, select
from sqlalchemy.orm import InstrumentedAttribute, aliased

from portal.db import json_array
from portal.members.lookup import LookupKind
from portal.members.queries.people import LOOKED_IN, MEMBER_KEY, person_of
from portal.members.tables import Identity, Member


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
        found = select(Identity.member_id).where(LOOKED_IN[kind][1] == bindparam(MEMBER_KEY)).scalar_subquery()
        is_meant = member.id == found
    else:
        is_meant = getattr(member, LOOKED_IN[kind][1].key) == bindparam(MEMBER_KEY)
    others = (member.referrer_id, member.agent_id, member.second_referrer_id, member.third_referrer_id)
    active = select(json_array(other.id)).where(other.id.in_(others), other.state == literal_column("'active'"))
    return Parties(
        row=nobody.outerjoin(member, is_meant).outerjoin(identity, identity.member_id == member.id),
        member_id=member.id,
        others=others,
        active=active.correlate_except(other).scalar_subquery(),
        person=case((member.id.is_not(None), person_of(member, identity))),
    )
