"""Members put into segments."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base, Id, Instant


class Assignment(Base):
    """A member's place in a segment until an instant (None: for good) and for so many receipts (None: for all)."""

    __tablename__ = "segment_assignment"
    __table_args__ = (CheckConstraint("uses_left is null or uses_left >= 0", name="uses"),)

    member_id: Mapped[str] = mapped_column(Id, primary_key=True)
    segment: Mapped[str] = mapped_column(String(80), primary_key=True)
    assigned_at: Mapped[datetime] = mapped_column(Instant)
    until: Mapped[datetime | None] = mapped_column(Instant)
    uses_left: Mapped[int | None] = mapped_column(Integer)
