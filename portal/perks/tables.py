"""Privileges and coupons that members hold."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, Integer, String, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base, Id, Instant

_OPEN = text("uses_left is null or uses_left > 0")


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
