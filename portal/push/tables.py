"""Browsers that members let us send notes to."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base, Id, Instant
from portal.push.endpoints import LONGEST_ENDPOINT


class Subscription(Base):
    """The address of one browser at its push service, and the keys only that browser can read by.

    It belongs to a sign-in and ends with it; a browser has one. Signed in as somebody else, it moves to them.
    """

    __tablename__ = "push_subscription"
    __table_args__ = (CheckConstraint("failures >= 0", name="failures"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    endpoint: Mapped[str] = mapped_column(String(LONGEST_ENDPOINT), unique=True)
    p256dh: Mapped[str] = mapped_column(String(88))
    auth: Mapped[str] = mapped_column(String(24))
    member_id: Mapped[str] = mapped_column(Id, index=True)
    session_id: Mapped[str] = mapped_column(Id, unique=True)
    created_at: Mapped[datetime] = mapped_column(Instant)
    last_ok_at: Mapped[datetime | None] = mapped_column(Instant)
    failures: Mapped[int] = mapped_column(Integer, default=0)
