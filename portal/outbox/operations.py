"""Writes of the outbox: jobs and facts told by a story, and what a worker does to the jobs it holds."""

from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import CTE, case, delete, exists, func, or_, select, update
from sqlalchemy.orm import Session, aliased

from portal.db import Batch, Write, epoch, insert_into
from portal.ids import new_id
from portal.outbox.job import EVERY_KIND, Document, Ending, LeasedJob, Mine
from portal.outbox.message import Message
from portal.outbox.queries import due_for
from portal.outbox.tables import Event, Job, KeptMessage
from portal.outbox.timetable import Timed

LEASE = timedelta(minutes=2)
KEEP_DONE = timedelta(days=7)
KEEP_DEAD = timedelta(days=30)
KEEP_MESSAGES = timedelta(days=1)
PURGED_AT_ONCE = 2_000
WAKE_CHANNEL = "portal_jobs"

_JOB_COLUMNS = ("id", "kind", "name", "arguments", "state", "attempts", "due_at", "pointless_at", "cancel_asked")
ENQUEUE = insert_into(Job.__table__, columns=_JOB_COLUMNS, conflict="on conflict (name) do nothing")
TELL = insert_into(Event.__table__, columns=("type", "member_id", "at", "payload"))
KEEP = insert_into(KeptMessage.__table__)
SETTLE = Write(
    name="settle_job",
    columns=(
        ("id", "text"), ("owner", "text"), ("state", "text"), ("attempts", "bigint"), ("due_at", "bigint"),
        ("finished_at", "bigint"), ("error", "text"), ("arguments", "jsonb"),
    ),
    statement=(
        "update job set state = r.state, attempts = r.attempts, due_at = r.due_at, finished_at = r.finished_at,"
        " last_error = r.error, arguments = r.arguments, lease_owner = null,"
        " name = case when r.finished_at is null then job.name end"
        " from {rows} where job.id = r.id and job.lease_owner = r.owner"
    ),
)  # fmt: skip


class LeaseLost(Exception):  # noqa: N818 - a signal to the worker
    """Another worker took the job, because ours held it longer than its lease."""


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


def tell(batch: Batch, fact: str, *, member_id: str | None, at: datetime, payload: Document) -> None:
    """Add a fact (`receipt.recorded` …, api.md "Webhooks") to the batch of the transaction that makes it true."""
    batch.add(TELL, {"type": fact, "member_id": member_id, "at": epoch(at), "payload": dict(payload)})


def post(session: Session, message: Message, *, now: datetime, pointless_at: datetime) -> None:
    """Have a message sent as soon as this transaction commits, and not after `pointless_at`."""
    batch = Batch()
    enqueue(batch, message.job_kind, arguments=asdict(message), now=now, pointless_at=pointless_at)
    batch.flush(session)
    wake(session)


def keep_message(session: Session, message: Message, *, subject: str, text: str, now: datetime) -> None:
    """Keep a message instead of sending it, for a demo's pages to show."""
    batch = Batch()
    row = {"id": new_id(now), "channel": message.channel, "recipient": message.recipient}
    batch.add(KEEP, {**row, "subject": subject, "text": text, "kept_at": epoch(now)})
    batch.flush(session)


def forget_messages_to(session: Session, recipient: str) -> None:
    """Delete every message to a contact that is kept, waits or could not be sent: its owner is being forgotten."""
    session.execute(delete(KeptMessage).where(KeptMessage.recipient == recipient))
    to_them = Job.arguments["recipient"].as_string() == recipient
    named = select(Job.id).where(Job.kind.in_(("send_email", "send_sms")), to_them)
    session.execute(delete(Job).where(Job.id.in_(named)).execution_options(synchronize_session=False))


