"""Whose own holiday is near."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.members.tables import Identity, Member


@dataclass(frozen=True, slots=True)
class Celebrating:
    """A member with the day of the year they chose (`portal.members.occasions.holiday_of`) and when they told it."""

    member_id: str
    day: date
    given_at: datetime


def members_celebrating(session: Session, days: Collection[date], *, after: str, limit: int) -> tuple[Celebrating, ...]:
    """Return the next active members, by id, whose own holiday is one of these days."""
    meant = Identity.holiday.in_(list(days)), Identity.member_id > after, Member.state == "active"
    found = (
        select(Identity.member_id, Identity.holiday, Identity.holiday_given_at)
        .join(Member, Member.id == Identity.member_id)
        .where(*meant)
        .order_by(Identity.member_id)
        .limit(limit)
    )
    return tuple(
        Celebrating(member_id, day, given_at)
        for member_id, day, given_at in session.execute(found)
        if day is not None and given_at is not None  # a constraint of the table; said for the type checker
    )
