"""A worker whose clock the test moves."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Engine, text

from portal.db import Batch, transaction
from portal.outbox import operations
from portal.outbox.job import Kind, Work
from portal.outbox.timetable import Timed
from portal.outbox.worker import Worker

NOON = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)


@dataclass
class Shop:
    """A worker whose clock the test moves, and what its jobs did."""

    engine: Engine
    now: datetime = NOON
    kinds: dict[str, Kind] = field(default_factory=dict)
    timetable: tuple[Timed, ...] = ()
    done: list[Any] = field(default_factory=list)
    stopped: bool = False

    def enqueue(self, kind: str, arguments: Mapping[str, Any] | None = None, **options: Any) -> str:
        batch = Batch()
        job_id = operations.enqueue(batch, kind, arguments=arguments or {}, now=self.now, **options)
        with transaction(self.engine, writes=True) as session:
            batch.flush(session)
        return job_id

    def work(self, owner: str = "first") -> int:
        return self.worker(owner).run_due()

    def worker(self, owner: str = "first") -> Worker:
        return Worker(
            engine=self.engine,
            owner=owner,
            kinds=self.kinds,
            timetable=self.timetable,
            clock=lambda: self.now,
            stopped=lambda: self.stopped,
        )

    def note(self, name: str) -> Work:
        return Work(lambda _, chunk: self.done.append((name, dict(chunk.arguments))))

    def ask(self, sql: str, **values: object) -> list[Any]:
        with transaction(self.engine, writes=False) as session:
            return list(session.execute(text(sql), values).all())

    def state(self, job_id: str) -> str:
        return self.ask("select state from job where id = :id", id=job_id)[0].state
