"""Approvals."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base, Id, Instant

_OPEN = text("state = 'open'")


class SpendingApproval(Base):
    """A till's question whether points may be spent, and the member's answer by the sign-in `session_id`.

    `sale` is what the client calls the purchase; of one purchase at most one question is open. `due` is the money that
    is left to pay, null where the client did not say. A yes sets the points aside in a hold of the same id.
    """

    __tablename__ = "spending_approval"
    __table_args__ = (
        CheckConstraint("points > 0", name="points"),
        CheckConstraint("state in ('open', 'approved', 'refused', 'withdrawn')", name="state"),
        CheckConstraint("(answered_at is null) = (state = 'open')", name="answered"),
        Index("ix_spending_approval_member_id", "member_id", "asked_at"),
        Index(
            "ix_spending_approval_open", "client", "sale", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN
        ),
    )  # fmt: skip

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    member_id: Mapped[str] = mapped_column(Id)
    client: Mapped[str] = mapped_column(String(80))
    sale: Mapped[str] = mapped_column(String(200))
    store: Mapped[str] = mapped_column(String(40))
    till: Mapped[str] = mapped_column(String(40))
    points: Mapped[int] = mapped_column(BigInteger)
    due: Mapped[int | None] = mapped_column(BigInteger)
    asked_at: Mapped[datetime] = mapped_column(Instant)
    expires_at: Mapped[datetime] = mapped_column(Instant)
    state: Mapped[str] = mapped_column(String(9))
    answered_at: Mapped[datetime | None] = mapped_column(Instant)
    session_id: Mapped[str | None] = mapped_column(Id)