def wake(session: Session) -> None:
    """Wake sleeping workers at commit (PostgreSQL); on SQLite they look by themselves.

    Only for what a person waits for: PostgreSQL lets transactions that notify commit one at a time.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_notify(WAKE_CHANNEL, "")))


def start_timed(session: Session, timetable: Iterable[Timed], *, now: datetime) -> None:
    """Enqueue the last due job of each line of the timetable, once, unless an earlier one is still unfinished."""
    batch = Batch()
    for timed in timetable:
        unfinished = select(Job.id).where(Job.kind == timed.kind, Job.finished_at.is_(None), Job.name.is_not(None))
        if session.scalar(unfinished.limit(1)) is None:
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


def lease(session: Session, *, owner: str, now: datetime, limit: int, mine: Mine = EVERY_KIND) -> list[LeasedJob]:
    """Take up to `limit` due jobs for `owner`, the longest due first; jobs whose worker died come back this way."""
    due = _due(now, limit, mine)
    taken = (
        update(Job)
        .where(Job.id.in_(select(due.c.id)))
        .values(state="running", lease_owner=owner, due_at=now + LEASE, attempts=Job.attempts + 1)
        .returning(Job.id, Job.kind, Job.attempts, Job.arguments, Job.progress, Job.pointless_at, Job.cancel_asked)
        .execution_options(synchronize_session=False)
    )
    return [
        LeasedJob(
            id=row.id,
            kind=row.kind,
            owner=owner,
            lease_ends_at=now + LEASE,
            attempts=row.attempts,
            arguments=row.arguments,
            progress=row.progress,
            dropped=row.cancel_asked or (row.pointless_at is not None and row.pointless_at <= now),
        )
        for row in sorted(session.execute(taken), key=lambda row: row.id)
    ]


def _due(now: datetime, limit: int, mine: Mine) -> CTE:
    """Choose in a CTE: the planner may run a subselect with a limit more than once and so take too many."""
    due = due_for(mine, now=now)
    waiting = select(Job.id).where(*due).order_by(Job.due_at, Job.id)
    return waiting.limit(limit).with_for_update(skip_locked=True).cte("due")


def renew(session: Session, job: LeasedJob, *, now: datetime) -> bool:
    """Renew the lease at the start of a chunk; tell whether the job may go on, or somebody asked to cancel it.

    The row stays locked until the chunk commits. Raises `LeaseLost`.
    """
    renewed = update(Job).where(*_still_ours(job)).values(due_at=now + LEASE).returning(Job.cancel_asked)
    asked = session.execute(renewed.execution_options(synchronize_session=False)).scalar_one_or_none()
    if asked is None:
        raise LeaseLost
    return not asked


def advance(session: Session, job: LeasedJob, *, progress: Document) -> None:
    """Write down how far a long job came, in the transaction of its chunk; earlier failures are forgiven."""
    _settle(session, job, progress=dict(progress), attempts=0)


def finish(session: Session, job: LeasedJob, *, now: datetime) -> None:
    """Mark a job as done and forget its arguments, which may name people. Raises `LeaseLost`."""
    _settle(session, job, state="done", finished_at=now, lease_owner=None, arguments={}, last_error=None)


def drop(session: Session, job: LeasedJob, *, now: datetime) -> None:
    """Mark a job as cancelled, because somebody asked or because it is too late for it."""
    _settle(session, job, state="cancelled", finished_at=now, lease_owner=None, arguments={})


def give_back(session: Session, job: LeasedJob, *, now: datetime) -> None:
    """Let another worker have a job, because this one is being stopped; that is no failed attempt."""
    _settle(session, job, state="waiting", due_at=now, lease_owner=None, attempts=job.attempts - 1)


def retry(session: Session, job: LeasedJob, *, error: str, due_at: datetime) -> None:
    """Let a failed job wait for its next attempt; `error` holds no personal data."""
    _settle(session, job, state="waiting", due_at=due_at, lease_owner=None, last_error=error)


def bury(session: Session, job: LeasedJob, *, error: str, now: datetime) -> None:
    """Mark a job as dead: it keeps its arguments for the staff, and is never tried again by itself."""
    _settle(session, job, state="dead", finished_at=now, lease_owner=None, last_error=error)


def settle(batch: Batch, job: LeasedJob, *, ending: Ending, now: datetime) -> None:
    """Write down how a job of many ended, with a batch. One that another worker took meanwhile is left to it."""
    row = {
        "id": job.id,
        "owner": job.owner,
        "state": ending.state,
        "attempts": job.attempts if ending.counts else job.attempts - 1,
        "due_at": epoch(ending.due_at or now),
        "finished_at": None if ending.state == "waiting" else epoch(now),
        "error": ending.error,
        "arguments": dict(job.arguments) if ending.state in {"waiting", "dead"} else {},
    }
    batch.add(SETTLE, row)


def supersede(session: Session, names: Iterable[str]) -> None:
    """Make room for newer jobs of these names: waiting ones go, running ones are not tried again."""
    named = Job.name.in_(list(names))
    unloaded = {"synchronize_session": False}
    session.execute(delete(Job).where(named, Job.state == "waiting").execution_options(**unloaded))
    session.execute(update(Job).where(named).values(name=None, cancel_asked=True).execution_options(**unloaded))


def _settle(session: Session, job: LeasedJob, **values: object) -> None:
    settled = update(Job).where(*_still_ours(job)).values(values).returning(Job.id)
    if session.execute(settled.execution_options(synchronize_session=False)).one_or_none() is None:
        raise LeaseLost


def _still_ours(job: LeasedJob) -> tuple[Any, ...]:
    return Job.id == job.id, Job.lease_owner == job.owner


def purge(session: Session, *, now: datetime) -> bool:
    """Delete some of what is kept long enough: finished jobs, kept messages. Tell whether there may be more.

    The latest finished job of each line of the timetable stays, so that its instant is not started again.
    """
    later = aliased(Job)
    superseded = exists().where(later.kind == Job.kind, later.name > Job.name)
    cutoff = case((Job.state == "dead", epoch(now - KEEP_DEAD)), else_=epoch(now - KEEP_DONE))
    old = select(Job.id).where(Job.finished_at < now - KEEP_DONE, Job.finished_at < cutoff)
    old = old.where(or_(Job.name.is_(None), superseded)).limit(PURGED_AT_ONCE)
    session.execute(delete(KeptMessage).where(KeptMessage.kept_at < now - KEEP_MESSAGES))
    gone = delete(Job).where(Job.id.in_(old)).returning(Job.id).execution_options(synchronize_session=False)
    return len(session.execute(gone).all()) == PURGED_AT_ONCE
