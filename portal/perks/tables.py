"""Privileges and coupons that members hold, the reward shelf, gift certificates."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Boolean, CheckConstraint, ForeignKey, Index, Integer, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base, Id, Instant, Json
from portal.db.append_only import append_only

_OPEN = text("uses_left is null or uses_left > 0")
_TAKEN = text("state = 'taken'")


class Privilege(Base):
    """A right a receipt opened for later receipts. `uses` is None where only time limits it.

    `until` is the first instant at which it no longer works. Taken back with its receipt, it ends when it began.
    """

    __tablename__ = "privilege"
    __table_args__ = (
        CheckConstraint("(uses is null or uses > 0) and (uses_left is null or uses_left >= 0)", name="uses"),
        Index("ix_privilege_member_id", "member_id", "until", sqlite_where=_OPEN, postgresql_where=_OPEN),
        Index("ix_privilege_opened_by", "opened_by"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    member_id: Mapped[str] = mapped_column(Id)
    privilege: Mapped[str] = mapped_column(String(80))
    opened_by: Mapped[str | None] = mapped_column(Id)
    opened_at: Mapped[datetime] = mapped_column(Instant)
    until: Mapped[datetime] = mapped_column(Instant)
    uses: Mapped[int | None] = mapped_column(Integer)
    uses_left: Mapped[int | None] = mapped_column(Integer)


class Coupon(Base):
    """A code that opens what the rulebook ties to its template; for one member, or for whoever shows it."""

    __tablename__ = "coupon"
    __table_args__ = (
        CheckConstraint("uses > 0 and uses_left between 0 and uses", name="uses"),
        Index("ix_coupon_member_id", "member_id", "until", sqlite_where=_OPEN, postgresql_where=_OPEN),
        Index("ix_coupon_issued_by", "issued_by"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    template: Mapped[str] = mapped_column(String(80))
    member_id: Mapped[str | None] = mapped_column(Id)
    issued_by: Mapped[str | None] = mapped_column(Id)
    issued_at: Mapped[datetime] = mapped_column(Instant)
    until: Mapped[datetime | None] = mapped_column(Instant)
    uses: Mapped[int] = mapped_column(Integer)
    uses_left: Mapped[int] = mapped_column(Integer)


class GuessedCode(Base):
    """A wrong code that somebody named within an hour, as a hash; `asker` is a till, a key or a member."""

    __tablename__ = "guessed_code"

    asker: Mapped[str] = mapped_column(String(80), primary_key=True)
    hour: Mapped[datetime] = mapped_column(Instant, primary_key=True)
    code: Mapped[str] = mapped_column(String(16), primary_key=True)


class Reward(Base):
    """Something on the shelf for points. `taken` of the `stock` are with members; no stock is any number.

    `tiers` are those it is for (none: everybody), `per_member` how many one may have, `valid_days` how long a code of
    it works.
    """

    __tablename__ = "reward"
    __table_args__ = (
        CheckConstraint("points > 0 and valid_days > 0", name="price"),
        CheckConstraint("taken >= 0 and (stock is null or taken <= stock)", name="stock"),
        CheckConstraint("opens_at is null or closes_at is null or opens_at < closes_at", name="window"),
        CheckConstraint("per_member is null or per_member > 0", name="per_member"),
    )

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    title: Mapped[Any] = mapped_column(Json)
    about: Mapped[Any] = mapped_column(Json)
    points: Mapped[int] = mapped_column(Integer)
    stock: Mapped[int | None] = mapped_column(Integer)
    taken: Mapped[int] = mapped_column(Integer)
    opens_at: Mapped[datetime | None] = mapped_column(Instant)
    closes_at: Mapped[datetime | None] = mapped_column(Instant)
    tiers: Mapped[list[str]] = mapped_column(Json)
    per_member: Mapped[int | None] = mapped_column(Integer)
    valid_days: Mapped[int] = mapped_column(Integer)
    on_shelf: Mapped[bool] = mapped_column(Boolean)


class TakenReward(Base):
    """A reward a member paid for with points; its code is good for one at a till before `until`, or it is given back.

    `ended_by` is who handed it out or took it back.
    """

    __tablename__ = "taken_reward"
    __table_args__ = (
        CheckConstraint("state in ('taken', 'used', 'returned')", name="state"),
        CheckConstraint("(state = 'taken') = (ended_at is null)", name="ended"),
        Index("ix_taken_reward_member_id", "member_id", "taken_at"),
        Index("ix_taken_reward_until", "until", sqlite_where=_TAKEN, postgresql_where=_TAKEN),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    reward_id: Mapped[str] = mapped_column(ForeignKey("reward.id"), index=True)
    member_id: Mapped[str] = mapped_column(Id)
    code: Mapped[str] = mapped_column(String(25), unique=True)
    points: Mapped[int] = mapped_column(Integer)
    state: Mapped[str] = mapped_column(String(8))
    taken_at: Mapped[datetime] = mapped_column(Instant)
    until: Mapped[datetime] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    ended_by: Mapped[str | None] = mapped_column(String(80))


class Certificate(Base):
    """Money paid in advance for goods to come, in minor units; what is left of it is the sum of its entries."""

    __tablename__ = "certificate"
    __table_args__ = (CheckConstraint("value > 0 and left_over between 0 and value", name="left_over"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    code: Mapped[str] = mapped_column(String(25), unique=True)
    currency: Mapped[str] = mapped_column(String(3))
    value: Mapped[int] = mapped_column(BigInteger)
    left_over: Mapped[int] = mapped_column(BigInteger)
    sold_at: Mapped[datetime] = mapped_column(Instant)
    until: Mapped[datetime | None] = mapped_column(Instant)


class CertificateEntry(Base):
    """One thing that happened to a certificate: append-only, told once under its `source`."""

    __tablename__ = "certificate_entry"
    __table_args__ = (
        UniqueConstraint("source"),
        CheckConstraint("kind in ('sale', 'spending', 'refund', 'withdrawal')", name="kind"),
        CheckConstraint("(kind in ('sale', 'refund')) = (amount > 0) and amount <> 0", name="amount"),
        Index("ix_certificate_entry_certificate_id", "certificate_id"),
        Index("ix_certificate_entry_receipt_id", "receipt_id"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    certificate_id: Mapped[str] = mapped_column(ForeignKey("certificate.id"))
    kind: Mapped[Any] = mapped_column(String(10))
    amount: Mapped[int] = mapped_column(BigInteger)
    receipt_id: Mapped[str | None] = mapped_column(Id)
    source: Mapped[str] = mapped_column(String(160))
    operator: Mapped[str] = mapped_column(String(80))
    at: Mapped[datetime] = mapped_column(Instant)


append_only(CertificateEntry.__table__)
