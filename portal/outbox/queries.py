"""Reads of the outbox."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from portal.outbox.job import EVERY_KIND, Document, Mine
from portal.outbox.tables import Event, Job, KeptMessage


@dataclass(frozen=True, slots=True)
class Backlog:
    """How far the workers are behind: jobs due and unfinished, dead ones, and how long the first has been due."""

    due: int
    dead: int
    delay: timedelta


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact for the world outside; `seq` orders the facts of one member."""

    seq: int
    type: str
    member_id: str | None
    at: datetime
    payload: Document


@dataclass(frozen=True, slots=True)
class KeptText:
    """A message the demo kept instead of sending."""

    channel: str
    recipient: str
    subject: str | None
    text: str
    kept_at: datetime


def something_due(session: Session, *, now: datetime, mine: Mine = EVERY_KIND) -> bool:
    """Tell whether a worker would find a job; asks without locking anything."""
    return session.scalar(select(Job.id).where(*due_for(mine, now=now)).limit(1)) is not None


def due_for(mine: Mine, *, now: datetime) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions of a job that is due and of the kinds a worker takes."""
    due = (Job.finished_at.is_(None), Job.due_at <= now)
    if mine.only:
        return *due, Job.kind.in_(mine.only)
    return (*due, Job.kind.not_in(mine.never)) if mine.never else due


def known_names(session: Session, names: set[str]) -> set[str]:
    """Return which of the given job names have been enqueued already."""
    return {name for name in session.scalars(select(Job.name).where(Job.name.in_(names))) if name}


def backlog(session: Session, *, now: datetime) -> Backlog:
    """Measure the queue for `/metrics`."""
    due, first = session.execute(
        select(func.count(), func.min(Job.due_at)).where(Job.finished_at.is_(None), Job.due_at <= now)
    ).one()
    dead = session.scalar(select(func.count()).where(Job.finished_at.is_not(None), Job.state == "dead"))
    return Backlog(due=due, dead=dead or 0, delay=now - first if first else timedelta(0))


def facts_of(session: Session, member_id: str, *, after: int, limit: int) -> list[Fact]:
    """Return a member's facts in the order they became true, those after a `seq`."""
    chosen = select(Event).where(Event.member_id == member_id, Event.seq > after).order_by(Event.seq).limit(limit)
    return [
        Fact(seq=event.seq, type=event.type, member_id=event.member_id, at=event.at, payload=event.payload)
        for event in session.scalars(chosen)
    ]


def last_kept_message(session: Session, recipient: str) -> KeptText | None:
    """Return the newest message kept for a contact, for a demo's page to show."""
    chosen = select(KeptMessage).where(KeptMessage.recipient == recipient).order_by(KeptMessage.id.desc()).limit(1)
    row = session.scalar(chosen)
    if row is None:
        return None
    return KeptText(row.channel, row.recipient, row.subject, row.text, row.kept_at)
