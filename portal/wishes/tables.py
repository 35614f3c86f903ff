"""Wishes."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base, Id, Instant


class Wish(Base):
    """What somebody asked for; `folded` is what wishes for one thing share.

    A cashier notes it for a store, with the member when the card was shown; a member alone wishes for any store.
    """

    __tablename__ = "wish"
    __table_args__ = (
        CheckConstraint("state in ('open', 'here', 'never', 'withdrawn')", name="state"),
        CheckConstraint("(staff_id is null) = (store is null)", name="noted"),
        CheckConstraint("staff_id is not null or member_id is not null", name="asked"),
        CheckConstraint("(closed_at is null) = (state = 'open')", name="closed"),
        Index("ix_wish_folded", "state", "folded"),
        Index("ix_wish_store", "store", "at"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    words: Mapped[str] = mapped_column(String(80))
    folded: Mapped[str] = mapped_column(String(80))
    member_id: Mapped[str | None] = mapped_column(Id, index=True)
    store: Mapped[str | None] = mapped_column(String(40))
    staff_id: Mapped[str | None] = mapped_column(Id)
    device_id: Mapped[str | None] = mapped_column(Id)
    at: Mapped[datetime] = mapped_column(Instant)
    state: Mapped[str] = mapped_column(String(9))
    closed_at: Mapped[datetime | None] = mapped_column(Instant)
    closed_by: Mapped[str | None] = mapped_column(String(80))
