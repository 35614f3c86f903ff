"""Reads of who joined from a till's screen."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.staff.roles import Device
from portal.staff.tables import TillDevice, TillJoin

MOST_JOINED = 5


@dataclass(frozen=True, slots=True)
class Join:
    """Who joined from a till's screen, and under whom."""

    at: datetime
    member_id: str
    staff_id: str
    device: Device


def joined_lately(session: Session, device: Device, *, since: datetime) -> list[str]:
    """Return the ids of members who joined from a till's screen since an instant, the last one first."""
    statement = select(TillJoin.member_id).where(TillJoin.device_id == device.id, TillJoin.at >= since)
    return list(session.scalars(statement.order_by(TillJoin.at.desc()).limit(MOST_JOINED)))


def list_joins(session: Session, *, since: datetime) -> list[Join]:
    """Return who joined from the tills' screens since an instant, the first one first."""
    statement = (
        select(TillJoin.at, TillJoin.member_id, TillJoin.staff_id, TillDevice.id, TillDevice.store, TillDevice.till)
        .join(TillDevice, TillDevice.id == TillJoin.device_id)
        .where(TillJoin.at >= since)
        .order_by(TillJoin.at)
    )
    return [
        Join(at, member_id, staff_id, Device(*device))
        for at, member_id, staff_id, *device in session.execute(statement)
    ]


def count_joined(session: Session, staff_id: str, *, since: datetime) -> int:
    """Return how many members joined under one of the staff since an instant."""
    joined = select(func.count()).where(TillJoin.staff_id == staff_id, TillJoin.at >= since)
    return session.scalar(joined) or 0
