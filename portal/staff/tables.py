"""Staff, the devices they sell on, the keys machines use, and the audit. Secrets are kept as hashes only."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base, Id, Instant, Json, append_only

_SHA256 = String(64)


class Staff(Base):
    """Somebody who sells or runs the programme. `member_id` is the own card, which nobody may adjust for himself."""

    __tablename__ = "staff"
    __table_args__ = (CheckConstraint("role in ('cashier', 'senior', 'manager', 'owner')", name="role"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    name: Mapped[str] = mapped_column(String(80), unique=True)
    role: Mapped[str] = mapped_column(String(8))
    member_id: Mapped[str | None] = mapped_column(Id, unique=True)
    pin_hash: Mapped[str] = mapped_column(Text)
    pin_failures: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[datetime | None] = mapped_column(Instant)
    active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime] = mapped_column(Instant)


class TillDevice(Base):
    """A phone, tablet or till that a manager let in by a code of one use; afterwards it is known by its token."""

    __tablename__ = "till_device"
    __table_args__ = (CheckConstraint("(token_hash is null) = (enrolled_at is null)", name="enrolled"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    store: Mapped[str] = mapped_column(String(40))
    till: Mapped[str] = mapped_column(String(40))
    enrol_code_hash: Mapped[str | None] = mapped_column(_SHA256, unique=True)
    enrol_code_ends_at: Mapped[datetime] = mapped_column(Instant)
    token_hash: Mapped[str | None] = mapped_column(_SHA256, unique=True)
    enrolled_at: Mapped[datetime | None] = mapped_column(Instant)
    revoked_at: Mapped[datetime | None] = mapped_column(Instant)


class StaffSession(Base):
    """A shift of one of the staff on one device; it ends by itself when nobody touches the till."""

    __tablename__ = "staff_session"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    token_hash: Mapped[str] = mapped_column(_SHA256, unique=True)
    staff_id: Mapped[str] = mapped_column(Id, ForeignKey("staff.id"), index=True)
    device_id: Mapped[str] = mapped_column(Id, ForeignKey("till_device.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(Instant)
    seen_at: Mapped[datetime] = mapped_column(Instant)
    pin_entered_at: Mapped[datetime] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)


class TillJoin(Base):
    """Who joined from the screen of a till, and whose shift it was. Never changed."""

    __tablename__ = "till_join"
    __table_args__ = (Index("ix_till_join_device_id", "device_id", "at"),)

    member_id: Mapped[str] = mapped_column(Id, primary_key=True)
    staff_id: Mapped[str] = mapped_column(Id)
    device_id: Mapped[str] = mapped_column(Id)
    at: Mapped[datetime] = mapped_column(Instant)


class TillQueue(Base):
    """How far a till's queue was told: number and hash of its last row. `chain` names the queue of one browser."""

    __tablename__ = "till_queue"

    device_id: Mapped[str] = mapped_column(Id, primary_key=True)
    chain: Mapped[str] = mapped_column(String(32), primary_key=True)
    number: Mapped[int] = mapped_column(BigInteger)
    hash: Mapped[str] = mapped_column(_SHA256)
    at: Mapped[datetime] = mapped_column(Instant)


class OwnCardSale(Base):
    """A sale to the card of whoever was on shift, with the second person whose PIN allowed it. Never changed."""

    __tablename__ = "own_card_sale"
    __table_args__ = (CheckConstraint("second_id <> staff_id", name="four_eyes"),)

    sale_id: Mapped[str] = mapped_column(Id, primary_key=True)
    staff_id: Mapped[str] = mapped_column(Id)
    second_id: Mapped[str] = mapped_column(Id)
    device_id: Mapped[str] = mapped_column(Id)
    at: Mapped[datetime] = mapped_column(Instant)


class ApiKey(Base):
    """A machine that may call the API. The secret is 256 random bits, so its plain SHA-256 says nothing about it.

    `holder_id` is the one of the staff who works with it, whose own card it must not touch.
    """

    __tablename__ = "api_key"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    scopes: Mapped[list[str]] = mapped_column(Json)
    store: Mapped[str | None] = mapped_column(String(40))
    secret_hash: Mapped[str] = mapped_column(_SHA256, unique=True)
    created_at: Mapped[datetime] = mapped_column(Instant)
    last_used_at: Mapped[datetime | None] = mapped_column(Instant)
    revoked_at: Mapped[datetime | None] = mapped_column(Instant)
    holder_id: Mapped[str | None] = mapped_column(Id)


class AuditEntry(Base):
    """What somebody did to whom, without personal data. Never changed; each entry's hash covers the one before."""

    __tablename__ = "audit_entry"
    __table_args__ = (UniqueConstraint("hash"),)

    number: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(Instant)
    actor_kind: Mapped[str] = mapped_column(String(10))
    actor_id: Mapped[str | None] = mapped_column(String(80))
    action: Mapped[str] = mapped_column(String(60), index=True)
    subject_kind: Mapped[str | None] = mapped_column(String(20))
    subject_id: Mapped[str | None] = mapped_column(String(120), index=True)
    details: Mapped[dict[str, Any]] = mapped_column(Json)
    hash: Mapped[str] = mapped_column(_SHA256)


class AuditHead(Base):
    """The last entry of the audit: one row, updated first, so that writers queue and numbers have no gaps."""

    __tablename__ = "audit_head"
    __table_args__ = (CheckConstraint("id = 1", name="one"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    number: Mapped[int] = mapped_column(BigInteger)
    hash: Mapped[str] = mapped_column(_SHA256)


append_only(AuditEntry.__table__)
append_only(OwnCardSale.__table__)
append_only(TillJoin.__table__)
