"""What a worker does to the jobs it holds: each is its own for two minutes, and longer when it says so."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import CTE, select, update
from sqlalchemy.orm import Session

from portal.db import Batch, Write, epoch
from portal.outbox.job import EVERY_KIND, Document, Ending, LeasedJob, Mine
from portal.outbox.queries import due_for
from portal.outbox.tables import Job

LEASE = timedelta(minutes=2)
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
    waiting = select(Job.id).where(*due_for(mine)).params(now=now).order_by(Job.due_at, Job.id)
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


def _settle(session: Session, job: LeasedJob, **values: object) -> None:
    settled = update(Job).where(*_still_ours(job)).values(values).returning(Job.id)
    if session.execute(settled.execution_options(synchronize_session=False)).one_or_none() is None:
        raise LeaseLost


def _still_ours(job: LeasedJob) -> tuple[Any, ...]:
    return Job.id == job.id, Job.lease_owner == job.owner
