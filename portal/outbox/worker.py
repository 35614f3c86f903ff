"""The worker: takes due jobs, runs them, and writes down how it went."""

import logging
import time
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Protocol

import psycopg
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from portal.db import DATABASE_AWAY, run, transaction
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
    Together,
    TryLater,
    Work,
)
from portal.outbox.operations import LeaseLost
from portal.outbox.sleep import POLL_SECONDS, sleeping
from portal.outbox.timetable import Timed

TAKEN_AT_ONCE = 16
TOGETHER = 100  # a till of SQLite waits for no more than these: about 10 ms
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
        done = {name: self._do_together(name, kind, now) for name, kind in self._together()}
        well = tuple(name for name, number in done.items() if number is not None)
        jobs = self._lease(now, replace(self.mine, together=well))
        for job in jobs:
            if self.stopped():
                self._settle(job, operations.give_back)
            else:
                self._attempt(job)
        return sum(each or 0 for each in done.values()) + len(jobs)

    def _start_timed(self, now: datetime) -> None:
        with transaction(self.engine, writes=False) as session:
            startable = queries.startable(session, self.timetable, now=now)
        if startable:
            run(self.engine, lambda session: operations.start_timed(session, self.timetable, now=now), writes=True)

    def _together(self) -> Iterator[tuple[str, Together]]:
        for name, kind in self.kinds.items():
            if isinstance(kind, Together) and self.mine.takes(name):
                yield name, kind

    def _lease(self, now: datetime, mine: Mine) -> list[LeasedJob]:
        if not self._something_due(now, mine):
            return []
        with transaction(self.engine, writes=True) as session:
            return operations.lease(session, owner=self.owner, now=now, limit=TAKEN_AT_ONCE, mine=mine)

    def _something_due(self, now: datetime, mine: Mine) -> bool:
        with transaction(self.engine, writes=False) as session:
            return queries.something_due(session, now=now, mine=mine)

    def _do_together(self, name: str, kind: Together, now: datetime) -> int | None:
        """Do the fresh jobs of a kind and return how many; None when they have to be done one by one."""
        if not self._something_due(now, Mine(only=(name,))):
            return 0

        def work(session: Session) -> int:
            jobs = operations.take_fresh(session, name, now=now, limit=TOGETHER)
            if jobs:
                kind.do(session, [job.arguments for job in jobs], now)
                operations.finish_fresh(session, jobs, now=now)
            return len(jobs)

        try:
            return run(self.engine, work, writes=True)
        except DATABASE_AWAY:
            raise
        except Exception as trouble:  # noqa: BLE001 - the job to blame is found when each is done by itself
            _log.warning("jobs failed together", extra={"kind": name, "error": _place(trouble)})
            return None

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
        elif isinstance(kind, Together):
            self._work(job, Work(kind.do_one))
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
    """Run jobs as they become due; a database that is away is waited for.

    Where few are due it waits as well, so that the next ones come together: one by one they cost ten times as much.
    """
    while not worker.stopped():
        try:
            with sleeping(worker.engine) as sleep:
                while not worker.stopped():
                    if worker.run_due() < TAKEN_AT_ONCE:
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
        further = kind.do(session, Chunk(now, job.arguments, progress, job.attempts))
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
