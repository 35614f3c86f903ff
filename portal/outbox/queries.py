"""Reads of the outbox."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

from sqlalchemy import ColumnElement, Select, and_, bindparam, func, not_, or_, select
from sqlalchemy.orm import Session

from portal.db import Instant
from portal.outbox.job import EVERY_KIND, Document, Mine
from portal.outbox.tables import Event, Job
from portal.outbox.timetable import Timed


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


def something_due(session: Session, *, now: datetime, mine: Mine = EVERY_KIND) -> bool:
    """Tell whether a worker would find a job; asks without locking anything."""
    return session.execute(_something_due(mine), {"now": now}).first() is not None


@lru_cache(maxsize=32)
def _something_due(mine: Mine) -> Select[str]:
    return select(Job.id).where(*due_for(mine)).limit(1)


def due_for(mine: Mine) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions of a job that is due at `now`, a parameter, and of the kinds a worker takes."""
    now = bindparam("now", type_=Instant)
    due = [Job.finished_at.is_(None), Job.due_at <= now]
    if mine.only:
        due.append(Job.kind.in_(mine.only))
    if mine.never:
        due.append(Job.kind.not_in(mine.never))
    if mine.together:
        due.append(or_(Job.kind.not_in(mine.together), not_(fresh())))
    return tuple(due)


def fresh() -> ColumnElement[bool]:
    """Return the condition of a job that nobody tried yet and that is still worth doing at `now`, a parameter."""
    wanted = or_(Job.pointless_at.is_(None), Job.pointless_at > bindparam("now", type_=Instant))
    return and_(Job.attempts == 0, Job.cancel_asked.is_(False), wanted)


def startable(session: Session, timetable: Iterable[Timed], *, now: datetime) -> list[Timed]:
    """Return the lines of a timetable whose last instant was not started, and none of an earlier one is unfinished."""
    lines = {timed.name(timed.last_due(now)): timed for timed in timetable}
    asked = {"names": list(lines), "kinds": [timed.kind for timed in lines.values()]}
    started: set[str | None] = set()
    for name, kind, finished_at in session.execute(_started(), asked):
        started |= {name} if finished_at else {name, kind}
    return [timed for name, timed in lines.items() if not started & {name, timed.kind}]


@lru_cache(maxsize=1)
def _started() -> Select[str | None, str, datetime | None]:
    unfinished = and_(Job.kind.in_(bindparam("kinds", expanding=True)), Job.finished_at.is_(None))
    named = Job.name.in_(bindparam("names", expanding=True))
    return select(Job.name, Job.kind, Job.finished_at).where(or_(named, and_(unfinished, Job.name.is_not(None))))


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
