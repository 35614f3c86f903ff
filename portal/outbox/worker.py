"""The worker: takes due jobs, runs them, and writes down how it went."""

import logging
import time
import traceback
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

import psycopg
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from portal.db import run, transaction
from portal.outbox import backoff, operations, queries
from portal.outbox.job import (
    EVERY_KIND,
    Chunk,
    Delivery,
    Document,
    GiveUp,
    Kind,
    LeasedJob,
    Mine,
    TryLater,
    Work,
)
from portal.outbox.operations import LeaseLost
from portal.outbox.sleep import POLL_SECONDS, sleeping
from portal.outbox.timetable import Timed

TAKEN_AT_ONCE = 16
AWAY_SECONDS = 2.0
_log = logging.getLogger("portal.outbox")


@dataclass(frozen=True, slots=True)
class Worker:
    """One process that runs jobs. `owner` is unique among the workers; `clock` tells this instant.

    Once `stopped` says so, jobs not begun and jobs between two chunks are given back.
    """

    engine: Engine
    owner: str
    kinds: Mapping[str, Kind]
    timetable: Sequence[Timed]
    clock: Callable[[], datetime]
    stopped: Callable[[], bool] = lambda: False
    mine: Mine = EVERY_KIND

    def run_due(self) -> int:
        """Start what the timetable says, run some of the due jobs, and return how many."""
        now = self.clock()
        self._start_timed(now)
        jobs = self._lease(now)
        for job in jobs:
            if self.stopped():
                self._settle(job, operations.give_back)
            else:
                self._attempt(job)
        return len(jobs)

    def _start_timed(self, now: datetime) -> None:
        names = {timed.name(timed.last_due(now)) for timed in self.timetable}
        with transaction(self.engine, writes=False) as session:
            missing = names - queries.known_names(session, names)
        if missing:
            run(self.engine, lambda session: operations.start_timed(session, self.timetable, now=now), writes=True)

    def _lease(self, now: datetime) -> list[LeasedJob]:
        with transaction(self.engine, writes=False) as session:
            if not queries.something_due(session, now=now, mine=self.mine):
                return []
        with transaction(self.engine, writes=True) as session:
            return operations.lease(session, owner=self.owner, now=now, limit=TAKEN_AT_ONCE, mine=self.mine)

    def _attempt(self, job: LeasedJob) -> None:
        if self.clock() >= job.lease_ends_at:
            return  # the jobs before it took long: whoever leases it next runs it
        try:
            self._run(job)
        except LeaseLost:
            _log.warning("job taken over by another worker", extra=_facts(job))
        except Exception as trouble:  # noqa: BLE001 - whatever a job raises is written down and tried again
            self._write_down(job, trouble)

    def _run(self, job: LeasedJob) -> None:
        kind = self.kinds.get(job.kind)
        if job.dropped:
            self._settle(job, operations.drop)
        elif kind is None or job.attempts > backoff.MOST_ATTEMPTS:
            raise GiveUp
        elif isinstance(kind, Work):
            self._work(job, kind)
        else:
            self._deliver(job, kind)

    def _work(self, job: LeasedJob, kind: Work) -> None:
        progress = job.progress
        while (progress := run(self.engine, _chunk(job, kind, progress, self.clock()), writes=True)) is not None:
            if self.stopped():
                self._settle(job, operations.give_back)
                return

    def _deliver(self, job: LeasedJob, kind: Delivery) -> None:
        kind.do(job.arguments, self.clock())
        self._settle(job, operations.finish)

    def _settle(self, job: LeasedJob, settle: Callable[..., None]) -> None:
        with transaction(self.engine, writes=True) as session:
            settle(session, job, now=self.clock())

    def _write_down(self, job: LeasedJob, trouble: Exception) -> None:
        now, error = self.clock(), _place(trouble)
        buried = isinstance(trouble, GiveUp) or backoff.exhausted(job.attempts)
        _log.log(logging.ERROR if buried else logging.WARNING, "job failed", extra={**_facts(job), "error": error})
        wait = trouble.after if isinstance(trouble, TryLater) else backoff.delay(job.attempts)
        try:
            with transaction(self.engine, writes=True) as session:
                if buried:
                    operations.bury(session, job, error=error, now=now)
                else:
                    operations.retry(session, job, error=error, due_at=now + wait)
        except LeaseLost:
            _log.warning("job taken over by another worker", extra=_facts(job))


class Runs(Protocol):
    """What takes jobs: the worker here, or one that takes many of a kind at a time."""

    @property
    def engine(self) -> Engine: ...

    @property
    def stopped(self) -> Callable[[], bool]: ...

    def run_due(self) -> int:
        """Run some of the due jobs and return how many."""
        ...


def run_until_stopped(worker: Runs) -> None:
    """Run jobs as they become due; a database that is away is waited for."""
    while not worker.stopped():
        try:
            with sleeping(worker.engine) as sleep:
                while not worker.stopped():
                    if not worker.run_due():
                        sleep(POLL_SECONDS)
        except (DBAPIError, psycopg.OperationalError) as trouble:
            _log.error("database is away", extra={"error": type(trouble).__name__})
            time.sleep(AWAY_SECONDS)


def _chunk(
    job: LeasedJob, kind: Work, progress: Document | None, now: datetime
) -> Callable[[Session], Document | None]:
    """Return one transaction of a job: renewed lease, effect and progress or finish stand or fall together."""

    def work(session: Session) -> Document | None:
        if not operations.renew(session, job, now=now):
            operations.drop(session, job, now=now)
            return None
        further = kind.do(session, Chunk(now=now, arguments=job.arguments, progress=progress))
        if further is None:
            operations.finish(session, job, now=now)
        else:
            operations.advance(session, job, progress=further)
        return further

    return work


def _place(trouble: Exception) -> str:
    """Name the error and where it was raised: its own words may quote an address or a number."""
    last = traceback.extract_tb(trouble.__traceback__)[-1]
    return f"{type(trouble).__name__} at {Path(last.filename).name}:{last.lineno}"


def _facts(job: LeasedJob) -> dict[str, object]:
    return {"job": job.id, "kind": job.kind, "attempt": job.attempts}
