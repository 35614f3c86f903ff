"""Takes the notes that are due, has them carried, and writes down what became of them, hundreds at a time.

At least once: when the process dies in between, the lease of a note ends and somebody sends it again; on the phone the
repetition takes the place of the first (its tag), at the service too where it has a topic.
"""

import asyncio
import logging
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from portal.db import Batch, run, transaction
from portal.outbox import operations as outbox
from portal.outbox.job import Ending, LeasedJob, Mine
from portal.outbox.queries import something_due
from portal.push.endpoints import read_endpoint
from portal.push.figures import count
from portal.push.note import PushNote
from portal.push.operations import SEND, note_results
from portal.push.queries import find_browsers
from portal.push.traffic import Parcel, Traffic
from portal.push.verdict import Fate, Verdict

T = TypeVar("T")

MINE = Mine(only=(SEND,))
TOGETHER = 500
WRITTEN_WITHIN = 0.5
BREATH = 0.02
LAST_WORDS = 3.0
_log = logging.getLogger("portal.push")


@dataclass(slots=True)
class FanOut:
    """One loop that sends notes; `owner` is unique among workers. Used by one thread."""

    engine: Engine
    owner: str
    services: Sequence[str]
    open_traffic: Callable[[], Traffic]
    clock: Callable[[], datetime]
    stopped: Callable[[], bool] = lambda: False
    _loop: asyncio.Runner = field(default_factory=asyncio.Runner)
    _database: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(1, "push"))
    _traffic: Traffic | None = None

    def run_due(self) -> int:
        """Send every note that is due, until nothing is under way, and return how many there were."""
        return self._loop.run(self._drain())

    def close(self) -> None:
        """Hang up; the object is of no use any more."""
        self._loop.run(self._hang_up())
        self._loop.close()
        self._database.shutdown()

    async def _drain(self) -> int:
        traffic = self._traffic = self._traffic or self.open_traffic()
        loop, count = asyncio.get_running_loop(), 0
        written_at = loop.time()
        while not self.stopped():
            taken = await self._take(traffic) if traffic.under_way <= TOGETHER else 0
            count += taken
            due = loop.time() - written_at > WRITTEN_WITHIN or not traffic.under_way
            if len(traffic.results) >= TOGETHER or (traffic.results and due):
                await self._write_down(traffic)
                written_at = loop.time()
            elif not taken and not traffic.under_way:
                return count
            elif not taken:
                await asyncio.sleep(BREATH)
                traffic.relieve()
        await self._wind_up(traffic)
        return count

    async def _wind_up(self, traffic: Traffic) -> None:
        """Give back what waits; what is on a line has a few seconds to be answered."""
        loop = asyncio.get_running_loop()
        traffic.hand_everything_back()
        until = loop.time() + LAST_WORDS
        while traffic.under_way and loop.time() < until:
            await asyncio.sleep(BREATH)
        await self._write_down(traffic)

    async def _hang_up(self) -> None:
        if self._traffic:
            self._traffic.hang_up()
            await asyncio.sleep(0)

    async def _take(self, traffic: Traffic) -> int:
        jobs, parcels = await self._in_database(self._lease)
        for parcel in parcels:
            traffic.put(parcel)
        return jobs

    def _lease(self) -> tuple[int, list[Parcel]]:
        now = self.clock()
        with transaction(self.engine, writes=False) as session:
            if not something_due(session, now=now, mine=MINE):
                return 0, []

        def take(session: Session) -> tuple[int, list[Parcel]]:
            jobs = outbox.lease(session, owner=self.owner, now=now, limit=TOGETHER, mine=MINE)
            return len(jobs), self._address(session, jobs, now=now)

        return run(self.engine, take, writes=True)

    def _address(self, session: Session, jobs: Sequence[LeasedJob], *, now: datetime) -> list[Parcel]:
        """Find where the notes go; those nobody wants any more end here."""
        browsers = find_browsers(session, {job.arguments["browser"] for job in jobs}, now=now)
        parcels: list[Parcel] = []
        batch = Batch()
        for job in jobs:
            browser = browsers.get(job.arguments["browser"])
            endpoint = read_endpoint(browser.keys.endpoint, services=self.services) if browser else None
            if job.dropped or browser is None or endpoint is None:
                outbox.settle(batch, job, ending=Ending("cancelled"), now=now)
            else:
                parcels.append(Parcel(job, browser.id, endpoint, browser.keys, PushNote(**job.arguments["note"])))
        batch.flush(session)
        return parcels

    async def _write_down(self, traffic: Traffic) -> None:
        if not (results := traffic.take_results()):
            return
        try:
            await self._in_database(lambda: self._settle(results))
        except Exception:
            traffic.results.extend(results)  # the database is away: written down when it is back
            raise
        _tell(results)

    def _settle(self, results: Sequence[tuple[Parcel, Verdict]]) -> None:
        now = self.clock()

        def settle(session: Session) -> None:
            batch = Batch()
            for parcel, verdict in results:
                outbox.settle(batch, parcel.job, ending=_ending(verdict, now=now), now=now)
            batch.flush(session)
            note_results(
                session,
                reached=_browsers(results, "delivered"),
                gone=_browsers(results, "gone"),
                failed=_browsers(results, "failed", "refused", "bug"),
                now=now,
            )

        run(self.engine, settle, writes=True)

    async def _in_database(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._database, work)


def _ending(verdict: Verdict, *, now: datetime) -> Ending:
    if verdict.fate in {"delivered", "gone"}:
        return Ending("done")
    if verdict.fate == "late":
        return Ending("cancelled")
    if verdict.wait is None:
        return Ending("dead", error=verdict.error)
    return Ending("waiting", due_at=now + verdict.wait, error=verdict.error, counts=verdict.fate != "rest")


def _browsers(results: Sequence[tuple[Parcel, Verdict]], *fates: Fate) -> list[str]:
    return [parcel.browser_id for parcel, verdict in results if verdict.fate in fates]


def _tell(results: Sequence[tuple[Parcel, Verdict]]) -> None:
    """Count the results, and log what somebody should look at: services, never addresses of browsers."""
    told = Counter((parcel.endpoint.service, verdict.fate, verdict.error) for parcel, verdict in results)
    for (service, fate, error), number in told.items():
        count(service, fate, number)
        if fate in {"refused", "bug"}:
            _log.error("push service refuses", extra={"service": service, "error": error, "notes": number})
        elif fate in {"rest", "failed"} and error:
            _log.warning("push delayed", extra={"service": service, "error": error, "notes": number})
