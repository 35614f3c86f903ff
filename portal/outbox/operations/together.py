"""Many fresh jobs done in one transaction: their locked rows are the lease, and nobody takes them who dies."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Select, Update, bindparam, select, update
from sqlalchemy.orm import Session

from portal.db import Instant, json_rows
from portal.outbox.job import Document, Mine
from portal.outbox.queries import due_for, fresh
from portal.outbox.tables import Job


@dataclass(frozen=True, slots=True)
class FreshJob:
    """A job that nobody tried yet, held until the transaction ends."""

    id: str
    arguments: Document


def take_fresh(session: Session, kind: str, *, now: datetime, limit: int) -> list[FreshJob]:
    """Hold up to `limit` due jobs of a kind that nobody tried yet, the longest due first."""
    rows = session.execute(_held(kind, limit), {"now": now})
    return [FreshJob(row.id, row.arguments) for row in rows]


def finish_fresh(session: Session, jobs: Sequence[FreshJob], *, now: datetime) -> None:
    """Mark held jobs as done and forget their arguments."""
    session.connection().execute(_finished(), {"ids": [[job.id] for job in jobs], "now": now})


@lru_cache(maxsize=32)
def _held(kind: str, limit: int) -> Select[str, dict[str, Any]]:
    chosen = select(Job.id, Job.arguments).where(*due_for(Mine(only=(kind,))), fresh())
    return chosen.order_by(Job.due_at, Job.id).limit(limit).with_for_update(skip_locked=True)


@lru_cache(maxsize=1)
def _finished() -> Update:
    done: dict[str, Any] = {"state": "done", "attempts": 1, "arguments": {}}
    ids = select(json_rows("ids", "id").c.id)
    return update(Job).where(Job.id.in_(ids)).values(done | {"finished_at": bindparam("now", type_=Instant)})
