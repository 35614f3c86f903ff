"""Reads of staff, tills, keys and the audit."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import cast

from sqlalchemy import Row, bindparam, func, select
from sqlalchemy.orm import Session

from portal.db import Direct, instant
from portal.staff.audit_chain import GENESIS, ActorKind, Deed, Link, broken_links
from portal.staff.roles import IDLE, Device, Role, Shift, read_scopes
from portal.staff.roles import ApiKey as Key
from portal.staff.tables import ApiKey, AuditEntry, AuditHead, Staff, StaffSession, TillDevice, TillJoin
from portal.staff.tokens import token_hash

MOST_JOINED = 5


@dataclass(frozen=True, slots=True)
class ListedStaff:
    """A line of the list of staff; tills offer the active ones by name."""

    id: str
    name: str = field(repr=False)
    role: Role
    active: bool
    locked_until: datetime | None


@dataclass(frozen=True, slots=True)
class ListedDevice:
    """A line of the list of tills; one not enrolled yet waits for its code."""

    device: Device
    enrolled_at: datetime | None
    revoked_at: datetime | None


@dataclass(frozen=True, slots=True)
class ListedKey:
    """A line of the list of keys; the secret is nowhere."""

    key: Key
    created_at: datetime
    revoked_at: datetime | None


_KEY = select(ApiKey.id, ApiKey.name, ApiKey.scopes, ApiKey.store, ApiKey.last_used_at)
_LIVING_KEY = Direct(_KEY.where(ApiKey.secret_hash == bindparam("secret_hash"), ApiKey.revoked_at.is_(None)))


def find_device(session: Session, token: str) -> Device | None:
    """Return the till that keeps this token; None when it was revoked or never let in."""
    statement = select(TillDevice.id, TillDevice.store, TillDevice.till).where(
        TillDevice.token_hash == token_hash(token), TillDevice.revoked_at.is_(None)
    )
    row = session.execute(statement).one_or_none()
    return Device(*row) if row else None


def find_shift(session: Session, token: str, *, device: Device, now: datetime) -> Shift | None:
    """Return who works on this till; None when nobody did for ten minutes, or the token is another till's."""
    statement = (
        select(
            StaffSession.id,
            Staff.id,
            Staff.name,
            Staff.role,
            Staff.member_id,
            StaffSession.pin_entered_at,
            StaffSession.seen_at,
        )
        .join(Staff, Staff.id == StaffSession.staff_id)
        .where(
            StaffSession.token_hash == token_hash(token),
            StaffSession.device_id == device.id,
            StaffSession.ended_at.is_(None),
            StaffSession.seen_at > now - IDLE,
            Staff.active,
        )
    )
    row = session.execute(statement).one_or_none()
    if row is None:
        return None
    shift_id, staff_id, name, role, member_id, pin_entered_at, seen_at = row
    return Shift(
        id=shift_id,
        staff_id=staff_id,
        name=name,
        role=cast("Role", role),
        own_member_id=member_id,
        device=device,
        pin_entered_at=pin_entered_at,
        seen_at=seen_at,
    )


def find_key(session: Session, secret: str) -> Key | None:
    """Return the key with this secret; None when it is wrong or revoked."""
    row = _LIVING_KEY.first(session, {"secret_hash": token_hash(secret)})
    if row is None:
        return None
    key_id, name, scopes, store, used_at = row
    return Key(key_id, name, read_scopes(scopes), store, None if used_at is None else instant(used_at))


def list_keys(session: Session) -> list[ListedKey]:
    """Return every key ever made, the oldest first."""
    statement = _KEY.add_columns(ApiKey.created_at, ApiKey.revoked_at).order_by(ApiKey.id)
    return [ListedKey(_key(row), row.created_at, row.revoked_at) for row in session.execute(statement)]


def find_name(session: Session, staff_id: str) -> str | None:
    """Return the name of one of the staff, also of one let go."""
    return session.scalar(select(Staff.name).where(Staff.id == staff_id))


def card_owner(session: Session, member_id: str) -> str | None:
    """Return the id of the one of the staff who is this member."""
    return session.scalar(select(Staff.id).where(Staff.member_id == member_id, Staff.active))


def person_behind(session: Session, operator: str) -> str | None:
    """Return who of the staff answers as `staff:ID`, or works with the key of `key:ID`."""
    kind, _, its_id = operator.partition(":")
    if kind == "staff":
        return its_id
    return session.scalar(select(ApiKey.holder_id).where(ApiKey.id == its_id)) if kind == "key" else None


def list_staff(session: Session) -> list[ListedStaff]:
    """Return everybody ever taken on, by name."""
    statement = select(Staff.id, Staff.name, Staff.role, Staff.active, Staff.locked_until).order_by(Staff.name)
    return [
        ListedStaff(id=staff_id, name=name, role=cast("Role", role), active=active, locked_until=locked_until)
        for staff_id, name, role, active, locked_until in session.execute(statement)
    ]


def list_devices(session: Session) -> list[ListedDevice]:
    """Return every till ever invited, by store and name."""
    statement = select(
        TillDevice.id, TillDevice.store, TillDevice.till, TillDevice.enrolled_at, TillDevice.revoked_at
    ).order_by(TillDevice.store, TillDevice.till, TillDevice.id)
    return [
        ListedDevice(device=Device(device_id, store, till), enrolled_at=enrolled_at, revoked_at=revoked_at)
        for device_id, store, till, enrolled_at, revoked_at in session.execute(statement)
    ]


def joined_lately(session: Session, device: Device, *, since: datetime) -> list[str]:
    """Return the ids of members who joined from a till's screen since an instant, the last one first."""
    statement = select(TillJoin.member_id).where(TillJoin.device_id == device.id, TillJoin.at >= since)
    return list(session.scalars(statement.order_by(TillJoin.at.desc()).limit(MOST_JOINED)))


def count_joined(session: Session, staff_id: str, *, since: datetime) -> int:
    """Return how many members joined under one of the staff since an instant."""
    joined = select(func.count()).where(TillJoin.staff_id == staff_id, TillJoin.at >= since)
    return session.scalar(joined) or 0


def read_audit(session: Session, *, after: int = 0, limit: int = 200) -> list[Link]:
    """Return entries of the audit after a number, in order."""
    return list(_links(session, after=after, limit=limit))


def check_audit(session: Session) -> list[int]:
    """Return the numbers at which the audit was changed, cut or forged; an empty list is a whole chain."""
    head = session.execute(select(AuditHead.number, AuditHead.hash)).one_or_none()
    return broken_links(_links(session), head=tuple(head) if head else (0, GENESIS))


def _links(session: Session, *, after: int = 0, limit: int | None = None) -> Iterator[Link]:
    statement = select(AuditEntry.__table__).where(AuditEntry.number > after).order_by(AuditEntry.number).limit(limit)
    for row in session.execute(statement).yield_per(1000):
        deed = Deed(
            actor_kind=cast("ActorKind", row.actor_kind),
            actor_id=row.actor_id,
            action=row.action,
            subject_kind=row.subject_kind,
            subject_id=row.subject_id,
            details=row.details,
        )
        yield Link(number=row.number, at=row.at, deed=deed, hash=row.hash)


def _key(row: Row[str, str, list[str], str | None, datetime | None]) -> Key:
    return Key(id=row.id, name=row.name, scopes=read_scopes(row.scopes), store=row.store, last_used_at=row.last_used_at)
