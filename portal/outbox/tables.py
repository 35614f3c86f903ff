"""Jobs that wait to be run, facts for the world outside, and messages a demo keeps instead of sending."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, Index, Integer, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base, Id, Instant, Json, append_only

_SERIAL = BigInteger().with_variant(Integer, "sqlite")  # SQLite counts up only an INTEGER PRIMARY KEY
_UNFINISHED = text("finished_at is null")
_FINISHED = text("finished_at is not null")


class Job(Base):
    """Work to be done after the transaction that asked for it.

    `due_at` says when a worker may take it: the time to start while it waits, the end of the lease while it runs.
    """

    __tablename__ = "job"
    __table_args__ = (
        *(
            CheckConstraint(rule, name=name).ddl_if(dialect="sqlite")  # docs/decisions/0030
            for name, rule in {
                "state": "state in ('waiting', 'running', 'done', 'dead', 'cancelled')",
                "finished": "(finished_at is null) = (state in ('waiting', 'running'))",
                "lease": "(lease_owner is null) = (state <> 'running')",
            }.items()
        ),
        Index("ix_job_due_at", "due_at", sqlite_where=_UNFINISHED, postgresql_where=_UNFINISHED),
        Index("ix_job_finished_at", "finished_at", sqlite_where=_FINISHED, postgresql_where=_FINISHED),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    kind: Mapped[str] = mapped_column(String(60))
    name: Mapped[str | None] = mapped_column(String(120), unique=True)
    arguments: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    progress: Mapped[dict[str, Any] | None] = mapped_column(Json)
    state: Mapped[str] = mapped_column(String(10), default="waiting")
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    due_at: Mapped[datetime] = mapped_column(Instant)
    pointless_at: Mapped[datetime | None] = mapped_column(Instant)
    lease_owner: Mapped[str | None] = mapped_column(String(60))
    cancel_asked: Mapped[bool] = mapped_column(default=False)
    last_error: Mapped[str | None] = mapped_column(Text)
    finished_at: Mapped[datetime | None] = mapped_column(Instant)


class Event(Base):
    """A fact for the world outside, told in the transaction that made it true; `seq` orders the facts of one member.

    Between members `seq` does not follow the order of the commits on PostgreSQL: read member by member.
    """

    __tablename__ = "event"
    __table_args__ = (Index("ix_event_member_id", "member_id", "seq"),)

    seq: Mapped[int] = mapped_column(_SERIAL, primary_key=True, autoincrement=True)
    type: Mapped[str] = mapped_column(String(60))
    member_id: Mapped[str | None] = mapped_column(Id)
    at: Mapped[datetime] = mapped_column(Instant)
    payload: Mapped[dict[str, Any]] = mapped_column(Json)


append_only(Event.__table__)


class KeptMessage(Base):
    """A message that a demo without a mail server or an SMS gateway keeps for a day instead of sending it."""

    __tablename__ = "kept_message"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    channel: Mapped[str] = mapped_column(String(10))
    recipient: Mapped[str] = mapped_column(String(320), index=True)
    subject: Mapped[str | None] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)
    kept_at: Mapped[datetime] = mapped_column(Instant)
