"""Jobs told by a story or the timetable, and what becomes of those that nobody holds."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import case, delete, exists, func, or_, select, update
from sqlalchemy.orm import Session, aliased

from portal.db import Batch, epoch, insert_into
from portal.ids import new_id
from portal.outbox.job import Document
from portal.outbox.queries import startable
from portal.outbox.tables import Job
from portal.outbox.timetable import Timed

KEEP_DONE = timedelta(days=7)
KEEP_DEAD = timedelta(days=30)
PURGED_AT_ONCE = 2_000
WAKE_CHANNEL = "portal_jobs"

_JOB_COLUMNS = ("id", "kind", "name", "arguments", "state", "attempts", "due_at", "pointless_at", "cancel_asked")
ENQUEUE = insert_into(Job.__table__, columns=_JOB_COLUMNS, conflict="on conflict (name) do nothing")


def enqueue(
    batch: Batch,
    kind: str,
    *,
    arguments: Document,
    now: datetime,
    due_at: datetime | None = None,
    name: str | None = None,
    pointless_at: datetime | None = None,
) -> str:
    """Add a job to the batch of a business transaction and return its id.

    It starts at `due_at` (at once when None) and is dropped when it could not be done before `pointless_at`. A second
    job of the same `name` is not written. Arguments are JSON and are forgotten when the job is done.
    """
    job_id = new_id(now)
    row = {
        "id": job_id,
        "kind": kind,
        "name": name,
        "arguments": dict(arguments),
        "state": "waiting",
        "attempts": 0,
        "due_at": epoch(due_at or now),
        "pointless_at": epoch(pointless_at) if pointless_at else None,
        "cancel_asked": False,
    }
    batch.add(ENQUEUE, row)
    return job_id


def start_timed(session: Session, timetable: Iterable[Timed], *, now: datetime) -> None:
    """Enqueue the last due job of each line of the timetable, once, unless an earlier one is still unfinished."""
    batch = Batch()
    for timed in startable(session, timetable, now=now):
        at = timed.last_due(now)
        enqueue(batch, timed.kind, arguments={}, now=now, due_at=at, name=timed.name(at))
    batch.flush(session)


def cancel(session: Session, job_id: str, *, now: datetime) -> None:
    """Cancel a job: at once while it waits, before its next chunk while it runs."""
    waits = Job.state == "waiting"
    values: dict[str, Any] = {
        "cancel_asked": True,
        "state": case((waits, "cancelled"), else_=Job.state),
        "finished_at": case((waits, epoch(now)), else_=None),
    }
    session.execute(update(Job).where(Job.id == job_id, Job.finished_at.is_(None)).values(values))


def supersede(session: Session, names: Iterable[str]) -> None:
    """Make room for newer jobs of these names: waiting ones go, running ones are not tried again."""
    wanted = list(names)
    if not wanted:
        return
    named = Job.name.in_(wanted)
    unloaded = {"synchronize_session": False}
    session.execute(delete(Job).where(named, Job.state == "waiting").execution_options(**unloaded))
    session.execute(update(Job).where(named).values(name=None, cancel_asked=True).execution_options(**unloaded))


def wake(session: Session) -> None:
    """Wake sleeping workers at commit (PostgreSQL); on SQLite they look by themselves.

    Only for what a person waits for: PostgreSQL lets transactions that notify commit one at a time.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_notify(WAKE_CHANNEL, "")))


def purge_jobs(session: Session, *, now: datetime) -> bool:
    """Delete some of the finished jobs that were kept long enough; tell whether there may be more.

    The latest finished job of each line of the timetable stays, so that its instant is not started again.
    """
    later = aliased(Job)
    superseded = exists().where(later.kind == Job.kind, later.name > Job.name)
    cutoff = case((Job.state == "dead", epoch(now - KEEP_DEAD)), else_=epoch(now - KEEP_DONE))
    old = select(Job.id).where(Job.finished_at < now - KEEP_DONE, Job.finished_at < cutoff)
    old = old.where(or_(Job.name.is_(None), superseded)).limit(PURGED_AT_ONCE)
    gone = delete(Job).where(Job.id.in_(old)).returning(Job.id).execution_options(synchronize_session=False)
    return len(session.execute(gone).all()) == PURGED_AT_ONCE
