"""Messages, what became of them on the way to a phone or a mailbox, and what each member wants."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, SmallInteger, String, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base, Id, Instant, Json

_UNREAD = text("read_at is null")
_WAITING = text("state = 'waiting'")
_COUNTED = text("counts_at is not null")


class Message(Base):
    """One message of one member, in the inbox whatever became of it; a cause is told once.

    `state`: `waiting` for `due_at`, the end of quiet hours; `sent` by a channel; `kept` for the inbox alone; `held`
    back for a `reason`. `counts_at` is when marketing went out: the budget counts these.
    """

    __tablename__ = "message"
    __table_args__ = (
        CheckConstraint("state in ('waiting', 'sent', 'kept', 'held')", name="state"),
        CheckConstraint("(state = 'held') = (reason is not null)", name="reason"),
        CheckConstraint("(state = 'waiting') = (due_at is not null)", name="due_at"),
        Index("uq_message_cause", "member_id", "kind", "cause", unique=True),
        Index("ix_message_inbox", "member_id", "at", "id"),
        Index("ix_message_unread", "member_id", sqlite_where=_UNREAD, postgresql_where=_UNREAD),
        Index("ix_message_waiting", "member_id", "due_at", sqlite_where=_WAITING, postgresql_where=_WAITING),
        Index("ix_message_counts_at", "member_id", "counts_at", sqlite_where=_COUNTED, postgresql_where=_COUNTED),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    member_id: Mapped[str] = mapped_column(Id)
    kind: Mapped[str] = mapped_column(String(40))
    cause: Mapped[str] = mapped_column(String(120))
    facts: Mapped[dict[str, Any]] = mapped_column(Json)
    state: Mapped[str] = mapped_column(String(7))
    reason: Mapped[str | None] = mapped_column(String(12))
    at: Mapped[datetime] = mapped_column(Instant)
    due_at: Mapped[datetime | None] = mapped_column(Instant)
    not_after: Mapped[datetime | None] = mapped_column(Instant)
    counts_at: Mapped[datetime | None] = mapped_column(Instant)
    read_at: Mapped[datetime | None] = mapped_column(Instant)


class Delivery(Base):
    """A message handed to a channel. `lost`: no phone took it, so that the next channel was tried."""

    __tablename__ = "delivery"
    __table_args__ = (
        CheckConstraint("channel in ('push', 'email')", name="channel"),
        CheckConstraint("state in ('posted', 'lost')", name="state"),
    )

    message_id: Mapped[str] = mapped_column(Id, ForeignKey("message.id"), primary_key=True)
    channel: Mapped[str] = mapped_column(String(5), primary_key=True)
    state: Mapped[str] = mapped_column(String(6))
    at: Mapped[datetime] = mapped_column(Instant)


class PreferenceRow(Base):
    """What a member chose; who chose nothing has no row. Walls are minutes after midnight, none at all no quiet."""

    __tablename__ = "preference"
    __table_args__ = (
        CheckConstraint("letters in ('all', 'important', 'none')", name="letters"),
        CheckConstraint("most_in_a_week between 0 and 7", name="most_in_a_week"),
        CheckConstraint("(quiet_from is null) = (quiet_until is null)", name="quiet"),
        CheckConstraint("quiet_from between 0 and 1439 and quiet_until between 0 and 1439", name="walls"),
    )

    member_id: Mapped[str] = mapped_column(Id, primary_key=True)
    silenced: Mapped[list[str]] = mapped_column(Json)
    push: Mapped[bool] = mapped_column()
    letters: Mapped[str] = mapped_column(String(9))
    most_in_a_week: Mapped[int] = mapped_column(SmallInteger)
    quiet_from: Mapped[int | None] = mapped_column(SmallInteger)
    quiet_until: Mapped[int | None] = mapped_column(SmallInteger)
    changed_at: Mapped[datetime] = mapped_column(Instant)


class Reminded(Base):
    """How far a kind of reminder has come: whatever ends by `through` was told or needed no telling."""

    __tablename__ = "reminded"

    kind: Mapped[str] = mapped_column(String(40), primary_key=True)
    through: Mapped[datetime] = mapped_column(Instant)
