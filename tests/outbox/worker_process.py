"""A worker in a process of its own, to be killed: python -m tests.outbox.worker_process URL MINUTES_AHEAD LOG."""

import sys
import time
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from portal import clock
from portal.db import Batch, make_engine
from portal.outbox import operations
from portal.outbox.job import Chunk, Delivery, Together, Work
from portal.outbox.worker import Worker

CHUNKS = 3


def tell_slowly(session: Session, chunk: Chunk) -> dict[str, Any] | None:
    """Tell one fact a chunk, three in all, each slow enough to be killed in."""
    step = chunk.progress["step"] + 1 if chunk.progress else 1
    batch = Batch()
    payload = {"job": chunk.arguments["n"], "step": step}
    operations.tell(batch, "test.told", member_id=None, at=chunk.now, payload=payload)
    batch.flush(session)
    time.sleep(0.01)
    return {"step": step} if step < CHUNKS else None


def gather_and_hang(session: Session, jobs: Sequence[Mapping[str, Any]], now: datetime) -> None:
    """Tell a fact for each of many jobs, and say so before the transaction ends, which it never does."""
    batch = Batch()
    for job in jobs:
        operations.tell(batch, "test.told", member_id=None, at=now, payload={"job": job["n"]})
    batch.flush(session)
    print("gathered", flush=True)
    time.sleep(60)


def main(url: str, minutes_ahead: int, log: Path) -> None:
    def write_line(arguments: Mapping[str, Any], now: datetime) -> None:
        with log.open("a") as file:
            file.write(f"{arguments['n']}\n")
        time.sleep(0.01)

    worker = Worker(
        engine=make_engine(url),
        owner=f"process-{clock.now().timestamp()}",
        kinds={"tell": Work(tell_slowly), "deliver": Delivery(write_line), "gather": Together(gather_and_hang)},
        timetable=(),
        clock=lambda: clock.now() + timedelta(minutes=minutes_ahead),
    )
    print("ready", flush=True)
    while worker.run_due():
        pass


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), Path(sys.argv[3]))
